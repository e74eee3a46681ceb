"""Clusters of an RW (or lingkungan): uncovered families by the address they give."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_target.crs import WGS84
from geo_target.schemas import SNAPSHOT_CLUSTERS
from geo_target.settings import Clusters


def find_rw_clusters(
    families: pd.DataFrame, villages: gpd.GeoDataFrame, rule: Clusters
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Find RW (or lingkungan, where no RW is readable) with many uncovered families.

    Parameters
    ----------
    families
        Extreme-poor families of the villages without points, indexed by ``family_id``:
        ``village_code``, ``rw``, ``neighborhood``, ``coverage_state``, ``has_point``.

    Returns
    -------
    clusters, members
        As `point_clusters.find_point_clusters` gives them; the geometry is null, never a shape.
    """
    compared = families[families["coverage_state"].isin(["covered", "uncovered"])]
    place = ("RW " + compared["rw"]).fillna(compared["neighborhood"])
    compared = compared.assign(
        place=place, is_uncovered=compared["coverage_state"] == "uncovered"
    ).dropna(subset=["place"])
    counts = compared.groupby(["village_code", "place"], as_index=False).agg(
        uncovered_families=("is_uncovered", "sum"), compared_families=("is_uncovered", "size")
    )
    share = counts["uncovered_families"] / counts["compared_families"]
    counts = counts[
        (counts["uncovered_families"] >= rule.smallest_rw) & (share >= rule.smallest_share)
    ].sort_values(["uncovered_families", "village_code", "place"], ascending=[False, True, True])
    slug = counts["place"].str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    counts["cluster_id"] = "rw-" + counts["village_code"] + "-" + slug.str.removeprefix("rw-")
    uncovered = compared[compared["is_uncovered"]].reset_index(names="family_id")
    members = uncovered.merge(counts[["village_code", "place", "cluster_id"]])
    located = members.groupby("cluster_id")["has_point"].sum()
    village = villages["village_name"].reindex(counts["village_code"]).to_numpy()
    records = pd.DataFrame(
        {
            "cluster_id": counts["cluster_id"],
            "kind": "rw",
            "name": counts["place"] + ", " + village,
            "uncovered_families": counts["uncovered_families"],
            "compared_families": counts["compared_families"],
            "located_families": counts["cluster_id"].map(located).fillna(0).astype("int64"),
            "village_codes": [[code] for code in counts["village_code"]],
            "radius_m": np.nan,
        },
        columns=SNAPSHOT_CLUSTERS.names,
    ).reset_index(drop=True)
    clusters = gpd.GeoDataFrame(records, geometry=gpd.GeoSeries(index=records.index, crs=WGS84))
    return clusters, members.set_index("family_id")["cluster_id"]
