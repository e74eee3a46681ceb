"""A map that begins with districts, in a real browser: what comes when, and what if it does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, Watch, served, watched
from tests.web.by_district import write_by_district
from tests.web.sample import villages

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

SHAPES = "path.village:not(.area)"
# Whichever district's file comes first may begin with a village beyond the edge of the map.
IN_SIGHT = f"{SHAPES}:visible"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    archive = tmp_path_factory.mktemp("by_district")
    write_by_district(archive)
    with served(archive) as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[tuple[Any, Watch]]:
    with watched(browser, reduced_motion="reduce") as opened:
        yield opened


def begin(opened: Any, address: str) -> None:
    opened.goto(address, wait_until="networkidle")
    opened.wait_for_selector("path.area")


def layers_of(watch: Watch) -> set[str]:
    return {url.rsplit("/", 1)[1] for url in watch.requests if "/layers/" in url}


def district_of(code: Any) -> str:
    return str(villages().loc[code, "district_code"])


@pytest.mark.parametrize("start", ["/", "/publik"])
def test_districts_are_drawn_before_any_village_is_asked_for(
    page: Any, address: str, start: str
) -> None:
    opened, watch = page
    begin(opened, address + start)
    assert opened.locator("path.area").count() == 6
    assert opened.locator("path.area.withheld").count() > 0
    assert opened.locator(SHAPES).count() == 0
    assert "outlines.json" in layers_of(watch)
    assert not [name for name in layers_of(watch) if name.startswith(("villages", "districts"))]
    assert opened.locator("[data-legend=uncovered][data-level=districts]").is_visible()
    assert opened.locator("[data-legend=uncovered][data-level=villages]").is_hidden()
    assert watch.faults == []


@pytest.mark.parametrize("start", ["/", "/publik"])
def test_a_district_that_is_opened_brings_its_villages_to_map_and_table(
    page: Any, address: str, start: str
) -> None:
    opened, watch = page
    begin(opened, address + start)
    opened.locator("#lists label", has_text="Kecamatan").click()
    first = opened.locator("#by-district tbody tr").first
    code = str(first.get_attribute("data-code"))
    first.locator(".pick").click()
    opened.wait_for_selector(IN_SIGHT)
    assert f"villages-{code}.json" in layers_of(watch)
    assert "villages.json" not in layers_of(watch)
    assert f"kec={code}" in opened.url
    own = (villages()["district_code"] == code).sum()
    assert opened.locator("#ranked tbody tr:visible").count() == own
    assert opened.locator("[data-legend=uncovered][data-level=villages]").is_visible()
    opened.locator("#within-close").click()
    assert opened.locator("#ranked tbody tr:not([hidden])").count() == 67
    assert watch.faults == []


def test_a_click_on_the_map_opens_a_district(page: Any, address: str) -> None:
    opened, _ = page
    begin(opened, address)
    code, x, y = opened.evaluate(
        """() => {
          let found = null;
          map_overview.eachLayer(layer => {
            const told = layer.feature && layer.feature.properties;
            if (!found && told && told.label) { found = told; }
          });
          const place = map_overview.latLngToContainerPoint([found.label[1], found.label[0]]);
          const host = document.getElementById("map_overview").getBoundingClientRect();
          return [found.district_code, place.x + host.x, place.y + host.y];
        }"""
    )
    opened.mouse.click(x, y)
    opened.wait_for_selector(IN_SIGHT)
    assert f"kec={code}" in opened.url
    assert opened.locator("#within").is_visible()


def test_a_village_picked_in_the_table_is_fetched_and_marked(page: Any, address: str) -> None:
    opened, watch = page
    begin(opened, address)
    opened.locator("#ranked .pick").nth(4).click()
    opened.wait_for_selector("path.picked")
    code = opened.locator("tr.picked").get_attribute("data-code")
    assert f"villages-{district_of(code)}.json" in layers_of(watch)
    assert opened.locator("path.picked").count() == 1


def test_an_address_with_a_village_fetches_it(page: Any, address: str) -> None:
    opened, watch = page
    code = str(villages().index[40])
    opened.goto(f"{address}/#kode={code}", wait_until="networkidle")
    opened.wait_for_selector("path.picked")
    assert f"villages-{district_of(code)}.json" in layers_of(watch)


def test_zooming_in_brings_the_villages_in_sight(page: Any, address: str) -> None:
    opened, watch = page
    begin(opened, address)
    opened.evaluate("map_overview.setZoom(map_overview.getZoom() + 2, { animate: false })")
    opened.wait_for_selector(IN_SIGHT)
    some = [name for name in layers_of(watch) if name.startswith("villages-")]
    assert 1 <= len(some) <= 6
    opened.evaluate("map_overview.setZoom(map_overview.getZoom() - 2, { animate: false })")
    assert opened.locator(SHAPES).count() > 0
    assert opened.locator(IN_SIGHT).count() == 0
    assert opened.locator("[data-level=districts][data-legend=uncovered]").is_visible()


def test_a_layer_that_fails_says_so_and_comes_when_tried_again(page: Any, address: str) -> None:
    opened, _ = page
    begin(opened, address)
    opened.route("**/layers/*/villages-*.json", lambda route: route.abort())
    opened.locator("#ranked .pick").first.click()
    opened.wait_for_selector("#map-fault:visible")
    assert "belum termuat" in opened.locator("#map-fault").inner_text()
    assert opened.locator("path.picked").count() == 0
    opened.unroute("**/layers/*/villages-*.json")
    opened.locator("#map-again").click()
    opened.wait_for_selector("path.picked")
    assert opened.locator("#map-fault").is_hidden()


def test_districts_that_fail_come_when_tried_again(page: Any, address: str) -> None:
    opened, _ = page
    opened.route("**/layers/*/outlines.json", lambda route: route.abort())
    opened.goto(address, wait_until="networkidle")
    opened.wait_for_selector("#map-fault:visible")
    opened.unroute("**/layers/*/outlines.json")
    opened.locator("#map-again").click()
    opened.wait_for_selector("path.area")
    assert opened.locator("#map-fault").is_hidden()


def test_another_indicator_colors_the_districts_without_a_request(page: Any, address: str) -> None:
    opened, watch = page
    begin(opened, address)
    opened.wait_for_load_state("networkidle")
    watch.requests.clear()
    opened.wait_for_function("() => geoFigures.isReady()")
    opened.locator("#measure").select_option("rate")
    assert opened.locator("path.area.exclusion").count() == 6
    assert layers_of(watch) == set()
    assert opened.locator("[data-legend=exclusion][data-level=districts]").is_visible()


def test_the_keyboard_opens_a_district_and_escape_closes_it(page: Any, address: str) -> None:
    opened, _ = page
    begin(opened, address)
    opened.locator("input[name=list][value=districts]").focus()
    opened.keyboard.press("Space")
    opened.locator("#by-district .pick").first.focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    assert "kec=" in opened.url
    assert "KK" in str(opened.locator("#spoken").text_content())
    opened.keyboard.press("Escape")
    assert "kec=" not in opened.url


def test_the_list_is_called_what_it_lists(page: Any, address: str) -> None:
    opened, _ = page
    begin(opened, address)
    title = opened.locator("#list-title")
    assert title.inner_text() == "Urutan prioritas menurut skor"
    opened.locator("#lists label", has_text="Kecamatan").click()
    assert title.inner_text() == "Kecamatan menurut keluarga belum tersentuh"
