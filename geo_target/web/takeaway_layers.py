"""Shapes of a layer to take away: those of the map, and no others."""

import gzip
import json
from collections.abc import Mapping
from typing import Any

from geo_target.web.store import Snapshot

#: Of a table that has shapes, the property that joins them; its layer of the map.
LAYERS: Mapping[str, str] = {
    "kelurahan": "village_code", "kecamatan": "district_code", "klaster": "cluster_id",
}  # fmt: skip
_NAMES = {"kelurahan": "villages", "kecamatan": "districts", "klaster": "clusters"}


def shapes_of(name: str, snapshot: Snapshot) -> Mapping[str, Any]:
    """The GeoJSON of a table's layer, as drawn: simplified, without a figure."""
    layer = snapshot.layers[_NAMES[name]]
    found: Mapping[str, Any] = json.loads(gzip.decompress(layer.body))
    return found
