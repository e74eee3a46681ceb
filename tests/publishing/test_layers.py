import gzip
import json
import random

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geo_target.crs import WGS84
from geo_target.publishing.drawing import compress
from geo_target.publishing.layers import (
    CLUSTER_PROPERTIES,
    VILLAGE_PROPERTIES,
    cluster_layer,
    district_layer,
    neighbor_layer,
    shape_layers,
    village_layer,
)
from tests.web.sample import HOSTILE_NAMES, boundaries, clusters, villages

SECRET = "367398" + "4501900001"


def area_of(table: gpd.GeoDataFrame) -> float:
    """In square degrees: enough to compare."""
    return float(shapely.area(table.geometry.to_numpy()).sum())


def widened(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same villages six times as wide, so that they are drawn coarser."""
    return table.set_geometry(table.geometry.affine_transform([6, 0, 0, 6, -530, 30]))


@pytest.fixture(scope="module")
def table() -> gpd.GeoDataFrame:
    return villages(hostile=True)


def test_only_columns_of_the_allow_list_leave(table: gpd.GeoDataFrame) -> None:
    planted = table.assign(head_name="Siti", national_id=SECRET, hot_spot="x")
    layer = village_layer(planted)
    keys = {key for feature in layer["features"] for key in feature["properties"]}
    assert keys <= {*VILLAGE_PROPERTIES, "label"}
    assert SECRET not in json.dumps(layer)


def test_a_shape_has_no_figure_so_that_it_is_the_same_for_every_audience_and_run(
    table: gpd.GeoDataFrame,
) -> None:
    later = table.assign(uncovered_families=table["uncovered_families"] + 1, withheld=None)
    assert shape_layers(later) == shape_layers(table)


def test_hostile_names_stay_what_they_are(table: gpd.GeoDataFrame) -> None:
    layer = json.loads(gzip.decompress(compress(village_layer(table))))
    names = {f["properties"]["village_name"] for f in layer["features"]}
    assert set(HOSTILE_NAMES) <= names


def test_drawn_villages_are_lighter_and_still_touch(table: gpd.GeoDataFrame) -> None:
    drawn = [shape(f["geometry"]) for f in village_layer(table)["features"]]
    assert sum(map(shapely.get_num_coordinates, drawn)) < table.geometry.count_coordinates().sum()
    whole = shapely.union_all(drawn)
    parts = sum(part.area for part in drawn)
    assert parts == pytest.approx(whole.area, rel=1e-4)
    for village, part in zip(table.geometry, drawn, strict=True):
        assert part.area == pytest.approx(village.area, rel=0.05)


def test_labels_lie_inside_their_village(table: gpd.GeoDataFrame) -> None:
    for feature, village in zip(village_layer(table)["features"], table.geometry, strict=True):
        assert village.contains(shapely.Point(feature["properties"]["label"]))


def test_coordinates_have_five_decimals(table: gpd.GeoDataFrame) -> None:
    numbers = [
        coordinate
        for feature in village_layer(table)["features"]
        for coordinate in shapely.get_coordinates(shape(feature["geometry"])).ravel()
    ]
    assert all(round(number, 5) == number for number in numbers)


def test_districts_are_outlines_of_their_villages(table: gpd.GeoDataFrame) -> None:
    features = district_layer(table)["features"]
    assert [f["properties"]["district_name"] for f in features] == [
        "Serang", "Kasemen", "Walantaka", "Curug", "Cipocok Jaya", "Taktakan",
    ]  # fmt: skip
    area = sum(shape(f["geometry"]).area for f in features)
    assert area == pytest.approx(area_of(table), rel=0.01)
    assert set(features[0]["properties"]) == {"district_code", "district_name", "label"}


def test_clusters_of_rw_are_counts_and_never_shapes(table: gpd.GeoDataFrame) -> None:
    found = clusters(table)
    features = cluster_layer(found, table)["features"]
    rw = [f for f in features if f["properties"]["kind"] == "rw"]
    points = [f for f in features if f["properties"]["kind"] == "points"]
    assert {f["geometry"]["type"] for f in rw} == {"Point"}
    assert {f["geometry"]["type"] for f in points} <= {"Polygon", "MultiPolygon"}
    assert sum(f["properties"]["rw_clusters"] for f in rw) == (found["kind"] == "rw").sum()
    labels = {f["properties"]["village_code"]: f["properties"]["label"]
              for f in village_layer(table)["features"]}  # fmt: skip
    for feature in rw:
        assert feature["geometry"]["coordinates"] == labels[feature["properties"]["village_code"]]
    for feature in points:
        assert set(feature["properties"]) == {*CLUSTER_PROPERTIES, "label"}


def test_a_withheld_part_hides_the_sum_of_a_badge(table: gpd.GeoDataFrame) -> None:
    found = clusters(table)
    found["uncovered_families"] = found["uncovered_families"].astype("Int64")
    first = found.index[found["kind"] == "rw"][0]
    found.loc[first, "uncovered_families"] = pd.NA
    code = found.loc[first, "village_codes"][0]
    features = cluster_layer(found, table)["features"]
    (badge,) = [f for f in features if f["properties"].get("village_code") == code]
    assert badge["properties"]["uncovered_families"] is None


def test_a_cluster_without_a_shape_is_not_drawn(table: gpd.GeoDataFrame) -> None:
    found = clusters(table)
    found = found[found["kind"] == "points"].copy()
    found.loc[found.index[0], "geometry"] = None
    assert len(cluster_layer(found, table)["features"]) == len(found) - 1


def test_no_clusters_are_an_empty_layer(table: gpd.GeoDataFrame) -> None:
    assert cluster_layer(clusters(table).iloc[:0], table)["features"] == []


def test_neighbors_are_one_plain_shape(table: gpd.GeoDataFrame) -> None:
    around = boundaries()
    around = around[~around.index.isin(table.index)]
    (feature,) = neighbor_layer(around, table)["features"]
    assert feature["properties"] == {}
    overlap = shape(feature["geometry"]).intersection(table.geometry.union_all())
    assert overlap.area < 0.001 * area_of(table)


def test_no_surroundings_are_an_empty_layer(table: gpd.GeoDataFrame) -> None:
    nothing = gpd.GeoDataFrame(geometry=[], crs=WGS84)
    assert neighbor_layer(nothing, table)["features"] == []
    assert (
        neighbor_layer(gpd.GeoDataFrame(geometry=[shapely.box(0, 50, 1, 51)], crs=WGS84), table)[
            "features"
        ]
        == []
    )


def test_the_same_layer_gives_the_same_bytes(table: gpd.GeoDataFrame) -> None:
    assert compress(village_layer(table)) == compress(village_layer(table.copy()))


def test_a_light_area_is_sent_at_once(table: gpd.GeoDataFrame) -> None:
    assert set(shape_layers(table)) == {"villages", "districts"}


def test_a_heavy_area_is_sent_by_district_after_its_outlines(table: gpd.GeoDataFrame) -> None:
    drawn = shape_layers(table, light_bytes=1_000)
    codes = sorted({*table["district_code"]})
    assert set(drawn) == {
        "villages", "districts", "outlines", *(f"villages-{code}" for code in codes)
    }  # fmt: skip
    for code in codes:
        *own, edge = drawn[f"villages-{code}"]["features"]
        assert {f["properties"]["village_code"] for f in own} == {
            *table.index[table["district_code"] == code]
        }
        assert edge["properties"] == {"district_code": code}


def test_villages_of_a_part_fill_its_outline(table: gpd.GeoDataFrame) -> None:
    for name, part in shape_layers(table, light_bytes=1_000).items():
        if name.startswith("villages-"):
            *own, edge = (shape(feature["geometry"]) for feature in part["features"])
            missing = shapely.union_all(own).symmetric_difference(edge)
            assert missing.area < 1e-4 * edge.area


def test_parts_of_neighboring_districts_still_touch(table: gpd.GeoDataFrame) -> None:
    drawn = shape_layers(table, light_bytes=1_000)
    edges = [shape(part["features"][-1]["geometry"]) for name, part in drawn.items()
             if name.startswith("villages-")]  # fmt: skip
    together = shapely.union_all(edges)
    assert sum(edge.area for edge in edges) == pytest.approx(together.area, rel=1e-4)


def test_outlines_are_drawn_coarser_than_districts_and_parts_finer_than_the_whole() -> None:
    rng = random.Random(5)
    edge = [(106.5 + rng.uniform(-0.003, 0.003), -6.9 + step / 400) for step in range(361)]
    west, east = [(106.0, -6.0), (106.0, -6.9)], [(107.0, -6.0), (107.0, -6.9)]
    rough = gpd.GeoDataFrame(
        {"village_name": ["Barat", "Timur"], "district_code": ["36.01.01", "36.01.02"],
         "district_name": ["Barat", "Timur"]},
        index=pd.Index(["36.01.01.2001", "36.01.02.2001"], name="village_code"),
        geometry=[shapely.Polygon([*edge, *side]) for side in (west, east)], crs=WGS84,
    )  # fmt: skip
    drawn = shape_layers(rough, light_bytes=1_000)
    corners = {name: shapely.get_num_coordinates(shape(layer["features"][0]["geometry"]))
               for name, layer in drawn.items()}  # fmt: skip
    assert corners["outlines"] < corners["districts"] == corners["villages"]
    assert corners["villages"] < corners["villages-36.01.01"]


def test_a_coarse_drawing_has_four_decimals(table: gpd.GeoDataFrame) -> None:
    numbers = [
        coordinate
        for feature in village_layer(widened(table))["features"]
        for coordinate in shapely.get_coordinates(shape(feature["geometry"])).ravel()
    ]
    assert all(round(number, 4) == number for number in numbers)
