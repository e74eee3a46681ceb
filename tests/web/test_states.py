"""Pages without their data, and pages that refuse: what fills them, and where to go."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from geo_target.web.access import Access, shows
from geo_target.web.app import create_app
from tests.web.house import House, get
from tests.web.sample import villages, write_snapshot
from tests.web.test_pages import words


def without(archive: Path, name: str, content: Any) -> FlaskClient:
    """A browser on a snapshot of which one table holds something else."""
    folder = write_snapshot(archive)
    file, manifest = folder / "shown" / "meeting" / name, folder / "manifest.json"
    old, body = file.read_bytes(), json.dumps(content).encode()
    was, now = (hashlib.sha256(each).hexdigest().encode() for each in (old, body))
    file.write_bytes(body)
    manifest.write_bytes(manifest.read_bytes().replace(was, now))
    return create_app(archive, doors=None).test_client()


def test_without_clusters_the_page_says_what_makes_one_appear(tmp_path: Path) -> None:
    client = without(tmp_path, "tables/clusters.json", [])
    text = words(client.get("/klaster").text)
    assert "Tidak ada klaster yang dapat ditampilkan" in text
    assert "Klaster tampil di sini bila" in text
    assert "0 klaster" not in words(client.get("/").text)
    for code in villages().index[:5]:
        page = words(client.get(f"/kelurahan/{code}").text)
        assert "Tidak ada klaster yang ditampilkan di sini." in page
        assert "di luar klaster yang ditampilkan" not in page  # it would say the same twice


def test_a_page_with_clusters_says_nothing_of_what_would_fill_it(client: FlaskClient) -> None:
    assert "Klaster tampil di sini bila" not in words(client.get("/klaster").text)


def test_a_rank_is_one_of_those_that_have_a_place(client: FlaskClient) -> None:
    placed = int(villages()["final_rank"].notna().sum())
    assert 0 < placed < len(villages())
    told = re.search(r'data-rank="([^"]+)"', client.get("/").text)
    assert told
    assert told.group(1) == f"urutan RANK dari {placed}"


@pytest.mark.parametrize(
    ("code", "indonesian", "english"),
    [
        (413, "Yang dikirim terlalu besar", "What was sent is too large"),
        (429, "Terlalu sering", "Too often"),
        (503, "Layanan sedang sibuk", "The service is busy"),
    ],
)
def test_what_is_refused_says_why_in_both_languages(
    app: Flask, code: int, indonesian: str, english: str
) -> None:
    def refuse() -> NoReturn:
        abort(code)

    app.add_url_rule("/uji", view_func=shows(Access.PUBLIC)(refuse))
    reply = app.test_client().get("/uji")
    assert reply.status_code == code
    assert indonesian in reply.text
    assert english in reply.text


def test_where_the_session_has_ended_the_way_leads_to_the_form(house: House) -> None:
    refused = get(house.browser(), "/", **{"Sec-Fetch-Dest": "empty"})
    assert refused.status_code == 401
    assert 'href="/masuk"' in refused.text
    assert "Ke peta" not in refused.text
