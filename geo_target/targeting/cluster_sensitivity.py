"""How many clusters there would be, were they asked to be nearer, farther, larger or smaller."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.settings import Clusters
from geo_target.targeting.clusters import expect
from geo_target.targeting.point_clusters import find_point_clusters


def cluster_sensitivity(
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    rule: Clusters,
    crs: pyproj.CRS,
    *,
    distances_m: Sequence[float] = (100, 200, 300),
    smallest: Sequence[int] = (5, 8, 12),
) -> pd.DataFrame:
    """Clusters of points, and the families in them, for other distances and smallest counts.

    RW know no distance, and stay as they are. Each pair is a search of its own, against what
    `rule` expects; its own values are tried too.

    Returns
    -------
    DataFrame
        A row for each pair, the smallest first: ``distance_m``, ``smallest``, ``clusters``,
        ``uncovered_families`` (in them), ``is_rule`` (the pair of `rule`).
    """
    asked = expect(families, rule, crs)
    rows = []
    for distance in sorted({*distances_m, rule.distance_m}):
        for fewest in sorted({*smallest, rule.smallest}):
            tried = asked.rule.model_copy(update={"distance_m": distance, "smallest": fewest})
            points, members = find_point_clusters(
                asked.located, villages, tried, crs, parts=asked.parts
            )
            rows.append(
                {
                    "distance_m": distance,
                    "smallest": fewest,
                    "clusters": len(points),
                    "uncovered_families": len(members),
                    "is_rule": (distance, fewest) == (rule.distance_m, rule.smallest),
                }
            )
    return pd.DataFrame(rows)
