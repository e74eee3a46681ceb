"""The ground that people live on: polygons of villages, in degrees and in meters."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from geo_target.crs import WGS84, metric_crs
from geo_target.demo.columns import Flags, Floats, Ints

#: Decimals of a degree that a place has: 0.1 m.
PLACE_DECIMALS = 6
#: How often a place is drawn again that fell outside.
ROUNDS = 30


class Terrain:
    """The polygons of the villages, in degrees and in meters, by row of `villages`."""

    def __init__(self, villages: gpd.GeoDataFrame) -> None:
        """Prepare `villages` (EPSG:4326) for very many point-in-polygon questions."""
        self.degrees: npt.NDArray[Any] = villages.geometry.to_numpy()
        west, south, east, north = villages.total_bounds
        self.crs = metric_crs((west + east) / 2, (south + north) / 2)
        self.meters: npt.NDArray[Any] = villages.geometry.to_crs(self.crs).to_numpy()
        self._to_degrees = pyproj.Transformer.from_crs(self.crs, WGS84, always_xy=True)
        self._to_meters = pyproj.Transformer.from_crs(WGS84, self.crs, always_xy=True)
        shapely.prepare(self.degrees)
        shapely.prepare(self.meters)

    def written(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude of metric coordinates, as a list writes them."""
        lon, lat = self._to_degrees.transform(x, y)
        return np.round(lon, PLACE_DECIMALS), np.round(lat, PLACE_DECIMALS)

    def metric(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Metric coordinates of longitude and latitude."""
        x, y = self._to_meters.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def holds(self, village: Ints, lon: Floats, lat: Floats) -> Flags:
        """Whether each place lies inside its village, not on its edge."""
        inside: Flags = shapely.contains_xy(self.degrees[village], lon, lat)
        return inside


def scatter_within(
    rng: np.random.Generator, polygons: npt.NDArray[Any], which: Ints, inner: npt.NDArray[Any]
) -> tuple[Floats, Floats]:
    """Places anywhere in the polygons that `which` names; the inner point where none fits."""
    west, south, east, north = shapely.bounds(polygons).T
    x, y = shapely.get_x(inner)[which], shapely.get_y(inner)[which]
    todo = np.arange(len(which))
    for _ in range(ROUNDS):
        at = which[todo]
        try_x, try_y = rng.uniform(west[at], east[at]), rng.uniform(south[at], north[at])
        fits = shapely.contains_xy(polygons[at], try_x, try_y)
        x[todo[fits]], y[todo[fits]] = try_x[fits], try_y[fits]
        todo = todo[~fits]
    return x, y
