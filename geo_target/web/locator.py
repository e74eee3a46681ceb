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
_ROOM = 0.25


@dataclass(frozen=True)
class Drawing:
    """Paths of SVG: the districts, and each village by its code."""

    width: int
    height: int
    districts: tuple[str, ...]
    villages: Mapping[str, str]


def drawing_of(snapshot: Snapshot) -> Drawing:
    """Draw the area of a snapshot."""
    layers = snapshot.layers
    return _draw(layers.get("outlines", layers["districts"]), layers["villages"])


class Frame:
    """Where corners of shapes, in degrees, come to lie in a drawing."""

    def __init__(self, corners: Sequence[Sequence[float]], width: int = _WIDTH) -> None:
        self.west, east = min(c[0] for c in corners), max(c[0] for c in corners)
        south, self.north = min(c[1] for c in corners), max(c[1] for c in corners)
        # Degrees of longitude are shorter than those of latitude away from the equator.
        self.narrow = math.cos(math.radians((south + self.north) / 2))
        self.scale = (width - 2 * _MARGIN) / ((east - self.west) * self.narrow)
        self.height = round((self.north - south) * self.scale) + 2 * _MARGIN
        self.bounds = (self.west, south, east, self.north)

    def point(self, corner: Sequence[float]) -> tuple[int, int]:
        """Where a corner comes to lie."""
        lon, lat = corner
        return (round(_MARGIN + (lon - self.west) * self.narrow * self.scale),
                round(_MARGIN + (self.north - lat) * self.scale))  # fmt: skip

    def path(self, feature: Mapping[str, Any]) -> str:
        """A shape as a path."""
        parts = []
        for ring in rings_of(feature):
            corners = dict.fromkeys("{} {}".format(*self.point(corner)) for corner in ring)
            parts.append("M" + "L".join(corners) + "Z")
        return "".join(parts)

    def meets(self, feature: Mapping[str, Any]) -> bool:
        """Whether a shape can be seen in it."""
        west, south, east, north = self.bounds
        corners = [corner for ring in rings_of(feature) for corner in ring]
        return (
            min(c[0] for c in corners) <= east and max(c[0] for c in corners) >= west
            and min(c[1] for c in corners) <= north and max(c[1] for c in corners) >= south
        )  # fmt: skip


@lru_cache(maxsize=2)
def _draw(districts: ShownFile, villages: ShownFile) -> Drawing:
    outlines, shapes = features_of(districts), features_of(villages)
    frame = Frame([corner for shape in shapes for ring in rings_of(shape) for corner in ring])
    return Drawing(
        width=_WIDTH,
        height=frame.height,
        districts=tuple(frame.path(feature) for feature in outlines),
        villages={str(f["properties"]["village_code"]): frame.path(f) for f in shapes},
    )


def _with_room(corners: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """The corners of a box a quarter wider, on each side, than what lies in it."""
    lons, lats = ([corner[axis] for corner in corners] for axis in (0, 1))
    wide, high = ((max(values) - min(values)) * _ROOM for values in (lons, lats))
    return [(min(lons) - wide, min(lats) - high), (max(lons) + wide, max(lats) + high)]


def _beyond(neighbors: ShownFile | None, frame: Frame) -> list[dict[str, Any]]:
    """Land outside the area, as far as it can be seen: it is no sea."""
    features = features_of(neighbors) if neighbors else []
    return [one for f in features for one in _polygons(f) if frame.meets(one)]


@dataclass(frozen=True)
class CloseUp:
    """Paths of SVG around a cluster: its villages, those beside them, and its cells, if any."""

    width: int
    height: int
    around: tuple[str, ...]
    villages: tuple[str, ...]
    cells: str


def close_up_of(snapshot: Snapshot, codes: Collection[str], cluster_id: str) -> CloseUp:
    """Draw the villages of a cluster with some of what lies around them."""
    layers = snapshot.layers
    shapes = {str(f["properties"]["village_code"]): f for f in features_of(layers["villages"])}
    own = [shapes[code] for code in codes if code in shapes]
    cells = [
        f for f in features_of(layers["clusters"])
        if f["properties"].get("cluster_id") == cluster_id
    ]  # fmt: skip
    corners = [corner for f in own or [*shapes.values()] for ring in rings_of(f) for corner in ring]
    frame = Frame(_with_room(corners))
    beside = [f for code, f in shapes.items() if code not in codes and frame.meets(f)]
    return CloseUp(
        width=_WIDTH,
        height=frame.height,
        around=tuple(frame.path(f) for f in (*_beyond(layers.get("neighbors"), frame), *beside)),
        villages=tuple(frame.path(f) for f in own),
        cells="".join(frame.path(f) for f in cells),
    )


@dataclass(frozen=True)
class Plan:
    """Paths of SVG of a place: what lies around it, and each of its parts by code."""

    width: int
    height: int
    around: tuple[str, ...]
    parts: Mapping[str, str]
    labels: Mapping[str, tuple[int, int]]
    """Where the name or number of a part may stand."""


def village_plan(snapshot: Snapshot, district: str) -> Plan:
    """Draw the villages of a district as large as they fit, as finely as the map does."""
    layers = snapshot.layers
    parts = layers.get(f"villages-{district}", layers["villages"])
    around = (layers.get("neighbors"), layers["districts"])
    return _plan(around, parts, frozenset({district}), "village_code")


def district_plan(snapshot: Snapshot, districts: Collection[str]) -> Plan:
    """Draw districts as large as they fit."""
    layers = snapshot.layers
    around = (layers.get("neighbors"), layers["districts"])
    return _plan(around, layers["districts"], frozenset(districts), "district_code")


@lru_cache(maxsize=64)
def _plan(
    around: tuple[ShownFile | None, ShownFile],
    parts: ShownFile,
    districts: frozenset[str],
    column: str,
) -> Plan:
    own = [f for f in features_of(parts)
           if f["properties"].get("district_code") in districts
           and f["properties"].get(column)]  # fmt: skip
    neighbors, own_land = around
    land = features_of(own_land)
    frame = Frame([corner for f in own or land for ring in rings_of(f) for corner in ring])
    beside = [f for f in land
              if f["properties"]["district_code"] not in districts and frame.meets(f)]  # fmt: skip
    return Plan(
        width=_WIDTH,
        height=frame.height,
        around=tuple(frame.path(f) for f in (*_beyond(neighbors, frame), *beside)),
        parts={str(f["properties"][column]): frame.path(f) for f in own},
        labels={str(f["properties"][column]): frame.point(f["properties"]["label"])
                for f in own if "label" in f["properties"]},
    )  # fmt: skip


def features_of(file: ShownFile) -> list[dict[str, Any]]:
    """Features of a layer."""
    return list(json.loads(gzip.decompress(file.body))["features"])


def _polygons(feature: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The polygons of a shape, each as a shape of its own."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"]
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield {"geometry": {"type": "Polygon", "coordinates": polygon}}


def rings_of(feature: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    """Rings of a shape, holes too."""
    for polygon in _polygons(feature):
        yield from polygon["geometry"]["coordinates"]
