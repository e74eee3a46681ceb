"""An officer's visits in walking order, and cut into days: for want of points, by RW and RT."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from geo_target.fieldwork.selection import by_place
from geo_target.fieldwork.visits import Visit

#: A day may end before an RT that it does not hold whole if it is this full; the first that takes
#: no more days is taken, and the last one never ends a day early.
_FULL = (0.75, 0.9, 2.0)


def in_walking_order(visits: Sequence[Visit], ranks: Mapping[str, int]) -> list[Visit]:
    """Villages and RW by the mean rank of their visits; RT and lingkungan by number and name.

    Parameters
    ----------
    ranks
        Place of each visit, by its code, in the order that was asked for.
    """
    of_village, of_rw = defaultdict(list), defaultdict(list)
    for visit in visits:
        of_village[visit.target.village_code].append(ranks[visit.code])
        of_rw[visit.target.village_code, visit.target.rw].append(ranks[visit.code])

    def key(visit: Visit) -> tuple[object, ...]:
        village, rw = visit.target.village_code, visit.target.rw
        return (_mean(of_village[village]), village, _mean(of_rw[village, rw]),
                by_place(visit.target))  # fmt: skip

    return sorted(visits, key=key)


def cut_into_days(ordered: Sequence[Visit], rooms: Mapping[date, int]) -> dict[str, date | None]:
    """Day of each visit by its code; None where the days hold no more.

    RT stay whole where that takes no day more, and leaves nobody out.

    Parameters
    ----------
    rooms
        Visits that each day holds, ascending by day.
    """
    *ways, plain = (_cut(ordered, rooms, full) for full in _FULL)
    return next((way for way in ways if _end(way) <= _end(plain)), plain)


def _cut(
    ordered: Sequence[Visit], rooms: Mapping[date, int], full: float
) -> dict[str, date | None]:
    days = [(day, room) for day, room in rooms.items() if room > 0]
    found: dict[str, date | None] = {}
    at = used = 0
    for _, group in groupby(
        ordered, key=lambda v: (v.target.village_code, v.target.rw, v.target.rt)
    ):
        theirs = list(group)
        if at < len(days) and full * days[at][1] <= used < days[at][1] < used + len(theirs):
            at, used = at + 1, 0
        for visit in theirs:
            if at < len(days) and used == days[at][1]:
                at, used = at + 1, 0
            found[visit.code] = days[at][0] if at < len(days) else None
            used += 1
    return found


def _end(days: Mapping[str, date | None]) -> tuple[int, date]:
    """Who is left out, and the last day."""
    last = max((day for day in days.values() if day), default=date.min)
    return sum(day is None for day in days.values()), last


def _mean(ranks: Sequence[int]) -> float:
    return sum(ranks) / len(ranks)
