"""Clusters of uncovered extreme-poor families: of points, and of RW.

Most lists carry no coordinates, so there are two kinds, and no village is in both: where
most of a village's families have a point, uncovered families that stand near each other;
elsewhere the RW (or lingkungan) of the address, which is counted and never drawn as a place.
Either has an excess over what the area lets expect, see `excess`, and no smaller share than the
area's own.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from geo_target.crs import WGS84
from geo_target.schemas import SNAPSHOT_CLUSTERS, SNAPSHOT_UNMATCHED_CLUSTERS
from geo_target.settings import Clusters
from geo_target.targeting.excess import expected_parts
from geo_target.targeting.joined_cells import excess_around
from geo_target.targeting.point_clusters import find_point_clusters, metric
from geo_target.targeting.rw_clusters import count_rw, find_rw_clusters, place_of

#: Unmatched families have ids of their own.
UNMATCHED = "belum-padan-"

_COMPARED = ["covered", "uncovered"]
#: Of the uncovered of an RW, fewer points than this are those of an RW that nobody visited.
_LEAST_OF_RW = 0.5

#: Leaving out places with an excess from the expected share ends by itself after a few rounds.
_ROUNDS = 20


@dataclass(frozen=True)
class Expectation:
    """Where clusters are looked for, and what is expected there.

    Attributes
    ----------
    located
        Families with a point, of villages that form clusters of points.
    addressed
        All families of the other villages.
    parts
        `excess.expected_parts` of the compared ones, by ``family_id``.
    rule
        With no smaller share than the area's own.
    """

    located: pd.DataFrame
    addressed: pd.DataFrame
    parts: pd.Series
    rule: Clusters


def expect(families: pd.DataFrame, rule: Clusters, crs: pyproj.CRS) -> Expectation:
    """What `find_clusters` holds the found against; `families` as there."""
    families = families.sort_index()
    with_points = families["village_code"].isin(
        villages_with_points(
            families, located_share=rule.located_share, smallest_rw=rule.smallest_rw
        )
    )
    compared = families["coverage_state"][families["coverage_state"].isin(_COMPARED)]
    area = float((compared == "uncovered").mean()) if len(compared) else 0.0
    rule = rule.model_copy(update={"smallest_share": max(rule.smallest_share, area)})
    return Expectation(
        located=families[with_points & families["has_point"]],
        addressed=families[~with_points],
        parts=_expected(families, with_points, rule, crs),
        rule=rule,
    )


def find_clusters(
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    rule: Clusters,
    crs: pyproj.CRS,
    *,
    prefix: str = "",
    asked: Expectation | None = None,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Both kinds, largest first; see `find_point_clusters` for what comes in and out.

    `families` are the extreme-poor ones that have a village, with ``has_point``.

    Parameters
    ----------
    prefix
        What ids begin with.
    asked
        What `expect` says of them; None means that it is worked out here.
    """
    asked = asked or expect(families, rule, crs)
    points, point_members = find_point_clusters(
        asked.located, villages, asked.rule, crs, parts=asked.parts, prefix=prefix
    )
    rw, rw_members = find_rw_clusters(
        asked.addressed, villages, asked.rule, parts=asked.parts, prefix=prefix
    )
    clusters = pd.concat([points, rw], ignore_index=True)
    order = clusters["uncovered_families"].sort_values(ascending=False, kind="stable").index
    members = pd.concat([point_members, rw_members])
    ordered = gpd.GeoDataFrame(clusters.loc[order], crs=WGS84).reset_index(drop=True)
    return ordered[[*SNAPSHOT_CLUSTERS.names, "geometry"]], members


def find_unmatched_clusters(
    families: pd.DataFrame, villages: gpd.GeoDataFrame, rule: Clusters, crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Clusters of families that nothing could be compared of, among all the extreme poor.

    Found as `find_clusters` finds those of the uncovered, by `rule.smallest_unmatched_share`;
    ids begin with UNMATCHED.

    Returns
    -------
    clusters
        schemas.SNAPSHOT_UNMATCHED_CLUSTERS and geometry.
    members
        ``cluster_id`` by ``family_id``.
    """
    rule = rule.model_copy(update={"smallest_share": rule.smallest_unmatched_share})
    is_unmatched = families["coverage_state"] == "unmatched"
    if not is_unmatched.any():  # a usual case, and a search of all families
        families, is_unmatched = families.iloc[:0], is_unmatched.iloc[:0]
    state = np.where(is_unmatched, "uncovered", "covered")
    clusters, members = find_clusters(
        families.assign(coverage_state=state), villages, rule, crs, prefix=UNMATCHED
    )
    names = {
        "uncovered_families": "unmatched_families", "compared_families": "extreme_poor_families",
    }  # fmt: skip
    found = clusters.rename(columns=names)
    return found[[*SNAPSHOT_UNMATCHED_CLUSTERS.names, "geometry"]], members


def villages_with_points(
    families: pd.DataFrame, *, located_share: float, smallest_rw: int = 5
) -> pd.Index:
    """Villages that form clusters of points: enough of their families have one, everywhere.

    Of the uncovered and of the covered, for points of the one alone say nothing of the share;
    and at least half of those of every RW that could be a cluster by its address,
    for an RW that nobody visited would have neither.

    Parameters
    ----------
    families
        ``village_code``, ``rw``, ``neighborhood``, ``coverage_state``, ``has_point`` of
        extreme-poor families.
    """
    located = families.groupby(["coverage_state", "village_code"])["has_point"].mean()
    share, covered = (
        located[located.index.get_level_values(0) == state].droplevel(0)
        for state in ("uncovered", "covered")
    )
    uncovered = families[families["coverage_state"] == "uncovered"]
    of_rw = uncovered.groupby([uncovered["village_code"], place_of(uncovered)])["has_point"]
    unseen = of_rw.mean()[(of_rw.size() >= smallest_rw) & (of_rw.mean() < _LEAST_OF_RW)]
    enough = (share >= located_share) & (covered.reindex(share.index).fillna(1) >= located_share)
    return share.index[enough & ~share.index.isin(unseen.index.get_level_values(0))]


def _expected(
    families: pd.DataFrame, with_points: pd.Series, rule: Clusters, crs: pyproj.CRS
) -> pd.Series:
    """`excess.expected_parts` of the compared families, by ``family_id``."""
    compared = families[families["coverage_state"].isin(_COMPARED)]
    by_points = with_points[compared.index]
    place = place_of(compared)
    compared = compared.assign(
        place=place,
        is_uncovered=compared["coverage_state"] == "uncovered",
        is_seen=compared["has_point"].where(by_points, place.notna()),
        # Who was visited differs from village to village; how addresses are written, less so.
        seen_with=compared["village_code"].where(by_points, ""),
    )
    parts = expected_parts(compared, compared["is_uncovered"].mean())
    if rule.excess_over == "area":
        return parts
    before = None
    for _ in range(_ROUNDS):
        high = _is_high(compared, by_points, parts, rule, crs)
        if high.all() or (before is not None and high.equals(before)):
            break
        parts = expected_parts(compared, compared["is_uncovered"][~high].mean())
        before = high
    return parts


def _is_high(
    compared: pd.DataFrame, by_points: pd.Series, parts: pd.Series, rule: Clusters, crs: pyproj.CRS
) -> pd.Series:
    """Which families are where there is an excess."""
    q = pd.Series(1.0, compared.index)
    seen = compared[compared["is_seen"]]
    points, rw = seen[by_points[seen.index]], seen[~by_points[seen.index]]
    if len(points):
        q[points.index] = excess_around(
            metric(points, crs),
            points["is_uncovered"].to_numpy(),
            parts[points.index].to_numpy(),
            rule,
        )
    of_rw = count_rw(rw, rule, parts).set_index(["village_code", "place"])["q_value"]
    q[rw.index] = of_rw.reindex(pd.MultiIndex.from_frame(rw[["village_code", "place"]])).to_numpy()
    return q <= rule.false_discovery_rate
