"""Faults of village polygons: shapes, place on earth, overlaps and gaps between them.

Each village of a layer may be valid and the layer still count a family twice or never:
what matters lies between the polygons, and is measured in meters.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo_target.crs import WGS84
from geo_target.places.boundary_report import BadShape, Gap, Overlap

#: Overlaps and gaps up to this area are the noise of rounded coordinates.
NEGLIGIBLE_M2 = 1.0
#: A polygon that crosses itself is mended only if its area stays the same to this share.
MAX_MENDED_SHARE = 0.001
#: How near to a gap's edge a village counts as its neighbor.
TOUCHING_M = 0.01

POLYGONS = ("Polygon", "MultiPolygon")


def find_bad_shapes(layer: gpd.GeoSeries, labels: pd.Series) -> list[BadShape]:
    """Geometries that are missing, empty, no polygons, or not of finite numbers.

    Parameters
    ----------
    layer
        One geometry per feature; the CRS plays no part.
    labels
        Same index: the village's code, or what the file has instead.
    """
    missing, empty = layer.isna(), layer.is_empty
    kinds = layer.geom_type.where(~missing, "")
    shapes = layer.to_numpy()
    positions, feature = shapely.get_coordinates(shapes, return_index=True)
    infinite = pd.Series(data=False, index=layer.index)
    infinite.iloc[feature[~np.isfinite(positions).all(axis=1)]] = True
    bad = missing | empty | infinite | ~kinds.isin(POLYGONS)
    reason = (
        kinds.mask(missing, "kosong/null")
        .mask(~missing & empty, "kosong/empty")
        .mask(infinite, "NaN/inf")
    )
    return [
        BadShape(number, str(label), str(why))
        for number, (is_bad, label, why) in enumerate(zip(bad, labels, reason, strict=True), 1)
        if is_bad
    ]


def mend_invalid(
    layer: gpd.GeoSeries, labels: pd.Series
) -> tuple[gpd.GeoSeries, list[BadShape], list[BadShape]]:
    """Make self-crossing polygons valid where that keeps their area.

    Returns
    -------
    mended
        `layer` with polygons only; those that could not be mended are as they were.
    repaired, refused
        The polygons whose area stayed the same to 0.1 %, and the others.
    """
    mended = layer.copy()
    repaired: list[BadShape] = []
    refused: list[BadShape] = []
    invalid = np.flatnonzero(~layer.is_valid.to_numpy()).tolist()
    for position in invalid:
        shape: Any = layer.iloc[position]
        shape_valid = polygons_of(shapely.make_valid(shape))
        bad = BadShape(position + 1, str(labels.iloc[position]),
                       shapely.is_valid_reason(shape))  # fmt: skip
        if shape.area > 0 and abs(shape_valid.area / shape.area - 1) <= MAX_MENDED_SHARE:
            mended.iloc[position] = shape_valid
            repaired.append(bad)
        else:
            refused.append(bad)
    return mended, repaired, refused


def polygons_of(shape: shapely.Geometry) -> Any:
    """The polygons of a geometry, without the lines and points that mending leaves."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons[0] if len(polygons) == 1 else shapely.multipolygons(polygons)


def find_torn_shapes(layer: gpd.GeoSeries, labels: pd.Series) -> list[BadShape]:
    """Polygons that are valid in degrees and not in meters: absurd or hair-thin ones.

    Parameters as `find_overlaps`; numbers count in the order of the index, from 1.
    """
    torn = layer.index[~layer.is_valid.to_numpy() | ~(layer.area.to_numpy() > 0)]
    return [
        BadShape(int(at) + 1, str(labels[at]), shapely.is_valid_reason(layer[at])) for at in torn
    ]


def find_overlaps(layer: gpd.GeoSeries, labels: pd.Series, inside: pd.Series) -> list[Overlap]:
    """Ground that two features both cover, at least one of them `inside`; largest first.

    Parameters
    ----------
    layer
        Valid polygons in a CRS of meters.
    labels, inside
        Same index: names of the features, and whether each is of the area (bool).
    """
    shapes = layer.to_numpy()
    if shapely.coverage_is_valid(shapes):
        return []
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes[inside], predicate="intersects")
    left = np.flatnonzero(inside)[left]
    once = (left < right) | ((left > right) & ~inside.to_numpy()[right])
    left, right = left[once], right[once]
    common = shapely.intersection(shapes[left], shapes[right])
    area = shapely.area(common)
    points = _lon_lat(shapely.point_on_surface(common), layer.crs)
    names = labels.to_numpy()
    return [
        Overlap((names[left[at]], names[right[at]]), float(area[at]), *points[at])
        for at in np.argsort(-area, kind="stable")
        if area[at] > 0
    ]


def find_gaps(layer: gpd.GeoSeries, labels: pd.Series, inside: pd.Series) -> list[Gap]:
    """Holes of the union that touch a feature `inside`; largest first.

    An enclave that another village fills is no gap; a strait or a bay open to the
    outside is none either. Parameters as in `find_overlaps`.
    """
    shapes = layer.to_numpy()
    parts = shapely.get_parts(shapely.union_all(shapes))
    rings = [ring for part in parts for ring in part.interiors]
    if not rings:
        return []
    holes = shapely.polygons(rings)
    tree = shapely.STRtree(shapes)
    # A village that stands alone inside a hole is no part of the gap around it.
    hole, islands = tree.query(holes, predicate="contains_properly")
    for at in np.unique(hole):
        holes[at] = shapely.difference(holes[at], shapely.union_all(shapes[islands[hole == at]]))
    around = [np.sort(tree.query(one, "dwithin", distance=TOUCHING_M)) for one in holes]
    area = shapely.area(holes)
    points = _lon_lat(shapely.point_on_surface(holes), layer.crs)
    is_inside, names = inside.to_numpy(), labels.to_numpy()
    return [
        Gap(tuple(names[around[at]]), float(area[at]), *points[at])
        for at in np.argsort(-area, kind="stable")
        if area[at] > 0 and is_inside[around[at]].any()
    ]


def _lon_lat(points: np.ndarray, crs: pyproj.CRS | None) -> list[tuple[float, float]]:
    """Degrees of points in `crs`, to about a meter; NaN for empty points."""
    degrees = gpd.GeoSeries(points, crs=crs).to_crs(WGS84)
    return [
        (round(float(lon), 5), round(float(lat), 5))
        for lon, lat in zip(degrees.x, degrees.y, strict=True)
    ]
