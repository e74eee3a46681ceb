"""How far the visits of a plan are: what was to be done by a day against what is done."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from geo_target.fieldwork.visits import Visit

Key = TypeVar("Key")


class Pace(StrEnum):
    """How a share of the work stands on a day."""

    EMPTY = "empty"
    """There is nothing to be done."""
    DONE = "done"
    AHEAD = "ahead"
    """More is done than was to be done by now, or none was."""
    ON_TIME = "on-time"
    BEHIND = "behind"
    """A day has passed, and visits of it are open."""


@dataclass(frozen=True)
class Followed:
    """A visit of a plan and what became of it; withdrawn ones are not followed."""

    visit: Visit
    closed_on: date | None = None
    """The day on which an outcome closed it; None while it is open."""
    outcome: str | None = None
    """The outcome that stands, code of geodata/outcomes.toml; an open visit may have one."""
    has_point: bool = False
    """Whether the family has a point now: of the list, or of the visit."""


@dataclass(frozen=True)
class Progress:
    """Counts of visits: of a plan, an officer or a village, on a day."""

    planned: int
    done: int
    due: int
    """Planned for this day or one before."""
    overdue: int
    """Open, and planned for a day that has passed: the lag."""
    undated: int
    """Open, and without a day or an officer."""
    outcomes: Counter[str]

    @property
    def open(self) -> int:
        """Visits that nobody has closed."""
        return self.planned - self.done

    @property
    def share(self) -> float | None:
        """Part that is done; None where nothing is planned."""
        return self.done / self.planned if self.planned else None

    @property
    def pace(self) -> Pace:
        """Its state in a word."""
        if not self.planned:
            return Pace.EMPTY
        if not self.open:
            return Pace.DONE
        if self.overdue:
            return Pace.BEHIND
        return Pace.AHEAD if self.done > self.due else Pace.ON_TIME


def progress_of(followed: Iterable[Followed], *, today: date) -> Progress:
    """Count the visits of a share of the work.

    Parameters
    ----------
    followed
        Visits that are open or closed.
    today
        Visits of this day are due, and not yet late.
    """
    told = list(followed)
    days = [(one.visit.day, one.closed_on is not None) for one in told]
    return Progress(
        planned=len(told),
        done=sum(is_done for _, is_done in days),
        due=sum(day is not None and day <= today for day, _ in days),
        overdue=sum(day is not None and day < today and not is_done for day, is_done in days),
        undated=sum(
            one.closed_on is None and (one.visit.day is None or one.visit.officer is None)
            for one in told
        ),
        outcomes=Counter(one.outcome for one in told if one.outcome),
    )


def progress_by(
    followed: Iterable[Followed], key: Callable[[Followed], Key], *, today: date
) -> dict[Key, Progress]:
    """`progress_of` for each value of `key`, in the order in which they first come."""
    groups: dict[Key, list[Followed]] = {}
    for one in followed:
        groups.setdefault(key(one), []).append(one)
    return {name: progress_of(group, today=today) for name, group in groups.items()}


def located_by_day(followed: Sequence[Followed]) -> list[tuple[date, int, int]]:
    """How many families of the plan have a point, as the visits close day by day.

    Returns
    -------
    list
        Day, families with a point by its end, families visited by its end; days on which
        something closed alone. Families whose list had a point are counted from the start.
    """
    located = sum(one.visit.target.lon is not None for one in followed)
    closed = sorted(
        (one.closed_on, one.has_point and one.visit.target.lon is None)
        for one in followed
        if one.closed_on is not None
    )
    rows: dict[date, tuple[int, int]] = {}
    for visited, (day, is_found) in enumerate(closed, start=1):
        located += is_found
        rows[day] = (located, visited)
    return [(day, *counts) for day, counts in rows.items()]
