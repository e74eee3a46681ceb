"""The sample as a province of two regencies, whose map begins with districts."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.web.by_district import write_by_district

#: Of the six districts the last two are another regency's.
OTHER, OTHER_NAME = "36.99", "Kabupaten Contoh"
OTHER_DISTRICTS = ("36.73.05", "36.73.06")


def write_province(archive: Path) -> Path:
    """Write a snapshot of a province; its districts and villages are those of the sample."""
    folder = write_by_district(archive)
    rewrite(folder, "summary.json", lambda told: told | {"area": {"code": "36", "name": "Banten"}})
    rewrite(folder, "tables/villages.json", lambda rows: [_placed(row) for row in rows])
    return folder


def _placed(row: dict[str, Any]) -> dict[str, Any]:
    if row["district_code"] not in OTHER_DISTRICTS:
        return row
    return {**row, "regency_code": OTHER, "regency_name": OTHER_NAME}


def rewrite(folder: Path, name: str, change: Any) -> None:
    """Change a table of the meeting, and its sum in the manifest."""
    file, manifest = folder / "shown" / "meeting" / name, folder / "manifest.json"
    before = file.read_bytes()
    after = json.dumps(change(json.loads(before))).encode()
    file.write_bytes(after)
    old, new = (hashlib.sha256(body).hexdigest() for body in (before, after))
    manifest.write_text(manifest.read_text("utf-8").replace(old, new), encoding="utf-8")
