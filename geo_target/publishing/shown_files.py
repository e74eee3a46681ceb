"""The files of an audience: JSON, and the map's script."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.publishing.archive import Draft
from geo_target.publishing.audiences import Audience
from geo_target.publishing.drawing import Layer, compress
from geo_target.publishing.maps import map_script

_HIDDEN_COLUMNS = ("geometry",)
#: In the order that they are asked for.
_ON_A_MAP = ("villages", "districts", "clusters", "unmatched", "neighbors")


def folder_of(audience: Audience) -> str:
    """Where the files of an audience are, within the snapshot."""
    return f"shown/{audience.name}"


def write_json(draft: Draft, audience: Audience, name: str, content: Any) -> None:
    """Write a file of an audience: compact, and no NaN."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    rows = len(content) if isinstance(content, list) else None
    draft.write(f"{folder_of(audience)}/{name}", text.encode(), rows=rows)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values: <NA> and NaN are null, the geometry stays out."""
    columns = [name for name in table.columns if name not in _HIDDEN_COLUMNS]
    frame = pd.DataFrame(table)[columns]
    if frame.index.name is not None:
        frame = frame.reset_index()
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def write_layers(
    draft: Draft, audience: Audience, villages: gpd.GeoDataFrame, drawn: Mapping[str, Layer]
) -> None:
    """Write the layers of an audience, and the map's script, named by its bytes.

    The script names what a map is made of; layers of a part of it are asked for by name.
    """
    for name, layer in drawn.items():
        draft.write(f"{folder_of(audience)}/layers/{name}.json.gz", compress(layer))
    named = [name for name in _ON_A_MAP if name in drawn]
    script = map_script(villages.total_bounds.tolist(), named).encode()
    sha = hashlib.sha256(script).hexdigest()[:16]
    draft.write(f"{folder_of(audience)}/map.{sha}.js", script)
