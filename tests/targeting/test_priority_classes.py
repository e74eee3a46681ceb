import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.targeting.priority_classes import (
    CLASSES,
    classes_by_breaks,
    classes_by_share,
    leading_villages,
    quadrants,
)

NAN = float("nan")


def array(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)


def test_class_one_holds_eighty_percent_most_families_first() -> None:
    uncovered = array(20, 50, 10, 15, 5)
    # 50, 70, 85 | 95 | 100
    assert classes_by_share(uncovered).tolist() == ["I", "I", "II", "I", "III"]
    assert leading_villages(uncovered, 100) == 3


def test_exactly_eighty_percent_is_enough() -> None:
    found = classes_by_share(array(80, 15, 5))
    assert found.tolist() == ["I", "II", "III"]


def test_equals_are_of_one_class_and_the_headline_counts_them_all() -> None:
    assert classes_by_share(array(70, 10, 10, 10)).tolist() == ["I", "I", "I", "I"]
    assert leading_villages(array(70, 10, 10, 10), 100) == 4


def test_who_is_not_shown_has_no_class_and_moves_nobody() -> None:
    assert classes_by_share(array(80, NAN, 15, 5)).tolist() == ["I", "", "II", "III"]


def test_shares_are_of_the_whole_where_it_is_shown() -> None:
    # 150 in all: 120 and 142.5 are asked for. Those that are shown hold 100.
    uncovered = array(80, NAN, 15, 5, 0)
    assert classes_by_share(uncovered, 150).tolist() == ["I", "", "I", "I", "III"]
    assert leading_villages(uncovered, 150) is None
    assert classes_by_share(uncovered, 110).tolist() == ["I", "", "I", "II", "III"]
    assert leading_villages(uncovered, 110) == 2
    assert leading_villages(uncovered, None) is None


def test_where_nobody_is_uncovered_no_village_presses() -> None:
    assert classes_by_share(array(0, 0)).tolist() == ["III", "III"]
    assert classes_by_share(array(NAN, NAN)).tolist() == ["", ""]
    assert classes_by_share(array()).tolist() == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_class_one_is_the_fewest_villages(counts: list[int]) -> None:
    uncovered = array(*counts)
    found = classes_by_share(uncovered)
    held = sum(count for count, name in zip(counts, found, strict=True) if name == "I")
    fewest = next(
        (
            size
            for size in range(1, len(counts) + 1)
            if any(sum(some) >= 0.8 * sum(counts) for some in itertools.combinations(counts, size))
        ),
    )
    if not sum(counts):
        return
    in_one = (found == "I").sum()
    equals_of_last = counts.count(min(c for c, n in zip(counts, found, strict=True) if n == "I"))
    assert held >= 0.8 * sum(counts) - 1e-9
    assert fewest <= in_one < fewest + equals_of_last


def test_natural_breaks_part_where_the_gaps_are() -> None:
    found = classes_by_breaks(array(0.9, 0.1, 0.12, 0.5, NAN, 0.52, 0.91))
    assert found.tolist() == ["I", "III", "III", "II", "", "II", "I"]


@pytest.mark.parametrize(
    ("scores", "classes"),
    [([], []), ([NAN], [""]), ([0.3], ["I"]), ([0.3, 0.3], ["I", "I"]),
     ([0.3, 0.7], ["II", "I"]), ([0.3, 0.7, 0.9, 0.7], ["III", "II", "I", "II"])],
)  # fmt: skip
def test_fewer_scores_than_classes(scores: list[float], classes: list[str]) -> None:
    assert classes_by_breaks(array(*scores)).tolist() == classes


@given(st.lists(st.integers(0, 200), min_size=4, max_size=12).filter(lambda n: len({*n}) > 3))
def test_no_other_two_breaks_are_closer(numbers: list[int]) -> None:
    def within(parts: Iterable[list[int]]) -> float:
        return sum(float(np.var(part)) * len(part) for part in parts if part)

    found = classes_by_breaks(array(*numbers))
    ours = [[n for n, c in zip(numbers, found, strict=True) if c == name] for name in CLASSES]
    assert min(ours[0]) > max(ours[1]) >= min(ours[1]) > max(ours[2])
    values = sorted({*numbers})
    others = (
        [[n for n in numbers if n < one], [n for n in numbers if one <= n < two],
         [n for n in numbers if n >= two]]
        for one, two in itertools.combinations(values[1:], 2)
    )  # fmt: skip
    assert within(ours) == pytest.approx(min(map(within, others)))


def test_the_four_fields() -> None:
    # In all: 100 of 200 compared are uncovered; the median of the villages is 20.
    uncovered, covered = array(50, 30, 15, 5, NAN), array(20, 60, 5, 15, 9)
    assert quadrants(uncovered, covered).tolist() == [
        "many_low", "many_high", "few_low", "few_high", "",
    ]  # fmt: skip


def test_on_the_line_a_village_is_few_and_high_and_without_a_base_nowhere() -> None:
    found = quadrants(array(3, 3, 0), array(6, 6, 0))
    assert found.tolist() == ["few_high", "few_high", ""]
    assert quadrants(array(NAN), array(1)).tolist() == [""]
