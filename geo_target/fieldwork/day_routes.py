"""An officer's visits by travel, where all of them have a point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geo_target.fieldwork.terms import LonLat, Terms
from geo_target.fieldwork.visits import Visit

#: Of a village or an RT there is no point; only these lead to a door.
_LEVELS = ("visit", "list")
#: Below this there is nothing to order.
_FEWEST = 3


@dataclass(frozen=True)
class Way:
    """A day's visits by their codes, in the order of the way."""

    codes: Sequence[str]
    minutes: float
    """Of travel, from home and back where a home is known."""
    basis: str
    engine: str


@dataclass(frozen=True)
class ByRoute:
    """An officer's visits on their days."""

    days: Mapping[str, date | None]
    """By code; None where the days hold no more."""
    ways: Mapping[date, Way] = field(default_factory=dict)


def can_be_routed(visits: Sequence[Visit]) -> bool:
    """Whether every visit has a point, and there are enough to make a difference."""
    return len(visits) >= _FEWEST and all(point_of(visit) for visit in visits)


def point_of(visit: Visit) -> LonLat | None:
    """Longitude and latitude (EPSG:4326) of the family's door, where they are known."""
    target = visit.target
    if target.lon is None or target.lat is None or target.location_level not in _LEVELS:
        return None
    return target.lon, target.lat


def days_by_route(
    visits: Sequence[Visit], rooms: Mapping[date, int], *, home: LonLat | None, terms: Terms
) -> ByRoute:
    """Days of visits that all have points, so that all days together take little travel.

    No more days are used than it takes; whoever they do not hold comes last in `visits`.
    """
    from geo_target.fieldwork.routes import route_teams  # noqa: PLC0415 - numpy, only here

    days = _first_days(rooms, len(visits))
    most = [rooms[day] for day in days]
    going = list(visits)[: sum(most)]
    points = [point for visit in going if (point := point_of(visit))]
    found = route_teams(points, [home] * len(days), most=most, terms=terms)
    by_code: dict[str, date | None] = dict.fromkeys(visit.code for visit in visits)
    ways = {}
    for day, route in zip(days, found.routes, strict=True):
        codes = [going[number].code for number in route.order]
        by_code |= dict.fromkeys(codes, day)
        ways[day] = Way(codes, route.travel_minutes, found.basis, found.engine)
    return ByRoute(by_code, ways)


def way_of(visits: Sequence[Visit], *, home: LonLat | None, terms: Terms) -> Way:
    """The order of one day's visits, all of which have points."""
    from geo_target.fieldwork.routes import order_visits  # noqa: PLC0415 - numpy, only here

    points = [point for visit in visits if (point := point_of(visit))]
    found = order_visits(points, home=home, terms=terms)
    codes = [visits[number].code for number in found.routes[0].order]
    return Way(codes, found.travel_minutes, found.basis, found.engine)


def _first_days(rooms: Mapping[date, int], visits: int) -> list[date]:
    days, held = [], 0
    for day, room in rooms.items():
        if room > 0 and held < visits:
            days.append(day)
            held += room
    return days
