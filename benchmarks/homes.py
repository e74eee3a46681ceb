"""Points of homes of a Banten, in meters: settlements, as dense as the villages are small."""

import numpy as np
import numpy.typing as npt
import pyproj

from geo_target.crs import WGS84, metric_crs
from geo_target.places.gazetteer import villages_of

AREA = "36"
#: Families of all villages together; who is clustered is a part of them.
FAMILIES = 3_300_000
_SETTLEMENT = 60
#: Standard deviation of homes around the middle of their settlement, meters.
_SPREAD_M = 70.0


def homes(points: int, *, dense: bool, seed: int = 7) -> tuple[npt.NDArray[np.float64], pyproj.CRS]:
    """So many homes of the poor, who live together: anywhere, or in the densest villages.

    Returns
    -------
    xy
        `points` x 2, meters in the CRS.
    crs
        The UTM zone of Banten.
    """
    random = np.random.default_rng(seed)
    villages = villages_of(AREA)
    crs = metric_crs(float(villages["lon"].mean()), float(villages["lat"].mean()))
    families = random.lognormal(0, 0.5, len(villages))
    families = np.ceil(families / families.sum() * FAMILIES).astype(int)
    if dense:
        order = np.argsort(-families / villages["area_km2"].to_numpy())
        chosen = order[: np.searchsorted(np.cumsum(families[order]), points) + 1]
    else:
        chosen = np.arange(len(villages))
    east, north = pyproj.Transformer.from_crs(WGS84, crs, always_xy=True).transform(
        villages["lon"].to_numpy()[chosen], villages["lat"].to_numpy()[chosen]
    )
    side = 1000 * np.sqrt(villages["area_km2"].to_numpy()[chosen])
    settled = [
        _village(random, number, (x, y), length)
        for number, x, y, length in zip(families[chosen], east, north, side, strict=True)
    ]
    everyone = np.concatenate([own for own, _ in settled])
    poverty = np.concatenate([share for _, share in settled])
    poorest = np.argsort(random.exponential(size=len(everyone)) / poverty)[:points]
    return everyone[poorest], crs


def _village(
    random: np.random.Generator, families: int, middle: tuple[float, float], side: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Homes, and how poor the settlement of each is."""
    settlements = random.uniform(-side / 2, side / 2, (families // _SETTLEMENT + 1, 2))
    of = random.integers(0, len(settlements), families)
    poverty = random.random(len(settlements)) ** 6 + 1e-3
    own = settlements[of] + random.normal(0, _SPREAD_M, (families, 2))
    return np.asarray(middle) + own, poverty[of]
