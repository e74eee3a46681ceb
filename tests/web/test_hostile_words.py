"""Every word of a snapshot is text on every page, not only the names of villages."""

import json
from pathlib import Path

import pytest

from geo_target.web.app import create_app
from tests.web.marked_up import write_marked_up

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("words")
    write_marked_up(archive, HOSTILE)
    return archive


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_word_of_a_snapshot_is_markup(archive: Path, language: str) -> None:
    rows = json.loads(next(archive.glob("*/shown/meeting/tables/villages.json")).read_bytes())
    client = create_app(archive, doors=None, language_default=language).test_client()
    villages = [f"/kelurahan/{row['village_code']}" for row in rows]
    pages = ["/", "/tentang-angka", "/register", "/alasan", "/program", "/prioritas?semua=ya",
             "/prioritas/daftar-resmi", "/akses?semua=ya", "/klaster", "/tren",
             "/mutu-data", "/lembaga/dinas-sosial", "/lembaga/bps", *villages,
             *(f"{village}/kartu" for village in villages[:3]),
             *sorted({f"/kecamatan/{row['district_code']}" for row in rows})]  # fmt: skip
    for page in pages:
        reply = client.get(page)
        assert reply.status_code == 200
        assert "&lt;img src=x" in reply.text
        assert "<img src=x" not in reply.text, page
