"""Lists of points: the latest counts, its accuracy is heeded, strangers are counted."""

from datetime import date
from pathlib import Path

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
