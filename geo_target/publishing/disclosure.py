"""The one door out: what an audience is shown of the villages, with small counts withheld.

A withheld count is <NA>, never 0: a map must tell 'none' from 'too few to show'. What it could
be worked out from between villages goes with it (docs/decisions/0007-suppression.md), and so
does what follows from it within its row.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_target.publishing.audiences import COUNTS, GROUP, PARTS, TOTAL, Audience
from geo_target.publishing.interval_attack import WHOLE_AREA, Release, Suppression, margins_of
from geo_target.publishing.suppression import suppress
from geo_target.targeting.rates import smoothed_rates

_OTHER_COUNTS = (
    "families", "located_families", "located_uncovered_families",
    "population_persons", "population_families",
)  # fmt: skip
_COMPARED = ["covered_families", "uncovered_families"]
#: Each ratio, and the counts that it is made of.
_RATIOS = {
    "matched_share": list(COUNTS),
    "exclusion_error": _COMPARED,
    "smoothed_exclusion_error": _COMPARED,
}
#: What is withheld where another count is: it would be a bound of it.
_FOLLOWS = (
    (TOTAL, "families"),
    (TOTAL, "located_families"),
    ("uncovered_families", "located_uncovered_families"),
    ("located_families", "located_uncovered_families"),
)
#: What is left of a count when another is taken from it: few left, and the third is withheld.
_LEFT_OVER = (
    ("families", TOTAL, "families"),
    (TOTAL, "located_families", "located_families"),
    ("uncovered_families", "located_uncovered_families", "located_uncovered_families"),
    ("located_families", "located_uncovered_families", "located_uncovered_families"),
)


def suppress_villages(
    villages: pd.DataFrame,
    audience: Audience,
    *,
    earlier: Sequence[Release] = (),
    keep: Suppression | None = None,
) -> Release:
    """Choose what an audience is not shown of the extreme-poor families.

    Parameters
    ----------
    villages
        Indexed by ``village_code``: ``district_code`` and exact counts.
    earlier
        What the audience has seen before, oldest first.
    keep
        What another audience is not shown, and this one shall not be either.

    Raises
    ------
    GateError
        What the audience has seen tells too much, whatever is withheld now.
    """
    table = _table(villages)
    found = suppress(
        table, parts=PARTS, total=TOTAL, group=GROUP, smallest=audience.smallest,
        zeros=audience.zeros, keep=keep, earlier=earlier,
    )  # fmt: skip
    return Release(table, found)


def withhold_everything(villages: pd.DataFrame) -> Release:
    """A release of no count at all, which adds nothing to what is known."""
    table = _table(villages)
    margins = margins_of(table, COUNTS, GROUP)
    return Release(table, Suppression(table[list(COUNTS)] >= 0, margins >= 0))


def publish_villages(
    villages: gpd.GeoDataFrame, audience: Audience, suppression: Suppression
) -> gpd.GeoDataFrame:
    """Show the village table to an audience.

    Parameters
    ----------
    villages
        Indexed by ``village_code``, the columns of schemas.SNAPSHOT_VILLAGES and geometry.
    suppression
        See `suppress_villages`.

    Returns
    -------
    GeoDataFrame
        The same index; counts are Int64, withheld ones <NA>, and with them every ratio of
        them and every count that would bound them; a count from which another is taken away
        and few are left is withheld. The smoothed rate is made anew from what
        is shown; ``withheld`` lists the names of a row's withheld columns. Exact columns
        that are not named here are dropped.
    """
    exact = villages[[*COUNTS, *_OTHER_COUNTS]].astype("Int64")
    hidden = _hidden(exact, audience, suppression.cells.loc[exact.index])
    if not suppression.margins.loc[WHOLE_AREA, TOTAL]:
        _widen_located(exact, hidden, audience)
    for whole in ("located_families", "uncovered_families"):
        # Of none that are shown to be none no part can be hidden.
        none = (exact[whole] == 0).fillna(value=False).astype(bool) & ~hidden[whole]
        hidden["located_uncovered_families"] &= ~none
    ratios = villages[list(_RATIOS)].astype("Float64")
    for ratio, counts in _RATIOS.items():
        # Where the exact one is none, too: else the list would tell that its counts are 0.
        hidden[ratio] = hidden[counts].any(axis=1)
    ratios["smoothed_exclusion_error"] = _smoothed(exact, hidden)
    shown = exact.join(ratios).mask(hidden)
    names = [
        "bps_village_code", "village_name", "village_kind", "district_code", "district_name",
        "regency_code", "regency_name", "geometry",
    ]  # fmt: skip
    return villages[names].join(shown).assign(withheld=names_of(hidden))


def publish_districts(villages: pd.DataFrame, suppression: Suppression) -> list[dict[str, Any]]:
    """Sums of the extreme-poor families by district, in order of code; withheld ones are None."""
    margins = margins_of(villages, COUNTS, GROUP)
    names = dict(zip(villages[GROUP], villages["district_name"], strict=True))
    return [
        {GROUP: code, "district_name": names[code], **_shown_margin(margins, suppression, code),
         "withheld": [name for name in COUNTS if suppression.margins.loc[code, name]]}
        for code in margins.index if code != WHOLE_AREA
    ]  # fmt: skip


def publish_totals(
    villages: pd.DataFrame, shown: pd.DataFrame, audience: Audience, suppression: Suppression
) -> dict[str, int | None]:
    """Show the sums of the area; withheld ones are None.

    Parameters
    ----------
    villages, shown
        The exact village table, and what `publish_villages` shows of it.
    """
    margins = margins_of(villages, COUNTS, GROUP)
    located = ["located_families", "located_uncovered_families"]
    sums = {name: int(villages[name].sum()) for name in (*COUNTS, *located)}
    exact = pd.DataFrame([sums], dtype="Int64")
    hidden = _hidden(exact, audience, suppression.margins.loc[[WHOLE_AREA]].set_index(exact.index))
    told = {name: None if hidden.loc[0, name] else sums[name] for name in located}
    hides = shown[located].isna()
    if _narrow(villages, hides["located_families"], shown[TOTAL].isna(), audience):
        told["located_families"] = None
    if hides["located_uncovered_families"].any():
        told["located_uncovered_families"] = None
    return {**_shown_margin(margins, suppression, WHOLE_AREA), **told}


def withholds_books(shown: pd.DataFrame, suppression: Suppression) -> bool:
    """Whether sums over all families of the registers would tell a withheld count.

    All families of a village are a bound of its extreme poor, so that both are withheld
    together; what is left of the sum of the area is then harmless as long as the extreme poor
    of the area are shown. Where few are not extreme poor, the sum alone would tell them.
    """
    alone = shown["families"].isna() & shown[TOTAL].notna()
    return bool(suppression.margins.loc[WHOLE_AREA, TOTAL] or alone.any())


def publish_sum(parts: Mapping[str, int], audience: Audience) -> dict[str, int | None]:
    """Show parts whose sum is known, or none of them where one is small.

    Two or three that are withheld would be told by what the others leave of the sum.
    """
    shown = {name: publish_number(count, audience) for name, count in parts.items()}
    return dict.fromkeys(shown) if None in shown.values() else shown


def publish_number(count: int, audience: Audience) -> int | None:
    """`count`, or None where it is too small to show."""
    return None if 0 < count < audience.smallest else int(count)


def is_small(counts: pd.DataFrame, audience: Audience) -> pd.DataFrame:
    """Which counts are too small to show."""
    small = (counts >= 1) & (counts < audience.smallest)
    return small.fillna(value=False).astype(bool)


def names_of(hidden: pd.DataFrame) -> pd.Series:
    """Names of the withheld columns of each row."""
    names, rows = hidden.columns.to_numpy(), hidden.to_numpy(dtype=bool)
    return pd.Series([names[row].tolist() for row in rows], index=hidden.index, dtype=object)


def _table(villages: pd.DataFrame) -> pd.DataFrame:
    counts = pd.DataFrame(villages[list(COUNTS)]).astype("int64")
    return counts.assign(**{GROUP: villages[GROUP].astype(str)})


def _shown_margin(
    margins: pd.DataFrame, suppression: Suppression, place: str
) -> dict[str, int | None]:
    hidden = suppression.margins.loc[place]
    counts = margins.loc[place].to_dict()
    return {name: None if hidden[name] else int(counts[name]) for name in COUNTS}


def _hidden(exact: pd.DataFrame, audience: Audience, cells: pd.DataFrame) -> pd.DataFrame:
    """Which counts of a row are withheld: `cells`, other small ones, what would tell either."""
    hidden = is_small(exact, audience)
    hidden[list(COUNTS)] = cells[list(COUNTS)].to_numpy(dtype=bool)
    for whole, part, goes in _LEFT_OVER:
        if {whole, part} <= set(exact.columns):
            left = exact[whole] - exact[part]
            few = ((left >= 1) & (left < audience.smallest)).fillna(value=False)
            hidden[goes] |= few.astype(bool)
    for cause, goes in _FOLLOWS:
        if goes in exact.columns:
            hidden[goes] |= hidden[cause]
    return hidden


def _smoothed(exact: pd.DataFrame, hidden: pd.DataFrame) -> pd.Series:
    """Drawn toward the rate of what is shown: that of all would tell of the withheld."""
    counts = exact[_COMPARED][~hidden[_COMPARED].any(axis=1)].astype("float64")
    base = counts.sum(axis=1)
    return smoothed_rates(counts["uncovered_families"], base).reindex(exact.index).astype("Float64")


def _widen_located(exact: pd.DataFrame, hidden: pd.DataFrame, audience: Audience) -> None:
    """Withhold more located families, the fewest first, until their sum tells none of them."""
    located = exact["located_families"]
    for village in located[located > 0].sort_values(kind="stable").index:
        if not _narrow(exact, hidden["located_families"], hidden[TOTAL], audience):
            return
        hidden.loc[village, ["located_families", "located_uncovered_families"]] = True


def _narrow(
    exact: pd.DataFrame, hides: pd.Series, total_hidden: pd.Series, audience: Audience
) -> bool:
    """Whether the sum of the area leaves few values to a withheld count of located families."""
    counts = exact.loc[hides, "located_families"].to_numpy(dtype=float)
    most = exact.loc[hides, TOTAL].to_numpy(dtype=float)
    # A withheld total can be the smallest shown count at least.
    most = np.where(total_hidden[hides], np.maximum(most, audience.smallest), most)
    least = np.maximum(counts.sum() - (most.sum() - most), 0)
    return bool((np.minimum(most, counts.sum()) - least < audience.smallest).any())
