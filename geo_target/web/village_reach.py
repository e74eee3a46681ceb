"""How far a point lies from its village, by the shapes that the map has: a doubt, no location."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from geo_target.web.locator import features_of, rings_of
from geo_target.web.store import ShownFile, Snapshot

#: Mean radius of the earth.
_RADIUS_M = 6_371_008.8

Ring = Sequence[Sequence[float]]


def reach_of(snapshot: Snapshot) -> Callable[[float, float, str], float | None]:
    """Meters from a point (lon, lat in degrees, EPSG:4326) to a village by its code.

    0 inside; None where the run has no shape of the village. Shapes of the map are simplified:
    within some tens of meters of its edge a point may count as the neighbor's.
    """

    def reach(lon: float, lat: float, village_code: str) -> float | None:
        layers = snapshot.layers
        district = village_code.rpartition(".")[0]
        rings = _rings(layers.get(f"villages-{district}", layers["villages"])).get(village_code)
        return meters_to(lon, lat, rings) if rings else None

    return reach


def meters_to(lon: float, lat: float, rings: Iterable[Ring]) -> float:
    """Meters to a shape, on a plane that touches the earth at the point; 0 inside.

    Inside is what an odd number of edges lies to the east of (Shimrat 1962), holes too.
    """
    narrow = math.cos(math.radians(lat))
    scale = math.radians(1) * _RADIUS_M
    is_inside, nearest = False, math.inf
    for ring in rings:
        corners = [((x - lon) * narrow * scale, (y - lat) * scale) for x, y, *_ in ring]
        for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if (y1 > 0) != (y2 > 0) and x1 + (x2 - x1) * y1 / (y1 - y2) > 0:
                is_inside = not is_inside
            nearest = min(nearest, _to_edge(x1, y1, x2, y2))
    return 0.0 if is_inside else nearest


def _to_edge(x1: float, y1: float, x2: float, y2: float) -> float:
    """Meters from the origin to an edge."""
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = -(x1 * dx + y1 * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(x1 + along * dx, y1 + along * dy)


@lru_cache(maxsize=8)
def _rings(file: ShownFile) -> dict[str, list[Ring]]:
    """Rings of each village of a layer; read once."""
    return {
        str(f["properties"]["village_code"]): list(rings_of(f))
        for f in features_of(file)
        if "village_code" in f["properties"]
    }
