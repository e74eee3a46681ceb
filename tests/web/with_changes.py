"""A shown table of a snapshot made other than the sample's, and its sum with it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def changed(folder: Path, name: str, change: Callable[[Any], None]) -> None:
    """Write a table of audience `meeting` once more; the manifest's sum is the new one."""
    file, manifest = folder / "shown" / "meeting" / name, folder / "manifest.json"
    told = json.loads(file.read_bytes())
    change(told)
    body = json.dumps(told).encode()
    signed = json.loads(manifest.read_bytes())
    signed["files"][f"shown/meeting/{name}"] = {"sha256": hashlib.sha256(body).hexdigest()}
    file.write_bytes(body)
    manifest.write_text(json.dumps(signed), encoding="utf-8")
