"""Points that are written wrongly: swapped, without minus, of another zone, zero, stacked."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.places.location import find_point_villages

#: More families on one and the same point are an office, not homes.
MOST_ON_A_POINT = 5
#: A UTM zone is so wide: a point that was converted from the wrong one lies as far away.
_ZONE_DEGREES = 6.0


def check_points(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find each point's village, and what is wrong with those that lie in none.

    A point is changed in one case only: latitude and longitude are swapped, and the other
    way round it lies inside the village that its family states. Else nothing is guessed;
    a code says what a person should look at.

    Parameters
    ----------
    points
        ``lon``, ``lat`` (degrees, WGS 84), ``stated_village_code`` (may be null), index unique.
    villages
        As `location.find_point_villages` takes them.

    Returns
    -------
    DataFrame
        `points` with ``point_village_code`` and ``point_fault``: null, ``E-POINT-ZERO``
        (0 and 0 are no place), ``W-POINT-SWAPPED`` (mended), ``E-POINT-AXES``,
        ``E-POINT-MINUS``, ``E-POINT-ZONE``, or ``W-STACK``.
    """
    found = points.copy()
    found["point_village_code"] = find_point_villages(points, villages)
    found["point_fault"] = pd.Series(pd.NA, index=found.index, dtype="str")
    zero = (found["lon"] == 0) & (found["lat"] == 0)
    found.loc[zero, "point_fault"] = "E-POINT-ZERO"
    lost = found[found["point_village_code"].isna() & ~zero]
    if not lost.empty:
        found = _mended(found, lost, villages)
        _blame(found, villages)
    stacked = _stacked(found) & found["point_fault"].isna()
    found.loc[stacked, "point_fault"] = "W-STACK"
    return found


def _mended(found: pd.DataFrame, lost: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Swap back what then lies in its stated village."""
    stated = list(villages.geometry.reindex(lost["stated_village_code"]))
    other_way = shapely.points(lost["lat"].to_numpy(), lost["lon"].to_numpy())
    rows = lost.index[shapely.intersects(stated, other_way)]
    found.loc[rows, ["lon", "lat"]] = lost.loc[rows, ["lat", "lon"]].to_numpy()
    found.loc[rows, "point_village_code"] = lost.loc[rows, "stated_village_code"]
    found.loc[rows, "point_fault"] = "W-POINT-SWAPPED"
    return found


def _blame(found: pd.DataFrame, villages: gpd.GeoDataFrame) -> None:
    """Name the slip that would explain why a point lies in no village of the area."""
    lost = found[found["point_village_code"].isna() & found["point_fault"].isna()]
    lon, lat = lost["lon"], lost["lat"]
    slips = (
        ("E-POINT-AXES", lat, lon),
        ("E-POINT-MINUS", lon, -lat.abs()),
        ("E-POINT-ZONE", lon - _ZONE_DEGREES, lat),
        ("E-POINT-ZONE", lon + _ZONE_DEGREES, lat),
    )
    for code, right_lon, right_lat in slips:
        inside = _is_inside(right_lon, right_lat, villages)
        rows = lost.index[inside & found.loc[lost.index, "point_fault"].isna().to_numpy()]
        found.loc[rows, "point_fault"] = code


def _is_inside(lon: pd.Series, lat: pd.Series, villages: gpd.GeoDataFrame) -> np.ndarray:
    places = shapely.points(np.column_stack([lon, lat]))
    inside = np.full(len(lon), fill_value=False)
    inside[np.unique(villages.sindex.query(places, predicate="intersects")[0])] = True
    return inside


def _stacked(found: pd.DataFrame) -> pd.Series:
    usable = found["point_village_code"].notna()
    count = found[usable].groupby(["lon", "lat"])["point_village_code"].transform("size")
    return (count > MOST_ON_A_POINT).reindex(found.index, fill_value=False)
