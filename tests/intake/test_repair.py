"""Faulty rows as a list to mend: mended and handed in, they come back, and nothing twice."""

import csv
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from geo_target.cli import main
from geo_target.errors import ConfigError
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.mending import without_mended
from geo_target.intake.profiles import profile_named
from geo_target.intake.report import check_file
from geo_target.workbench import Workbench
from tests.builders import nik
from tests.intake.test_lists import books, xlsx_file

DAY = date(2025, 10, 1)
HEADERS = ["ID KELUARGA", "NIK", "KECAMATAN", "DESA", "PENGHASILAN", "Catatan"]
NOTES = ["geo-target: berkas", "geo-target: baris", "geo-target: alasan"]
#: A good row, a set-aside cell, a row of a wrong width, one without key or place, a total.
ROWS = [
    ["K1", nik(1), "Kasemen", "Banten", "1", "+62 812"],
    ["K2", nik(2)[:-1], "Kasemen", "Banten", "1", "=1+1"],
    ["K3", nik(3), "Kasemen", "Banten", "1", "a", "b"],
    ["", "", "", "", "5", "-"],
    ["JUMLAH", "", "", "", "9", ""],
]


def listed_file(folder: Path, name: str = "list.csv") -> Path:
    path = folder / name
    if path.suffix == ".xlsx":
        rows = [row[:6] for row in ROWS]
        return xlsx_file(path, {"A": [HEADERS, *rows]})
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([HEADERS, *ROWS])
    return path


def written(file: Path, out: Path) -> list[list[str]]:
    check_file(file, profile="families", as_of=DAY, repair=out)
    if out.suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
        assert all(isinstance(cell, str) for row in rows for cell in row)
        return [[str(cell) for cell in row] for row in rows]
    with out.open(newline="", encoding="utf-8-sig") as text:
        return list(csv.reader(text, delimiter=";"))


@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
def test_the_faulty_rows_as_they_are_with_their_reasons(tmp_path: Path, kind: str) -> None:
    header, *rows = written(listed_file(tmp_path), tmp_path / f"mend{kind}")
    assert header == [*HEADERS, "", *NOTES]
    sign = "'" if kind == ".csv" else ""  # or a spreadsheet spoils the number
    assert [(row[0], row[1], row[-3], row[-2]) for row in rows] == [
        ("K2", sign + nik(2)[:-1], "list.csv", "3"), ("K3", sign + nik(3), "list.csv", "4"),
        ("", "", "list.csv", "5")]  # fmt: skip
    assert rows[1][5:7] == ["a", "b"]  # the surplus cell is there to be moved
    assert "NIK: " in rows[0][-1]
    assert [row[-1].split("[")[-1] for row in rows] == ["E-NIK-LEN]", "E-RAGGED]", "E-NOTHING]"]


def test_062_no_cell_starts_a_formula(tmp_path: Path) -> None:
    for row in written(listed_file(tmp_path), tmp_path / "mend.csv"):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    as_text = written(listed_file(tmp_path), tmp_path / "mend.xlsx")
    assert as_text[1][5] == "=1+1"  # a cell of text is no formula


@pytest.mark.parametrize("cell", [" 0812", "\t=1+1", "\u00a0-5"])
def test_blanks_hide_no_number_and_no_formula(tmp_path: Path, bench: Workbench, cell: str) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [[*HEADERS[:5], "Alamat"], ["K1", "x", "Kasemen", "Banten", "1", cell]]
        csv.writer(file, delimiter=";").writerows(rows)
    assert written(path, tmp_path / "mend.csv")[1][5] == f"'{cell.strip()}"
    (row,) = read(bench, tmp_path / "mend.csv").table.rows()
    assert row["address"] == cell.strip()


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_it_is_for_its_owner_alone_and_replaces_nothing(tmp_path: Path) -> None:
    out = tmp_path / "mend.xlsx"
    written(listed_file(tmp_path), out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    for again in (out, tmp_path / "mend.ods", tmp_path / "none" / "mend.csv"):
        with pytest.raises(ConfigError, match="E-REPAIR-FILE"):
            written(listed_file(tmp_path), again)


def read(bench: Workbench, file: Path) -> AgencyList:
    return read_list(bench, file, profile=profile_named("families"), as_of=DAY)


def mended(out: Path, rows: list[list[str]]) -> Path:
    """What the operator hands in: K2 has its NIK, K3 its cells, the last stays as it is."""
    header, second, third, fourth = rows
    second[1] = nik(2)
    third[6] = ""
    return xlsx_file(out.with_name("mended.xlsx"), {"A": [header, second, third, fourth]})


@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
def test_mended_rows_come_back_and_nothing_is_twice(
    tmp_path: Path, bench: Workbench, kind: str
) -> None:
    file = listed_file(tmp_path)
    again = mended(tmp_path / "x", written(file, tmp_path / f"mend{kind}"))
    alone = read(bench, file)
    assert books(alone) == (5, 2, 3, 0, 0)
    first, second = without_mended([alone, read(bench, again)])
    assert books(first) == (5, 1, 2, 2, 0)  # K2 and K3 count in the mended list
    assert first.report.reasons == {"E-NOTHING": 1, "E-TOTALROW": 1}
    assert first.report.set_aside == {}
    assert books(second) == (3, 2, 1, 0, 0)
    nik_by_id = {r["family_id"]: r["head_national_id"]
                 for listed in (first, second) for r in listed.table.rows()}  # fmt: skip
    assert nik_by_id == {"K1": nik(1), "K2": nik(2), "K3": nik(3)}
    assert len(first.table) + len(second.table) == 3


def test_a_mended_list_alone_is_a_list_like_any_other(tmp_path: Path, bench: Workbench) -> None:
    file = listed_file(tmp_path, "list.xlsx")
    out = tmp_path / "mend.csv"
    written(file, out)
    (listed,) = without_mended([read(bench, out)])
    assert listed.report.accepted == 1
    assert listed.report.columns["head_national_id"] == "NIK"
    assert not {*NOTES} & {*listed.report.ignored}


def test_a_phone_number_survives_the_way_there_and_back(tmp_path: Path, bench: Workbench) -> None:
    rows = [[*HEADERS[:5], "Alamat"], ["K1", "x", "Kasemen", "Banten", "1", "+62 812"]]
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    assert written(path, tmp_path / "mend.csv")[1][5] == "'+62 812"
    (row,) = read(bench, tmp_path / "mend.csv").table.rows()
    assert row["address"] == "+62 812"


def test_a_mended_row_can_be_mended_once_more(tmp_path: Path, bench: Workbench) -> None:
    file = listed_file(tmp_path)
    header, second, *_ = written(file, tmp_path / "mend.csv")
    second[1] = nik(2) + "7"  # still wrong
    once = xlsx_file(tmp_path / "once.xlsx", {"A": [header, second]})
    again, row = written(once, tmp_path / "again.csv")
    assert again == [*HEADERS, "", *NOTES]
    assert row[-3:-1] == ["once.xlsx", "2"]
    row[1] = nik(2)
    twice = xlsx_file(tmp_path / "twice.xlsx", {"A": [again, row]})
    lists = without_mended([read(bench, f) for f in (file, once, twice)])
    found = [(r["family_id"], r["head_national_id"]) for x in lists for r in x.table.rows()]
    assert found == [("K1", nik(1)), ("K2", nik(2))]
    assert [books(listed)[1] for listed in lists] == [1, 0, 1]


def test_a_mended_file_may_have_the_name_of_its_list(tmp_path: Path, bench: Workbench) -> None:
    file = listed_file(tmp_path, "list.xlsx")
    rows = written(file, tmp_path / "mend.xlsx")
    (tmp_path / "mended").mkdir()
    again = xlsx_file(tmp_path / "mended" / "list.xlsx", {"A": rows[:2]})
    lists = without_mended([read(bench, file), read(bench, again)])
    assert [len(listed.table) for listed in lists] == [2, 1]


@pytest.mark.parametrize("other", ["enrollments", "elsewhere"])
def test_only_the_list_it_came_from_gives_rows_away(
    tmp_path: Path, bench: Workbench, other: str
) -> None:
    file = listed_file(tmp_path)
    again = mended(tmp_path / "x", written(file, tmp_path / "mend.csv"))
    profile = profile_named("families" if other == "elsewhere" else "enrollments")
    if other == "elsewhere":
        file = file.rename(tmp_path / "elsewhere.csv")
    alone = read_list(bench, file, profile=profile, as_of=DAY)
    first, _ = without_mended([alone, read(bench, again)])
    assert books(first) == books(alone)


def test_the_command(tmp_path: Path) -> None:
    file, out = listed_file(tmp_path), tmp_path / "mend.xlsx"
    done = CliRunner().invoke(main, ["--lang", "en", "check", str(file), "--repair", str(out)])
    assert done.exit_code == 0
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert "not 16 digits" in str(rows[1][-1])
    assert nik(2)[:8] not in done.output  # the report stays masked


def test_own_layouts_are_named_or_found_beside(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    text = Path(str(tmp_path / "own" / "mine.toml"))
    text.write_text(
        'name = "mine"\nregister = "mine"\nrole = "points"\n[title]\nid = "a"\nen = "a"\n'
        '[columns]\nfamily_id = ["kk rumah"]\nlon = ["x"]\nlat = ["y"]\n', "utf-8"
    )  # fmt: skip
    file = tmp_path / "list.csv"
    file.write_text("kk rumah;x;y\n1;106,1;-6,1\n", "utf-8")
    arguments = ["check", str(file), "--profiles", str(tmp_path / "own")]
    assert "profil mine" in CliRunner().invoke(main, arguments).output
    assert "E-LAYOUT" in CliRunner().invoke(main, arguments[:2]).output
