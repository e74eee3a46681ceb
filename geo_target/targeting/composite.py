"""The composite score of villages: a weighted sum of indicators, each between 0 and 1.

Arrays only, and nothing heavier than NumPy: the web process answers changed weights with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo_target.targeting.indicators import Indicator

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]

#: Scores that differ by no more are one.
TIE = 1e-9


@dataclass(frozen=True)
class Scores:
    """Scores of `n` villages by `k` indicators, in the order in which both were given."""

    contributions: Floats
    """``(k, n)``: weight x value; NaN of a village that is not ranked. They add up to `score`."""
    score: Floats
    """``(n,)`` in 0 to 1; NaN of a village that is not ranked."""
    rank: Wholes
    """``(n,)``: 1 goes first, equals share a rank (1, 2, 2, 4); 0 is not ranked."""
    weights: Floats
    """``(k,)``: as used, they add up to 1 or are all 0."""

    @property
    def is_tied(self) -> npt.NDArray[np.bool_]:
        """``(n,)``: whether another village has the same rank."""
        return (self.rank > 0) & (np.bincount(self.rank)[self.rank] > 1)

    @property
    def labels(self) -> list[str]:
        """Ranks to show: '3', '=3' where several share it, and '' where there is none."""
        return [
            f"{'=' * bool(tied)}{rank}" if rank else ""
            for rank, tied in zip(self.rank.tolist(), self.is_tied.tolist(), strict=True)
        ]


def score(columns: Mapping[str, Floats], indicators: Sequence[Indicator]) -> Scores:
    """Score villages by the weights of `indicators`, see `indicators.reweighted`.

    A value is transformed, then the least of all villages becomes 0 and the greatest 1 (turned
    round where the low end goes first); where all are equal it is 0. Nardo et al. (2008),
    Handbook on Constructing Composite Indicators, OECD, chapters on min-max and linear
    aggregation.

    A village that lacks an indicator of any weight, since a count of it is withheld or nothing
    was compared, is not ranked, and all others come out as if it were not there. An indicator
    that no village has counts as one of weight 0; of nothing that counts nobody is ranked.

    Parameters
    ----------
    columns
        By name, ``(n,)`` each, none below 0, NaN where missing; see `priority.columns_of`. An
        indicator's column that is not there is missing all through.
    """
    values, weights = indicator_values(columns, indicators)
    usable = ~np.isnan(values[weights > 0]).any(axis=0) & bool(weights.any())
    contributions = np.full(values.shape, np.nan)
    for row, (indicator, weight) in enumerate(zip(indicators, weights, strict=True)):
        scaled = scale(values[row, usable], indicator) if weight else 0.0
        contributions[row, usable] = weight * scaled
    # One after the other, so that no order of rows matters; weights may add up to 1 and a hair.
    total = np.minimum(contributions.sum(axis=0), 1.0)
    rank = np.zeros(total.shape, np.int64)
    rank[usable] = standings(total[usable])
    return Scores(contributions, total, rank, weights)


def indicator_values(
    columns: Mapping[str, Floats], indicators: Sequence[Indicator]
) -> tuple[Floats, Floats]:
    """Values ``(k, n)`` of indicators, and weights ``(k,)`` of those that some village has."""
    values = np.full((len(indicators), len(next(iter(columns.values())))), np.nan)
    for row, indicator in enumerate(indicators):
        if indicator.column in columns:
            values[row] = columns[indicator.column]
    weights = np.array([indicator.weight for indicator in indicators], dtype=np.float64)
    weights[np.isnan(values).all(axis=1)] = 0.0
    return values, weights / (weights.sum() or 1.0)


def scale(values: Floats, indicator: Indicator) -> Floats:
    """Values between 0 and 1 along the last axis, which has villages; none may be missing."""
    if indicator.transform == "log":
        values = np.log1p(values)
    elif indicator.transform == "rank":  # who is behind, less who is ahead: equals get one place
        values = (standings(-values, tie=0.0) - standings(values, tie=0.0)).astype(np.float64)
    if indicator.direction == "low":
        values = -values
    if not values.shape[-1]:
        return values
    least = values.min(axis=-1, keepdims=True)
    span = values.max(axis=-1, keepdims=True) - least
    scaled: Floats = np.divide(values - least, span, out=np.zeros_like(values), where=span > 0)
    return scaled


def standings(scores: Floats, *, tie: float = TIE) -> Wholes:
    """Ranks along the last axis, 1 for the greatest; equals share the first rank of theirs."""
    order = np.argsort(-scores, axis=-1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=-1)
    begins = np.ones(scores.shape, np.bool_)
    begins[..., 1:] = ordered[..., :-1] - ordered[..., 1:] > tie
    places = np.where(begins, np.arange(1, scores.shape[-1] + 1), 0)
    ranks = np.empty(scores.shape, np.int64)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=-1), axis=-1)
    return ranks
