import csv
import io
import time
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from geo_target.intake import quarantine
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.quarantine import COLUMNS, quarantine_csv, quarantine_xlsx
from geo_target.intake.text_workbook import text_workbook
from geo_target.workbench import Workbench
from tests.builders import nik

HEADERS = "ID KELUARGA;NIK;KECAMATAN;DESA;PENGHASILAN"


def lists_of(bench: Workbench, folder: Path, *texts: str) -> list[AgencyList]:
    lists = []
    for number, text in enumerate(texts):
        file = folder / f"list{number}.csv"
        file.write_text(f"{HEADERS}\n{text}", encoding="utf-8")
        lists.append(
            read_list(bench, file, profile=profile_named("families"), as_of=date(2025, 10, 1))
        )
    return lists


def lines_of(bench: Workbench, folder: Path, *texts: str) -> tuple[int, list[dict[str, str]]]:
    count, content = quarantine_csv(lists_of(bench, folder, *texts))
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    assert content.count(b"\r\n") == count + 1
    read = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(read) == count
    return count, read


def test_each_line_names_file_row_and_the_own_header(tmp_path: Path, bench: Workbench) -> None:
    count, lines = lines_of(
        bench, tmp_path,
        f"K1;{nik(1)[:-1]};Kasemen;Banten;400.5\nK2;x\n",
        f"K3;{nik(3)};Kasemen;Banten;1\nJUMLAH;;;;1\n",
    )  # fmt: skip
    assert count == 4
    assert [(e["file"], e["row"], e["column"], e["code"]) for e in lines] == [
        ("list0.csv", "2", "NIK", "E-NIK-LEN"), ("list0.csv", "2", "PENGHASILAN", "E-MONEY"),
        ("list0.csv", "3", "", "E-RAGGED"), ("list1.csv", "3", "", "E-TOTALROW")]  # fmt: skip
    assert tuple(lines[0]) == COLUMNS
    assert all(line["message"] for line in lines)


def test_no_number_of_a_person_is_written_out(tmp_path: Path, bench: Workbench) -> None:
    bad = [nik(1)[:-1], nik(2) + "7", nik(3)[:-1] + "O", "3673" + "99" * 6]
    text = "".join(f"K{i};{number};Kasemen;Banten;{number}\n" for i, number in enumerate(bad))
    _, lines = lines_of(bench, tmp_path, text)
    assert len(lines) == 8
    for line in lines:
        for number in bad:
            assert number[:8] not in ";".join(line.values())
    assert lines[0]["value_masked"].endswith(bad[0][-4:])


def test_no_cell_starts_a_formula(tmp_path: Path, bench: Workbench) -> None:
    text = "".join(
        f"K{i};{nik(i + 1)};Kasemen;Banten;{cell}\n"
        for i, cell in enumerate(["=1+1", "+62 812", "-5", "@SUM(A1)", "=HYPERLINK(a)"])
    )
    _, lines = lines_of(bench, tmp_path, text)
    assert len(lines) == 5
    for line in lines:
        assert not line["value_masked"].startswith(("=", "+", "-", "@"))


def test_a_short_value_is_not_given_away_by_its_mask(tmp_path: Path, bench: Workbench) -> None:
    _, (line,) = lines_of(bench, tmp_path, "K1;BUDI;Kasemen;Banten;1\n")
    assert "BUDI" not in line["value_masked"]


def test_nothing_to_mend_is_a_header_alone(tmp_path: Path, bench: Workbench) -> None:
    assert lines_of(bench, tmp_path, f"K1;{nik(1)};Kasemen;Banten;1\n") == (0, [])


# -------------------------------------------------------------------------------- as a workbook

FAULTY = [
    f"K1;{nik(1)[:-1]};Kasemen;Banten;400.5\nK2;x\n",
    f"K3;{nik(3)};Kasemen;Banten;=1+1\nK<4>&;{nik(4)};Kasemen;Banten;-5\nJUMLAH;;;;1\n",
]


def cells_of(folder: Path, content: bytes) -> list[Sequence[str]]:
    """Rows of the workbook as our own reader, which is none of the writer's, has them."""
    file = folder / "quarantine.xlsx"
    file.write_bytes(content)
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_name("karantina")
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def test_the_workbook_has_the_rows_of_the_csv_as_text(tmp_path: Path, bench: Workbench) -> None:
    lists = lists_of(bench, tmp_path, *FAULTY)
    _, text = quarantine_csv(lists)
    lines = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    content = quarantine_xlsx(lists)
    assert content is not None
    found = cells_of(tmp_path, content)
    assert found == [[cell.removeprefix("'") for cell in line] for line in lines]
    assert len(found) == 1 + 6
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 't="n"' not in sheet
    assert 'state="frozen"' in sheet


def test_the_same_rows_are_the_same_bytes(tmp_path: Path, bench: Workbench) -> None:
    lists = lists_of(bench, tmp_path, *FAULTY)
    first = quarantine_xlsx(lists)
    time.sleep(2.1)  # a zip counts every other second
    assert quarantine_xlsx(lists) == first


def test_of_too_many_rows_there_is_the_csv_alone(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = lists_of(bench, tmp_path, *FAULTY)
    monkeypatch.setattr(quarantine, "MOST_ROWS", 6)
    assert quarantine_xlsx(lists) is not None
    monkeypatch.setattr(quarantine, "MOST_ROWS", 5)
    assert quarantine_xlsx(lists) is None


def test_a_cell_that_xml_cannot_hold_breaks_no_workbook(tmp_path: Path) -> None:
    odd = "a\x00\x0bb\ufffe<&>\"' \ud800c"
    content = text_workbook("karantina", ["x", "y"], [5, 5], [[odd, " blank "], ["", "z" * 40_000]])
    assert cells_of(tmp_path, content) == [
        ["x", "y"], ["ab<&>\"' c", " blank "], ["", "z" * 32_767]]  # fmt: skip
