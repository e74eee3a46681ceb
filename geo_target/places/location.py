"""Which village a family's point lies in, and how far that is from the one it states.

Points are looked up in full-resolution polygons, each in exactly one village. Many points go
by a grid of cells (`village_grid`). For few it would take longer to make than it spares: their
stated village is tried first, and those that it does not hold are sought in all villages.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.crs import WGS84, metric_crs
from geo_target.places.village_grid import VillageGrid

_POLE = 90.0
#: From so many points per corner of the villages on a grid is worth making, or reading.
_WORTH_MAKING = 2.0
_WORTH_READING = 0.25


def grid_over(villages: gpd.GeoDataFrame, points: int, kept: Path | None) -> VillageGrid | None:
    """A grid over `villages` where it is worth it for so many `points`, else None.

    `kept` is the file that it is kept in from run to run; None where there is none.
    """
    corners = int(shapely.get_num_coordinates(np.asarray(villages.geometry)).sum())
    is_kept = kept is not None and kept.is_file()
    worth = _WORTH_READING if is_kept else _WORTH_MAKING
    return VillageGrid(villages, kept) if corners and points > worth * corners else None


def find_point_villages(
    points: pd.DataFrame, villages: gpd.GeoDataFrame, *, grid: VillageGrid | None = None
) -> pd.Series:
    """Village of each point.

    Parameters
    ----------
    points
        ``lon``, ``lat`` (degrees, WGS 84, not null) and ``stated_village_code`` (may be
        null).
    villages
        Indexed by unique ``village_code``, EPSG:4326, a valid coverage.
    grid
        Over `villages`, where there is one; else one is made if there are many points.

    Returns
    -------
    Series
        ``point_village_code`` on the index of `points`; null where no village holds the
        point. A point on the line between villages belongs to the lowest code that
        touches it.
    """
    villages = villages.sort_index()
    numbers = number_points(points, villages, grid or grid_over(villages, len(points), None))
    codes = pd.Series(villages.index, dtype="str").array.take(numbers, allow_fill=True)
    return pd.Series(codes, index=points.index, name="point_village_code")


def number_points(
    points: pd.DataFrame, villages: gpd.GeoDataFrame, grid: VillageGrid | None
) -> np.ndarray:
    """As `find_point_villages`, with places in `villages`, which are sorted; -1 for none."""
    lon, lat = points["lon"].to_numpy(), points["lat"].to_numpy()
    if grid is not None:
        return grid.find(lon, lat)
    stated = villages.index.get_indexer(pd.Index(points["stated_village_code"]))
    order = np.argsort(stated, kind="stable")  # one polygon after the other
    order = order[stated[order] >= 0]
    polygons = np.asarray(villages.geometry)[stated[order]]
    shapely.prepare(polygons)  # not to be asked by two threads at once
    held = order[shapely.contains_xy(polygons, lon[order], lat[order])]
    found = np.full(len(points), -1, dtype=np.int32)
    found[held] = stated[held]
    for predicate in ("within", "intersects"):
        missed = np.flatnonzero(found < 0)
        point, village = villages.sindex.query(
            shapely.points(lon[missed], lat[missed]), predicate=predicate
        )
        lowest = np.full(len(missed), len(villages))
        np.minimum.at(lowest, point, village)
        found[missed] = np.where(lowest < len(villages), lowest, -1)
    return found


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
    distance[disagree.index] = shapely.distance(np.asarray(places), np.asarray(stated))
    return distance
