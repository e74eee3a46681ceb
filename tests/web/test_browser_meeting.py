"""A meeting in a real browser: sign in, drill, switch, share the link, compare, carry the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, PAINTED, Watch, serving
from tests.web.house import House

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

READY = "() => window.geoFigures && geoFigures.isReady()"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


def signed_in(browser: Any, address: str, path: str, name: str) -> tuple[Any, Watch]:
    page = browser.new_context(
        viewport={"width": 1920, "height": 1080}, accept_downloads=True
    ).new_page()
    watch = Watch(page)
    page.goto(address + path)
    page.fill("#name", name)
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/masuk" not in url)
    page.wait_for_function(PAINTED)
    page.wait_for_function(READY)
    watch.faults.clear()  # the form has asked for the page that is then gone to
    return page, watch


def drill(page: Any) -> None:
    """The map and its table, a village, its district, a cluster of that, and back to the map."""
    row = page.locator("#ranked tbody tr").first
    village = row.locator(".pick").inner_text()
    row.locator(".pick").click()
    page.wait_for_selector("path.picked")
    page.click("#card-link")
    page.wait_for_url("**/kelurahan/*")
    assert village in page.locator("h1").inner_text()
    page.locator(".crumbs a[href*='/kecamatan/']").click()
    page.wait_for_url("**/kecamatan/*")
    assert page.locator("main table tbody tr", has_text=village).count() >= 1
    page.locator("main a[href*='/klaster/']").first.click()
    page.wait_for_url("**/klaster/*")
    page.locator(".crumbs a").first.click()
    page.wait_for_function(PAINTED)
    page.wait_for_function(READY)


def switch(page: Any, watch: Watch) -> str:
    """Another program, another measure, a village: without a request. What the legend says."""
    asked = len(watch.requests)
    page.select_option("#subject", "enrolled-PKH")
    page.select_option("#measure", "rate")
    page.locator("#ranked .pick").nth(3).click()
    page.wait_for_selector("path.picked")
    # The browser looks for its icon whenever an address changes.
    assert [url for url in watch.requests[asked:] if not url.endswith("/mark.svg")] == []
    legend = str(page.locator("[data-legend]:visible").first.inner_text())
    assert "PKH" in legend
    return legend


def open_alone(browser: Any, file: Path) -> None:
    """The file that was carried, on a machine without a network."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True).new_page()
    watch = Watch(page)
    page.goto(file.as_uri())
    page.wait_for_function(PAINTED)
    page.select_option("#subject", "enrolled-PKH")
    assert "PKH" in page.locator("[data-legend]:visible").first.inner_text()
    assert [url for url in watch.requests if not url.startswith("file:")] == []
    assert watch.faults == []
    page.context.close()


def test_a_meeting(
    browser: Any,
    address: str,
    house: House,
    tmp_path: Path,
) -> None:
    page, watch = signed_in(browser, address, "/", "secretary")
    drill(page)
    legend = switch(page, watch)

    # The link in a second browser, of another person, gives the same view.
    other, other_watch = signed_in(browser, address, "/", "viewer")
    other.goto(address + "/akun", wait_until="networkidle")
    other.goto(page.url)
    other.wait_for_function(PAINTED)
    other.wait_for_selector("path.picked")
    assert other.locator("[data-legend]:visible").first.inner_text() == legend
    assert other.locator("#card-name").inner_text() == page.locator("#card-name").inner_text()
    assert other.input_value("#subject") == "enrolled-PKH"
    assert other_watch.faults == []
    other.context.close()

    # What the map shows beside another.
    page.click("#compare")
    page.wait_for_url("**/banding*")
    assert page.locator("svg.sheet").count() == 2
    assert "PKH" in page.locator("main").inner_text()

    # One file, written down, opened with the network off.
    page.goto(address + "/unduh")
    with page.expect_download() as carried:
        page.click("a[href$='bekal-rapat.html']")
    carried.value.save_as(tmp_path / "bekal.html")
    assert [who for who, verb, *_ in house.actions() if verb == "table.export"] == ["secretary"]
    # To the browser a download is a page that was not gone to.
    assert [one for one in watch.faults if not one.endswith("/unduh/bekal-rapat.html")] == []
    assert {url.split("/")[2] for url in watch.requests} == {address.split("/")[2]}
    page.context.close()
    open_alone(browser, tmp_path / "bekal.html")
