"""What an audience is shown around clusters: what is left, parts, the unmatched, other rules."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.publishing.audiences import COUNTS, TOTAL, Audience
from geo_target.publishing.cluster_remainders import telling_clusters
from geo_target.publishing.disclosure import publish_number
from geo_target.publishing.small_areas import LOCATED, families_of_rw, is_in
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


def publish_scattered(
    exact: pd.DataFrame, shown: pd.DataFrame, villages: pd.DataFrame
) -> pd.DataFrame:
    """Of each village the uncovered in clusters and in none, as far as shown counts tell it.

    Nothing here is new: a village of which a cluster is not shown whole, or lies in another one
    too, has no row of counts. That what is left is never few is seen to by the clusters.

    Parameters
    ----------
    exact, shown
        Clusters, and what is shown of them.
    villages
        What is shown of the villages, by ``village_code``.

    Returns
    -------
    DataFrame
        ``village_code``, ``clusters`` (shown), ``clustered_families``, ``scattered_families``,
        ``scattered_located``, ``scattered_unlocated``, ``withheld``, of villages whose
        uncovered are shown, and some.
    """
    seen = {row["cluster_id"]: row for row in shown.to_dict("records")}
    here: dict[str, list[str]] = {}
    for name, codes in zip(exact["cluster_id"], exact["village_codes"], strict=True):
        for code in codes:
            here.setdefault(code, []).append(name)
    rows = []
    for code, village in villages[villages[_UNCOVERED].fillna(0) > 0].iterrows():
        own = [seen.get(name) for name in here.get(str(code), [])]
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
                "clusters": sum(row is not None for row in own),
                **told,
                "withheld": [name for name, count in told.items() if count is None],
            }
        )
    types = dict.fromkeys(_SCATTERED, "Int64")
    return pd.DataFrame(rows, columns=["village_code", "clusters", *types, "withheld"]).astype(
        types
    )


def _sum_of(clusters: Sequence[Mapping[Any, Any] | None], column: str) -> int | None:
    """Sum over a village's clusters; None where one is not shown whole, or not in it alone."""
    total = 0
    for row in clusters:
        if row is None or len(row["village_codes"]) != 1 or pd.isna(row[column]):
            return None
        total += int(row[column])
    return total


def publish_parts(parts: pd.DataFrame, shown: pd.DataFrame, audience: Audience) -> pd.Series:
    """Parts of each shown cluster; None where its count is withheld or a part is small.

    Parameters
    ----------
    parts
        See `cluster_details.ClusterDetails`.
    shown
        The shown clusters.
    """
    own = dict([*parts.groupby("cluster_id")])
    found: list[list[dict[str, Any]] | None] = []
    for name, count in zip(shown["cluster_id"], shown[_UNCOVERED], strict=True):
        group = own.get(name)
        if group is None or pd.isna(count) or (group[_UNCOVERED] < audience.smallest).any():
            found.append(None)
            continue
        found.append(
            [
                {
                    _UNCOVERED: int(row[_UNCOVERED]),
                    # Nobody asks for meters, and the farthest family is one.
                    "radius_m": None if pd.isna(row["radius_m"]) else round(row["radius_m"], -1),
                }
                for row in group.to_dict("records")
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
    beside = villages[LOCATED[0]] - villages[LOCATED[1]]  # located, and covered or unmatched
    wholes = villages.assign(beside=beside.fillna(0))
    large = large.assign(covered=others.reindex(large.index))
    # Of an RW who is neither uncovered nor unmatched is covered: these are told with it.
    for kind, count, names in (
        ("points", _UNMATCHED, [_UNMATCHED, "beside"]), ("rw", _UNMATCHED, [_UNMATCHED]),
        ("rw", "covered", ["covered_families"]),
    ):  # fmt: skip
        telling = telling_clusters(
            large[large["kind"] == kind], pd.Series(dtype="int64"), wholes, audience,
            count=count, wholes=names,
        )  # fmt: skip
        large = large[~large["cluster_id"].isin([*telling[0].index, *telling[1]])]
    drawn = draw_cells(cells[cells[_UNCOVERED] >= audience.smallest], crs)
    return large[_UNMATCHED_COLUMNS].set_geometry(
        gpd.GeoSeries(list(drawn.reindex(large["cluster_id"])), large.index, crs=clusters.crs)
    )


def publish_sensitivity(
    tried: pd.DataFrame, exact: pd.DataFrame, shown: pd.DataFrame, audience: Audience
) -> list[dict[str, Any]]:
    """How many clusters of points other rules would find, and about how many families in them.

    The families only where every cluster of points is shown with its count: else their sum
    tells of those that are not.

    Parameters
    ----------
    tried
        schemas.SNAPSHOT_SENSITIVITY.
    exact, shown
        Clusters, and what is shown of them.
    """
    points = [frame[frame["kind"] == "points"][_UNCOVERED] for frame in (exact, shown)]
    is_told = len(points[0]) == int(points[1].notna().sum())
    return [
        {
            "distance_m": float(row["distance_m"]),
            "smallest": int(row["smallest"]),
            "clusters": int(row["clusters"]),
            _UNCOVERED: _about(int(row[_UNCOVERED]), audience) if is_told else None,
            "is_rule": bool(row["is_rule"]),
        }
        for row in tried.to_dict("records")
    ]


def _about(families: int, audience: Audience) -> int | None:
    told = publish_number(families, audience)
    return told and max(_ABOUT, _ABOUT * round(told / _ABOUT))
