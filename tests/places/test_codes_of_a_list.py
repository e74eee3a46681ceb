"""One system for the whole list: a row that only the other one knows states nothing."""

from datetime import date
from pathlib import Path

import pytest

from geo_target.errors import DataRefusedError
from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.codes import CodeSystem, find_stated_villages
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.records import state_villages
from geo_target.workbench import Workbench
from tests.builders import rows_by, write_csv
from tests.places.test_codes import PLACES, code, stated


@pytest.mark.parametrize(
    ("system", "known", "others"),
    [("bps", "3673040008", "3604012001"), ("kemendagri", "3604012001", "3673040008")],
)
def test_a_code_of_the_other_system_is_unknown(
    bench: Workbench, system: CodeSystem, known: str, others: str
) -> None:
    found = stated(bench, [code(known), code(others)], system)
    assert [basis for _, basis in found] == ["code", "none"]


def test_a_name_that_two_villages_have_joins_neither(bench: Workbench) -> None:
    twins = PLACES.assign(district_name="Curug", village_name="Sukawana")
    rows = [("0", None, None, "Curug", "Sukawana"),
            ("1", None, "Kabupaten Serang", "Curug", "Sukawana"),
            ("2", None, "Kota Serang", "Curug", "Sukawana")]  # fmt: skip
    columns = ("row", "village_code", "regency_name", "district_name", "village_name")
    records = bench.take_rows(dict.fromkeys(columns, "varchar"), rows)
    found = find_stated_villages(records, twins, file="daftar.csv", code_system=None)
    assert rows_by(found, "row", "stated_village_code") == {
        "0": None, "1": "36.04.01.2001", "2": None,
    }  # fmt: skip


def test_two_of_three_known_codes_prove_no_system(bench: Workbench) -> None:
    with pytest.raises(DataRefusedError, match="E-CODE-SYSTEM"):
        stated(bench, [code("3673011008"), code("3673041007"), code("3699999999")])


def test_a_village_code_that_nobody_knows_is_set_aside(bench: Workbench, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "daftar.csv",
        "family_id | village_code | kecamatan | kelurahan\n"
        "K1 | 36.73.01.1001 | Serang | Serang\n"
        "K2 | 36.73.09.9999 | Serang | Cipare\n"
        "K3 |               | Serang | Cipare",
    )
    listed = read_list(bench, file, profile=profile_named("families"), as_of=date(2025, 9, 1))
    found = state_villages(listed, read_gazetteer("36"), code_system="kemendagri")
    assert [(r["row"], r["column"], r["code"]) for r in found.faults.rows()] == [
        (3, "village_code", "E-VILLAGE-CODE")
    ]
    assert found.report.set_aside == {"E-VILLAGE-CODE": 1}
    assert rows_by(found.table, "family_id", "village_basis") == {
        "K1": "code", "K2": "triple", "K3": "triple",
    }  # fmt: skip
