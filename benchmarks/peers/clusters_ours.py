"""Clusters with geo_target: POINTS OUT DISTANCE SMALLEST.

Writes `label` as the map shows it, and `joined`, the label of the home's 25 m cell before clusters
that are too small are left out.
"""

import json
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from benchmarks.measured import measured
from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.joined_cells import CELL_M, join_cells
from geo_target.targeting.near_cells import gather
from geo_target.targeting.point_clusters import find_point_clusters


def main(points: str, out: str, distance: float, smallest: int) -> None:
    """Find the clusters as a run does, from degrees to outlines; then label cells alone."""
    homes = pd.read_parquet(points)
    crs = pyproj.CRS.from_epsg(int(homes["epsg"].iloc[0]))
    lon, lat = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform(
        homes["x"].to_numpy(), homes["y"].to_numpy()
    )
    rule = Clusters(distance_m=distance, smallest=smallest, smallest_share=0)
    families = pd.DataFrame(
        {"lon": lon, "lat": lat, "village_code": "v", "coverage_state": "uncovered"},
        index=pd.Index([f"F{number}" for number in range(len(homes))], name="family_id"),
    )
    villages = gpd.GeoDataFrame(
        {"village_name": ["V"]}, index=["v"], geometry=gpd.points_from_xy([0], [0]), crs=WGS84
    )
    with measured() as found:
        clusters, members = find_point_clusters(families, villages, rule, crs)
    with measured() as cells_alone:
        xy = homes[["x", "y"]].to_numpy()
        cells, cell_of = gather(xy, CELL_M)
        joined = join_cells(cells, np.bincount(cell_of), rule)[cell_of]
    half = families.assign(
        coverage_state=np.where(np.arange(len(homes)) % 2, "uncovered", "covered")
    )
    usual = Clusters(distance_m=distance, smallest=smallest)
    with measured() as ruled:
        of_rule, _ = find_point_clusters(half, villages, usual, crs)
    numbers = pd.Series(range(len(clusters)), index=clusters["cluster_id"])
    label = members.map(numbers).reindex(families.index).fillna(-1).astype("int64")
    pd.DataFrame({"label": label.to_numpy(), "joined": joined}).to_parquet(out, index=False)
    alone = {f"{name}_of_cells": cells_alone[name] for name in ("seconds", "cpu")}
    alone |= {f"{name}_of_rule": ruled[name] for name in ("seconds", "cpu")}
    alone["clusters_of_rule"] = len(of_rule)
    print(json.dumps({**found, **alone, "clusters": len(clusters)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))
