"""What everybody may see: nothing before it is published, bands after, nothing once withdrawn."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient

from geo_target import pipeline
from geo_target.demo.world import write_demo
from geo_target.operations.database import Database
from geo_target.publishing.archive import Archive
from tests.web.house import House, get

BANDS = {"10-24", "25-49", "50-99", "100+"}


@pytest.fixture(scope="module")
def archive_of_a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_demo(folder, area="36.73.02", families=2_000, lists="csv")
    pipeline.run(folder / "geo-target.toml")
    return folder / "archive"


@pytest.fixture
def published(archive_of_a_run: Path, database: Database) -> tuple[Archive, FlaskClient]:
    """The archive, with its run published, and a browser that nobody has signed in with."""
    archive = Archive(archive_of_a_run)
    with archive.held():
        archive.point_public(archive.current())
    return archive, House(archive_of_a_run, database).browser()


def layer_of(browser: FlaskClient, page: str) -> str:
    found = re.search(r'data-layers="([^"]+)"', page)
    assert found
    return get(browser, found.group(1).replace("NAME", "villages")).text


def test_before_and_after_a_publication_nobody_sees_anything(
    published: tuple[Archive, FlaskClient],
) -> None:
    archive, browser = published
    page = get(browser, "/publik")
    assert page.status_code == 200
    assert layer_of(browser, page.text)
    assert 'href="/publik"' in get(browser, "/masuk").text
    with archive.held():
        archive.point_public(None)
    gone = get(browser, "/publik")
    assert gone.status_code == 404
    assert 'href="/publik"' not in get(browser, "/masuk").text
    assert "Belum ada yang diterbitkan" in gone.text
    assert get(browser, f"/publik/layers/{archive.current()}/villages.json").status_code == 404


def test_the_table_and_the_layer_hold_bands_and_no_count(
    published: tuple[Archive, FlaskClient],
) -> None:
    archive, browser = published
    page = get(browser, "/publik").text
    layer = json.loads(layer_of(browser, page))
    exact = pd.read_parquet(
        archive.folder / str(archive.current()) / "exact" / "villages.parquet"
    ).set_index("village_code")
    # the layer is of shapes alone; the table colors them
    assert {name for each in layer["features"] for name in each["properties"]} == {
        "village_code", "village_name", "district_code", "district_name", "label",
    }  # fmt: skip
    few = 0
    row = r'<tr data-code="([^"]+)".*?data-column="uncovered">(.*?)</td>'
    rows = dict(re.findall(row, page, re.DOTALL))
    for feature in layer["features"]:
        code = feature["properties"]["village_code"]
        count = exact.loc[code, "uncovered_families"]
        few += count < 10
        shown = re.search(r'class="number">([^<]+)<', rows[code])
        assert shown is None or shown.group(1).replace("–", "-") in BANDS
        assert count >= 10 or shown is None
    assert few > 3
    cells = re.findall(r'<td class="figure".*?</td>', page, re.DOTALL)
    numbers = {n for cell in cells for n in re.findall(r'class="number">([^<]+)<', cell)}
    assert numbers <= {band.replace("-", "–") for band in BANDS} | {"0"}


def test_the_legend_counts_every_village_once(published: tuple[Archive, FlaskClient]) -> None:
    _, browser = published
    legend = re.search(r'<section class="legend".*?</section>', get(browser, "/publik").text, re.S)
    assert legend
    assert sum(map(int, re.findall(r"<td>(\d+)</td>", legend.group()))) == 10


def test_the_public_never_gets_a_layer_of_the_meeting(
    published: tuple[Archive, FlaskClient],
) -> None:
    archive, browser = published
    run_id = archive.current()
    for name in ("clusters", "rw", "summary", "../../meeting/layers/villages"):
        assert get(browser, f"/publik/layers/{run_id}/{name}.json").status_code == 404
    assert get(browser, f"/layers/{run_id}/villages.json", **{"Sec-Fetch-Dest": "empty"}
               ).status_code == 401  # fmt: skip


def test_an_older_run_never_stands_in_for_the_published_one(
    published: tuple[Archive, FlaskClient],
) -> None:
    archive, browser = published
    (archive.folder / "PUBLIC").write_text("000009-20251122T030000Z\n", encoding="utf-8")
    assert get(browser, "/publik").status_code == 404
