"""What visits cost in days and rupiah, and what it takes to be done by a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from geo_target.fieldwork.holidays import Holidays, working_days
from geo_target.fieldwork.loads import capacity_of
from geo_target.fieldwork.refusals import no_working_day
from geo_target.fieldwork.sharing import level_of
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Officer, OfficerKind, Visit

#: Of a level that is found by halving.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Effort:
    """What planned visits take."""

    visits: int
    """That have a day."""
    officers: int
    officer_days: int
    days: int
    ends_on: date | None
    rupiah: int | None
    """Transport; None: what an officer's day costs has not been set."""


def effort_of(visits: Sequence[Visit], *, rupiah_per_officer_day: int | None = None) -> Effort:
    """Of all visits that have an officer and a day; others take nothing yet."""
    planned = [(v.officer, v.day) for v in visits if v.officer and v.day]
    officer_days = len(set(planned))
    rate = rupiah_per_officer_day
    return Effort(
        visits=len(planned),
        officers=len({officer for officer, _ in planned}),
        officer_days=officer_days,
        days=len({day for _, day in planned}),
        ends_on=max((day for _, day in planned), default=None),
        rupiah=None if rate is None else rate * officer_days,
    )


def days_needed(families: int, *, teams: int, rate: int, travel_days: int = 0) -> int:
    """Days that teams take for so many families, each `rate` a day, the way there included."""
    if teams < 1 or rate < 1:
        raise ValueError("a team or a visit a day is the least that ever ends")
    return ceil(families / (teams * rate)) + travel_days


@dataclass(frozen=True)
class Needed:
    """What it takes to be done by a day."""

    ends_on: date
    days: int
    """Working days until then."""
    visits_per_day: int
    """Of the officer with the most to do, if nobody comes to help."""
    more_facilitators: int
    """If everybody keeps to the number of visits a day that they have."""


def needed_for(
    visits: Mapping[str, int],
    officers: Sequence[Officer],
    *,
    starts_on: date,
    ends_on: date,
    holidays: Collection[date] | Holidays = frozenset(),
    terms: Terms | None = None,
) -> Needed:
    """Visits a day, or facilitators more, by which all is done on a day.

    Operators keep their villages; that is what facilitators are needed for. RW that stay whole
    may take a visit a day more than this says.

    Parameters
    ----------
    visits
        Number by village code.

    Raises
    ------
    PlanError
        ``E-PLAN-DAYS``: no working day is left until then.
    """
    rest = (terms or Terms()).rest_days
    days = working_days(starts_on, ends_on=ends_on, holidays=holidays, rest_days=rest)
    if not days:
        raise no_working_day(starts_on, ends_on)
    most = max((o.visits_per_day for o in officers), default=0)
    level = _level(visits, officers, days)
    more = _facilitators_more(visits, officers, days)
    return Needed(ends_on, len(days), ceil(most * level - _ROUNDING), more)


def _level(visits: Mapping[str, int], officers: Sequence[Officer], days: Sequence[date]) -> float:
    capacity = {officer.name: capacity_of(officer, days) for officer in officers}
    return level_of(visits, officers, capacity=capacity, held={})


def _facilitators_more(
    visits: Mapping[str, int], officers: Sequence[Officer], days: Sequence[date]
) -> int:
    """The fewest, by halving: one more never makes it worse, and enough of them hold all."""

    def is_enough(more: int) -> bool:
        helpers = [Officer(f"+{n}", "", kind=OfficerKind.FACILITATOR) for n in range(more)]
        return _level(visits, [*officers, *helpers], days) <= 1 + _ROUNDING

    if _has_all(visits, officers, days) and is_enough(0):
        return 0
    low, high = 0, 1
    while not is_enough(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _has_all(visits: Mapping[str, int], officers: Sequence[Officer], days: Sequence[date]) -> bool:
    """Whether each village with visits has somebody who can go there."""
    able = [officer for officer in officers if capacity_of(officer, days)]
    kept = {village for officer in able for village in officer.villages}
    is_pool = any(officer.kind is OfficerKind.FACILITATOR for officer in able)
    return is_pool or all(village in kept for village, number in visits.items() if number)
