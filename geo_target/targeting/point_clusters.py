"""Clusters of points: uncovered families that stand near each other."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.spatial import KDTree

from geo_target.crs import WGS84
from geo_target.schemas import SNAPSHOT_CLUSTERS
from geo_target.settings import Clusters
from geo_target.targeting.cluster_ids import POINTS
from geo_target.targeting.excess import EXCESS_COLUMNS, PARTS, p_values, q_values
from geo_target.targeting.joined_cells import (
    Coordinates,
    Labels,
    excess_around,
    label_families,
)
from geo_target.targeting.near_cells import gather

#: The fixed grid of the outlines. Corners of a hull would be people's houses.
OUTLINE_M = 500


@dataclass(frozen=True)
class Compared:
    """The compared ones of some families: where they are, and how likely each is uncovered.

    Attributes
    ----------
    xy
        n x 2, meters.
    parts
        n, see `excess.expected_parts`; None where nothing is tested.
    """

    families: pd.DataFrame
    xy: Coordinates
    is_uncovered: npt.NDArray[np.bool_]
    parts: Labels | None


def compared_families(
    families: pd.DataFrame, crs: pyproj.CRS, parts: pd.Series | None = None
) -> Compared:
    """What `label_clusters` looks at; see `find_point_clusters` for what comes in."""
    compared = families[families["coverage_state"].isin(["covered", "uncovered"])]
    return Compared(
        compared,
        metric(compared, crs),
        (compared["coverage_state"] == "uncovered").to_numpy(),
        None if parts is None else parts.reindex(compared.index).to_numpy(),
    )


def label_clusters(compared: Compared, rule: Clusters) -> tuple[Labels, pd.DataFrame | None]:
    """Cluster number of each compared family, -1 in none; and EXCESS_COLUMNS of those tested."""
    if not compared.is_uncovered.any():
        return np.full(len(compared.xy), -1), None
    labels = label_families(compared.xy, compared.is_uncovered, rule)
    if compared.parts is None or (labels < 0).all():
        return labels, None
    return _keep_excess(compared.xy, compared.is_uncovered, labels, compared.parts, rule)


def find_point_clusters(
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    rule: Clusters,
    crs: pyproj.CRS,
    *,
    parts: pd.Series | None = None,
    prefix: str = "",
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Find uncovered families that stand near each other.

    Of the uncovered, those stay whose uncovered share among the compared families within
    `rule.distance_m` is at least `rule.smallest_share`: counting alone makes every hamlet a
    cluster. They are gathered into cells of 25 m and joined by DBSCAN (Ester et al., KDD
    1996) in the metric `crs`, the cells weighted with their families.

    Parameters
    ----------
    families
        Extreme-poor families of the villages with points, indexed by ``family_id``:
        ``lon``, ``lat`` (degrees, not null), ``village_code``, ``coverage_state``.
    villages
        Indexed by ``village_code``, with ``village_name``.
    parts
        `excess.expected_parts` of the compared families. If given, only clusters with an
        excess stay: one by their own counts, and around a member at least, where every such
        place is counted as tried.
    prefix
        What ids begin with.

    Returns
    -------
    clusters
        GeoDataFrame of schemas.SNAPSHOT_CLUSTERS and geometry, EPSG:4326: the cells of the
        fixed 500 m grid that hold its families, see `count_cells`.
    members
        ``cluster_id`` by ``family_id``, of the families in a cluster.
    """
    compared = compared_families(families, crs, parts)
    labels, tests = label_clusters(compared, rule)
    if (labels < 0).all():
        return _no_clusters()
    xy = compared.xy
    own = np.flatnonzero(labels >= 0)
    own = own[np.argsort(labels[own], kind="stable")]
    found = compared.families[["lon", "lat", "village_code"]].iloc[own]
    found = found.assign(x=xy[own, 0], y=xy[own, 1], label=labels[own])
    frame = _describe(found, villages, prefix)
    frame["compared_families"] = np.bincount(_near(xy, labels, rule.distance_m / 2)[0])
    if tests is not None:
        frame[tests.columns] = tests
    members = frame["cluster_id"].iloc[labels[own]].set_axis(found.index)
    cells = count_cells(found.assign(cluster_id=members), crs)
    outlines = draw_cells(cells, crs).reindex(frame["cluster_id"])
    return gpd.GeoDataFrame(frame, geometry=list(outlines), crs=WGS84), members


def count_cells(members: pd.DataFrame, crs: pyproj.CRS) -> pd.DataFrame:
    """Families of each cluster in each cell of the fixed 500 m grid.

    Parameters
    ----------
    members
        ``cluster_id``, ``lon``, ``lat`` (degrees) of the families of clusters of points.

    Returns
    -------
    DataFrame
        ``cluster_id``, ``east_m``, ``north_m`` (lower left corner of the cell in the
        metric `crs`), ``uncovered_families``.
    """
    corners = np.floor(metric(members, crs) / OUTLINE_M) * OUTLINE_M
    return (
        pd.DataFrame(
            {
                "cluster_id": members["cluster_id"].to_numpy(),
                "east_m": corners[:, 0],
                "north_m": corners[:, 1],
            }
        )
        .groupby(["cluster_id", "east_m", "north_m"], as_index=False)
        .size()
        .rename(columns={"size": "uncovered_families"})
    )


def draw_cells(cells: pd.DataFrame, crs: pyproj.CRS) -> gpd.GeoSeries:
    """Outline of each cluster's cells, EPSG:4326, by ``cluster_id``; see `count_cells`."""
    cells = cells.sort_values("cluster_id", kind="stable")
    numbers, names = cells["cluster_id"].factorize()
    squares = shapely.box(
        cells["east_m"], cells["north_m"],
        cells["east_m"] + OUTLINE_M, cells["north_m"] + OUTLINE_M,
    )  # fmt: skip
    of_cluster = shapely.geometrycollections(squares, indices=numbers)
    outlines = shapely.union_all(np.asarray(of_cluster)[:, None], axis=1)
    return gpd.GeoSeries(outlines, pd.Index(names, name="cluster_id"), crs=crs).to_crs(WGS84)


def _keep_excess(
    xy: Coordinates,
    is_uncovered: npt.NDArray[np.bool_],
    labels: Labels,
    parts: Labels,
    rule: Clusters,
) -> tuple[Labels, pd.DataFrame]:
    """Labels of the clusters with an excess, and EXCESS_COLUMNS of these."""
    own = labels >= 0
    near, families = _near(xy, labels, rule.distance_m / 2)
    expected = np.bincount(near, weights=parts[families])
    p = p_values(np.bincount(labels[own]), np.bincount(near), expected)
    around = np.ones(len(p))
    np.minimum.at(around, labels[own], excess_around(xy, is_uncovered, parts, rule)[own])
    q = np.maximum(q_values(p), around)
    kept = q <= rule.false_discovery_rate
    numbers = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    tests = pd.DataFrame(
        {"expected_families": expected / PARTS, "p_value": p, "q_value": q}, columns=EXCESS_COLUMNS
    )
    return numbers[labels], tests[kept].reset_index(drop=True)


def _describe(found: pd.DataFrame, villages: gpd.GeoDataFrame, prefix: str) -> pd.DataFrame:
    """Columns of schemas.SNAPSHOT_CLUSTERS by cluster; the compared families are not known yet.

    Parameters
    ----------
    found
        ``label``, ascending, ``x``, ``y`` (meters), ``village_code`` of the families.
    """
    by_label = found.groupby("label")
    villages_of = found.groupby(["label", "village_code"], sort=False, observed=True)
    counts = villages_of.size().rename("families").reset_index()
    counts = counts.iloc[np.lexsort([-counts["families"], counts["label"]])]
    first = np.flatnonzero(~counts["label"].duplicated())
    codes = [list(own) for own in np.split(counts["village_code"].to_numpy(), first[1:])]
    most = pd.Series([own[0] for own in codes])
    number = (most.groupby(most).cumcount() + 1).astype("str")
    apart = found[["x", "y"]] - by_label[["x", "y"]].transform("mean")
    radius = pd.Series(np.hypot(apart["x"], apart["y"])).groupby(found["label"]).max()
    return pd.DataFrame(
        {
            "cluster_id": prefix + POINTS + most + "-" + number,
            "kind": "points",
            "name": most.map(villages["village_name"]) + " " + number,
            "uncovered_families": by_label.size(),
            "located_families": by_label.size(),
            "village_codes": codes,
            "radius_m": radius.round().astype("int64"),
        },
        columns=SNAPSHOT_CLUSTERS.names,
    )


def _near(xy: Coordinates, labels: Labels, distance: float) -> tuple[Labels, Labels]:
    """Clusters, and the families within `distance` of any family of each, its own among them.

    A family is tried only against clusters that have families in its cell or one beside it. To
    find the nearest family of a given cluster, the clusters are stacked one above the other.
    """
    cells, cell_of = gather(xy, distance)
    east, north = cells[cell_of].T
    own = labels >= 0
    everyone = pd.DataFrame({"east": east, "north": north, "label": labels})
    held = everyone[own].drop_duplicates()
    beside = [
        held.assign(east=held["east"] + right, north=held["north"] + up)
        for right in (-1, 0, 1)
        for up in (-1, 0, 1)
    ]
    pairs = everyone.reset_index(names="family").merge(
        pd.concat(beside).drop_duplicates(), on=["east", "north"], suffixes=("", "_near")
    )
    pairs = pairs[pairs["label"] != pairs["label_near"]]
    tried = pairs["label_near"].to_numpy()
    stacked = KDTree(np.column_stack([xy[own], labels[own] * 2 * distance]))
    apart, _ = stacked.query(
        np.column_stack([xy[pairs["family"]], tried * 2 * distance]),
        distance_upper_bound=np.nextafter(distance, np.inf),
    )
    is_near = apart <= distance
    families = pairs["family"].to_numpy()[is_near]
    return (
        np.concatenate([labels[own], tried[is_near]]),
        np.concatenate([np.flatnonzero(own), families]),
    )


def _no_clusters() -> tuple[gpd.GeoDataFrame, pd.Series]:
    frame = pd.DataFrame(columns=SNAPSHOT_CLUSTERS.names)
    members = pd.Series(dtype="str", name="cluster_id")
    return gpd.GeoDataFrame(frame, geometry=[], crs=WGS84), members


def metric(families: pd.DataFrame, crs: pyproj.CRS) -> Coordinates:
    """Places of families (``lon``, ``lat``) in meters of `crs`, n x 2."""
    to_meters = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True)
    return np.column_stack(
        to_meters.transform(families["lon"].to_numpy(), families["lat"].to_numpy())
    )
