"""The order in which villages are visited."""

import pandas as pd


def rank_villages(villages: pd.DataFrame) -> pd.Series:
    """Rank by uncovered families, then by the smoothed rate, then by code.

    Returns
    -------
    Series
        ``priority_rank`` on the index of `villages`; 1 is visited first, each rank once.
    """
    ordered = (
        villages[["uncovered_families", "smoothed_exclusion_error"]]
        .fillna(-1)
        .assign(code=villages.index)
        .sort_values(
            ["uncovered_families", "smoothed_exclusion_error", "code"],
            ascending=[False, False, True],
        )
    )
    ranks = pd.Series(range(1, len(ordered) + 1), index=ordered.index, name="priority_rank")
    return ranks.reindex(villages.index)
