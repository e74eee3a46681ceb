"""From a province to a village and its card, in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, PAINTED, Watch, served, watched
from tests.web.province import OTHER, OTHER_DISTRICTS, write_province
from tests.web.sample import villages

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

KASEMEN = "36.73.02"


@pytest.fixture(scope="module")
def city(archive: Path) -> Iterator[str]:
    with served(archive) as found:
        yield found


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    archive = tmp_path_factory.mktemp("province")
    write_province(archive)
    with served(archive) as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[tuple[Any, Watch]]:
    with watched(browser, reduced_motion="reduce") as opened:
        yield opened


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_card_is_one_sheet_of_a4(page: Any, city: str) -> None:
    """That of the village whose card is the longest on the screen, too."""
    opened, watch = page
    opened.goto(f"{city}/kelurahan/kartu?kec={KASEMEN}")
    opened.emulate_media(media="print")
    heights = opened.locator(".sheet").evaluate_all(
        "all => all.map(e => [e.getBoundingClientRect().height, e.getAttribute('aria-labelledby')])"
    )
    own = [code for code in villages().index if code.startswith(KASEMEN)]
    pdf = opened.pdf(prefer_css_page_size=True)
    assert pages_of(pdf) == len(own)
    fullest = max(heights)[1].removeprefix("name-")
    opened.goto(f"{city}/kelurahan/{fullest}/kartu")
    pdf = opened.pdf(prefer_css_page_size=True)
    assert pages_of(pdf) == 1
    width, height = map(float, re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)[0])
    assert (round(width), round(height)) == (595, 842)
    assert watch.faults == []


_BOXES = """() => [...document.querySelectorAll("#map-region path.village")].map(
  e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })"""
_REGION = """() => { const r = document.getElementById("map-region").getBoundingClientRect();
  return [r.left, r.top, r.right, r.bottom]; }"""


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_printed_map_is_whole_and_the_screen_as_before(
    browser: Any, city: str, width: int, height: int
) -> None:
    """On a sheet of 273 x 180 mm, A4 within its margins."""
    opened = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    opened.goto(city, wait_until="networkidle")
    opened.wait_for_function(PAINTED)
    before = opened.evaluate(_BOXES)
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    opened.set_viewport_size({"width": 1032, "height": 680})
    opened.emulate_media(media="print")
    left, top, right, bottom = opened.evaluate(_REGION)
    assert bottom - top > 500  # 135 mm
    boxes = opened.evaluate(_BOXES)
    assert len(boxes) == len(before) > 0
    assert min(box[0] for box in boxes) >= left
    assert min(box[1] for box in boxes) >= top
    assert max(box[2] for box in boxes) <= right
    assert max(box[3] for box in boxes) <= bottom
    opened.emulate_media(media="screen")
    opened.set_viewport_size({"width": width, "height": height})
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(_BOXES) == [pytest.approx(box, abs=1.5) for box in before]
    opened.close()


def test_three_clicks_from_the_province_to_a_village(page: Any, province: str) -> None:
    opened, watch = page
    opened.goto(province, wait_until="networkidle")
    opened.wait_for_selector("path.area")
    opened.select_option("#regency", OTHER)
    assert f"kab={OTHER}" in opened.url
    shown = opened.locator("#by-district tbody tr:visible")
    assert {row.get_attribute("data-code") for row in shown.all()} == {*OTHER_DISTRICTS}
    shown.first.locator(".pick").click()
    opened.locator("#ranked tbody tr:visible .open a").first.click()
    opened.wait_for_url("**/kelurahan/*")
    steps = opened.locator(".crumbs li").all_inner_texts()
    assert steps[:2] == ["Banten", "Kabupaten Contoh"]
    assert watch.faults == []


def test_pages_lead_down_to_a_village_and_back_to_the_map(page: Any, province: str) -> None:
    opened, watch = page
    opened.goto(f"{province}/kabupaten/{OTHER}")
    opened.locator("#places tbody a").first.click()
    opened.wait_for_url("**/kecamatan/*")
    code = opened.url.rsplit("/", 1)[1]
    assert code in OTHER_DISTRICTS
    opened.locator(".on-map").click()
    opened.wait_for_selector("#within:visible")
    assert f"#kec={code}" in opened.url
    opened.locator("#within-page").click()
    opened.wait_for_url(f"**/kecamatan/{code}")
    assert watch.faults == []


def test_an_address_with_a_regency_gives_the_same_list(page: Any, province: str) -> None:
    opened, _ = page
    opened.goto(f"{province}/#kab={OTHER}", wait_until="networkidle")
    opened.wait_for_selector("#by-district:visible")
    assert opened.locator("#regency").input_value() == OTHER
    assert opened.locator("#by-district tbody tr:visible").count() == len(OTHER_DISTRICTS)
    assert str(opened.locator("#regency-page").get_attribute("href")).endswith(f"/{OTHER}")
    opened.select_option("#regency", "")
    assert opened.locator("#by-district tbody tr:not([hidden])").count() == 6
    assert "kab=" not in opened.url


def test_a_district_is_open_on_the_map_of_a_city_too(page: Any, city: str) -> None:
    opened, watch = page
    opened.goto(f"{city}/#kec={KASEMEN}", wait_until="networkidle")
    opened.wait_for_function(PAINTED)
    own = [code for code in villages().index if code.startswith(KASEMEN)]
    rows = opened.locator("#ranked tbody tr:not([hidden])")
    assert {row.get_attribute("data-code") for row in rows.all()} == {*own}
    assert "Kasemen" in opened.locator("#within").inner_text()
    opened.locator("#within-close").click()
    assert opened.locator("#ranked tbody tr:not([hidden])").count() == 67
    assert watch.faults == []


def test_table_and_drawing_point_at_each_other(page: Any, city: str) -> None:
    opened, watch = page
    opened.goto(f"{city}/kecamatan/{KASEMEN}")
    row = opened.locator("#places tr[data-code]").nth(2)
    code = row.get_attribute("data-code")
    row.hover()
    assert "hovered" in str(opened.locator(f'.plan a[data-code="{code}"]').get_attribute("class"))
    opened.locator(f'.plan a[data-code="{code}"] path').dispatch_event("click")
    opened.wait_for_url(f"**/kelurahan/{code}")
    assert watch.faults == []


@pytest.mark.parametrize("path", [f"/kecamatan/{KASEMEN}", "/kelurahan/36.73.02.1001/kartu"])
def test_no_page_is_wider_than_a_phone(browser: Any, city: str, path: str) -> None:
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.goto(city + path)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.close()
