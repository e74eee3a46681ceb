"""Clusters of an RW (or lingkungan): uncovered families by the address they give."""

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_target.crs import WGS84
from geo_target.schemas import SNAPSHOT_CLUSTERS
from geo_target.settings import Clusters
from geo_target.targeting.excess import PARTS, p_values, q_values


def find_rw_clusters(
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    rule: Clusters,
    *,
    parts: pd.Series | None = None,
    prefix: str = "",
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Find RW (or lingkungan, where no RW is readable) with many uncovered families.

    Parameters
    ----------
    families
        Extreme-poor families of the villages without points, indexed by ``family_id``:
        ``village_code``, ``rw``, ``neighborhood``, ``coverage_state``, ``has_point``.
    parts
        `excess.expected_parts` of the compared families. If given, only RW with an excess stay,
        where every RW with as many compared families as a cluster needs is counted as tried.
    prefix
        What ids begin with.

    Returns
    -------
    clusters, members
        As `point_clusters.find_point_clusters` gives them; the geometry is null, never a shape.
    """
    compared = families[families["coverage_state"].isin(["covered", "uncovered"])]
    compared = compared.assign(
        place=place_of(compared), is_uncovered=compared["coverage_state"] == "uncovered"
    )
    readable = compared["place"].notna().groupby(compared["village_code"]).mean()
    compared = compared.dropna(subset=["place"])
    counts = count_rw(compared, rule, parts)
    share = counts["uncovered_families"] / counts["compared_families"]
    counts = counts[
        (counts["uncovered_families"] >= rule.smallest_rw)
        & (share >= rule.smallest_share)
        & (counts["q_value"] <= rule.false_discovery_rate)
    ].sort_values(["uncovered_families", "village_code", "place"], ascending=[False, True, True])
    slug = counts["place"].str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    counts["cluster_id"] = (
        prefix + "rw-" + counts["village_code"] + "-" + slug.str.removeprefix("rw-")
    )
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
            "expected_families": counts["expected_families"],
            "p_value": counts["p_value"],
            "q_value": counts["q_value"],
            "readable_share": counts["village_code"].map(readable),
        },
        columns=SNAPSHOT_CLUSTERS.names,
    ).reset_index(drop=True)
    clusters = gpd.GeoDataFrame(records, geometry=gpd.GeoSeries(index=records.index, crs=WGS84))
    return clusters, members.set_index("family_id")["cluster_id"]


def place_of(families: pd.DataFrame) -> pd.Series:
    """The RW of each family, or the lingkungan where no RW is readable; else null."""
    return ("RW " + families["rw"]).fillna(families["neighborhood"])


def count_rw(compared: pd.DataFrame, rule: Clusters, parts: pd.Series | None) -> pd.DataFrame:
    """Counts and tests of each RW; q is 0 where nothing is tested, 1 where too few are compared.

    Parameters
    ----------
    compared
        ``village_code``, ``place``, ``is_uncovered`` of compared families with a place.

    Returns
    -------
    DataFrame
        ``village_code``, ``place``, ``uncovered_families``, ``compared_families``,
        ``expected_families``, ``p_value``, ``q_value``.
    """
    likely = 0 if parts is None else parts.reindex(compared.index)
    counts = (
        compared.assign(parts=likely)
        .groupby(["village_code", "place"], as_index=False)
        .agg(
            uncovered_families=("is_uncovered", "sum"),
            compared_families=("is_uncovered", "size"),
            parts=("parts", "sum"),
        )
    )
    if parts is None or counts.empty:
        return counts.assign(expected_families=np.nan, p_value=np.nan, q_value=0.0)
    p = p_values(counts["uncovered_families"], counts["compared_families"], counts["parts"])
    tried = (counts["compared_families"] >= rule.smallest_rw).to_numpy()
    q = np.ones(len(p))
    q[tried] = q_values(p[tried])
    return counts.assign(expected_families=counts["parts"] / PARTS, p_value=p, q_value=q)
