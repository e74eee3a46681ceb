"""What an audience is shown below the village: RW, and clusters of uncovered families.

Only of villages whose extreme poor and uncovered are shown, clusters of points only where
the located are too: a part of a withheld count is a bound of it. A row of RW is shown whole or
not at all, and what the shown rows leave of a village is never few.
"""

from collections.abc import Collection, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.cluster_remainders import (
    telling_clusters,
    telling_located,
    villages_left_few,
)
from geo_target.publishing.disclosure import is_small, names_of
from geo_target.publishing.interval_attack import Key, Sum
from geo_target.publishing.rw_memory import is_among
from geo_target.targeting.excess import EXCESS_COLUMNS
from geo_target.targeting.point_clusters import draw_cells

_UNCOVERED = "uncovered_families"
_BOTH = [TOTAL, _UNCOVERED]
LOCATED = ["located_families", "located_uncovered_families"]
_MONTH = 30
_DIGITS = {"expected_families": 1, "p_value": 6, "q_value": 6}


def publish_rw(
    families: pd.DataFrame,
    audience: Audience,
    villages: pd.DataFrame,
    *,
    left_out: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Extreme-poor families by RW (or lingkungan): only rows that hold no small count.

    Parameters
    ----------
    families
        Extreme-poor families with a village: ``village_code``, ``rw``, ``neighborhood``,
        ``coverage_state``.
    villages
        What is shown of the villages, by ``village_code``.
    left_out
        See `rw_memory.left_out_before`.

    Returns
    -------
    DataFrame
        ``village_code``, ``rw``, ``neighborhood`` (where no RW is known),
        ``extreme_poor_families``, ``uncovered_families``, ``withheld`` (always empty): at
        least the smallest count of families, and neither few uncovered nor few others.
    """
    large = large_rw(families, audience)
    rows = large[large["village_code"].isin(_open(villages))].reset_index(drop=True)
    if left_out is not None:
        rows = rows[~is_among(rows, left_out)]
    while (guilty := _leaves_few(rows, villages, audience)).any():
        rows = rows[~guilty]
    # No count of a row is withheld: which one it is would tell that it is small.
    nothing = pd.DataFrame(data=False, index=rows.index, columns=_BOTH)
    return rows.assign(withheld=names_of(nothing)).reset_index(drop=True)


def large_rw(families: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """RW, or lingkungan where none is known, that hold no small count; with what they hold."""
    placed = families.assign(
        neighborhood=families["neighborhood"].where(families["rw"].isna()),
        is_uncovered=families["coverage_state"] == "uncovered",
    ).dropna(subset=["rw", "neighborhood"], how="all")
    counts = placed.groupby(
        ["village_code", "rw", "neighborhood"], dropna=False, as_index=False
    ).agg(
        extreme_poor_families=("is_uncovered", "size"), uncovered_families=("is_uncovered", "sum")
    )
    large: pd.DataFrame = counts[counts[TOTAL] >= audience.smallest].reset_index(drop=True)
    return large[~_tells_few(large, audience)]


def publish_clusters(
    clusters: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    audience: Audience,
    crs: pyproj.CRS,
    *,
    villages: pd.DataFrame,
    rw: pd.DataFrame,
    is_share_told: bool = True,
) -> gpd.GeoDataFrame:
    """Show clusters of at least the smallest count; outlines of cells that hold as many.

    Parameters
    ----------
    clusters
        Columns of schemas.SNAPSHOT_CLUSTERS and geometry.
    cells
        See `targeting.point_clusters.count_cells`; in the metric `crs`.
    villages, rw
        What is shown of the villages, and of their RW: a cluster of an RW that is not shown
        is not shown either.
    is_share_told
        Whether the covered and the uncovered of the area are shown: what was expected of a
        cluster is their share, and would tell the one of them that is withheld.

    Returns
    -------
    GeoDataFrame
        The shown clusters, most uncovered first; one whose cells all hold few has no geometry.
        ``uncovered_at_least`` stands for a count that would tell how few are in no cluster.
    """
    whole = families_of_rw(clusters, rw, villages)
    is_told = whole.notna().where(clusters["kind"] == "rw", is_in(clusters, _located(villages)))
    is_told &= is_in(clusters, _open(villages))
    large = clusters[(clusters[_UNCOVERED] >= audience.smallest) & is_told]
    cells = cells[cells[_UNCOVERED] >= audience.smallest]
    counted_out, left_out = telling_clusters(
        large[large["kind"] == "points"], cells["cluster_id"].value_counts(), villages, audience
    )
    large = large[~large["cluster_id"].isin(left_out)]
    whole = whole.loc[large.index]
    drawn = draw_cells(cells, crs)
    counts = large[["compared_families", "located_families", _UNCOVERED]].astype("Int64")
    hidden = is_small(counts, audience)
    hidden["located_families"] |= ~is_in(large, _located(villages))
    hidden["located_families"] |= _tells_located(large, villages, audience)
    follow = _follow(large.assign(**counts), whole)
    few = follow["covered"].between(1, audience.smallest - 1)
    few |= follow["unmatched"].between(1, audience.smallest - 1)
    hidden["compared_families"] |= few.fillna(value=False).astype(bool)
    hidden[_UNCOVERED] = large["cluster_id"].isin(counted_out.index)
    hidden["compared_families"] |= hidden[_UNCOVERED]
    hidden["located_families"] |= hidden[_UNCOVERED]
    hidden["compared_families"] |= _of_few(large, villages, hidden["compared_families"])
    while codes := villages_left_few(follow[~hidden["compared_families"]], villages, audience):
        hidden["compared_families"] |= _touches(large, codes)
    # What was expected of the compared, and how rare the found are of it, tells how many they are;
    # of the share of readable addresses more digits would tell a few families.
    tests = large[EXCESS_COLUMNS].astype("Float64").round(_DIGITS)
    tests["readable_share"] = (20 * tests["readable_share"]).round() / 20
    for name in EXCESS_COLUMNS:
        hidden[name] = hidden["compared_families"] | (not is_share_told)
    more = pd.DataFrame(
        {
            "located_share": counts["located_families"] / counts[_UNCOVERED],
            # In months: the median of an odd number of families is the day of one of them.
            "median_age_days": (large["median_age_days"].astype("Float64") / _MONTH).round()
            * _MONTH,
        }
    )
    hidden["located_share"] = hidden["located_families"]
    hidden["median_age_days"] = False
    outlines = list(drawn.reindex(large["cluster_id"]))
    shown = counts.join([tests, more]).mask(hidden)
    least = large["cluster_id"].map(counted_out).astype("Int64")
    told = large.assign(
        **shown, uncovered_at_least=least, withheld=names_of(hidden),
        radius_m=publish_radius(large["radius_m"]),
    )  # fmt: skip
    # By the exact counts their order would tell what is withheld.
    by = pd.DataFrame({"told": shown[_UNCOVERED].fillna(least), "id": large["cluster_id"]})
    order = by.sort_values(["told", "id"], ascending=[False, True]).index
    return told.set_geometry(gpd.GeoSeries(outlines, large.index, crs=large.crs)).loc[order]


def told_by_compared(shown: pd.DataFrame, rw: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """Covered and unmatched that follow of shown clusters, see `villages_left_few`."""
    return _follow(shown, families_of_rw(shown, rw, villages))


def _follow(clusters: pd.DataFrame, whole: pd.Series) -> pd.DataFrame:
    """The compared less the uncovered are the covered, the RW less the compared the unmatched."""
    compared = clusters["compared_families"].astype("Int64")
    return clusters[["kind", "name", "village_codes"]].assign(
        covered=compared - clusters[_UNCOVERED].astype("Int64"), unmatched=whole - compared
    )


def publish_radius(radius_m: pd.Series) -> pd.Series:
    """Nobody asks for meters, and the farthest family is one."""
    return radius_m.astype("Float64").round(-1)


def told_of_rw(
    rows: pd.DataFrame, villages: pd.DataFrame, *, release: int = 0
) -> tuple[pd.Series, list[Sum]]:
    """The shown RW as keys and sums beside those of `interval_attack.cells_and_sums`.

    Returns
    -------
    Series
        Float counts, NaN where withheld: of each row its families, the uncovered and the
        others; of each village the others.
    list of Sum
        Rows of a village add up to no more than the village.
    """
    shown: dict[Key, float] = {}
    sums: list[Sum] = []
    found = rows[_BOTH].to_numpy(dtype=float, na_value=np.nan)
    numbers, places = pd.factorize(rows["village_code"])
    wholes = villages.loc[places, _BOTH].to_numpy(dtype=float, na_value=np.nan)
    for own, village in enumerate(places):
        counts, whole = found[numbers == own], wholes[own]
        keys = [
            [
                (release, "rw", village, f"{number}.{name}")
                for name in ("all", "uncovered", "others")
            ]
            for number in range(len(counts))
        ]
        others = (release, "rw", village, "others")
        shown[others] = whole[0] - whole[1]
        for row, (total, uncovered) in zip(keys, counts, strict=True):
            shown.update(zip(row, (total, uncovered, total - uncovered), strict=True))
            sums.append(Sum(row[0], row[1:]))
        of_village = [(release, "village", village, name) for name in _BOTH]
        sums.append(Sum(of_village[0], [of_village[1], others]))
        for place, key in enumerate((*of_village, others)):
            sums.append(Sum(key, [row[place] for row in keys], exact=False))
    index = pd.MultiIndex.from_tuples(list(shown), names=["release", "level", "place", "column"])
    return pd.Series(list(shown.values()), index, dtype=float), sums


def _open(villages: pd.DataFrame) -> pd.Index:
    return villages.index[villages[_BOTH].notna().all(axis=1)]


def _located(villages: pd.DataFrame) -> pd.Index:
    """Villages of which a cluster of points bounds nothing that is withheld."""
    return villages.index[villages[LOCATED].notna().all(axis=1)]


def is_in(clusters: pd.DataFrame, villages: pd.Index) -> pd.Series:
    """Clusters that lie in `villages` alone."""
    own = set(villages)
    inside = [own.issuperset(codes) for codes in clusters["village_codes"]]
    return pd.Series(inside, clusters.index, dtype=bool)


def _tells_few(rows: pd.DataFrame, audience: Audience) -> pd.Series:
    """Rows with few uncovered, or few that are not."""
    counts = rows.assign(others=rows[TOTAL] - rows[_UNCOVERED])[[_UNCOVERED, "others"]]
    return is_small(counts, audience).any(axis=1)


def _leaves_few(rows: pd.DataFrame, villages: pd.DataFrame, audience: Audience) -> pd.Series:
    """The smallest row of each village of which the shown rows would leave few families."""
    shown = rows.groupby("village_code")[_BOTH].sum()
    left = villages.loc[shown.index, _BOTH].astype("int64") - shown
    left = left.assign(others=left[TOTAL] - left[_UNCOVERED])
    few = is_small(left, audience).any(axis=1)
    order = rows[rows["village_code"].isin(few.index[few])].sort_values(TOTAL, kind="stable")
    smallest = order.drop_duplicates("village_code").index
    return pd.Series(rows.index.isin(smallest), rows.index)


def families_of_rw(
    clusters: pd.DataFrame, rw: pd.DataFrame, villages: pd.DataFrame, *, column: str = TOTAL
) -> pd.Series:
    """Shown families of each cluster's RW, <NA> where no row is shown; or another of its counts."""
    place = ("RW " + rw["rw"]).fillna(rw["neighborhood"])
    names = place + ", " + rw["village_code"].map(villages["village_name"])
    keys: Sequence[tuple[str, str]] = list(zip(rw["village_code"], names, strict=True))
    families = dict(zip(keys, rw[column], strict=True))
    found = [
        families.get((codes[0], name)) if kind == "rw" else None
        for codes, name, kind in zip(
            clusters["village_codes"], clusters["name"], clusters["kind"], strict=True
        )
    ]
    return pd.Series(found, clusters.index, dtype="Int64")


def _tells_located(large: pd.DataFrame, villages: pd.DataFrame, audience: Audience) -> pd.Series:
    """Clusters of RW whose located families would tell few."""
    told = large[(large["kind"] == "rw") & is_in(large, _located(villages))]
    return telling_located(told, villages, audience).reindex(large.index, fill_value=False)


def _of_few(large: pd.DataFrame, villages: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Clusters of villages whose covered are withheld, or where another one's compared are."""
    closed = set(villages.index[villages["covered_families"].isna()])
    for codes in large["village_codes"][hidden]:
        closed.update(codes)
    return _touches(large, closed)


def _touches(clusters: pd.DataFrame, codes: Collection[str]) -> pd.Series:
    """Clusters that lie in one of these villages."""
    apart = [set(own).isdisjoint(codes) for own in clusters["village_codes"]]
    return ~pd.Series(apart, clusters.index, dtype=bool)
