"""Ways: short, whole, and labelled with what they rest on."""

import math
import random
from itertools import permutations

import numpy as np
import pytest

from geo_target.crs import WGS84
from geo_target.fieldwork import routes
from geo_target.fieldwork.plain_routes import plain_routes, two_opt, way_minutes
from geo_target.fieldwork.refusals import PlanError
from geo_target.fieldwork.routes import order_visits, route_teams
from geo_target.fieldwork.terms import LonLat, Terms
from geo_target.fieldwork.travel import haversine_km, travel_basis, travel_minutes

PLAIN = Terms(engine="plain")


def somewhere(seed: int, number: int) -> list[LonLat]:
    chance = random.Random(seed)
    return [(chance.uniform(0, 0.1), chance.uniform(0, 0.1)) for _ in range(number)]


def engines() -> list[Terms]:
    vroom = pytest.importorskip("vroom", reason="pyvroom is an extra")
    return [PLAIN, Terms()] if vroom else []


# ---------------------------------------------------------------------------------- minutes


def test_distances_are_those_of_the_globe() -> None:
    from pyproj import Geod  # noqa: PLC0415

    points = [(106.15, -6.12), (106.25, -6.02), (105.9, -6.9), (0.0, 0.0)]
    found = haversine_km(points)
    geod = Geod(ellps="WGS84")
    for a, b in permutations(range(4), 2):
        meters = geod.inv(*points[a], *points[b])[2]
        assert found[a, b] == pytest.approx(meters / 1000, rel=0.006)
    assert WGS84 == "EPSG:4326"


def test_minutes_are_the_straight_line_times_a_factor() -> None:
    points = [(0.0, 0.0), (0.0, 0.1)]
    km = haversine_km(points)[0, 1]
    assert travel_minutes(points, Terms())[0, 1] == pytest.approx(km * 1.35 / 25 * 60)
    slow = Terms(speed_kmh=5, straight_factor=2)
    assert travel_minutes(points, slow)[0, 1] == pytest.approx(km * 2 / 5 * 60)
    assert travel_basis(Terms()) == "garis lurus x 1,35"


def ring(points: object) -> list[list[float]]:
    return [[0, 1, 9, 9], [9, 0, 1, 9], [9, 9, 0, 1], [1, 9, 9, 0]]


def test_given_minutes_are_used_and_named() -> None:
    roads = Terms(minutes=ring, minutes_basis="jaringan jalan OSM")
    found = order_visits(somewhere(1, 3), home=(0, 0), terms=roads)
    assert found.basis == "jaringan jalan OSM"
    assert found.travel_minutes == 4
    assert list(found.routes[0].order) == [0, 1, 2]


@pytest.mark.parametrize(
    "table", [[[0, 1]], [[0, -1], [1, 0]], [[0, math.inf], [1, 0]], [[0, math.nan], [1, 0]]]
)
def test_unusable_minutes_are_refused(table: list[list[float]]) -> None:
    with pytest.raises(PlanError, match="E-PLAN-MINUTES"):
        order_visits(somewhere(1, 2), terms=Terms(minutes=lambda _: table))


# ------------------------------------------------------------------------------------- ways


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("has_home", [True, False])
def test_a_short_way_is_near_the_shortest_of_all(seed: int, has_home: bool) -> None:  # noqa: FBT001
    """All 5,040 orders of seven points, with and without a home."""
    points, home = somewhere(seed, 7), (0.05, 0.05) if has_home else None
    minutes = travel_minutes([*points, (0.05, 0.05)], Terms())
    if not has_home:
        minutes[7, :] = minutes[:, 7] = 0
    best = min(way_minutes(minutes, 7, order) for order in permutations(range(7)))
    for terms in engines():
        found = order_visits(points, home=home, terms=terms)
        assert sorted(found.routes[0].order) == list(range(7))
        assert best - 0.1 <= found.travel_minutes <= best * 1.12 + 0.1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_points_need_no_engine(number: int) -> None:
    found = order_visits(somewhere(1, number), home=(0, 0))
    assert sorted(found.routes[0].order) == list(range(number))
    assert found.engine == "plain"


def test_without_pyvroom_the_plain_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "_vroom_routes", lambda: None)
    found = order_visits(somewhere(1, 8))
    assert found.engine == "plain"
    assert sorted(found.routes[0].order) == list(range(8))


def test_two_opt_uncrosses_a_way() -> None:
    corners = [(0.0, 0.0), (0.0, 0.1), (0.1, 0.1), (0.1, 0.0)]
    minutes = haversine_km(corners)
    assert two_opt(minutes, 0, [2, 1, 3]) in ([1, 2, 3], [3, 2, 1])


# ------------------------------------------------------------------------------------ teams


def test_teams_visit_all_and_none_more_than_it_may() -> None:
    points, homes = somewhere(1, 30), somewhere(2, 4)
    for terms in engines():
        found = route_teams(points, homes, most=8, terms=terms)
        orders = [list(route.order) for route in found.routes]
        assert sorted(number for order in orders for number in order) == list(range(30))
        assert all(len(order) <= 8 for order in orders)
        assert found.left == []


def test_who_finds_no_room_is_said() -> None:
    for terms in engines():
        found = route_teams(somewhere(1, 30), somewhere(2, 3), most=[5, 6, 0], terms=terms)
        assert [len(route.order) for route in found.routes] == [5, 6, 0]
        assert len(found.left) == 19


def test_teams_start_where_they_live() -> None:
    near = [(0.0, 0.001), (0.0, 0.002), (1.0, 0.001), (1.0, 0.002)]
    for terms in engines():
        found = route_teams(near, [(1.0, 0.0), (0.0, 0.0)], most=2, terms=terms)
        assert [sorted(route.order) for route in found.routes] == [[2, 3], [0, 1]]


def test_pyvroom_travels_less_than_nearest_neighbor() -> None:
    pytest.importorskip("vroom", reason="pyvroom is an extra")
    for seed in (1, 2, 3):
        points, homes = somewhere(seed, 80), somewhere(seed + 9, 8)
        plain = route_teams(points, homes, most=10, terms=PLAIN)
        better = route_teams(points, homes, most=10)
        assert better.engine == "vroom"
        assert better.travel_minutes < 0.9 * plain.travel_minutes


def test_the_same_points_give_the_same_ways() -> None:
    points, homes = somewhere(1, 40), somewhere(2, 4)
    for terms in engines():
        assert route_teams(points, homes, most=12, terms=terms) == route_teams(
            points, homes, most=12, terms=terms
        )


def test_one_way_streets_count_in_their_direction() -> None:
    minutes = np.array([[0, 5, 1], [1, 0, 5], [5, 1, 0]], dtype=float)
    orders = plain_routes(minutes, [2], 2, [2])
    assert way_minutes(minutes, 2, orders[0]) in (3, 15)
