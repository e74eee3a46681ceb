"""Lines that nobody crosses on foot: a layer of rivers, railways or toll roads."""

import codecs
from pathlib import Path
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import shapely

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError, Fault
from geo_target.places.boundary_files import MAX_UPLOAD_BYTES, Caps, read_layer

#: A province has that many rivers, railways and toll roads in OpenStreetMap, and some more.
CAPS = Caps(features=500_000, vertices=8_000_000)
_KINDS = (shapely.GeometryType.LINESTRING, shapely.GeometryType.POLYGON)


def read_barriers(file: Path | None, villages: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Lines and areas of a layer that meet the box around the area, EPSG:4326; of no file none.

    Parameters
    ----------
    file
        GeoJSON, GeoPackage, zipped Shapefile or GeoParquet.
    villages
        Of the area, EPSG:4326.

    Raises
    ------
    DataRefusedError
        ``E-BARRIERS``, with what to do: it cannot be read, has no coordinate system, holds no
        line or area where the villages are, or an area that crosses itself.
    """
    if file is None:
        return gpd.GeoSeries([], crs=WGS84)
    is_geojson = file.suffix.lower() in {".geojson", ".json"}
    shapes = _in_geojson(file) if is_geojson else _in_layer(file)
    parts = shapely.get_parts(shapely.get_parts(shapes))  # of collections, then of these
    parts = parts[np.isin(shapely.get_type_id(parts), _KINDS) & (shapely.length(parts) > 0)]
    parts = parts[shapely.intersects(parts, shapely.box(*villages.total_bounds))]
    if not len(parts):
        _refuse(
            file,
            "tidak berisi satu garis atau bidang pun di wilayah ini; periksa wilayahnya, lalu "
            "simpan ulang dengan EPSG:4326, bujur sebelum lintang",
            "holds no line or area in this area; look at where it lies, then save it again in "
            "EPSG:4326, longitude before latitude",
        )
    if not shapely.is_valid(parts).all():
        _refuse(
            file,
            "berisi bidang yang memotong dirinya sendiri; perbaiki bentuknya di program peta, lalu "
            "simpan ulang",
            "holds an area that crosses itself; mend its shapes in a map program, then save it "
            "again",
        )
    return gpd.GeoSeries(parts, crs=WGS84)


def _in_layer(file: Path) -> Any:
    try:
        layer = read_layer(file, CAPS).frame
    except DataRefusedError as error:
        _refuse_unread(file, error.faults[0].code)
    if layer.crs is None:
        _refuse(
            file,
            "tidak menyebut sistem koordinatnya; simpan ulang dengan EPSG:4326",
            "names no coordinate system; save it again in EPSG:4326",
        )
    return layer.geometry.to_crs(WGS84).to_numpy()


def _in_geojson(file: Path) -> Any:
    """`read_layer` reads polygons alone of a GeoJSON; a CRS that it names is not asked for."""
    try:
        if file.stat().st_size > MAX_UPLOAD_BYTES:
            _refuse_unread(file, "E-SIZE")
        found = shapely.from_geojson(file.read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError:
        _refuse_unread(file, "E-FILE")
    except shapely.errors.GEOSException:
        _refuse_unread(file, "E-JSON")
    return shapely.get_parts(found)


def _refuse_unread(file: Path, code: str) -> NoReturn:
    _refuse(
        file,
        f"tidak dapat dibaca ({code}); simpan sungai atau jalan tol di wilayah ini saja sebagai "
        "satu lapisan garis atau bidang dalam GeoJSON (.geojson), GeoPackage (.gpkg), Shapefile "
        "dalam .zip, atau GeoParquet (.parquet)",
        f"cannot be read ({code}); save the rivers or toll roads of this area alone as one layer "
        "of lines or areas in a GeoJSON (.geojson), a GeoPackage (.gpkg), a Shapefile in a .zip, "
        "or GeoParquet (.parquet)",
    )


def _refuse(file: Path, id: str, en: str) -> NoReturn:
    raise DataRefusedError(
        Fault(
            "E-BARRIERS",
            id=f"lapisan penghalang {id}",
            en=f"the layer of barriers {en}",
            file=file.name,
        )
    ) from None
