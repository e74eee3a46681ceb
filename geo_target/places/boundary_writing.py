"""Layers that we write: whole or not at all, with corners as they were."""

import os
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo_target.errors import DataRefusedError
from geo_target.places import boundary_messages as messages

_DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON"}


def check_output(out: Path) -> None:
    """Refuse a name that says no format we write, before anything is computed (E-TYPE)."""
    if out.suffix.lower() not in _DRIVERS:
        raise DataRefusedError(messages.unknown_output(out.name))


def write_layer(frame: gpd.GeoDataFrame, out: Path, layer: str) -> None:
    """Write a layer as GeoPackage or GeoJSON, by the ending of its name.

    Parameters
    ----------
    frame
        Features in EPSG:4326.
    out
        Replaced whole or not at all.
    layer
        Its name inside the file.

    Raises
    ------
    DataRefusedError
        E-TYPE if `out` has another ending.
    """
    check_output(out)
    driver = _DRIVERS[out.suffix.lower()]
    with tempfile.TemporaryDirectory(prefix=".geo-target-", dir=out.parent) as folder:
        aside = Path(folder) / f"layer{out.suffix.lower()}"
        # Seven decimals of a degree are a centimeter and would move shared corners apart
        # from points between them; RFC 7946 advises six, so the precision is asked for.
        options: dict[str, Any] = {"COORDINATE_PRECISION": 9} if driver == "GeoJSON" else {}
        frame.to_file(aside, driver=driver, layer=layer, engine="pyogrio", **options)
        os.replace(aside, out)
