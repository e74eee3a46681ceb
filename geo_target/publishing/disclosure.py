"""The one door out: what an audience is shown, with small counts withheld.

A withheld count is <NA>, never 0: a map must tell 'none' from 'too few to show'. What
could be worked back from it within its row goes with it; between rows, complementary
suppression comes with the doors (docs/decisions/0007-suppression.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import pyproj

from geo_target.targeting.point_clusters import draw_cells
from geo_target.targeting.priority import rank_villages


@dataclass(frozen=True)
class Audience:
    """Who is shown a table; counts from 1 to ``smallest - 1`` are withheld from them."""

    name: str
    smallest: int


MEETING = Audience("meeting", smallest=5)

#: Parts of the extreme-poor families of a village: they add up to the total.
_PARTS = ["covered_families", "uncovered_families", "unmatched_families"]
_TOTAL = "extreme_poor_families"
_OTHER_COUNTS = [
    "families", "located_families", "located_uncovered_families",
    "population_persons", "population_families",
]  # fmt: skip
#: Each ratio, and the counts that it is made of.
_RATIOS = {
    "matched_share": [*_PARTS, _TOTAL],
    "exclusion_error": ["covered_families", "uncovered_families"],
    "smoothed_exclusion_error": ["covered_families", "uncovered_families"],
}
#: More than nothing and less than any shown count: where a withheld village is ranked.
_WITHHELD_RANKS_AS = 0.5


def publish_villages(villages: gpd.GeoDataFrame, audience: Audience) -> gpd.GeoDataFrame:
    """Show the village table to an audience.

    Parameters
    ----------
    villages
        Indexed by ``village_code``, the columns of schemas.SNAPSHOT_VILLAGES and geometry.

    Returns
    -------
    GeoDataFrame
        The same index; counts are Int64, small ones <NA>; where a part of a village's
        extreme poor is withheld its total is too, with every ratio of them; a count from which
        another is taken away and few are left is withheld;
        ``priority_rank`` is ranked anew from what is shown; ``withheld`` lists the names of
        a row's withheld columns. Exact columns that are not named here are dropped.
    """
    exact = villages[[*_PARTS, _TOTAL, *_OTHER_COUNTS]].astype("Int64")
    hidden = _hidden(exact, audience)
    ratios = villages[list(_RATIOS)].astype("Float64")
    for ratio, counts in _RATIOS.items():
        hidden[ratio] = hidden[counts].any(axis=1) & ratios[ratio].notna()
    shown = exact.join(ratios).mask(hidden)
    ranked = shown[["uncovered_families", "smoothed_exclusion_error"]].assign(
        uncovered_families=shown["uncovered_families"].astype("Float64").fillna(_WITHHELD_RANKS_AS)
    )
    names = [
        "bps_village_code", "village_name", "village_kind", "district_code", "district_name",
        "regency_code", "regency_name", "geometry",
    ]  # fmt: skip
    return (
        villages[names]
        .join(shown)
        .assign(priority_rank=rank_villages(ranked), withheld=_names_of(hidden))
    )


def publish_clusters(
    clusters: gpd.GeoDataFrame, cells: pd.DataFrame, audience: Audience, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Show clusters of at least the smallest count; outlines of cells that hold as many.

    Parameters
    ----------
    clusters
        Columns of schemas.SNAPSHOT_CLUSTERS and geometry.
    cells
        See `targeting.point_clusters.count_cells`; in the metric `crs`.

    Returns
    -------
    GeoDataFrame
        The shown clusters; one whose cells all hold few has no geometry.
    """
    large = clusters[clusters["uncovered_families"] >= audience.smallest]
    drawn = draw_cells(cells[cells["uncovered_families"] >= audience.smallest], crs)
    covered = large["compared_families"] - large["uncovered_families"]
    counts = large[["compared_families", "located_families"]].astype("Int64")
    hidden = _is_small(counts, audience)
    # The compared less the uncovered are the covered: few of them are withheld as well.
    hidden["compared_families"] |= covered.between(1, audience.smallest - 1)
    outlines = list(drawn.reindex(large["cluster_id"]))
    return large.assign(**counts.mask(hidden), withheld=_names_of(hidden)).set_geometry(
        gpd.GeoSeries(outlines, large.index, crs=large.crs)
    )


def publish_rw(families: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """Extreme-poor families by RW (or lingkungan): only rows of at least the smallest count.

    Parameters
    ----------
    families
        Extreme-poor families with a village: ``village_code``, ``rw``, ``neighborhood``,
        ``coverage_state``.

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
    large = counts[counts["extreme_poor_families"] >= audience.smallest].reset_index(drop=True)
    shown = large[["extreme_poor_families", "uncovered_families"]].astype("Int64")
    hidden = _is_small(shown, audience)
    # Few that are not uncovered: the need stays in sight, their number does not.
    others = shown["extreme_poor_families"] - shown["uncovered_families"]
    few = (others >= 1) & (others < audience.smallest)
    hidden["extreme_poor_families"] |= few.astype(bool)
    return large.assign(**shown.mask(hidden), withheld=_names_of(hidden))


def publish_totals(totals: Mapping[str, int], audience: Audience) -> dict[str, int | None]:
    """Show the totals of an area by the rule of a village's row; withheld ones are None.

    Parameters
    ----------
    totals
        Counts by the names of schemas.SNAPSHOT_VILLAGES.
    """
    exact = pd.DataFrame([totals], dtype="Int64")
    hidden = _hidden(exact, audience).loc[0]
    return {name: None if hidden[name] else int(count) for name, count in totals.items()}


def publish_sum(parts: Mapping[str, int], audience: Audience) -> dict[str, int | None]:
    """Show parts whose sum is known: where one is withheld the largest other one is too."""
    shown = {name: publish_number(count, audience) for name, count in parts.items()}
    known = {name: count for name, count in shown.items() if count is not None}
    if len(known) == len(parts) - 1 and known:
        shown[max(known, key=lambda name: (known[name] or 0, name))] = None
    return shown


def publish_number(count: int, audience: Audience) -> int | None:
    """`count`, or None where it is too small to show."""
    return None if 0 < count < audience.smallest else int(count)


#: What is left of a count when another is taken from it: few left, and the second is withheld.
_LEFT_OVER = (
    ("families", _TOTAL, "families"),
    (_TOTAL, "located_families", "located_families"),
    ("uncovered_families", "located_uncovered_families", "located_uncovered_families"),
    ("located_families", "located_uncovered_families", "located_uncovered_families"),
)


def _hidden(exact: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """Which counts of a row are withheld: small ones, and what would give them away."""
    hidden = _is_small(exact, audience)
    hidden[_TOTAL] |= hidden[_PARTS].any(axis=1)
    for whole, part, goes in _LEFT_OVER:
        if {whole, part} <= set(exact.columns):
            left = exact[whole] - exact[part]
            few = ((left >= 1) & (left < audience.smallest)).fillna(value=False)
            hidden[goes] |= few.astype(bool)
    return hidden


def _is_small(counts: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    small = (counts >= 1) & (counts < audience.smallest)
    return small.fillna(value=False).astype(bool)


def _names_of(hidden: pd.DataFrame) -> pd.Series:
    names = hidden.columns.to_numpy()
    return pd.Series([names[row].tolist() for row in hidden.to_numpy()], index=hidden.index)
