"""Lists of points: the latest counts, its accuracy is heeded, strangers are counted."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.settling import Located, locate_families
from geo_target.workbench import Workbench
from tests.builders import point_at, row_of_villages, rows_by, table, write_csv

VILLAGES = row_of_villages("A", "B")
FAMILIES = """
family_id  stated_village_code  village_basis  rt  rw  neighborhood  lon  lat
F1         A                    code           -   -   -             -    -
F2         A                    code           -   -   -             -    -
F3         A                    code           -   -   -             -    -
"""


def located(bench: Workbench, path: Path, *rows: tuple[str, float, str, str]) -> Located:
    """Families by a list of points: id, meters east of the corner of A, accuracy, day."""
    lines = ["family_id | lon | lat | accuracy_m | as_of"]
    for family, east, accuracy, day in rows:
        lon, lat = point_at(east, 500)
        lines.append(f"{family} | {lon:.8f} | {lat:.8f} | {accuracy} | {day}")
    listed = read_list(
        bench,
        write_csv(path, "\n".join(lines)),
        profile=profile_named("points"),
        as_of=date(2025, 6, 1),
    )
    families = table(bench, FAMILIES, {"lon": "double", "lat": "double"})
    return locate_families(families, [listed], VILLAGES, usable=True)


def test_of_several_points_the_latest_counts(bench: Workbench, tmp_path: Path) -> None:
    result = located(
        bench, tmp_path / "points.csv",
        ("F1", 1_500, "", "2025-09-01"), ("F1", 500, "", "2025-01-01"),
        ("F2", 500, "", ""), ("F2", 1_500, "", "2025-05-31"),  # the list's own day is later
    )  # fmt: skip
    found = rows_by(result.families, "family_id", "point_village_code")
    assert found == {"F1": "B", "F2": "A", "F3": None}


def test_a_point_disagrees_beyond_150_m_and_its_accuracy(bench: Workbench, tmp_path: Path) -> None:
    # All three state A, whose edge is at 1,000 m.
    result = located(
        bench, tmp_path / "points.csv",
        ("F1", 1_160, "", ""), ("F2", 1_160, "20", ""), ("F3", 1_140, "", ""),
    )  # fmt: skip
    assert result.disagreeing == 1


def test_points_of_nobody_are_counted(bench: Workbench, tmp_path: Path) -> None:
    result = located(
        bench, tmp_path / "points.csv", ("F1", 500, "", ""), ("X1", 500, "", ""),
        ("X2", 500, "", ""),
    )  # fmt: skip
    assert result.unlinked_points == 2
    assert len(result.families) == 3


def visited(bench: Workbench, *rows: tuple[str, float, float, float]) -> Located:
    """Families by a list of points, which has F1 inside A, and by points that visits took."""
    lon, lat = point_at(500, 500)
    line = f"family_id | lon | lat | as_of\nF1 | {lon:.8f} | {lat:.8f} | 2025-05-31"
    with TemporaryDirectory() as folder:
        listed = read_list(
            bench, write_csv(Path(folder) / "points.csv", line),
            profile=profile_named("points"), as_of=date(2025, 6, 1),
        )  # fmt: skip
    found = bench.take_rows(
        {"family_id": "varchar", "lon": "double", "lat": "double", "accuracy_m": "double",
         "list": "integer", "row": "bigint"},
        [(family, *place, accuracy, 1, n) for n, (family, *place, accuracy) in enumerate(rows)],
    )  # fmt: skip
    families = table(bench, FAMILIES, {"lon": "double", "lat": "double"})
    return locate_families(families, [listed], VILLAGES, usable=True, visited=found)


def test_the_point_of_a_visit_is_taken_before_that_of_a_list(bench: Workbench) -> None:
    result = visited(bench, ("F1", *point_at(1_500, 500), 5), ("F2", *point_at(900, 500), 5))
    levels = {
        row["family_id"]: (row["point_village_code"], row["location_level"], row["village_code"])
        for row in result.families.rows()
    }
    assert levels == {
        "F1": ("B", "visit", "A"),  # the statement stands
        "F2": ("A", "visit", "A"), "F3": (None, "village", "A"),
    }  # fmt: skip
    assert rows_by(visited(bench).families, "family_id", "location_level")["F1"] == "list"


def test_a_visit_far_off_is_flagged_beyond_its_accuracy(bench: Workbench) -> None:
    """A ends at 1,000 m; the second one may lie there by its device's own word."""
    result = visited(bench, ("F1", *point_at(1_160, 500), 5), ("F2", *point_at(1_160, 500), 20))
    assert result.disagreeing == 1


def test_what_is_wrong_with_the_point_of_a_visit_is_told_of_its_list(bench: Workbench) -> None:
    lon, lat = point_at(500, 500)
    result = visited(bench, ("F1", lat, lon, 5))
    (fault,) = result.faulty_points.rows()
    assert (fault["point_list"], fault["point_row"], fault["code"]) == (1, 0, "W-POINT-SWAPPED")
    assert rows_by(result.families, "family_id", "location_level")["F1"] == "visit"
