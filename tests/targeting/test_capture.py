import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.targeting.capture import capture_curves, team_days

NAN = float("nan")


def array(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float64)


UNCOVERED = array(10, 40, 20, 30)


def test_what_each_order_reaches() -> None:
    found = capture_curves(UNCOVERED, {"computed": array(2, 1, 4, 3)})
    assert found["computed"].spent.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert found["computed"].reached.tolist() == pytest.approx([0, 0.4, 0.5, 0.8, 1])
    assert found["perfect"].reached.tolist() == pytest.approx([0, 0.4, 0.7, 0.9, 1])
    assert found["random"].reached.tolist() == pytest.approx([0, 0.25, 0.5, 0.75, 1])


def test_recall_is_of_whole_villages_within_a_quarter() -> None:
    found = capture_curves(UNCOVERED, {"computed": array(2, 1, 4, 3)})
    assert found["computed"].recall() == pytest.approx(0.4)
    assert found["random"].recall() == pytest.approx(0.25)
    assert found["computed"].recall(0.2) == 0


def test_an_official_list_without_an_order_is_a_straight_piece_and_so_is_the_rest() -> None:
    found = capture_curves(UNCOVERED, {"official": array(1, 0, 1, 0)})["official"]
    assert found.reached.tolist() == pytest.approx([0, 0.15, 0.3, 0.65, 1])


def test_team_days_cost_what_they_take() -> None:
    days = team_days(array(0, 1, 20, 21), 20)
    assert days.tolist() == [0, 1, 1, 2]
    # The second has the most families; the first has more a day.
    found = capture_curves(array(30, 40), {"computed": array(2, 1)}, array(1, 4))
    assert found["computed"].spent.tolist() == pytest.approx([0, 0.8, 1])
    assert found["perfect"].spent.tolist() == pytest.approx([0, 0.2, 1])
    assert found["perfect"].reached.tolist() == pytest.approx([0, 3 / 7, 1])


def test_what_is_not_shown_is_in_no_curve() -> None:
    shown = capture_curves(UNCOVERED, {"computed": array(2, 1, 4, 3)})
    with_withheld = capture_curves(array(10, NAN, 40, 20, 30), {"computed": array(2, 0, 1, 4, 3)})
    for name, curve in shown.items():
        assert with_withheld[name].reached.tolist() == curve.reached.tolist()
        assert with_withheld[name].spent.tolist() == curve.spent.tolist()


def test_nobody_at_all() -> None:
    for uncovered in (array(), array(NAN), array(0, 0)):
        for curve in capture_curves(uncovered, {"computed": np.ones(uncovered.shape)}).values():
            assert curve.recall() == 0


UNITS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=6)


@given(UNITS, st.data())
def test_equals_the_mean_over_all_orders(units: list[tuple[int, int]], data: st.DataObject) -> None:
    gains, costs = (array(*numbers) for numbers in zip(*units, strict=True))
    ranks = data.draw(st.lists(st.integers(0, 3), min_size=len(units), max_size=len(units)))
    found = capture_curves(gains, {"some": array(*ranks)}, costs)
    for name, order in (("some", [rank or 9 for rank in ranks]), ("random", [1] * len(units))):
        allowed = [
            way
            for way in itertools.permutations(range(len(units)))
            if all(order[one] <= order[other] for one, other in itertools.pairwise(way))
        ]
        for numbers, shares in ((gains, found[name].reached), (costs, found[name].spent)):
            ways = np.array([np.cumsum(numbers[list(way)]) for way in allowed])
            expected = ways.mean(axis=0) / (numbers.sum() or 1)
            assert shares.tolist() == pytest.approx([0, *expected])


@given(UNITS)
def test_no_choice_beats_the_perfect_order_after_any_of_its_units(
    units: list[tuple[int, int]],
) -> None:
    gains, costs = (array(*numbers) for numbers in zip(*units, strict=True))
    if not gains.sum() or len({gain / cost for gain, cost in units}) < len(units):
        return  # equals are averaged
    perfect = capture_curves(gains, {}, costs)["perfect"]
    for spent, reached in zip(perfect.spent, perfect.reached, strict=True):
        for size in range(len(units) + 1):
            for some in itertools.combinations(range(len(units)), size):
                if costs[list(some)].sum() / costs.sum() <= spent + 1e-9:
                    assert gains[list(some)].sum() / gains.sum() <= reached + 1e-9
