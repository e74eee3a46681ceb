"""Between which distances every place of a village lies from the nearest facility."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from geo_target.targeting.travel_times import Coordinates, Values

#: Villages are looked at in squares of this side where no formula holds for all of their places.
CELL_M = 250.0
#: From the middle of a square to its corners.
REACH_M = CELL_M / 2**0.5


@dataclass(frozen=True)
class Squares:
    """The squares of a fixed grid that touch each of some villages.

    Attributes
    ----------
    shapes
        The villages, in a metric CRS; an empty one touches nothing, and gets nulls.
    hulls
        Their convex hulls.
    middles
        n x 2, meters.
    village_of
        n: number of the shape.
    """

    shapes: npt.NDArray[np.object_]
    hulls: npt.NDArray[np.object_]
    middles: Coordinates
    village_of: npt.NDArray[np.int64]

    @classmethod
    def over(cls, shapes: npt.NDArray[np.object_]) -> Self:
        """Squares over `shapes`."""
        middles, numbers = [np.empty((0, 2))], [np.empty(0, dtype=np.int64)]
        for number, shape in enumerate(shapes):
            if shape is None or shape.is_empty:
                continue
            west, south, east, north = np.floor(np.array(shape.bounds) / CELL_M)
            x, y = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
            shapely.prepare(shape)
            touched = shapely.intersects(
                shape, shapely.box(x * CELL_M, y * CELL_M, (x + 1) * CELL_M, (y + 1) * CELL_M)
            )
            middles.append((np.column_stack([x[touched], y[touched]]) + 0.5) * CELL_M)
            numbers.append(np.full(int(touched.sum()), number))
        hulls = np.asarray(shapely.convex_hull(shapes))
        return cls(shapes, hulls, np.concatenate(middles), np.concatenate(numbers))

    def distances(self, facilities: Coordinates, tree: KDTree) -> pd.DataFrame:
        """``least_m``, exact, and ``most_m``, a bound from above, of each shape.

        To one facility the distance is a convex function of the place, greatest at a corner: the
        best single facility bounds them all. And the distance to the nearest one changes by no
        more than the way gone: a square holds none above that of its middle and `REACH_M`. The
        smaller of the two bounds counts.

        Parameters
        ----------
        facilities
            m x 2, meters; at least one.
        tree
            Of them.
        """
        least = pd.Series(np.nan, index=range(len(self.shapes)))
        points = np.asarray(shapely.points(facilities))
        (own, _), meters = shapely.STRtree(points).query_nearest(
            self.shapes, return_distance=True, all_matches=False
        )
        least[own] = meters
        by_square = pd.Series(tree.query(self.middles)[0] + REACH_M)
        most = by_square.groupby(self.village_of).max()
        hulls = self.hulls[most.index]
        one = [_most_from_one(shapely.get_coordinates(h), facilities, tree) for h in hulls]
        most = most.clip(upper=pd.Series(one, index=most.index, dtype="float64"))
        return pd.DataFrame({"least_m": least, "most_m": most.reindex(least.index)})

    def of_villages(self, least: Values, most: Values) -> pd.DataFrame:
        """Of what bounds each square, what bounds each shape; null where that is no number."""
        bounds = pd.DataFrame({"least": least, "most": most})
        by_village = bounds.groupby(self.village_of).agg({"least": "min", "most": "max"})
        return by_village.reindex(range(len(self.shapes))).replace(np.inf, np.nan)


def _most_from_one(corners: Coordinates, facilities: Coordinates, tree: KDTree) -> float:
    """Greatest distance from any place of a hull to the one facility for which it is least."""
    middle = corners.mean(axis=0)
    first = facilities[tree.query(middle)[1]]
    bound = float(cdist(corners, [first]).max())
    # One that is farther from a place of the hull than the bound cannot be better.
    rivals = facilities[tree.query_ball_point(middle, bound)]
    return min(bound, *map(float, cdist(corners, rivals).max(axis=0)))
