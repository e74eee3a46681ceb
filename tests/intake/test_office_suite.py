"""Real round trips through LibreOffice; without it these skip (Debian: libreoffice-calc)."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from geo_target.intake.lists import AgencyList
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
