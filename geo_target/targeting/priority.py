"""The order in which villages are visited."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from geo_target.targeting.composite import Floats, score
from geo_target.targeting.indicators import Indicator


def score_villages(villages: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """Rank by the composite of `indicators`, see `composite.score`.

    Returns
    -------
    DataFrame
        On the index of `villages`, in its order: ``contribution_KEY`` of each indicator,
        ``priority_score`` as their sum, ``priority_rank`` (1 is visited first, equals share a
        rank) and ``rank_label`` ('3', or '=3' where several share it). All but the label, which
        is empty, are missing where an indicator is: these villages come last, by code.
    """
    columns = columns_of(villages, (indicator.column for indicator in indicators))
    scores = score(columns, indicators)
    ranked = pd.Series(scores.rank, index=villages.index, dtype="Int64")
    return pd.DataFrame(
        {
            **{
                f"contribution_{indicator.key}": contribution
                for indicator, contribution in zip(indicators, scores.contributions, strict=True)
            },
            "priority_score": scores.score,
            "priority_rank": ranked.mask(ranked == 0),
            "rank_label": pd.Series(scores.labels, index=villages.index, dtype="str"),
        },
        index=villages.index,
    )


def columns_of(villages: pd.DataFrame, names: Iterable[str]) -> dict[str, Floats]:
    """Columns as arrays, NaN where they or a number of theirs are missing."""
    nothing = pd.Series(np.nan, index=villages.index)
    return {name: np.asarray(villages.get(name, nothing), dtype=np.float64) for name in names}


def visiting_order(ranked: pd.DataFrame, by: str = "priority_rank") -> list[str]:
    """Codes by a column of ranks, then by code; who has none comes last."""
    ranks = ranked[by].fillna(len(ranked) + 1)
    return [str(code) for _, code in sorted(zip(ranks, ranked.index, strict=True))]
