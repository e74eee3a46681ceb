"""Words that are shown as they stand: no number of a person among them."""

from pathlib import Path

import pytest

from geo_target.targeting.decided_rows import Faults
from tests.builders import kk, nik


def is_refused(text: str) -> bool:
    faults = Faults(Path("urutan.csv"), "E-OVERRIDE")
    faults.words(3, "reason", text)
    assert all("hapus nomornya" in one.id and "take it out" in one.en for one in faults.found)
    return bool(faults.found)


@pytest.mark.parametrize("parting", ["", " ", "  ", ".", "..", "_", " - ", "/", ","])
def test_a_number_is_found_however_its_digits_are_parted(parting: str) -> None:
    for number in (nik(1), kk(2)):
        fours = (number[i : i + 4] for i in range(0, 16, 4))
        assert is_refused(f"keluarga {parting.join(fours)} pindah")
        assert is_refused(f"KK_{number[:8]}{parting}{number[8:]}_lama")
    assert is_refused(f"2025-01-01 - 2025-12-31 {nik(3)}")


@pytest.mark.parametrize(
    "telephone",
    ["081234567890", "0812-3456-7890", "0811 234 567", "+62 812-3456-7890", "62812.3456.7890",
     "+62 (812) 3456 7890"],
)  # fmt: skip
def test_a_telephone_is_a_number_of_a_person(telephone: str) -> None:
    assert is_refused(f"hubungi {telephone}")
    assert is_refused(f"WA{telephone}.")


@pytest.mark.parametrize(
    "text",
    ["RT 001, 002, 003, 004, 005, 006", "berlaku 2025-01-01 - 2025-12-31",
     "berlaku 1/9/2025 \u2013 31/12/2025 dan 01.09.2025-31.12.2025", "rapat 08-12-2025 10.00",
     "SK 400.9.12/0812/2025", "desa 36.73.01.1002 dan 3601082005", "anggaran Rp 1.081.234.567.890",
     "usul 62 keluarga, 812 jiwa"],
)  # fmt: skip
def test_other_numbers_may_stand(text: str) -> None:
    assert not is_refused(text)
