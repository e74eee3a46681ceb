"""A figure and its state: a value, zero, withheld, no data, or too small a base for a share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Record = Mapping[str, Any]

#: No percentage is shown of fewer families than this; the two counts are.
SMALLEST_BASE = 20


class State(StrEnum):
    """Which of the things that are never mixed a figure is."""

    VALUE = "value"
    ZERO = "zero"
    WITHHELD = "withheld"
    NO_DATA = "none"
    SMALL = "small"


@dataclass(frozen=True)
class Figure:
    """One number to show; a share knows the two counts that it was made from."""

    state: State
    value: float | None = None
    part: int | None = None
    base: int | None = None


def count_of(record: Record, column: str) -> Figure:
    """A count of families as this audience may see it."""
    if column in record.get("withheld", ()):
        return Figure(State.WITHHELD)
    value = record.get(column)
    if value is None:
        return Figure(State.NO_DATA)
    return Figure(State.VALUE if value else State.ZERO, value)


def added(parts: Sequence[Figure]) -> Figure:
    """Counts, or areas, together; withheld, or without data, where one of them is."""
    for state in (State.WITHHELD, State.NO_DATA):
        if state in [part.state for part in parts]:
            return Figure(state)
    value = round(sum(part.value or 0 for part in parts), 4)
    return Figure(State.VALUE if value else State.ZERO, value)


def sum_of(record: Record, columns: Sequence[str]) -> Figure:
    """Some counts of a record together."""
    return added([count_of(record, column) for column in columns])


def exclusion_of(record: Record, column: str = "exclusion_error") -> Figure:
    """Share of uncovered among covered + uncovered."""
    share = count_of(record, column)
    if share.state in (State.WITHHELD, State.NO_DATA):
        return share
    part, covered = record.get("uncovered_families"), record.get("covered_families")
    base = None if part is None or covered is None else part + covered
    return _share(share.value, part, base)


def located_of(record: Record) -> Figure:
    """Share of the extreme-poor families that some list or visit gave a point."""
    return share_of(count_of(record, "located_families"), count_of(record, "extreme_poor_families"))


def share_of(part: Figure, base: Figure) -> Figure:
    """Share of a count in another one; withheld where one of them is."""
    if State.WITHHELD in (part.state, base.state):
        return Figure(State.WITHHELD)
    if part.value is None or not base.value:
        return Figure(State.NO_DATA)
    return _share(part.value / base.value, int(part.value), int(base.value))


def density_of(part: Figure, base: Figure, scale: int = 1) -> Figure:
    """A count by so many of a base that tells nothing of families: km2, all families."""
    if State.WITHHELD in (part.state, base.state):
        return Figure(State.WITHHELD)
    if part.value is None or not base.value:
        return Figure(State.NO_DATA)
    return Figure(part.state, scale * part.value / base.value, int(part.value))


def _share(value: float | None, part: int | None, base: int | None) -> Figure:
    if base is None or base < SMALLEST_BASE:
        return Figure(State.SMALL, None, part, base)
    return Figure(State.VALUE if value else State.ZERO, value, part, base)
