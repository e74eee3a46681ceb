"""What lies between two figures of one place: how much more or less, or why that is not told.

Only figures that the audience is shown are compared, so that a difference tells nothing that
the two figures do not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from geo_target.web.figures import Figure, State

#: Where a place is drawn in one of the two only: its code is new, or is not used any more.
ONLY_LEFT, ONLY_RIGHT = "left", "right"
SAME = "same"
#: Smaller than what a share is rounded to anywhere.
_NOTHING = 1e-9
_BLOCKING = (State.WITHHELD, State.NO_DATA, State.SMALL)

Way = Literal["rise", "fall"]


@dataclass(frozen=True)
class Change:
    """Right minus left; `token` is its class, or what stands in the place of a value."""

    token: str
    value: float | None = None


@dataclass(frozen=True)
class ChangeClass:
    """Changes of at least `low` and under `high`, in one direction; the last has no end."""

    token: str
    way: Way
    low: float
    high: float | None
    places: int


@dataclass(frozen=True)
class ChangeLegend:
    """Classes from the largest rise to the largest fall, `SAME` between them, and the others."""

    rises: tuple[ChangeClass, ...]
    falls: tuple[ChangeClass, ...]
    count: Mapping[str, int]


def change_of(left: Figure | None, right: Figure | None, breaks: Sequence[float]) -> Change:
    """Compare two figures; None is a place that one of the two runs does not know."""
    if left is None or right is None:
        return Change(ONLY_RIGHT if left is None else ONLY_LEFT)
    for state in _BLOCKING:
        if state in (left.state, right.state):
            return Change(str(state))
    value = (right.value or 0) - (left.value or 0)
    if abs(value) < _NOTHING:
        return Change(SAME, 0)
    size = 1 + sum(abs(value) >= edge - _NOTHING for edge in breaks)
    return Change(f"{'rise' if value > 0 else 'fall'}-{size}", value)


def changes_of(
    left: Mapping[str, Figure], right: Mapping[str, Figure], breaks: Sequence[float]
) -> dict[str, Change]:
    """Changes of all places of either side."""
    return {code: change_of(left.get(code), right.get(code), breaks) for code in {**right, **left}}


def legend_of_changes(changes: Mapping[str, Change], breaks: Sequence[float]) -> ChangeLegend:
    """The classes of changes, and how many places are in each."""
    count = Counter(change.token for change in changes.values())
    edges = [0.0, *breaks]

    def classes(way: Way) -> list[ChangeClass]:
        ends = [*breaks, None]
        return [
            ChangeClass(f"{way}-{size}", way, low, high, count[f"{way}-{size}"])
            for size, (low, high) in enumerate(zip(edges, ends, strict=True), 1)
        ]

    return ChangeLegend(tuple(reversed(classes("rise"))), tuple(classes("fall")), count)
