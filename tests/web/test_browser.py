"""The overview in a real browser that can reach no other host."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, PAINTED, Watch, served, watched
from tests.web.sample import HOSTILE_NAMES, villages

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    with served(archive) as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as (opened, watch):
        opened.goto(address, wait_until="networkidle")
        opened.wait_for_function(PAINTED)
        yield opened, watch


def picked_row(page: Any) -> str:
    return str(page.locator("tr.picked").get_attribute("data-code"))


def test_all_villages_are_drawn_without_another_host(page: Any, address: str) -> None:
    opened, watch = page
    assert opened.locator("path.village").count() == 67
    assert opened.locator("path.district-line").count() == 6
    assert opened.locator("path.village.withheld").count() == 2
    assert opened.locator("path.village.zero").count() == 2
    assert {url.startswith(address) for url in watch.requests} == {True}
    assert watch.faults == []


def test_the_table_selects_on_the_map(page: Any) -> None:
    opened, watch = page
    assert opened.locator("path.picked").count() == 0
    opened.locator(".pick").nth(2).click()
    assert opened.locator("path.picked").count() == 1
    assert opened.locator("#card-name").inner_text() == opened.locator(".pick").nth(2).inner_text()
    assert f"kode={picked_row(opened)}" in opened.url
    assert "urutan 3" in str(opened.locator("#spoken").text_content())
    opened.keyboard.press("Escape")
    assert opened.locator("path.picked").count() == 0
    assert opened.locator("#card").is_hidden()
    assert watch.faults == []


def test_the_map_selects_in_the_table(page: Any) -> None:
    opened, watch = page
    box = opened.locator("path.village").nth(66).bounding_box()
    inside = opened.evaluate(
        """() => {
          const [code, layer] = [...geoTarget.villages].at(-1);
          const [lon, lat] = layer.feature.properties.label;
          const place = map_overview.latLngToContainerPoint([lat, lon]);
          const host = document.getElementById("map_overview").getBoundingClientRect();
          return [code, place.x + host.x, place.y + host.y];
        }"""
    )
    assert box
    opened.mouse.click(inside[1], inside[2])
    assert picked_row(opened) == inside[0]
    assert opened.locator("tr.picked").is_visible()
    assert opened.locator("path.picked").count() == 1
    assert watch.faults == []


def test_another_indicator_is_shown_without_a_request(page: Any) -> None:
    opened, watch = page
    opened.wait_for_function("() => geoFigures.isReady()")
    watch.requests.clear()
    colors = opened.locator("path.village").evaluate_all("all => all.map(e => e.classList[3])")
    opened.locator("#measure").select_option("rate")
    # Chromium itself asks for the mark again when the address changes.
    assert [url for url in watch.requests if not url.endswith("mark.svg")] == []
    assert "peta=exclusion" in opened.url
    assert opened.locator(".legend:visible").get_attribute("data-legend") == "exclusion"
    assert opened.locator("path.village.none").count() == 1
    assert colors != opened.locator("path.village").evaluate_all(
        "all => all.map(e => e.classList[3])"
    )
    assert watch.faults == []


def test_an_address_gives_the_same_view(browser: Any, address: str) -> None:
    code = str(villages().index[40])
    opened = browser.new_page()
    opened.goto(f"{address}/#peta=located&kode={code}&klaster=0", wait_until="networkidle")
    assert picked_row(opened) == code
    assert opened.locator("tr.picked").is_visible()
    assert opened.locator("#subject").input_value() == "located"
    assert opened.locator(".rw-count").first.is_hidden()
    opened.close()


def test_the_search_narrows_the_table_and_enter_selects(page: Any) -> None:
    opened, _ = page
    opened.locator("#search").fill("kilasah")
    assert opened.locator("#ranked tbody tr:visible").count() == 1
    opened.keyboard.press("Enter")
    assert opened.locator("#card-name").inner_text() == "Kilasah"
    opened.locator("#search").fill("tidak ada nama ini")
    assert opened.locator("#nothing").is_visible()


def test_the_keyboard_reaches_everything_and_arrows_walk_the_table(page: Any) -> None:
    opened, _ = page
    reached: set[str] = set()
    active = "document.activeElement.id || document.activeElement.getAttribute('class') || ''"
    for _step in range(40):
        opened.keyboard.press("Tab")
        reached.add(opened.evaluate(active))
    assert {"skip", "projector", "clusters", "search", "pick", "map_overview"} <= {
        name.split(" ")[0] for name in reached
    }
    opened.locator(".pick").first.focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    assert opened.locator("tr.picked .rank").inner_text() == "2"


def test_the_projector_size_is_remembered(page: Any) -> None:
    opened, _ = page
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert opened.evaluate(size) == 16
    opened.locator("#projector").click()
    assert opened.evaluate(size) == 22
    opened.reload(wait_until="networkidle")
    assert opened.evaluate(size) == 22


def test_a_phone_shows_sentence_table_then_map(browser: Any, address: str) -> None:
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.goto(address, wait_until="networkidle")
    tops = [opened.locator(each).bounding_box()["y"] for each in ("h1", "#ranked", "#map_overview")]
    assert tops == sorted(tops)
    assert opened.locator("#ranked tbody tr:visible").count() == 10
    opened.locator("#more").click()
    assert opened.locator("#ranked tbody tr:visible").count() == 67
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.close()


def test_hostile_names_are_shown_and_never_run(browser: Any, hostile_archive: Path) -> None:
    with served(hostile_archive) as address:
        opened = browser.new_page(viewport={"width": 1366, "height": 768})
        watch = Watch(opened)
        opened.goto(address, wait_until="networkidle")
        for name in HOSTILE_NAMES:
            opened.locator(".pick", has_text=name).click()
            assert opened.locator("#card-name").inner_text() == name
        labels = opened.locator(".village-name").all_text_contents()
        assert set(HOSTILE_NAMES) <= set(labels)
        assert opened.locator("img").count() == 0
        assert watch.faults == []
        opened.close()
