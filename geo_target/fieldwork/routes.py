"""The order of visits on the way: by pyvroom, or by nearest neighbor and 2-opt without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geo_target.fieldwork.plain_routes import plain_routes, way_minutes
from geo_target.fieldwork.terms import LonLat, Terms
from geo_target.fieldwork.travel import Matrix, travel_basis, travel_minutes

#: Orders of teams from minutes, starts, the number of points, and each team's most visits.
Solve = Callable[[Matrix, Sequence[int], int, Sequence[int]], list[list[int]]]

#: Below this there is nothing to order.
_FEWEST = 3


@dataclass(frozen=True)
class Route:
    """One team's way on one day, from home and back where a home is known."""

    order: Sequence[int]
    """Places in the list of points."""
    travel_minutes: float


@dataclass(frozen=True)
class Routes:
    """Ways of all teams."""

    routes: Sequence[Route]
    """One a team, in the order of the teams; a team may have no visit."""
    left: Sequence[int]
    """Points that no team has room for."""
    basis: str
    """What travel times rest on: ``garis lurus x 1,35``, or what the given matrix is called."""
    engine: str
    """``vroom`` or ``plain``."""

    @property
    def travel_minutes(self) -> float:
        """Of all teams."""
        return sum(route.travel_minutes for route in self.routes)


def order_visits(
    points: Sequence[LonLat], *, home: LonLat | None = None, terms: Terms | None = None
) -> Routes:
    """All points in the order in which one team visits them.

    Parameters
    ----------
    points
        Longitude and latitude in degrees, EPSG:4326.
    home
        Where the day begins and ends; None: it begins and ends at a visit.
    """
    return route_teams(points, [home], most=len(points), terms=terms)


def route_teams(
    points: Sequence[LonLat],
    homes: Sequence[LonLat | None],
    *,
    most: int | Sequence[int],
    terms: Terms | None = None,
) -> Routes:
    """Points shared out among teams and put in order, so that all travel little.

    Parameters
    ----------
    homes
        One a team: where its day begins and ends. Officers, or the days of one officer.
    most
        Visits that each team, or any team, makes at most.
    """
    terms = terms or Terms()
    minutes, starts = with_homes(points, homes, terms)
    is_small = len(points) < _FEWEST
    solve = None if terms.engine == "plain" or is_small else _vroom_routes()
    rooms = [most] * len(homes) if isinstance(most, int) else list(most)
    orders = (solve or plain_routes)(minutes, starts, len(points), rooms)
    routes = [
        Route(order, way_minutes(minutes, starts[n], order)) for n, order in enumerate(orders)
    ]
    visited = {number for order in orders for number in order}
    left = [number for number in range(len(points)) if number not in visited]
    return Routes(routes, left, travel_basis(terms), "vroom" if solve else "plain")


def with_homes(
    points: Sequence[LonLat], homes: Sequence[LonLat | None], terms: Terms
) -> tuple[Matrix, list[int]]:
    """Travel times between all places, and the place of each team's home among them.

    Points come first, then homes, then a place that is no way from any: where the day begins and
    ends for a team without a home.
    """
    known = list(dict.fromkeys(home for home in homes if home is not None))
    minutes = travel_minutes([*points, *known], terms)
    wide = np.zeros((len(minutes) + 1, len(minutes) + 1))
    wide[:-1, :-1] = minutes
    places = {home: len(points) + number for number, home in enumerate(known)}
    return wide, [len(minutes) if home is None else places[home] for home in homes]


def _vroom_routes() -> Solve | None:
    """How pyvroom does it, or None where it is not installed."""
    try:
        from geo_target.fieldwork.vroom_routes import vroom_routes  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return vroom_routes
