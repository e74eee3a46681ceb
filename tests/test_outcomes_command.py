"""The command `outcomes`: answers come in by file, and what they leave open is decided."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_sheets import write_return_sheet
from tests.builders import nik
from tests.field_office import SECOND, FieldOffice, build, done
from tests.test_cli import geo_target
from tests.web.named import OTHER_DISTRICT

NOBODYS = "5DFYD87Y"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a plan of two visits, to the second district."""
    folder = tmp_path_factory.mktemp("kantor")
    build(folder)
    office = FieldOffice(folder / "rencana", folder)
    office.officers()
    office.made("--district", SECOND)
    return office.folder


@pytest.fixture
def office(tmp_path: Path, built: Path) -> FieldOffice:
    return FieldOffice(tmp_path / "kantor", built)


@pytest.fixture
def a_and_b(office: FieldOffice) -> tuple[str, str]:
    """Codes of the two visits."""
    first, second = (each.visit.code for each in office.visits())
    return first, second


def answer(code: str, found: str = "found_eligible", id_: str = "") -> Outcome:
    return Outcome(id_ or f"uuid:{code}-{found}", code, found, "odk")


def odk(office: FieldOffice, *answers: Outcome, name: str = "odk.csv") -> Path:
    """A file of answers as ODK Central writes it."""
    (office.folder / name).write_bytes(write_odk_csv(answers))
    return office.folder / name


def imported(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.stdout)
    return told


# ------------------------------------------------------------------------------------- import


def test_answers_are_taken_once(office: FieldOffice, a_and_b: tuple[str, str]) -> None:
    file = odk(office, *map(answer, a_and_b))

    first = done(office.outcomes("import", file)).stdout
    second = done(office.outcomes("import", file)).stdout

    assert first.splitlines()[:2] == [
        "odk.csv: 2 baris = 2 jawaban + 0 tidak terbaca + 0 belum diisi",
        "2 jawaban = 2 baru + 0 sudah ada + 0 versi baru + 0 tanpa kunjungan",
    ]
    assert "2 jawaban = 0 baru + 2 sudah ada + 0 versi baru + 0 tanpa kunjungan" in second


def test_an_answer_that_was_changed_is_a_new_version(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    one = answer(a_and_b[0], id_="uuid:1")
    done(office.outcomes("import", odk(office, one)))
    changed = odk(office, replace(one, outcome="moved"))
    told = imported(done(office.outcomes("import", changed, "--json")))
    assert (told["given"], told["versions"], told["conflicts"]) == (1, 1, [])
    assert office.standing() == {a_and_b[0]: "moved"}


def test_books_are_one_json_object(office: FieldOffice, a_and_b: tuple[str, str]) -> None:
    file = odk(office, answer(a_and_b[0]), answer(NOBODYS))
    told = imported(done(office.outcomes("import", file, "--json")))
    assert told["files"] == [{"file": "odk.csv", "kind": "odk-csv", "rows": 2, "taken": 2,
                              "refused": 0, "unanswered": 0}]  # fmt: skip
    assert told["orphans"] == [[f"uuid:{NOBODYS}-found_eligible", NOBODYS, "unknown"]]
    assert told["faults"] == []


def test_of_a_sheet_and_a_form_both_are_taken(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    sheet = office.folder / f"lembar-{OTHER_DISTRICT}.xlsx"
    sheet.write_bytes(write_return_sheet([replace(answer(a_and_b[1]), source="xlsx")]))
    told = imported(
        done(office.outcomes("import", odk(office, answer(a_and_b[0])), sheet, "--json"))
    )
    assert [file["kind"] for file in told["files"]] == ["odk-csv", "sheet"]
    assert office.standing().keys() == {*a_and_b}


def test_a_row_that_cannot_be_read_is_told_with_its_file_and_row(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    file = odk(office, answer(a_and_b[0]), answer(a_and_b[1], "moved"))
    file.write_bytes(file.read_bytes().replace(b"moved", b"flown", 1))

    refused = office.outcomes("import", file)

    assert refused.exit_code == 1
    assert "odk.csv: 2 baris = 1 jawaban + 1 tidak terbaca" in refused.stdout
    assert refused.stderr.startswith("odk.csv: baris 3")
    assert "[E-OUTCOME-CODE]" in refused.stderr
    assert office.standing() == {a_and_b[0]: "found_eligible"}


def test_a_file_that_is_missing_holds_up_no_other(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    missing, half = office.folder / "tidak-ada.csv", office.folder / "bukan.csv"
    half.write_text("a,b\n1,2\n", "utf-8")

    refused = office.outcomes("import", missing, half, odk(office, answer(a_and_b[0])))

    assert refused.exit_code == 1
    assert "tidak-ada.csv" in refused.stderr
    assert "[E-RETURN-FILE]" in refused.stderr
    assert "[E-RETURN-KIND]" in refused.stderr
    assert office.standing() == {a_and_b[0]: "found_eligible"}


def test_who_records_nothing_brings_nothing_in(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    refused = office.outcomes("import", odk(office, answer(a_and_b[0])), by="rapat")
    assert refused.exit_code == 1
    assert "[E-VISIT-ROLE]" in refused.stderr
    assert office.standing() == {}


def test_an_import_without_a_file_is_wrong_usage(office: FieldOffice) -> None:
    assert geo_target("outcomes", "import", office.config).exit_code == 2


# ------------------------------------------------------------------------------------- status


@pytest.mark.parametrize(("words", "who"), [([], "op.dua"), (["--by-village"], None)])
def test_status_counts_what_is_done(
    office: FieldOffice, a_and_b: tuple[str, str], words: list[str], who: str | None
) -> None:
    office.take(answer(a_and_b[0]))
    told = imported(done(office.outcomes("status", "1", "--json", *words, by=None)))
    assert sum(row["all"] for row in told["rows"]) == 2
    assert sum(row["done"] for row in told["rows"]) == 1
    assert who is None or who in {row["who"] for row in told["rows"]}


# ---------------------------------------------------------------------------------- conflicts


def test_of_two_answers_that_differ_one_is_chosen(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    first, _ = a_and_b
    office.take(answer(first, id_="uuid:1"), answer(first, "moved", id_="uuid:2"))
    assert office.standing() == {first: "moved?"}

    told = imported(done(office.outcomes("conflicts", "1", "--json", by=None)))
    found = {each["outcome"]: each for each in told["answers"]}
    assert {(e["visit_code"], e["source"]) for e in told["answers"]} == {(first, "odk")}
    assert [found[name]["stands"] for name in ("found_eligible", "moved")] == [False, True]

    chosen = str(found["found_eligible"]["number"])
    typed = f"{first[:4]}-{first[4:]}".lower()  # as paper shows it
    assert done(office.outcomes("decide", typed, chosen)).stdout == (
        f"jawaban {chosen} berlaku untuk kunjungan {first}\n"
    )
    assert office.standing() == {first: "found_eligible"}
    assert done(office.outcomes("conflicts", "1", by=None)).stdout == ""


def test_conflicts_are_told_without_what_was_corrected(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    code = a_and_b[0]
    named = replace(answer(code), corrected={"head_name": "CANARY", "head_national_id": nik(1)})
    office.take(named, answer(code, "moved"))
    told = done(office.outcomes("conflicts", "1", by=None)).stdout
    assert [line.split("\t")[2] for line in told.splitlines()] == ["found_eligible", "moved"]
    assert "CANARY" not in told
    assert nik(1) not in told


def test_answers_of_a_plan_that_is_not_there_are_not_told(office: FieldOffice) -> None:
    refused = office.outcomes("conflicts", "7", by=None)
    assert refused.exit_code == 1
    assert "[E-PLAN-UNKNOWN]" in refused.stderr


@pytest.mark.parametrize(
    ("number", "by", "fault"),
    [("99", "ratna", "E-OUTCOME-NUMBER"), ("1", "rapat", "E-VISIT-ROLE"),
     ("1", "camat", "E-VISIT-CODE")],
)  # fmt: skip
def test_what_cannot_be_decided_is_refused(
    office: FieldOffice, a_and_b: tuple[str, str], number: str, by: str, fault: str
) -> None:
    first, _ = a_and_b
    office.take(answer(first), answer(first, "moved"))
    refused = office.outcomes("decide", first, number, by=by)
    assert refused.exit_code == 1
    assert f"[{fault}]" in refused.stderr
    assert office.standing() == {first: "moved?"}


def test_a_slip_in_a_code_is_told(office: FieldOffice, a_and_b: tuple[str, str]) -> None:
    slip = a_and_b[0][:-1] + ("0" if a_and_b[0][-1] != "0" else "1")
    for deed in (("decide", slip, "1"), ("attach", "1", slip)):
        assert "[E-VISIT-SLIP]" in office.outcomes(*deed).stderr


# ------------------------------------------------------------------------------------ orphans


def orphan(office: FieldOffice) -> str:
    """Number of the answer to a visit that nobody has planned."""
    office.take(answer(NOBODYS, "better_off"))
    told = imported(done(office.outcomes("orphans", "--json", by=None)))
    (only,) = told["answers"]
    assert (only["visit_code"], only["reason"]) == (NOBODYS, "unknown")
    return str(only["number"])


def test_an_orphan_becomes_the_answer_to_a_visit(
    office: FieldOffice, a_and_b: tuple[str, str]
) -> None:
    number = orphan(office)
    told = done(office.outcomes("attach", number, a_and_b[1])).stdout
    assert told == f"jawaban {number} menjadi jawaban kunjungan {a_and_b[1]}\n"
    assert office.standing() == {a_and_b[1]: "better_off"}
    assert done(office.outcomes("orphans", by=None)).stdout == ""


def test_an_orphan_may_answer_no_visit(office: FieldOffice) -> None:
    number = orphan(office)
    assert "bukan jawaban" in done(office.outcomes("attach", number)).stdout
    assert office.standing() == {}
    assert done(office.outcomes("orphans", by=None)).stdout == ""
    assert "[E-OUTCOME-NUMBER]" in office.outcomes("attach", number).stderr


def test_an_orphan_is_attached_by_who_plans(office: FieldOffice, a_and_b: tuple[str, str]) -> None:
    number = orphan(office)
    refused = office.outcomes("attach", number, a_and_b[0], by="rapat")
    assert refused.exit_code == 1
    assert "[E-VISIT-ROLE]" in refused.stderr
    assert office.standing() == {}
