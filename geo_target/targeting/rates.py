"""Rates of small places: drawn toward the rate of the whole or of the neighborhood."""

from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, eye_array
from scipy.stats import gamma

from geo_target.targeting.contiguity import Contiguity

_Numbers: TypeAlias = npt.NDArray[np.float64]

#: Each interval holds 95 %: so much is left below it, and as much above.
_TAIL = 0.025


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
        Counts on the same index, ``0 <= events <= base``. A place without one of them has no
        rate, and no part in those of others.
    """
    return _drawn_to_whole(events, base)["rate"].rename(None)


def rate_intervals(events: pd.Series, base: pd.Series) -> pd.DataFrame:
    """`smoothed_rates` with its 95 % interval: ``rate``, ``low``, ``high``.

    Marshall's estimate is the mean of a rate's Gamma distribution once its events are known,
    where rates of places vary about mean m with variance v by a Gamma distribution, and events
    by Poisson's: of shape m²/v + events and rate m/v + base (Clayton and Kaldor 1987, Biometrics
    43(3), 671-681, doi:10.2307/2532003). The interval lies between the 2.5 and 97.5 % quantiles
    of that distribution, and never reaches beyond 1. It takes m and v for known, so it is rather
    narrow than wide. Where v is 0 all places share one rate, and the interval is that of the sum
    of their events (Garwood 1936, Biometrika 28(3/4), 437-442, doi:10.2307/2333958).

    Parameters as `smoothed_rates`.
    """
    return _drawn_to_whole(events, base)


def spatial_rate_intervals(
    events: pd.Series, base: pd.Series, contiguity: Contiguity
) -> pd.DataFrame:
    """Rates drawn toward that of the neighborhood: ``rate``, ``low``, ``high``.

    Marshall's local estimator: mean and variance are those of a place and its neighbors alone.
    Places without a rate are left out of the contiguity before neighbors are counted.

    Parameters
    ----------
    events, base
        As `smoothed_rates`, indexed by ``village_code``.
    contiguity
        Of at least those villages.
    """
    known = _known(events, base)
    near = contiguity.within(known.index[known["base"] > 0])
    y, n = known.loc[near.codes].to_numpy().T
    hood = csr_array(near.matrix + eye_array(len(n), dtype=np.int64))
    all_y, all_n = hood @ y, hood @ n
    mean = all_y / all_n
    between = (hood @ (y**2 / n) - mean * all_y) / all_n - mean * (hood @ np.ones(len(n))) / all_n
    drawn = _posterior(y, n, _Prior(mean, between, all_y, all_n))
    return drawn.set_axis(near.codes).reindex(events.index)


@dataclass(frozen=True)
class VillageRates:
    """Rates by village, and the column of the village table that 1,000 families are of."""

    frame: pd.DataFrame
    denominator: str


def village_rates(villages: gpd.GeoDataFrame, contiguity: Contiguity) -> VillageRates:
    """Rates of uncovered families, for each village.

    Families are counted on lists of the population where every village of the table has such a
    number, else in the registers: one denominator for all. What is computed from a missing count
    is missing.

    Parameters
    ----------
    villages
        Indexed by ``village_code``: ``uncovered_families``, ``covered_families``, ``families``
        and, maybe all null, ``population_families``.
    contiguity
        Of at least these villages.

    Returns
    -------
    VillageRates
        ``uncovered_per_km2`` and ``uncovered_per_1000_families``; the interval of the smoothed
        rate, ``exclusion_error_low`` and ``_high``; and ``spatial_exclusion_error``, its
        ``_low`` and ``_high``. All float64, missing as NaN.
    """
    uncovered = villages["uncovered_families"].astype("float64")
    compared = uncovered + villages["covered_families"].astype("float64")
    has_population = villages["population_families"].notna().all()
    denominator = "population_families" if has_population else "families"
    families = villages[denominator].astype("float64")
    drawn = rate_intervals(uncovered, compared)
    spatial = spatial_rate_intervals(uncovered, compared, contiguity)
    frame = pd.DataFrame(
        {
            "uncovered_per_km2": uncovered / contiguity.area_km2.reindex(villages.index),
            "uncovered_per_1000_families": 1000 * uncovered / families.where(families > 0),
            "exclusion_error_low": drawn["low"],
            "exclusion_error_high": drawn["high"],
            "spatial_exclusion_error": spatial["rate"],
            "spatial_exclusion_error_low": spatial["low"],
            "spatial_exclusion_error_high": spatial["high"],
        },
        index=villages.index,
    )
    return VillageRates(frame, denominator)


def _known(events: pd.Series, base: pd.Series) -> pd.DataFrame:
    """Both counts as numbers where both are known, else neither; sorted, so that sums are equal."""
    both = pd.DataFrame({"events": events, "base": base}).astype("float64").sort_index()
    return both.where(both.notna().all(axis=1))


def _drawn_to_whole(events: pd.Series, base: pd.Series) -> pd.DataFrame:
    known = _known(events, base)
    known = known[known["base"] > 0]
    y, n = known["events"], known["base"]
    mean = y.sum() / n.sum() if len(n) else np.nan
    between = (n * (y / n - mean) ** 2).sum() / n.sum() - mean / n.mean() if len(n) else np.nan
    prior = _Prior(*(np.full(len(n), x) for x in (mean, between, y.sum(), n.sum())))
    drawn = _posterior(y.to_numpy(), n.to_numpy(), prior)
    return drawn.set_axis(known.index).reindex(events.index)


@dataclass(frozen=True)
class _Prior:
    """Mean and variance that a place's rate is drawn from, and the sums that gave them.

    A variance that comes out negative is one of 0.
    """

    mean: _Numbers
    variance: _Numbers
    events: _Numbers
    base: _Numbers


def _posterior(events: _Numbers, base: _Numbers, prior: _Prior) -> pd.DataFrame:
    """Rates with their intervals, a row a place; no base is 0."""
    mean, variance = prior.mean, prior.variance
    varies = variance > 0
    total = variance + mean / base
    weight = np.divide(variance, total, out=np.zeros_like(mean), where=varies)
    rate = mean + weight * (events / base - mean)
    prior_base = np.divide(mean, variance, out=np.zeros_like(mean), where=varies)
    shape = np.where(varies, mean * prior_base + events, prior.events)
    scale = 1 / np.where(varies, prior_base + base, prior.base)
    # Of no events at all there is no lower quantile, and the rate may well be 0.
    low = np.where(shape > 0, gamma.ppf(_TAIL, np.where(shape > 0, shape, 1), scale=scale), 0)
    high = gamma.ppf(1 - _TAIL, np.where(varies, shape, shape + 1), scale=scale)
    # Where hardly any place has an event, the mean of a place can lie above the quantile.
    return pd.DataFrame(
        {
            "rate": rate,
            "low": np.minimum(low, rate),
            "high": np.minimum(np.maximum(high, rate), 1),
        }
    )
