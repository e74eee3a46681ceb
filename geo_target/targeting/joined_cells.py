"""Uncovered families that stand near each other, joined by cells of 25 m."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from geo_target.settings import Clusters
from geo_target.targeting.excess import Reals, p_values, q_values
from geo_target.targeting.near_cells import NearCells, Reach, gather

#: People of one house or row are one place: the neighbors are then a tenth as many.
CELL_M = 25

Coordinates = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


def label_families(xy: Coordinates, is_uncovered: npt.NDArray[np.bool_], rule: Clusters) -> Labels:
    """Cluster number of each family, 0 the largest; -1 for the covered and the scattered.

    Parameters
    ----------
    xy
        n x 2, meters: the compared families, covered and uncovered.
    is_uncovered
        n.
    """
    labels = np.full(len(xy), -1)
    kept = _keep_uncovered(xy, is_uncovered, rule)
    if not kept.size:
        return labels
    cells, cell_of = gather(xy[kept], CELL_M)
    found = join_cells(cells, np.bincount(cell_of), rule)[cell_of]
    counts = np.bincount(found[found >= 0])
    # A border cell can go to a neighbor cluster and leave fewer than the rule asks for.
    largest = np.argsort(-counts, kind="stable")[: (counts >= rule.smallest).sum()]
    numbers = np.full(len(counts) + 1, -1)
    numbers[largest] = np.arange(len(largest))
    labels[kept] = numbers[found]
    return labels


def excess_around(
    xy: Coordinates, is_uncovered: npt.NDArray[np.bool_], parts: Labels, rule: Clusters
) -> Reals:
    """False discovery rate at which the place around each family has an excess of uncovered.

    Places are those around every cell of 25 m that compared families live in: the cells within
    `rule.distance_m` of it. Whoever is uncovered, they are the same, so all of them that hold
    as many families as a cluster needs are counted as tried.

    Parameters
    ----------
    xy, is_uncovered
        As for `label_families`.
    parts
        n, see `excess.expected_parts`.
    """
    cells, cell_of = gather(xy, CELL_M)
    of_cell = [np.bincount(cell_of, weights=one) for one in (is_uncovered, np.ones(len(xy)), parts)]
    sums = NearCells(cells, rule.distance_m / CELL_M).sums(np.column_stack(of_cell).astype("int64"))
    tried = sums[:, 1] >= rule.smallest
    q = np.ones(len(cells))
    q[tried] = q_values(p_values(*sums[tried].T))
    return q[cell_of]


def _keep_uncovered(xy: Coordinates, is_uncovered: npt.NDArray[np.bool_], rule: Clusters) -> Labels:
    """Rows of the uncovered families among whose neighbors enough are uncovered.

    Cells that lie wholly within the distance, and those that it touches, bound the counts;
    neighbors are counted one by one only where the bounds leave it open.
    """
    cells, cell_of = gather(xy, CELL_M)
    near = NearCells(cells, rule.distance_m / CELL_M)
    both = (is_uncovered, ~is_uncovered)
    counts = np.column_stack([np.bincount(cell_of[those], minlength=len(cells)) for those in both])
    least, most = (near.sums(counts, reach).T for reach in (Reach.WHOLE, Reach.TOUCHED))
    for bound in (least, most):
        bound[0] = np.maximum(bound[0], 1)  # one is itself always near
    is_kept = least[0] / (least[0] + most[1]) >= rule.smallest_share
    is_open = most[0] / (most[0] + least[1]) >= rule.smallest_share
    # By cell, so that neighbors lie near each other in memory too: three times as fast.
    order = np.argsort(cell_of, kind="stable")
    own = order[is_uncovered[order]]
    tried = own[(is_open & ~is_kept)[cell_of[own]]]
    near_uncovered, near_covered = (
        KDTree(xy[those]).query_ball_point(xy[tried], rule.distance_m, return_length=True)
        for those in (order[is_one[order]] for is_one in both)
    )
    kept = tried[near_uncovered / (near_uncovered + near_covered) >= rule.smallest_share]
    return np.sort(np.concatenate([own[is_kept[cell_of[own]]], kept]))


def join_cells(cells: Labels, weights: Labels, rule: Clusters) -> Labels:
    """DBSCAN of weighted places: cluster number of each, -1 for the scattered.

    A cell is a core where the families within `rule.distance_m`, its own among them, are at
    least `rule.smallest`; cores so near each other are one cluster; a cell that is no core goes to
    the nearest core within that distance. Ester et al., KDD 1996: the same cores and
    clusters as scikit-learn's, which leaves border cells to the order of its input.

    Parameters
    ----------
    cells
        n x 2 whole numbers of cells of 25 m, as `gather` gives them.
    weights
        Families of each cell.
    """
    labels = np.full(len(cells), -1)
    near = NearCells(cells, rule.distance_m / CELL_M)
    core = near.sums(weights) >= rule.smallest
    if not core.any():
        return labels
    labels[core] = near.components(core)
    distance, nearest = KDTree(cells[core] * CELL_M).query(cells[~core] * CELL_M)
    labels[~core] = np.where(distance <= rule.distance_m, labels[core][nearest], -1)
    return labels
