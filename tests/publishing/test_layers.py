import gzip
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from geo_target.crs import WGS84
from geo_target.publishing.layers import (
    CLUSTER_PROPERTIES,
    VILLAGE_PROPERTIES,
    cluster_layer,
    compress,
    district_layer,
    neighbor_layer,
    village_layer,
)
from tests.web.sample import HOSTILE_NAMES, boundaries, clusters, villages

SECRET = "367398" + "4501900001"


def area_of(table: gpd.GeoDataFrame) -> float:
    """In square degrees: enough to compare."""
    return float(shapely.area(table.geometry.to_numpy()).sum())


@pytest.fixture(scope="module")
def table() -> gpd.GeoDataFrame:
    return villages(hostile=True)


def test_only_columns_of_the_allow_list_leave(table: gpd.GeoDataFrame) -> None:
    planted = table.assign(head_name="Siti", national_id=SECRET, hot_spot="x")
    layer = village_layer(planted)
    keys = {key for feature in layer["features"] for key in feature["properties"]}
    assert keys <= {*VILLAGE_PROPERTIES, "label"}
    assert SECRET not in json.dumps(layer)


def test_withheld_is_null_and_zero_is_zero(table: gpd.GeoDataFrame) -> None:
    features = village_layer(table)["features"]
    by_code = {f["properties"]["village_code"]: f["properties"] for f in features}
    hidden = table.index[table["uncovered_families"].isna()]
    none = table.index[table["uncovered_families"].fillna(-1) == 0]
    assert len(hidden) > 0
    assert len(none) > 0
    for code in hidden:
        assert by_code[code]["uncovered_families"] is None
        assert by_code[code]["exclusion_error"] is None
        assert "uncovered_families" in by_code[code]["withheld"]
    for code in none:
        assert by_code[code]["uncovered_families"] == 0
        assert by_code[code]["withheld"] == []


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
