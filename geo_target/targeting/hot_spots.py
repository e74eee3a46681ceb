"""Hot and cold spots: villages whose rates lie high, or low, together with their neighbors'."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from geo_target.targeting.contiguity import Contiguity
from geo_target.targeting.rates import smoothed_rates

#: Of fewer villages hardly any arrangement would be rare.
FEWEST_VILLAGES = 8
FALSE_DISCOVERY_RATE = 0.05

#: Sums of the same numbers in another order differ by less.
_SAME = 1e-9
#: So many permutations are worked out together: of a province they take 10 MB.
_AT_ONCE = 512
#: As esda numbers them.
_QUADRANTS = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}

_Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HotSpotSummary:
    """What holds for all villages, and how it was found.

    `villages` is the number of those used. Where they were fewer than `FEWEST_VILLAGES` nothing
    is computed, and all but it, `permutations` and `seed` is None; Moran's I is None too where
    all rates are alike. A p-value below its threshold is significant.
    """

    villages: int
    permutations: int
    seed: int
    morans_i: float | None = None
    morans_i_p: float | None = None
    hot_spot_threshold: float | None = None
    local_moran_threshold: float | None = None


@dataclass(frozen=True)
class HotSpots:
    """What is significant in each village, and a summary.

    `frame` has for each village ``hot_spot`` (hot, cold) and ``local_moran`` (high-high,
    low-low, high-low, low-high: the village, then its neighbors), "" where it is not
    significant, and the two-sided p-values ``hot_spot_p`` and ``local_moran_p``; all four are
    null in villages that were not used.
    """

    frame: pd.DataFrame
    summary: HotSpotSummary


def find_hot_spots(
    villages: gpd.GeoDataFrame,
    contiguity: Contiguity,
    *,
    permutations: int = 9_999,
    seed: int = 1,
) -> HotSpots:
    """Find where uncovered shares lie high or low together.

    Gi* (Ord and Getis 1995, Geographical Analysis 27(4), 286-306,
    doi:10.1111/j.1538-4632.1995.tb00912.x) of the smoothed rate: a raw rate of a few families is
    often extreme by chance, and one drawn toward its neighbors would be a hot spot because it
    was. Local and global Moran's I of rates (Anselin 1995, Geographical Analysis 27(2), 93-115,
    doi:10.1111/j.1538-4632.1995.tb00338.x; of rates: Assunção and Reis 1999, Statistics in
    Medicine 18(16), 2147-2162). Neighbors weigh alike. esda computes the statistics.

    How rare they are is asked of permutations of the other villages, on both sides, and what is
    significant is so at a false discovery rate of 5 % among the villages (Benjamini and
    Hochberg 1995). The village keeps its own value, so it is its neighbors that make it hot: at
    the corner of a hot block most of them are not. The least p-value is 2 / (permutations + 1):
    with 999 permutations and 1,500 villages none would be significant unless 60 were, with 9,999
    it takes six.

    Parameters
    ----------
    villages
        Indexed by ``village_code``, in any order: ``uncovered_families`` and
        ``covered_families``. A village that lacks one of them or has neither family is left out
        of the contiguity, and no other village's result depends on it.
    contiguity
        Of at least these villages.
    seed
        The same seed and counts give the same results, whatever the order of the villages.
    """
    counts = villages[["uncovered_families", "covered_families"]].astype("float64")
    compared = counts.sum(axis=1, skipna=False)
    near = contiguity.within(counts.index[compared > 0])
    frame = _nothing(villages.index)
    summary = HotSpotSummary(len(near.codes), permutations, seed)
    if summary.villages < FEWEST_VILLAGES:
        return HotSpots(frame, summary)
    events = counts.loc[near.codes, "uncovered_families"]
    base = compared[near.codes]
    smooth = smoothed_rates(events, base).to_numpy()
    found = _statistics(smooth, events.to_numpy(), base.to_numpy(), near.matrix)
    rng = np.random.default_rng(seed)
    most = int(np.diff(near.matrix.indptr).max())
    drawn = np.array(
        [rng.choice(len(smooth) - 1, most, replace=False) for _ in range(permutations)]
    )
    hot_p = neighbor_p_values(smooth, near.matrix, drawn)
    local_p = neighbor_p_values(found.standardized, near.matrix, drawn)
    hot_limit, local_limit = _threshold(hot_p), _threshold(local_p)
    spots = np.where(found.g_star > 0, "hot", "cold")
    frame.loc[near.codes, "hot_spot"] = np.where(hot_p < hot_limit, spots, "")
    frame.loc[near.codes, "hot_spot_p"] = hot_p
    frame.loc[near.codes, "local_moran"] = np.where(local_p < local_limit, found.quadrants, "")
    frame.loc[near.codes, "local_moran_p"] = local_p
    summary = replace(
        summary, hot_spot_threshold=hot_limit, local_moran_threshold=local_limit
    )  # fmt: skip
    if np.ptp(found.standardized) > _SAME:
        morans_p = global_p_value(found.standardized, near.matrix, permutations, rng)
        summary = replace(summary, morans_i=found.morans_i, morans_i_p=morans_p)
    return HotSpots(frame, summary)


@dataclass(frozen=True)
class _Statistics:
    """What esda computes; n numbers, and one for all."""

    #: Gi*, standardized: above 0 is hot, below is cold.
    g_star: _Numbers
    #: The rates that Moran's I is of.
    standardized: _Numbers
    quadrants: npt.NDArray[np.str_]
    morans_i: float


def _statistics(
    smooth: _Numbers, events: _Numbers, base: _Numbers, matrix: csr_array
) -> _Statistics:
    # Takes 2.5 s, which only a run should spend.
    import esda  # type: ignore[import-untyped]  # noqa: PLC0415
    from libpysal.graph import Graph  # type: ignore[import-untyped]  # noqa: PLC0415

    graph = Graph.from_sparse(matrix)
    # Where all rates are alike each divides by 0; nothing is significant then.
    with np.errstate(all="ignore"):
        g_star = esda.G_Local(smooth, graph, transform="B", star=True, permutations=0)
        local = esda.Moran_Local_Rate(events, base, graph, permutations=0)
        whole = esda.Moran_Rate(events, base, graph, permutations=0)
    return _Statistics(
        np.nan_to_num(g_star.Zs),
        np.nan_to_num(local.y),
        np.array([_QUADRANTS[quadrant] for quadrant in local.q]),
        float(whole.I),
    )


def neighbor_p_values(
    values: _Numbers, matrix: csr_array, drawn: npt.NDArray[np.int64]
) -> _Numbers:
    """How rare what the neighbors of each village have would be, were villages permuted.

    The village keeps its own value, so that Gi* and local Moran's I grow with the sum of its
    neighbors', or fall with it: one question for both. esda counts one side only, and what is
    equal as if it were less; where many villages have nobody uncovered this makes them rare.

    Parameters
    ----------
    values, matrix
        n values, and n x n ones where two are neighbors.
    drawn
        Permutations x as many as the most neighbors: each row positions among the n - 1 other
        villages, none twice. A village with k neighbors takes the first k.

    Returns
    -------
    array
        n two-sided p-values.
    """
    columns = np.ascontiguousarray(drawn.T)
    numbers = np.diff(matrix.indptr)
    observed = matrix @ values
    p_values = np.empty(len(values))
    for village, number in enumerate(numbers):
        others = np.delete(values, village)
        p_values[village] = _two_sided(observed[village], others[columns[:number]].sum(axis=0))
    return p_values


def global_p_value(
    values: _Numbers, matrix: csr_array, permutations: int, rng: np.random.Generator
) -> float:
    """How rare Moran's I would be, were all villages permuted: two-sided.

    Parameters
    ----------
    values, matrix
        As for `neighbor_p_values`; each village has a neighbor.
    """
    centered = values - values.mean()
    by_row = (matrix / np.diff(matrix.indptr)[:, None]).tocsr()
    simulated = np.empty(permutations)
    for first in range(0, permutations, _AT_ONCE):
        some = simulated[first : first + _AT_ONCE]
        # A column each: a product with a vector takes longer to begin than to work out.
        draws = np.array([rng.permutation(centered) for _ in some]).T.copy()
        some[:] = (draws * (by_row @ draws)).sum(axis=0)
    return _two_sided(float(centered @ (by_row @ centered)), simulated)


def _two_sided(observed: float, simulated: _Numbers) -> float:
    above = (simulated >= observed - _SAME).sum()
    below = (simulated <= observed + _SAME).sum()
    return min(1.0, 2 * (int(min(above, below)) + 1) / (len(simulated) + 1))


def _threshold(p_values: _Numbers) -> float:
    import esda  # noqa: PLC0415  # see `_statistics`

    return float(esda.fdr(p_values, FALSE_DISCOVERY_RATE))


def _nothing(codes: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "hot_spot": pd.Series(None, codes, dtype="str"),
            "hot_spot_p": pd.Series(np.nan, codes),
            "local_moran": pd.Series(None, codes, dtype="str"),
            "local_moran_p": pd.Series(np.nan, codes),
        }
    )
