"""What a report on an incident tells, and what it must never hold."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo_target.errors import Language
from geo_target.operations.audit import NOBODY, Actor, AuditLog, Entry, Result
from geo_target.operations.audit_chain import START, Verification
from geo_target.operations.breach import BreachInquiry, Findings, Incident
from geo_target.operations.breach_report import check_file, persons_file, write_report
from geo_target.operations.database import Database
from geo_target.operations.numbers import holds_number
from geo_target.operations.refusals import AuditError
from tests.builders import nik
from tests.operations.world import ROOT, SITI, Clock, drop_guards, read_of, run_sql

#: Keyed ids, and a family's own one.
P1, P2, P7, P9 = (letter * 64 for letter in "abcd")
FAMILY = "P3KE-17"

DAY = datetime(2025, 10, 1, tzinfo=UTC)
BUDI = Actor(name="budi", role="coordinator", session="ff00aa11bb22", address="10.0.0.9")
WHOLE_DAY = Incident(since=DAY, until=DAY + timedelta(days=1))


def read_by(actor: Actor, *subjects: str, **about: object) -> Entry:
    values = {"verb": "family.read", "object_type": "village", "object_id": "36.73.01.1001"}
    return Entry(actor=actor, subjects=subjects, **values | about)  # type: ignore[arg-type]


@pytest.fixture
def log(audit: AuditLog, clock: Clock) -> AuditLog:
    """Five hours of 1 October from 09:00 WIB (02:00 UTC), then an entry of the next day."""
    for entry in (
        read_of(P1, P2),
        read_by(BUDI, P2, fields=("name",)),
        read_of(P2, FAMILY),
        read_by(BUDI, P9, result=Result.DENIED),
        read_by(SITI, verb="family.export", persons=4000, fields=("name", "national_id_masked")),
    ):
        audit.append(entry)
        clock.move(hours=1)
    clock.move(days=1)
    audit.append(read_by(NOBODY, P7))
    return audit


def asked(database: Database, log: AuditLog, incident: Incident = WHOLE_DAY) -> BreachInquiry:
    return BreachInquiry(database, log, incident, by=ROOT)


def found(database: Database, log: AuditLog, incident: Incident = WHOLE_DAY) -> Findings:
    return asked(database, log, incident).findings(now=DAY + timedelta(days=3))


def hours(*numbers: int) -> tuple[datetime, ...]:
    return tuple(DAY + timedelta(hours=number) for number in numbers)


def test_whom_it_concerns(database: Database, log: AuditLog) -> None:
    persons = [tuple(row.values()) for row in asked(database, log).persons()]
    assert sorted(persons) == [
        (FAMILY, *hours(4, 4), 1),
        (P1, *hours(2, 2), 1),
        (P2, *hours(2, 4), 3),
    ]


def test_what_was_seen_and_by_whom(database: Database, log: AuditLog) -> None:
    findings = found(database, log)
    assert (findings.entries, findings.first, findings.last) == (5, *hours(2, 6))
    assert [(r["verb"], r["fields"], r["entries"], r["persons"]) for r in findings.seen] == [
        ("family.read", "address,name", 2, 4),
        ("family.export", "name,national_id_masked", 1, 4000),
        ("family.read", "name", 1, 1),
    ]
    assert [(r["actor"], r["role"], r["entries"], r["persons"]) for r in findings.accounts] == [
        ("siti", "officer", 3, 4004),
        ("budi", "coordinator", 1, 1),
    ]
    assert [(r["session"], r["address"]) for r in findings.sessions] == [
        (SITI.session, SITI.address),
        (BUDI.session, BUDI.address),
    ]
    assert [(r["actor"], r["verb"], r["entries"]) for r in findings.denied] == [
        ("budi", "family.read", 1)
    ]
    assert [(r["seq"], r["persons"]) for r in findings.unnamed] == [(5, 4000)]
    assert findings.chain.broken is None


@pytest.mark.parametrize(
    ("only", "entries", "persons"),
    [
        ({"actor": "budi"}, 2, [P2]),
        ({"session": SITI.session}, 3, [FAMILY, P1, P2]),
        ({"person": P1}, 1, [P1]),
        ({"person": P2, "actor": "siti"}, 2, [P2]),
        ({"person": P7}, 0, []),
        ({"since": DAY + timedelta(hours=3), "until": DAY + timedelta(hours=4)}, 1, [P2]),
    ],
)
def test_only_what_is_asked_for(
    database: Database, log: AuditLog, only: dict[str, str], entries: int, persons: list[str]
) -> None:
    incident = Incident(**{"since": WHOLE_DAY.since, "until": WHOLE_DAY.until} | only)  # type: ignore[arg-type]
    inquiry = asked(database, log, incident)
    assert inquiry.findings(now=DAY).entries == entries
    # Databases sort text by rules of their own.
    assert sorted(row["subject_id"] for row in inquiry.persons()) == persons


def test_asking_is_logged_and_is_no_part_of_the_incident(database: Database, log: AuditLog) -> None:
    ever = Incident(since=DAY, until=DAY + timedelta(days=9), actor=ROOT.name)
    assert found(database, log, ever).entries == 0
    # The next one sees that somebody has asked before.
    second = found(database, log, ever)
    assert [(row["verb"], row["entries"]) for row in second.seen] == [("audit.breach", 1)]


def test_a_number_in_place_of_a_keyed_id_is_refused(database: Database, log: AuditLog) -> None:
    with pytest.raises(AuditError, match="E-AUDIT-NUMBER"):
        asked(database, log, Incident(since=DAY, until=WHOLE_DAY.until, person=nik(1)))


def test_a_changed_log_is_said_so(database: Database, log: AuditLog, tmp_path: Path) -> None:
    drop_guards(database)
    run_sql(database, "UPDATE audit_log SET actor = 'tono' WHERE seq = 2")
    inquiry = asked(database, log)
    findings = inquiry.findings(now=DAY)
    assert findings.chain.broken is not None
    write_report(tmp_path / "report.md", findings, inquiry.persons())
    assert "RUSAK" in (tmp_path / "report.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", ["3 x 24 jam", "Entri: 5 (2025-10-01 02:00:00 UTC - 2025-10-01 06:00:00 UTC)",
                "1 entri, 4000 orang", "sandinya: 2 (", "orang di atas: 1\n",
                "utuh sampai 7:", "Upaya penanganan"]),
        ("en", ["3 x 24 hours", "Entries: 5 (", "1 entries, 4000 persons", "whole up to 7:",
                "to handle and to mend"]),
    ],
)  # fmt: skip
def test_the_report(
    database: Database, log: AuditLog, tmp_path: Path, language: Language, words: list[str]
) -> None:
    inquiry = asked(database, log)
    file = tmp_path / "lapor.md"
    count = write_report(file, inquiry.findings(now=DAY), inquiry.persons(), language=language)
    text = file.read_text("utf-8")
    assert count == 3
    assert [word for word in words if word not in text] == []
    assert f"| budi | {BUDI.session} | 10.0.0.9 | 1 | 1 |" in text
    assert "lapor.md.persons.csv" in text
    with persons_file(file).open(encoding="utf-8", newline="") as table:
        header, *rows = csv.reader(table)
        assert [header, *sorted(rows)] == [
            ["keyed_id", "first_seen", "last_seen", "times", "kind"],
            [FAMILY, "2025-10-01 04:00:00 UTC", "2025-10-01 04:00:00 UTC", "1", "family"],
            [P1, "2025-10-01 02:00:00 UTC", "2025-10-01 02:00:00 UTC", "1", "person"],
            [P2, "2025-10-01 02:00:00 UTC", "2025-10-01 04:00:00 UTC", "3", "person"],
        ]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("lapor*")} == {0o600}


def written(folder: Path, text: str) -> tuple[str, str]:
    """Report and list of a log that somebody else than `AuditLog` wrote `text` into."""
    about = {"entries": 1, "persons": 1, "sessions": 1, "first": DAY, "last": DAY}
    findings = Findings(
        incident=Incident(since=DAY, until=DAY, actor=text),
        made_at=DAY, entries=1, first=DAY, last=DAY, seen=(), sessions=(), denied=(), unnamed=(),
        accounts=({"actor": text, "role": "x", **about},),  # type: ignore[arg-type]
        chain=Verification(0, START, None),
    )  # fmt: skip
    persons = [{"subject_id": text, "first": DAY, "last": DAY, "times": 1}]
    file = folder / "report.md"
    write_report(file, findings, persons)  # type: ignore[arg-type]
    return file.read_text("utf-8"), persons_file(file).read_text("utf-8")


def test_no_number_of_a_person_is_in_it(tmp_path: Path) -> None:
    for text in written(tmp_path, f"a {nik(7)}"):
        assert nik(7) not in text
        assert "••••" in text
        assert [
            line for line in text.split() if holds_number(line) and START.hash not in line
        ] == []


def test_words_of_the_log_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    report, _ = written(tmp_path, "![x](//host/y) | <b>")
    assert r"\!\[x\](//host/y) \| \<b\>" in report


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    _, persons = written(tmp_path, "=1+1")
    assert persons.splitlines()[1].startswith("'=1+1,")


def test_a_keyed_id_with_many_digits_stays_whole(tmp_path: Path) -> None:
    keyed = "1" * 20 + "ab" * 22
    assert keyed in written(tmp_path, keyed)[1]


@pytest.mark.parametrize("name", ["report.md", "report.md.persons.csv"])
def test_a_report_that_is_there_is_not_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("sudah diisi", encoding="utf-8")
    with pytest.raises(AuditError, match="E-REPORT-FILE"):
        check_file(tmp_path / "report.md")
    with pytest.raises(AuditError, match="E-REPORT-FILE"):
        written(tmp_path, "x")
    assert (tmp_path / name).read_text("utf-8") == "sudah diisi"
    with pytest.raises(AuditError, match="E-REPORT-FILE"):
        check_file(tmp_path / "nowhere" / "report.md")
