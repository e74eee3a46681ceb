"""Clusters of points: uncovered families that stand near each other."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo_target.crs import WGS84
from geo_target.schemas import SNAPSHOT_CLUSTERS
from geo_target.settings import Clusters

#: People of one house or row are one place: the neighbors are then a tenth as many.
CELL_M = 25
#: The fixed grid of the outlines. Corners of a hull would be people's houses.
OUTLINE_M = 500

Coordinates = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def find_point_clusters(
    families: pd.DataFrame, villages: gpd.GeoDataFrame, rule: Clusters, crs: pyproj.CRS
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

    Returns
    -------
    clusters
        GeoDataFrame of schemas.SNAPSHOT_CLUSTERS and geometry, EPSG:4326: the cells of
        the fixed 500 m grid that hold its families, see `count_cells`.
    members
        ``cluster_id`` by ``family_id``, of the families in a cluster.
    """
    compared = families[families["coverage_state"].isin(["covered", "uncovered"])]
    if not (compared["coverage_state"] == "uncovered").any():
        return _no_clusters(), pd.Series(dtype="str", name="cluster_id")
    xy = _metric(compared, crs)
    labels = _labels(xy, (compared["coverage_state"] == "uncovered").to_numpy(), rule)
    found = compared.assign(x=xy[:, 0], y=xy[:, 1], label=labels)
    found = found[found["label"] >= 0]
    sizes = found.groupby("label").size().sort_values(ascending=False, kind="stable")
    everywhere = KDTree(xy)
    records, members = [], []
    numbers: dict[str, int] = {}
    for label in sizes.index:
        own = found[found["label"] == label]
        codes = [str(code) for code in own["village_code"].value_counts().index]
        numbers[codes[0]] = numbers.get(codes[0], 0) + 1
        near = everywhere.query_ball_point(own[["x", "y"]].to_numpy(), rule.distance_m / 2)
        records.append(
            {
                "cluster_id": f"titik-{codes[0]}-{numbers[codes[0]]}",
                "kind": "points",
                "name": f"{villages['village_name'][codes[0]]} {numbers[codes[0]]}",
                "uncovered_families": len(own),
                "compared_families": len(np.unique(np.concatenate(near))),
                "located_families": len(own),
                "village_codes": codes,
                "radius_m": _radius(own),
            }
        )
        members.append(pd.Series(records[-1]["cluster_id"], index=own.index))
    joined = pd.concat(members) if members else pd.Series(dtype="str")
    frame = pd.DataFrame(records, columns=SNAPSHOT_CLUSTERS.names)
    cells = count_cells(families.loc[joined.index].assign(cluster_id=joined), crs)
    outlines = draw_cells(cells, crs).reindex(frame["cluster_id"])
    clusters = gpd.GeoDataFrame(frame, geometry=list(outlines), crs=WGS84)
    return clusters, joined.rename("cluster_id")


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
    corners = np.floor(_metric(members, crs) / OUTLINE_M) * OUTLINE_M
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
    squares = gpd.GeoDataFrame(
        cells[["cluster_id"]],
        geometry=shapely.box(
            cells["east_m"], cells["north_m"],
            cells["east_m"] + OUTLINE_M, cells["north_m"] + OUTLINE_M,
        ),
        crs=crs,
    )  # fmt: skip
    return squares.dissolve("cluster_id").geometry.to_crs(WGS84)


def _radius(own: pd.DataFrame) -> int:
    """Meters from the middle of the families to the farthest one."""
    apart = own[["x", "y"]] - own[["x", "y"]].mean()
    return round(float(np.hypot(apart["x"], apart["y"]).max()))


def _no_clusters() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(columns=SNAPSHOT_CLUSTERS.names), geometry=[], crs=WGS84)


def _metric(families: pd.DataFrame, crs: pyproj.CRS) -> Coordinates:
    points = gpd.GeoSeries.from_xy(families["lon"], families["lat"], crs=WGS84).to_crs(crs)
    return shapely.get_coordinates(points.values)


def _labels(xy: Coordinates, is_uncovered: npt.NDArray[np.bool_], rule: Clusters) -> Labels:
    """Cluster number of each family; -1 for the covered and the scattered."""
    labels = np.full(len(xy), -1)
    own = xy[is_uncovered]
    if len(own) < rule.smallest:
        return labels
    near = KDTree(xy).query_ball_point(own, rule.distance_m, return_length=True)
    near_uncovered = KDTree(own).query_ball_point(own, rule.distance_m, return_length=True)
    kept = near_uncovered / near >= rule.smallest_share
    if not kept.any():
        return labels
    cells, cell_of, weights = np.unique(
        np.floor(own[kept] / CELL_M), axis=0, return_inverse=True, return_counts=True
    )
    found = join_cells(cells * CELL_M, weights, rule)[cell_of.ravel()]
    counts = np.bincount(found[found >= 0], minlength=1)
    # A border cell can go to a neighbor cluster and leave fewer than the rule asks for.
    labels[np.flatnonzero(is_uncovered)[kept]] = np.where(
        (found >= 0) & (counts[found] >= rule.smallest), found, -1
    )
    return labels


def join_cells(cells: Coordinates, weights: npt.NDArray[np.int64], rule: Clusters) -> Labels:
    """DBSCAN of weighted places: cluster number of each, -1 for the scattered.

    A cell is a core where the families within `rule.distance_m`, its own among them, are at
    least `rule.smallest`; cores that near are one cluster; a cell that is no core goes to
    the nearest core within that distance. Ester et al., KDD 1996: the same cores and
    clusters as scikit-learn's, which leaves border cells to the order of its input.

    Parameters
    ----------
    cells
        n x 2, meters.
    weights
        Families of each cell.
    """
    labels = np.full(len(cells), -1)
    tree = KDTree(cells)
    within = tree.sparse_distance_matrix(tree, rule.distance_m, output_type="coo_matrix")
    first, second = within.row, within.col
    families = np.bincount(first, weights=weights[second], minlength=len(cells))
    core = families >= rule.smallest
    if not core.any():
        return labels
    linked = core[first] & core[second]
    edges = coo_array(
        (np.ones(linked.sum(), dtype=bool), (first[linked], second[linked])),
        shape=(len(cells), len(cells)),
    )
    _, component = connected_components(edges, directed=False)
    labels[core] = np.unique(component[core], return_inverse=True)[1]
    distance, nearest = KDTree(cells[core]).query(cells)
    reached = ~core & (distance <= rule.distance_m)
    labels[reached] = labels[core][nearest[reached]]
    return labels
