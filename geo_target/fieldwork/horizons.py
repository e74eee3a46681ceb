"""The days of a plan: so many, up to a last one, or as many as it takes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo_target.fieldwork.holidays import UNKNOWN_YEAR, Holidays, working_days
from geo_target.fieldwork.loads import capacity_of
from geo_target.fieldwork.sharing import level_of
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Officer, Visit

#: The days that were given are all weekend or holiday, or end before they begin.
NO_DAY = "N-PLAN-NO-DAY"

#: Of a level that is found by halving.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Horizon:
    """Days by which loads are shared out, and days on which there may be visits."""

    shared: Sequence[date]
    open: Sequence[date]
    """The same where the days are given; else as many as there may be."""


def horizon_of(
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    *,
    starts_on: date,
    days: int | None,
    ends_on: date | None,
    holidays: Collection[date] | Holidays,
    terms: Terms,
    held: Mapping[str, int] | None = None,
) -> Horizon:
    """The given days, or the fewest that hold all visits if loads come out even."""
    found = working_days(
        starts_on, days=days, ends_on=ends_on, holidays=holidays, rest_days=terms.rest_days
    )
    if days is not None or ends_on is not None:
        return Horizon(found, found)
    return Horizon(found[: _fewest(found, visits, officers, held or {})], found)


def _fewest(
    days: Sequence[date],
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    held: Mapping[str, int],
) -> int:
    """By halving: more days never hold less."""
    counts = Counter(v.target.village_code for v in visits)

    def is_enough(number: int) -> bool:
        capacity = {o.name: capacity_of(o, days[:number]) for o in officers}
        full = level_of(counts, officers, capacity=capacity, held=held) > 1 + _ROUNDING
        return not full and any(capacity.values())

    low, high = 0, len(days)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def unknown_years(visits: Sequence[Visit], holidays: Collection[date] | Holidays) -> list[str]:
    """``N-PLAN-HOLIDAYS`` where a day is in a year of which not all holidays are known."""
    if not isinstance(holidays, Holidays):
        return []
    years = {visit.day.year for visit in visits if visit.day}
    return [UNKNOWN_YEAR] if years - holidays.known_years else []
