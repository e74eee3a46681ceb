"""Clusters of uncovered extreme-poor families: of points, and of RW.

Most lists carry no coordinates, so there are two kinds, and no village is in both: where
most of a village's uncovered families have a point, families that stand near each other;
elsewhere the RW (or lingkungan) of the address, which is counted and never drawn as a place.
"""

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.point_clusters import find_point_clusters
from geo_target.targeting.rw_clusters import find_rw_clusters


def find_clusters(
    families: pd.DataFrame, villages: gpd.GeoDataFrame, rule: Clusters, crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Both kinds, largest first; see `find_point_clusters` for what comes in and out.

    `families` are the extreme-poor ones that have a village, with ``has_point``.
    """
    with_points = families["village_code"].isin(
        villages_with_points(families, located_share=rule.located_share)
    )
    points, point_members = find_point_clusters(
        families[with_points & families["has_point"]], villages, rule, crs
    )
    rw, rw_members = find_rw_clusters(families[~with_points], villages, rule)
    clusters = pd.concat([points, rw], ignore_index=True)
    order = clusters["uncovered_families"].sort_values(ascending=False, kind="stable").index
    members = pd.concat([point_members, rw_members])
    return gpd.GeoDataFrame(clusters.loc[order], crs=WGS84).reset_index(drop=True), members


def villages_with_points(families: pd.DataFrame, *, located_share: float) -> pd.Index:
    """Villages that form clusters of points: enough of their uncovered have one.

    Parameters
    ----------
    families
        ``village_code``, ``coverage_state``, ``has_point`` of extreme-poor families.
    """
    uncovered = families[families["coverage_state"] == "uncovered"]
    share = uncovered.groupby("village_code")["has_point"].mean()
    return share.index[share >= located_share]
