"""Every chart of every page has a table with the numbers that it draws."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from tests.web.chart_reader import ChartReader, plain
from tests.web.sample import HOSTILE_NAMES, write_snapshot

#: Charts of each page, at least.
PAGES = {"/alasan": 1, "/alasan?kantor=BPS": 1, "/register": 1, "/program": 3, "/prioritas": 1,
         "/tren": 6, "/perubahan": 1}  # fmt: skip
WITHHELD = ("tidak ditampilkan", "withheld")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_table_has_the_numbers_of_the_chart(archive: Path, path: str, language: str) -> None:
    client = create_app(archive, doors=None, language_default=language).test_client()
    page = ChartReader(client.get(path).text)
    assert len(page.charts) >= PAGES[path]
    for chart in page.charts:
        assert chart.values, chart.says
        cells = [plain(cell) for cell in page.cells[chart.table]]
        missing = [value for value in chart.values
                   if not any(plain(value) in cell for cell in cells)]  # fmt: skip
        assert missing == [], (chart.says, cells)


@pytest.mark.parametrize("path", PAGES)
def test_a_chart_says_in_a_sentence_what_it_shows(client: FlaskClient, path: str) -> None:
    for chart in ChartReader(client.get(path).text).charts:
        assert re.search(r"\d", chart.says) or "tabel" in chart.says, chart.says
        assert "Angka yang sama ada di tabel." in chart.texts


@pytest.mark.parametrize("path", PAGES)
def test_charts_bring_no_style_and_no_script(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<svg[^>]*style=|<style|<text[^>]*style=|\son\w+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "path", ["/register", "/alasan", "/program", "/tren", "/prioritas", "/perubahan"]
)
def test_hostile_names_are_words_of_a_chart(hostile_archive: Path, path: str) -> None:
    page = create_app(hostile_archive, doors=None).test_client().get(path).text
    for name in HOSTILE_NAMES:
        if "<" in name:
            assert name not in page
    if path == "/register":
        texts = " ".join(" ".join(chart.texts) for chart in ChartReader(page).charts)
        assert HOSTILE_NAMES[0] in texts


def test_withheld_parts_are_hatched_and_said(tmp_path: Path) -> None:
    """All withheld bars look alike; one that would be long is as short as the others."""

    def change(told: Any) -> None:
        rows = told["reasons"]["rows"]
        rows[0]["families"] = rows[1]["families"] = None

    page = served(tmp_path, "tables/coverage.json", change).get("/alasan").text
    found = re.findall(r'<rect class="bar-mark withheld"[^>]*>', page)
    assert len(found) == 2
    assert len({re.findall(r' width="([\d.]+)"', mark)[0] for mark in found}) == 1
    assert all('fill="url(#pattern-withheld)"' in mark for mark in found)
    assert "2 tidak ditampilkan." in ChartReader(page).charts[0].says


def test_columns_that_hold_nobody_are_left_out(client: FlaskClient) -> None:
    chart = ChartReader(client.get("/register").text).charts[0]
    assert "51.200" in chart.values
    assert "0" not in chart.values
    assert sum(value in WITHHELD for value in chart.values) == 4


def served(archive: Path, name: str, change: Any) -> FlaskClient:
    """One laptop whose snapshot is other than the sample's in one file."""
    folder = write_snapshot(archive)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    file = folder / "shown" / "meeting" / name
    told = json.loads(file.read_bytes())
    change(told)
    body = json.dumps(told).encode()
    file.write_bytes(body)
    manifest["files"][f"shown/meeting/{name}"]["sha256"] = hashlib.sha256(body).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return create_app(archive, doors=None).test_client()
