"""What an officer does on which day, in which order: by village, RW and RT, or by travel."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from geo_target.fieldwork.day_cuts import cut_into_days, in_walking_order
from geo_target.fieldwork.day_routes import ByRoute, Way, can_be_routed, days_by_route, way_of
from geo_target.fieldwork.terms import LonLat, Terms
from geo_target.fieldwork.visits import Officer, Visit

#: Visits have an officer and no day, since the days hold no more.
LEFT = "N-PLAN-LEFT"


@dataclass(frozen=True)
class Stop:
    """Visits of one RT in a row: the officer goes to its head first."""

    village_code: str
    rw: str | None
    rt: str | None
    visits: Sequence[Visit]


def stops(visits: Sequence[Visit]) -> list[Stop]:
    """A day's visits by RT, in the order of the day."""
    ordered = sorted(visits, key=lambda v: v.position or 0)
    return [Stop(*place, list(group)) for place, group in groupby(ordered, key=_rt)]


def _rt(visit: Visit) -> tuple[str, str | None, str | None]:
    return visit.target.village_code, visit.target.rw, visit.target.rt


@dataclass(frozen=True)
class Travel:
    """What of the way is known: of days that are in order by points."""

    routed_days: int = 0
    minutes: float = 0.0
    """From home and back, where a home is known."""
    basis: str | None = None
    engine: str | None = None

    def __add__(self, other: "Travel") -> "Travel":
        """Both together."""
        return Travel(
            self.routed_days + other.routed_days, self.minutes + other.minutes,
            self.basis or other.basis, self.engine or other.engine,
        )  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """Visits with days, and what of the way is known."""

    visits: Sequence[Visit]
    """By officer, day and position; without a day, then without an officer, last."""
    travel: Travel = field(default_factory=Travel)

    @property
    def notices(self) -> Sequence[str]:
        """``N-PLAN-LEFT`` where the days do not hold all that officers have."""
        return [LEFT] if any(v.officer and v.day is None for v in self.visits) else []


@dataclass(frozen=True)
class _Desk:
    """One officer's days."""

    officer: Officer
    rooms: Mapping[date, int]
    """Visits that each day still holds."""
    begun: Mapping[date, int]
    """Visits that each day has already."""
    home: LonLat | None


def plan_days(
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    *,
    working: Sequence[date],
    taken: Mapping[tuple[str, date], int] | None = None,
    not_before: Mapping[str, date] | None = None,
    terms: Terms | None = None,
) -> Planned:
    """Give each visit that has an officer a day and a place in it.

    An officer goes RW by RW, in the order in which most of their visits were asked for, and RT by
    RT within; an RT is left for the next day if the day is nearly full and would break it up.
    Where every visit of a day has a point, travel decides its order instead, and where every
    visit of an officer has one, what is done on which day as well.

    Parameters
    ----------
    visits
        In the order in which they were asked for.
    working
        Days of the plan, ascending; each officer's days off are left out.
    taken
        Visits that an officer has on a day already, by name and day.
    not_before
        First day of a visit by its code: of returns.
    """
    terms, wait = terms or Terms(), not_before or {}
    ranks = {visit.code: number for number, visit in enumerate(visits)}
    theirs: dict[str | None, list[Visit]] = defaultdict(list)
    for visit in visits:
        theirs[visit.officer].append(visit)
    planned: list[Visit] = []
    travel = Travel()
    for officer in sorted(officers, key=lambda o: o.name):
        desk = _desk(officer, working, taken or {}, terms)
        found = _days_of(theirs[officer.name], desk, ranks, wait, terms)
        some, way = _in_order(theirs[officer.name], found, ranks, desk, terms)
        planned, travel = [*planned, *some], travel + way
    nobody = [replace(v, day=None, position=None) for v in theirs[None]]
    return Planned([*planned, *nobody], travel)


def _desk(
    officer: Officer,
    working: Sequence[date],
    taken: Mapping[tuple[str, date], int],
    terms: Terms,
) -> _Desk:
    days = [day for day in working if day not in officer.days_off]
    begun = {day: taken.get((officer.name, day), 0) for day in days}
    rooms = {day: officer.visits_per_day - begun[day] for day in days}
    return _Desk(officer, rooms, begun, terms.village_points.get(officer.home_village_code or ""))


def _days_of(
    visits: Sequence[Visit],
    desk: _Desk,
    ranks: Mapping[str, int],
    not_before: Mapping[str, date],
    terms: Terms,
) -> ByRoute:
    """Days by code; who must wait comes after all others, into what room is left."""
    now = [visit for visit in visits if visit.code not in not_before]
    if can_be_routed(now):
        found = days_by_route(now, desk.rooms, home=desk.home, terms=terms)
    else:
        found = ByRoute(cut_into_days(in_walking_order(now, ranks), desk.rooms))
    days = dict(found.days)
    waiting = [visit for visit in visits if visit.code in not_before]
    used = Counter(days.values())
    for visit in sorted(waiting, key=lambda v: (not_before[v.code], ranks[v.code])):
        first = not_before[visit.code]
        free = (d for d, room in desk.rooms.items() if d >= first and room > used[d])
        day = next(free, None)
        days[visit.code] = day
        used[day] += 1
    return ByRoute(days, found.ways)


def _in_order(
    visits: Sequence[Visit],
    found: ByRoute,
    ranks: Mapping[str, int],
    desk: _Desk,
    terms: Terms,
) -> tuple[list[Visit], Travel]:
    ordered: list[Visit] = []
    travel = Travel()
    for day in sorted({day for day in found.days.values() if day}):
        some = in_walking_order([v for v in visits if found.days[v.code] == day], ranks)
        way = _way(some, found.ways.get(day), desk.home, terms)
        if way:
            places = {code: n for n, code in enumerate(way.codes)}
            some = sorted(some, key=lambda v: places[v.code])
            travel += Travel(1, way.minutes, way.basis, way.engine)
        first = desk.begun[day] + 1
        ordered += [replace(v, day=day, position=n) for n, v in enumerate(some, start=first)]
    left = [v for v in visits if found.days[v.code] is None]
    return [*ordered, *(replace(v, day=None, position=None) for v in left)], travel


def _way(
    visits: Sequence[Visit], known: Way | None, home: LonLat | None, terms: Terms
) -> Way | None:
    """The way of a day: as it came of sharing days out, or for its visits with points."""
    if known and len(known.codes) == len(visits):
        return known
    return way_of(visits, home=home, terms=terms) if can_be_routed(visits) else None
