"""What an audience is shown below the village: RW, and clusters of uncovered families.

Only of villages whose extreme poor and uncovered are shown: a part of a withheld count is a
bound of it. What the shown rows leave of a village is never few, and no withheld count of a
row can be worked out from the others (the attack of `interval_attack` is asked).
"""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.disclosure import is_small, names_of
from geo_target.publishing.interval_attack import Key, Sum, interval_attack
from geo_target.targeting.point_clusters import draw_cells

_UNCOVERED = "uncovered_families"
_BOTH = [TOTAL, _UNCOVERED]


def publish_rw(families: pd.DataFrame, audience: Audience, villages: pd.DataFrame) -> pd.DataFrame:
    """Extreme-poor families by RW (or lingkungan): only rows of at least the smallest count.

    Parameters
    ----------
    families
        Extreme-poor families with a village: ``village_code``, ``rw``, ``neighborhood``,
        ``coverage_state``.
    villages
        What is shown of the villages, by ``village_code``.

    Returns
    -------
    DataFrame
        ``village_code``, ``rw``, ``neighborhood`` (where no RW is known),
        ``extreme_poor_families``, ``uncovered_families``, ``withheld``.
    """
    placed = families.assign(
        neighborhood=families["neighborhood"].where(families["rw"].isna()),
        is_uncovered=families["coverage_state"] == "uncovered",
    ).dropna(subset=["rw", "neighborhood"], how="all")
    counts = placed.groupby(
        ["village_code", "rw", "neighborhood"], dropna=False, as_index=False
    ).agg(
        extreme_poor_families=("is_uncovered", "size"), uncovered_families=("is_uncovered", "sum")
    )
    large = counts[
        (counts[TOTAL] >= audience.smallest) & counts["village_code"].isin(_open(villages))
    ].reset_index(drop=True)
    rows = _shown_rows(large, audience)
    asked = set(rows["village_code"])  # villages whose rows have changed since the last attack
    while True:
        guilty = _leaves_few(large, rows, villages, audience)
        if not guilty.any():
            partly = rows.loc[rows[_BOTH].isna().any(axis=1), "village_code"]
            open_ones = rows[rows["village_code"].isin(asked & set(partly))]
            narrowed = _narrowed(open_ones, villages, audience)
            guilty = pd.Series(rows.index.isin(narrowed.index[narrowed]), rows.index)
            asked = set()
        if not guilty.any():
            return rows.reset_index(drop=True)
        asked |= set(rows.loc[guilty, "village_code"])
        rows = rows[~guilty]
        large = large.loc[rows.index]


def publish_clusters(
    clusters: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    audience: Audience,
    crs: pyproj.CRS,
    *,
    villages: pd.DataFrame,
    rw: pd.DataFrame,
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

    Returns
    -------
    GeoDataFrame
        The shown clusters; one whose cells all hold few has no geometry.
    """
    own = set(_open(villages))
    inside = np.array([own.issuperset(codes) for codes in clusters["village_codes"]], dtype=bool)
    whole = _families_of_rw(clusters, rw, villages)
    is_told = (clusters["kind"] != "rw") | whole.notna()
    large = clusters[(clusters[_UNCOVERED] >= audience.smallest) & inside & is_told]
    whole = whole.loc[large.index]
    drawn = draw_cells(cells[cells[_UNCOVERED] >= audience.smallest], crs)
    counts = large[["compared_families", "located_families"]].astype("Int64")
    hidden = is_small(counts, audience)
    # The compared less the uncovered are the covered, the RW less the compared the unmatched.
    covered, unmatched = (
        counts["compared_families"] - large[_UNCOVERED],
        whole - counts["compared_families"],
    )
    few = covered.between(1, audience.smallest - 1) | unmatched.between(1, audience.smallest - 1)
    few = few.fillna(value=False).astype(bool) | whole.eq(0).fillna(value=False).astype(bool)
    hidden["compared_families"] |= few
    hidden["compared_families"] |= _of_few(large, villages, hidden["compared_families"])
    outlines = list(drawn.reindex(large["cluster_id"]))
    return large.assign(**counts.mask(hidden), withheld=names_of(hidden)).set_geometry(
        gpd.GeoSeries(outlines, large.index, crs=large.crs)
    )


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
    for village, group in rows.groupby("village_code", sort=False):
        counts = group[_BOTH].to_numpy(dtype=float, na_value=np.nan)
        keys = [
            [
                (release, "rw", village, f"{number}.{name}")
                for name in ("all", "uncovered", "others")
            ]
            for number in range(len(group))
        ]
        whole = villages.loc[village, _BOTH].to_numpy(dtype=float, na_value=np.nan)
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


def _shown_rows(large: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    shown = large[_BOTH].astype("Int64")
    hidden = is_small(shown, audience)
    # Few that are not uncovered: the need stays in sight, their number does not.
    others = shown[TOTAL] - shown[_UNCOVERED]
    hidden[TOTAL] |= others.between(1, audience.smallest - 1).astype(bool)
    return large.assign(**shown.mask(hidden), withheld=names_of(hidden))


def _narrowed(rows: pd.DataFrame, villages: pd.DataFrame, audience: Audience) -> pd.Series:
    """Rows of which a withheld count could be worked out from the others and the village."""
    if not rows[_BOTH].isna().to_numpy().any():
        return pd.Series(data=False, index=rows.index)
    shown, sums = told_of_rw(rows, villages)
    known = {
        (0, "village", village, name): float(villages.loc[village, name])
        for village in rows["village_code"].unique() for name in _BOTH
    }  # fmt: skip
    index = pd.MultiIndex.from_tuples(list(known), names=shown.index.names)
    ranges = interval_attack(
        pd.concat([shown, pd.Series(list(known.values()), index)]), sums, enough=audience.smallest
    )
    narrow = ranges.index[ranges["upper"] - ranges["lower"] < audience.smallest - 1e-6]
    found = {(place, int(column.split(".")[0])) for _, _, place, column in narrow.tolist()}
    number = rows.groupby("village_code").cumcount()
    keys = zip(rows["village_code"], number, strict=True)
    return pd.Series([key in found for key in keys], rows.index, dtype=bool)


def _leaves_few(
    large: pd.DataFrame, rows: pd.DataFrame, villages: pd.DataFrame, audience: Audience
) -> pd.Series:
    """The smallest row of each village of which the shown rows would leave few families."""
    exact = large[["village_code", *_BOTH]].groupby("village_code").sum()
    left = villages.loc[exact.index, _BOTH].astype("int64") - exact
    left = left.assign(others=left[TOTAL] - left[_UNCOVERED])
    told = rows.set_index("village_code")[_BOTH].notna().groupby(level=0).all()
    known = pd.DataFrame(
        {_UNCOVERED: told[_UNCOVERED], TOTAL: told[TOTAL], "others": told.all(axis=1)}
    )
    few = (left.ge(1) & left.lt(audience.smallest) & known[left.columns]).any(axis=1)
    order = large[large["village_code"].isin(few.index[few])].sort_values(TOTAL, kind="stable")
    smallest = order.drop_duplicates("village_code").index
    return pd.Series(rows.index.isin(smallest), rows.index)


def _families_of_rw(clusters: pd.DataFrame, rw: pd.DataFrame, villages: pd.DataFrame) -> pd.Series:
    """Shown families of each cluster's RW: 0 where withheld, <NA> where no row is shown."""
    place = ("RW " + rw["rw"]).fillna(rw["neighborhood"])
    names = place + ", " + rw["village_code"].map(villages["village_name"])
    keys: Sequence[tuple[str, str]] = list(zip(rw["village_code"], names, strict=True))
    families = dict(zip(keys, rw[TOTAL].fillna(0), strict=True))
    found = [
        families.get((codes[0], name)) if kind == "rw" else None
        for codes, name, kind in zip(
            clusters["village_codes"], clusters["name"], clusters["kind"], strict=True
        )
    ]
    return pd.Series(found, clusters.index, dtype="Int64")


def _of_few(large: pd.DataFrame, villages: pd.DataFrame, hidden: pd.Series) -> pd.Series:
    """Clusters of villages whose covered are withheld, or where another one's compared are."""
    closed = set(villages.index[villages["covered_families"].isna()])
    for codes in large["village_codes"][hidden]:
        closed.update(codes)
    return pd.Series([bool(closed & set(codes)) for codes in large["village_codes"]], large.index)
