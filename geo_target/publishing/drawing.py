"""How shapes are drawn: simplified together, rounded, labeled, and packed as GeoJSON."""

import gzip
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from geo_target.crs import WGS84, metric_crs

Layer = dict[str, Any]

_DECIMALS = 5  # of a degree: about one meter
_FEWER_DECIMALS = 4  # where shapes are simplified by more than this many meters
_FEWER_FROM_M = 50.0
_M2_PER_KM2 = 1e6
_FINEST_M, _COARSEST_M = 15.0, 150.0


def compress(layer: Layer) -> bytes:
    """Compact JSON in a gzip without a clock: the same layer gives the same bytes."""
    text = json.dumps(layer, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)


def _metric(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    west, south, east, north = frame.total_bounds
    return frame.geometry.to_crs(metric_crs((west + east) / 2, (south + north) / 2))


def tolerance_of(villages: gpd.GeoDataFrame) -> float:
    """How many meters a drawn edge may lie off the true one: few in a city, more in a province."""
    across_km = math.sqrt(_metric(villages).area.sum() / _M2_PER_KM2)
    return float(np.clip(0.85 * across_km**1.1, _FINEST_M, _COARSEST_M))


def simplified(villages: gpd.GeoDataFrame, tolerance_m: float) -> gpd.GeoSeries:
    """Shapes for drawing, in degrees."""
    metric = _metric(villages)
    simple = shapely.coverage_simplify(metric.to_numpy(), tolerance_m)
    return gpd.GeoSeries(simple, index=villages.index, crs=metric.crs).to_crs(WGS84)


def rounded(shapes: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    """The same corners with as many decimals as the drawing is true to, each said once."""
    decimals = _FEWER_DECIMALS if tolerance_m > _FEWER_FROM_M else _DECIMALS
    near = shapely.transform(shapes.to_numpy(), lambda corners: np.round(corners, decimals))
    return gpd.GeoSeries(shapely.remove_repeated_points(near), index=shapes.index, crs=shapes.crs)


def label_points(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """A point well inside each shape: the middle of the largest circle that fits in it."""
    if frame.empty:
        return []
    metric = _metric(frame)
    circles = [
        shapely.maximum_inscribed_circle(shape, tolerance=25.0) for shape in metric.to_numpy()
    ]
    middles = shapely.get_point(np.array(circles, dtype=object), 0)
    points = gpd.GeoSeries(middles, crs=metric.crs).to_crs(WGS84)
    return [
        [round(lon, _DECIMALS), round(lat, _DECIMALS)]
        for lon, lat in shapely.get_coordinates(points.to_numpy()).tolist()
    ]


def feature(shape: Any, properties: Mapping[str, Any]) -> Layer:
    """One shape with what it carries."""
    geometry = mapping(shape)
    return {
        "type": "Feature",
        "geometry": {"type": geometry["type"], "coordinates": _told(geometry["coordinates"])},
        "properties": dict(properties),
    }


def _told(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_told(part) for part in coordinates]


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """JSON's own types; a missing value is null, never 0."""
    return {str(name): _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, (Sequence, np.ndarray)):
        return [str(part) for part in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    return round(float(value), 4)


def collection(features: Iterable[Layer]) -> Layer:
    """The shapes of a layer."""
    return {"type": "FeatureCollection", "features": list(features)}
