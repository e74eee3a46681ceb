"""Families that may be visited, out of exact/families.parquet."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_target.publishing.visit_targets import base_ids, targets_of

#: id, village, class, state, status
_FAMILIES = [
    ("F3", "36.73.02.1001", "extreme_poor", "uncovered", "located"),
    ("F1", "36.73.01.1001", "extreme_poor", "unmatched", "unlocated"),
    ("F2", "36.73.01.1001", "extreme_poor", "covered", "located"),
    ("F4", None, "extreme_poor", "uncovered", "unlocated"),
    ("F5", "36.73.01.1001", "other", "uncovered", "located"),
    ("F6", "36.73.02.1001", "extreme_poor", "uncovered", "outside"),
]


@pytest.fixture
def exact(tmp_path: Path) -> Path:
    rows = [
        {
            "family_id": name, "village_code": village, "welfare_class": welfare,
            "coverage_state": state, "location_status": status, "rw": "001", "rt": None,
            "neighborhood": None, "reason": None, "cluster_id": None, "evidence_on": None,
            "location_level": "list", "lon": 106.1, "lat": -6.1,
        }
        for name, village, welfare, state, status in _FAMILIES
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "families.parquet")
    return tmp_path


def test_those_whom_a_visit_can_settle_are_targets(exact: Path) -> None:
    assert [target.family_id for target in targets_of(exact)] == ["F1", "F3", "F6"]


def test_a_district_has_its_own_alone(exact: Path) -> None:
    found = targets_of(exact, district_codes={"36.73.01"})
    assert [target.family_id for target in found] == ["F1"]


def test_covered_families_are_asked_for_by_name(exact: Path) -> None:
    assert [t.family_id for t in targets_of(exact, states=["covered"])] == ["F2"]


def test_only_points_inside_the_area_lead_somewhere(exact: Path) -> None:
    points = {target.family_id: target.lon for target in targets_of(exact)}
    assert points == {"F1": None, "F3": 106.1, "F6": None}


def ids(folder: Path, rows: list[tuple[str, str, str, bool]], *asked: str) -> dict[str, str]:
    names = ("register", "register_family_id", "family_id", "is_listed")
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    pq.write_table(table, folder / "family_keys.parquet")
    return base_ids(folder, "p3ke", asked=asked)


def test_a_family_goes_by_the_first_id_that_the_base_lists_it_under(tmp_path: Path) -> None:
    rows = [
        ("p3ke", "K2", "F1", True), ("p3ke", "K1", "F1", True), ("p3ke", "K0", "F1", False),
        ("dtsen", "D1", "F2", True), ("p3ke", "K9", "F9", True),
    ]  # fmt: skip
    found = ids(tmp_path, rows)
    assert (found["F1"], found["F9"]) == ("K1", "K9")
    assert not {"F2", "K0"} & found.keys()


def test_a_family_goes_by_its_own_id_where_the_base_lists_that(tmp_path: Path) -> None:
    """Else the corrected number of row K5 would be written for row K2, and K5 have the old one."""
    rows = [("p3ke", "K2", "K5", True), ("p3ke", "K5", "K5", True)]
    assert ids(tmp_path, rows) == {"K5": "K5", "K2": "K2"}


def test_a_part_of_another_family_still_goes_by_its_row(tmp_path: Path) -> None:
    """K2 was a family of its own when it was visited; its corrected number has joined it to K1."""
    rows = [("p3ke", "K1", "K1", True), ("p3ke", "K2", "K1", True), ("dtsen", "D3", "K1", True)]
    found = ids(tmp_path, rows, "K2", "dtsen:D3")
    assert (found["K1"], found["K2"], found["dtsen:D3"]) == ("K1", "K2", "K1")


def test_a_family_that_the_base_does_not_list_goes_by_its_register(tmp_path: Path) -> None:
    rows = [
        ("dtsen", "D2", "dtsen:D2", True), ("dtsen", "D1", "dtsen:D2", True),
        ("dtsen", "D8", "F8", True), ("p3ke", "K9", "dtsen:D9", True),
        ("dtsen", "D9", "dtsen:D9", True), ("dtsen", "D7", "dtsen:D7", False),
    ]  # fmt: skip
    found = ids(tmp_path, rows, "dtsen:D2", "F8", "dtsen:D9", "dtsen:D7")
    assert found["dtsen:D2"] == "dtsen:D2"
    assert found["F8"] == "dtsen:D8"
    assert found["dtsen:D9"] == "K9"
    assert "dtsen:D7" not in found
