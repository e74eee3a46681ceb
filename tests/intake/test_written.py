"""Numbers as they are written: of the cells that were set aside, and of no other."""

from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import DataRefusedError
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.readers import read_grid
from geo_target.intake.written import no_numbers, written_numbers
from geo_target.workbench import Workbench
from tests.builders import kk, nik
from tests.intake.test_lists import xlsx_file

SHORT, SPACED = nik(2)[:-1], f" {nik(3)[:4]} {nik(3)[4:-1]}"
ROWS = [
    ["ID Keluarga", "NIK", "No KK", "Kecamatan", "Desa"],
    ["K1", nik(1), kk(1), "Kasemen", "Banten"],
    ["K2", SHORT, kk(2), "Kasemen", "Banten"],
    ["K3", SPACED, "tidak tahu", "Kasemen", "Banten"],
    ["K4", "KOSONG", "", "Kasemen", "Banten"],
    ["JUMLAH", "3", "", "", ""],
]


def read(bench: Workbench, file: Path) -> AgencyList:
    return read_list(bench, file, profile=profile_named("families"), as_of=date(2025, 10, 1))


def test_only_what_was_set_aside_as_it_stands(tmp_path: Path, bench: Workbench) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"A": ROWS})
    found = written_numbers(read(bench, file), read_grid(file))
    assert sorted((r["row"], r["column"], r["code"], r["value"]) for r in found.rows()) == [
        (3, "head_national_id", "E-NIK-LEN", SHORT),
        (4, "family_card_number", "E-KK-CHAR", "tidak tahu"),
        (4, "head_national_id", "E-NIK-LEN", SPACED.strip()),
    ]
    assert found.columns == no_numbers(bench).columns


@pytest.mark.parametrize("change", ["a row between", "another number", "fewer rows"])
def test_a_list_that_changed_meanwhile_names_nobody(
    tmp_path: Path, bench: Workbench, change: str
) -> None:
    file = xlsx_file(tmp_path / "a.xlsx", {"A": ROWS})
    listed = read(bench, file)
    changed = {
        "a row between": [*ROWS[:1], ["K0", nik(7), kk(7), "Kasemen", "Banten"], *ROWS[1:]],
        "another number": [*ROWS[:2], ["K2", nik(80)[:-1], kk(2), "Kasemen", "Banten"], *ROWS[3:]],
        "fewer rows": ROWS[:3],
    }[change]
    again = xlsx_file(tmp_path / "b.xlsx", {"A": changed})
    with pytest.raises(DataRefusedError, match="E-CHANGING"):
        written_numbers(listed, read_grid(again))
