"""The sheet of a kelurahan: its header, the types of its cells, rows nobody has filled in."""

import io
from collections.abc import Sequence
from datetime import date, datetime

import pytest
import xlsxwriter

from geo_target.errors import DataRefusedError
from geo_target.fieldwork.form_fields import form_fields
from geo_target.fieldwork.returns import Returns, read_returns
from tests.builders import nik
from tests.fieldwork.answers import NOW

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
