"""How far extreme-poor families live from the nearest facility of each type.

A family with a point has a distance. One without a point has none: all that is known is the
village, so it has an interval, from the least to the greatest distance of any place in it. Nobody
is put in the middle of a village.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from scipy.spatial import KDTree

from geo_target.crs import WGS84
from geo_target.targeting.access_intervals import REACH_M, Squares
from geo_target.targeting.travel_times import Coordinates, RoadNetwork, Travel, Values

COUNTS = ("located_families", "reached_families")
MEANS = ("mean_m", "p90_m", "mean_minutes", "p90_minutes")
INTERVAL = ("least_m", "most_m", "least_minutes", "most_minutes")
BEYOND, MAYBE, WITHIN = "beyond", "maybe", "within"


@dataclass(frozen=True)
class Access:
    """Distances and minutes to the nearest facility of each type.

    Attributes
    ----------
    families
        One row a located family and type: ``family_id``, ``village_code``, ``type``,
        ``distance_m`` (straight line) and ``minutes``, null where no facility of the type has
        a place, or no road leads there.
    villages
        By ``village_code`` and ``type``, in order. Of the located families, each counting
        once: ``located_families``, ``reached_families`` (those with minutes), ``mean_m``,
        ``p90_m`` (nine tenths live as near), ``mean_minutes``, ``p90_minutes``. Of any place of
        the village, and so of its families without a point: ``least_m``, ``most_m``,
        ``least_minutes``, ``most_minutes`` (null where some place may have no way), and
        ``beyond``: whether they live beyond the limit: ``beyond`` (even the nearest place is),
        ``maybe``, ``within``, or null where nothing is known.
    """

    families: pd.DataFrame
    villages: pd.DataFrame


def measure_access(
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    facilities: pd.DataFrame,
    crs: pyproj.CRS,
    *,
    travel: Travel | None = None,
    roads: RoadNetwork | None = None,
    limit_minutes: float = 30.0,
) -> Access:
    """Measure from families and villages to the nearest facility of each type.

    Parameters
    ----------
    families
        Extreme-poor ones, indexed by ``family_id``: ``village_code``, ``lon``, ``lat``
        (degrees), ``has_point``. Those of no village of `villages` are left out.
    villages
        Indexed by unique ``village_code``, with geometry, EPSG:4326; no count is read.
    facilities
        ``type``, ``lon``, ``lat``; a type of which none has a place gets nulls.
    crs
        Metric, see `crs.metric_crs`.
    travel
        Speeds; the defaults if none.
    roads
        Over these go the minutes, else along the straight line times a detour.

    Returns
    -------
    Access
        The least distance of a village is exact: 0 where a facility lies inside. The greatest
        is a bound from above, see `access_intervals.Squares.distances`; minutes over roads are
        bounded on both sides, see `travel_times.Surroundings`. No place of a village is outside
        its interval. Distances are true to the 0.1 % of the UTM zone.
    """
    travel = travel or Travel()
    villages = villages.sort_index()
    squares = Squares.over(np.asarray(villages.geometry.to_crs(crs)))
    around = roads.around(squares.middles, REACH_M) if roads else None
    located = families[
        families["has_point"].fillna(value=False).astype("bool")
        & families["village_code"].isin(villages.index)
    ].sort_index()
    homes = _metric(located, crs)
    of_families, of_villages = [], []
    for kind, xy in _by_type(facilities, crs).items():
        row = {"family_id": located.index, "village_code": located["village_code"].to_numpy()}
        if not len(xy):
            measured: dict[str, Any] = {"distance_m": np.nan, "minutes": np.nan}
            bounds = pd.DataFrame(np.nan, index=range(len(villages)), columns=list(INTERVAL))
        else:
            tree = KDTree(xy)
            distance = tree.query(homes)[0]
            bounds = squares.distances(xy, tree)
            if roads and around:
                from_vertex = roads.minutes_from(xy)
                minutes = roads.minutes_of(homes, from_vertex)
                by_road = squares.of_villages(*around.bounds(from_vertex))
            else:
                minutes = distance * travel.minutes_per_m
                by_road = bounds * travel.minutes_per_m
            measured = {"distance_m": distance, "minutes": _finite(minutes)}
            bounds = bounds.join(by_road.set_axis(["least_minutes", "most_minutes"], axis=1))
        of_families.append(pd.DataFrame({**row, "type": kind, **measured}))
        of_villages.append(bounds.assign(village_code=villages.index, type=kind))
    if not of_villages:
        return Access(_no_families(), _no_villages())
    measured_families = pd.concat(of_families, ignore_index=True)
    intervals = pd.concat(of_villages).set_index(["village_code", "type"]).sort_index()
    found = _summarized(measured_families).reindex(intervals.index).join(intervals)
    counts = {name: found[name].fillna(0).astype("int64") for name in COUNTS}
    found = found.assign(**counts, beyond=_beyond(intervals, limit_minutes))
    return Access(measured_families, found[[*COUNTS, *MEANS, *INTERVAL, "beyond"]])


def _by_type(facilities: pd.DataFrame, crs: pyproj.CRS) -> dict[str, Coordinates]:
    """Places by type, each once and in order, so that no order of rows moves a digit."""
    typed = facilities[facilities["type"].notna()]
    return {
        str(kind): np.unique(_metric(own.dropna(subset=["lon", "lat"]), crs), axis=0)
        for kind, own in typed.groupby("type", sort=True)
    }


def _metric(places: pd.DataFrame, crs: pyproj.CRS) -> Coordinates:
    to_meters = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)
    lon, lat = (places[name].to_numpy(dtype="float64") for name in ("lon", "lat"))
    return np.column_stack(to_meters.transform(lon, lat))


def _summarized(measured: pd.DataFrame) -> pd.DataFrame:
    """Counts, means and percentiles by village and type; see `Access`."""
    parts = []
    for column, suffix, count in (
        ("distance_m", "m", "located_families"),
        ("minutes", "minutes", "reached_families"),
    ):
        # Sorted by what is added up: sums then have one order whatever the families are called.
        ordered = measured.sort_values(["village_code", "type", column])
        values = ordered.groupby(["village_code", "type"])[column]
        parts += [
            values.mean().rename(f"mean_{suffix}"),
            values.quantile(0.9).rename(f"p90_{suffix}"),
            values.count().rename(count) if suffix == "minutes" else values.size().rename(count),
        ]
    return pd.concat(parts, axis=1)


def _beyond(intervals: pd.DataFrame, limit_minutes: float) -> pd.Series:
    least, most = intervals["least_minutes"], intervals["most_minutes"]
    state = pd.Series(MAYBE, index=intervals.index, dtype="object")
    state[most <= limit_minutes] = WITHIN
    state[least > limit_minutes] = BEYOND
    return state.where(least.notna(), None)


def _finite(minutes: Values) -> Values:
    return np.where(np.isfinite(minutes), minutes, np.nan)


def _no_families() -> pd.DataFrame:
    return pd.DataFrame(columns=["family_id", "village_code", "type", "distance_m", "minutes"])


def _no_villages() -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([[], []], names=["village_code", "type"])
    return pd.DataFrame(columns=[*COUNTS, *MEANS, *INTERVAL, "beyond"], index=index)
