"""Which village a family's point lies in, and how far that is from the one it states.

Points are looked up in full-resolution polygons, each in exactly one village. The stated
village is tried first, with one prepared polygon for all its families: most points lie
there, and a miss is itself the sign of a disagreement (3.3 M points in 1.0-1.3 s against
13 s for a spatial join alone). Prepared polygons are not safe to share between threads.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.crs import WGS84, metric_crs

_POLE = 90.0


def find_point_villages(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    """Village of each point.

    Parameters
    ----------
    points
        ``lon``, ``lat`` (degrees, WGS 84, not null) and ``stated_village_code`` (may be
        null).
    villages
        Indexed by unique ``village_code``, EPSG:4326, a valid coverage.

    Returns
    -------
    Series
        ``point_village_code`` on the index of `points`; null where no village holds the
        point. A point on the line between villages belongs to the lowest code that
        touches it.
    """
    found = pd.Series(pd.NA, index=points.index, dtype="str", name="point_village_code")
    stated = points["stated_village_code"].where(points["stated_village_code"].isin(villages.index))
    for code, group in points.groupby(stated, sort=True):
        polygon = villages.geometry[code]
        shapely.prepare(polygon)
        inside = shapely.contains_xy(polygon, group["lon"].to_numpy(), group["lat"].to_numpy())
        found[group.index[inside]] = code
    missed = points[found.isna()]
    if missed.empty:
        return found
    geometry = gpd.GeoSeries.from_xy(missed["lon"], missed["lat"], crs=WGS84)
    within = _first_match(geometry, villages, "within")
    edge = _first_match(gpd.GeoSeries(geometry[within.isna()]), villages, "intersects")
    return found.fillna(within).fillna(edge)


def _first_match(points: gpd.GeoSeries, villages: gpd.GeoDataFrame, predicate: str) -> pd.Series:
    """Lowest code among the villages that hold each point."""
    point, village = villages.sindex.query(points.values, predicate=predicate)
    codes = pd.Series(villages.index.to_numpy()[village], index=points.index[point], dtype="str")
    return codes.groupby(level=0).min().reindex(points.index)


def distances_to_stated(points: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.Series:
    """Meters from each point to its stated village, where the two disagree.

    Parameters
    ----------
    points
        ``lon``, ``lat``, ``stated_village_code``, ``point_village_code``.

    Returns
    -------
    Series
        ``location_distance_m`` on the index of `points`; NaN where they agree, no
        village of the area is stated, or the latitude is beyond a pole. Measured in the UTM
        zone of the area.
    """
    disagree = points[
        points["stated_village_code"].isin(villages.index)
        & (points["point_village_code"] != points["stated_village_code"]).fillna(True)  # noqa: FBT003
        # a latitude that there is not has no distance to anything
        & (points["lat"].abs() <= _POLE)
    ]
    distance = pd.Series(np.nan, index=points.index, name="location_distance_m")
    if disagree.empty:
        return distance
    crs = metric_crs(*shapely.box(*villages.total_bounds).centroid.coords[0])
    places = gpd.GeoSeries.from_xy(disagree["lon"], disagree["lat"], crs=WGS84).to_crs(crs)
    stated = villages.geometry.to_crs(crs).reindex(disagree["stated_village_code"])
    distance[disagree.index] = shapely.distance(list(places), list(stated))
    return distance
