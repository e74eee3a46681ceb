"""Rates of small places, drawn toward the rate of the whole."""

import numpy as np
import pandas as pd


def smoothed_rates(events: pd.Series, base: pd.Series) -> pd.Series:
    """Empirical-Bayes estimate of ``events / base``; null where the base is 0.

    Two of three families uncovered say less than two hundred of three hundred: the rate of
    a small base is drawn toward the area's. Marshall (1991), Applied Statistics 40(2),
    283-294, doi:10.2307/2347593, as esda computes it.

    Parameters
    ----------
    events, base
        Counts on the same index, ``0 <= events <= base``.
    """
    from esda.smoothing import Empirical_Bayes  # noqa: PLC0415  # 1.4 s to import

    compared = base > 0
    smoothed = pd.Series(np.nan, index=base.index, dtype="float64")
    if compared.sum() > 1:
        rates = Empirical_Bayes(
            events[compared].to_numpy(dtype="float64"), base[compared].to_numpy(dtype="float64")
        ).r
        smoothed[compared] = np.asarray(rates).ravel()
    else:
        smoothed[compared] = events[compared] / base[compared]
    return smoothed
