"""The audit log keeps all that was acknowledged, and shows what was done to it."""

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from geo_target.operations.audit import Actor, AuditLog, Entry, Result
from geo_target.operations.audit_chain import Head, verify
from geo_target.operations.audit_csv import COLUMNS, write_csv
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.refusals import AuditError, DatabaseError
from geo_target.operations.tables import AUDIT_LOG
from tests.operations.world import SITI, Clock, drop_guards, full_disk, read_of, run_sql

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "367398" + "0101" + "900001"


def appender(url: str, name: str, count: str = "") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.operations.append_entries",
            url,
            name,
            *filter(None, [count]),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def heads(output: str) -> list[Head]:
    """What a process said was kept; its last line may be cut."""
    words = [line.split() for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return [Head(int(seq), hash_) for seq, hash_ in words]


def seqs(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.scalars(select(AUDIT_LOG.c.seq).order_by(AUDIT_LOG.c.seq)))


def test_an_entry_holds_who_what_when(audit: AuditLog, database: Database, clock: Clock) -> None:
    head = audit.append(read_of("p1", "p2", "p2"))
    with database.reading() as connection:
        (row,) = connection.execute(select(AUDIT_LOG)).mappings()
    assert dict(row) == {
        "seq": 1, "at": clock.now, "offset_minutes": 420,
        "actor": "siti", "role": "officer", "scope": "36.73.01",
        "session": "ab12cd34ef56", "address": "10.0.0.7",
        "verb": "family.read", "object_type": "village", "object_id": "36.73.01.1001",
        "fields": "address,name", "reason": "kunjungan", "result": "ok", "persons": 2,
        "run_id": "000001-20251001T020000Z", "request_id": "",
        "prev_hash": "0" * 64, "hash": head.hash,
    }  # fmt: skip


def test_the_chain_holds(audit: AuditLog, database: Database) -> None:
    assert verify(database).entries == 0
    last = [audit.append(read_of("p1")) for _ in range(3)][-1]
    found = verify(database, copied=[last])
    assert (found.entries, found.head, found.broken) == (3, last, None)
    assert audit.head() == last


def test_order_rests_on_the_number_not_on_the_clock(
    audit: AuditLog, database: Database, clock: Clock
) -> None:
    audit.append(read_of())
    clock.move(hours=-1)
    audit.append(read_of())
    clock.move(days=365)
    audit.append(read_of())
    assert seqs(database) == [1, 2, 3]
    assert verify(database).broken is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET actor = 'tono'",
        "DELETE FROM audit_log",
        "UPDATE audit_subjects SET subject_id = 'p9'",
        "DELETE FROM audit_subjects",
    ],
)
def test_entries_cannot_be_changed_or_deleted(
    audit: AuditLog, database: Database, statement: str
) -> None:
    audit.append(read_of("p1"))
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(database, statement)
    assert verify(database).entries == 1


def test_entries_cannot_be_replaced_or_truncated(audit: AuditLog, database: Database) -> None:
    audit.append(read_of("p1"))
    statement = (
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log"
        if database.is_sqlite
        else "TRUNCATE audit_log CASCADE"
    )
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(database, statement)
    assert verify(database).entries == 1


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_log SET reason = 'kunjungaN' WHERE seq = 2", 2),
        ("UPDATE audit_log SET persons = 9 WHERE seq = 3", 3),
        ("UPDATE audit_log SET hash = prev_hash WHERE seq = 1", 1),
        ("UPDATE audit_log SET offset_minutes = 0 WHERE seq = 1", 1),
        ("UPDATE audit_subjects SET subject_id = 'p9' WHERE seq = 2", 2),
        ("DELETE FROM audit_subjects WHERE seq = 3", 3),
        ("DELETE FROM audit_subjects WHERE seq < 2; DELETE FROM audit_log WHERE seq < 2", 1),
        ("DELETE FROM audit_subjects WHERE seq = 2; DELETE FROM audit_log WHERE seq = 2", 2),
        ("DELETE FROM audit_subjects WHERE seq > 2; DELETE FROM audit_log WHERE seq > 2", 3),
    ],
)
def test_names_the_first_broken_entry(
    audit: AuditLog, database: Database, statement: str, broken: int
) -> None:
    copied = [audit.append(read_of(f"p{number}")) for number in range(3)][-1]
    drop_guards(database)
    run_sql(database, *statement.split("; "))
    found = verify(database, copied=[copied])
    assert found.entries == broken - 1
    assert found.broken is not None
    assert found.broken.row == broken
    assert f"entri {broken} " in found.broken.text()


def test_a_chain_written_anew_differs_from_the_copied_head(
    audit: AuditLog, database: Database
) -> None:
    copied = [audit.append(read_of()) for _ in range(2)][-1]
    drop_guards(database)
    run_sql(database, "DELETE FROM audit_log")
    audit.append(read_of("p1"))
    audit.append(read_of("p1"))
    assert verify(database).broken is None
    broken = verify(database, copied=[copied]).broken
    assert broken is not None
    assert broken.row == 2


def test_four_processes_make_one_chain(url: str, database: Database) -> None:
    writers = [appender(url, name, "25") for name in "abcd"]
    kept = [head for writer in writers for head in heads(writer.communicate(timeout=300)[0])]
    assert [writer.returncode for writer in writers] == [0] * 4
    assert sorted(head.seq for head in kept) == list(range(1, 101))
    found = verify(database, copied=kept)
    assert (found.entries, found.broken) == (100, None)


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    url = default_url(tmp_path)
    migrate(url)
    database = open_database(url)
    chance = random.Random(3)
    kept: list[Head] = []
    for round_ in range(10):
        writer = appender(url, f"writer{round_}")
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(chance.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        kept += heads(first + writer.communicate(timeout=60)[0])
        found = verify(database, copied=kept)
        assert found.broken is None
        assert found.entries >= len(kept)
    with database.reading() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    database.close()
    assert len(kept) >= 10  # one a round at least, on a machine however busy


def test_full_disk_refuses_the_entry_and_keeps_the_rest(
    audit: AuditLog, database: Database
) -> None:
    audit.append(read_of("p1"))
    with full_disk(database):
        page = read_of(*(f"p{number}" for number in range(5000)))
        with pytest.raises(AuditError, match="E-DB-FULL") as refused:
            audit.append(page)
        assert "E-AUDIT-WRITE" in refused.value.text()
        assert verify(database).entries == 1
    audit.append(read_of("p1"))
    assert verify(database).broken is None


@pytest.mark.parametrize(
    "reason",
    [
        f"NIK {NUMBER}",
        f"dua: {NUMBER}{NUMBER}",
        f"{NUMBER[:6]} {NUMBER[6:12]} {NUMBER[12:]}",
        f"RT 05 {NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:12]} {NUMBER[12:]}",
        f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:12]}-{NUMBER[12:]}",
        f"{NUMBER[:4]} - {NUMBER[4:8]} - {NUMBER[8:12]} - {NUMBER[12:]}",
        "\u200b".join(NUMBER),  # a sign that is not seen
        "".join(chr(0xFF10 + int(digit)) for digit in NUMBER),
    ],
)
def test_numbers_in_reasons_are_masked(audit: AuditLog, database: Database, reason: str) -> None:
    audit.append(Entry(actor=SITI, verb="national-id.reveal", object_type="person", reason=reason))
    with database.reading() as connection:
        kept = connection.scalars(select(AUDIT_LOG.c.reason)).one()
    assert sum(character.isdigit() for character in kept.replace("RT 05", "")) == 4
    assert "•" * 12 in kept
    assert verify(database).broken is None


def test_codes_and_dates_in_reasons_stay(audit: AuditLog, database: Database) -> None:
    reason = (
        "desa 36.73.01.1001 36.73.01.1002, surat 400/12/2025 tanggal 2025-10-01 08:00:00.123456"
    )
    audit.append(Entry(actor=SITI, verb="x", object_type="x", reason=reason))
    with database.reading() as connection:
        assert connection.scalars(select(AUDIT_LOG.c.reason)).one() == reason


@pytest.mark.parametrize(
    "entry",
    [
        Entry(actor=SITI, verb="x", object_type="person", object_id=NUMBER),
        Entry(actor=SITI, verb="x", object_type="person", subjects=("p1", NUMBER)),
        Entry(actor=SITI, verb="x", object_type="person", fields=(NUMBER,)),
        Entry(actor=Actor(name=NUMBER), verb="x", object_type="person"),
        Entry(actor=SITI, verb="x", object_type="person", request_id=NUMBER),
    ],
)
def test_numbers_as_identifiers_are_refused(
    audit: AuditLog, database: Database, entry: Entry
) -> None:
    with pytest.raises(AuditError, match="E-AUDIT-NUMBER") as refused:
        audit.append(entry)
    assert NUMBER not in refused.value.text()
    assert seqs(database) == []


def test_keyed_ids_are_no_numbers(audit: AuditLog) -> None:
    audit.append(read_of("1" * 16 + "ab" * 24))


def test_odd_characters_do_not_break_the_chain(audit: AuditLog, database: Database) -> None:
    reason = "a\x00b\ud800c\nd 'e' \"f\" 😀 é e\u0301" + "x" * 5000
    audit.append(Entry(actor=SITI, verb="x", object_type="x", reason=reason, result=Result.ERROR))
    assert verify(database).broken is None


def test_who_saw(audit: AuditLog, database: Database, clock: Clock) -> None:
    start = clock.now
    audit.append(read_of("p1", "p2"))
    clock.move(hours=1)
    audit.append(read_of("p2", village="36.73.01.1002"))
    clock.move(hours=1)
    audit.append(Entry(actor=SITI, verb="national-id.reveal", object_type="person", object_id="p1"))
    auditor = Actor(name="ani", role="auditor")
    end = clock.now + timedelta(seconds=1)

    def verbs(object_id: str, since: timedelta = timedelta(0)) -> list[int]:
        return [row["seq"] for row in audit.who_saw(object_id, start + since, end, by=auditor)]

    assert verbs("p1") == [1, 3]
    assert verbs("p1", timedelta(minutes=1)) == [3]
    assert verbs("p2") == [1, 2]
    assert verbs("36.73.01.1002") == [2]
    assert verbs("p3") == []
    with database.reading() as connection:
        asked = connection.execute(
            select(AUDIT_LOG.c.actor, AUDIT_LOG.c.verb).where(AUDIT_LOG.c.seq > 3)
        ).all()
    assert {tuple(row) for row in asked} == {("ani", "audit.who-saw")}
    assert len(asked) == 5


def test_what_is_over_the_limit_is_not_kept(audit: AuditLog, clock: Clock) -> None:
    begin = clock.now
    audit.append(read_of("p1", "p2"))
    audit.append(Entry(actor=SITI, verb="x", object_type="x", persons=100, result=Result.DENIED))
    clock.move(hours=1)
    three = read_of("p2", "p3", "p4")
    assert not audit.append_within(three, most=4, since=begin)  # 2 + 3
    assert audit.append_within(three, most=5, since=begin)
    assert not audit.append_within(read_of("p9"), most=5, since=begin)
    assert audit.append_within(read_of("p9"), most=4, since=clock.now)  # 3 + 1 of this hour
    assert audit.append_within(replace(three, actor=Actor(name="tono")), most=3, since=begin)
    assert audit.head().seq == 5


def test_export(audit: AuditLog, clock: Clock) -> None:
    audit.append(Entry(actor=SITI, verb="x", object_type="x", reason="=HYPERLINK(1)"))
    file = io.StringIO(newline="")
    assert write_csv(audit.entries(by=Actor(name="ani", role="auditor")), file) == 2
    first, second = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert tuple(first) == COLUMNS
    assert first["reason"] == "'=HYPERLINK(1)"
    assert first["at"] == "2025-10-01T02:00:00.000000+00:00"
    assert (second["actor"], second["verb"]) == ("ani", "audit.export")


def test_a_long_log_is_walked_in_batches(
    audit: AuditLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo_target.operations.audit_chain._BATCH", 3)
    for number in range(7):
        audit.append(read_of(f"p{number}"))
    assert verify(database).entries == 7
