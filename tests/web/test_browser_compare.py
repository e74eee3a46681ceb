"""Side by side in a real browser: maps move as one, and a link gives the same view."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.browsing import CHROMIUM, Watch, served, watched
from tests.web.by_district import write_by_district
from tests.web.months import write_three_months

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

SIZES = {"projector": (1920, 1080), "laptop": (1366, 768), "phone": (390, 844)}
#: Besides styles and scripts; the issue allows 300 KB.
PAGE_BYTES = 60_000

BOXES = (
    "() => [...document.querySelectorAll('svg[data-sheet]')].map(e => e.getAttribute('viewBox'))"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    archive = tmp_path_factory.mktemp("months")
    write_three_months(archive)
    with served(archive) as found:
        yield f"{found}/banding"


@pytest.fixture
def page(browser: Any) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as opened:
        yield opened


def begin(opened: Any, address: str) -> None:
    opened.goto(address, wait_until="networkidle")
    opened.wait_for_selector("[data-move=in]:visible")


def boxes(opened: Any) -> list[str]:
    return [str(box) for box in opened.evaluate(BOXES)]


def marked(opened: Any) -> list[str]:
    return [str(one) for one in opened.locator(".mark.picked").evaluate_all(
        "all => all.map(e => e.getAttribute('href'))")]  # fmt: skip


def test_two_maps_are_drawn_without_another_host(page: Any, address: str) -> None:
    opened, watch = page
    begin(opened, address)
    maps = opened.locator("svg[data-sheet]")
    assert maps.count() == 2
    for number in (0, 1):
        assert maps.nth(number).locator("use[data-code]").count() == 67
        assert maps.nth(number).locator("use.withheld").count() == 2
    drawn = opened.locator("svg[data-sheet] use[data-code]").evaluate_all(
        "all => all.filter(e => e.getBoundingClientRect().width > 4).length"
    )
    assert drawn == 2 * 67
    origin = address.removesuffix("/banding")
    assert {url.startswith(origin) for url in watch.requests} == {True}
    assert watch.faults == []


def test_panning_one_pans_the_other_and_the_link_keeps_it(
    page: Any, browser: Any, address: str
) -> None:
    opened, watch = page
    begin(opened, f"{address}?kiri=exclusion&kanan=exclusion")
    whole = boxes(opened)
    opened.locator("[data-move=in]").click()
    opened.locator("[data-move=in]").click()
    near = boxes(opened)
    assert near[0] == near[1] != whole[0]
    place = opened.locator("svg[data-sheet]").first.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x - 60, y - 40, steps=4)
    opened.mouse.up()
    moved = boxes(opened)
    assert moved[0] == moved[1] != near[0]
    assert marked(opened) == ["None", "None"]  # a drag picks nothing
    opened.locator("#compared .pick").nth(3).click()
    name = opened.locator("tr.picked .pick").inner_text()
    box = [float(number) for number in boxes(opened)[0].split()]
    other = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    begin(other, opened.url)
    assert other.locator("tr.picked .pick").inner_text() == name
    assert marked(other) == marked(opened)
    assert "tingkat" in other.locator("h1").inner_text()
    again = [float(number) for number in boxes(other)[0].split()]
    assert again == pytest.approx(box, abs=2)
    assert watch.faults == []


def test_by_wheel_and_keyboard_too(page: Any, address: str) -> None:
    opened, _ = page
    begin(opened, address)
    first = opened.locator("svg[data-sheet]").first
    first.hover()
    opened.mouse.wheel(0, -300)
    opened.wait_for_function("() => location.hash.includes('pandang')")
    near = boxes(opened)
    assert near[0] == near[1]
    opened.locator("svg[data-sheet]").nth(1).focus()
    opened.keyboard.press("ArrowRight")
    assert boxes(opened)[0] == boxes(opened)[1] != near[0]
    opened.keyboard.press("0")
    assert boxes(opened)[0].startswith("0.0 0.0 3000.0")
    assert "#" not in opened.url


def test_map_and_table_are_one_selection(page: Any, address: str) -> None:
    opened, watch = page
    begin(opened, f"{address}?tampil=selisih")
    shape = opened.locator("svg[data-sheet] use.rise-1").first
    code = shape.get_attribute("data-code")
    shape.click()
    row = opened.locator("tr.picked")
    assert row.get_attribute("data-code") == code
    assert row.is_visible()
    told = str(opened.locator("#told").inner_text())
    assert row.locator(".pick").inner_text() in told
    assert "naik" in told
    assert len(set(marked(opened))) == 1
    with opened.expect_navigation(wait_until="networkidle"):
        opened.locator(".tabs a", has_text="Dua peta").click()
    assert opened.locator("tr.picked").get_attribute("data-code") == code
    opened.locator("select[name=kanan]").select_option("listed")
    with opened.expect_navigation(wait_until="networkidle"):
        opened.locator(".sides .action").click()
    assert "kanan=listed" in opened.url
    assert opened.locator("tr.picked").get_attribute("data-code") == code
    opened.keyboard.press("Escape")
    assert opened.locator("tr.picked").count() == 0
    assert watch.faults == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("asked", ["", "?tampil=selisih", "?tampil=kecil"])
def test_no_page_is_wider_than_the_screen(
    browser: Any, address: str, size: str, asked: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    opened.goto(address + asked, wait_until="networkidle")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    tops = opened.locator("svg[data-sheet]").evaluate_all(
        "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
    )
    if len(tops) == 2:
        assert (tops[0] == tops[1]) == (size != "phone")  # on a phone one above the other
    context.close()


@pytest.mark.parametrize("asked", ["", "?tampil=selisih", "?tampil=kecil"])
def test_a_page_is_light_and_asks_for_no_layer(page: Any, address: str, asked: str) -> None:
    opened, watch = page
    with opened.expect_response(lambda reply: "/banding" in reply.url) as found:
        opened.goto(address + asked, wait_until="networkidle")
    assert found.value.request.sizes()["responseBodySize"] < PAGE_BYTES
    assert not [url for url in watch.requests if "/layers/" in url]


def test_the_overview_leads_here_with_what_it_shows(page: Any, address: str) -> None:
    opened, watch = page
    opened.goto(address.removesuffix("banding") + "#peta=exclusion", wait_until="networkidle")
    opened.wait_for_function("() => document.getElementById('compare').search.includes('exclus')")
    with opened.expect_navigation(wait_until="networkidle"):
        opened.locator("#compare").click()
    assert opened.locator("select[name=kanan]").input_value() == "exclusion"
    assert opened.locator("select[name=kiri]").input_value() == "exclusion"
    assert watch.faults == []


def test_a_district_opens_its_villages(page: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    opened, watch = page
    archive = tmp_path_factory.mktemp("province")
    write_by_district(archive)
    with served(archive) as found:
        begin(opened, f"{found}/banding?kiri=uncovered&kanan=listed")
        assert opened.locator("svg[data-sheet]").first.locator("use[data-code]").count() == 6
        with opened.expect_navigation(wait_until="networkidle"):
            opened.locator("#compared .go").first.click()
        inside = opened.locator("svg[data-sheet]").first.locator("use[data-code]").count()
        assert inside == opened.locator("#compared tbody tr").count() > 6
        with opened.expect_navigation(wait_until="networkidle"):
            opened.locator(".within a").click()
        assert opened.locator("svg[data-sheet]").first.locator("use[data-code]").count() == 6
    assert watch.faults == []
