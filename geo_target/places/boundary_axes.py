"""Whether a layer's coordinates stand as [latitude, longitude]: proved by all of them, or not."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo_target.crs import WGS84
from geo_target.places import boundary_messages as messages
from geo_target.places.boundary_report import BadShape, BoundaryReport, FaultsMode

#: How far villages may reach beyond the outermost inner points of their province.
PROVINCE_MARGIN_DEGREES = 0.3


def check_axes(
    shapes: gpd.GeoSeries,
    codes: pd.Series,
    places: pd.DataFrame,
    report: BoundaryReport,
    faults: FaultsMode,
) -> tuple[gpd.GeoSeries | None, BoundaryReport]:
    """Refuse swapped axes; turn them if a repair is asked for and every position proves it.

    Parameters and results as `boundary_place.check_place`, but `shapes` keep their CRS.
    """
    turned, is_whole = _find_turned(shapes, codes, places)
    if not turned.any():
        return shapes, replace(report, axis_order="")
    if not is_whole:
        labels = codes.reindex(shapes.index, fill_value="")
        bad = [
            BadShape(int(at) + 1, str(labels[at]), "lat lon") for at in shapes.index[turned]
        ]  # fmt: skip
        report = replace(report, swapped_shapes=tuple(bad))
        return None, report.with_faults(messages.half_swapped(bad, report.file))
    report = replace(report, axis_order="lat lon")
    if faults == "refuse":
        return None, report.with_faults(messages.swapped_axes(report.file))
    notes = (*report.notes, messages.turned_axes(report.file))
    upright = shapely.transform(shapes.to_numpy(), lambda positions: positions[:, ::-1])
    return (
        gpd.GeoSeries(upright, index=shapes.index, crs=shapes.crs),
        replace(report, is_repaired=True, notes=notes),
    )


def _find_turned(
    shapes: gpd.GeoSeries, codes: pd.Series, places: pd.DataFrame
) -> tuple[np.ndarray, bool]:
    """Features with a position that lies in the province only with its axes swapped.

    Returns
    -------
    turned
        For each feature, whether it has such a position.
    is_whole
        Whether every position of every known village is one, and no position at all lies
        in the province as it is: then the layer as a whole proves its order.
    """
    known = shapes.index.isin(codes.index[codes != ""]) | (codes == "").all()
    positions, at = shapely.get_coordinates(shapes.to_numpy(), return_index=True)
    upright = _in_province(positions, shapes.crs, places)
    swapped = ~upright & _in_province(positions[:, ::-1], shapes.crs, places)
    turned = np.zeros(len(shapes), dtype=bool)
    turned[at[swapped]] = True
    is_whole = swapped.any() and swapped[known[at]].all() and not upright.any()
    return turned, bool(is_whole)


def _in_province(positions: np.ndarray, crs: pyproj.CRS | None, places: pd.DataFrame) -> np.ndarray:
    """Whether each x, y in `crs` lies in the box of the province's points, a little widened."""
    lon, lat = positions.T
    if crs is not None and not crs.is_geographic:
        lon, lat = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform(lon, lat)
    points = places[["lon", "lat"]].to_numpy()
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin = PROVINCE_MARGIN_DEGREES
    return np.asarray(
        (west - margin <= lon)
        & (lon <= east + margin)
        & (south - margin <= lat)
        & (lat <= north + margin)
    )
