"""Real round trips through LibreOffice; without it these skip (Debian: libreoffice-calc)."""

import csv
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from geo_target.intake.lists import AgencyList
from geo_target.intake.mending import without_mended
from geo_target.intake.report import check_file
from geo_target.workbench import Workbench
from tests.builders import nik
from tests.intake.test_lists import books, column, csv_file, faults, read, xlsx_file

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")

HEAD = ["family_id", "head_national_id", "head_name", "district_name", "village_name", "members",
        "income_rupiah_per_month"]  # fmt: skip
ROWS = [[f"K{i}", nik(i), f"JOSÉ {i}", "Kasemen", "Banten", str(i), "400.000"]
        for i in range(1, 30)]  # fmt: skip
TEXT = "\n".join(";".join(row) for row in [HEAD, *ROWS]) + "\n"


def converted(file: Path, kind: str, *options: str) -> Path:
    """What LibreOffice makes of a file, in its own format and without anybody's help."""
    suffix = kind.partition(":")[0]
    folder = file.parent / f"made-{suffix}"
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'user').as_uri()}",
         *options, "--convert-to", kind, "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return folder / f"{file.stem}.{suffix}"


def seen(listed: AgencyList) -> list[dict[str, Any]]:
    return sorted(listed.table.rows(), key=lambda row: row["row"])


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_workbook_of_libreoffice_reads_as_the_csv_does(
    tmp_path: Path, bench: Workbench, kind: str
) -> None:
    expected = read(bench, csv_file(tmp_path, TEXT), "families")
    written = xlsx_file(tmp_path / "written.xlsx", {"Data": [HEAD, *ROWS]})
    for file in (written, converted(written, kind)):
        listed = read(bench, file, "families")
        assert books(listed) == books(expected) == (29, 29, 0, 0, 0)
        assert seen(listed) == seen(expected)
        assert not listed.report.notices


CSV = "csv:Text - txt - csv (StarCalc):59,34,76"


def test_a_csv_that_libreoffice_opened_and_saved_keeps_its_numbers(
    tmp_path: Path, bench: Workbench
) -> None:
    """It holds 16 digits of a region below 90; Excel holds 15."""
    file = converted(csv_file(tmp_path, TEXT), CSV, "--infilter=CSV:59,34,76,1")
    listed = read(bench, file, "families")
    assert books(listed) == (29, 29, 0, 0, 0)
    assert column(listed, "head_national_id") == {i + 1: nik(i) for i in range(1, 30)}


def test_a_list_that_a_round_trip_has_spoiled_is_recognized(
    tmp_path: Path, bench: Workbench
) -> None:
    """Numbers in the look that Excel gives them, saved as CSV: 3.67E+15 is all that is left."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, look = book.add_worksheet(), book.add_format({"num_format": "0.00E+00"})
        sheet.write_row(0, 0, HEAD)
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row)
            sheet.write_number(number, 1, int(row[1]), look)
    listed = read(bench, converted(tmp_path / "a.xlsx", CSV), "families")
    assert books(listed) == (29, 29, 0, 0, 0)
    assert faults(listed) == [(i + 1, "head_national_id", "E-NIK-SCI") for i in range(1, 30)]
    assert set(column(listed, "head_national_id").values()) == {None}


def test_a_merged_column_of_an_open_document_is_said(tmp_path: Path, bench: Workbench) -> None:
    from tests.intake.test_catalogue_containers import merged  # noqa: PLC0415

    rows = [HEAD, ROWS[0], [*ROWS[1][:3], "", *ROWS[1][4:]], ROWS[2]]
    file = merged(tmp_path / "a.xlsx", rows, "D2:D3")
    listed = read(bench, converted(file, "xlsx"), "families")
    assert column(listed, "district_name") == {2: "Kasemen", 3: "Kasemen", 4: "Kasemen"}
    assert [fault.code for fault in listed.report.notices] == ["W-MERGED"]
    listed = read(bench, converted(file, "ods"), "families")
    assert column(listed, "district_name") == {2: "Kasemen", 3: None, 4: "Kasemen"}
    assert [fault.code for fault in listed.report.notices] == ["W-MERGED-UNREAD"]


MENDED_HEAD = [*HEAD, "Tanggal Lahir Kepala Keluarga", "Catatan"]
#: A good row, a NIK of 15 digits, one with a letter, one under which a note stands.
TO_MEND = [
    [*ROWS[0], "1990-01-01", "+62 812"], ["K2", nik(2)[:-1], *ROWS[1][2:], "02/01/1990", "=1+1"],
    ["K3", "O" + nik(3)[1:], *ROWS[2][2:], "", "-"], ["", "", "", "", "", "", "", "", "tanpa isi"],
]  # fmt: skip


def to_mend(folder: Path, kind: str) -> tuple[Path, list[list[str]]]:
    """A list, and the rows of its file to mend as an office suite shows them."""
    text = "\n".join(";".join(row) for row in [MENDED_HEAD, *TO_MEND]) + "\n"
    file, out = csv_file(folder, text), folder / f"mend{kind}"
    check_file(file, profile="families", as_of=date(2025, 10, 1), repair=out)
    if kind == ".csv":
        with out.open(newline="", encoding="utf-8-sig") as opened:
            return file, list(csv.reader(opened, delimiter=";"))
    rows = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    return file, [[str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(("kind", "saved"), [(".xlsx", "ods"), (".csv", "xlsx")])
def test_a_file_to_mend_comes_back_through_libreoffice(
    tmp_path: Path, bench: Workbench, kind: str, saved: str
) -> None:
    """Mended, and saved in the program's own way: nothing is twice, and each NIK is whole."""
    file, (header, second, third, last) = to_mend(tmp_path, kind)
    sign = "'" if kind == ".csv" else ""  # whoever types a number into a cell makes it a number
    second[1], third[1] = sign + nik(2), sign + nik(3)
    rows = [header, second, third, last]
    mended = tmp_path / f"mended{kind}"
    if kind == ".xlsx":
        xlsx_file(mended, {"perbaikan": rows})
        again = converted(mended, saved)
    else:
        with mended.open("w", newline="", encoding="utf-8-sig") as opened:
            csv.writer(opened, delimiter=";").writerows(rows)
        again = converted(mended, saved, "--infilter=CSV:59,34,76,1")
    first = read(bench, file, "families")
    assert books(first) == (4, 3, 1, 0, 0)
    assert set(first.report.set_aside) == {"E-NIK-LEN", "E-NIK-CHAR"}
    first, back = without_mended([first, read(bench, again, "families")])
    assert books(first) == (4, 1, 1, 2, 0)
    assert books(back) == (3, 2, 1, 0, 0)
    assert not back.report.set_aside
    found = [(r["family_id"], r["head_national_id"], r["income_rupiah_per_month"], r["members"],
              r["head_birth_date"]) for listed in (first, back) for r in seen(listed)]  # fmt: skip
    born = {1: date(1990, 1, 1), 2: date(1990, 1, 2), 3: None}
    assert found == [(f"K{n}", nik(n), 400_000, n, born[n]) for n in born]
