"""How many clusters there would be, were they asked to be nearer, farther, larger or smaller."""

from collections.abc import Sequence

import pandas as pd
import pyproj

from geo_target.settings import Clusters
from geo_target.targeting.clusters import Expectation
from geo_target.targeting.point_clusters import compared_families, label_clusters


def cluster_sensitivity(
    asked: Expectation,
    rule: Clusters,
    crs: pyproj.CRS,
    *,
    distances_m: Sequence[float] = (100, 200, 300),
    smallest: Sequence[int] = (5, 8, 12),
) -> pd.DataFrame:
    """Clusters of points, and the families in them, for other distances and smallest counts.

    RW know no distance, and stay as they are. Each pair is a search of its own, against what
    `rule` expects; its own values are tried too.

    Parameters
    ----------
    asked
        See `clusters.expect`.
    rule
        The one that holds; `asked` has been made of it.

    Returns
    -------
    DataFrame
        A row for each pair, the smallest first: ``distance_m``, ``smallest``, ``clusters``,
        ``uncovered_families`` (in them), ``is_rule`` (the pair of `rule`).
    """
    compared = compared_families(asked.located, crs, asked.parts)
    rows = []
    for distance in sorted({*distances_m, rule.distance_m}):
        for fewest in sorted({*smallest, rule.smallest}):
            tried = asked.rule.model_copy(update={"distance_m": distance, "smallest": fewest})
            labels, _ = label_clusters(compared, tried)
            rows.append(
                {
                    "distance_m": distance,
                    "smallest": fewest,
                    "clusters": int(labels.max(initial=-1)) + 1,
                    "uncovered_families": int((labels >= 0).sum()),
                    "is_rule": (distance, fewest) == (rule.distance_m, rule.smallest),
                }
            )
    return pd.DataFrame(rows)
