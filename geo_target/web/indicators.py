"""All that can be told of a village in one figure: of whom, by what measure, on which legend.

One list for the map, comparisons, tables and files, so that a figure is the same wherever it
stands. The edges of a legend belong to its measure: they are the same for every month, program
and definition (docs/decisions/0024-one-list-of-indicators.md).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, Literal

from flask_babel import lazy_gettext as _  # type: ignore[import-untyped]

from geo_target.web.figures import Figure, Record, State, density_of, share_of, sum_of
from geo_target.web.reach import LISTED, is_compared, records_of
from geo_target.web.store import Snapshot
from geo_target.web.subjects import LOCATED, OWN, Group, Subject, subjects_of

Breaks = tuple[float, ...]
Level = Literal["villages", "districts"]


class Measure(StrEnum):
    """How families are told: counted, of others, or by the place that they live in."""

    COUNT = "count"
    RATE = "rate"
    KM2 = "km2"
    PER_1000 = "per1000"
    SHARE = "share"

    @property
    def words(self) -> str:
        """What the measure is called."""
        return str(_MEASURES[self])

    @property
    def unit(self) -> str:
        """What a number of it is; nothing for a share, which each subject has its own words for."""
        return str(_UNITS.get(self, ""))


FIFTHS: Breaks = (0.2, 0.4, 0.6, 0.8)
#: Edges of classes; of counts a district has about ten times a village's.
_BREAKS: Mapping[Measure, Mapping[Level, Breaks]] = {
    Measure.COUNT: {"villages": (20, 50, 100, 200), "districts": (200, 500, 1000, 2000)},
    Measure.RATE: {"villages": FIFTHS, "districts": FIFTHS},
    Measure.KM2: {"villages": (5, 10, 20, 50), "districts": (5, 10, 20, 50)},
    Measure.PER_1000: {"villages": (5, 10, 20, 50), "districts": (5, 10, 20, 50)},
    Measure.SHARE: {"villages": FIFTHS, "districts": FIFTHS},
}
_MEASURES: Mapping[Measure, Any] = {
    Measure.COUNT: _("Jumlah"),
    Measure.RATE: _("Tingkat"),
    Measure.KM2: _("Per km²"),
    Measure.PER_1000: _("Per 1.000 keluarga"),
    Measure.SHARE: _("Bagian"),
}
_UNITS: Mapping[Measure, Any] = {
    Measure.COUNT: _("KK"),
    Measure.KM2: _("KK per km²"),
    Measure.PER_1000: _("KK per 1.000 keluarga"),
}


def edges_of(measure: Measure) -> Mapping[Level, Breaks]:
    """Edges of the classes of a measure."""
    return _BREAKS[measure]


@dataclass(frozen=True)
class Indicator:
    """A figure of a village: a subject by a measure; `key` is its name in addresses.

    Parameters
    ----------
    base
        Columns whose sum the count is held against; none of a count alone.
    """

    key: str
    subject: Subject
    measure: Measure
    base: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The subject in words."""
        return self.subject.title

    @property
    def measured(self) -> str:
        """The measure in words."""
        return self.measure.words

    @property
    def unit(self) -> str:
        """What a number of it is: KK, or of whom it is a share."""
        return self.measure.unit or self.subject.of

    @property
    def is_share(self) -> bool:
        """Whether a figure of it is said in percent."""
        return self.measure in (Measure.RATE, Measure.SHARE)

    @property
    def is_density(self) -> bool:
        """Whether it is a count by a place: not always a whole number."""
        return self.measure in (Measure.KM2, Measure.PER_1000)

    @property
    def tone(self) -> str:
        """Colors: of need, or of what is reached or known."""
        is_rate_of_need = self.is_share and self.subject.tone == "uncovered"
        return "exclusion" if is_rate_of_need else self.subject.tone

    @property
    def columns(self) -> tuple[str, ...]:
        """What a record must have for it."""
        return (*self.subject.part, *self.base)

    def breaks(self, level: Level = "villages") -> Breaks:
        """Edges of the classes, whatever the figures are."""
        return edges_of(self.measure)[level]

    def figure(self, record: Record) -> Figure:
        """What a record of `told_villages`, or of a district, tells.

        Where no family could be compared with a list, nobody enrolled is no rate, nor is nobody
        left out.
        """
        part = sum_of(record, self.subject.part)
        if self.measure is Measure.COUNT:
            return part
        is_rate = self.measure is Measure.RATE
        if is_rate and part.state is State.ZERO and not is_compared(record):
            return Figure(State.NO_DATA)
        base = sum_of(record, self.base)
        if self.is_share:
            return share_of(part, base)
        return density_of(part, base, 1000 if self.measure is Measure.PER_1000 else 1)


#: Of every run, old ones too, and for the public the first.
INDICATORS = (
    Indicator("uncovered", OWN, Measure.COUNT),
    Indicator("exclusion", OWN, Measure.RATE, OWN.base),
    Indicator("located", LOCATED, Measure.SHARE, (LISTED,)),
)


def told_villages(snapshot: Snapshot) -> Mapping[str, Record]:
    """All that the audience is told of each village, by code."""
    told = snapshot.coverage
    return records_of(snapshot.villages, told) if told else snapshot.villages


def indicators_of(snapshot: Snapshot) -> tuple[Indicator, ...]:
    """What the figures of a run can tell; what it has no source of is not offered."""
    denominator = snapshot.summary.get("priority", {}).get("denominator", "")
    villages = snapshot.villages.values()
    bases = {
        measure: column
        for measure, column in ((Measure.KM2, "area_km2"), (Measure.PER_1000, denominator))
        if any(village.get(column) is not None for village in villages)
    }
    return tuple(one for subject in subjects_of(snapshot) for one in _measured(subject, bases))


def indicator_named(snapshot: Snapshot, key: str) -> Indicator | None:
    """The indicator of a name in an address; None if the run has none of that name."""
    return next((one for one in indicators_of(snapshot) if one.key == key), None)


def choices_of(
    indicators: Sequence[Indicator],
) -> list[tuple[Group, list[tuple[Subject, list[Indicator]]]]]:
    """Indicators by subject, and those by group, in the order in which they are offered."""
    subjects = [(one, [*some]) for one, some in groupby(indicators, key=attrgetter("subject"))]
    return [(group, [*some]) for group, some in groupby(subjects, key=lambda one: one[0].group)]


def _measured(subject: Subject, bases: Mapping[Measure, str]) -> Iterator[Indicator]:
    """A subject by each measure that it has."""
    if subject.group is Group.QUALITY:
        yield Indicator(subject.key, subject, Measure.SHARE, subject.base)
        return
    yield Indicator(subject.key, subject, Measure.COUNT)
    rate = "exclusion" if subject is OWN else f"{subject.key}.rate"
    yield Indicator(rate, subject, Measure.RATE, subject.base)
    for measure, column in bases.items():
        yield Indicator(f"{subject.key}.{measure}", subject, measure, (column,))


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


def legend_of(
    indicator: Indicator, places: Mapping[str, Record], level: Level = "villages"
) -> Legend:
    """Put the places into classes of an indicator, and count them."""
    breaks = indicator.breaks(level)
    figures = {code: indicator.figure(record) for code, record in places.items()}
    return legend_from(indicator, breaks, figures)


def legend_from(indicator: Indicator, breaks: Breaks, figures: Mapping[str, Figure]) -> Legend:
    """Put figures into classes with these edges, and count them."""
    tokens = {code: token_of(figure, breaks) for code, figure in figures.items()}
    count = Counter(tokens.values())
    edges: Sequence[float | None] = [0.0, *breaks, None]
    classes = tuple(
        LegendClass(f"c{number}", low or 0.0, high, count[f"c{number}"])
        for number, (low, high) in enumerate(pairwise(edges), 1)
    )
    others: dict[State, int] = {state: count[state] for state in State}
    return Legend(indicator, classes, others, tokens)


def token_of(figure: Figure, breaks: Breaks) -> str:
    """The class of a figure: ``c1`` to ``c5``, or its state."""
    if figure.state is not State.VALUE or figure.value is None:
        return str(figure.state)
    return f"c{1 + sum(figure.value >= edge for edge in breaks)}"
