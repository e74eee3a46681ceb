"""What a list's own flags say of programs, beside the coverage of the run."""

from datetime import date

from geo_target.targeting.own_flags import count_flags
from geo_target.workbench import Workbench
from tests.builders import table

FAMILIES = """
family_id flagged_programs recorded_on
K1        PKH+SEMBAKO      2023-12-31
K2        PKH              2023-12-31
K3        PKH              2022-12-31
K4        PKH              -
K5        PKH              2023-12-31
K6        -                2023-12-31
K7        PKH              2023-12-31
K8        PKH              2023-12-31
"""
JUDGED = """
family_id village_code welfare_class coverage_state
K1        V1           extreme_poor  covered
K2        V1           extreme_poor  uncovered
K3        V1           extreme_poor  covered
K4        V1           extreme_poor  covered
K5        V2           other         covered
K6        V1           extreme_poor  uncovered
K7        V1           extreme_poor  unmatched
K8        -            extreme_poor  uncovered
"""


def test_flags_stand_beside_coverage_with_their_year(bench: Workbench) -> None:
    counts = count_flags(
        table(bench, FAMILIES, {"recorded_on": "date"}), table(bench, JUDGED),
        listed_on=date(2025, 9, 1)
    )  # fmt: skip
    assert [tuple(row.values()) for row in counts.rows()] == [
        ("V1", "PKH", 2022, 1, 1, 0),
        ("V1", "PKH", 2023, 3, 1, 1),  # of one of them nobody knows whether it is covered
        ("V1", "PKH", 2025, 1, 1, 0),
        ("V1", "SEMBAKO", 2023, 1, 1, 0),
        (None, "PKH", 2023, 1, 0, 1),
    ]


def test_families_whose_flags_all_say_no_are_not_counted(bench: Workbench) -> None:
    families = bench.query(
        "select 'K1' as family_id, '' as flagged_programs, cast(null as date) as recorded_on"
    )
    assert len(count_flags(families, table(bench, JUDGED), listed_on=date(2025, 9, 1))) == 0
