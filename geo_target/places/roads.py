"""A layer of roads that a configuration names: its lines near the area."""

from pathlib import Path
from typing import NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.crs import WGS84
from geo_target.errors import DataRefusedError, Fault
from geo_target.places.boundary_files import Caps, read_layer

#: A province has that many ways in OpenStreetMap, and some more.
CAPS = Caps(features=500_000, vertices=8_000_000)
SPEED = "speed_km_per_hour"
#: A degree has fewer kilometers than this, in both directions.
_MOST_KM = 112.0


def read_roads(file: Path, villages: gpd.GeoDataFrame, *, near_km: float) -> gpd.GeoDataFrame:
    """Lines near the area, EPSG:4326, with ``speed_km_per_hour`` if the layer has it.

    Parameters
    ----------
    file
        GeoPackage, zipped Shapefile or GeoParquet.
    villages
        Of the area, EPSG:4326.
    near_km
        Roads within at least so much of the box around the area are kept.

    Raises
    ------
    DataRefusedError
        ``E-ROADS``, with what to do: it cannot be read, has no coordinate system, holds no
        line near the area, or its speeds are no numbers.
    """
    try:
        layer = read_layer(file, CAPS).frame
    except DataRefusedError as error:
        code = error.faults[0].code
        _refuse(
            file,
            f"tidak dapat dibaca ({code}); simpan jalan di wilayah ini saja sebagai satu lapisan "
            "garis dalam GeoPackage (.gpkg), Shapefile dalam .zip, atau GeoParquet (.parquet)",
            f"cannot be read ({code}); save the roads of this area alone as one layer of lines in "
            "a GeoPackage (.gpkg), a Shapefile in a .zip, or GeoParquet (.parquet)",
        )
    if layer.crs is None:
        _refuse(
            file,
            "tidak menyebut sistem koordinatnya; simpan ulang dengan EPSG:4326",
            "names no coordinate system; save it again in EPSG:4326",
        )
    lines = layer[layer.geometry.geom_type.isin(["LineString", "MultiLineString"])].to_crs(WGS84)
    west, south, east, north = villages.total_bounds
    margin = near_km / _MOST_KM
    area = shapely.box(west - margin, south - margin, east + margin, north + margin)
    lines = lines[lines.intersects(area) & (shapely.length(np.asarray(lines.geometry)) > 0)]
    if lines.empty:
        _refuse(
            file,
            "tidak berisi satu garis pun di wilayah ini; periksa sistem koordinat dan wilayahnya",
            "holds no line in this area; look at its coordinate system and its area",
        )
    if SPEED not in lines:
        return gpd.GeoDataFrame(lines[["geometry"]])
    speeds = pd.to_numeric(lines[SPEED], errors="coerce")
    if (speeds.isna() & lines[SPEED].notna()).any() or (speeds < 0).any():
        _refuse(
            file,
            f"kolom {SPEED} berisi nilai yang bukan kecepatan; isi angka km per jam atau kosongkan",
            f"its column {SPEED} holds what is no speed; write numbers of km an hour, or nothing",
        )
    return gpd.GeoDataFrame(lines[["geometry"]].assign(**{SPEED: speeds.astype("float64")}))


def _refuse(file: Path, id: str, en: str) -> NoReturn:
    raise DataRefusedError(
        Fault("E-ROADS", id=f"lapisan jalan {id}", en=f"the layer of roads {en}", file=file.name)
    )
