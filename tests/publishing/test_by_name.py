"""Families by their id, for papers: whom the run names, and which programs they get."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_target.publishing.by_name import (
    families_by_id,
    families_of_village,
    programs_by_family,
)
from tests.builders import kk, nik

FAMILIES = """
family_id  village_code  rt   rw   neighborhood  welfare_class  coverage_state  location_status
F1         V1            001  002  -             extreme_poor   uncovered       unlocated
F2         V1            001  001  -             extreme_poor   uncovered       located
F3         V2            -    -    Pasar         extreme_poor   unmatched       unlocated
F4         V1            001  001  -             other          uncovered       located
"""
NAMES = """
family_id  person_id  name   address  national_id_masked  family_card_number_masked
F1         -          ASEP   Kebon    ••••0001            ••••0002
F1         I1         WIFE   -        ••••0003            -
F2         -          BUDI   -        -                   -
F4         -          OTHER  -        -                   -
"""
COVERAGE = """
family_id  program  state
F1         SEMBAKO  covered
F1         PKH      covered_undecided
F1         PBI_JK   uncovered
F1         BST      enrolled_not_counted
F2         PKH      unmatched
F4         PKH      enrolled_not_eligible
"""


def written(file: Path, text: str, **also: object) -> None:
    header, *lines = [line.split() for line in text.strip().splitlines()]
    rows = [
        {n: None if c == "-" else c for n, c in zip(header, line, strict=True)} for line in lines
    ]
    pq.write_table(pa.Table.from_pylist([{**row, **also} for row in rows]), file)


@pytest.fixture
def exact(tmp_path: Path) -> Path:
    written(tmp_path / "families.parquet", FAMILIES)
    written(tmp_path / "identities.parquet", NAMES, national_id_key=None)
    written(tmp_path / "coverage.parquet", COVERAGE)
    return tmp_path


def test_families_are_found_by_id_in_any_village_and_state(exact: Path) -> None:
    found = families_by_id(exact, ["F3", "F1", "F1", "F9"])
    assert set(found) == {"F1", "F3"}
    assert (found["F1"].name, found["F1"].address) == ("ASEP", "Kebon")
    assert found["F1"].national_id_masked == "••••0001"
    assert found["F3"].name is None
    assert found["F3"].coverage_state == "unmatched"


def test_a_dash_is_no_address(exact: Path) -> None:
    head = {"person_id": None, "national_id_masked": None, "family_card_number_masked": None}
    rows = [{"family_id": "F1", "name": " - ", "address": "-", **head, "national_id_key": None}]
    pq.write_table(pa.Table.from_pylist(rows), exact / "identities.parquet")
    found = families_by_id(exact, ["F1"])["F1"]
    assert (found.name, found.address) == (None, None)


def test_a_number_in_a_name_or_an_address_is_hidden(exact: Path) -> None:
    head = {"person_id": None, "national_id_masked": None, "family_card_number_masked": None}
    said = {"name": f"ASEP {nik(1)}", "address": f"Kebon, KK {kk(2)}"}
    rows = [{"family_id": "F1", **said, **head, "national_id_key": None}]
    pq.write_table(pa.Table.from_pylist(rows), exact / "identities.parquet")
    found = families_by_id(exact, ["F1"])["F1"]
    dots = "•" * 12
    assert found.name == f"ASEP {dots}{nik(1)[-4:]}"
    assert found.address == f"Kebon, KK {dots}{kk(2)[-4:]}"


def test_nobody_asked_for_is_nobody_read(tmp_path: Path) -> None:
    assert families_by_id(tmp_path, []) == {}
    assert programs_by_family(tmp_path, []) == {}


def test_programs_are_those_that_count_on_the_day(exact: Path) -> None:
    assert programs_by_family(exact, ["F1", "F2", "F4"]) == {
        "F1": ("PKH", "SEMBAKO"), "F4": ("PKH",),
    }  # fmt: skip


def test_purged_persons_are_said_to_be_gone(tmp_path: Path) -> None:
    written(tmp_path / "families.parquet", FAMILIES)
    with pytest.raises(FileNotFoundError):
        families_by_id(tmp_path, ["F1"])


def test_a_village_is_listed_by_walk_as_before(exact: Path) -> None:
    found = families_of_village(exact, "V1", state="uncovered")
    assert [family.family_id for family in found] == ["F2", "F1"]
