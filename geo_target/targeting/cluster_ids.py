"""Ids of clusters that last from run to run, as long as most of their families stay."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

#: What ids of clusters of points begin with, behind a prefix.
POINTS = "titik-"


@dataclass(frozen=True)
class LastClusters:
    """What the run before had: ``cluster_id`` by ``family_id``, and the last number of each stem.

    A stem is an id without its number, such as ``titik-36.73.02.1007``.
    """

    members: pd.Series
    numbers: Mapping[str, int]


def keep_ids(
    clusters: gpd.GeoDataFrame,
    members: pd.Series,
    before: LastClusters,
    families: pd.DataFrame,
    villages: gpd.GeoDataFrame,
    *,
    state: str = "uncovered",
    prefix: str = "",
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Clusters of points under the ids that they had, see `stable_ids`; an RW is its own name.

    Parameters
    ----------
    clusters, members
        See `clusters.find_clusters`.
    families
        Extreme-poor families by ``family_id``: ``coverage_state``.
    villages
        Indexed by ``village_code``, with ``village_name``.
    state, prefix
        State of their families, and what their ids begin with: of others none is kept.
    """
    points = clusters.loc[clusters["kind"] == "points", "cluster_id"]
    # Nor is the id of an RW, where most of its families have a point by now.
    of_points = before.members.str.startswith(f"{prefix}{POINTS}").astype("bool")
    ids = stable_ids(
        members[members.isin(points)],
        before.members[of_points],
        uncovered=families.index[families["coverage_state"] == state],
        used=[
            f"{stem}-{number}"
            for stem, last in before.numbers.items()
            for number in range(1, last + 1)
        ],
    )
    return rename_clusters(clusters, members, ids, villages)


def last_numbers(clusters: gpd.GeoDataFrame, before: Mapping[str, int]) -> dict[str, int]:
    """The last number of each stem that this run or one before it gave."""
    found = dict(before)
    for name in clusters.loc[clusters["kind"] == "points", "cluster_id"]:
        stem, number = _parts(name)
        found[stem] = max(found.get(stem, 0), number)
    return dict(sorted(found.items()))


def stable_ids(
    members_now: pd.Series,
    members_before: pd.Series,
    *,
    uncovered: pd.Index,
    used: Iterable[str] = (),
) -> pd.Series:
    """The id of each cluster of now.

    A cluster has the id of the one before with which it shares more than half of its own families,
    and more than half of those of the other that are still uncovered, in a cluster or not. So
    no id is had twice: of two clusters before or now, only one can have more than half.

    Parameters
    ----------
    members_now, members_before
        ``cluster_id`` by ``family_id``, as `find_clusters` gives them and as the last run kept
        them. Of clusters of points: an id of an RW names its place, and stays as it is.
    uncovered
        ``family_id`` of the families that can be in a cluster now.
    used
        Ids of older runs, which no new cluster has again.

    Returns
    -------
    Series
        Id to have, by ``cluster_id`` of now, in the order of that. A new cluster keeps its own
        where nobody had it; else its number grows to the next free one.
    """
    still = members_before[members_before.index.isin(uncovered)]
    was = still.to_dict()
    shared = Counter((now, was[family]) for family, now in members_now.items() if family in was)
    sizes, sizes_before = Counter(members_now), Counter(still)
    kept = {
        now: before
        for (now, before), families in shared.items()
        if 2 * families > max(sizes[now], sizes_before[before])
    }
    taken = {*used, *members_before}
    last: dict[str, int] = {}
    for name in taken:
        stem, number = _parts(name)
        last[stem] = max(last.get(stem, 0), number)
    found: dict[str, str] = {}
    for name in _ordered(sizes):
        stem, number = _parts(name)
        if name in kept:
            found[name] = kept[name]
        elif name not in taken:
            found[name] = name
            last[stem] = max(last.get(stem, 0), number)
            taken.add(name)
    # Last, since a number that grows must pass those that others keep.
    for name in _ordered(set(sizes) - set(found)):
        stem, _ = _parts(name)
        last[stem] += 1
        found[name] = f"{stem}-{last[stem]}"
    return pd.Series(found, dtype="str").rename_axis("cluster_id").sort_index()


def rename_clusters(
    clusters: gpd.GeoDataFrame, members: pd.Series, ids: pd.Series, villages: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Clusters and members under the ids of `stable_ids`; those it does not name stay.

    A cluster of points is called by the village and number of its id, as it was before.

    Parameters
    ----------
    villages
        Indexed by ``village_code``, with ``village_name``.
    """
    village_names = villages["village_name"].to_dict()
    names = dict(zip(clusters["cluster_id"], clusters["name"], strict=True))
    for now, own in ids.to_dict().items():
        stem, number = _parts(own)
        code = stem.rpartition("-")[2]
        if own != now and code in village_names:
            names[now] = f"{village_names[code]} {number}"
    new = clusters.assign(
        cluster_id=_mapped(clusters["cluster_id"], ids.to_dict()),
        name=_mapped(clusters["cluster_id"], names),
    )
    return new, _mapped(members, ids.to_dict())


def _mapped(found: pd.Series, words: Mapping[Any, str]) -> pd.Series:
    """Words in place of those that are named, the others as they are; of none an empty one."""
    return pd.Series(
        [words.get(word, word) for word in found], found.index, dtype="str", name=found.name
    )


def _parts(name: str) -> tuple[str, int]:
    stem, _, number = name.rpartition("-")
    return (stem, int(number)) if number.isdecimal() and stem else (name, 0)


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (*_parts(name), name))
