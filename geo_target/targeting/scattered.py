"""Uncovered families in no cluster, and what is known of the families of each cluster."""

from datetime import date

import pandas as pd

from geo_target.targeting.rw_clusters import place_of


def count_scattered(families: pd.DataFrame, members: pd.Series) -> pd.DataFrame:
    """Uncovered families of each village, in a cluster and in none.

    Parameters
    ----------
    families
        Extreme-poor families, indexed by ``family_id``: ``village_code``, ``rw``,
        ``neighborhood``, ``coverage_state``, ``has_point``.
    members
        See `clusters.find_clusters`.

    Returns
    -------
    DataFrame
        By ``village_code``, of villages with uncovered families: ``uncovered_families`` =
        ``clustered_families`` + ``scattered_families``, and these =
        ``scattered_located`` (with a point) + ``scattered_by_address`` (without, with a
        readable RW or lingkungan) + ``scattered_unreadable``.
    """
    uncovered = families[families["coverage_state"] == "uncovered"]
    clustered = uncovered.index.isin(members.index)
    located = uncovered["has_point"].astype("bool")
    readable = place_of(uncovered).notna()
    counts = pd.DataFrame(
        {
            "uncovered_families": 1,
            "clustered_families": clustered,
            "scattered_families": ~clustered,
            "scattered_located": ~clustered & located,
            "scattered_by_address": ~clustered & ~located & readable,
            "scattered_unreadable": ~clustered & ~located & ~readable,
        },
        index=uncovered.index,
    ).astype("int64")
    return counts.groupby(uncovered["village_code"]).sum()


def describe_members(families: pd.DataFrame, members: pd.Series, *, on: date) -> pd.DataFrame:
    """How old the evidence of a cluster's families is, and how many of them have a point.

    Parameters
    ----------
    families
        Indexed by ``family_id``: ``has_point``, ``evidence_on`` (day; see
        `evidence.find_evidence`), null where nothing is known.
    members
        See `clusters.find_clusters`.
    on
        The day of the run. What is of a later day counts as of that day.

    Returns
    -------
    DataFrame
        By ``cluster_id``: ``median_age_days`` (of the families with evidence; NaN without any),
        ``located_share``.
    """
    own = families.reindex(members.index)
    age = (pd.Timestamp(on) - pd.to_datetime(own["evidence_on"])).dt.days.clip(lower=0)
    of_cluster = pd.DataFrame(
        {"median_age_days": age.astype("float64"), "located_share": own["has_point"].astype(float)}
    ).groupby(members)
    return of_cluster.agg({"median_age_days": "median", "located_share": "mean"})
