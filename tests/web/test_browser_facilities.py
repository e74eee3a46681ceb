"""Facilities on the map in a real browser: asked for when chosen, told apart by shape, named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, PAINTED, Watch, served, watched
from tests.web.sample import HOSTILE_NAMES

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def address(hostile_archive: Path) -> Iterator[str]:
    with served(hostile_archive) as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as opened:
        yield opened


def test_a_kind_is_asked_for_when_it_is_chosen_and_the_address_keeps_it(
    page: Any, address: str
) -> None:
    opened, watch = page
    opened.goto(address)
    opened.wait_for_function(PAINTED)
    assert not [url for url in watch.requests if "facilities-" in url]
    assert opened.locator("#legend-facilities").is_hidden()
    opened.locator("#facilities summary").click()
    opened.locator("#facilities input[value=puskesmas]").check()
    opened.wait_for_selector("path.facility.hollow[role=img]")
    assert opened.locator(".leaflet-facilities-pane path.facility").count() == 6
    assert [url.rpartition("/")[2] for url in watch.requests if "facilities-" in url] == [
        "facilities-puskesmas.json"
    ]
    assert "fasilitas=puskesmas" in opened.url
    assert opened.locator("#legend-facilities li:visible").inner_text().split() == [
        "puskesmas", "6",
    ]  # fmt: skip
    opened.locator("#facilities input[value=puskesmas]").uncheck()
    assert opened.locator(".leaflet-facilities-pane path.facility").count() == 0
    assert "fasilitas" not in opened.url
    assert watch.faults == []


def test_shapes_differ_and_names_are_text(page: Any, address: str) -> None:
    opened, watch = page
    opened.goto(f"{address}/#fasilitas=puskesmas,lain-1")
    opened.wait_for_function(
        "() => document.querySelectorAll('path.facility[role=img]').length === 11"
    )
    outlines = opened.locator("path.facility[role=img]").evaluate_all(
        "all => [...new Set(all.map(path => path.getAttribute('d')))]"
    )
    assert len(outlines) == 2
    named = opened.locator("path.facility[role=img]").nth(1)
    named.focus()
    tip = opened.locator(".leaflet-tooltip.tip")
    tip.wait_for()
    assert tip.inner_text().splitlines()[0] == f"puskesmas 1{HOSTILE_NAMES[0]}"
    nameless = opened.locator("path.facility[role=img]").nth(0).get_attribute("aria-label")
    assert nameless.startswith("puskesmas, nama tidak dicantumkan")
    opened.evaluate("map_overview.setZoom(15, {animate: false})")
    assert opened.locator("img[src=x]").count() == 0
    assert watch.faults == []


def test_names_stand_beside_the_glyphs_when_near(page: Any, address: str) -> None:
    opened, _ = page
    opened.goto(f"{address}/#fasilitas=puskesmas")
    opened.wait_for_selector("path.facility[role=img]")
    assert opened.locator(".facility-name").count() == 0
    opened.evaluate("""() => {
      const places = [];
      map_overview.eachLayer(layer => {
        if (layer.options.shape) { places.push(layer.getLatLng()); }
      });
      map_overview.setView(places[1], 17, {animate: false});
    }""")
    opened.wait_for_selector(".facility-name", state="attached")  # a village's name may cover it
    assert "puskesmas 1" in str(opened.locator(".facility-name").first.text_content())


def test_what_did_not_come_is_said(page: Any, address: str) -> None:
    opened, _ = page
    opened.route("**/facilities-*.json", lambda route: route.abort())
    opened.goto(f"{address}/#fasilitas=puskesmas")
    fault = opened.locator("#facilities-fault:visible")
    fault.wait_for()
    assert "belum termuat" in fault.inner_text()
    assert not opened.locator("#facilities input[value=puskesmas]").is_checked()


def test_the_map_is_moved_by_keys_and_can_be_skipped(page: Any, address: str) -> None:
    opened, watch = page
    opened.goto(address)
    opened.wait_for_function(PAINTED)
    opened.locator("#map-region .skip").focus()
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "list"
    opened.locator("#map-region .skip").focus()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.id") == "map_overview"
    assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    zoom = opened.evaluate("map_overview.getZoom()")
    opened.keyboard.press("+")
    opened.wait_for_function("zoom => map_overview.getZoom() > zoom", arg=zoom)
    still = "() => !document.querySelector('.leaflet-zoom-anim')"
    opened.wait_for_function(still)
    nearer = opened.evaluate("map_overview.getZoom()")
    opened.keyboard.press("-")
    opened.wait_for_function("zoom => map_overview.getZoom() < zoom", arg=nearer)
    opened.wait_for_function(still)
    north = opened.evaluate("map_overview.getCenter().lat")
    opened.keyboard.press("ArrowUp")
    opened.wait_for_function("north => map_overview.getCenter().lat > north", arg=north)
    assert watch.faults == []


def test_clusters_of_both_kinds_are_reached_by_keys_from_their_list(
    page: Any, address: str
) -> None:
    opened, watch = page
    opened.goto(address)
    opened.wait_for_function(PAINTED)
    opened.locator(".tools a", has_text="Daftar klaster").focus()
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/klaster")
    for kind in ("points-", "rw-"):
        link = opened.locator(f"main a[href^='/klaster/{kind}']").first
        link.focus()
        opened.keyboard.press("Enter")
        opened.wait_for_url(f"**/klaster/{kind}*")
        opened.go_back()
    assert watch.faults == []


def test_the_choice_fits_a_phone(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    opened = context.new_page()
    opened.goto(address)
    opened.locator("#facilities summary").click()
    opened.locator("#facilities input[value=puskesmas]").check()
    opened.wait_for_selector("path.facility[role=img]")
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    context.close()
