"""Every word of a snapshot is text on every page, not only the names of villages."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from geo_target.web.app import create_app
from tests.web.sample import write_snapshot

HOSTILE = "<img src=x onerror=alert(1)>"
WORDS = {
    "name", "short_name", "village_name", "district_name", "regency_name", "neighborhood",
    "rw", "id", "en", "agency", "registers", "file", "office", "title", "source", "condition",
}  # fmt: skip
FILES = (
    "summary.json", "tables/villages.json", "tables/clusters.json", "tables/rw.json",
    "tables/registers.json", "tables/coverage.json", "tables/access.json",
)  # fmt: skip


def hostile(value: Any, name: str = "") -> Any:
    """The same JSON with markup behind every word that a page shows."""
    if isinstance(value, dict):
        return {key: hostile(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [hostile(part, name) for part in value]
    return value + HOSTILE if name in WORDS and isinstance(value, str) else value


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("words")
    folder = write_snapshot(archive)
    manifest = folder / "manifest.json"
    signed = manifest.read_text("utf-8")
    for name in FILES:
        file = folder / "shown" / "meeting" / name
        before = file.read_bytes()
        after = json.dumps(hostile(json.loads(before))).encode()
        file.write_bytes(after)
        old, new = (hashlib.sha256(body).hexdigest() for body in (before, after))
        signed = signed.replace(old, new)
    manifest.write_text(signed, encoding="utf-8")
    return archive


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_word_of_a_snapshot_is_markup(archive: Path, language: str) -> None:
    rows = json.loads(next(archive.glob("*/shown/meeting/tables/villages.json")).read_bytes())
    client = create_app(archive, doors=None, language_default=language).test_client()
    villages = [f"/kelurahan/{row['village_code']}" for row in rows]
    pages = ["/", "/tentang-angka", "/register", "/alasan", "/program", "/prioritas?semua=ya",
             "/prioritas/daftar-resmi", "/akses?semua=ya", "/klaster", *villages]  # fmt: skip
    for page in pages:
        reply = client.get(page)
        assert reply.status_code == 200
        assert "&lt;img src=x" in reply.text
        assert "<img src=x" not in reply.text, page
