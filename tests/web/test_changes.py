"""What lies between two figures: how much, or why that is not told."""

import pytest

from geo_target.web.changes import change_of, changes_of, legend_of_changes
from geo_target.web.figures import Figure, State

EDGES = (10, 50)
WITHHELD, NONE = Figure(State.WITHHELD), Figure(State.NO_DATA)
SMALL, ZERO = Figure(State.SMALL, None, 3, 12), Figure(State.ZERO, 0)


def value(number: float) -> Figure:
    return Figure(State.VALUE, number)


@pytest.mark.parametrize(
    ("left", "right", "token", "change"),
    [
        (value(40), value(40), "same", 0),
        (value(40), value(49), "rise-1", 9),
        (value(40), value(50), "rise-2", 10),
        (value(40), value(90), "rise-3", 50),
        (value(40), value(31), "fall-1", -9),
        (value(40), value(30), "fall-2", -10),
        (value(90), value(40), "fall-3", -50),
        (ZERO, value(7), "rise-1", 7),
        (value(7), ZERO, "fall-1", -7),
        (ZERO, ZERO, "same", 0),
        (WITHHELD, value(7), "withheld", None),
        (value(7), WITHHELD, "withheld", None),
        (WITHHELD, NONE, "withheld", None),
        (ZERO, NONE, "none", None),
        (SMALL, value(0.5), "small", None),
        (None, value(7), "right", None),
        (value(7), None, "left", None),
        (None, WITHHELD, "right", None),
    ],
)
def test_a_change_or_why_there_is_none(
    left: Figure | None, right: Figure | None, token: str, change: float | None
) -> None:
    found = change_of(left, right, EDGES)
    assert (found.token, found.value) == (token, change)


def test_a_step_of_shares_is_reached_in_spite_of_rounding() -> None:
    assert change_of(value(0.3), value(0.35), (0.05, 0.2)).token == "rise-2"
    assert change_of(value(0.1 + 0.2), value(0.3), (0.05, 0.2)).token == "same"


def test_every_place_is_in_one_class_of_the_legend() -> None:
    left = {"a": value(1), "b": value(90), "c": WITHHELD, "d": value(5), "gone": value(5)}
    right = {"a": value(99), "b": value(85), "c": value(8), "d": value(5), "new": value(5)}
    legend = legend_of_changes(changes_of(left, right, EDGES), EDGES)
    assert [(c.token, c.low, c.high, c.places) for c in (*legend.rises, *legend.falls)] == [
        ("rise-3", 50, None, 1), ("rise-2", 10, 50, 0), ("rise-1", 0, 10, 0),
        ("fall-1", 0, 10, 1), ("fall-2", 10, 50, 0), ("fall-3", 50, None, 0),
    ]  # fmt: skip
    assert dict(legend.count) == {
        "rise-3": 1, "fall-1": 1, "withheld": 1, "same": 1, "left": 1, "right": 1,
    }  # fmt: skip
