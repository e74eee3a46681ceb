"""Groups that a meeting asks for: each counted by its own fact, and what nobody has said apart."""

import pytest

from geo_target.targeting.lenses import LENSES, count_lenses
from geo_target.workbench import Workbench
from tests.builders import table

KINDS = {
    "head_is_woman": "boolean", "elderly_alone": "boolean", "disabled": "int",
    "children_under_7": "int", "fishers_or_laborers": "int",
}  # fmt: skip
# B is not extreme poor; E is of no village; F's members nobody has listed.
FACTS = """
family_id  welfare_class  head_is_woman  elderly_alone  disabled  children_under_7  fishers_or_laborers
A          extreme_poor   yes            no             0         1                 0
B          poor           yes            yes            1         1                 1
C          extreme_poor   yes            -              1         0                 0
D          extreme_poor   no             yes            0         0                 1
E          extreme_poor   yes            no             0         0                 0
F          extreme_poor   -              -              -         -                 -
"""  # noqa: E501
FAMILIES = """
family_id  village_code  welfare_class  coverage_state
A          V1            extreme_poor   covered
B          V1            poor           uncovered
C          V1            extreme_poor   uncovered
D          V1            extreme_poor   unmatched
E          -             extreme_poor   uncovered
F          V1            extreme_poor   covered
"""


def counted(bench: Workbench) -> dict[tuple[str | None, str], tuple[int, ...]]:
    """Families, covered, uncovered, unmatched and unknown, by village and lens."""
    found = count_lenses(table(bench, FACTS, KINDS), table(bench, FAMILIES))
    return {
        (row["village_code"], row["lens"]): (
            row["families"], row["covered_families"], row["uncovered_families"],
            row["unmatched_families"], row["unknown_families"],
        )
        for row in found.rows()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lens", "of_the_village"),
    [
        ("female_head", (2, 1, 1, 0, 1)),  # A, C
        ("elderly_alone", (1, 0, 0, 1, 2)),  # D; of C and F nobody has said
        ("disability", (1, 0, 1, 0, 1)),  # C
        ("small_children", (1, 1, 0, 0, 1)),  # A
        ("fishers_laborers", (1, 0, 0, 1, 1)),  # D
    ],
)
def test_extreme_poor_families_of_a_lens(
    bench: Workbench, lens: str, of_the_village: tuple[int, ...]
) -> None:
    assert counted(bench)["V1", lens] == of_the_village


def test_families_of_no_village_are_counted_too(bench: Workbench) -> None:
    found = counted(bench)
    assert found[None, "female_head"] == (1, 0, 1, 0, 0)
    assert found[None, "disability"] == (0, 0, 0, 0, 0)
    assert set(found) == {(village, lens) for village in ("V1", None) for lens in LENSES}


def test_the_states_add_up_to_the_lens(bench: Workbench) -> None:
    assert all(row[0] == sum(row[1:4]) for row in counted(bench).values())


def test_a_lens_is_a_part_of_the_extreme_poor(bench: Workbench) -> None:
    rows = count_lenses(table(bench, FACTS, KINDS), table(bench, FAMILIES)).rows()
    assert {(r["village_code"], r["extreme_poor_families"]) for r in rows} == {("V1", 4), (None, 1)}
    assert all(r["families"] + r["unknown_families"] <= r["extreme_poor_families"] for r in rows)
