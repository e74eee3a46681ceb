"""Small worlds of hamlets, some of them pockets that no program reaches."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj

from geo_target.crs import WGS84
from geo_target.settings import Clusters
from geo_target.targeting.clusters import find_clusters
from tests.builders import UTM_48S, row_of_villages

CRS = pyproj.CRS(UTM_48S)
VILLAGES = row_of_villages(*(f"36.73.01.{number}" for number in range(1001, 1013)))
#: Hamlets of a village, one in each quarter of its square kilometer.
HAMLETS = 4

Flags = npt.NDArray[np.bool_]


def make_world(
    seed: int, *, pocket: float, elsewhere: float, every: int = 4, located: float = 1.0
) -> pd.DataFrame:
    """Families of 48 hamlets in 12 villages, and as many scattered as an eighth of them.

    Parameters
    ----------
    pocket, elsewhere
        Shares of uncovered families in pockets and everywhere else.
    every
        One hamlet of so many is a pocket.
    located
        Share of the families that have a point.

    Returns
    -------
    DataFrame
        As `find_clusters` takes them, with ``hamlet`` (-1 scattered) and ``is_pocket``. An RW is
        a quarter of a village, so a hamlet and the scattered around it.
    """
    random = np.random.default_rng(seed)
    count = len(VILLAGES) * HAMLETS
    village, quarter = np.divmod(np.arange(count), HAMLETS)
    corner = np.column_stack([village * 1000 + quarter % 2 * 500, quarter // 2 * 500])
    middle = corner + 250 + random.uniform(-70, 70, (count, 2))
    size = np.clip(random.lognormal(np.log(70), 0.4, count), 35, 150).astype(int)
    pockets = np.isin(np.arange(count), random.permutation(count)[: count // every])
    home = np.repeat(np.arange(count), size)
    spread = random.uniform(25, 70, count)[home]
    places = middle[home] + random.normal(0, 1, (len(home), 2)) * spread[:, None]
    alone = random.integers(0, count, len(home) // 8)
    places = np.concatenate([places, corner[alone] + random.uniform(0, 500, (len(alone), 2))])
    hamlet = np.concatenate([home, np.full(len(alone), -1)])
    near = np.concatenate([home, alone])
    is_pocket = (hamlet >= 0) & pockets[hamlet]
    is_uncovered = random.random(len(near)) < np.where(is_pocket, pocket, elsewhere)
    degrees = gpd.GeoSeries.from_xy(
        620_000 + places[:, 0], 9_320_000 + places[:, 1], crs=UTM_48S
    ).to_crs(WGS84)
    return pd.DataFrame(
        {
            "village_code": VILLAGES.index.to_numpy()[village[near]],
            "rw": pd.Series(quarter[near] + 1).map("{:03d}".format).to_numpy(),
            "neighborhood": None,
            "coverage_state": np.where(is_uncovered, "uncovered", "covered"),
            "lon": degrees.x.to_numpy(),
            "lat": degrees.y.to_numpy(),
            "has_point": random.random(len(near)) < located,
            "hamlet": hamlet,
            "is_pocket": is_pocket,
        },
        index=pd.Index([f"F{number:05d}" for number in range(len(near))], name="family_id"),
    )


def found_in(
    families: pd.DataFrame, rule: Clusters | None = None
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Clusters of a world, with what their tests say."""
    return find_clusters(families, VILLAGES, rule or Clusters(), CRS)


def pocket_rw(families: pd.DataFrame) -> set[str]:
    """Ids that clusters of the pockets' RW have."""
    own = families[families["is_pocket"]]
    return set("rw-" + own["village_code"] + "-" + own["rw"])
