"""How sure a rank is: ranks under other weights, and under other counts that could have come out.

Each draw takes weights and counts of its own and ranks all villages anew (Saisana, Saltelli and
Tarantola 2005, J. R. Statist. Soc. A 168(2), 307-323, doi:10.1111/j.1467-985X.2005.00350.x).

- **Weights** are Dirichlet, of mean as given; `concentration` 50 lets a weight of 0.5 go from
  0.38 to 0.62 in nine draws of ten. A weight of 0 stays 0.
- **Counts** are a parametric bootstrap: a village's share is drawn from its empirical-Bayes
  posterior, a Beta whose prior has the area's mean and Marshall's variance between villages,
  then its uncovered families are binomial of those compared. A small village swings far.
- **Unmatched** families, the bound of what may be uncovered too: each draw takes from none to
  all of them, one number as likely as another, and the rest of them as covered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.targeting.composite import (
    Floats,
    Wholes,
    indicator_values,
    scale,
    score,
    standings,
)
from geo_target.targeting.indicators import Indicator
from geo_target.targeting.priority import columns_of

Flags = npt.NDArray[np.bool_]

_COUNTS = ("uncovered_families", "covered_families", "unmatched_families")
#: Draws at a time: the numbers drawn depend on it, so it is no setting.
_BLOCK = 100
_LOW, _HIGH = 0.05, 0.95


@dataclass(frozen=True)
class Draws:
    """How often, how wildly and from which seed to draw."""

    draws: int = 1_000
    first: int = 10
    """Whether a village is in the first how many."""
    concentration: float = 50.0
    seed: int = 20_250_901


def rank_draws(
    villages: pd.DataFrame,
    indicators: Sequence[Indicator],
    per: Mapping[str, pd.Series] | None = None,
    draws: Draws = Draws(),
) -> pd.DataFrame:
    """Rank villages again and again.

    Villages that `composite.score` does not rank are as if they were not there. One that is
    ranked, and lacks one of its counts, stands in all draws with the values it has, and gets no
    result of its own: nothing can be drawn of a count that is not shown.

    Parameters
    ----------
    villages
        As of `composite.score`, with ``uncovered_families``, ``covered_families`` and
        ``unmatched_families``; the index has unique codes.
    per
        Columns that are uncovered families per something, and of how much of it each village has:
        ``uncovered_per_km2``: km2. These, ``uncovered_families``, ``exclusion_error`` and
        ``smoothed_exclusion_error`` are drawn; any other indicator stays as it is.

    Returns
    -------
    DataFrame
        On the index of `villages`: ``first_share`` (of draws in which it is among the first
        ones, equals too), ``rank_low`` and ``rank_high``, between which its rank is in nine
        draws of ten.
    """
    names = [indicator.column for indicator in indicators]
    is_ranked = score(columns_of(villages, names), indicators).rank > 0
    ranked = villages[is_ranked].sort_index()
    values, weights = indicator_values(columns_of(ranked, names), indicators)
    used = np.flatnonzero(weights).tolist()
    world = _World.of(ranked, per or {})
    generator = np.random.default_rng(draws.seed)
    ranks = np.empty((draws.draws, len(ranked)), np.int64)
    for start in range(0, draws.draws if len(ranked) and len(used) else 0, _BLOCK):
        size = min(_BLOCK, draws.draws - start)
        drawn = world.drawn(generator, size)
        shares = generator.dirichlet(weights[used] * draws.concentration, size)
        total = np.zeros((size, len(ranked)))
        for share, row in zip(shares.T, used, strict=True):
            indicator = indicators[row]
            given = np.broadcast_to(values[row], total.shape)
            column = drawn.get(indicator.column)
            shown = given if column is None else np.where(world.known, column, given)
            total += share[:, None] * scale(shown, indicator)
        ranks[start : start + size] = standings(total)
    codes = ranked.index[world.known]
    summary = _summary(ranks, draws.first, codes, world.known).reindex(villages.index)
    return summary.astype({"rank_low": "Int64", "rank_high": "Int64"})


@dataclass(frozen=True)
class _World:
    """Counts of `n` villages by code; 0 where `known` is not."""

    known: Flags
    uncovered: Floats
    compared: Floats
    unmatched: Floats
    per: Mapping[str, Floats]

    @classmethod
    def of(cls, ranked: pd.DataFrame, per: Mapping[str, pd.Series]) -> "_World":
        counts = np.array(list(columns_of(ranked, _COUNTS).values()))
        known = ~np.isnan(counts).any(axis=0)
        uncovered, covered, unmatched = np.where(known, counts, 0.0)
        sizes = columns_of(pd.DataFrame(per).reindex(ranked.index), per)
        return cls(known, uncovered, uncovered + covered, unmatched, sizes)

    def drawn(self, generator: np.random.Generator, size: int) -> dict[str, Floats]:
        """Columns of `size` draws, ``(size, n)`` each."""
        shape = (size, len(self.known))
        compared = self.compared.astype(np.int64)
        rate = generator.beta(*_posterior(self.uncovered, self.compared), shape)
        found = generator.binomial(compared, rate).astype(np.float64)
        uncovered = found + generator.integers(0, self.unmatched.astype(np.int64) + 1, shape)
        base = self.compared + self.unmatched
        return {
            "uncovered_families": uncovered,
            "exclusion_error": uncovered / np.maximum(base, 1.0),
            "smoothed_exclusion_error": _smoothed(uncovered, base),
            **{
                column: np.where(amount > 0, uncovered / np.where(amount > 0, amount, 1.0), 0.0)
                for column, amount in self.per.items()
            },
        }


def _moments(events: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Mean rate and Marshall's variance between villages, along the last axis."""
    whole = max(float(base.sum()), 1.0)
    mean = events.sum(axis=-1, keepdims=True) / whole
    rates = events / np.maximum(base, 1.0)
    between = (base * (rates - mean) ** 2).sum(axis=-1, keepdims=True) / whole
    return mean, np.maximum(between - mean * max((base > 0).sum(), 1) / whole, 0.0)


def _smoothed(events: Floats, base: Floats) -> Floats:
    """As `rates.smoothed_rates`, of many draws at once; 0 where the base is."""
    mean, variance = _moments(events, base)
    total = variance + mean / np.maximum(base, 1.0)
    weight = np.divide(variance, total, out=np.zeros_like(total), where=total > 0)
    rates = events / np.maximum(base, 1.0)
    return np.where(base > 0, mean + weight * (rates - mean), 0.0)


def _posterior(events: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Both parameters of each village's Beta."""
    mean, variance = _moments(events, base)
    mean = np.clip(mean, 1e-6, 1 - 1e-6)
    # As heavy as many families where villages differ no more than chance makes them.
    weight = np.clip(mean * (1 - mean) / np.maximum(variance, 1e-9) - 1, 1e-3, 1e6)
    return mean * weight + events, (1 - mean) * weight + base - events


def _summary(ranks: Wholes, first: int, codes: pd.Index, known: Flags) -> pd.DataFrame:
    of_known = ranks[:, known]
    low, high = (
        np.quantile(of_known, (_LOW, _HIGH), axis=0, method="inverted_cdf")
        if len(codes)
        else (np.empty(0), np.empty(0))
    )
    summary = {
        "first_share": (of_known <= first).mean(axis=0),
        "rank_low": low,
        "rank_high": high,
    }
    return pd.DataFrame(summary, index=codes)
