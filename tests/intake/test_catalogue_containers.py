"""Entries 1-40 of the catalogue of bad inputs: containers, encodings, tables.

Each shows the outcome, the code, the row as a spreadsheet shows it, and balanced books.
"""

import os
import threading
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pytest
import xlsxwriter

from geo_target.errors import DataRefusedError
from geo_target.intake import readers
from geo_target.intake.lists import AgencyList
from geo_target.intake.readers import read_grid
from geo_target.workbench import Workbench
from tests.builders import kk, nik
from tests.intake.test_lists import books, column, csv_file, faults, read, refused, xlsx_file

HEAD = ["family_id", "head_national_id", "head_name", "district_name", "village_name"]
HEADER = ";".join(HEAD)
ROWS = [[f"K{i}", nik(i), f"NAMA {i}", "Kasemen", "Banten"] for i in range(1, 6)]
LINES = [";".join(row) for row in ROWS]
TEXT = "\n".join([HEADER, *LINES]) + "\n"
FIVE = (5, 5, 0, 0, 0)


def families(bench: Workbench, file: Path, **options: Any) -> AgencyList:
    return read(bench, file, "families", **options)


def codes(bench: Workbench, file: Path, **options: Any) -> list[str]:
    return [fault.code for fault in refused(bench, file, "families", **options)]


def notices(listed: AgencyList) -> list[str]:
    return [fault.code for fault in listed.report.notices]


def by_number(listed: AgencyList) -> list[dict[str, Any]]:
    """The accepted rows in the order of the file: a table itself has none."""
    return sorted(listed.table.rows(), key=lambda row: row["row"])


def saved(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def workbook(path: Path, fill: Callable[[Any, Any], None] | None = None) -> Path:
    """A workbook of the five families, to which `fill` does something more."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Data")
    for number, row in enumerate([HEAD, *ROWS]):
        for position, cell in enumerate(row):
            sheet.write_string(number, position, cell)
    if fill:
        fill(book, sheet)
    book.close()
    return path


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same zip with one of its parts changed, or added."""
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b";;\n;;\n"])
def test_001_an_empty_file(tmp_path: Path, bench: Workbench, content: bytes) -> None:
    assert codes(bench, saved(tmp_path, content)) == ["E-EMPTY"]


def test_002_a_header_only(tmp_path: Path, bench: Workbench) -> None:
    assert codes(bench, csv_file(tmp_path, HEADER + "\n")) == ["E-NOROWS"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (TEXT[:-20], ["E-CUT"]),
        (TEXT + "K6;x", ["E-CUT"]),
        (TEXT + "K6;x\n", [(7, None, "E-RAGGED")]),  # ends its line: it was written so
        (TEXT[:-1], []),  # whole, without a last line break
    ],
)
def test_003_a_half_uploaded_csv(
    tmp_path: Path, bench: Workbench, text: str, outcome: list[Any]
) -> None:
    file = csv_file(tmp_path, text)
    if outcome == ["E-CUT"]:
        assert codes(bench, file) == outcome
        return
    listed = families(bench, file)
    assert faults(listed) == outcome
    assert books(listed) == (5 + len(outcome), 5, len(outcome), 0, 0)


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.98])
def test_004_a_truncated_workbook(tmp_path: Path, bench: Workbench, kept: float) -> None:
    # One code for all workbooks: an operator mends a cut XLS in the same way.
    content = workbook(tmp_path / "a.xlsx").read_bytes()
    assert codes(bench, saved(tmp_path, content[: int(kept * len(content))])) == ["E-WORKBOOK"]


def locked_files(folder: Path) -> list[Path]:
    """An XLSX under a password is an old container; other programs encrypt parts of the zip."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    xlsx = saved(folder, old + "EncryptedPackage".encode("utf-16-le") + bytes(500), "a.xlsx")
    ods = folder / "b.ods"
    with zipfile.ZipFile(ods, "w") as packed:
        packed.writestr("META-INF/manifest.xml", "<m:x opendocument.spreadsheet encryption-data>")
        packed.writestr("content.xml", b"\x01\x02")
    flagged = bytearray(workbook(folder / "c.xlsx").read_bytes())
    at = flagged.rindex(b"PK\x01\x02")
    flagged[at + 8] |= 1
    return [xlsx, ods, saved(folder, bytes(flagged), "c.xlsx")]


def test_005_a_workbook_with_a_password(tmp_path: Path, bench: Workbench) -> None:
    for file in locked_files(tmp_path):
        assert codes(bench, file) == ["E-LOCKED"], file.name


PAGE = (
    "<html><head><style>td {color: red}</style><script>var a = '<td>';</script></head><body>"
    "<table><tr><td>LAPORAN &amp; DATA</td></tr></table><table border=1>"
    "<tr>" + "".join(f"<th>{name}</th>" for name in HEAD) + "</tr>"
    + "".join("<tr>" + "".join(f"<td> {c}</td>" for c in row) + "</tr>\n" for row in ROWS)
    + "</table></body></html>"
)  # fmt: skip


def test_006_a_web_page_or_csv_saved_as_xls(tmp_path: Path, bench: Workbench) -> None:
    # A table of a page is read, since agencies' systems export nothing else; it is said.
    page = families(bench, saved(tmp_path, PAGE.encode(), "a.xls"))
    text = families(bench, saved(tmp_path, TEXT.encode(), "b.xls"))
    assert books(page) == books(text) == FIVE
    assert (notices(page), notices(text)) == (["W-WEBPAGE"], [])
    assert column(page, "head_name") == column(text, "head_name")
    assert column(page, "head_national_id") == column(text, "head_national_id")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (PAGE[:-40], "E-CUT"),
        (PAGE + PAGE, "E-TYPE"),
        (PAGE.replace("<td> K2", "<td rowspan=2> K2"), "E-TYPE"),
        (PAGE.replace("<td> K2", "<td><table><tr><td>K2</td></tr></table>"), "E-TYPE"),
        ("<html><body>Masuk kembali</body></html>", "E-TYPE"),
        ("<html><frameset><frame src=a.htm></frameset></html>", "E-TYPE"),
        ("<?xml version='1.0'?><Workbook/>", "E-TYPE"),
    ],
)
def test_006_a_web_page_whose_table_is_not_clear(
    tmp_path: Path, bench: Workbench, page: str, code: str
) -> None:
    assert codes(bench, saved(tmp_path, page.encode(), "a.xls")) == [code]


def test_006_rows_of_a_web_page_that_do_not_fit_the_header(
    tmp_path: Path, bench: Workbench
) -> None:
    page = PAGE.replace("<td> K2</td>", "").replace("<td> K4", "<td colspan=2> K4")
    listed = families(bench, saved(tmp_path, page.encode(), "a.xls"))
    assert books(listed) == (5, 3, 2, 0, 0)
    assert faults(listed) == [(3, None, "E-RAGGED"), (5, None, "E-RAGGED")]


@pytest.mark.parametrize(
    ("encoding", "shown", "said"),
    [("utf-8-sig", "utf-8", []), ("utf-16", "utf-16", []), ("utf-16-le", "utf-16", []),
     ("utf-16-be", "utf-16", []), ("cp1252", "cp1252", ["W-ENCODING"])],
)  # fmt: skip
def test_007_008_009_encodings(
    tmp_path: Path, bench: Workbench, encoding: str, shown: str, said: list[str]
) -> None:
    text = TEXT.replace("NAMA 2", "JOSÉ")
    listed = families(bench, csv_file(tmp_path, text, encoding=encoding))
    assert books(listed) == FIVE
    assert column(listed, "head_name")[3] == "JOSÉ"
    assert (listed.report.encoding, notices(listed)) == (shown, said)
    assert all("xxxÉ" in fault.id and "xxxÉ" in fault.en for fault in listed.report.notices)
    assert not any(nik(2) in fault.en for fault in listed.report.notices)


@pytest.mark.parametrize("spoiled", ["JOSÃ©", "KOTABARU Ã© ", "Â\xa0BANTEN", "â€œBARU"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_010_letters_that_were_spoiled_before(
    tmp_path: Path, bench: Workbench, spoiled: str, kind: str
) -> None:
    rows = [HEAD, ROWS[0], [*ROWS[1][:2], spoiled, *ROWS[1][3:]]]
    text = "\n".join(";".join(row) for row in rows) + "\n"
    file = (csv_file(tmp_path, text) if kind == "csv"
            else xlsx_file(tmp_path / "a.xlsx", {"A": rows}))  # fmt: skip
    listed = families(bench, file)
    assert books(listed) == (2, 2, 0, 0, 0)
    assert notices(listed) == ["W-MOJIBAKE"]


def test_010_letters_that_are_right_are_not_called_spoiled(
    tmp_path: Path, bench: Workbench
) -> None:
    text = TEXT.replace("NAMA 2", "ÃRICA Â José “x”")
    assert notices(families(bench, csv_file(tmp_path, text))) == []


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_011_012_separators(tmp_path: Path, bench: Workbench, sign: str) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT.replace(";", sign)))
    assert (books(listed), listed.report.delimiter) == (FIVE, sign)


@pytest.mark.parametrize(("above", "code"), [(0, None), (19, None), (20, "E-COLUMN")])
def test_013_titles_above_the_header(
    tmp_path: Path, bench: Workbench, above: int, code: str | None
) -> None:
    titles = [["DATA KEMISKINAN 2025"]] * above
    file = xlsx_file(tmp_path / "a.xlsx", {"A": [*titles, HEAD, *ROWS]})
    if code:
        (fault,) = {fault.code: fault for fault in refused(bench, file, "families")}.values()
        assert fault.code == code
        assert fault.row == 1
        return
    listed = families(bench, file)
    assert (listed.report.header_row, books(listed)) == (above + 1, FIVE)
    assert min(column(listed, "family_id")) == above + 2


TWO_ROWS = [
    [*HEAD, "Penerima", ""],
    ["", "", "", "", "", "L", "P"],
    *([*row, "1", "0"] for row in ROWS),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "merged"])
def test_014_a_header_of_two_rows(tmp_path: Path, bench: Workbench, kind: str) -> None:
    if kind == "csv":
        file = csv_file(tmp_path, "\n".join(";".join(row) for row in TWO_ROWS) + "\n")
    else:
        file = xlsx_file(tmp_path / "a.xlsx", {"A": TWO_ROWS})
    if kind == "merged":
        ranges = b'<mergeCells count="2"><mergeCell ref="F1:G1"/><mergeCell ref="A1:A2"/>'
        file = with_part(
            file, SHEET, lambda x: x.replace(b"</sheetData>", b"</sheetData>" + ranges
                                             + b"</mergeCells>"))  # fmt: skip
    (fault,) = refused(bench, file, "families")
    assert (fault.code, fault.row) == ("E-HEADER2", 1)
    assert "Penerima L" in fault.id


@pytest.mark.parametrize(
    "below", [["K1", nik(1), "A", "Kasemen", "Banten", "L", "P"], ["", "", "", "", "", "", "7"],
              ["JUMLAH", "", "", "", "", "", "P"]])  # fmt: skip
def test_014_a_column_without_a_name_makes_no_second_header(
    tmp_path: Path, bench: Workbench, below: list[str]
) -> None:
    rows = [TWO_ROWS[0], below, *TWO_ROWS[2:]]
    listed = families(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}))
    assert listed.report.rows == 6


def merged(path: Path, rows: Sequence[Sequence[str]], *ranges: str) -> Path:
    """A workbook with merged ranges."""
    cells = "".join(f'<mergeCell ref="{place}"/>' for place in ranges)
    part = f'</sheetData><mergeCells count="{len(ranges)}">{cells}</mergeCells>'
    return with_part(
        xlsx_file(path, {"Data": rows}),
        SHEET,
        lambda content: content.replace(b"</sheetData>", part.encode()),
    )


#: The district stands once for rows 2 to 4, row 5 has none, and row 6 has its own.
ONCE = [HEAD, ROWS[0], *([*row[:3], "", row[4]] for row in ROWS[1:4]), ROWS[4]]


def test_015_merged_cells_are_filled_inside_their_range_only(
    tmp_path: Path, bench: Workbench
) -> None:
    listed = families(bench, merged(tmp_path / "a.xlsx", ONCE, "D2:D4"))
    assert books(listed) == FIVE
    assert column(listed, "district_name") == {
        2: "Kasemen", 3: "Kasemen", 4: "Kasemen", 5: None, 6: "Kasemen"}  # fmt: skip
    assert notices(listed) == ["W-MERGED"]
    assert "2 cells" in listed.report.notices[0].en


def test_015_a_blank_row_in_a_merged_range_stays_blank(tmp_path: Path, bench: Workbench) -> None:
    rows = [*ONCE[:2], [], *ONCE[3:]]
    listed = families(bench, merged(tmp_path / "a.xlsx", rows, "D2:D4"))
    assert books(listed) == (5, 4, 0, 0, 1)
    assert "1 cells" in listed.report.notices[0].en


def test_015_titles_that_are_merged_are_not_written_into_the_rows(
    tmp_path: Path, bench: Workbench
) -> None:
    listed = families(bench, merged(tmp_path / "a.xlsx", ONCE, "D1:D3"))
    assert column(listed, "district_name")[3] is None
    assert notices(listed) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_016_blank_lines_keep_the_numbers(tmp_path: Path, bench: Workbench, kind: str) -> None:
    rows: list[Sequence[str]] = [HEAD, ROWS[0], [], ["", " "] + [""] * 3, ROWS[1], ROWS[2][:2]]
    if kind == "csv":
        file = csv_file(tmp_path, "\n".join(";".join(row) for row in rows) + "\n")
        listed = families(bench, file)
        assert faults(listed) == [(6, None, "E-RAGGED")]
        assert books(listed) == (5, 2, 1, 0, 2)
    else:  # a sheet has as many cells in each row
        listed = families(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}))
        assert books(listed) == (5, 3, 0, 0, 2)
    assert sorted(column(listed, "family_id"))[:2] == [2, 5]


@pytest.mark.parametrize(
    "words",
    ["JUMLAH", "Total :", " grand total", "Sub Jumlah", "Jumlah Kelurahan Banten", "TOTAL KK",
     "Jumlah Kec. Kasemen", "sub-total desa"],
)  # fmt: skip
def test_017_a_total_row(tmp_path: Path, bench: Workbench, words: str) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT + f";{words};;;\n"))
    assert books(listed) == (6, 5, 1, 0, 0)
    assert faults(listed) == [(7, None, "E-TOTALROW")]


@pytest.mark.parametrize("name", ["TOTALIA", "JUMLAH HASAN", "Total Prima"])
def test_017_a_name_is_no_total(tmp_path: Path, bench: Workbench, name: str) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT.replace("K3", name)))
    assert books(listed) == FIVE


def test_017_who_has_the_name_of_a_total_is_no_total(tmp_path: Path, bench: Workbench) -> None:
    text = f"Nama;NIK;No KK;Kelurahan\nTotal;{nik(1)};;\nJumlah KK;;{kk(2)};\nTotal;12;;2\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments", program="PKH")
    assert books(listed) == (3, 2, 1, 0, 0)
    assert column(listed, "name") == {2: "Total", 3: "Jumlah KK"}
    assert faults(listed) == [(4, None, "E-TOTALROW")]


def test_017_a_note_in_the_column_of_codes_is_no_village(tmp_path: Path, bench: Workbench) -> None:
    head = "village_code;family_id;head_name;rt"
    lines = ["36.73.02.1001;K1;SITI;1", "Catatan: data 2025;;;", "36.73.02.1001;;;"]
    listed = families(bench, csv_file(tmp_path, "\n".join([head, *lines]) + "\n"))
    assert books(listed) == (3, 2, 1, 0, 0)
    assert (3, None, "E-NOTE") in faults(listed)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("again", [HEAD, [name.upper() for name in HEAD], ["", *HEAD[1:3], "", ""]])
def test_017_the_header_of_another_page(
    tmp_path: Path, bench: Workbench, again: list[str], kind: str
) -> None:
    rows = [HEAD, *ROWS[:3], again, *ROWS[3:]]
    file = (csv_file(tmp_path, "\n".join(";".join(row) for row in rows) + "\n") if kind == "csv"
            else xlsx_file(tmp_path / "a.xlsx", {"A": rows}))  # fmt: skip
    listed = families(bench, file)
    assert books(listed) == (6, 5, 1, 0, 0)
    assert faults(listed) == [(5, None, "E-NOTE")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "numbering",
    [["(1)", "(2)", "(3)", "(4)", "(5)"], ["1", "2", "3", "4", "5"], ["", "1.", "2.", "3.", ""]],
    ids=["brackets", "bare", "some"],
)
def test_017_a_row_that_numbers_the_columns(
    tmp_path: Path, bench: Workbench, numbering: list[str], kind: str
) -> None:
    rows = [HEAD, numbering, *ROWS]
    file = (csv_file(tmp_path, "\n".join(";".join(row) for row in rows) + "\n") if kind == "csv"
            else xlsx_file(tmp_path / "a.xlsx", {"A": rows}))  # fmt: skip
    listed = families(bench, file)
    assert books(listed) == (6, 5, 1, 0, 0)
    assert faults(listed) == [(2, None, "E-NOTE")]


@pytest.mark.parametrize(
    "numbering", [["1", "", "", "", ""], ["2", "1", "3", "4", "5"], ["1", "2", "3", "A", "5"]]
)
def test_017_numbers_that_are_no_numbering_stay(
    tmp_path: Path, bench: Workbench, numbering: list[str]
) -> None:
    text = "\n".join([HEADER, ";".join(numbering), *LINES]) + "\n"
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == (6, 6, 0, 0, 0)
    assert 2 in column(listed, "family_id")


@pytest.mark.parametrize(
    "cells",
    [
        {0: "Sumber: Dinas Sosial"}, {1: "Serang, 12 September 2025"},
        {4: "Kelurahan Banten"}, {1: "NIP. 1970", 2: "Drs. H. ANU"}, {0: "Mengetahui,"},
        {0: "Kepala Dinas", 2: "Kepala Desa"},
    ],
    ids=["source", "day", "village", "signature", "one-word", "two-signatures"],
)  # fmt: skip
def test_017_notes_and_signatures_are_no_families(
    tmp_path: Path, bench: Workbench, cells: dict[int, str]
) -> None:
    note = ";".join(cells.get(position, "") for position in range(5))
    listed = families(bench, csv_file(tmp_path, TEXT + f";;;;\n{note}\n"))
    assert books(listed) == (7, 5, 1, 0, 1)
    assert faults(listed) == [(8, None, "E-NOTE")]


@pytest.mark.parametrize(
    "note", [";;SITI;;", ";;Kepala;Kasemen;", ";;;Kecamatan Kasemen;", ";12;;;"]
)
def test_017_what_holds_no_key_at_all_is_called_so(
    tmp_path: Path, bench: Workbench, note: str
) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT + note + "\n"))
    assert books(listed) == (6, 5, 1, 0, 0)
    assert faults(listed) == [(7, None, "E-NOTHING")]


@pytest.mark.parametrize(
    ("row", "values"),
    [("K9;;;;", "K9"), (f";{nik(9)};;;", None), (";;SITI;;Banten", None),
     ("K9;12;;;", "K9"), (";;SITI;Kasemen;Banten", None)],
    ids=["id", "nik", "name-and-village", "id-and-bad-nik", "no-number"],
)  # fmt: skip
def test_017_a_family_of_which_little_is_known_is_still_seen(
    tmp_path: Path, bench: Workbench, row: str, values: str | None
) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT + row + "\n"))
    assert books(listed) == (6, 6, 0, 0, 0)
    assert column(listed, "family_id")[7] == (values or "list.csv#7")


@pytest.mark.parametrize(
    ("line", "code"),
    [("SITI;;;;", "E-NOTHING"), ("Kepala Dinas;;;;", "E-NOTE"), ("SITI;12;;;", "E-NOTHING"),
     ("SITI;;;;1/10/2025", None), ("SITI;;Kasemen;Banten;", None), (f";{nik(9)};;;", None)],
)  # fmt: skip
def test_017_a_recipient_of_whom_little_is_known_is_still_counted(
    tmp_path: Path, bench: Workbench, line: str, code: str | None
) -> None:
    text = f"NAMA;NIK;KECAMATAN;KELURAHAN;TANGGAL\nA;{nik(1)};Kasemen;Banten;1/9/2025\n{line}\n"
    listed = read(bench, csv_file(tmp_path, text), "packages")
    assert books(listed) == (2, 1 + (code is None), int(code is not None), 0, 0)
    assert code is None or faults(listed) == [(3, None, code)]


def test_018_a_column_that_occurs_twice(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace("head_name", "Head National ID")
    (fault,) = refused(bench, csv_file(tmp_path, text), "families")
    assert (fault.code, fault.row) == ("E-DUPCOL", 1)
    assert "di kolom B, C;" in fault.id


def test_019_a_needed_column_that_is_missing(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace("family_id", "famili_id")
    (fault,) = refused(bench, csv_file(tmp_path, text), "families")
    assert (fault.code, fault.row) == ("E-COLUMN", 1)
    assert "family_id" in fault.en
    assert "famili_id" in fault.en


def test_020_columns_that_nobody_asked_for(tmp_path: Path, bench: Workbench) -> None:
    lines = [f"{line};0812" for line in LINES]
    text = "\n".join([HEADER + ";nomor_hp", *lines]) + "\n"
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == FIVE
    assert list(listed.report.ignored) == ["nomor_hp"]
    assert "nomor_hp" not in listed.table.columns


@pytest.mark.parametrize("row", [2, 4])
def test_021_022_a_row_with_a_cell_too_many(tmp_path: Path, bench: Workbench, row: int) -> None:
    # No reader of ours shifts columns, so the first row costs no more than a later one.
    lines = [HEADER, *LINES]
    lines[row - 1] = lines[row - 1].replace("Kasemen", "Kasemen;RT 01")
    listed = families(bench, csv_file(tmp_path, "\n".join(lines) + "\n"))
    assert books(listed) == (5, 4, 1, 0, 0)
    assert faults(listed) == [(row, None, "E-RAGGED")]
    assert row not in column(listed, "family_id")


@pytest.mark.parametrize(
    ("of_header", "of_rows", "accepted"),
    [("", ";", 5), ("", ";;", 5), (";", "", 5), (";", ";", 5), ("", ";x", 0), (";x", "", 0)],
)
def test_022_separators_at_the_end_part_nothing(
    tmp_path: Path, bench: Workbench, of_header: str, of_rows: str, accepted: int
) -> None:
    text = "\n".join([HEADER + of_header, *(line + of_rows for line in LINES)]) + "\n"
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == (5, accepted, 5 - accepted, 0, 0)
    assert [row for row, _, _ in faults(listed)] == ([] if accepted else [2, 3, 4, 5, 6])


def test_023_a_quote_that_is_not_closed(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace("NAMA 3", '"NAMA 3')
    (fault,) = refused(bench, csv_file(tmp_path, text), "families")
    assert (fault.code, fault.row) == ("E-QUOTE", 4)


def test_024_a_line_break_inside_a_cell(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace("NAMA 3", '"NAMA\r\n3"')
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == FIVE
    assert column(listed, "head_name") == {
        2: "NAMA 1", 3: "NAMA 2", 4: "NAMA 3", 6: "NAMA 4", 7: "NAMA 5"}  # fmt: skip


def test_025_nul_and_control_characters(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace("NAMA 3", "NA\x00MA\x07 3\x1b")
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == FIVE
    assert column(listed, "head_name")[4] == "NA MA  3"
    assert notices(listed) == ["W-CONTROL"]
    assert listed.report.notices[0].en.startswith("3 ")


def formulas(book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 2, "=A1")  # a placeholder 0: no spreadsheet has calculated it
    sheet.write_formula(2, 2, "=A1", value="NAMA 2")
    sheet.write_formula(3, 2, '=IF(A1="","",A1)', value="#N/A")
    sheet.write_formula(4, 2, "=A1", value="#REF!")


def test_026_027_formulas_without_a_value_and_errors(tmp_path: Path, bench: Workbench) -> None:
    # The smallest thing is set aside: the cell, not the row.
    listed = families(bench, workbook(tmp_path / "a.xlsx", formulas))
    assert books(listed) == FIVE
    assert faults(listed) == [
        (2, "head_name", "E-FORMULA"), (4, "head_name", "E-CELL-ERROR"),
        (5, "head_name", "E-CELL-ERROR")]  # fmt: skip
    assert column(listed, "head_name") == {
        2: None, 3: "NAMA 2", 4: None, 5: None, 6: "NAMA 5"}  # fmt: skip


@pytest.mark.parametrize("value", [b"", b"<v></v>", b"<v/>"])
def test_026_formulas_as_other_programs_leave_them(
    tmp_path: Path, bench: Workbench, value: bytes
) -> None:
    def change(content: bytes) -> bytes:
        row = b'<row r="7">' + b"".join(
            b'<c r="%b7"><f>A6</f>%b</c>' % (letter, value) for letter in (b"A", b"B", b"C")
        )
        return content.replace(b"</sheetData>", row + b"</row></sheetData>")

    listed = families(bench, with_part(workbook(tmp_path / "a.xlsx"), SHEET, change))
    assert books(listed) == (6, 5, 1, 0, 0)  # not blank: somebody is in row 7
    assert faults(listed) == [(7, None, "E-NOTHING")]


def test_026_an_empty_text_that_was_calculated_is_no_fault(
    tmp_path: Path, bench: Workbench
) -> None:
    def change(content: bytes) -> bytes:
        cell = b'<row r="7"><c r="A7" t="str"><f>IF(A6="","",A6)</f><v></v></c></row>'
        return content.replace(b"</sheetData>", cell + b"</sheetData>")

    listed = families(bench, with_part(workbook(tmp_path / "a.xlsx"), SHEET, change))
    assert faults(listed) == []
    assert books(listed)[1:3] == (5, 0)


def test_027_errors_of_a_csv_are_no_numbers(tmp_path: Path, bench: Workbench) -> None:
    text = TEXT.replace(nik(3), "#REF!").replace(nik(4), "#N/A")
    listed = families(bench, csv_file(tmp_path, text))
    assert books(listed) == FIVE
    assert faults(listed) == [
        (4, "head_national_id", "E-NIK-CHAR"), (5, "head_national_id", "E-NIK-CHAR")]  # fmt: skip


def hide(book: Any, sheet: Any) -> None:
    sheet.autofilter(0, 0, 5, 4)
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_row(4, None, None, {"hidden": True})
    book.add_worksheet("Rahasia").hide()


def test_028_hidden_rows_and_sheets_are_said(tmp_path: Path, bench: Workbench) -> None:
    listed = families(bench, workbook(tmp_path / "a.xlsx", hide))
    assert books(listed) == FIVE
    assert notices(listed) == ["W-HIDDEN-ROWS", "W-HIDDEN-SHEET"]
    assert "2 hidden" in listed.report.notices[0].en
    assert "Rahasia" in listed.report.notices[1].id
    assert listed.report.sheet == "Data"


def test_029_several_sheets(tmp_path: Path, bench: Workbench) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"Kasemen": [HEAD, *ROWS], "Curug": [HEAD, ROWS[0]]})
    assert codes(bench, file) == ["E-SHEET"]
    assert books(families(bench, file, sheet="Curug")) == (1, 1, 0, 0, 0)


@pytest.mark.parametrize("name", ["NA", "NULL", "None", "nan"])
def test_030_villages_whose_name_looks_like_nothing(
    tmp_path: Path, bench: Workbench, name: str
) -> None:
    listed = families(bench, csv_file(tmp_path, TEXT.replace("Banten", name)))
    assert books(listed) == FIVE
    assert set(column(listed, "village_name").values()) == {name}


def test_032_billion_laughs(tmp_path: Path, bench: Workbench) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 1000 + b'">]>'

    def change(content: bytes) -> bytes:
        head, body = content.split(b"?>", 1)
        return head + b"?>" + laughs + body.replace(b"NAMA 1", b"&b;" * 1000)

    file = with_part(workbook(tmp_path / "a.xlsx"), "xl/sharedStrings.xml", change)
    assert codes(bench, file) == ["E-WORKBOOK"]


@pytest.mark.parametrize("names", [["../../a.csv"], ["/etc/a.csv"], ["a.shp", "b.shp"], ["a.csv"]])
def test_033_034_a_zip_is_no_list_and_is_never_unpacked(
    tmp_path: Path, bench: Workbench, names: list[str]
) -> None:
    # Shapefiles in a zip are boundaries; their names are looked at there (E-ZIP).
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            packed.writestr(name, TEXT)
    assert codes(bench, file) == ["E-TYPE"]
    assert list(tmp_path.iterdir()) == [file]


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.7\n", "PDF"), (b'{"a": 1}', "JSON"), (b"\x89PNG\r\n", "PNG"),
     (b"{\\rtf1", "RTF"), (b"\x1f\x8b\x08\x00", "gzip"), (b"7z\xbc\xaf\x27\x1c", "7z"),
     (b"SQLite format 3\x00" + bytes(5000), None),
     (OLD + "_VBA_PROJECT".encode("utf-16-le"), "XLS")],
)  # fmt: skip
def test_035_other_kinds_of_files(
    tmp_path: Path, bench: Workbench, content: bytes, kind: str | None
) -> None:
    (fault,) = refused(bench, saved(tmp_path, content, "a.xlsx"), "families")
    if kind is None:
        assert fault.code in {"E-TYPE", "E-WORKBOOK"}
    else:
        assert fault.code == "E-TYPE"
        assert kind in fault.id
        assert kind in fault.en


@pytest.mark.parametrize(
    ("part", "kind"), [("xl/vbaProject.bin", "XLSM"), ("word/document.xml", "DOCX")]
)
def test_035_macros_and_documents(tmp_path: Path, bench: Workbench, part: str, kind: str) -> None:
    file = workbook(tmp_path / "a.xlsx")
    if kind == "DOCX":
        file.unlink()
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("[Content_Types].xml", "")
    (fault,) = refused(bench, with_part(file, part, lambda _: b"x"), "families")
    assert fault.code == "E-TYPE"
    assert kind in fault.id


def test_036_the_same_file_twice_says_the_same(tmp_path: Path, bench: Workbench) -> None:
    # That it was imported already is known where runs are known, by its sha256.
    doubled = "\n".join([HEADER, *LINES, *LINES]) + "\n"
    assert books(families(bench, csv_file(tmp_path, doubled))) == (10, 5, 0, 5, 0)
    first, again = (families(bench, csv_file(tmp_path, TEXT)) for _ in range(2))
    assert by_number(first) == by_number(again)


def test_037_the_same_rows_in_another_order_and_format(tmp_path: Path, bench: Workbench) -> None:
    def seen(listed: AgencyList) -> set[tuple[Any, ...]]:
        assert books(listed) == FIVE
        return {tuple(row[name] for name in HEAD) for row in listed.table.rows()}

    table = arrow_csv.read_csv(
        pa.BufferReader(TEXT.encode()),
        parse_options=arrow_csv.ParseOptions(delimiter=";"),
        convert_options=arrow_csv.ConvertOptions(column_types={n: pa.string() for n in HEAD}),
    )
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    turned = csv_file(tmp_path, "\n".join([HEADER, *reversed(LINES)]) + "\n", name="b.csv")
    files = [csv_file(tmp_path, TEXT), turned, workbook(tmp_path / "a.xlsx"),
             tmp_path / "a.parquet"]  # fmt: skip
    assert len({frozenset(seen(families(bench, file))) for file in files}) == 1


@pytest.mark.parametrize("name", ["a.csv.part", "a.crdownload", "~$a.xlsx", ".~lock.a.ods#"])
def test_038_a_file_that_is_not_whole_yet(tmp_path: Path, bench: Workbench, name: str) -> None:
    assert codes(bench, saved(tmp_path, TEXT.encode(), name)) == ["E-CHANGING"]


def test_038_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = csv_file(tmp_path, TEXT)
    opened = readers._opened

    def slowly(path: Path, head: bytes, sheet: str | None) -> readers.Grid:
        grid = opened(path, head, sheet)
        with path.open("ab") as more:
            more.write(b"K6")
        return grid

    monkeypatch.setattr(readers, "_opened", slowly)
    with pytest.raises(DataRefusedError, match="E-CHANGING"):
        read_grid(file)


def test_039_two_million_rows(tmp_path: Path) -> None:
    # Held to the rows here; seconds and memory of whole lists are measured in benchmarks.
    file = tmp_path / "a.csv"
    block = "".join(f"K{i};Kasemen;Banten\n" for i in range(20_000))
    with file.open("w") as opened:
        opened.write("family_id;district_name;village_name\n")
        for _ in range(100):
            opened.write(block)
    begun = process_time()
    pieces = list(read_grid(file).pieces(1, 3))
    assert sum(len(body.numbers) for body in pieces) == 2_000_000
    assert int(pieces[-1].numbers[-1]) == 2_000_001
    assert not any(body.blank for body in pieces)
    assert process_time() - begun < 20
    assert threading.active_count() < 20


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name", ["..;a.csv", "a\nb.csv", "x" * 240 + ".csv", "<b>a.csv", "=1+1.csv", "....csv"]
)
def test_040_odd_names_of_files(tmp_path: Path, bench: Workbench, name: str) -> None:
    listed = families(bench, saved(tmp_path, TEXT.encode(), name))
    assert books(listed) == FIVE
    assert listed.report.file == name
    (fault,) = refused(bench, saved(tmp_path, b"a;b\n1;2\n", name))
    assert "\n" not in fault.text("en")
