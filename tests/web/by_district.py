"""A snapshot whose map begins with districts, as one of a province does; for the public too."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from geo_target.publishing.drawing import compress
from geo_target.publishing.layers import shape_layers
from geo_target.publishing.maps import map_script
from tests.web.sample import RUN_ID, villages, write_snapshot

PARTS = ("covered_families", "uncovered_families", "unmatched_families", "extreme_poor_families")


def write_by_district(archive: Path) -> Path:
    """Write a snapshot, let its villages come by district, and publish it for everybody."""
    folder = write_snapshot(archive)
    table = villages()
    shapes = {f"layers/{name}.json.gz": compress(layer)
              for name, layer in shape_layers(table, light_bytes=0).items()}  # fmt: skip
    meeting = folder / "shown" / "meeting"
    summary = json.loads((meeting / "summary.json").read_text("utf-8"))
    summary |= {"map": {"first": "districts"}, "districts": district_sums()}
    _write(folder, "meeting", {**shapes, "summary.json": _json(summary)})
    script = map_script(table.total_bounds.tolist(), ["villages", "districts"]).encode()
    told = {**summary, "bands": ["10-24", "25-49", "50-99", "100+"]}
    rows = [
        {"village_code": code, "village_name": row["village_name"], "class": "c1",
         "district_code": row["district_code"], "district_name": row["district_name"],
         "regency_name": row["regency_name"], "uncovered_families": "10-24",
         "extreme_poor_families": "50-99", "withheld": []}
        for code, row in table.iterrows()
    ]  # fmt: skip
    public = {"summary.json": _json(told), "tables/villages.json": _json(rows),
              f"map.{hashlib.sha256(script).hexdigest()[:16]}.js": script}  # fmt: skip
    _write(folder, "public", {**shapes, **public})
    (archive / "PUBLIC").write_text(RUN_ID + "\n", encoding="utf-8")
    return folder


def district_sums() -> list[dict[str, Any]]:
    """Sums by district; None where one of its villages is withheld."""
    table = pd.DataFrame(villages())
    sums = []
    for code, own in table.groupby("district_code"):
        counts = {name: None if own[name].isna().any() else int(own[name].sum()) for name in PARTS}
        sums.append(
            {"district_code": code, "district_name": own["district_name"].iloc[0], **counts,
             "withheld": [name for name, count in counts.items() if count is None]}
        )  # fmt: skip
    return sums


def _write(folder: Path, audience: str, files: dict[str, bytes]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name, body in files.items():
        file = folder / "shown" / audience / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        sha = hashlib.sha256(body).hexdigest()
        manifest["files"][f"shown/{audience}/{name}"] = {"sha256": sha}
    (folder / "manifest.json").write_bytes(_json(manifest))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")
