"""Classes and states of small tables that a reader can check by eye."""

from typing import Any

import pytest

from geo_target.web.figures import Figure, State, count_of, exclusion_of, located_of
from geo_target.web.indicators import INDICATORS, legend_of
from geo_target.web.wording import village_kind


def village(uncovered: int | None, covered: int | None = 50, **more: Any) -> dict[str, Any]:
    known = uncovered is not None and covered is not None and uncovered + covered > 0
    share = uncovered / (uncovered + covered) if known and uncovered is not None else None  # type: ignore[operator]
    return {
        "uncovered_families": uncovered,
        "covered_families": covered,
        "exclusion_error": share,
        "extreme_poor_families": 100,
        "located_families": 40,
        "withheld": [],
        **more,
    }


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (village(7), State.VALUE),
        (village(0), State.ZERO),
        (village(None, withheld=["uncovered_families"]), State.WITHHELD),
        (village(None), State.NO_DATA),
    ],
)
def test_a_count_is_in_one_of_four_states(record: dict[str, Any], state: State) -> None:
    assert count_of(record, "uncovered_families").state is state


def test_a_share_of_few_keeps_its_counts_and_loses_its_percentage() -> None:
    assert exclusion_of(village(9, 10)) == Figure(State.SMALL, None, 9, 19)
    assert exclusion_of(village(10, 10)) == Figure(State.VALUE, 0.5, 10, 20)


def test_a_share_follows_its_counts_into_hiding() -> None:
    hidden = village(40, withheld=["located_families"], located_families=None)
    assert located_of(hidden).state is State.WITHHELD
    assert located_of(village(40, extreme_poor_families=0)).state is State.NO_DATA


def test_classes_hold_every_village_and_breaks_are_easy_numbers() -> None:
    villages = {f"v{n}": village(n) for n in (0, 6, 12, 23, 31, 44, 58, 61, 77, 90, 118)}
    villages["hidden"] = village(None, withheld=["uncovered_families"])
    legend = legend_of(INDICATORS[0], villages)
    assert sum(c.villages for c in legend.classes) == 10
    assert legend.others[State.ZERO] == 1
    assert legend.others[State.WITHHELD] == 1
    edges = [c.high for c in legend.classes if c.high is not None]
    assert edges == sorted(set(edges))
    assert all(edge % 5 == 0 for edge in edges)
    assert legend.tokens["v118"] == legend.classes[-1].token


def test_breaks_of_shares_stay_fixed() -> None:
    legend = legend_of(INDICATORS[1], {"a": village(20, 80), "b": village(50, 50)})
    assert [c.low for c in legend.classes] == [0.0, 0.2, 0.3, 0.4, 0.5]
    assert legend.tokens == {"a": "c2", "b": "c5"}


@pytest.mark.parametrize("counts", [[], [0, 0], [9], [9, 9, 9]])
def test_a_table_with_little_in_it_has_a_legend(counts: list[int]) -> None:
    legend = legend_of(INDICATORS[0], {f"v{i}": village(n) for i, n in enumerate(counts)})
    assert sum(c.villages for c in legend.classes) == sum(n > 0 for n in counts)


def test_the_fourth_part_of_a_code_says_kelurahan_or_desa() -> None:
    assert village_kind(["36.73.01.1001"]) == "kelurahan"
    assert village_kind(["36.04.01.2001"]) == "desa"
    assert village_kind(["36.04.01.2001", "36.73.01.1001"]) == "kelurahan/desa"
