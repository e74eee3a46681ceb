"""A small drawing of where a village lies, from the shapes that the map has already."""

import gzip
import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
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


class _Frame:
    """Where corners of shapes, in degrees, come to lie in a drawing."""

    def __init__(self, corners: Sequence[Sequence[float]]) -> None:
        self.west, east = min(c[0] for c in corners), max(c[0] for c in corners)
        south, self.north = min(c[1] for c in corners), max(c[1] for c in corners)
        # Degrees of longitude are shorter than those of latitude away from the equator.
        self.narrow = math.cos(math.radians((south + self.north) / 2))
        self.scale = (_WIDTH - 2 * _MARGIN) / ((east - self.west) * self.narrow)
        self.height = round((self.north - south) * self.scale) + 2 * _MARGIN
        self.bounds = (self.west, south, east, self.north)

    def path(self, feature: Mapping[str, Any]) -> str:
        """A shape as a path."""
        parts = []
        for ring in _rings(feature):
            corners = dict.fromkeys(
                f"{_MARGIN + (lon - self.west) * self.narrow * self.scale:.0f} "
                f"{_MARGIN + (self.north - lat) * self.scale:.0f}"
                for lon, lat in ring
            )
            parts.append("M" + "L".join(corners) + "Z")
        return "".join(parts)

    def meets(self, feature: Mapping[str, Any]) -> bool:
        """Whether a shape can be seen in it."""
        west, south, east, north = self.bounds
        corners = [corner for ring in _rings(feature) for corner in ring]
        return (
            min(c[0] for c in corners) <= east and max(c[0] for c in corners) >= west
            and min(c[1] for c in corners) <= north and max(c[1] for c in corners) >= south
        )  # fmt: skip


@lru_cache(maxsize=2)
def _draw(districts: ShownFile, villages: ShownFile) -> Drawing:
    outlines, shapes = _features(districts), _features(villages)
    frame = _Frame([corner for shape in shapes for ring in _rings(shape) for corner in ring])
    return Drawing(
        width=_WIDTH,
        height=frame.height,
        districts=tuple(frame.path(feature) for feature in outlines),
        villages={str(f["properties"]["village_code"]): frame.path(f) for f in shapes},
    )


@dataclass(frozen=True)
class CloseUp:
    """Paths of SVG around a cluster: its villages, those beside them, and its cells, if any."""

    width: int
    height: int
    around: tuple[str, ...]
    villages: tuple[str, ...]
    cells: str


def close_up_of(snapshot: Snapshot, codes: Collection[str], cluster_id: str) -> CloseUp:
    """Draw the villages of a cluster as large as they fit."""
    shapes = {
        str(f["properties"]["village_code"]): f for f in _features(snapshot.layers["villages"])
    }
    own = [shapes[code] for code in codes if code in shapes]
    cells = [
        f for f in _features(snapshot.layers["clusters"])
        if f["properties"].get("cluster_id") == cluster_id
    ]  # fmt: skip
    frame = _Frame(
        [corner for f in own or [*shapes.values()] for ring in _rings(f) for corner in ring]
    )
    beside = [f for code, f in shapes.items() if code not in codes and frame.meets(f)]
    return CloseUp(
        width=_WIDTH,
        height=frame.height,
        around=tuple(frame.path(f) for f in beside),
        villages=tuple(frame.path(f) for f in own),
        cells="".join(frame.path(f) for f in cells),
    )


def _features(file: ShownFile) -> list[dict[str, Any]]:
    return list(json.loads(gzip.decompress(file.body))["features"])


def _rings(feature: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon
