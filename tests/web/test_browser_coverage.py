"""The coverage page in a real browser: map and matrix are one, and nothing is too wide."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, PAINTED, Watch, served, watched

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

SIZES = {"projector": (1920, 1080), "laptop": (1366, 768), "phone": (390, 844)}


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    with served(archive) as found:
        yield f"{found}/cakupan"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as (opened, watch):
        opened.goto(address, wait_until="networkidle")
        opened.wait_for_function(PAINTED)
        yield opened, watch


def painted(page: Any) -> list[str]:
    """What the villages on the map are colored by, and their classes."""
    return [
        str(name) for name in page.locator("path.village").evaluate_all(
            "all => all.map(e => [...e.classList].slice(2).join(' '))"
        )
    ]  # fmt: skip


def test_the_map_is_painted_as_the_matrix_says(page: Any, address: str) -> None:
    opened, watch = page
    assert len(painted(opened)) == 67
    tokens = opened.locator("#matrix tr[data-code]").evaluate_all(
        "all => all.map(row => row.dataset.token)"
    )
    assert sorted(painted(opened)) == sorted(f"uncovered {token}" for token in tokens)
    with opened.expect_navigation(wait_until="networkidle"):
        opened.locator("#matrix thead a", has_text="Sembako").click()
    assert "ukuran=enrolled" in opened.url
    opened.wait_for_function(PAINTED)
    assert {name.split()[0] for name in painted(opened)} == {"enrolled"}
    assert opened.locator(".legend h2").inner_text() == "Terdaftar di Sembako"
    assert {url.startswith(address.removesuffix("/cakupan")) for url in watch.requests} == {True}
    assert watch.faults == []


def test_row_and_village_are_one_selection_that_another_view_keeps(page: Any) -> None:
    opened, watch = page
    row = opened.locator("#matrix tr[data-code]").nth(40)
    code = row.get_attribute("data-code")
    row.locator(".pick").click()
    assert opened.locator("path.picked").count() == 1
    assert opened.url.endswith(f"#kode={code}")
    assert row.locator(".pick").inner_text() in opened.locator("#spoken").text_content()
    with opened.expect_navigation(wait_until="networkidle"):
        opened.locator(".tabs a", has_text="Layak, belum terdaftar").click()
    assert opened.locator("tr.picked").get_attribute("data-code") == code
    assert opened.locator("tr.picked .pick").is_visible()
    assert opened.locator("path.picked").count() == 1
    opened.keyboard.press("Escape")
    assert opened.locator("path.picked").count() == 0
    assert watch.faults == []


def test_a_village_on_the_map_scrolls_to_its_row(page: Any) -> None:
    opened, watch = page
    code, x, y = opened.evaluate(
        """() => {
          const code = [...document.querySelectorAll("#matrix tr[data-code]")].at(-1).dataset.code;
          const [lon, lat] = geoTarget.villages.get(code).feature.properties.label;
          const place = map_overview.latLngToContainerPoint([lat, lon]);
          const host = document.getElementById("map_overview").getBoundingClientRect();
          return [code, place.x + host.x, place.y + host.y];
        }"""
    )
    inside = """row => {
      const list = document.getElementById("list").getBoundingClientRect();
      const box = row.getBoundingClientRect();
      return box.top >= list.top && box.bottom <= list.bottom;
    }"""
    row = opened.locator(f'tr[data-code="{code}"]')
    assert not row.evaluate(inside)
    opened.mouse.click(x, y)
    assert opened.locator("tr.picked").get_attribute("data-code") == code
    assert row.evaluate(inside)
    assert watch.faults == []


def test_the_hatch_of_old_evidence_can_be_switched_off(page: Any) -> None:
    opened, watch = page
    opened.wait_for_function("() => document.querySelectorAll('path.stale').length === 11")
    opened.locator("#stale").uncheck()
    assert opened.locator("path.stale").count() == 0
    assert watch.faults == []


@pytest.mark.parametrize("size", sorted(SIZES))
def test_nothing_is_wider_than_the_screen(browser: Any, address: str, size: str) -> None:
    width, height = SIZES[size]
    opened = browser.new_page(viewport={"width": width, "height": height})
    for question in ("", "?ukuran=female_head"):
        opened.goto(address + question, wait_until="networkidle")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.close()


def test_a_phone_shows_sentence_definitions_table_then_map(browser: Any, address: str) -> None:
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.goto(address, wait_until="networkidle")
    order = ("h1", ".definitions-table", "#matrix", "#map_overview")
    tops = [opened.locator(each).bounding_box()["y"] for each in order]
    assert tops == sorted(tops)
    left = "document.querySelector('.matrix tbody .name').getBoundingClientRect().left"
    before = opened.evaluate(left)
    opened.evaluate("document.getElementById('list').scrollLeft = 150")
    assert opened.evaluate(left) == before
    opened.close()


def test_the_bar_of_a_phone_is_one_line_and_its_menu_works_by_keyboard(
    browser: Any, address: str
) -> None:
    opened = browser.new_page(viewport={"width": 360, "height": 740})
    watch = Watch(opened)
    opened.goto(address, wait_until="networkidle")
    brand, nav = (opened.locator(each).bounding_box() for each in (".brand", ".bar-nav"))
    assert nav["height"] <= 44
    assert brand["y"] < nav["y"] + nav["height"]
    assert nav["y"] < brand["y"] + brand["height"]
    assert opened.locator(".menu-list").is_hidden()
    opened.locator("#menu summary").focus()
    opened.keyboard.press("Enter")
    items = opened.locator(".menu-list a")
    assert [box["height"] >= 44 for box in (item.bounding_box() for item in items.all())] == (
        [True] * items.count()
    )
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    opened.keyboard.press("Escape")
    assert opened.locator(".menu-list").is_hidden()
    opened.keyboard.press("Enter")
    for _step in range(5):
        opened.keyboard.press("Tab")
    with opened.expect_navigation(wait_until="networkidle"):
        opened.keyboard.press("Enter")
    assert opened.url.endswith("/alasan")
    assert watch.faults == []
    opened.close()


def test_it_reads_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    opened.locator("#matrix thead a", has_text="PBI-JK").click()
    assert re.search(r"ukuran=enrolled.*program=PBI_JK|program=PBI_JK.*ukuran=enrolled", opened.url)
    assert opened.locator("#matrix th.shown").inner_text() == "PBI-JK"
    opened.locator("#menu summary").click()
    assert opened.locator(".menu-list").is_visible()
    context.close()
