"""A snapshot whose every word is followed by markup, as a list of an agency could hold it."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from tests.web.sample import write_snapshot

WORDS = {
    "name", "short_name", "village_name", "district_name", "regency_name", "neighborhood",
    "rw", "id", "en", "agency", "registers", "file", "office", "title", "source", "condition",
}  # fmt: skip


def marked_up(value: Any, markup: str, name: str = "") -> Any:
    """The same JSON with markup behind every word that a page shows."""
    if isinstance(value, dict):
        return {key: marked_up(part, markup, key) for key, part in value.items()}
    if isinstance(value, list):
        return [marked_up(part, markup, name) for part in value]
    return value + markup if name in WORDS and isinstance(value, str) else value


def write_marked_up(archive: Path, markup: str) -> Path:
    """The sample snapshot with markup in all that the meeting is shown: tables and layers."""
    folder = write_snapshot(archive)
    manifest = folder / "manifest.json"
    signed = manifest.read_text("utf-8")
    shown = folder / "shown" / "meeting"
    for file in (*shown.rglob("*.json"), *shown.rglob("*.json.gz")):
        packed = file.suffix == ".gz"
        before = file.read_bytes()
        words = marked_up(json.loads(gzip.decompress(before) if packed else before), markup)
        after = json.dumps(words).encode()
        after = gzip.compress(after, mtime=0) if packed else after
        file.write_bytes(after)
        old, new = (hashlib.sha256(body).hexdigest() for body in (before, after))
        signed = signed.replace(old, new)
    manifest.write_text(signed, encoding="utf-8")
    return folder
