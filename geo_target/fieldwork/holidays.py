"""Days on which nobody is visited: weekends and public holidays."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from geo_target.resources import resource_dir

#: The years of the days are not all known: holidays may fall on working days of the plan.
UNKNOWN_YEAR = "N-PLAN-HOLIDAYS"

#: Nobody plans longer than this; where days run out, days off took all of them.
_LONGEST = timedelta(days=730)
_PROVISIONAL = "sementara"


@dataclass(frozen=True)
class Holidays:
    """Public holidays, and the years of which all are known."""

    days: frozenset[date] = frozenset()
    names: tuple[tuple[date, str], ...] = ()
    known_years: frozenset[int] = frozenset()
    """A year whose days are provisional, or a few, is not among them."""

    def __contains__(self, day: object) -> bool:
        """Whether it is a holiday."""
        return day in self.days


def read_holidays(file: Path | None = None) -> Holidays:
    """Days of a CSV with the columns day, name and basis; ours is geodata/holidays.csv.

    Days off that a decree gives to civil servants together (cuti bersama) count: offices are
    closed, and families away.
    """
    path = file or resource_dir("geodata") / "holidays.csv"
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    named = [(date.fromisoformat(row["day"]), row["name"]) for row in rows]
    sure = {date.fromisoformat(row["day"]).year for row in rows
            if not row["basis"].startswith(_PROVISIONAL)}  # fmt: skip
    return Holidays(frozenset(day for day, _ in named), tuple(named), frozenset(sure))


def working_days(
    starts_on: date,
    *,
    days: int | None = None,
    ends_on: date | None = None,
    holidays: Collection[date] | Holidays = frozenset(),
    rest_days: Collection[int] = (5, 6),
) -> list[date]:
    """So many working days, or all up to a last one; neither: as many as anybody plans.

    Parameters
    ----------
    rest_days
        Days of the week without visits; Monday is 0.
    """
    found: list[date] = []
    for day in _each_day(starts_on, ends_on):
        if days is not None and len(found) >= days:
            break
        if day.weekday() not in rest_days and day not in holidays:
            found.append(day)
    return found


def _each_day(starts_on: date, ends_on: date | None) -> Iterator[date]:
    last = starts_on + _LONGEST if ends_on is None else ends_on
    for number in range((last - starts_on).days + 1):
        yield starts_on + timedelta(days=number)
