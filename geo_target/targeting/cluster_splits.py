"""A cluster in parts that one visit can do: by district, by barriers, by load and radius."""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

#: Faces end this far outside of the outermost family.
_RIM_M = 1.0

#: Row numbers of families.
Rows = npt.NDArray[np.int64]


class Places(NamedTuple):
    """Where families are, in meters; NaN without a point."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]


def split_cluster(
    members: pd.DataFrame,
    *,
    load: int,
    radius_m: float = math.inf,
    districts: pd.Series | None = None,
    barriers: Sequence[BaseGeometry] = (),
) -> pd.Series:
    """Number the part of each family, from 1.

    First by district, and by the sides of barriers; then each of these is halved across its
    longer side, so that halves hold whole loads as nearly alike as can be, until no part has
    more than `load` families or reaches farther than `radius_m` from its middle. Where the
    radius leaves it at that, the parts are as few as the load allows. Families without a point
    are parted by the order of their village, RW, RT and id.

    Parameters
    ----------
    members
        Families of one cluster, indexed by ``family_id``: ``x``, ``y`` (m, null without a point),
        ``village_code``; ``rw``, ``rt`` if known.
    load
        Most families of a part, at least 1.
    radius_m
        Farthest that a family may be from the middle of its part.
    districts
        ``district_code`` by ``village_code``; without it, district lines part nobody.
    barriers
        Lines and areas (rivers, highways) in the coordinates of `members`. A line parts families
        where it leads from rim to rim of the cluster, alone or with others: who can walk
        around its end is on the same side.
    """
    members = members.sort_index()
    x, y = (members[name].to_numpy(dtype=float) for name in ("x", "y"))
    has_point = ~(np.isnan(x) | np.isnan(y))
    places = Places(x, y)
    sides = _sides(places, has_point, barriers)
    district = np.zeros(len(members), dtype=np.int64)
    if districts is not None:
        names = members["village_code"].map(districts).fillna("").to_numpy(dtype=str)
        district = np.unique(names, return_inverse=True)[1]
    parts: list[Rows] = []
    for one in np.unique(np.column_stack([district, sides]), axis=0):
        is_own = (district == one[0]) & (sides == one[1])
        located, others = np.flatnonzero(is_own & has_point), np.flatnonzero(is_own & ~has_point)
        if located.size:
            parts += _halved(located, places, load, radius_m)
        if others.size:
            parts += _in_order(others, members, load)
    numbers = np.zeros(len(members), dtype=np.int64)
    for number, part in enumerate(parts, start=1):
        numbers[part] = number
    return pd.Series(numbers, members.index, name="part")


def _sides(
    places: Places, has_point: npt.NDArray[np.bool_], barriers: Sequence[BaseGeometry]
) -> Rows:
    """Number of the face between barriers that each family is in; -1 without a point."""
    sides = np.where(has_point, 0, -1)
    if not has_point.any() or not len(barriers):
        return sides
    x, y = places.x[has_point], places.y[has_point]
    rim = shapely.box(x.min() - _RIM_M, y.min() - _RIM_M, x.max() + _RIM_M, y.max() + _RIM_M)
    lines = [one.boundary if one.geom_type.endswith("Polygon") else one for one in barriers]
    lines = [one for one in lines if one.intersects(rim)]  # others bound no face inside
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([rim.exterior, *lines])]))
    faces = faces[shapely.intersects(faces, rim)]
    middles = shapely.get_coordinates(shapely.point_on_surface(faces))
    faces = faces[np.lexsort(middles.T[::-1])]
    # A family on a line is nearest to two faces: it is in the first.
    family, face = shapely.STRtree(faces).query_nearest(shapely.points(x, y))
    first = np.full(len(x), len(faces))
    np.minimum.at(first, family, face)
    sides[has_point] = first
    return sides


def _halved(rows: Rows, places: Places, load: int, radius_m: float) -> list[Rows]:
    x, y = places.x[rows], places.y[rows]
    radius = np.hypot(x - x.mean(), y - y.mean()).max()
    visits = math.ceil(len(rows) / load)
    if visits == 1 and (radius <= radius_m or len(rows) == 1):
        return [rows]
    visits = max(visits, 2)
    ordered = rows[np.lexsort((y, x) if np.ptp(x) >= np.ptp(y) else (x, y))]
    cut = math.ceil(len(rows) * (visits // 2) / visits)
    return [
        *_halved(ordered[:cut], places, load, radius_m),
        *_halved(ordered[cut:], places, load, radius_m),
    ]


def _in_order(rows: Rows, members: pd.DataFrame, load: int) -> list[Rows]:
    if len(rows) <= load:
        return [rows]
    group = members.iloc[rows].reset_index(drop=True)
    by = [name for name in ("village_code", "rw", "rt") if name in group]
    ordered = rows[group.sort_values(by, kind="stable").index.to_numpy()]
    visits = math.ceil(len(rows) / load)
    cuts = [len(rows) * visit // visits for visit in range(visits + 1)]
    return [ordered[start:end] for start, end in itertools.pairwise(cuts)]
