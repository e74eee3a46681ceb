"""What becomes of a list: each case by its outcome, its code, its row, and balanced books."""

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from geo_target.errors import BalanceError, DataRefusedError
from geo_target.intake import profiles, workbooks
from geo_target.intake.lists import AgencyList, IntakeReport, read_list
from geo_target.workbench import Workbench
from tests.builders import kk, nik

DAY = date(2025, 10, 1)


def csv_file(folder: Path, text: str, *, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def xlsx_file(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], hidden: str = "") -> Path:
    """A workbook; a number in a row becomes a number cell, a text a text cell."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif isinstance(cell, datetime):
                    style = book.add_format({"num_format": "dd/mm/yyyy"})
                    sheet.write_datetime(number, column, cell, style)
                elif cell:
                    sheet.write_string(number, column, cell)
        if name == hidden:
            sheet.hide()
    book.close()
    return path


def read(bench: Workbench, file: Path, profile: str | None = None, **options: Any) -> AgencyList:
    layout = profiles.profile_named(profile) if profile else None
    return read_list(bench, file, profile=layout, as_of=DAY, **options)


def books(listed: AgencyList) -> tuple[int, int, int, int, int]:
    """Rows, accepted, quarantined, duplicates, blank; held to their sum."""
    report = listed.report
    counts = (report.accepted, report.quarantined, report.duplicates, report.blank)
    assert report.rows == sum(counts)
    assert report.accepted == len(listed.table)
    assert report.quarantined == sum(report.reasons.values())
    return report.rows, *counts


def faults(listed: AgencyList) -> list[tuple[int, str | None, str]]:
    found = [(fault["row"], fault["column"], fault["code"]) for fault in listed.faults.rows()]
    assert len(found) == listed.report.quarantined + sum(listed.report.set_aside.values())
    return found


def column(listed: AgencyList, name: str) -> dict[int, Any]:
    """Values of a column by row number."""
    return {row["row"]: row[name] for row in listed.table.rows()}


def refused(bench: Workbench, file: Path, profile: str | None = None, **options: Any) -> Any:
    with pytest.raises(DataRefusedError) as caught:
        read(bench, file, profile, **options)
    for fault in caught.value.faults:
        assert fault.file == file.name
        assert "/" not in fault.text("id").split(" ")[0]  # the name, no path of the machine
    return caught.value.faults


# ------------------------------------------------------------------------- header and columns

P3KE = ["ID Keluarga P3KE", "NIK Kepala Keluarga", "Kecamatan", "Desa/Kelurahan"]


def test_a_header_in_row_13_of_a_workbook(tmp_path: Path, bench: Workbench) -> None:
    rows = [["DATA P3KE"], [], ["PROVINSI", "BANTEN"], *[[]] * 9, P3KE,
            ["K1", nik(1), "Kasemen", "Banten"], [],
            ["K2", nik(2), "Kasemen", "Bendung"]]  # fmt: skip
    listed = read(bench, xlsx_file(tmp_path / "a.xlsx", {"Data": rows}))
    assert (listed.report.profile, listed.report.header_row) == ("p3ke-family", 13)
    assert books(listed) == (3, 2, 0, 0, 1)
    assert column(listed, "head_national_id") == {14: nik(1), 16: nik(2)}


def test_a_needed_column_that_is_missing_names_what_was_found(
    tmp_path: Path, bench: Workbench
) -> None:
    file = csv_file(tmp_path, "Nama;Kecamatan;Desa\nA;Kasemen;Banten\n")
    (fault,) = refused(bench, file, "p3ke-family")
    assert (fault.code, fault.row) == ("E-COLUMN", 1)
    for text in (fault.id, fault.en):
        assert "ID Keluarga P3KE" in text
        assert "Nama, Kecamatan, Desa" in text


def test_every_missing_column_is_named_at_once(tmp_path: Path, bench: Workbench) -> None:
    found = refused(bench, csv_file(tmp_path, "family_id;x\nK1;1\n"), "points")
    assert [fault.code for fault in found] == ["E-COLUMN", "E-COLUMN"]
    assert "lon" in found[0].en
    assert "lat" in found[1].en


def test_a_column_that_occurs_twice(tmp_path: Path, bench: Workbench) -> None:
    file = csv_file(tmp_path, f"nik;nama;NIK\n{nik(1)};A;{nik(2)}\n")
    (fault,) = refused(bench, file, "enrollments")
    assert (fault.code, fault.row) == ("E-DUPCOL", 1)


def test_a_repeated_column_that_nobody_reads_does_no_harm(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, csv_file(tmp_path, f"nik;ket;ket\n{nik(1)};a;b\n"), "enrollments")
    assert books(listed) == (1, 1, 0, 0, 0)
    assert list(listed.report.ignored) == ["ket", "ket"]


def test_an_unknown_layout_shows_its_columns(tmp_path: Path, bench: Workbench) -> None:
    (fault,) = refused(bench, csv_file(tmp_path, "merah;kuning\n1;2\n"))
    assert fault.code == "E-LAYOUT"
    assert "kolom yang dikenal: -;" in fault.id
    (fault,) = refused(bench, csv_file(tmp_path, "KECAMATAN;merah;KELURAHAN;kuning\n1;2;3;4\n"))
    assert "KECAMATAN, merah, KELURAHAN, kuning" in fault.id


@pytest.mark.parametrize("profile", [None, "families", "siks-recipients"])
def test_a_row_of_a_person_is_never_shown_as_headers(
    tmp_path: Path, bench: Workbench, profile: str | None
) -> None:
    rows = [f"{nik(i)};SITI AMINAH;JL MAWAR {i};2000-01-01;PKH;BPNT" for i in (1, 2)]
    for text in ("\n".join(rows), "\n".join(row[17:] for row in rows)):
        said = " ".join(fault.id + fault.en for fault in refused(
            bench, csv_file(tmp_path, text), profile))  # fmt: skip
        assert not [word for word in ("SITI", "MAWAR", "2000", nik(1)[-4:]) if word in said]


# ------------------------------------------------------------------------------------- rows

HEAD = "family_id;head_national_id;district_name;village_name;income_rupiah_per_month"
GOOD = [f"K{i};{nik(i)};Kasemen;Banten;400000" for i in range(10)]


@pytest.mark.parametrize(
    ("lines", "expected", "found"),
    [
        ([GOOD[1], GOOD[2]], (2, 2, 0, 0, 0), []),
        ([GOOD[1], "", ";;;;", " ; ;;;", GOOD[2]], (5, 2, 0, 0, 3), []),
        ([GOOD[1], "K2;x", GOOD[3]], (3, 2, 1, 0, 0), [(3, None, "E-RAGGED")]),
        ([GOOD[1], GOOD[2] + ";x", "", GOOD[3]], (4, 2, 1, 0, 1), [(3, None, "E-RAGGED")]),
        ([GOOD[1], GOOD[1], GOOD[1], GOOD[2]], (4, 2, 0, 2, 0), []),
        ([GOOD[1], " " + GOOD[1] + " "], (2, 1, 0, 1, 0), []),
        ([GOOD[1], "JUMLAH;;;;800000"], (2, 1, 1, 0, 0), [(3, None, "E-TOTALROW")]),
        ([GOOD[1], ";Grand Total :;;;800000"], (2, 1, 1, 0, 0), [(3, None, "E-TOTALROW")]),
        ([GOOD[1], ";;Kasemen;;400000"], (2, 1, 1, 0, 0), [(3, None, "E-NOTHING")]),
        ([GOOD[1], f"K1;{nik(9)};Kasemen;Banten;1"], (2, 1, 1, 0, 0), [(3, None, "E-ID-TWICE")]),
        ([GOOD[1], f";{nik(2)};Kasemen;Banten;"], (2, 2, 0, 0, 0),
         [(3, "family_id", "E-ID-BLANK")]),
        ([GOOD[1], "K2;KOSONG;Kasemen;Banten;"], (2, 2, 0, 0, 0), []),
        ([GOOD[1], "K2;0;Kasemen;Banten;"], (2, 2, 0, 0, 0),
         [(3, "head_national_id", "E-NIK-LEN")]),
    ],
    ids=["plain", "blank", "short", "long", "copies", "copy-with-blanks", "total", "grand-total",
         "nothing", "id-twice", "no-id", "kosong", "nik-zero"],
)  # fmt: skip
def test_what_becomes_of_rows(
    tmp_path: Path,
    bench: Workbench,
    lines: list[str],
    expected: tuple[int, ...],
    found: list[tuple[int, str | None, str]],
) -> None:
    listed = read(bench, csv_file(tmp_path, "\n".join([HEAD, *lines]) + "\n"), "families")
    assert books(listed) == expected
    assert faults(listed) == found


def test_a_family_without_an_id_stays_visible_under_its_row(
    tmp_path: Path, bench: Workbench
) -> None:
    text = f"{HEAD}\n{GOOD[1]}\n;;Kasemen;Banten;400000\n;{nik(5)};Kasemen;Banten;400000\n"
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert column(listed, "family_id") == {2: "K1", 3: "list.csv#3", 4: "list.csv#4"}


def test_kosong_is_no_number_and_no_fault(tmp_path: Path, bench: Workbench) -> None:
    text = f"{HEAD}\nK1;Kosong;Kasemen;Banten;400000\nK2;tidak ada;Kasemen;Banten;400000\n"
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert column(listed, "head_national_id") == {2: None, 3: None}
    assert not listed.report.set_aside


@pytest.mark.parametrize("word", ["NA", "NULL", "None", "nan", "NaN", "-", "#N/A", "TRUE"])
def test_a_village_of_any_name_stays_text(tmp_path: Path, bench: Workbench, word: str) -> None:
    text = f"{HEAD}\nK1;{nik(1)};{word};{word};400000\n"
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert column(listed, "village_name") == {2: word}
    book = xlsx_file(tmp_path / "a.xlsx", {"A": [line.split(";") for line in text.split()]})
    assert column(read(bench, book, "families"), "village_name") == {2: word}


def test_a_line_break_in_an_address_moves_the_numbers_below(
    tmp_path: Path, bench: Workbench
) -> None:
    text = (
        "family_id;address;district_name;village_name\n"
        'K1;"KP. BARU\r\nRT 01";Kasemen;Banten\n'
        "K2;JL A;Kasemen;Banten\n"
        'K3;"KP. ""LAMA""\nRT 2\nRW 3";Kasemen;Banten\n'
        "K4;x\n"
        "K5;JL B;Kasemen;Banten\n"
    )
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert books(listed) == (5, 4, 1, 0, 0)
    assert faults(listed) == [(8, None, "E-RAGGED")]
    assert column(listed, "family_id") == {2: "K1", 4: "K2", 5: "K3", 9: "K5"}
    address = column(listed, "address")
    assert address[5] == 'KP. "LAMA" RT 2 RW 3'
    assert "\n" not in address[2]


def test_a_header_with_a_line_break(tmp_path: Path, bench: Workbench) -> None:
    text = '"family\nid";district_name;village_name\nK1;Kasemen;Banten\n'
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert column(listed, "family_id") == {3: "K1"}


# ------------------------------------------------------------------- separators and encodings


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings(
    tmp_path: Path, bench: Workbench, sign: str, encoding: str
) -> None:
    rows = ["family_id;head_name;district_name;village_name", "K1;José;Kasemen;Banten"]
    text = "\r\n".join(rows).replace(";", sign) + "\r\n"
    listed = read(bench, csv_file(tmp_path, text, encoding=encoding), "families")
    assert column(listed, "head_name") == {2: "José"}
    assert listed.report.delimiter == sign
    assert listed.report.encoding == encoding.removesuffix("-sig")
    assert books(listed) == (1, 1, 0, 0, 0)


def test_commas_of_addresses_do_not_pass_for_the_separator(
    tmp_path: Path, bench: Workbench
) -> None:
    text = (
        "family_id;address;district_name;village_name\n"
        "K1;KP. BARU, RT 1, RW 2, KEL. BANTEN, SERANG;Kasemen;Banten\n"
        "K2;JL. A, NO. 1, GG. B, RT 3, RW 4, SERANG;Kasemen;Banten\n"
    )
    listed = read(bench, csv_file(tmp_path, text), "families")
    assert listed.report.delimiter == ";"
    assert books(listed) == (2, 2, 0, 0, 0)


def test_a_bom_before_cp1252_is_no_part_of_the_header(tmp_path: Path, bench: Workbench) -> None:
    file = tmp_path / "a.csv"
    body = "family_id;head_name;district_name;village_name\nK1;José;Kasemen;Banten\n"
    file.write_bytes(b"\xef\xbb\xbf" + body.encode("cp1252"))
    assert column(read(bench, file, "families"), "head_name") == {2: "José"}


# ---------------------------------------------------------------------------- refused files


def test_a_file_whose_last_line_is_cut(tmp_path: Path, bench: Workbench) -> None:
    text = "\n".join([HEAD, *GOOD[:5]])
    whole = read(bench, csv_file(tmp_path, text), "families")
    assert books(whole) == (5, 5, 0, 0, 0)
    (fault,) = refused(bench, csv_file(tmp_path, text[:-20]), "families")
    assert fault.code == "E-CUT"


def test_a_short_row_in_the_middle_does_not_look_cut(tmp_path: Path, bench: Workbench) -> None:
    listed = read(bench, csv_file(tmp_path, "\n".join([HEAD, "K8;x", *GOOD[1:3]])), "families")
    assert faults(listed) == [(2, None, "E-RAGGED")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "E-EMPTY"), (b" \r\n\r\n", "E-EMPTY"), (b"\xef\xbb\xbf", "E-EMPTY"),
     (b";;;\n;;;\n", "E-EMPTY"), (HEAD.encode(), "E-NOROWS"),
     (HEAD.encode() + b"\n\n;;;;\n", "E-NOROWS"),
     (b"<html><table><tr><td>NIK</td></tr></table></html>", "E-TYPE"),
     (b"\xef\xbb\xbf\n<?xml version='1.0'?><x/>", "E-TYPE"), (b"%PDF-1.7\n", "E-TYPE"),
     (b'{"nik": 1}', "E-TYPE"), (HEAD.encode() + b'\nK1;"x;Kasemen;Banten;1\n', "E-QUOTE"),
     (b"a\x81;b\xff\n1;2\n", "E-ENCODING"), (b"PK\x03\x04" + bytes(100), "E-WORKBOOK"),
     (b"PAR1" + bytes(100), "E-PARQUET"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "E-WORKBOOK")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["list.xls", "list.csv"])
def test_files_that_are_refused_whatever_their_name(
    tmp_path: Path, bench: Workbench, content: bytes, code: str, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert [fault.code for fault in refused(bench, file, "families")] == [code]


def test_a_missing_file_and_a_folder(tmp_path: Path, bench: Workbench) -> None:
    assert refused(bench, tmp_path / "none.csv")[0].code == "E-FILE"
    assert refused(bench, tmp_path)[0].code == "E-FILE"


def test_an_open_quote_is_named_with_its_row(tmp_path: Path, bench: Workbench) -> None:
    text = "\n".join([HEAD, GOOD[1], 'K2;"x;Kasemen;Banten;1', GOOD[3], GOOD[4]]) + "\n"
    (fault,) = refused(bench, csv_file(tmp_path, text), "families")
    assert (fault.code, fault.row) == ("E-QUOTE", 3)


# -------------------------------------------------------------------------------- workbooks

SHEET = [line.split(";") for line in (HEAD, GOOD[1], GOOD[2])]


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_a_truncated_workbook(tmp_path: Path, bench: Workbench, kept: float) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"A": SHEET})
    content = file.read_bytes()
    file.write_bytes(content[: int(kept * len(content))])
    assert refused(bench, file, "families")[0].code == "E-WORKBOOK"


def test_a_workbook_with_two_visible_sheets(tmp_path: Path, bench: Workbench) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"Kasemen": SHEET, "Curug": SHEET[:2]})
    (fault,) = refused(bench, file, "families")
    assert fault.code == "E-SHEET"
    assert "Kasemen, Curug" in fault.id
    assert refused(bench, file, "families", sheet="Serang")[0].code == "E-SHEET"
    listed = read(bench, file, "families", sheet="Curug")
    assert (listed.report.sheet, books(listed)) == ("Curug", (1, 1, 0, 0, 0))


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path: Path, bench: Workbench) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"A": SHEET, "B": SHEET[:2]}, hidden="B")
    assert read(bench, file, "families").report.sheet == "A"
    assert books(read(bench, file, "families", sheet="B")) == (1, 1, 0, 0, 0)


def test_an_empty_sheet(tmp_path: Path, bench: Workbench) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"A": []})
    assert refused(bench, file, "families")[0].code == "E-EMPTY"
    assert refused(bench, file)[0].code == "E-EMPTY"


def test_rows_of_blanks_in_a_sheet_are_blank(tmp_path: Path, bench: Workbench) -> None:
    rows = [SHEET[0], SHEET[1], [" ", " "], [], SHEET[2]]
    listed = read(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}), "families")
    assert books(listed) == (4, 2, 0, 0, 2)
    assert sorted(column(listed, "family_id")) == [2, 5]


def test_numbers_and_days_of_a_sheet_are_read_as_they_look(
    tmp_path: Path, bench: Workbench
) -> None:
    rows: list[list[Any]] = [
        ["family_id", "village_code", "as_of", "members", "income_rupiah_per_month", "lon"],
        [17, 3673021007, datetime(2025, 10, 1), 4, 400000, 106.15],
    ]
    listed = read(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}), "families")
    (row,) = listed.table.rows()
    assert row["family_id"] == "17"
    assert row["village_code"] == "3673021007"
    assert row["as_of"] == DAY
    assert (row["members"], row["income_rupiah_per_month"], row["lon"]) == (4, 400_000, 106.15)
    assert not listed.report.set_aside


def test_excel_lost_the_last_digit_of_a_number_cell(tmp_path: Path, bench: Workbench) -> None:
    lost, kept = int(nik(10)), int(nik(11))  # ends in 0; ends in 1
    rows: list[list[Any]] = [
            ["family_id", "head_national_id", "district_name", "village_name"],
            ["K1", lost, "Kasemen", "Banten"], ["K2", kept, "Kasemen", "Banten"],
            ["K3", nik(20), "Kasemen", "Banten"]]  # fmt: skip
    listed = read(bench, xlsx_file(tmp_path / "a.xlsx", {"A": rows}), "families")
    assert books(listed) == (3, 3, 0, 0, 0)
    assert faults(listed) == [(2, "head_national_id", "E-NIK-15D")]
    assert column(listed, "head_national_id") == {2: None, 3: nik(11), 4: nik(20)}


def test_excel_lost_the_last_digit_of_a_parquet_column(tmp_path: Path, bench: Workbench) -> None:
    table = pa.table({"program": ["PKH", "PKH"], "nik": [float(nik(10)), float(nik(11))]})
    pq.write_table(table, tmp_path / "a.parquet")
    listed = read(bench, tmp_path / "a.parquet", "enrollments")
    assert faults(listed) == [(2, "national_id", "E-NIK-15D")]
    assert column(listed, "national_id") == {2: None, 3: nik(11)}


# ------------------------------------------------------------------------------------ bombs


def bomb(path: Path, *, lying: bool) -> Path:
    """A workbook whose sheet unpacks to 80 MB of blanks; `lying` about its size."""
    xlsx_file(path, {"A": SHEET})
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    blanks = io.BytesIO()
    with zipfile.ZipFile(blanks, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in members.items():
            if name != "xl/worksheets/sheet1.xml":
                packed.writestr(name, content)
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(members["xl/worksheets/sheet1.xml"])
            for _ in range(20):
                sheet.write(b" " * 4_000_000)
    whole = bytearray(blanks.getvalue())
    if lying:
        size = 80_000_000 + len(members["xl/worksheets/sheet1.xml"])
        at = whole.rindex(struct.pack("<I", size))
        whole[at : at + 4] = struct.pack("<I", 1000)
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize("lying", [False, True])
def test_a_zip_bomb_is_refused_before_it_is_opened(
    tmp_path: Path, bench: Workbench, monkeypatch: pytest.MonkeyPatch, *, lying: bool
) -> None:
    monkeypatch.setattr(workbooks, "_LARGEST_UNPACKED", 60_000_000)
    file = bomb(tmp_path / "a.xlsx", lying=lying)
    begun = process_time()
    assert refused(bench, file, "families")[0].code == "E-SIZE"
    assert process_time() - begun < 4


def test_a_stray_cell_far_away_is_refused_not_fatal(tmp_path: Path, bench: Workbench) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    for number, row in enumerate(SHEET):
        sheet.write_row(number, 0, row)
    sheet.write_string(1_048_575, 16_383, "x")
    book.close()
    (fault,) = refused(bench, path, "families")
    assert fault.code == "E-SIZE"
    assert "1048576 rows x 16384 columns" in fault.en


# ---------------------------------------------------------------------------------- parquet


def test_parquet_counts_its_first_row_as_row_2(tmp_path: Path, bench: Workbench) -> None:
    rows = {
        "family_id": ["K1", "K2", "K2", "JUMLAH"],
        "village_name": ["NA", "NULL", "NULL", None],
        "district_name": ["Kasemen", "Kasemen", "Kasemen", None],
        "income_rupiah_per_month": ["400.000", "400.5", "400.5", "1"],
    }
    pq.write_table(pa.table(rows), tmp_path / "a.parquet")
    listed = read(bench, tmp_path / "a.parquet", "families")
    assert books(listed) == (4, 2, 1, 1, 0)
    assert faults(listed) == [
        (3, "income_rupiah_per_month", "E-MONEY"), (5, None, "E-TOTALROW")]  # fmt: skip
    assert column(listed, "village_name") == {2: "NA", 3: "NULL"}
    assert listed.report.header_row == 1


def test_parquet_of_numbers_days_and_dictionaries(tmp_path: Path, bench: Workbench) -> None:
    table = pa.table({
        "nik": pa.array([int(nik(1))]), "program": pa.array(["PKH"]).dictionary_encode(),
        "valid_from": pa.array([DAY]), "valid_to": pa.array([datetime(2025, 12, 31)]),
        "amount_rupiah": pa.array([392087.0]), "ignored": pa.array([[1, 2]]),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    (row,) = read(bench, tmp_path / "a.parquet", "enrollments").table.rows()
    assert row["national_id"] == nik(1)
    assert (row["valid_from"], row["valid_to"]) == (DAY, date(2025, 12, 31))
    assert (row["program"], row["amount_rupiah"]) == ("PKH", 392_087)


@pytest.mark.parametrize("column_", [pa.array([[1], [2]]), pa.array([{"a": 1}, {"a": 2}])])
def test_parquet_whose_column_is_no_text_is_refused(
    tmp_path: Path, bench: Workbench, column_: pa.Array
) -> None:
    pq.write_table(pa.table({"nik": column_, "program": ["PKH", "PKH"]}), tmp_path / "a.parquet")
    assert refused(bench, tmp_path / "a.parquet", "enrollments")[0].code == "E-PARQUET"


@pytest.mark.parametrize("is_dictionary", [False, True])
def test_parquet_whose_text_is_cp1252_is_refused(
    tmp_path: Path, bench: Workbench, *, is_dictionary: bool
) -> None:
    cells = pa.array([b"SITI", b"Ren\xe9"], pa.binary())
    text = pa.Array.from_buffers(pa.string(), 2, cells.buffers())
    if is_dictionary:
        text = pa.DictionaryArray.from_arrays(pa.array([0, 1]), text, safe=False)
    pq.write_table(pa.table({"nik": [nik(1), nik(2)], "nama": text}), tmp_path / "a.parquet")
    assert refused(bench, tmp_path / "a.parquet", "packages")[0].code == "E-PARQUET"


def test_parquet_whose_header_is_no_text_is_refused(tmp_path: Path, bench: Workbench) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"nik": [nik(1)], "nama_keluarga": ["A"]}), path, store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"nama_keluarga", b"nama_kel\xd5arga"))
    assert refused(bench, path, "packages")[0].code == "E-PARQUET"


def test_names_of_folders_are_no_columns(tmp_path: Path, bench: Workbench) -> None:
    folder = tmp_path / "program=PKH"
    folder.mkdir()
    pq.write_table(pa.table({"nik": [nik(1)]}), folder / "a.parquet")
    listed = read(bench, folder / "a.parquet", "enrollments")
    assert column(listed, "program") == {2: None}


# ----------------------------------------------------------------------------- set-aside cells


@pytest.mark.parametrize(
    ("name", "text", "value", "code"),
    [
        ("income_rupiah_per_month", "400.000", 400_000, None),
        ("income_rupiah_per_month", "Rp 400.000,-", 400_000, None),
        ("income_rupiah_per_month", "400.5", None, "E-MONEY"),
        ("income_rupiah_per_month", "empat ratus", None, "E-MONEY"),
        ("head_national_id", "3.67E+15", None, "E-NIK-SCI"),
        ("head_national_id", "3,67398E+15", None, "E-NIK-SCI"),
        ("head_national_id", f"'{nik(7)}", nik(7), None),
        ("head_national_id", " ".join([nik(7)[:6], nik(7)[6:]]), nik(7), None),
        ("head_national_id", nik(7)[:-1], None, "E-NIK-LEN"),
        ("head_national_id", nik(7)[:-1] + "O", None, "E-NIK-CHAR"),
        ("head_national_id", "1" * 15 + "1", None, "E-NIK-FAKE"),
        ("family_card_number", "3,67E+15", None, "E-KK-SCI"),
        ("family_card_number", kk(3), kk(3), None),
        ("decile", "0", None, "E-DECILE"),
        ("lon", "622000", None, "E-COORDINATE-UTM"),
        ("rw", "05-Feb", None, "E-RTRW"),
        ("members", "0", None, "E-WHOLE"),
    ],
)
def test_a_bad_cell_is_set_aside_and_its_row_stays(
    tmp_path: Path, bench: Workbench, *, name: str, text: str, value: object, code: str | None
) -> None:
    lines = [f"family_id;district_name;village_name;{name}", "K1;Kasemen;Banten;",
             f"K2;Kasemen;Banten;{text}"]  # fmt: skip
    listed = read(bench, csv_file(tmp_path, "\n".join(lines) + "\n"), "families")
    assert books(listed) == (2, 2, 0, 0, 0)
    assert faults(listed) == ([(3, name, code)] if code else [])
    assert column(listed, name) == {2: None, 3: value}


ROLL = "nik;nama;program;status;valid_from;valid_to"


@pytest.mark.parametrize(
    ("cells", "expected", "code"),
    [
        (("PKH", "aktif", "", ""), ("PKH", "active", None, None), None),
        (("Program Keluarga Harapan", "Tidak Aktif", "", ""), ("PKH", "inactive", None, None),
         None),
        (("PKH", "", "", ""), ("PKH", None, None, None), None),
        (("RASKIN", "aktif", "", ""), (None, "active", None, None), "E-PROGRAM"),
        (("PKH", "entah", "", ""), ("PKH", "unknown", None, None), "E-STATUS"),
        (("PKH", "aktif", "", "31/02/2025"), ("PKH", "unknown", None, None), "E-DATE"),
        (("PKH", "", "kemarin", "2025-12-31"), ("PKH", "unknown", None, date(2025, 12, 31)),
         "E-DATE"),
        (("PKH", "nonaktif", "", "x"), ("PKH", "inactive", None, None), "E-DATE"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("default", [None, "SEMBAKO"])
def test_what_is_unclear_of_an_enrollment_never_counts(
    tmp_path: Path,
    bench: Workbench,
    *,
    cells: tuple[str, ...],
    expected: tuple[object, ...],
    code: str | None,
    default: str | None,
) -> None:
    text = f"{ROLL}\n{nik(1)};A;{';'.join(cells)}\n"
    listed = read(bench, csv_file(tmp_path, text), "enrollments", program=default)
    assert books(listed) == (1, 1, 0, 0, 0)
    assert list(listed.report.set_aside) == ([code] if code else [])
    (row,) = listed.table.rows()
    assert tuple(row[n] for n in ("program", "status", "valid_from", "valid_to")) == expected


def test_a_row_that_names_no_program_has_the_one_of_its_list(
    tmp_path: Path, bench: Workbench
) -> None:
    text = (
        f"NIK;NAMA;PROGRAM;TANGGAL\n{nik(1)};A;;11/09/2025\n{nik(2)};B;BUKAN APA-APA;11/09/2025\n"
    )
    listed = read(bench, csv_file(tmp_path, text), "packages")
    assert column(listed, "program") == {2: "SEMBAKO_KOTA_SERANG", 3: None}
    assert faults(listed) == [(3, "program", "E-PROGRAM")]


@pytest.mark.parametrize(
    ("words", "days", "statuses"),
    [
        (["4", "TAHAP I"], [date(2025, 10, 1), date(2025, 1, 1)], [None, None]),
        (["5", "TAHAP X"], [None, None], ["unknown", "unknown"]),
        (["4", "besok"], [date(2025, 10, 1), None], [None, "unknown"]),
        (["", ""], [None, None], ["unknown", "unknown"]),
    ],
)
def test_a_payment_whose_period_cannot_be_read_does_not_count(
    tmp_path: Path,
    bench: Workbench,
    words: list[str],
    days: list[date | None],
    statuses: list[str | None],
) -> None:
    lines = ["NAMA PENERIMA;NIK KTP;TAHAP;BANSOS"]
    lines += [f"A;{nik(i)};{word};PKH" for i, word in enumerate(words, start=1)]
    listed = read(bench, csv_file(tmp_path, "\n".join(lines) + "\n"), "siks-recipients")
    assert books(listed) == (2, 2, 0, 0, 0)
    assert list(column(listed, "valid_from").values()) == days
    assert list(column(listed, "status").values()) == statuses
    assert listed.report.set_aside == (
        {"E-PERIOD": statuses.count("unknown")} if any(statuses) else {}
    )


def test_books_that_do_not_balance_stop_the_run() -> None:
    with pytest.raises(BalanceError, match="E-BALANCE"):
        IntakeReport("a.csv", "families", "", 1, ";", "utf-8", 5, 2, 1, 1, 0)
