"""The sheet of a kelurahan: its header, the types of its cells, rows nobody has filled in."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from random import Random

import openpyxl
import pytest
import xlsxwriter

from geo_target.errors import DataRefusedError
from geo_target.fieldwork.form_fields import form_fields
from geo_target.fieldwork.returns import Returns, read_returns
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visit_sheets import visit_sheet
from tests.builders import nik
from tests.fieldwork.answers import NOW
from tests.fieldwork.carried import on_paper

HEADER = ["Kode kunjungan", "RT", "Hasil kunjungan", "Tanggal kunjungan", "Catatan"]
NIK = form_fields()["corrected_head_national_id"].id
RT = form_fields()["corrected_rt"].id


def book(*sheets: Sequence[Sequence[object]], hidden: Sequence[int] = ()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        for number, rows in enumerate(sheets):
            page = made.add_worksheet()
            if number in hidden:
                page.hide()
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(at, column, cell, day)
                    elif cell is not None:
                        page.write(at, column, cell)
        made.get_worksheet_by_name("Sheet1").set_first_sheet()
    return out.getvalue()


def read(*rows: Sequence[object]) -> Returns:
    return read_returns(book(rows), name="cipare.xlsx", received_at=NOW)


def test_titles_may_stand_above_and_rows_nobody_has_filled_in_say_nothing() -> None:
    back = read(
        ["Pemutakhiran data"],
        ["Kelurahan Cipare"],
        [],
        HEADER,
        ["A1", "001", "Rumah kosong", date(2026, 11, 20), None],
        ["A2", "001", None, None, None],
        [],
        ["A3", "002", "layak", "21/11/2026", "pagar hijau"],
        ["A4", "002", None, "2026-11-21", None],
        ["A5", "002", None, None, "tidak jelas"],
    )
    assert [(one.visit_code, one.outcome, one.visited_on) for one in back.outcomes] == [
        ("A1", "empty_house", date(2026, 11, 20)),
        ("A3", "found_eligible", date(2026, 11, 21)),
    ]
    assert [(place.sheet, place.row) for place in back.places] == [("Sheet1", 5), ("Sheet1", 8)]
    # Somebody wrote a note and no outcome: that is asked for.
    assert [(fault.code, fault.row) for fault in back.faults] == [("E-OUTCOME-CODE", 10)]
    assert (back.kind, back.rows, back.refused, back.unanswered) == ("sheet", 5, 1, 2)


def test_a_number_that_a_spreadsheet_has_spoiled_is_known_by_the_type_of_its_cell() -> None:
    back = read(
        ["Kode kunjungan", "Hasil kunjungan", NIK],
        ["A1", "layak", int(nik(1))],
        ["A2", "layak", nik(2)],
        ["A3", "layak", float(nik(3))],
    )
    assert [one.corrected for one in back.outcomes] == [{}, {"head_national_id": nik(2)}, {}]
    assert [(fault.code, fault.row, fault.column) for fault in back.faults] == [
        ("E-OUTCOME-DIGITS", 2, NIK), ("E-OUTCOME-DIGITS", 4, NIK)
    ]  # fmt: skip
    assert nik(1)[:12] not in back.faults[0].text("id")


def test_numbers_and_days_are_what_their_cells_say() -> None:
    back = read(
        ["Kode kunjungan", "Hasil kunjungan", RT, "Bujur", "Lintang", "Akurasi (m)"],
        [12345678, 2, 5, 106.15, -6.12, 7],
        ["A2", 2.0, date(2026, 2, 5), "106,15", "-6,12", None],
    )
    first, second = back.outcomes
    assert (first.visit_code, first.outcome, first.corrected) == (
        "12345678", "not_found", {"rt": "005"}
    )  # fmt: skip
    assert (first.lon, first.lat, first.accuracy_m) == (106.15, -6.12, 7.0)
    assert (second.outcome, second.corrected, second.lon) == ("not_found", {}, 106.15)
    assert [(fault.code, fault.row) for fault in back.faults] == [("E-OUTCOME-CELL", 3)]


def test_a_time_beside_the_day_does_not_matter() -> None:
    back = read(HEADER, ["A1", None, "pindah", datetime(2026, 11, 20, 9, 30), None])
    assert back.outcomes[0].visited_on == date(2026, 11, 20)


def test_the_same_sheet_sent_again_is_the_same_and_a_changed_row_is_another() -> None:
    rows: list[list[object]] = [
        [*HEADER],
        ["A1", None, "pindah", None, None],
        ["A2", None, "pindah", None, None],
    ]
    first, again = read(*rows), read(["judul"], *rows)
    assert [o.submission_id for o in first.outcomes] == [o.submission_id for o in again.outcomes]
    assert len({one.submission_id for one in first.outcomes}) == 2
    rows[1] = ["A1", None, "meninggal"]
    changed = read(*rows)
    assert changed.outcomes[0].submission_id != first.outcomes[0].submission_id
    assert changed.outcomes[1] == first.outcomes[1]


def test_an_id_tells_no_number_of_a_person() -> None:
    """Two numbers that end alike give one id: it was not made of what is hidden."""
    other = nik(1)[:8] + "1" + nik(1)[9:]
    header = ["Kode kunjungan", "Hasil kunjungan", NIK]
    backs = [read(header, ["A1", "layak", said]) for said in (nik(1), other)]
    ids = [back.outcomes[0].submission_id for back in backs]
    assert ids[0] == ids[1]


def test_hidden_sheets_are_not_read_and_several_are() -> None:
    explanation = [["Petunjuk"], ["Isi kolom Hasil kunjungan"]]
    one: list[list[object]] = [[*HEADER], ["A1", None, "pindah"]]
    two: list[list[object]] = [[*HEADER], ["A2", None, "pindah"]]
    content = book(explanation, one, two, hidden=[2])
    back = read_returns(content, name="x", received_at=NOW)
    assert [(o.visit_code, p.sheet) for o, p in zip(back.outcomes, back.places, strict=True)] == [
        ("A1", "Sheet2")
    ]


@pytest.mark.parametrize(
    "rows", [[["Kode kunjungan", "Catatan"], ["A1", "x"]], [["x"]], [[None]] * 21 + [HEADER]]
)
def test_a_workbook_without_the_header_is_refused(rows: list[list[object]]) -> None:
    with pytest.raises(DataRefusedError, match="E-RETURN-KIND"):
        read(*rows)


def filled_in(sheet: bytes, answers: dict[int, dict[str, object]]) -> bytes:
    """A sheet after somebody has typed into rows of it, saved by another program."""
    book_ = openpyxl.load_workbook(io.BytesIO(sheet))
    page = book_["Kunjungan"]
    headers = [cell.value for cell in page[1]]
    for row, cells in answers.items():
        for header, said in cells.items():
            page.cell(row, headers.index(header) + 1).value = said
    out = io.BytesIO()
    book_.save(out)
    return out.getvalue()


def test_the_sheet_that_was_sent_out_is_read_when_it_comes_back() -> None:
    codes = new_codes(3, taken=(), rng=Random(1))
    sent = visit_sheet([on_paper(code) for code in codes], "36.73.01.1001", made=NOW)
    untouched = read_returns(sent, name="x", received_at=NOW)
    assert (untouched.rows, untouched.unanswered, untouched.faults) == (3, 3, [])

    content = filled_in(
        sent,
        {
            2: {"Hasil kunjungan": "Ditemukan, layak", "Tanggal kunjungan": date(2026, 11, 20),
                "Program yang diterima": "PKH, Sembako", "Bujur": 106.15, "Lintang": -6.12,
                "Lantai terluas": "semen/bata merah", RT: "4",
                form_fields()["sign_power"].id: "Ya"},
            3: {"Hasil kunjungan": "Rumah kosong"},
            5: {"Hasil kunjungan": "Keluarga baru, belum terdaftar",
                form_fields()["corrected_village_code"].id: "36.73.01.1001",
                form_fields()["corrected_head_name"].id: "SITI"},
        },
    )  # fmt: skip
    back = read_returns(content, name="x", received_at=NOW)
    assert back.faults == []
    assert (back.rows, back.unanswered) == (4, 1)
    first, second, third = back.outcomes
    assert first.visit_code in codes
    assert (first.outcome, first.programs) == ("found_eligible", ("PKH", "SEMBAKO"))
    assert (first.visited_on, first.lon, first.lat) == (date(2026, 11, 20), 106.15, -6.12)
    assert (first.housing, first.signs) == ({"floor": "semen/bata merah"}, {"power": True})
    assert first.corrected == {"rt": "004"}
    assert (second.outcome, third.outcome, third.visit_code) == ("empty_house", "new_family", "")
    assert third.corrected["head_name"] == "SITI"
