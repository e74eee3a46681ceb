"""Lines over one axis: series, their points and gaps, and goals; see `charts`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo_target.web.charts import ABOVE, PLOT, WIDTH, Text, Write, ticks, width_of

_BELOW = 26.0
_LABELED = 6

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Point:
    """A value at a place of the axis, both as they are read: ``1 Oktober 2025``, ``3.784``.

    Without a value `words` say why, and `key` is ``withheld`` or ``none``.
    """

    x: float
    value: float | None
    words: str
    at: str
    key: str = ""


@dataclass(frozen=True)
class Series:
    """Points from left to right; a line ends before a place in `breaks`, or there is none."""

    name: str
    key: str
    points: Sequence[Point]
    breaks: frozenset[float] = frozenset()
    has_line: bool = True


@dataclass(frozen=True)
class Goal:
    """What was to be reached, from `low` to `high`; they may be one. `words` writes them."""

    x: float
    low: float
    high: float
    name: str
    words: str


@dataclass(frozen=True)
class Place:
    """Where a point of a series is drawn."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True)
class Line:
    """A series: its parts as SVG's points, and its dots."""

    key: str
    name: str
    parts: Sequence[str]
    dots: Sequence[Place]


@dataclass(frozen=True)
class LineChart:
    """Lines over one axis; each of `gaps` is a point without a value."""

    height: float
    left: float
    right: float
    top: float
    foot: float
    texts: Sequence[Text]
    levels: Sequence[float]
    lines: Sequence[Line]
    gaps: Sequence[Place]
    breaks: Sequence[float]
    guides: Sequence[float]
    goals: Sequence[tuple[float, float, float, Goal]]
    """Of a goal: x, y of its high and of its low."""


def lines(
    series: Sequence[Series],
    words: Write,
    *,
    at: Sequence[tuple[float, str]],
    least: float = 1,
    most: float = 0,
    goals: Sequence[Goal] = (),
    guides: Sequence[float] = (),
) -> LineChart:
    """Lines with a dot at each point; the values of one that is alone are written beside them.

    Parameters
    ----------
    words
        Writes a number of the upright axis.
    at
        Places of the axis that lies, and what is written below them.
    least, most
        Smallest step of the upright axis, and what it reaches at least.
    guides
        Places to be marked from the top to the foot.
    """
    points = [point for one in series for point in one.points]
    values = [p.value for p in points if p.value is not None]
    steps = ticks(max([most, *values, *(goal.high for goal in goals)]), least=least)
    left = max(width_of(words(step)) for step in steps) + 4
    right = WIDTH - 8
    xs = [p.x for p in points] + [goal.x for goal in goals] + [x for x, _ in at]
    first, last = min(xs, default=0.0), max(xs, default=0.0)
    top, foot = ABOVE, ABOVE + PLOT
    inset = 20.0

    def across(x: float) -> float:
        wide = right - left - 2 * inset
        return left + inset + ((x - first) / (last - first) if last > first else 0.5) * wide

    def up(value: float) -> float:
        return foot - value / steps[-1] * PLOT

    drawn = [
        Line(one.key, one.name, list(_parts(one, across, up)) if one.has_line else [],
             [Place(across(p.x), up(p.value), p) for p in one.points if p.value is not None])
        for one in series
    ]  # fmt: skip
    texts = [Text(left - 6, up(step) + 4, words(step), "end", "tick") for step in steps]
    texts += _thinned(Text(across(x), foot + 18, word, "middle", "tick") for x, word in at)
    if len(drawn) == 1:
        texts += [Text(dot.x, dot.y - 9, dot.point.words, "middle", "value")
                  for dot in _labeled(drawn[0].dots)]  # fmt: skip
    return LineChart(
        height=foot + _BELOW, left=left, right=right, top=top, foot=foot, texts=texts,
        levels=[up(step) for step in steps], lines=drawn,
        gaps=[Place(across(p.x), foot, p) for p in points if p.value is None],
        breaks=sorted({across(x) for one in series if one.has_line for x in _between(one)}),
        guides=[across(x) for x in guides],
        goals=[(across(goal.x), up(goal.high), up(goal.low), goal) for goal in goals],
    )  # fmt: skip


def _parts(one: Series, across: Scale, up: Scale) -> Iterable[str]:
    part: list[str] = []
    for point in one.points:
        if part and (point.value is None or point.x in one.breaks):
            yield " ".join(part)
            part = []
        if point.value is not None:
            part.append(f"{across(point.x):.1f},{up(point.value):.1f}")
    if part:
        yield " ".join(part)


def _between(one: Series) -> Iterable[float]:
    """Half way before each break."""
    return [(a.x + b.x) / 2 for a, b in pairwise(one.points) if b.x in one.breaks]


def _labeled(dots: Sequence[Place]) -> Sequence[Place]:
    return dots if len(dots) <= _LABELED else [dots[0], dots[-1]]


def _thinned(texts: Iterable[Text]) -> list[Text]:
    """From the left, those that have room beside the one before."""
    found: list[Text] = []
    for text in sorted(texts, key=lambda one: one.x):
        if (
            not found
            or text.x - found[-1].x >= (width_of(text.words) + width_of(found[-1].words)) / 2
        ):
            found.append(text)
    return found
