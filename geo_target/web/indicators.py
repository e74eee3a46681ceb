"""What the map can show: each village's class, and the legend with its counts.

Breaks come from the table of the audience itself, so that a legend tells no more than the
table beside it.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo_target.web.figures import Figure, Record, State, count_of, exclusion_of, located_of

CLASSES = 5

#: Fixed, so that the classes stay as they are when the date or the programs change.
EXCLUSION_BREAKS = (0.2, 0.3, 0.4, 0.5)
FIFTHS = (0.2, 0.4, 0.6, 0.8)

#: Lengths of the steps that counts are rounded to, by the size of the count.
_STEPS = ((20, 1), (50, 5), (200, 10), (500, 25), (2_000, 100), (math.inf, 500))

Breaks = Sequence[float]


@dataclass(frozen=True)
class Indicator:
    """A figure of a village that the map can be colored by."""

    key: str
    unit: str
    figure: Callable[[Record], Figure]
    fixed_breaks: Breaks | None = None


INDICATORS = (
    Indicator("uncovered", "families", lambda record: count_of(record, "uncovered_families")),
    Indicator("exclusion", "share", exclusion_of, EXCLUSION_BREAKS),
    Indicator("located", "share", located_of, FIFTHS),
)


@dataclass(frozen=True)
class LegendClass:
    """From `low` up to, but not including, `high`; the last class has no end."""

    token: str
    low: float
    high: float | None
    villages: int


@dataclass(frozen=True)
class Legend:
    """The classes of an indicator, and how many villages fall into none, by reason."""

    indicator: Indicator
    classes: tuple[LegendClass, ...]
    others: Mapping[State, int]
    tokens: Mapping[str, str]
    """Class of each village: ``c1`` to ``c5``, or the state that stands in its place."""


def legend_of(indicator: Indicator, villages: Mapping[str, Record]) -> Legend:
    """Put the villages into classes of an indicator, and count them."""
    figures = {code: indicator.figure(record) for code, record in villages.items()}
    values = [figure.value for figure in figures.values() if figure.state is State.VALUE]
    breaks = indicator.fixed_breaks or _nice_breaks(value for value in values if value is not None)
    tokens = {code: _token(figure, breaks) for code, figure in figures.items()}
    count = Counter(tokens.values())
    edges: list[float | None] = [0.0, *breaks, None]
    classes = tuple(
        LegendClass(f"c{number}", low or 0.0, high, count[f"c{number}"])
        for number, (low, high) in enumerate(pairwise(edges), 1)
    )
    others: dict[State, int] = {state: count[state] for state in State}
    return Legend(indicator, classes, others, tokens)


def _token(figure: Figure, breaks: Breaks) -> str:
    if figure.state is not State.VALUE or figure.value is None:
        return str(figure.state)
    return f"c{1 + sum(figure.value >= edge for edge in breaks)}"


def _nice_breaks(values: Iterable[float]) -> Breaks:
    """Fifths of the villages, each edge rounded to a number that is easy to say."""
    ordered = sorted(values)
    if not ordered:
        return ()
    edges: list[float] = []
    for fifth in range(1, CLASSES):
        value = ordered[min(len(ordered) - 1, len(ordered) * fifth // CLASSES)]
        step = next(step for limit, step in _STEPS if value < limit)
        edge = float(round(value / step) * step)
        if edge > ordered[0] and edge not in edges:
            edges.append(edge)
    return tuple(sorted(edges))
