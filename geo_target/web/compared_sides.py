"""One side of a comparison: a figure of a run, of each village or district that the run knows.

All are told by the audience's own shown tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.districts import district_records
from geo_target.web.figures import Figure, Record
from geo_target.web.indicators import (
    Indicator,
    Legend,
    Level,
    Measure,
    indicators_of,
    legend_from,
    told_villages,
)
from geo_target.web.reach import LISTED
from geo_target.web.runs import Run
from geo_target.web.store import Snapshot
from geo_target.web.subjects import Group, Subject
from geo_target.web.wording import register_of_target

_FAMILIES = "families"


@dataclass(frozen=True)
class Side:
    """A figure of a run, of every place that the run knows."""

    run: Run
    snapshot: Snapshot
    indicator: Indicator
    figures: Mapping[str, Figure]
    legend: Legend
    is_known: bool
    """Whether the run has a source of the figure at all."""


def kinds_of(snapshot: Snapshot) -> tuple[Indicator, ...]:
    """All figures of a run that can be compared: of families in general, too, by register."""
    register = register_of_target(snapshot.summary)
    listed = (
        _("Keluarga terdaftar %(register)s", register=register)
        if register
        else _("Keluarga sasaran menurut aturan")
    )
    told = (("listed", listed, LISTED), (_FAMILIES, _("Keluarga di semua register"), _FAMILIES))
    subjects = [
        Subject(key, Group.QUALITY, title, (column,), (), "", "located")
        for key, title, column in told
    ]
    counts = [Indicator(subject.key, subject, Measure.COUNT) for subject in subjects]
    return (*indicators_of(snapshot), *counts)


def called(indicator: Indicator) -> str:
    """What a figure is called where there is room for one line: of whom, and by what measure."""
    if indicator.measure is Measure.COUNT:
        return indicator.title
    return f"{indicator.title}, {indicator.measured.lower()} ({indicator.unit})"


def is_alike(one: Indicator, other: Indicator) -> bool:
    """Whether two figures are of one kind: programs, or definitions, by the same measure."""
    groups = [
        Group.DEFINITIONS if each.subject.group is Group.UNCOVERED else each.subject.group
        for each in (one, other)
    ]
    return groups[0] is groups[1] and one.measure is other.measure and one.tone == other.tone


def side_of(
    run: Run, snapshot: Snapshot, indicator: Indicator, level: Level, district: str | None
) -> Side:
    """Figures of a run and their classes; of one district its villages alone."""
    figures = {
        code: indicator.figure(record)
        for code, record in _places(snapshot, level).items()
        if district is None or record["district_code"] == district
    }
    legend = legend_from(indicator, indicator.breaks(level), figures)
    known = {one.key for one in kinds_of(snapshot)}
    return Side(run, snapshot, indicator, figures, legend, indicator.key in known)


def _places(snapshot: Snapshot, level: Level) -> Mapping[str, Record]:
    """What is told of each village or district; of districts old runs tell nothing."""
    if level == "villages":
        return told_villages(snapshot)
    if "districts" in snapshot.summary:
        return district_records(snapshot, _FAMILIES)
    codes = {str(village["district_code"]) for village in snapshot.villages.values()}
    return {code: {"district_code": code, "withheld": ()} for code in codes}
