"""Distances to facilities against all pairs; intervals against places of random villages."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geo_target.crs import WGS84
from geo_target.targeting.access import Access, measure_access
from geo_target.targeting.travel_times import Travel, road_network
from tests.builders import UTM_48S, point_at, row_of_villages

#: 30 km/h without a detour: 2 minutes a kilometer.
TRAVEL = Travel(speed_km_per_hour=30, detour_factor=1, walking_km_per_hour=6)
VILLAGES = row_of_villages("A", "B", "C")  # 1 km squares, from 0 to 3,000 m east
CRS = pyproj.CRS(UTM_48S)
CORNER = np.array([620_000.0, 9_320_000.0])


def families(*places: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    """Id, village, meters east and north of the corner of A; without them, no point."""
    lon_lat = [(np.nan, np.nan) if east is None else point_at(east, north or 0.0)
               for _, _, east, north in places]  # fmt: skip
    return pd.DataFrame(
        {
            "village_code": [village for _, village, _, _ in places],
            "lon": [lon for lon, _ in lon_lat],
            "lat": [lat for _, lat in lon_lat],
            "has_point": [east is not None for _, _, east, _ in places],
        },
        index=pd.Index([name for name, _, _, _ in places], name="family_id"),
    )


def facilities(*places: tuple[str, float | None, float | None]) -> pd.DataFrame:
    lon_lat = [(np.nan, np.nan) if east is None else point_at(east, north or 0.0)
               for _, east, north in places]  # fmt: skip
    return pd.DataFrame(
        {
            "type": [kind for kind, _, _ in places],
            "lon": [lon for lon, _ in lon_lat],
            "lat": [lat for _, lat in lon_lat],
        }
    )


def measured(people: pd.DataFrame, places: pd.DataFrame, **options: Any) -> Access:
    return measure_access(people, VILLAGES, places, CRS, travel=TRAVEL, **options)


def row(found: Access, village: str, kind: str) -> dict[str, Any]:
    rows = found.villages.reset_index().to_dict("records")
    (own,) = [own for own in rows if (own["village_code"], own["type"]) == (village, kind)]
    return {str(name): value for name, value in own.items()}


def values(own: dict[str, Any], *names: str) -> list[float]:
    return [float(own[name]) for name in names]


PEOPLE = families(
    ("F1", "A", 100, 500), ("F2", "A", 400, 500), ("F3", "A", None, None), ("F4", "B", 1_500, 0),
    ("F5", "Z", 100, 500), ("F6", "C", None, None),
)  # fmt: skip
PLACES = facilities(("puskesmas", 0, 500), ("sd", 500, 500), ("sd", 1_500, 500))


def test_families_and_villages_counted_by_hand() -> None:
    found = measured(PEOPLE, PLACES)
    meters = found.families.set_index(["type", "family_id"])["distance_m"]
    assert meters["puskesmas"].to_dict() == pytest.approx(
        {"F1": 100, "F2": 400, "F4": (1_500**2 + 500**2) ** 0.5}, abs=0.01
    )
    assert meters["sd"].to_dict() == pytest.approx({"F1": 400, "F2": 100, "F4": 500}, abs=0.01)
    own = row(found, "A", "puskesmas")
    assert (own["located_families"], own["reached_families"]) == (2, 2)
    assert values(own, "mean_m", "p90_m", "mean_minutes", "p90_minutes") == pytest.approx(
        [250, 370, 0.5, 0.74], abs=1e-3
    )
    # The puskesmas lies on the edge of A; the farthest corners of A are 1,000 m east, 500 off.
    assert values(own, "least_m", "most_m") == pytest.approx(
        [0, (1_000**2 + 500**2) ** 0.5], abs=0.01
    )
    nobody = row(found, "C", "puskesmas")
    assert nobody["located_families"] == 0
    assert np.isnan(nobody["mean_m"])
    assert values(nobody, "least_m", "most_m") == pytest.approx(
        [2_000, (3_000**2 + 500**2) ** 0.5], abs=0.01
    )
    assert list(found.villages.index) == [
        (village, kind) for village in "ABC" for kind in ("puskesmas", "sd")
    ]


def test_a_family_without_a_point_is_at_no_point() -> None:
    everyone = measured(PEOPLE, PLACES)
    located = measured(PEOPLE[PEOPLE["has_point"]], PLACES)
    assert not set(everyone.families["family_id"]) & {"F3", "F5", "F6"}
    pd.testing.assert_frame_equal(everyone.families, located.families)
    pd.testing.assert_frame_equal(everyone.villages, located.villages)


@pytest.mark.parametrize(
    ("limit", "state"), [(3.9, "beyond"), (4.1, "maybe"), (6.0, "maybe"), (6.1, "within")]
)
def test_three_states_of_a_village(limit: float, state: str) -> None:
    # From C the puskesmas is 2,000 m to 3,041 m away: 4 to 6.08 minutes.
    found = measured(PEOPLE, PLACES, limit_minutes=limit)
    assert row(found, "C", "puskesmas")["beyond"] == state


def test_many_facilities_bound_a_village_better_than_one() -> None:
    # 10 km wide, one facility every kilometer: nobody lives 2 km away, whatever the best one is.
    wide = gpd.GeoDataFrame(
        {"village_name": ["W"]},
        geometry=gpd.GeoSeries([box(620_000, 9_320_000, 630_000, 9_321_000)], crs=UTM_48S)
        .to_crs(WGS84).to_numpy(), crs=WGS84, index=pd.Index(["W"], name="village_code"),
    )  # fmt: skip
    places = facilities(*[("sd", 1_000.0 * n + 500, 500.0) for n in range(10)])
    found = measure_access(families(), wide, places, CRS, travel=TRAVEL)
    true = 500 * 2**0.5
    assert true - 0.1 <= row(found, "W", "sd")["most_m"] <= true + 2 * 177


def test_facilities_that_have_no_place_or_no_type() -> None:
    places = pd.concat([PLACES, facilities(("rs", None, None))], ignore_index=True)
    places.loc[len(places)] = {"type": None, "lon": 106.0, "lat": -6.0}
    found = measured(PEOPLE, places)
    assert found.villages.index.unique("type").tolist() == ["puskesmas", "rs", "sd"]
    none = found.villages.xs("rs", level="type")
    assert none["located_families"].tolist() == [2, 1, 0]
    assert none["reached_families"].tolist() == [0, 0, 0]
    assert none.drop(columns=["located_families", "reached_families"]).isna().to_numpy().all()
    others = found.villages.drop("rs", level="type")
    pd.testing.assert_frame_equal(others, measured(PEOPLE, PLACES).villages)


def test_no_facilities_at_all_and_no_families_at_all() -> None:
    nothing = measured(PEOPLE, PLACES[:0])
    assert (len(nothing.families), len(nothing.villages)) == (0, 0)
    assert list(nothing.villages.columns) == list(measured(PEOPLE, PLACES).villages.columns)
    nobody = measured(PEOPLE[:0], PLACES)
    assert len(nobody.families) == 0
    assert nobody.villages["located_families"].eq(0).all()
    assert nobody.villages[["least_m", "most_m"]].notna().to_numpy().all()


def test_a_village_without_an_outline_has_no_interval() -> None:
    villages = VILLAGES.copy()
    villages.loc[["B", "C"], "geometry"] = np.array([None, shapely.Polygon()], dtype=object)
    found = measure_access(PEOPLE, villages, PLACES, CRS, travel=TRAVEL)
    whole = measured(PEOPLE, PLACES)
    for village in ("B", "C"):
        own = row(found, village, "sd")
        assert pd.isna([own["least_m"], own["most_m"], own["beyond"]]).all()
    assert row(found, "B", "sd")["mean_m"] == row(whole, "B", "sd")["mean_m"]
    assert row(found, "A", "sd") == row(whole, "A", "sd")


def test_no_outline_at_all_leaves_minutes_by_road() -> None:
    villages = VILLAGES.set_geometry(np.array([None] * 3, dtype=object), crs=WGS84)
    lines = gpd.GeoDataFrame(geometry=[road((0, 500), (3_000, 500))], crs=UTM_48S)
    roads = road_network(lines, TRAVEL, CRS)
    found = measure_access(PEOPLE, villages, PLACES[:1], CRS, travel=TRAVEL, roads=roads)
    with_outlines = measured(PEOPLE, PLACES[:1], roads=roads)
    pd.testing.assert_frame_equal(found.families, with_outlines.families)
    assert found.villages["least_minutes"].isna().all()


def some_world(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    count = int(rng.integers(1, 30))
    people = families(*[
        (f"F{n:02}", str(rng.choice(["A", "B", "C"])), *rng.uniform(-500, 3_500, 2))
        for n in range(count)
    ])  # fmt: skip
    people["has_point"] = rng.random(count) < 0.7
    places = facilities(*[
        (str(rng.choice(["puskesmas", "sd"])), *rng.uniform(-2_000, 5_000, 2))
        for _ in range(rng.integers(1, 12))
    ])  # fmt: skip
    return people, places


def metric(frame: pd.DataFrame) -> np.ndarray:
    points = gpd.GeoSeries.from_xy(frame["lon"], frame["lat"], crs=WGS84).to_crs(UTM_48S)
    return np.column_stack([points.x, points.y])


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_the_same_as_all_pairs(seed: int) -> None:
    people, places = some_world(np.random.default_rng(seed))
    found = measured(people, places)
    rows = []
    located = people[people["has_point"]]
    for kind, own in places.groupby("type"):
        apart = np.hypot(*(metric(located)[:, None] - metric(own)[None]).transpose(2, 0, 1))
        rows += [
            (family, kind, least)
            for family, least in zip(located.index, apart.min(axis=1), strict=True)
        ]
    expected = pd.DataFrame(rows, columns=["family_id", "type", "distance_m"])
    pd.testing.assert_frame_equal(
        found.families[["family_id", "type", "distance_m"]], expected, check_dtype=False
    )
    assert found.families["minutes"].tolist() == pytest.approx(
        (expected["distance_m"] / 500).tolist()
    )
    for told in found.villages.reset_index().to_dict("records"):
        in_village = expected["family_id"].map(people["village_code"]) == told["village_code"]
        mine = expected["distance_m"][in_village & (expected["type"] == told["type"])]
        assert told["located_families"] == told["reached_families"] == len(mine)
        if len(mine):
            assert told["mean_m"] == pytest.approx(mine.mean())
            assert told["p90_m"] == pytest.approx(np.percentile(mine, 90))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_no_order_of_rows_moves_a_digit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people, places = some_world(rng)
    first = measured(people, places)
    second = measure_access(
        people.sample(frac=1, random_state=1), VILLAGES[::-1],
        places.sample(frac=1, random_state=2), CRS, travel=TRAVEL,
    )  # fmt: skip
    pd.testing.assert_frame_equal(first.families, second.families, check_exact=True)
    pd.testing.assert_frame_equal(first.villages, second.villages, check_exact=True)


def some_villages(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Stars with bays, one with a hole, one of two parts: no village is convex."""
    shapes = []
    for _ in range(4):
        turn = np.sort(rng.uniform(0, 2 * np.pi, 9))
        away = rng.uniform(100, 2_500, 9)
        spokes = np.column_stack([np.cos(turn), np.sin(turn)]) * away[:, None]
        shapes.append(
            shapely.make_valid(shapely.Polygon(spokes + CORNER + rng.uniform(0, 4_000, 2)))
        )
    shapes[1] = shapes[1].difference(shapes[1].representative_point().buffer(300))
    shapes[2] = shapely.union(shapes[2], shapely.affinity.translate(shapes[2], 6_000, 0))
    polygons = gpd.GeoSeries(shapes, crs=UTM_48S).to_crs(WGS84)
    return gpd.GeoDataFrame(
        geometry=polygons.to_numpy(), crs=WGS84, index=pd.Index(list("ABCD"), name="village_code")
    )


def inside(shape: Any, rng: np.random.Generator) -> np.ndarray:
    west, south, east, north = shape.bounds
    tried = np.column_stack([rng.uniform(west, east, 300), rng.uniform(south, north, 300)])
    held = shapely.contains_xy(shape, tried[:, 0], tried[:, 1])
    return np.concatenate([tried[held], shapely.get_coordinates(shape)])


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_interval_holds_every_place_of_a_village(seed: int, by_road: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(seed)
    villages = some_villages(rng)
    _, places = some_world(rng)
    roads = None
    if by_road:
        ends = CORNER + rng.uniform(-2_000, 8_000, (6, 2))
        lines = gpd.GeoDataFrame(geometry=[shapely.LineString(ends)], crs=UTM_48S)
        roads = road_network(lines, TRAVEL, CRS)
    found = measure_access(
        families(), villages, places, CRS, travel=TRAVEL, roads=roads, limit_minutes=5
    )
    for code, shape in villages.geometry.to_crs(UTM_48S).items():
        homes = inside(shape, rng)
        for kind, own in places.groupby("type"):
            xy = metric(own)
            meters = np.hypot(*(homes[:, None] - xy[None]).transpose(2, 0, 1)).min(axis=1)
            minutes = (
                meters / 500 if roads is None else roads.minutes_of(homes, roads.minutes_from(xy))
            )
            bounds = row(found, str(code), str(kind))
            assert bounds["least_m"] - 0.01 <= meters.min()
            assert meters.max() <= bounds["most_m"] + 0.01
            # No worse than the best single facility, tried one by one at every corner.
            corners = shapely.get_coordinates(shape)
            single = [np.hypot(*(corners - one).T).max() for one in xy]
            assert bounds["most_m"] <= min(single) + 0.01
            assert bounds["least_minutes"] - 0.001 <= minutes.min()
            assert minutes.max() <= bounds["most_minutes"] + 0.001
            if bounds["beyond"] == "beyond":
                assert (minutes > 5 - 0.001).all()
            if bounds["beyond"] == "within":
                assert (minutes <= 5 + 0.001).all()
        apart = shape.distance(shapely.MultiPoint(xy))
        assert bounds["least_m"] == pytest.approx(apart, abs=0.01)


def road(*places: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(CORNER + np.array(places))


def test_minutes_by_road_and_where_none_leads() -> None:
    # Along the middle of A and B, from the puskesmas; C has a road of its own that leads nowhere.
    lines = [road((0, 500), (2_000, 500)),
             road((2_500, 0), (2_500, 1_000))]  # fmt: skip
    roads = road_network(gpd.GeoDataFrame(geometry=lines, crs=UTM_48S), TRAVEL, CRS)
    people = families(("F1", "A", 1_000, 600), ("F2", "C", 2_500, 500), ("F3", "B", 1_500, 500))
    found = measured(people, PLACES[:1], roads=roads)
    # 100 m on foot is a minute, 1,000 m by road two.
    own = found.families.set_index("family_id")
    assert own["minutes"].to_dict() == pytest.approx({"F1": 3, "F2": np.nan, "F3": 3}, nan_ok=True,
                                                     abs=0.001)  # fmt: skip
    assert own.loc["F2", "distance_m"] == pytest.approx(2_500, abs=0.01)
    a, b, c = (row(found, village, "puskesmas") for village in "ABC")
    assert [one["located_families"] for one in (a, b, c)] == [1, 1, 1]
    assert [one["reached_families"] for one in (a, b, c)] == [1, 1, 0]
    assert np.isnan(c["mean_minutes"])
    # From the west of C the road of B is nearer, from the rest the one that leads nowhere.
    assert c["least_minutes"] <= 4 + 100 * 0.01
    assert np.isnan(c["most_minutes"])
    assert (a["beyond"], c["beyond"]) == ("within", "maybe")


def test_where_no_road_leads_anywhere_nothing_is_known() -> None:
    lines = [road((-9_000, 500), (-8_000, 500)),
             road((0, 500), (3_000, 500))]  # fmt: skip
    roads = road_network(gpd.GeoDataFrame(geometry=lines, crs=UTM_48S), TRAVEL, CRS)
    found = measured(PEOPLE, facilities(("rs", -9_000, 500)), roads=roads)
    assert found.families["minutes"].isna().all()
    assert found.villages[["least_minutes", "most_minutes", "beyond"]].isna().to_numpy().all()
    assert found.villages[["least_m", "most_m"]].notna().to_numpy().all()
