"""What a run knows of its clusters besides which there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from shapely.geometry.base import BaseGeometry

from geo_target.crs import WGS84
from geo_target.schemas import (
    SNAPSHOT_CLUSTERS,
    SNAPSHOT_SCATTERED,
    SNAPSHOT_SENSITIVITY,
    SNAPSHOT_UNMATCHED_CLUSTERS,
    Schema,
)
from geo_target.settings import Clusters
from geo_target.targeting.cluster_ids import LastClusters, keep_ids
from geo_target.targeting.cluster_sensitivity import cluster_sensitivity
from geo_target.targeting.cluster_splits import split_cluster
from geo_target.targeting.clusters import (
    UNMATCHED,
    Expectation,
    expect,
    find_unmatched_clusters,
)
from geo_target.targeting.point_clusters import metric
from geo_target.targeting.scattered import count_scattered, describe_members

#: Of more extreme-poor families the nine searches of the sensitivity table are left out: they
#: would take longer than all else that is done with clusters.
MOST_TRIED = 100_000


def _nothing(schema: Schema) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(columns=schema.names), geometry=[], crs=WGS84)


def _nobody() -> pd.Series:
    return pd.Series(dtype="str", name="cluster_id", index=pd.Index([], dtype="str"))


@dataclass(frozen=True)
class ClusterDetails:
    """What is known of the clusters besides which there are.

    Attributes
    ----------
    clusters
        Those that were given, with ``located_share`` and ``median_age_days``.
    unmatched, unmatched_of
        See `clusters.find_unmatched_clusters`.
    part_of
        Part of the cluster of each uncovered family in one, from 1, see `split_cluster`.
    parts
        ``cluster_id``, ``part``, ``uncovered_families`` of each part, and ``radius_m`` of parts
        of clusters of points.
    scattered
        schemas.SNAPSHOT_SCATTERED, by ``village_code``.
    sensitivity
        schemas.SNAPSHOT_SENSITIVITY; empty where there are more than MOST_TRIED families.
    """

    clusters: gpd.GeoDataFrame = field(default_factory=lambda: _nothing(SNAPSHOT_CLUSTERS))
    unmatched: gpd.GeoDataFrame = field(
        default_factory=lambda: _nothing(SNAPSHOT_UNMATCHED_CLUSTERS)
    )
    unmatched_of: pd.Series = field(default_factory=_nobody)
    part_of: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))
    parts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["cluster_id", "part", "uncovered_families", "radius_m"]
        )
    )
    scattered: pd.DataFrame = field(
        default_factory=lambda: _nothing(SNAPSHOT_SCATTERED).set_index("village_code")
    )
    sensitivity: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=SNAPSHOT_SENSITIVITY.names)
    )


def detail_clusters(
    clusters: gpd.GeoDataFrame,
    members: pd.Series,
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    rule: Clusters,
    *,
    crs: pyproj.CRS,
    before: LastClusters | None,
    on: date,
    barriers: gpd.GeoSeries,
    asked: Expectation | None = None,
) -> ClusterDetails:
    """Find what else is to be known of clusters.

    Parameters
    ----------
    clusters, members
        See `clusters.find_clusters`, under the ids that they keep.
    families
        Extreme-poor families of the villages, by ``family_id``: what `clusters.find_clusters`
        asks for, ``rt`` and ``evidence_on``.
    before
        What the run before had.
    on
        The day of the run.
    barriers
        See `places.barriers.read_barriers`.
    asked
        What the clusters were held against; None means that it is worked out again.
    """
    unmatched, unmatched_of = find_unmatched_clusters(families, villages, rule, crs)
    if before is not None:
        unmatched, unmatched_of = keep_ids(
            unmatched, unmatched_of, before, families, villages,
            state="unmatched", prefix=UNMATCHED,
        )  # fmt: skip
    found = families.loc[members.index].assign(cluster_id=members)
    # The few points of an RW say nothing of where its other families live.
    points = found["cluster_id"].isin(clusters.loc[clusters["kind"] == "points", "cluster_id"])
    part_of, parts = _parts(
        _with_places(found, points, crs), rule,
        districts=villages["district_code"], barriers=list(barriers.to_crs(crs)),
    )  # fmt: skip
    sensitivity = (
        cluster_sensitivity(asked or expect(families, rule, crs), rule, crs)
        if len(families) <= MOST_TRIED
        else pd.DataFrame(columns=SNAPSHOT_SENSITIVITY.names)
    )
    described = describe_members(families, members, on=on).reindex(clusters["cluster_id"])
    return ClusterDetails(
        clusters=clusters.assign(
            **{name: described[name].to_numpy() for name in ("located_share", "median_age_days")}
        ),
        unmatched=unmatched,
        unmatched_of=unmatched_of,
        part_of=part_of,
        parts=parts,
        scattered=count_scattered(families, members),
        sensitivity=sensitivity,
    )


def _with_places(found: pd.DataFrame, points: pd.Series, crs: pyproj.CRS) -> pd.DataFrame:
    """Families with ``x``, ``y`` in meters of `crs`, of those of `points`."""
    places = np.full((len(found), 2), np.nan)
    if points.any():
        places[points.to_numpy()] = metric(found[points], crs)
    return found.assign(x=places[:, 0], y=places[:, 1])


def _parts(
    found: pd.DataFrame, rule: Clusters, *, districts: pd.Series, barriers: Sequence[BaseGeometry]
) -> tuple[pd.Series, pd.DataFrame]:
    """Part of each family, and what is known of each part."""
    split = [
        split_cluster(
            own, load=rule.split_load, radius_m=rule.split_radius_m or np.inf,
            districts=districts, barriers=barriers,
        )
        for _, own in found.groupby("cluster_id", sort=True)
    ]  # fmt: skip
    part_of = pd.concat([pd.Series(dtype="int64"), *split]).astype("int64")
    found = found.assign(part=part_of)
    middle = found.groupby(["cluster_id", "part"])[["x", "y"]].transform("mean")
    apart = np.hypot(found["x"] - middle["x"], found["y"] - middle["y"])
    parts = (
        found.assign(radius_m=apart)
        .groupby(["cluster_id", "part"], as_index=False)
        .agg(uncovered_families=("x", "size"), radius_m=("radius_m", "max"))
    )
    return part_of, parts
