"""Rates of small places, drawn toward the rate of the whole."""

import numpy as np
import pandas as pd


def smoothed_rates(events: pd.Series, base: pd.Series) -> pd.Series:
    """Empirical-Bayes estimate of ``events / base``; null where the base is 0.

    Two of three families uncovered say less than two hundred of three hundred: the rate of
    a small base is drawn toward the area's, by as much as the places differ no more than
    chance would make them. Marshall (1991), Applied Statistics 40(2), 283-294,
    doi:10.2307/2347593: the global estimator, whose variance is 0 where it comes out
    negative. esda 2.9 leaves it negative there and gives weights beyond 0 and 1, and is
    else the same (docs/decisions/0005-smoothing.md).

    Parameters
    ----------
    events, base
        Counts on the same index, ``0 <= events <= base``.
    """
    rates = events / base.where(base > 0)
    if not base.sum():
        return rates
    mean = events.sum() / base.sum()
    between = (base * (rates - mean) ** 2).sum() / base.sum() - mean / base[base > 0].mean()
    variance = max(float(between), 0.0)
    within = mean / base.where(base > 0)
    weight = (variance / (variance + within)).where(variance + within > 0, 0.0)
    return (mean + weight * (rates - mean)).where(base > 0, np.nan)
