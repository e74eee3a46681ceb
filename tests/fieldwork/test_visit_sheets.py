"""The sheet of a kelurahan: what stands in it, what may be chosen, and that nobody is named."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from geo_target.errors import NotFoundError
from geo_target.fieldwork.carried_visits import CarriedVisit
from geo_target.fieldwork.form_fields import POINT_HEADERS, Kind, sheet_fields
from geo_target.fieldwork.outcome_codes import codes, housing
from geo_target.fieldwork.visit_codes import read_code
from geo_target.fieldwork.visit_sheets import sheet_headers, visit_sheet
from tests.builders import nik
from tests.fieldwork.carried import HOSTILE, Family, on_paper

HERE = "36.73.01.1001"
MADE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
A, B = "00000000", "0000001" + "2"  # codes whose check sign is right


def book(*visits: CarriedVisit) -> Any:
    return openpyxl.load_workbook(io.BytesIO(visit_sheet(visits, HERE, made=MADE)))


def column(page: Any, header: str) -> int:
    at: int = [cell.value for cell in page[1]].index(header) + 1
    return at


def test_a_row_a_visit_of_this_kelurahan_with_rt_and_rw() -> None:
    page = book(
        on_paper(B, position=2, rt="002", rw="010", neighborhood="Kebon"),
        on_paper(A, rt="001", rw="010"),
        on_paper("C", village_code="36.73.01.1002"),
    )["Kunjungan"]
    rows = [[cell.value for cell in row[:4]] for row in page.iter_rows(min_row=2)]
    assert rows[0] == ["0000-0000", "1", "10", None]
    assert rows[1] == ["0000-0012", "2", "10", "Kebon"]
    assert len(rows) == 2 + 10
    assert not any(cell for row in rows[2:] for cell in row)
    assert [read_code(row[0]) for row in rows[:2]] == [A, B]


def test_headers_are_those_by_which_it_is_read_again() -> None:
    fields = [f.id for f in sheet_fields() if f.kind is not Kind.POINT]
    headers = sheet_headers()
    assert [h for h in headers if h in {*fields, *POINT_HEADERS}] == [
        header
        for field in sheet_fields()
        for header in (POINT_HEADERS if field.kind is Kind.POINT else [field.id])
    ]
    assert set(headers) - {*fields, *POINT_HEADERS} == {"RT", "RW", "Lingkungan"}
    assert len(headers) == len(set(headers))
    assert [cell.value for cell in book(on_paper(A))["Kunjungan"][1]] == headers


def test_nobody_is_named() -> None:
    family = Family("NAMA ORANG", "ALAMAT RUMAH", "••••••••••••7777", "••••••••••••8888")
    content = visit_sheet([on_paper(A, family, neighborhood=nik(1))], HERE, made=MADE)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        said = "".join(parts.read(name).decode() for name in parts.namelist())
    for text in ("NAMA ORANG", "ALAMAT RUMAH", "7777", "8888", nik(1), "miskin", "Miskin"):
        assert text not in said


def test_words_are_chosen_from_lists() -> None:
    found = book(on_paper(A))
    page, lists = found["Kunjungan"], found["Pilihan"]
    by_column = {
        str(check.sqref).split(":", maxsplit=1)[0].rstrip("0123456789"): check
        for check in page.data_validations.dataValidation
    }

    def words(header: str) -> list[str]:
        letter = openpyxl.utils.get_column_letter(column(page, header))
        check = by_column[letter]
        assert check.type == "list"
        assert str(check.sqref) == f"{letter}2:{letter}12"
        return [cell.value for (cell,) in lists[check.formula1.partition("!")[2].replace("$", "")]]

    assert words("Hasil kunjungan") == [code.id for code in codes().values()]
    assert words("Lantai terluas") == list(housing()["floor"].words)
    assert words("Kepala keluarga tidak bekerja") == ["Ya", "Tidak"]
    assert lists.sheet_state == "hidden"


def test_only_what_is_asked_may_be_changed() -> None:
    page = book(on_paper(A))["Kunjungan"]
    assert page.protection.sheet
    locked = {page.cell(1, at).value for at in range(1, page.max_column + 1)
              if page.cell(2, at).protection.locked}  # fmt: skip
    assert locked == {"Kode kunjungan", "RT", "RW", "Lingkungan"}
    assert all(page.cell(1, at).protection.locked for at in range(1, page.max_column + 1))


def test_numbers_of_persons_are_typed_as_text() -> None:
    page = book(on_paper(A))["Kunjungan"]
    for header in ("Seharusnya: NIK kepala keluarga", "Seharusnya: nomor KK"):
        assert page.cell(2, column(page, header)).number_format == "@"


@pytest.mark.parametrize("text", [t for t in HOSTILE if t[0] in "=+-@"])
def test_no_cell_is_run(text: str) -> None:
    content = visit_sheet([on_paper(A, neighborhood=text, rt=text)], HERE, made=MADE)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Kunjungan")
    first = rows.to_python()[1]
    assert first[1] == first[3] == f"'{text}"


def test_hostile_texts_make_a_whole_book() -> None:
    visits = [on_paper(A, neighborhood=t, rw=t, rt=t, officer=t, position=i)
              for i, t in enumerate(HOSTILE)]  # fmt: skip
    assert len(list(book(*visits)["Kunjungan"].iter_rows())) == 1 + len(HOSTILE) + 10


def test_the_help_says_where_and_how_many() -> None:
    said = " ".join(str(cell.value) for (cell,) in book(on_paper(A))["Petunjuk"].iter_rows())
    assert "Kaligandu, Kecamatan Serang: 1 kunjungan." in said
    assert "PKH" in said


def test_the_same_visits_are_the_same_bytes() -> None:
    assert visit_sheet([on_paper(A)], HERE, made=MADE) == visit_sheet(
        [on_paper(A)], HERE, made=MADE
    )


def test_a_kelurahan_without_visits_is_said() -> None:
    with pytest.raises(NotFoundError, match="E-CARRY-NONE"):
        visit_sheet([on_paper(A)], "36.73.01.1002", made=MADE)
