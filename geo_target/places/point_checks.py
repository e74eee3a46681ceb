"""Points that are written wrongly: swapped, without minus, of another zone, zero, stacked."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_target.places.location import number_points
from geo_target.places.village_grid import VillageGrid

#: More families on one and the same point are an office, not homes.
MOST_ON_A_POINT = 5
_FAULTS = pd.Index(
    ["E-POINT-ZERO", "W-POINT-SWAPPED", "E-POINT-AXES", "E-POINT-MINUS", "E-POINT-ZONE", "W-STACK"]
)  # fmt: skip
#: A UTM zone is so wide: a point that was converted from the wrong one lies as far away.
_ZONE_DEGREES = 6.0


def check_points(
    points: pd.DataFrame, villages: gpd.GeoDataFrame, *, grid: VillageGrid | None = None
) -> pd.DataFrame:
    """Find each point's village, and what is wrong with those that lie in none.

    A point is changed in one case only: latitude and longitude are swapped, and the other
    way round it lies inside the village that its family states. Else nothing is guessed;
    a code says what a person should look at.

    Parameters
    ----------
    points
        ``lon``, ``lat`` (degrees, WGS 84), ``stated_village_code`` (may be null), index unique.
    villages, grid
        As `location.find_point_villages` takes them, `villages` in the order of their codes.

    Returns
    -------
    DataFrame
        `points` with ``point_village_code`` and ``point_fault``, both categories: null,
        ``E-POINT-ZERO`` (0 and 0 are no place), ``W-POINT-SWAPPED`` (mended),
        ``E-POINT-AXES``, ``E-POINT-MINUS``, ``E-POINT-ZONE``, or ``W-STACK``.
    """
    found = points.copy()
    numbers = number_points(points, villages, grid)
    found["point_village_code"] = pd.Categorical.from_codes(numbers, categories=villages.index)
    nothing = np.full(len(found), -1, dtype=np.int8)
    found["point_fault"] = pd.Categorical.from_codes(nothing, categories=_FAULTS)
    zero = (found["lon"] == 0) & (found["lat"] == 0)
    found.loc[zero, "point_fault"] = "E-POINT-ZERO"
    lost = found[found["point_village_code"].isna() & ~zero]
    if not lost.empty:
        _mend(found, lost, villages)
        _blame(found, villages, grid)
    stacked = _stacked(found)
    found.loc[stacked[found.loc[stacked, "point_fault"].isna()], "point_fault"] = "W-STACK"
    return found


def _mend(found: pd.DataFrame, lost: pd.DataFrame, villages: gpd.GeoDataFrame) -> None:
    """Swap back what then lies in its stated village."""
    number = villages.index.get_indexer(pd.Index(lost["stated_village_code"]))
    stated = np.array([*villages.geometry, None])[number]  # the last where none is
    other_way = shapely.points(lost["lat"].to_numpy(), lost["lon"].to_numpy())
    rows = lost.index[shapely.intersects(stated, other_way)]
    found.loc[rows, ["lon", "lat"]] = lost.loc[rows, ["lat", "lon"]].to_numpy()
    found.loc[rows, "point_village_code"] = lost.loc[rows, "stated_village_code"]
    found.loc[rows, "point_fault"] = "W-POINT-SWAPPED"


def _blame(found: pd.DataFrame, villages: gpd.GeoDataFrame, grid: VillageGrid | None) -> None:
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
        right = lost.assign(lon=right_lon, lat=right_lat, stated_village_code=None)
        inside = number_points(right, villages, grid) >= 0
        rows = lost.index[inside & found.loc[lost.index, "point_fault"].isna().to_numpy()]
        found.loc[rows, "point_fault"] = code


def _stacked(found: pd.DataFrame) -> pd.Index:
    """Rows that lie on a point with too many others."""
    used = found.loc[found["point_village_code"].notna(), ["lon", "lat"]]
    # Like points have like sums, and few others: these few are then grouped.
    sums = np.pi * used["lon"] + used["lat"]
    ordered = np.sort(sums.to_numpy())
    often = ordered[MOST_ON_A_POINT:][ordered[MOST_ON_A_POINT:] == ordered[:-MOST_ON_A_POINT]]
    used = used[sums.isin(often)]
    count = used.groupby(["lon", "lat"])["lon"].transform("size")
    return used.index[count > MOST_ON_A_POINT]
