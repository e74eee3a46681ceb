"""Minutes over roads, on a grid that a reader can count."""

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiLineString, Point

from geo_target.targeting.travel_times import RoadNetwork, Travel, road_network
from tests.builders import UTM_48S

#: 30 km/h is 2 minutes a kilometer, and so is the walk's 6 km/h 10 minutes.
TRAVEL = Travel(speed_km_per_hour=30, walking_km_per_hour=6)
CRS = pyproj.CRS(UTM_48S)
X, Y = 620_000.0, 9_320_000.0


def roads(*lines: Any, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs=UTM_48S)


def line(*places: tuple[float, float]) -> LineString:
    return LineString([(X + east, Y + north) for east, north in places])


def at(*places: tuple[float, float]) -> npt.NDArray[np.float64]:
    return np.asarray(np.array(places, dtype="float64").reshape(-1, 2) + np.array([X, Y]))


def network(*lines: Any, **columns: object) -> RoadNetwork:
    return road_network(roads(*lines, **columns), TRAVEL, CRS)


def minutes(found: RoadNetwork, places: npt.NDArray[np.float64],
            facilities: npt.NDArray[np.float64]) -> list[float]:  # fmt: skip
    return [float(m) for m in found.minutes_of(places, found.minutes_from(facilities))]


# A block of 1 km: along the south, up the west and the east; the north is a way of its own.
#
#     +-----+  north, at 60 km/h: 1 minute
#     |     |
#     +-----+
BLOCK = (
    line((0, 0), (1_000, 0)), line((0, 0), (0, 1_000)), line((1_000, 0), (1_000, 1_000)),
    line((0, 1_000), (1_000, 1_000)),
)  # fmt: skip


def test_a_block_counted_by_hand() -> None:
    block = network(*BLOCK, speed_km_per_hour=[None, 0, 30, 60])
    facility = at((0, 1_000))
    corners = at((0, 1_000), (0, 0), (1_000, 1_000), (1_000, 0))
    # 2 min down the west; 1 over the north; on to the southeast 1 + 2 over the north.
    assert minutes(block, corners, facility) == pytest.approx([0, 2, 1, 3])
    # 100 m beside the road is 1 minute's walk, at either end.
    assert minutes(block, at((-100, 0)), facility) == pytest.approx([3])
    assert minutes(block, corners[1:2], at((0, 1_100))) == pytest.approx([3])


def test_the_nearest_facility_is_the_one_of_fewest_minutes_not_meters() -> None:
    block = network(*BLOCK, speed_km_per_hour=[30, 30, 30, 60])
    # From the southeast: 1 km south-west is 2 minutes; north-west 3. A far walk makes it longer.
    assert minutes(block, at((1_000, 0)), at((0, 0), (0, 1_000))) == pytest.approx([2])
    assert minutes(block, at((1_000, 0)), at((0, -300), (0, 1_000))) == pytest.approx([3])
    # Two at one vertex: the shorter walk counts.
    assert minutes(block, at((1_000, 0)), at((0, -300), (0, -100))) == pytest.approx([3])


def test_roads_meet_only_where_they_share_a_vertex() -> None:
    bridge = network(line((-500, 0), (500, 0)), line((0, -500), (0, 500)))
    assert minutes(bridge, at((-500, 0)), at((0, 500))) == [np.inf]
    crossing = network(line((-500, 0), (0, 0), (500, 0)), line((0, -500), (0, 0), (0, 500)))
    assert minutes(crossing, at((-500, 0)), at((0, 500))) == pytest.approx([2])


def test_a_place_is_never_far_from_a_vertex_of_a_long_line() -> None:
    long = network(line((0, 0), (10_000, 0)))
    assert minutes(long, at((5_000, 0)), at((0, 0))) == pytest.approx([10])


def test_of_two_roads_between_the_same_corners_the_faster_counts() -> None:
    both = network(BLOCK[0], BLOCK[0], speed_km_per_hour=[10, 60])
    assert minutes(both, at((1_000, 0)), at((0, 0))) == pytest.approx([1])


def test_only_lines_count_and_parts_of_lines_are_lines() -> None:
    parts = MultiLineString([BLOCK[0], BLOCK[1]])
    mixed = network(Point(X, Y), None, parts, LineString(), speed_km_per_hour=[5, 5, 60, 5])
    assert minutes(mixed, at((1_000, 0)), at((0, 1_000))) == pytest.approx([2])


@pytest.mark.parametrize("lines", [[], [Point(X, Y)], [line((0, 0), (0, 0))]])
def test_a_layer_without_any_way_is_refused(lines: list[object]) -> None:
    with pytest.raises(ValueError, match="no line"):
        network(*lines)


def test_roads_in_degrees_give_the_same() -> None:
    degrees = roads(*BLOCK).to_crs("EPSG:4326")
    found = road_network(degrees, TRAVEL, CRS)
    assert minutes(found, at((1_000, 0)), at((0, 1_000))) == pytest.approx([4], abs=1e-3)


@pytest.mark.parametrize("wrong", [{"speed_km_per_hour": 0}, {"walking_km_per_hour": -1},
                                   {"detour_factor": 0.9}])  # fmt: skip
def test_speeds_that_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="speeds"):
        Travel(**wrong)


def some_network(rng: np.random.Generator) -> RoadNetwork:
    corners = rng.uniform(0, 3_000, (8, 2))
    lines = [line(tuple(corners[a]), tuple(corners[b]))
             for a, b in pairwise(rng.integers(0, 8, 12)) if a != b]  # fmt: skip
    lines.append(line((0, 0), (10, 10)))
    return network(*lines, speed_km_per_hour=rng.choice([10, 40, 0], len(lines)))


@given(st.integers(0, 2**32 - 1))
def test_ways_are_those_of_trying_every_edge(seed: int) -> None:
    """Bellman and Ford: let every edge shorten the ways until none does."""
    rng = np.random.default_rng(seed)
    found = some_network(rng)
    facilities, places = at(*rng.uniform(0, 3_000, (4, 2))), at(*rng.uniform(0, 3_000, (9, 2)))
    nearest = [int(np.hypot(*(found.xy - one).T).argmin()) for one in facilities]
    best = np.full(len(found.xy), np.inf)
    for vertex, one in zip(nearest, facilities, strict=True):
        best[vertex] = min(best[vertex], np.hypot(*(found.xy[vertex] - one)) * 0.01)
    ways = found.minutes.tocoo()
    while True:
        shorter = best.copy()
        np.minimum.at(shorter, ways.col, best[ways.row] + ways.data)
        if (shorter == best).all():
            break
        best = shorter
    snapped = [int(np.hypot(*(found.xy - one).T).argmin()) for one in places]
    walks = np.hypot(*(found.xy[snapped] - places).T) * 0.01
    assert minutes(found, places, facilities) == pytest.approx(list(walks + best[snapped]))


@given(st.integers(0, 2**32 - 1))
def test_bounds_hold_every_place_about_a_middle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = some_network(rng)
    from_vertex = found.minutes_from(at(*rng.uniform(0, 3_000, (2, 2))))
    middles, reach = at(*rng.uniform(-500, 3_500, (5, 2))), float(rng.uniform(1, 400))
    least, most = found.around(middles, reach).bounds(from_vertex)
    turn, away = rng.uniform(0, 2 * np.pi, (40, 5)), reach * np.sqrt(rng.uniform(0, 1, (40, 5)))
    for n, middle in enumerate(middles):
        off = np.column_stack([np.cos(turn[:, n]), np.sin(turn[:, n])]) * away[:, [n]]
        held = found.minutes_of(middle + off, from_vertex)
        assert (held >= least[n] - 1e-9).all()
        assert (held <= most[n] + 1e-9).all()
