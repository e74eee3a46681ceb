"""Whether a layer lies where its villages are: CRS, axis order, zone."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geo_target.crs import WGS84, metric_crs
from geo_target.errors import Fault
from geo_target.places import boundary_messages as messages
from geo_target.places.boundary_axes import PROVINCE_MARGIN_DEGREES, check_axes
from geo_target.places.boundary_report import BoundaryReport, FaultsMode

#: A layer's villages lie this near to the gazetteer's points, at the median.
MAX_OFFSET_KM = 10.0
#: No geographic coordinate is larger; meters are.
MAX_DEGREES = 180.0
_KM_PER_DEGREE = 111.2
#: With so many villages, fewer than half at their own place is no accident.
_ENOUGH_TO_JUDGE = 10
_MIN_SHARE_AT_HOME = 0.5
_HOME_MARGIN_DEGREES = 0.005


def check_place(
    shapes: gpd.GeoSeries,
    codes: pd.Series,
    places: pd.DataFrame,
    report: BoundaryReport,
    faults: FaultsMode = "refuse",
) -> tuple[gpd.GeoSeries | None, BoundaryReport]:
    """Bring a layer to EPSG:4326, if it then lies where its villages are.

    Parameters
    ----------
    shapes
        One 2D geometry per feature, in the CRS of the file (None if it names none).
    codes
        Same index: village code or ""; empty where no codes were found, and then only
        the province's outline is compared.
    places
        The province's villages with ``lon`` and ``lat`` of an inner point.
    report
        What is known so far.
    faults
        What to do about a layer that is swapped from its first coordinate to its last.

    Returns
    -------
    shapes
        In EPSG:4326, or None if a fault was added.
    report
        With axis order, notes and faults.
    """
    # Missing and empty geometries have no bounds; they are faults of their own.
    usable = only(shapes, shapes.index[np.isfinite(shapes.bounds.to_numpy()).all(axis=1)])
    fault = _fault_of_numbers(shapes.crs, usable, codes, places, report.file)
    if fault:
        return None, report.with_faults(fault)
    degrees, report = check_axes(shapes, codes, places, report, faults)
    if degrees is None or usable.empty:
        return None, report
    if degrees.crs is not None and not degrees.crs.equals(
        pyproj.CRS(WGS84), ignore_axis_order=True
    ):
        note = messages.reprojected(messages.crs_name(degrees.crs), report.file)
        report = replace(report, notes=(*report.notes, note))
        degrees = degrees.to_crs(WGS84)
    usable = only(degrees, usable.index)
    if not _fits(_centers(usable), codes, places):
        return None, report.with_faults(_elsewhere(_centers(usable), codes, places, report.file))
    report = replace(report, axis_order=report.axis_order or "lon lat")
    at_home = _share_at_home(usable, codes, places)
    if at_home is not None and at_home < _MIN_SHARE_AT_HOME:
        return None, report.with_faults(messages.mixed_up(at_home, report.file))
    return degrees, report


def _fault_of_numbers(
    crs: pyproj.CRS | None,
    usable: gpd.GeoSeries,
    codes: pd.Series,
    places: pd.DataFrame,
    file: str,
) -> Fault | None:
    """No CRS, or meters where degrees are said to be."""
    if crs is None or not (crs.is_geographic or crs.is_projected):
        return messages.no_crs(file)
    if usable.empty or not crs.is_geographic:
        return None
    if np.abs(usable.total_bounds).max() > MAX_DEGREES:
        return messages.meters_as_degrees(_guess_zone(usable, codes, places), file)
    return None


def only(shapes: gpd.GeoSeries, these: pd.Series | pd.Index | np.ndarray) -> gpd.GeoSeries:
    """Some of the shapes, by a mask or by index (which indexing calls a plain Series)."""
    return gpd.GeoSeries(shapes.loc[these], crs=shapes.crs)


def _centers(shapes: gpd.GeoSeries) -> pd.DataFrame:
    bounds = shapes.bounds
    return pd.DataFrame(
        {
            "lon": (bounds["minx"] + bounds["maxx"]) / 2,
            "lat": (bounds["miny"] + bounds["maxy"]) / 2,
        }
    )


def _offset(centers: pd.DataFrame, codes: pd.Series, places: pd.DataFrame) -> tuple[float, float]:
    """Median way in degrees from the villages' places to where the layer draws them."""
    known = _known(codes, centers.index)
    if known.empty:  # compare the middles of layer and province
        way = centers.median() - places[["lon", "lat"]].median()
    else:
        homes = places.loc[known, ["lon", "lat"]].set_index(known.index)
        way = (centers.loc[known.index] - homes).median()
    return float(way["lon"]), float(way["lat"])


def _known(codes: pd.Series, index: pd.Index) -> pd.Series:
    """Codes of the known villages among the features of `index`."""
    known = codes[codes != ""]
    return known[known.index.isin(index)]


def _fits(centers: pd.DataFrame, codes: pd.Series, places: pd.DataFrame) -> bool:
    if not np.isfinite(centers.to_numpy()).all():
        return False
    if (codes != "").any():
        return _km(*_offset(centers, codes, places)) <= MAX_OFFSET_KM
    margin = PROVINCE_MARGIN_DEGREES
    near_lon = centers["lon"].between(places["lon"].min() - margin, places["lon"].max() + margin)
    near_lat = centers["lat"].between(places["lat"].min() - margin, places["lat"].max() + margin)
    return bool((near_lon & near_lat).mean() >= _MIN_SHARE_AT_HOME)


def _share_at_home(shapes: gpd.GeoSeries, codes: pd.Series, places: pd.DataFrame) -> float | None:
    """Share of villages whose known inner point lies in their box; None if too few."""
    known = _known(codes, shapes.index)
    if len(known) < _ENOUGH_TO_JUDGE:
        return None
    bounds = only(shapes, known.index).bounds.to_numpy() + _HOME_MARGIN_DEGREES * np.array(
        [-1, -1, 1, 1]
    )
    points = shapely.points(places.loc[known, ["lon", "lat"]].to_numpy())
    return float(shapely.intersects(shapely.box(*bounds.T), points).mean())


def _guess_zone(usable: gpd.GeoSeries, codes: pd.Series, places: pd.DataFrame) -> str:
    """EPSG code of the UTM zone in which meters would fit the villages, or ""."""
    crs = metric_crs(float(places["lon"].median()), float(places["lat"].median()))
    moved = usable.set_crs(crs, allow_override=True).to_crs(WGS84)
    return messages.crs_name(crs) if _fits(_centers(moved), codes, places) else ""


def _elsewhere(centers: pd.DataFrame, codes: pd.Series, places: pd.DataFrame, file: str) -> Fault:
    finite = centers.loc[np.isfinite(centers.to_numpy()).all(axis=1)]
    if finite.empty:
        return messages.elsewhere(None, "", file)
    lon, lat = _offset(finite, codes, places)
    middle = float(finite["lat"].median())
    home = float(places["lat"].median())
    if abs(abs(lon) - 6) < 0.7 and abs(lat) < 0.5:  # noqa: PLR2004 - a UTM zone is 6 degrees
        hint = "zone"
    elif abs(lon) < 0.5 and abs(middle + home) < 2:  # noqa: PLR2004 - as far north as south
        hint = "minus"
    else:
        hint = ""
    return messages.elsewhere(_km(lon, lat), hint, file)


def _km(lon_degrees: float, lat_degrees: float) -> float:
    """Length of a way given in degrees near the equator, good to a few percent."""
    return float(np.hypot(lon_degrees, lat_degrees) * _KM_PER_DEGREE)
