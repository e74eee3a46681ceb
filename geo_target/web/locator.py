"""A small drawing of where a village lies, from the shapes that the map has already."""

import gzip
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo_target.web.store import ShownFile, Snapshot

_WIDTH = 400
_MARGIN = 6


@dataclass(frozen=True)
class Drawing:
    """Paths of SVG: the districts, and each village by its code."""

    width: int
    height: int
    districts: tuple[str, ...]
    villages: Mapping[str, str]


def drawing_of(snapshot: Snapshot) -> Drawing:
    """Draw the area of a snapshot."""
    return _draw(snapshot.layers["districts"], snapshot.layers["villages"])


@lru_cache(maxsize=2)
def _draw(districts: ShownFile, villages: ShownFile) -> Drawing:
    outlines, shapes = _features(districts), _features(villages)
    corners = [corner for shape in shapes for ring in _rings(shape) for corner in ring]
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    # Degrees of longitude are shorter than those of latitude away from the equator.
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (_WIDTH - 2 * _MARGIN) / ((east - west) * narrow)

    def path(feature: Mapping[str, Any]) -> str:
        parts = []
        for ring in _rings(feature):
            corners = dict.fromkeys(
                f"{_MARGIN + (lon - west) * narrow * scale:.0f} "
                f"{_MARGIN + (north - lat) * scale:.0f}"
                for lon, lat in ring
            )
            parts.append("M" + "L".join(corners) + "Z")
        return "".join(parts)

    return Drawing(
        width=_WIDTH,
        height=round((north - south) * scale) + 2 * _MARGIN,
        districts=tuple(path(feature) for feature in outlines),
        villages={str(f["properties"]["village_code"]): path(f) for f in shapes},
    )


def _features(file: ShownFile) -> list[dict[str, Any]]:
    return list(json.loads(gzip.decompress(file.body))["features"])


def _rings(feature: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon
