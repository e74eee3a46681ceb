"""The command `plan`: who may, what is kept, and what is carried."""

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from geo_target.fieldwork.outcomes import Outcome
from tests.builders import nik
from tests.field_office import FIRST, OFFICERS, SECOND, FieldOffice, build, done, rows
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE

#: Sixteen digits that are no decimals of a number.
MANY_DIGITS = re.compile(rb"(?<![\d.])\d{16}(?!\d)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kantor")
    build(folder)
    return folder


@pytest.fixture
def office(tmp_path: Path, built: Path) -> FieldOffice:
    """Three officers visit: two of 33 families, one of 2."""
    opened = FieldOffice(tmp_path / "kantor", built)
    opened.officers()
    return opened


def answer(code: str, found: str, id_: str = "") -> Outcome:
    return Outcome(id_ or f"uuid:{code}-{found}", code, found, "odk")


# ----------------------------------------------------------------------------------- officers


def test_a_list_with_a_fault_keeps_nobody(tmp_path: Path, built: Path) -> None:
    office = FieldOffice(tmp_path, built)
    (tmp_path / "petugas.csv").write_text(OFFICERS.replace("pendamping", "raja"), "utf-8")

    refused = office.plan("officers", tmp_path / "petugas.csv")

    assert refused.exit_code == 1
    assert "petugas.csv" in refused.stderr
    assert "[E-OFFICER]" in refused.stderr
    assert office.made()["ownerless"] == 35


def test_officers_are_counted(tmp_path: Path, built: Path) -> None:
    assert FieldOffice(tmp_path, built).officers().stdout == "3 petugas dicatat\n"


# --------------------------------------------------------------------------------------- make


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_who_plans_nothing_is_told_no_numbers(office: FieldOffice, more: list[str]) -> None:
    asked = ("--title", "x", "--start", "2031-03-04", *more)
    refused = office.plan("make", *asked, by="rapat")

    assert refused.exit_code == 1
    assert "[E-VISIT-ROLE]" in refused.stderr
    assert refused.stdout == ""
    assert ("rapat", "denied") in [(e["actor"], e["result"]) for e in office.told()]


def test_everybody_who_may_be_untouched_is_planned_once(office: FieldOffice) -> None:
    told = office.made()

    assert (told["visits"], told["plan"], told["dayless"], told["ownerless"]) == (35, 1, 0, 0)
    assert len({each.visit.target.family_id for each in office.visits()}) == 35
    again = office.made()
    assert (again["visits"], again["plan"], again["notices"]) == (0, None, ["N-PLAN-EMPTY"])
    assert len(office.visits()) == 35


def test_a_dry_run_keeps_nothing(office: FieldOffice) -> None:
    assert office.made("--dry-run")["plan"] is None
    assert office.visits() == []


@pytest.mark.parametrize(("name", "villages"), [("camat", {VILLAGE, SAME_DISTRICT}),
                                                ("dewi", {OTHER_DISTRICT})])  # fmt: skip
def test_an_officer_of_a_district_plans_its_families_alone(
    office: FieldOffice, name: str, villages: set[str]
) -> None:
    office.made(by=name)
    assert {each.visit.target.village_code for each in office.visits()} == villages


@pytest.mark.parametrize(
    ("words", "visits"),
    [(["--village", VILLAGE], 3), (["--state", "unmatched"], 1), (["--limit", "4"], 4),
     (["--district", FIRST, "--state", "uncovered"], 32)],
)  # fmt: skip
def test_what_is_asked_for_is_planned(office: FieldOffice, words: list[str], visits: int) -> None:
    assert office.made(*words, "--dry-run")["visits"] == visits


def test_who_was_visited_of_late_is_left_out_and_counted(office: FieldOffice) -> None:
    office.made("--village", VILLAGE)
    first, second, _ = (each.visit.code for each in office.visits())
    office.take(answer(first, "found_eligible"), answer(second, "not_found"))
    office.close()

    # The first plan begins long after these answers: this one asks for the days to come.
    told = done(office.plan("make", "--title", "x", "--start", "2026-01-05", "--dry-run"))

    assert told.stdout.startswith("33 kunjungan")
    assert "dilewati, baru saja dikunjungi: 1\n" in told.stdout
    assert "dilewati, terlalu dini untuk kembali: 1\n" in told.stdout


def test_value_orders_visits_only_after_answers(office: FieldOffice) -> None:
    asked = ("--order", "value", "--village", OTHER_DISTRICT)
    assert "N-PLAN-NO-VALUE" in office.made(*asked)["notices"]
    office.take(*(answer(each.visit.code, "found_eligible") for each in office.visits()))
    assert "N-PLAN-NO-VALUE" not in office.made("--order", "value")["notices"]


def test_what_a_plan_could_not_do_is_said(office: FieldOffice) -> None:
    asked = ("--title", "x", "--start", "2031-03-04", "--order", "value", "--dry-run")
    told = done(office.plan("make", *asked)).stdout
    assert "belum ada hasil kunjungan untuk menilai" in told
    assert "[N-PLAN-NO-VALUE]" in told


# ------------------------------------------------------------------------------------- remake


def test_planning_anew_moves_only_what_must(office: FieldOffice) -> None:
    office.made("--village", OTHER_DISTRICT, "--village", VILLAGE)
    before = {each.visit.code: each for each in office.visits()}
    answered, *_ = before
    office.take(answer(answered, "found_eligible"))

    done(office.plan("remake", "1"))

    after = {each.visit.code: each for each in office.visits()}
    assert after[answered].status == "closed"
    assert {code: each.visit for code, each in after.items()} == {
        code: each.visit for code, each in before.items()
    }


def test_who_meets_nobody_is_visited_again_under_a_code_of_its_own(office: FieldOffice) -> None:
    office.made("--village", OTHER_DISTRICT)
    first, other = (each.visit.code for each in office.visits())
    office.take(answer(first, "empty_house"), answer(other, "found_eligible"))

    told = done(office.plan("returns", "1")).stdout

    assert told == "1 kunjungan ulang ditambahkan pada rencana 1\n"
    (again,) = [each.visit for each in office.visits() if each.status == "open"]
    assert again.return_of == first
    assert done(office.plan("returns", "1")).stdout.startswith("0 kunjungan ulang")


# ------------------------------------------------------------------------------ list and show


def test_plans_are_listed_with_what_is_open(office: FieldOffice) -> None:
    office.made("--village", OTHER_DISTRICT)
    told = done(office.plan("list", by=None)).stdout
    assert told == "1  Verifikasi  mulai 2031-03-04  terbuka 2, selesai 0, ditarik 0\n"


def test_a_plan_is_shown_without_names(office: FieldOffice) -> None:
    office.made()
    told = done(office.plan("show", "1", by=None)).stdout
    assert len(told.splitlines()) == 35
    assert "CANARYNAME" not in told
    assert "CANARYROAD" not in told
    assert f"\t{VILLAGE}\t001\t005" in told


def test_what_the_office_has_agreed_on_holds_for_each_plan(office: FieldOffice) -> None:
    with office.config.open("a", encoding="utf-8") as config:
        config.write("[fieldwork]\nrupiah_per_officer_day = 50_000\n")
    effort = office.made("--dry-run")["settings"]["effort"]
    assert effort["rupiah"] == 50_000 * effort["officer_days"]
    assert office.made("--dry-run", "--rupiah", "0")["settings"]["effort"]["rupiah"] == 0


@pytest.mark.parametrize(("days", "again"), [(0, 35), (9999, 34)])
def test_nobody_is_visited_twice_within_the_days_agreed_on(
    office: FieldOffice, days: int, again: int
) -> None:
    office.made()
    code = office.visits()[0].visit.code
    office.take(answer(code, "found_eligible"))
    office.close()
    with office.config.open("a", encoding="utf-8") as config:
        config.write(f"[fieldwork]\nnot_again_days = {days}\n")
    assert office.made("--dry-run")["visits"] == again


# -------------------------------------------------------------------------------------- carry


def test_each_kind_of_file_is_carried_once(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    folder = office.carried()

    names = sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())
    days = {f"{each.visit.officer}-{each.visit.day}" for each in office.visits()}
    officers = {each.visit.officer for each in office.visits()}
    assert names == sorted([
        *(f"petugas/{officer}-odk.zip" for officer in officers),
        "rencana.csv", "odk.zip", "kobo.zip", f"kelurahan/{OTHER_DISTRICT}.xlsx",
        *(f"petugas/{day}.{kind}" for day in days for kind in ("pdf", "gpx", "kml", "gpkg")),
    ])  # fmt: skip
    assert [row["family_id"] for row in rows(folder / "rencana.csv")] == [
        each.visit.target.family_id for each in office.visits()
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_is_carried_is_for_one_account_alone(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    folder = office.carried()
    modes = {oct(path.stat().st_mode)[-3:] for path in folder.rglob("*") if path.is_file()}
    assert modes == {"600"}
    dirs = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {oct(path.stat().st_mode)[-3:] for path in dirs} == {"700"}


def test_no_file_that_is_carried_holds_a_whole_number(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    folder = office.carried()
    for file in folder.rglob("*"):
        if file.is_file():
            for name, content in _contents(file):
                assert not MANY_DIGITS.search(content), name
    assert MANY_DIGITS.search(b"NIK " + nik(1).encode())


def test_papers_are_not_mixed_with_older_ones(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    (office.folder / "lama").mkdir()
    (office.folder / "lama" / "a.txt").touch()

    refused = office.plan("carry", "1", office.folder / "lama")

    assert refused.exit_code == 1
    assert "[E-CARRY-FOLDER]" in refused.stderr
    assert [file.name for file in (office.folder / "lama").iterdir()] == ["a.txt"]
    assert "visit.carry" not in {entry["verb"] for entry in office.told()}


def test_what_is_carried_is_in_the_log_with_its_families(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    office.carried()
    (entry,) = [e for e in office.told() if e["verb"] == "visit.carry"]
    assert (entry["actor"], entry["persons"], entry["result"]) == ("ratna", 2, "ok")


def test_of_a_plan_a_district_carries_its_own_part(office: FieldOffice) -> None:
    pytest.importorskip("typst")
    office.made()
    folder = office.carried(by="dewi")
    assert {row["village_code"] for row in rows(folder / "rencana.csv")} == {OTHER_DISTRICT}
    assert [file.stem for file in (folder / "kelurahan").iterdir()] == [OTHER_DISTRICT]


@pytest.mark.parametrize("number", ["1", "7"])
def test_what_nobody_may_carry_is_as_if_it_were_not_there(office: FieldOffice, number: str) -> None:
    pytest.importorskip("typst")
    office.made("--district", SECOND)
    refused = office.plan("carry", number, office.folder / "bekal", by="rapat")
    assert refused.exit_code == 1
    assert "[E-CARRY-NONE]" in refused.stderr
    assert not (office.folder / "bekal").exists()


def _contents(file: Path) -> list[tuple[str, bytes]]:
    """A file as text: parts of what is zipped; of a PDF what one may copy out of it."""
    if file.suffix == ".pdf":
        if shutil.which("pdftotext") is None:
            return []
        read = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True)
        return [(file.name, read.stdout)]
    if file.suffix in {".zip", ".xlsx"}:
        with zipfile.ZipFile(file) as parts:
            return [(f"{file.name}/{name}", parts.read(name)) for name in parts.namelist()]
    return [(file.name, file.read_bytes())]
