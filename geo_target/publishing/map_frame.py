"""From meters on the ground to units on a drawn map, 1,000 wide or 900 high."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

_WIDEST, _HIGHEST, _MARGIN = 1000.0, 900.0, 12.0
_BARS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class MapFrame:
    """Where a map lies: `west` and `north` in meters, and how many meters one unit is."""

    west: float
    north: float
    unit_m: float
    width: float
    height: float

    @classmethod
    def around(cls, bounds: np.ndarray) -> "MapFrame":
        """A frame that holds all boxes, each (west, south, east, north) in meters."""
        west, south = np.nanmin(bounds, axis=0)[:2]
        east, north = np.nanmax(bounds, axis=0)[2:]
        room = 2 * _MARGIN
        unit_m = float(max((east - west) / (_WIDEST - room), (north - south) / (_HIGHEST - room)))
        return cls(
            float(west) - _MARGIN * unit_m,
            float(north) + _MARGIN * unit_m,
            unit_m,
            float(east - west) / unit_m + room,
            float(north - south) / unit_m + room,
        )

    def place(self, positions: np.ndarray) -> np.ndarray:
        """Units right and down of positions in meters (n, 2), to a tenth."""
        moved = (positions - (self.west, self.north)) / self.unit_m * (1, -1)
        return np.asarray(np.round(moved, 1))

    def path(self, shapes: Iterable[Any]) -> str:
        """SVG path of polygons; "" where nothing is left to draw."""
        parts = shapely.get_parts(np.asarray(list(shapes), dtype=object))
        rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])  # noqa: PLR2004
        return "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in self._corners(ring)) + "Z" for ring in rings
        )

    def _corners(self, ring: Any) -> np.ndarray:
        """Corners of a ring, those that fall on the one before left out."""
        placed = self.place(shapely.get_coordinates(ring))[:-1]
        is_new = np.append(True, (placed[1:] != placed[:-1]).any(axis=1))
        return np.asarray(placed[is_new])

    def scale_bar(self) -> tuple[float, float]:
        """Kilometers and units of a bar of a round length, at most a fifth of the map."""
        fits = [km for km in _BARS_KM if km * 1000 / self.unit_m <= self.width / 5]
        km = fits[-1] if fits else _BARS_KM[0]
        return km, km * 1000 / self.unit_m
