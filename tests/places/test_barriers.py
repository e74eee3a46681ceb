"""A layer of barriers: its lines and areas where the villages are, or what to do about it."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import GeometryCollection, LineString, MultiLineString, Point, Polygon

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError, Fault
from geo_target.places.barriers import read_barriers
from tests.builders import UTM_48S, point_at, row_of_villages

VILLAGES = row_of_villages("A", "B")
RIVER = LineString([point_at(100, -500), point_at(100, 1_500)])
LAKE = Polygon([point_at(200, 200), point_at(300, 200), point_at(300, 300)])
BOW = Polygon([point_at(0, 0), point_at(9, 9), point_at(9, 0), point_at(0, 9)])
FAR = LineString([point_at(90_000, 100), point_at(90_900, 100)])


def geojson(folder: Path, *shapes: shapely.Geometry, crs: str = "") -> Path:
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape in shapes
    ]
    document = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}  # type: ignore[assignment]
    file = folder / "sungai.geojson"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def layer(folder: Path, *shapes: shapely.Geometry | None, crs: str | None = WGS84) -> Path:
    frame = gpd.GeoDataFrame(geometry=np.array(shapes, dtype=object), crs=crs)
    file = folder / "sungai.parquet"
    frame.to_parquet(file)
    return file


def refusal(file: Path) -> Fault:
    with pytest.raises(DataRefusedError) as refused:
        read_barriers(file, VILLAGES)
    (fault,) = refused.value.faults
    assert (fault.code, fault.file) == ("E-BARRIERS", file.name)
    assert fault.id.startswith("lapisan penghalang ")
    return fault


def test_without_a_layer_there_are_none() -> None:
    assert read_barriers(None, VILLAGES).empty


def test_lines_and_areas_where_the_villages_are_are_kept(tmp_path: Path) -> None:
    shapes = [FAR, Point(point_at(5, 5)), RIVER, LAKE, LineString([point_at(5, 5)] * 2)]
    for file in (geojson(tmp_path, *shapes), layer(tmp_path, *shapes, None)):
        found = read_barriers(file, VILLAGES)
        assert found.crs == WGS84
        assert [*found] == [RIVER, LAKE], file.suffix


def test_parts_of_collections_are_kept(tmp_path: Path) -> None:
    both = GeometryCollection([MultiLineString([RIVER, FAR]), LAKE, Point(point_at(5, 5))])
    for file in (geojson(tmp_path, both), layer(tmp_path, both)):
        assert [*read_barriers(file, VILLAGES)] == [RIVER, LAKE], file.suffix


def test_a_layer_in_meters_is_turned_into_degrees(tmp_path: Path) -> None:
    meters = gpd.GeoSeries([RIVER], crs=WGS84).to_crs(UTM_48S)
    (found,) = read_barriers(layer(tmp_path, *meters, crs=UTM_48S), VILLAGES)
    assert found.equals_exact(RIVER, 1e-9)


def test_a_geojson_may_begin_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    file = geojson(tmp_path, RIVER)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert [*read_barriers(file, VILLAGES)] == [RIVER]


def test_what_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    (meters,) = gpd.GeoSeries([RIVER], crs=WGS84).to_crs(UTM_48S)
    swapped = shapely.transform(RIVER, lambda places: places[:, ::-1])
    elsewhere = "no line or area in this area"
    assert elsewhere in refusal(geojson(tmp_path, FAR)).en
    assert elsewhere in refusal(geojson(tmp_path, Point(point_at(5, 5)))).en
    assert elsewhere in refusal(geojson(tmp_path, swapped)).en
    assert elsewhere in refusal(geojson(tmp_path, meters)).en
    assert elsewhere in refusal(geojson(tmp_path, meters, crs="urn:ogc:def:crs:EPSG::32748")).en
    assert elsewhere in refusal(layer(tmp_path, swapped)).en


def test_a_layer_must_name_its_coordinate_system(tmp_path: Path) -> None:
    assert "no coordinate system" in refusal(layer(tmp_path, RIVER, crs=None)).en


def test_an_area_that_crosses_itself_is_refused(tmp_path: Path) -> None:
    assert "crosses itself" in refusal(geojson(tmp_path, RIVER, BOW)).en


@pytest.mark.parametrize("content", ["", "{}", '{"type": "FeatureCollection", "features": [{'])
def test_a_damaged_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "sungai.geojson"
    file.write_text(content)
    assert "cannot be read (E-JSON)" in refusal(file).en


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "zip", "parquet"])
def test_a_missing_file_is_no_boundary_file(tmp_path: Path, suffix: str) -> None:
    fault = refusal(tmp_path / f"sungai.{suffix}")
    assert "cannot be read (E-FILE)" in fault.en
    assert "desa" not in fault.id
    assert "village" not in fault.en


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo_target.places.barriers.MAX_UPLOAD_BYTES", 9)
    fault = refusal(geojson(tmp_path, RIVER))
    assert "cannot be read (E-SIZE)" in fault.en
    assert "of this area alone" in fault.en
