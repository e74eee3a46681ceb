"""A cluster in parts that one visit can do: by district, by barriers, by load and radius."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

#: Faces end this far outside of the outermost family.
_RIM_M = 1.0


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
    has_point = members["x"].notna() & members["y"].notna()
    keys = pd.DataFrame(
        {
            "district": "" if districts is None else members["village_code"].map(districts),
            "side": _sides(members, has_point, barriers),
        },
        index=members.index,
    ).fillna("")
    parts: list[pd.Index] = []
    for _, own in keys.groupby(["district", "side"]):
        group = members.loc[own.index]
        located = has_point[own.index]
        if located.any():
            parts += _halved(group[located], load, radius_m)
        if not located.all():
            parts += _in_order(group[~located], load)
    numbers = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
    index = [family for part in parts for family in part]
    return pd.Series(numbers, index, name="part", dtype="int64").reindex(members.index)


def _sides(
    members: pd.DataFrame, has_point: pd.Series, barriers: Sequence[BaseGeometry]
) -> pd.Series:
    """Number of the face between barriers that each family is in; -1 without a point."""
    sides = pd.Series(-1, members.index)
    located = members[has_point]
    if located.empty:
        return sides
    if not len(barriers):
        return sides.mask(has_point, 0)
    x, y = located["x"].to_numpy(dtype=float), located["y"].to_numpy(dtype=float)
    rim = shapely.box(x.min() - _RIM_M, y.min() - _RIM_M, x.max() + _RIM_M, y.max() + _RIM_M)
    lines = [one.boundary if one.geom_type.endswith("Polygon") else one for one in barriers]
    lines = [one for one in lines if one.intersects(rim)]  # others bound no face inside
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([rim.exterior, *lines])]))
    faces = faces[shapely.intersects(faces, rim)]
    middles = shapely.get_coordinates(shapely.point_on_surface(faces))
    faces = faces[np.lexsort(middles.T[::-1])]
    # A family on a line is nearest to two faces: it is in the first.
    family, face = shapely.STRtree(faces).query_nearest(shapely.points(x, y))
    first = pd.Series(face).groupby(family).min()
    sides[located.index] = first.to_numpy()
    return sides


def _halved(group: pd.DataFrame, load: int, radius_m: float) -> list[pd.Index]:
    places = group[["x", "y"]].to_numpy(dtype=float)
    radius = np.hypot(*(places - places.mean(axis=0)).T).max()
    visits = math.ceil(len(group) / load)
    if visits == 1 and (radius <= radius_m or len(group) == 1):
        return [group.index]
    visits = max(visits, 2)
    first = ["x", "y"] if np.ptp(places[:, 0]) >= np.ptp(places[:, 1]) else ["y", "x"]
    ordered = group.sort_values(first, kind="stable")
    cut = math.ceil(len(group) * (visits // 2) / visits)
    return [
        *_halved(ordered.iloc[:cut], load, radius_m),
        *_halved(ordered.iloc[cut:], load, radius_m),
    ]


def _in_order(group: pd.DataFrame, load: int) -> list[pd.Index]:
    by = [name for name in ("village_code", "rw", "rt") if name in group]
    ordered = group.sort_values(by, kind="stable")
    visits = math.ceil(len(group) / load)
    cuts = [len(group) * visit // visits for visit in range(visits + 1)]
    return [ordered.index[start:end] for start, end in itertools.pairwise(cuts)]
