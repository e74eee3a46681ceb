"""Clusters with another engine: POINTS OUT DISTANCE SMALLEST ENGINE.

Writes `label`, and `core` where the engine knows it (DBSCAN): a border home may be of either of two
clusters. DBSCAN on cells of 25 m is the reference that ours must agree with.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measured import measured

CELL_M = 25
Labels = tuple[Any, Any]


def dbscan(xy: Any, distance: float, smallest: int) -> Labels:
    """scikit-learn's, on the homes."""
    from sklearn.cluster import DBSCAN  # noqa: PLC0415

    found = DBSCAN(eps=distance, min_samples=smallest).fit(xy)
    return found.labels_, _marked(len(xy), found.core_sample_indices_)


def dbscan_cells(xy: Any, distance: float, smallest: int) -> Labels:
    """scikit-learn's, on cells of 25 m that weigh as many homes as they hold."""
    from sklearn.cluster import DBSCAN  # noqa: PLC0415

    cells, of, weights = np.unique(
        np.floor(xy / CELL_M), axis=0, return_inverse=True, return_counts=True
    )
    found = DBSCAN(eps=distance, min_samples=smallest).fit(cells * CELL_M, sample_weight=weights)
    core = _marked(len(cells), found.core_sample_indices_)
    return found.labels_[of.ravel()], core[of.ravel()]


def hdbscan(xy: Any, distance: float, smallest: int) -> Labels:
    """scikit-learn's HDBSCAN; clusters nearer than the distance are one."""
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415

    found = HDBSCAN(min_cluster_size=smallest, cluster_selection_epsilon=distance, copy=True)
    return found.fit(xy).labels_, np.zeros(len(xy), dtype=bool)


def fast_hdbscan(xy: Any, distance: float, smallest: int) -> Labels:
    """fast_hdbscan's, compiled before by a small call."""
    from fast_hdbscan import HDBSCAN  # noqa: PLC0415

    found = HDBSCAN(min_cluster_size=smallest, cluster_selection_epsilon=distance)
    return found.fit(xy).labels_, np.zeros(len(xy), dtype=bool)


ENGINES: dict[str, Callable[[Any, float, int], Labels]] = {
    "dbscan": dbscan, "dbscan_cells": dbscan_cells, "hdbscan": hdbscan,
    "fast_hdbscan": fast_hdbscan,
}  # fmt: skip


def _marked(length: int, places: Any) -> Any:
    core = np.zeros(length, dtype=bool)
    core[places] = True
    return core


def main(points: str, out: str, distance: float, smallest: int, engine: str) -> None:
    """Label the homes; the first small call imports and compiles."""
    xy = pd.read_parquet(points)[["x", "y"]].to_numpy()
    # fast_hdbscan computes in 32 bits, row after row.
    xy = np.ascontiguousarray(xy - xy.mean(axis=0) // CELL_M * CELL_M)
    ENGINES[engine](xy[:2000], distance, smallest)
    with measured() as found:
        label, core = ENGINES[engine](xy, distance, smallest)
    pd.DataFrame({"label": label.astype("int64"), "core": core}).to_parquet(out, index=False)
    print(json.dumps({**found, "clusters": int(label.max()) + 1}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
