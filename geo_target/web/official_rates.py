"""Official rates of poor people, each in a panel of its own with the targets that are set for it.

A survey estimates a share of people, a register counts families: the two are never on one axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import cast

from geo_target.errors import Language
from geo_target.publishing.figure_ledger import NATION, PublishedFigure
from geo_target.publishing.poverty_targets import PovertyTarget, holds_for, targets_for
from geo_target.publishing.quantities import Quantity, Words
from geo_target.web.language import language, own, period
from geo_target.web.line_charts import Goal, LineChart, Point, Series, lines

#: A district, its regency, its province and the nation, at most.
_KEYS = ("first", "second", "third", "fourth")
_MONTHS = 12


@dataclass(frozen=True)
class Drawn:
    """A chart, its title, and what it shows in words."""

    title: str
    chart: LineChart
    says: str


@dataclass(frozen=True)
class Panel:
    """One official rate: what it counts, its chart, its figures and the targets for it."""

    definition: str
    drawn: Drawn
    figures: Sequence[PublishedFigure]
    targets: Sequence[PovertyTarget]
    others: Sequence[PublishedFigure]
    """Further figures for a period that has one."""


def panels_of(area: str, ledger: Sequence[PublishedFigure]) -> list[Panel]:
    """Rates of the area and of those it lies in, one panel a definition."""
    rates: dict[str, list[PublishedFigure]] = {}
    for figure in ledger:
        is_rate = figure.kind == "survey" and figure.quantity.unit == "percent"
        if is_rate and holds_for(figure.area, area):
            rates.setdefault(figure.definition["id"], []).append(figure)
    return [_panel(area, indicator, figures) for indicator, figures in rates.items()]


def _panel(area: str, definition: str, figures: Sequence[PublishedFigure]) -> Panel:
    # From the inside out: the own area first, the nation last.
    ordered = sorted(
        figures, key=lambda one: (one.area == NATION, -len(one.area), _year(one.date), one.id)
    )
    first = {(one.area, one.date): one for one in reversed(ordered)}
    others = [one for one in ordered if first[one.area, one.date] is not one]
    by_area = groupby((one for one in ordered if one not in others), key=lambda one: one.area_name)
    series = [
        Series(name, key, [_point(one) for one in found])
        for key, (name, found) in zip(_KEYS, by_area, strict=False)
    ]
    says = (f"{one.name}, {one.points[-1].at}: {one.points[-1].words}." for one in series)
    targets = targets_for(area, _indicator(definition))
    words = _own(figures[0].definition)
    title = _indicator(words)
    return Panel(
        definition=words,
        drawn=Drawn(title[:1].upper() + title[1:], _chart(series, others, targets), " ".join(says)),
        figures=ordered,
        targets=targets,
        others=others,
    )


def _chart(
    series: Sequence[Series], others: Sequence[PublishedFigure], targets: Sequence[PovertyTarget]
) -> LineChart:
    alone = Series("", "other", [_point(one, names=True) for one in others], has_line=False)
    goals = [
        Goal(_year(one.at), float(one.low), float(one.high), _own(one.plan), span_of(one))
        for one in targets
    ]
    xs = [point.x for one in series for point in one.points] + [goal.x for goal in goals]
    return lines(
        [*series, alone] if others else series,
        lambda value: _percent(Decimal(f"{value:g}")),
        goals=goals,
        least=0.1,
        at=[(year + 0.5, str(year)) for year in range(int(min(xs)), int(max(xs)) + 1)],
    )


def _own(words: Words) -> str:
    return own({str(name): text for name, text in words.items()})


def _indicator(definition: str) -> str:
    """What is shared, without what makes somebody poor."""
    return definition.split(":", maxsplit=1)[0]


def _point(figure: PublishedFigure, *, names: bool = False) -> Point:
    at = f"{figure.area_name}, {period(figure.date)}" if names else period(figure.date)
    return Point(_year(figure.date), float(figure.quantity.value), written(figure.quantity), at)


def _year(text: str) -> float:
    """A period as a place on an axis of years: the middle of its year or month."""
    year, month = int(text[:4]), text[5:7]
    return year + (int(month) - 0.5) / _MONTHS if month else year + 0.5


def span_of(target: PovertyTarget) -> str:
    """What a target is, as it is written: ``0 %``, ``6 % – 7 %``."""
    low, high = _percent(target.low), _percent(target.high)
    return low if low == high else f"{low} – {high}"


def _percent(value: Decimal) -> str:
    return written(Quantity(value, "percent"))


def written(quantity: Quantity) -> str:
    """A number with its unit, in the language of this request."""
    return quantity.text(cast(Language, language()))
