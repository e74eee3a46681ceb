"""The layers of a map with their figures as one GeoPackage, for QGIS and its like."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo_target.crs import WGS84
from geo_target.publishing.drawing import Layer
from geo_target.publishing.shown_facilities import PREFIX

#: Layer of the file: the layer of the map that has its shapes, and the property that joins them.
LAYERS: Mapping[str, tuple[str, str]] = {
    "kelurahan": ("villages", "village_code"),
    "kecamatan": ("districts", "district_code"),
    "klaster": ("clusters", "cluster_id"),
}
#: Layer of the file with the facilities of all types.
_FACILITIES = "fasilitas"
#: Of an official who has changed the order, and lists that no cell holds; nor has a CSV them.
_LEFT_OUT = frozenset({"override_by", "override_reason", "contributions", "parts"})
_DATED = "OGR_CURRENT_DATE"


def write_geopackage(
    file: Path,
    drawn: Mapping[str, Layer],
    records: Mapping[str, Iterable[Mapping[str, Any]]],
    *,
    made: datetime,
    source: str,
) -> None:
    """Write a GeoPackage (OGC 12-128r19) of shapes as drawn and records as shown.

    The same content gives the same bytes.

    Parameters
    ----------
    file
        Ends in ``.gpkg``; must not be there.
    drawn
        GeoJSON by layer of the map.
    records
        Rows of the audience's tables by layer of the file; one without a shape is left out.
    made
        What the file says it was made on.
    source
        In the last column of every row.
    """
    kept = pyogrio.get_gdal_config_option(_DATED)
    pyogrio.set_gdal_config_options({_DATED: made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})
    try:
        for name, (layer, key) in LAYERS.items():
            table = _joined(drawn[layer], list(records[name]), key, source)
            if not table.empty:
                pyogrio.write_dataframe(
                    table, file, layer=name, driver="GPKG", append=file.exists(),
                    geometry_type="MultiPolygon", promote_to_multi=True,
                )  # fmt: skip
        if points := _facilities(drawn, source):
            places = gpd.GeoDataFrame.from_features(points, crs=WGS84)
            pyogrio.write_dataframe(places, file, layer=_FACILITIES, driver="GPKG",
                                    append=file.exists(), geometry_type="Point")  # fmt: skip
    finally:
        pyogrio.set_gdal_config_options({_DATED: kept})


def _facilities(drawn: Mapping[str, Layer], source: str) -> list[Layer]:
    return [
        {**point, "properties": {**point["properties"], "source": source}}
        for name, layer in drawn.items()
        if name.startswith(PREFIX)
        for point in layer["features"]
    ]


def _joined(
    layer: Layer, records: Sequence[Mapping[str, Any]], key: str, source: str
) -> gpd.GeoDataFrame:
    shapes = {
        feature["properties"][key]: feature["geometry"]
        for feature in layer["features"]
        if key in feature["properties"]
    }
    rows = [
        {
            **{name: _cell(value) for name, value in record.items() if name not in _LEFT_OUT},
            "source": source,
        }
        for record in records
        if record[key] in shapes
    ]
    drawn = gpd.GeoDataFrame.from_features(
        [{"type": "Feature", "properties": {}, "geometry": shapes[row[key]]} for row in rows],
        columns=["geometry"], crs=WGS84,
    )  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame(rows).convert_dtypes(), geometry=drawn.geometry, crs=WGS84)


def _cell(value: Any) -> Any:
    """A list as its words."""
    return " ".join(map(str, value)) if isinstance(value, list) else value
