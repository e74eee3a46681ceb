"""The file for a room without internet: opened from a folder, with the network off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.web.app import create_app
from tests.web.browsing import CHROMIUM, Watch, watched
from tests.web.sample import write_snapshot

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hostile"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("carried")
    write_snapshot(folder / "archive", hostile=request.param)
    client = create_app(folder / "archive", doors=None).test_client()
    reply = client.get("/unduh/bekal-rapat.html")
    assert reply.status_code == 200
    (folder / "bekal.html").write_bytes(reply.data)
    return folder / "bekal.html"


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[tuple[Any, Watch]]:
    with watched(browser, offline=True) as (opened, watch):
        opened.goto(file.as_uri(), wait_until="load")
        yield opened, watch


def test_the_map_is_drawn_and_nothing_is_asked_for(page: Any) -> None:
    opened, watch = page
    opened.wait_for_selector("path.village:visible")
    assert opened.locator("path.village").count() == 67
    assert opened.locator("#ranked tbody tr").count() == 67
    assert [url for url in watch.requests if not url.startswith("file:")] == []
    assert watch.faults == []


def test_map_and_table_select_each_other(page: Any) -> None:
    opened, watch = page
    opened.wait_for_selector("path.village:visible")
    opened.locator("#ranked .pick").nth(2).click()
    opened.wait_for_selector("path.picked")
    assert opened.locator("#card").is_visible()
    opened.locator("#subject").select_option("missed-PKH")
    opened.locator("#measure").select_option("km2")
    assert opened.locator(".legend:visible").get_attribute("data-legend") == "missed-PKH.km2"
    assert opened.locator("#ranked th[data-column=other]").is_visible()
    assert watch.faults == []


def test_its_pages_are_turned_and_lead_nowhere_else(page: Any) -> None:
    opened, watch = page
    opened.locator(".bar-nav [data-view]", has_text="Prioritas").click()
    assert opened.locator("#map_overview").is_hidden()
    assert opened.locator("table.order tbody tr").count() == 67
    assert opened.locator("form").count() == 0
    opened.locator(".bar-nav [data-view]", has_text="Peta").click()
    assert opened.locator("#map_overview").is_visible()
    leads = opened.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert {lead[0] for lead in leads} <= {"#"}
    assert watch.faults == []
