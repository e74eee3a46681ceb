"""What a plan takes, before it is kept: visits, people, days, and what does not fit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo_target.fieldwork.visits import Officer, Plan
from geo_target.web.load_matrix import LoadMatrix, matrix_of


@dataclass(frozen=True)
class Preview:
    """Figures of a plan that nobody has kept yet."""

    visits: int
    officers: int
    """Who has a visit with a day."""
    officer_days: int
    days: int
    """Different days on which somebody visits."""
    ends_on: date | None
    undated: int
    """Visits that do not fit into the days."""
    unassigned: int
    skipped: Mapping[str, int]
    officers_needed: int | None
    """How many, at their usual pace, would make all visits in these days."""
    rupiah: int | None
    """None: nobody has set what a day of an officer costs."""
    loads: LoadMatrix
    notices: Sequence[str]


def preview_of(plan: Plan, officers: Sequence[Officer]) -> Preview:
    """Sum a plan up."""
    dated = [visit for visit in plan.visits if visit.day and visit.officer]
    officer_days = {(visit.officer, visit.day) for visit in dated}
    days = {visit.day for visit in dated if visit.day}
    loads = matrix_of(plan.visits, officers)
    effort: Any = plan.settings.get("effort") or {}
    skipped: Any = plan.settings.get("skipped") or {}
    return Preview(
        visits=len(plan.visits),
        officers=len({visit.officer for visit in dated}),
        officer_days=len(officer_days),
        days=len(days),
        ends_on=max(days, default=None),
        undated=len(plan.visits) - len(dated),
        unassigned=sum(loads.nobody.values()),
        skipped={str(reason): int(count) for reason, count in skipped.items() if count},
        officers_needed=_needed(len(plan.visits), officers, len(days)),
        rupiah=effort.get("rupiah"),
        loads=loads,
        notices=plan.notices,
    )


def _needed(visits: int, officers: Sequence[Officer], days: int) -> int | None:
    """F2: families over what a team makes in the days, rounded up."""
    if not officers or not days:
        return None
    pace = sum(each.visits_per_day for each in officers) / len(officers)
    return math.ceil(visits / (pace * days))
