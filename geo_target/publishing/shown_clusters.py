"""What an audience is shown around clusters: what is left, parts, the unmatched, other rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.publishing.audiences import COUNTS, TOTAL, Audience
from geo_target.publishing.cluster_remainders import villages_left_few
from geo_target.publishing.disclosure import publish_number
from geo_target.publishing.small_areas import (
    LOCATED,
    families_of_rw,
    is_in,
    publish_radius,
    told_by_compared,
)
from geo_target.targeting.point_clusters import draw_cells

_UNCOVERED, _UNMATCHED = "uncovered_families", "unmatched_families"
_LOCATED_UNCOVERED = "located_uncovered_families"
_SCATTERED = (
    "clustered_families", "scattered_families", "scattered_located", "scattered_unlocated",
)  # fmt: skip
#: All that is told of a cluster of unmatched families.
_UNMATCHED_COLUMNS = ["cluster_id", "kind", "name", _UNMATCHED, "village_codes", "radius_m"]
#: Families of another rule are told to so many.
_ABOUT = 10


def publish_scattered(shown: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Of each village the uncovered in shown clusters and in none, as far as counts tell it.

    Nothing here is new: a village of which a shown cluster has no count, or lies in another one
    too, has no row of counts. A cluster that is not shown is as if it were not there: a row
    that is withheld for its sake would tell of it, and so how few it leaves. That what is left
    is never few is seen to by the clusters.

    Parameters
    ----------
    shown
        The shown clusters.
    villages
        What is shown of the villages, by ``village_code``.

    Returns
    -------
    DataFrame
        ``village_code``, ``clusters`` (shown), ``clustered_families``, ``scattered_families``,
        ``scattered_located``, ``scattered_unlocated``, ``withheld``, of villages whose
        uncovered are shown, and some.
    """
    here: dict[str, list[Mapping[Any, Any]]] = {}
    for cluster in shown.to_dict("records"):
        for code in cluster["village_codes"]:
            here.setdefault(code, []).append(cluster)
    rows = []
    for code, village in villages[villages[_UNCOVERED].fillna(0) > 0].iterrows():
        own = here.get(str(code), [])
        clustered = _sum_of(own, _UNCOVERED)
        located = _sum_of(own, "located_families")
        of_all = village[_LOCATED_UNCOVERED]
        scattered = None if clustered is None else int(village[_UNCOVERED]) - clustered
        is_located = scattered is not None and located is not None and not pd.isna(of_all)
        with_point = int(of_all) - located if is_located and located is not None else None
        counts = (
            clustered,
            scattered,
            with_point,
            None if with_point is None or scattered is None else scattered - with_point,
        )
        told = dict(zip(_SCATTERED, counts, strict=True))
        rows.append(
            {
                "village_code": code,
                "clusters": len(own),
                **told,
                "withheld": [name for name, count in told.items() if count is None],
            }
        )
    types = dict.fromkeys(_SCATTERED, "Int64")
    return pd.DataFrame(rows, columns=["village_code", "clusters", *types, "withheld"]).astype(
        types
    )


def _sum_of(clusters: Sequence[Mapping[Any, Any]], column: str) -> int | None:
    """Sum over a village's clusters; None where one has no count, or is not in it alone."""
    total = 0
    for row in clusters:
        if len(row["village_codes"]) != 1 or pd.isna(row[column]):
            return None
        total += int(row[column])
    return total


def publish_parts(parts: pd.DataFrame, shown: pd.DataFrame, audience: Audience) -> pd.Series:
    """Parts of each shown cluster; None where its count is withheld or a part is small.

    None, too, where it lies in several villages: district lines part it, and often so do the
    rivers between villages, and how many are in which would follow.

    Parameters
    ----------
    parts
        See `cluster_details.ClusterDetails`.
    shown
        The shown clusters.
    """
    own = dict([*parts.groupby("cluster_id")])
    found: list[list[dict[str, Any]] | None] = []
    for row in shown[["cluster_id", _UNCOVERED, "village_codes"]].to_dict("records"):
        group = own.get(row["cluster_id"])
        is_closed = len(row["village_codes"]) != 1 or pd.isna(row[_UNCOVERED])
        if group is None or is_closed or (group[_UNCOVERED] < audience.smallest).any():
            found.append(None)
            continue
        found.append(
            [
                {
                    _UNCOVERED: int(part[_UNCOVERED]),
                    "radius_m": None if pd.isna(part["radius_m"]) else part["radius_m"],
                }
                for part in group.assign(radius_m=publish_radius(group["radius_m"])).to_dict(
                    "records"
                )
            ]
        )
    return pd.Series(found, shown.index, dtype=object)


def publish_unmatched(
    clusters: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    audience: Audience,
    crs: pyproj.CRS,
    *,
    villages: pd.DataFrame,
    rw: pd.DataFrame,
    shown: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """Show clusters of unmatched families, where neither these nor who is left are few.

    Only of villages of which every count is shown. Of all families of the place, and what
    follows from them, nothing is told.

    Parameters
    ----------
    clusters
        schemas.SNAPSHOT_UNMATCHED_CLUSTERS and geometry.
    cells, villages, rw
        See `small_areas.publish_clusters`; cells count ``uncovered_families``, here unmatched.
    shown
        The shown clusters of uncovered families: their compared tell covered and unmatched too.
    """
    known = villages.index[villages[[*COUNTS]].notna().all(axis=1)]
    located = villages.index[villages[LOCATED].notna().all(axis=1)]
    of_rw = clusters["kind"] == "rw"
    with_others = rw.assign(others=rw[TOTAL] - rw[_UNCOVERED])
    others = families_of_rw(clusters, with_others, villages, column="others") - clusters[_UNMATCHED]
    is_told = others.ge(0).fillna(value=False).where(of_rw, is_in(clusters, located))
    is_told &= ~others.between(1, audience.smallest - 1).fillna(value=False)
    is_told &= is_in(clusters, known) & (clusters[_UNMATCHED] >= audience.smallest)
    large = clusters[is_told.astype("bool")]
    # Of an RW who is neither uncovered nor unmatched is covered: these are told with it.
    own = large[["kind", "name", "village_codes"]].assign(
        covered=others.reindex(large.index), unmatched=large[_UNMATCHED].astype("Int64")
    )
    already = told_by_compared(shown, rw, villages)
    # Of an RW that is a cluster of both states nothing more is told.
    known_rw = already.dropna(subset="unmatched")["name"]
    own = own[~(own["kind"].eq("rw") & own["name"].isin(known_rw))]
    while codes := villages_left_few(
        pd.concat([already, own], ignore_index=True), villages, audience
    ):
        inside = own.loc[[not codes.isdisjoint(of) for of in own["village_codes"]]]
        if inside.empty:
            break
        order = inside.assign(first=inside["village_codes"].str[0]).sort_values("unmatched")
        smallest = order.drop_duplicates("first").index
        own, large = own.drop(smallest), large.drop(smallest)
    large = large.assign(radius_m=publish_radius(large["radius_m"]))
    drawn = draw_cells(cells[cells[_UNCOVERED] >= audience.smallest], crs)
    return large[_UNMATCHED_COLUMNS].set_geometry(
        gpd.GeoSeries(list(drawn.reindex(large["cluster_id"])), large.index, crs=clusters.crs)
    )


def publish_sensitivity(
    tried: pd.DataFrame, exact: pd.DataFrame, shown: pd.DataFrame, audience: Audience
) -> list[dict[str, Any]]:
    """How many clusters of points other rules would find, and about how many families in them.

    Nothing where a cluster of points is not shown with its count: the number of the rule's own
    beside those that are shown would tell of it, and other rules find the same families.

    Parameters
    ----------
    tried
        schemas.SNAPSHOT_SENSITIVITY.
    exact, shown
        Clusters, and what is shown of them.
    """
    points = [frame[frame["kind"] == "points"][_UNCOVERED] for frame in (exact, shown)]
    if len(points[0]) != int(points[1].notna().sum()):
        return []
    return [
        {
            "distance_m": float(row["distance_m"]),
            "smallest": int(row["smallest"]),
            "clusters": int(row["clusters"]),
            _UNCOVERED: _about(int(row[_UNCOVERED]), audience),
            "is_rule": bool(row["is_rule"]),
        }
        for row in tried.to_dict("records")
    ]


def _about(families: int, audience: Audience) -> int | None:
    told = publish_number(families, audience)
    return told and max(_ABOUT, _ABOUT * round(told / _ABOUT))
