"""Geometry of charts: records in, positions out; templates/macros/charts.html draws them.

A drawing is `WIDTH` units wide and is scaled to its place; its text is 13 units high, so that it
reads on a phone and from the back row. Nothing here knows HTML, a language or a color: what is
written comes in as words, and a mark has a key by which the style sheet colors it. Scales begin
at zero. None is a withheld value: it has no length and no point, and a line does not pass over it.
"""

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 360.0
#: Of a plot with an upright axis, and what lies above it.
PLOT, ABOVE = 180.0, 24.0

_CHARACTER = 7.2  # of the text, on average; labels are given room by it
_LINE = 17.0
_BAR = 15.0
_GAP = 11.0
_STUB = 34.0
_WRAP = 48
_BESIDE = 20
_COLUMN = 64.0

Write = Callable[[float], str]


@dataclass(frozen=True)
class Text:
    """Words at a place; `anchor` is SVG's."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    key: str = ""


@dataclass(frozen=True)
class Item:
    """A count with its label; `words` is the count as it is written."""

    label: str
    value: float | None
    words: str
    group: str = ""
    key: str = ""


@dataclass(frozen=True)
class Block:
    """A rectangle, and the item that it stands for."""

    item: Item
    x: float
    y: float
    width: float
    height: float
    value: Text


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars, one below the other."""

    height: float
    texts: Sequence[Text]
    bars: Sequence[Block]


def bars(items: Sequence[Item], *, most: float | None = None) -> BarChart:
    """Bars on one scale, with heads where the group changes.

    Parameters
    ----------
    most
        What a whole width is; without it the largest of them. Charts side by side share it.
    """
    longest = max((len(item.label) for item in items), default=0)
    left = longest * _CHARACTER + 8 if longest <= _BESIDE else 0.0
    room = max((width_of(item.words) for item in items if item.value is not None), default=0.0)
    whole = most or max((item.value or 0 for item in items), default=0) or 1
    texts: list[Text] = []
    blocks: list[Block] = []
    y, group = 0.0, ""
    for item in items:
        if item.group != group:
            group = item.group
            y += _LINE
            texts.append(Text(0, y - 4, _short(group), key="head"))
        lines = _wrapped(item.label) if not left else [item.label]
        for line in lines:
            texts.append(Text(0, y + 12, line, key="label"))
            y += 0 if left else _LINE
        width = _STUB if item.value is None else item.value / whole * (WIDTH - left - room)
        value = Text(left + width + 6, y + 12, item.words, key="value")
        blocks.append(Block(item, left, y, width, _BAR, value))
        y += _BAR + _GAP
    return BarChart(y, texts, blocks)


def steps(first: Item, found: Sequence[Item], last: Item) -> BarChart:
    """Bars that lead from one figure to another: each begins where the one before it ended.

    The values of `found` have signs and sum up to what lies between `first` and `last`; these
    two begin at zero.
    """
    ends = [first.value or 0.0]
    for one in found:
        ends.append(ends[-1] + (one.value or 0.0))
    room = max(width_of(one.words) for one in (first, *found, last))
    unit = (WIDTH - room) / (max(*ends, last.value or 0.0) or 1)
    spans = [(0.0, ends[0]), *(sorted(pair) for pair in pairwise(ends)), (0.0, last.value or 0.0)]
    texts: list[Text] = []
    blocks: list[Block] = []
    y = 0.0
    for item, (low, high) in zip((first, *found, last), spans, strict=True):
        for line in _wrapped(item.label):
            texts.append(Text(0, y + 12, line, key="label"))
            y += _LINE
        value = Text(high * unit + 6, y + 12, item.words, key="value")
        blocks.append(Block(item, low * unit, y, (high - low) * unit, _BAR, value))
        y += _BAR + _GAP
    return BarChart(y, texts, blocks)


@dataclass(frozen=True)
class Combination:
    """What is in all of some sets and in no other."""

    sets: Sequence[str]
    item: Item


@dataclass(frozen=True)
class Dot:
    """A place in the matrix below the columns."""

    x: float
    y: float
    is_there: bool


@dataclass(frozen=True)
class OverlapChart:
    """Columns of combinations, and below each the sets that it is of."""

    height: float
    texts: Sequence[Text]
    bars: Sequence[Block]
    dots: Sequence[Dot]
    links: Sequence[tuple[float, float, float]]
    """Of a column: x, first and last dot's y."""


def overlaps(sets: Sequence[str], found: Sequence[Combination], words: Write) -> OverlapChart:
    """Combinations as columns, in the order in which they come, over a matrix of sets.

    Parameters
    ----------
    sets
        Names, in the order of the rows; a combination names them by these.
    words
        Writes a number of the axis.
    """
    steps = ticks(max((one.item.value or 0 for one in found), default=0), least=1)
    names = max((len(_short(name)) for name in sets), default=0) * _CHARACTER
    left = max(names, *(width_of(words(step)) for step in steps)) + 8
    wide = min(_COLUMN, (WIDTH - left) / max(len(found), 1))
    foot = ABOVE + PLOT
    texts = [Text(left - 8, foot - step / steps[-1] * PLOT + 4, words(step), "end", "tick")
             for step in steps]  # fmt: skip
    rows = {name: foot + 20 + number * 22 for number, name in enumerate(sets)}
    texts += [Text(left - 8, y + 4, _short(name), "end", "label") for name, y in rows.items()]
    blocks, dots, links = [], [], []
    for number, one in enumerate(found):
        middle = left + (number + 0.5) * wide
        tall = _BAR if one.item.value is None else one.item.value / steps[-1] * PLOT
        told = "" if one.item.value is None else one.item.words  # the words are wider than it
        value = Text(middle, foot - tall - 6, told, "middle", "value")
        blocks.append(Block(one.item, middle - wide * 0.32, foot - tall, wide * 0.64, tall, value))
        there = [rows[name] for name in sets if name in one.sets]
        dots += [Dot(middle, y, y in there) for y in rows.values()]
        links += [(middle, there[0], there[-1])] if len(there) > 1 else []
    return OverlapChart(foot + 12 + len(sets) * 22, texts, blocks, dots, links)


def ticks(most: float, *, about: int = 4, least: float = 0.0) -> list[float]:
    """Round numbers from zero up to `most` or beyond: steps are 1, 2 or 5 times a power of ten."""
    rough = max(most / about, least) or 1.0
    power = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    step = next(part * power for part in (1, 2, 5, 10) if part * power >= rough * (1 - 1e-9))
    return [round(step * number, 10) for number in range(max(1, math.ceil(most / step - 1e-9)) + 1)]


def _wrapped(label: str) -> list[str]:
    return textwrap.wrap(label, _WRAP, max_lines=2, placeholder=" …") or [""]


def _short(label: str) -> str:
    return label if len(label) <= _BESIDE * 2 else label[: _BESIDE * 2 - 1] + "…"


def width_of(words: str) -> float:
    """Room that words take, with what parts them from the next."""
    return len(words) * _CHARACTER + 8
