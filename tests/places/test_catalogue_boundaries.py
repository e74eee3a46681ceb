"""The catalogue of bad inputs, boundaries (entries 101 to 123): refused whole, or used with a note.

A layer has no rows to set aside: its books are the villages of the area, all there or none.
The checks have tests of their own; here each entry of the catalogue has its one.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from geo_target.places.boundaries import Boundaries, check_boundaries, read_boundaries
from geo_target.places.gazetteer import villages_of
from tests.places.boundary_layers import (
    CURUG,
    SIDE,
    M,
    refusal,
    squares,
    write_geojson,
    write_shapefile_zip,
)

CODES = villages_of(CURUG).index.tolist()
Members = dict[str, bytes]


def used(file: Path, **options: Any) -> Boundaries:
    """The layer is used: every village of the area once."""
    found = read_boundaries(file, area=CURUG, **options)
    assert found.villages.index.tolist() == CODES
    return found


def notes(file: Path, **options: Any) -> list[str]:
    return [note.code for note in used(file, **options).report.notes]


def shapefile(folder: Path, change: Callable[[Members], object] | None = None) -> Path:
    return write_shapefile_zip(folder / "desa.zip", squares(), change)


def geojson(folder: Path, change: Callable[[Any], Any] | None = None, **members: Any) -> Path:
    """The clean layer as GeoJSON, after `change` had its way with the shape of one village."""
    layer = squares()
    if change is not None:
        shapes = layer.geometry.to_list()
        layer = layer.set_geometry(gpd.GeoSeries([change(shapes[0]), *shapes[1:]], crs=layer.crs))
    return write_geojson(folder / "desa.geojson", layer, **members)


def edited(file: Path, change: Callable[[Any], object]) -> Path:
    document = json.loads(file.read_text())
    change(document)
    file.write_text(json.dumps(document))
    return file


def cut(part: str, share: float) -> Callable[[Members], object]:
    def change(members: Members) -> None:
        members[part] = members[part][: int(len(members[part]) * share)]

    return change


@pytest.mark.parametrize(
    ("part", "code"),
    [
        pytest.param("desa.prj", "E-PRJ", id="101"),
        pytest.param("desa.shx", "E-SHP", id="102"),
        pytest.param("desa.dbf", "E-SHP", id="103"),
    ],
)
def test_101_102_103_a_part_is_missing(tmp_path: Path, part: str, code: str) -> None:
    assert part[-4:] in refusal(shapefile(tmp_path, lambda m: m.pop(part)), code)


@pytest.mark.parametrize(
    ("part", "share"),
    [
        pytest.param("desa.shp", 0.6, id="104-60"),
        pytest.param("desa.shp", 0.9, id="104-90"),
        pytest.param("desa.dbf", 0.9, id="105"),
    ],
)
def test_104_105_a_part_is_cut(tmp_path: Path, part: str, share: float) -> None:
    refusal(shapefile(tmp_path, cut(part, share)), "E-SHP")


def test_106_the_table_of_another_file(tmp_path: Path) -> None:
    other = write_shapefile_zip(tmp_path / "lain.zip", squares().iloc[:4])
    table = zipfile.ZipFile(other).read("desa.dbf")
    refusal(shapefile(tmp_path, lambda m: m.update({"desa.dbf": table})), "E-SHP")


@pytest.mark.parametrize("cpg", [None, b"UTF-8", b"ISO-8859-1", b"CP437"])
def test_107_a_wrong_encoding_never_costs_a_village(tmp_path: Path, cpg: bytes | None) -> None:
    # Villages are known by code; the names shown are those of the gazetteer, not the file's.
    def spoil(members: Members) -> None:
        members["desa.dbf"] = members["desa.dbf"].replace(b"Curug  ", b"Cur\xfcg  ")
        members.pop("desa.cpg", None)
        members.update({"desa.cpg": cpg} if cpg else {})

    assert "Curug" in used(shapefile(tmp_path, spoil)).villages["village_name"].to_list()


def test_108_cut_column_names_are_mapped_by_config_or_found(tmp_path: Path) -> None:
    layer = squares().rename(columns={"kode": "kode_kelurahan_desa"})
    with pytest.warns(match="Normalized|10 characters"):
        file = write_shapefile_zip(tmp_path / "desa.zip", layer)
    assert used(file).report.code_column == "kode_kelur"
    assert used(file, code_column="kode_kelur").report.code_column == "kode_kelur"
    assert "kode_kelur" in refusal(file, "E-COLUMN", code_column="kode_kelurahan_desa")


def test_109_geojson_that_is_cut_or_empty(tmp_path: Path) -> None:
    whole = geojson(tmp_path).read_bytes()
    for number, (content, code) in enumerate(
        [
            (whole[: len(whole) // 2], "E-JSON"),
            (b"", "E-EMPTY"),
            (b'{"type": "FeatureCollection", "features": []}', "E-EMPTY"),
            (b'{"type": "FeatureCollection", "features": null}', "E-JSON"),
        ]
    ):
        file = tmp_path / f"{number}.geojson"
        file.write_bytes(content)
        refusal(file, code)


def test_110_coordinates_as_text(tmp_path: Path) -> None:
    def as_text(document: Any) -> None:
        shape = document["features"][0]["geometry"]
        shape["coordinates"] = [[[str(x), str(y)] for x, y in shape["coordinates"][0]]]

    assert "feature number 1" in refusal(edited(geojson(tmp_path), as_text), "E-JSON")


def test_111_an_unclosed_ring(tmp_path: Path) -> None:
    def unclose(document: Any) -> None:
        document["features"][2]["geometry"]["coordinates"][0].pop()

    assert "feature number 3" in refusal(edited(geojson(tmp_path), unclose), "E-JSON")


def test_112_meters_and_swapped_axes_in_geojson(tmp_path: Path) -> None:
    meters = squares().to_crs("EPSG:32748")
    assert "EPSG:32748" in refusal(write_geojson(tmp_path / "utm.geojson", meters), "E-CRS")
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}
    # meters that say so are converted: nothing is guessed
    assert notes(write_geojson(tmp_path / "says.geojson", meters, crs=crs)) == ["W-CRS"]
    layer = squares()
    layer["geometry"] = layer.geometry.map(lambda s: shapely.transform(s, _swap))
    refusal(write_geojson(tmp_path / "latlng.geojson", layer), "E-AXES")


def _swap(positions: np.ndarray) -> np.ndarray:
    return positions[:, ::-1]


def _bow_tie(shape: Any, reach: float) -> Any:
    west, south, east, north = shape.bounds
    loop = [
        (east, north),
        (east + reach, north - reach),
        (east + reach, north),
        (east, north - reach),
    ]
    return shapely.Polygon([(west, south), (west, north), *loop, (east, south)])


def test_113_a_bow_tie_is_mended_or_refused(tmp_path: Path) -> None:
    refusal(geojson(tmp_path, lambda shape: _bow_tie(shape, SIDE / 2)), "E-INVALID")
    assert notes(geojson(tmp_path, lambda shape: _bow_tie(shape, M))) == ["W-MENDED"]


def test_114_overlaps_follow_the_setting(tmp_path: Path) -> None:
    layer = squares()
    first, second = list(layer.geometry)[:2]
    shift = first.bounds[2] - 60 * M - second.bounds[0], first.bounds[1] - second.bounds[1]
    moved = affinity.translate(second, *shift)
    shapes = [first, moved, *layer.geometry.to_list()[2:]]
    layer = layer.set_geometry(gpd.GeoSeries(shapes, crs=layer.crs))
    file = write_geojson(tmp_path / "desa.geojson", layer)
    assert "m2" in refusal(file, "E-OVERLAP")


def test_115_a_code_twice(tmp_path: Path) -> None:
    layer = squares()
    copy = layer.iloc[:1].set_geometry(layer.iloc[:1].geometry.translate(0.2))
    twice = gpd.GeoDataFrame(pd.concat([layer, copy]), crs=layer.crs)
    message = refusal(write_geojson(tmp_path / "desa.geojson", twice), "E-DUPLICATE")
    assert f"{CODES[0]} (1, {len(twice)})" in message


def test_116_islands(tmp_path: Path) -> None:
    def with_island(shape: Any) -> Any:
        island = shapely.box(*(np.array(shape.bounds)[[0, 3, 0, 3]] + [0, 5 * M, 9 * M, 14 * M]))
        return shapely.MultiPolygon([shape, island])

    assert notes(geojson(tmp_path, with_island)) == []


@pytest.mark.parametrize(
    "shape",
    [shapely.Polygon(), shapely.Point(106.1, -6.1), shapely.LineString([(106, -6), (106.1, -6)]),
     shapely.GeometryCollection([shapely.Point(106.1, -6.1)]), None],
)  # fmt: skip
def test_117_what_is_no_polygon(tmp_path: Path, shape: Any) -> None:
    assert CODES[0] in refusal(geojson(tmp_path, lambda _: shape), "E-GEOMETRY")


def test_118_heights_are_dropped(tmp_path: Path) -> None:
    file = geojson(tmp_path, lambda shape: shapely.force_3d(shape, 12.0))
    assert notes(file) == ["W-Z"]
    assert not used(file).villages.geometry.has_z.any()


def test_119_a_missing_village(tmp_path: Path) -> None:
    file = write_geojson(tmp_path / "desa.geojson", squares().iloc[1:])
    assert CODES[0] in refusal(file, "E-MISSING")


def test_120_a_layer_of_another_year(tmp_path: Path) -> None:
    # A village has gone and one is new: the first refuses, the second is noted and left out.
    layer = squares("36.73")
    gone = layer["kode"].iloc[0]
    layer["kode"] = ["36.73.01.1099", *layer["kode"].iloc[1:]]
    report = check_boundaries(write_geojson(tmp_path / "desa.geojson", layer), area="36.73")
    assert report.extra_codes == ("36.73.01.1099",)
    missing = next(fault for fault in report.faults if fault.code == "E-MISSING")
    assert gone in missing.en
    # In a small area one strange code is more than a twentieth: then no system is proved.
    small = squares()
    small["kode"] = ["36.73.04.1099", *small["kode"].iloc[1:]]
    refusal(write_geojson(tmp_path / "kecil.geojson", small), "E-CODES")


def test_121_a_layer_beyond_the_caps(tmp_path: Path) -> None:
    file = tmp_path / "desa.geojson"
    with file.open("wb") as stream:
        stream.truncate(50_000_001)  # sparse: refused by its size, unread
    refusal(file, "E-SIZE")
    corners = shapely.box(106.1, -6.2, 106.2, -6.1).segmentize(0.4 / 2_100_000)
    layer = squares().iloc[:1].set_geometry([corners])
    layer.to_parquet(tmp_path / "desa.parquet")
    assert "vertices" in refusal(tmp_path / "desa.parquet", "E-SIZE")


def test_122_the_direction_of_a_ring_does_not_matter(tmp_path: Path) -> None:
    assert notes(geojson(tmp_path, lambda shape: shape.reverse())) == []


@pytest.mark.parametrize("name", ["desa.geojson", "desa.gpkg", "desa.vrt", "desa.gml"])
def test_123_a_disguised_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("<OGRWFSDataSource><URL>http://127.0.0.1:9/</URL></OGRWFSDataSource>")
    refusal(file, "E-TYPE")
