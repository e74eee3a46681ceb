"""Facilities on a map: which types there are, and a shape for each, told apart without color."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.web.figures import Record
from geo_target.web.store import Snapshot

_PREFIX = "facilities-"
_SQUARE = "M-5-5H5V5H-5Z"
_DIAMOND = "M0-6.5 6.5 0 0 6.5-6.5 0Z"
_CIRCLE = "M0-5.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11Z"
_UP = "M0-6 6 5H-6Z"
_DOWN = "M0 6-6-5H6Z"
_CROSS = "M-2.2-6.5H2.2V-2.2H6.5V2.2H2.2V6.5H-2.2V2.2H-6.5V-2.2H-2.2Z"
_PENTAGON = "M0-6.3 6.3-1.6 3.9 5.6H-3.9L-6.3-1.6Z"
_BOW = "M-6-5 6 5V-5L-6 5Z"
_STAR = "M0-6.8 1.9-2 6.8-2 2.9 1.2 4.3 6 0 3.2-4.3 6-2.9 1.2-6.8-2-1.9-2Z"

#: By type the outline of its glyph, in pixels about its point, and whether it is hollow.
_GLYPHS: Mapping[str, tuple[str, bool]] = {
    "rs": (_CROSS, False), "puskesmas": (_CROSS, True), "pustu": (_DIAMOND, False),
    "poskesdes": (_DIAMOND, True), "posyandu": (_CIRCLE, True), "klinik": (_CIRCLE, False),
    "paud": (_DOWN, True), "sd": (_UP, False), "smp": (_UP, True), "sma": (_DOWN, False),
    "kantor-desa": (_SQUARE, True), "kantor-kecamatan": (_SQUARE, False),
    "kantor-pos": (_BOW, False), "bank": (_PENTAGON, False), "pasar": (_PENTAGON, True),
}  # fmt: skip
_OTHER = (_STAR, True)


@dataclass(frozen=True)
class FacilityKind:
    """A type with a layer; `key` names it in the address, `told` is as the audience has it."""

    key: str
    layer: str
    told: Record
    shape: str
    hollow: bool
    facilities: int


def kinds_on_map(snapshot: Snapshot) -> list[FacilityKind]:
    """Types whose points are published, in their order; none in runs of older versions."""
    types = snapshot.access.get("types", ()) if snapshot.access else ()
    kinds = []
    for told in types:
        layer = told.get("layer")
        if layer in snapshot.layers:
            shape, hollow = _GLYPHS.get(told["type"], _OTHER)
            kinds.append(
                FacilityKind(
                    key=layer.removeprefix(_PREFIX), layer=layer, told=told, shape=shape,
                    hollow=hollow, facilities=told["usable_facilities"],
                )
            )  # fmt: skip
    return kinds


@dataclass(frozen=True)
class FacilityPlace:
    """A facility by name (None where none is told), and its village (None outside the area)."""

    name: str | None
    village: Record | None


def places_of(kind: FacilityKind, snapshot: Snapshot) -> list[FacilityPlace]:
    """The points of a type as a table, by name; those without one last."""
    layer = json.loads(gzip.decompress(snapshot.layers[kind.layer].body))
    told = [point["properties"] for point in layer["features"]]
    places = [
        FacilityPlace(one["name"], snapshot.villages.get(one["village_code"])) for one in told
    ]
    return sorted(places, key=lambda place: (place.name is None, (place.name or "").casefold()))
