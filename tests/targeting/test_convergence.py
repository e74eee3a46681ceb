"""Strategies that meet in a family, how many programs reach it, and aid paid twice."""

import pytest

from geo_target.targeting.convergence import (
    count_convergence,
    find_convergence,
    find_double_aid,
)
from geo_target.workbench import Workbench
from tests.builders import table

# PKH and SEMBAKO lower the burden (1), KUBE raises income (2), BSPS mends a house (3). B's KUBE
# has ended, C's BST is old aid, D is on no list.
ENROLLED = """
family_id  program  is_active
A          BSPS     yes
A          KUBE     yes
A          PKH      yes
A          SEMBAKO  yes
B          PKH      yes
B          SEMBAKO  yes
B          KUBE     no
C          BST      yes
E          KUBE     yes
E          BSPS     yes
F          PKH      yes
F          KUBE     yes
F          BSPS     yes
"""
FAMILIES = """
family_id  village_code  welfare_class
A          V1            extreme_poor
B          V1            extreme_poor
C          V1            extreme_poor
D          V1            extreme_poor
E          -             extreme_poor
F          V1            extreme_poor
G          V1            poor
"""


def test_strategies_and_programs_that_reach_a_family(bench: Workbench) -> None:
    found = find_convergence(
        table(bench, FAMILIES), table(bench, ENROLLED, {"is_active": "boolean"})
    )
    assert {r["family_id"]: (r["strategies"], r["programs"]) for r in found.rows()} == {
        "A": ("1+2+3", 4),
        "B": ("1", 2),  # two programs of one strategy
        "C": ("", 0),
        "D": ("", 0),
        "E": ("2+3", 2),
        "F": ("1+2+3", 3),
        "G": ("", 0),
    }


def test_extreme_poor_families_by_overlap(bench: Workbench) -> None:
    families = table(bench, FAMILIES)
    found = find_convergence(families, table(bench, ENROLLED, {"is_active": "boolean"}))
    counted = {
        (r["village_code"], r["strategies"], r["programs"]): r["families"]
        for r in count_convergence(found, families).rows()
    }
    assert counted == {
        ("V1", "1+2+3", 3): 2,  # A has four: three and more are one number
        ("V1", "1", 2): 1,
        ("V1", "", 0): 2,  # G is not extreme poor
        (None, "2+3", 2): 1,
    }


# ---------------------------------------------------------------- aid paid twice

KINDS = {"enrollment": "int", "list": "int", "valid_from": "date", "valid_to": "date",
         "is_doubtful": "boolean"}  # fmt: skip
HEADER = "enrollment list family_id program status valid_from valid_to is_doubtful\n"
FLAGS = 9


@pytest.mark.parametrize(
    ("rows", "twice"),
    [
        ("1 1 A PKH - 2025-07-01 2025-12-31 no\n2 1 A PKH active 2025-07-01 2025-12-31 no", 2),
        ("1 1 A PKH - - - no\n2 1 A PKH - - - no\n3 1 A PKH - - - no", 3),
        ("1 1 A BSPS - - - no\n2 1 A BSPS - - - no", 2),  # a house is a family's
        # Another period, another list, another program, another family.
        ("1 1 A PKH - 2025-07-01 2025-12-31 no\n2 1 A PKH - 2025-10-01 2025-12-31 no", None),
        ("1 1 A PKH - 2025-10-01 2025-12-31 no\n2 1 A PKH - 2025-10-01 - no", None),
        ("1 1 A PKH - - - no\n2 2 A PKH - - - no", None),
        ("1 1 A PKH - - - no\n2 1 A SEMBAKO - - - no", None),
        ("1 1 A PKH - - - no\n2 1 B PKH - - - no", None),
        # One row that names the family by its NIK and by its KK.
        ("1 1 A PKH - - - no\n1 1 A PKH - - - no", None),
        # Of a period that is over, or to come: each by itself.
        ("1 1 A PKH - 2025-07-01 2025-09-30 no\n2 1 A PKH - 2025-07-01 2025-09-30 no", 2),
        ("1 1 A PKH - 2026-01-01 2026-03-31 no\n2 1 A PKH - 2026-01-01 2026-03-31 no", 2),
        ("1 1 A PKH - 2025-04-01 2025-06-30 no\n2 1 A PKH - 2025-07-01 2025-09-30 no", None),
        # What is not active, or may be another's.
        ("1 1 A PKH - - - no\n2 1 A PKH inactive - - no", None),
        ("1 1 A PKH - - - no\n2 1 A PKH unknown - - no", None),
        ("1 1 A PKH - - - no\n2 1 A PKH - - - yes", None),
        # A family may have several persons, and a list of flags a row for each of them.
        ("1 1 A PBI_JK - - - no\n2 1 A PBI_JK - - - no", None),
        (f"1 {FLAGS} A PKH - - - no\n2 {FLAGS} A PKH - - - no", None),
    ],
)
def test_families_whom_one_list_pays_twice(bench: Workbench, rows: str, twice: int | None) -> None:
    found = find_double_aid(
        table(bench, HEADER + rows, KINDS),
        flagged=[FLAGS],
    ).rows()
    assert [(r["family_id"], r["enrollments"]) for r in found] == ([("A", twice)] if twice else [])
