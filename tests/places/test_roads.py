"""A layer of roads: its lines near the area, or what to do about it."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, Point

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError
from geo_target.places.roads import read_roads
from tests.builders import point_at, row_of_villages

VILLAGES = row_of_villages("A", "B")
NEAR = LineString([point_at(100, 100), point_at(900, 100)])
FAR = LineString([point_at(90_000, 100), point_at(90_900, 100)])


def saved(folder: Path, roads: gpd.GeoDataFrame) -> Path:
    file = folder / ("jalan.gpkg" if roads.crs else "jalan.parquet")
    if roads.crs:
        roads.to_file(file, driver="GPKG", engine="pyogrio")
    else:
        roads.to_parquet(file)
    return file


def test_lines_near_the_area_are_kept_with_their_speed(tmp_path: Path) -> None:
    shapes = [NEAR, FAR, Point(point_at(500, 500)), LineString([point_at(5, 5), point_at(5, 5)])]
    layer = gpd.GeoDataFrame(
        {"speed_km_per_hour": [40.0, 60.0, 1.0, 1.0], "name": "x"}, geometry=shapes, crs=WGS84
    )
    found = read_roads(saved(tmp_path, layer.to_crs("EPSG:32748")), VILLAGES, near_km=5)
    assert found["speed_km_per_hour"].tolist() == [40.0]
    assert list(found.columns) == ["geometry", "speed_km_per_hour"]
    assert found.crs == WGS84
    assert found.geometry.iloc[0].equals_exact(NEAR, 1e-6)


def test_without_speeds_there_is_no_column(tmp_path: Path) -> None:
    layer = gpd.GeoDataFrame(geometry=[NEAR], crs=WGS84)
    assert list(read_roads(saved(tmp_path, layer), VILLAGES, near_km=5).columns) == ["geometry"]


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (gpd.GeoDataFrame(geometry=[FAR], crs=WGS84), "no line in this area"),
        (gpd.GeoDataFrame(geometry=[NEAR]), "no coordinate system"),
        (
            gpd.GeoDataFrame({"speed_km_per_hour": ["fast"]}, geometry=[NEAR], crs=WGS84),
            "no speed",
        ),
        (
            gpd.GeoDataFrame({"speed_km_per_hour": [-4.0]}, geometry=[NEAR], crs=WGS84),
            "no speed",
        ),
    ],
    ids=["far", "crs", "words", "negative"],
)
def test_a_layer_that_cannot_be_used_says_why(
    tmp_path: Path, layer: gpd.GeoDataFrame, words: str
) -> None:
    file = saved(tmp_path, layer)
    with pytest.raises(DataRefusedError, match=words) as refused:
        read_roads(file, VILLAGES, near_km=5)
    assert [(f.code, f.file) for f in refused.value.faults] == [("E-ROADS", file.name)]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataRefusedError, match=r"E-ROADS .*cannot be read \(E-FILE\)"):
        read_roads(tmp_path / "jalan.gpkg", VILLAGES, near_km=5)
