"""What was carried comes back: a sheet filled in by hand, and the columns of the forms."""

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.returns import read_returns
from geo_target.fieldwork.visit_sheets import visit_sheet
from tests.builders import nik
from tests.fieldwork.carried import on_paper

HERE = "36.73.01.1001"
MADE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
A, B = "00000000", "00000012"


def returned(filled: dict[tuple[int, str], Any]) -> list[Outcome]:
    """Answers of a sheet of two visits with cells filled in, by row of the sheet and header."""
    visits = [on_paper(A, rt="001", rw="010"), on_paper(B, position=2)]
    book: Any = openpyxl.load_workbook(io.BytesIO(visit_sheet(visits, HERE, made=MADE)))
    page = book["Kunjungan"]
    headers = [cell.value for cell in page[1]]
    for (row, header), said in filled.items():
        page.cell(row, headers.index(header) + 1).value = said
    out = io.BytesIO()
    book.save(out)
    found = read_returns(out.getvalue(), name="a.xlsx", received_at=MADE)
    assert not found.faults
    return list(found.outcomes)


def test_a_sheet_as_it_was_handed_out_says_nothing() -> None:
    assert returned({}) == []


def test_a_row_that_was_filled_in_is_an_answer() -> None:
    (one,) = returned({
        (2, "Hasil kunjungan"): "Ditemukan, layak",
        (2, "Tanggal kunjungan"): datetime(2026, 11, 20),  # as a cell holds it
        (2, "Bujur"): 106.15, (2, "Lintang"): -6.12, (2, "Akurasi (m)"): 8,
        (2, "Program yang diterima"): "PKH, Sembako",
        (2, "Seharusnya: NIK kepala keluarga"): nik(1),
        (2, "Seharusnya: RT"): "3",
        (2, "Kepala keluarga tidak bekerja"): "Ya",
        (2, "Lantai terluas"): "tanah",
        (2, "Catatan"): "pagar biru",
    })  # fmt: skip
    assert (one.visit_code, one.outcome, one.officer) == (A, "found_eligible", "asep")
    assert one.visited_on == date(2026, 11, 20)
    assert (one.lon, one.lat, one.accuracy_m) == (106.15, -6.12, 8)
    assert list(one.programs or ()) == ["PKH", "SEMBAKO"]
    assert dict(one.corrected) == {"head_national_id": nik(1), "rt": "003"}
    assert dict(one.signs) == {"head_works": True}
    assert dict(one.housing) == {"floor": "tanah"}
    assert one.note == "pagar biru"


def test_an_empty_row_takes_a_family_that_is_not_listed() -> None:
    (one,) = returned({
        (5, "Hasil kunjungan"): "Keluarga baru, belum terdaftar",
        (5, "Seharusnya: kode kelurahan/desa"): HERE,
        (5, "Seharusnya: nama kepala keluarga"): "BUDI",
    })  # fmt: skip
    assert (one.visit_code, one.outcome) == ("", "new_family")
    assert dict(one.corrected) == {"village_code": HERE, "head_name": "BUDI"}


@pytest.mark.parametrize("word", ["Rumah kosong", "Tidak ditemukan", "Menolak"])
def test_words_of_the_list_are_read(word: str) -> None:
    (one,) = returned({(3, "Hasil kunjungan"): word})
    assert one.visit_code == B
