"""Layers for the browser: GeoJSON with columns from an allow-list, light enough to send.

Shapes are simplified only here, for drawing: which village a family lies in is decided on
the full boundaries. All layers of a map are simplified together, by the same rule, so that
neighbors keep sharing their edges and outlines lie on them.
"""

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import mapping

from geo_target.crs import WGS84, metric_crs

#: All that a village's shape may carry to the browser.
VILLAGE_PROPERTIES = (
    "village_code", "village_name", "district_code", "district_name",
    "families", "extreme_poor_families", "covered_families", "uncovered_families",
    "unmatched_families", "matched_share", "exclusion_error", "smoothed_exclusion_error",
    "located_families", "located_uncovered_families", "priority_rank", "withheld",
)  # fmt: skip
#: The same for everybody: bands in place of counts, and no share and no rank.
PUBLIC_PROPERTIES = (
    "village_code", "village_name", "district_code", "district_name",
    "extreme_poor_families", "covered_families", "uncovered_families", "unmatched_families",
    "class", "withheld",
)  # fmt: skip
DISTRICT_PROPERTIES = ("district_code", "district_name")
CLUSTER_PROPERTIES = ("cluster_id", "kind", "name", "uncovered_families", "village_codes")

Layer = dict[str, Any]

_DECIMALS = 5  # of a degree: about one meter
_M2_PER_KM2 = 1e6
_FINEST_M, _COARSEST_M = 15.0, 150.0
_NEIGHBORHOOD = 1.2  # of the area's longer side: how far neighbors are drawn around it


def village_layer(villages: gpd.GeoDataFrame) -> Layer:
    """Villages with their shown figures and a point for the label.

    Parameters
    ----------
    villages
        Indexed by ``village_code``, already through disclosure: <NA> where withheld, and
        a column ``withheld`` with the names of the withheld columns. Full boundaries.
    """
    drawn = _simplified(villages)
    labels = _label_points(villages)
    table = villages.reset_index()
    columns = [name for name in VILLAGE_PROPERTIES if name in table.columns]
    rows = table[columns].to_dict("records")
    return _collection(
        _feature(shape, {**_plain(row), "label": label})
        for shape, row, label in zip(drawn, rows, labels, strict=True)
    )


def relabeled(layer: Layer, rows: Mapping[Any, Mapping[str, Any]]) -> Layer:
    """The villages of a layer as drawn, with the properties that everybody may have.

    Parameters
    ----------
    layer
        See `village_layer`; of its properties only the code and the label are kept.
    rows
        By ``village_code``: values of `PUBLIC_PROPERTIES`.
    """
    features = []
    for feature in layer["features"]:
        old = feature["properties"]
        row = rows[old["village_code"]]
        told = _plain({name: row[name] for name in PUBLIC_PROPERTIES})
        features.append({**feature, "properties": {**told, "label": old["label"]}})
    return _collection(features)


def district_layer(villages: gpd.GeoDataFrame) -> Layer:
    """Outlines of districts, on the edges of their drawn villages, with a point for the label.

    Parameters
    ----------
    villages
        As for `village_layer`; ``district_code`` and ``district_name`` are used.
    """
    districts = (
        villages[list(DISTRICT_PROPERTIES)]
        .set_geometry(_simplified(villages))
        .dissolve("district_code", method="unary")
        .reset_index()
    )
    rows = districts[list(DISTRICT_PROPERTIES)].to_dict("records")
    return _collection(
        _feature(shape, {**_plain(row), "label": label})
        for shape, row, label in zip(
            districts.geometry, rows, _label_points(districts), strict=True
        )
    )


def cluster_layer(clusters: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> Layer:
    """Clusters of points as outlined cells; those of RW as one count a village, never a shape.

    Parameters
    ----------
    clusters
        As disclosed: the columns of the snapshot's clusters, and a geometry of whole
        500 m cells, null where the kind is ``rw`` or nothing may be drawn.
    villages
        As for `village_layer`: where the counts of RW clusters are put.
    """
    points = clusters[(clusters["kind"] == "points") & clusters.geometry.notna()]
    rows = points[list(CLUSTER_PROPERTIES)].to_dict("records")
    cells = [
        _feature(shape, {**_plain(row), "label": label})
        for shape, row, label in zip(points.geometry, rows, _label_points(points), strict=True)
    ]
    return _collection([*cells, *_rw_counts(clusters, villages)])


def neighbor_layer(surroundings: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> Layer:
    """The land around the area as one plain shape; may be empty.

    Parameters
    ----------
    surroundings
        Villages outside the area; only their geometry is used.
    area
        Villages of the area.
    """
    if surroundings.empty:
        return _collection([])
    west, south, east, north = area.total_bounds
    reach = max(east - west, north - south) * _NEIGHBORHOOD
    window = shapely.box(west - reach, south - reach, east + reach, north + reach)
    near = surroundings[surroundings.intersects(window)]
    if near.empty:
        return _collection([])
    both = pd.concat([near[["geometry"]], area[["geometry"]]], ignore_index=True)
    drawn = _simplified(gpd.GeoDataFrame(both, geometry="geometry", crs=WGS84))
    land = shapely.union_all(drawn.to_numpy()[: len(near)]).intersection(window)
    return _collection([_feature(land, {})])


def compress(layer: Layer) -> bytes:
    """Compact JSON in a gzip without a clock: the same layer gives the same bytes."""
    text = json.dumps(layer, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)


def _rw_counts(clusters: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> list[Layer]:
    """One point a village, at its label: how many RW clusters, and their families."""
    rw = clusters[clusters["kind"] == "rw"]
    first = pd.Series([codes[0] for codes in rw["village_codes"]], index=rw.index, dtype=object)
    labels = dict(zip(villages.index, _label_points(villages), strict=True))
    counts = []
    for code, found in rw.groupby(first, sort=True):
        families = found["uncovered_families"].astype("Int64")
        known = int(families.sum()) if families.notna().all() else None
        properties = {
            "kind": "rw",
            "village_code": str(code),
            "rw_clusters": len(found),
            "uncovered_families": known,
        }
        if code in labels:
            counts.append(_feature(shapely.Point(labels[code]), properties))
    return counts


def _metric(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    west, south, east, north = frame.total_bounds
    return frame.geometry.to_crs(metric_crs((west + east) / 2, (south + north) / 2))


def _simplified(villages: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Shapes for drawing, in degrees: finer for a city, coarser for a province."""
    metric = _metric(villages)
    across_km = math.sqrt(metric.area.sum() / _M2_PER_KM2)
    tolerance_m = float(np.clip(0.85 * across_km**1.1, _FINEST_M, _COARSEST_M))
    simple = shapely.coverage_simplify(metric.to_numpy(), tolerance_m)
    return gpd.GeoSeries(simple, index=villages.index, crs=metric.crs).to_crs(WGS84)


def _label_points(frame: gpd.GeoDataFrame) -> list[list[float]]:
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


def _feature(shape: Any, properties: Mapping[str, Any]) -> Layer:
    geometry = mapping(shape)
    return {
        "type": "Feature",
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
        "properties": dict(properties),
    }


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
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


def _collection(features: Any) -> Layer:
    return {"type": "FeatureCollection", "features": list(features)}
