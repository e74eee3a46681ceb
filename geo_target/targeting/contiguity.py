"""Which villages are neighbors: by queen contiguity, and islands by distance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array

from geo_target.crs import metric_crs

_M2_PER_KM2 = 1e6
_KM2_DECIMALS = 4

Shapes = npt.NDArray[Any]


@dataclass(frozen=True)
class Contiguity:
    """Villages and their neighbors.

    `codes` are sorted. `matrix` has a row and a column for each, in that order: 1 where two are
    neighbors, else 0; symmetric, its diagonal 0. `touching` is the same without the joined
    islands, and `joined` holds those: island and the village nearest to it. `shapes` are the
    polygons in meters.
    """

    codes: pd.Index
    matrix: csr_array
    touching: csr_array
    joined: tuple[tuple[str, str], ...]
    shapes: Shapes

    @property
    def area_km2(self) -> pd.Series:
        """Area of each village, as it is shown: to the 100 m2 that boundaries are not surer of."""
        areas = shapely.area(self.shapes) / _M2_PER_KM2
        return pd.Series(areas, index=self.codes).round(_KM2_DECIMALS)

    def within(self, codes: Iterable[str]) -> "Contiguity":
        """The contiguity of some of the villages alone, as if there were no others.

        A village that has lost all of its neighbors is an island, and joined like one.
        """
        kept = np.flatnonzero(self.codes.isin(list(codes)))
        return _join(self.codes[kept], self.touching[kept][:, kept], self.shapes[kept])


def find_contiguity(villages: gpd.GeoDataFrame) -> Contiguity:
    """Find the neighbors of each village.

    Villages are neighbors that share a line or a single point of their outlines (queen
    contiguity: Cliff and Ord 1981, Spatial Processes). An island, which shares none, becomes the
    neighbor of the village that is nearest from shore to shore, and that village its: of villages
    equally near the one of the lowest code. Two islands that touch each other are none.

    Parameters
    ----------
    villages
        Indexed by unique ``village_code`` in any order; polygons (EPSG:4326) that do not overlap,
        as `places.boundaries.read_boundaries` gives them.
    """
    ordered = villages.sort_index()
    shapes = np.asarray(ordered.geometry)
    # Where no polygons overlap this is 'touches', in a tenth of its time.
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one != other
    touching = _matrix(one[pairs], other[pairs], len(shapes))
    crs = metric_crs(*shapely.box(*ordered.total_bounds).centroid.coords[0])
    return _join(ordered.index, touching, np.asarray(ordered.geometry.to_crs(crs)))


def _join(codes: pd.Index, touching: csr_array, shapes: Shapes) -> Contiguity:
    alone = np.flatnonzero(np.diff(touching.indptr) == 0).tolist() if len(codes) > 1 else []
    links = [(island, _nearest(island, shapes)) for island in alone]
    one, other = np.concatenate([np.array(touching.nonzero()).T, *[[link] for link in links]]).T
    matrix = _matrix(np.concatenate([one, other]), np.concatenate([other, one]), len(codes))
    joined = tuple((codes[island], codes[nearest]) for island, nearest in links)
    return Contiguity(codes, matrix, touching, joined, shapes)


def _nearest(island: int, shapes: Shapes) -> int:
    others = np.delete(np.arange(len(shapes)), island)
    equally_near = shapely.STRtree(shapes[others]).query_nearest(shapes[island])
    return int(others[equally_near.min()])


def _matrix(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], size: int) -> csr_array:
    """Ones at the given places; a place that is given twice has a 1 too."""
    matrix = coo_array((np.ones(len(one), np.int64), (one, other)), shape=(size, size)).tocsr()
    matrix.data[:] = 1
    return matrix
