"""[lat, lon]: recognized by all coordinates, mended only where all of them prove it."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import affinity

from geo_target.errors import DataRefusedError
from geo_target.places.boundaries import check_boundaries, read_boundaries, repair_boundaries
from tests.places.boundary_layers import (
    CURUG,
    M,
    refusal,
    squares,
    write_geojson,
    write_shapefile_zip,
)

UTM_48S = "EPSG:32748"


def swapped(layer: gpd.GeoDataFrame, these: slice = slice(None)) -> gpd.GeoDataFrame:
    """The layer with x and y of some features in each other's place."""
    shapes = layer.geometry.to_numpy().copy()
    shapes[these] = shapely.transform(shapes[these], lambda xy: xy[:, ::-1])
    return layer.set_geometry(gpd.GeoSeries(shapes, crs=layer.crs))


def write(folder: Path, layer: gpd.GeoDataFrame, suffix: str) -> Path:
    file = folder / f"desa{suffix}"
    if suffix == ".zip":
        return write_shapefile_zip(file, layer)
    if suffix == ".geojson":
        return write_geojson(file, layer)
    layer.to_file(file)
    return file


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".zip"])
def test_a_swapped_layer_is_refused_and_repaired(tmp_path: Path, suffix: str) -> None:
    file = write(tmp_path, swapped(squares()), suffix)

    assert "geo-target boundaries repair" in refusal(file, "E-AXES")
    assert check_boundaries(file).axis_order == "lat lon"
    report = repair_boundaries(file, tmp_path / "out.gpkg")

    assert [note.code for note in report.notes] == ["W-AXES"]
    assert (report.axis_order, report.usable_as_is) == ("lat lon", False)
    found = read_boundaries(tmp_path / "out.gpkg", area=CURUG)
    assert found.report.usable_as_is
    assert found.report.axis_order == "lon lat"
    right = squares().sort_values("kode").geometry.to_numpy()
    assert shapely.equals_exact(found.villages.geometry.to_numpy(), right, tolerance=1e-9).all()


def test_northing_before_easting_is_swapped_too(tmp_path: Path) -> None:
    file = write(tmp_path, swapped(squares().to_crs(UTM_48S)), ".gpkg")

    refusal(file, "E-AXES")
    report = repair_boundaries(file, tmp_path / "out.gpkg")

    assert [note.code for note in report.notes] == ["W-AXES", "W-CRS"]
    assert check_boundaries(tmp_path / "out.gpkg").usable_as_is


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".zip"])
def test_a_half_swapped_layer_is_refused_with_its_features(tmp_path: Path, suffix: str) -> None:
    layer = squares()
    file = write(tmp_path, swapped(layer, slice(1, 3)), suffix)

    message = refusal(file, "E-AXES")

    assert "in 2 features only" in message
    assert f"2 ({layer.kode[1]}: lat lon), 3 ({layer.kode[2]}: lat lon)" in message
    assert [bad.feature for bad in check_boundaries(file).swapped_shapes] == [2, 3]
    with pytest.raises(DataRefusedError, match="E-AXES"):
        repair_boundaries(file, tmp_path / "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


def test_one_upright_position_leaves_the_order_unproved(tmp_path: Path) -> None:
    def first_position(xy: np.ndarray) -> Any:
        return np.vstack([xy[0, ::-1], xy[1:-1], xy[0, ::-1]])

    layer = swapped(squares())
    shapes = layer.geometry.to_numpy().copy()
    shapes[0] = shapely.transform(shapes[0], first_position)
    file = write(tmp_path, layer.set_geometry(gpd.GeoSeries(shapes, crs=4326)), ".geojson")

    with pytest.raises(DataRefusedError, match="E-AXES"):
        repair_boundaries(file, tmp_path / "out.gpkg")


def test_a_swapped_layer_of_another_province_proves_nothing(tmp_path: Path) -> None:
    layer = squares()
    far = layer.set_geometry(gpd.GeoSeries(layer.geometry.map(_north), crs=4326))
    file = write(tmp_path, swapped(far), ".geojson")

    with pytest.raises(DataRefusedError, match="E-PLACE"):
        repair_boundaries(file, tmp_path / "out.gpkg")


def _north(shape: Any) -> Any:
    return affinity.translate(shape, 0, 9)


def test_a_swapped_layer_with_an_overlap_is_turned_and_closed(tmp_path: Path) -> None:
    layer = squares()
    shapes = list(layer.geometry)
    shapes[1] = affinity.translate(shapes[0], 0.004 - 2 * M, 0)
    file = write(tmp_path, swapped(layer.set_geometry(shapes, crs=4326)), ".geojson")

    report = repair_boundaries(file, tmp_path / "out.gpkg")

    assert [note.code for note in report.notes] == ["W-AXES", "W-REPAIRED"]
    assert check_boundaries(tmp_path / "out.gpkg").usable_as_is
