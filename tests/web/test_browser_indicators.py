"""The switch of indicators in a real browser: what it computes is what the server computes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.web.app import create_app
from geo_target.web.districts import district_records
from geo_target.web.figures import Figure, State
from geo_target.web.indicators import Indicator, indicators_of, legend_of, told_villages
from geo_target.web.language import percent, tenth, whole
from geo_target.web.store import Snapshot, read_snapshot
from tests.web.browsing import CHROMIUM, Watch, served, watched
from tests.web.by_district import write_by_district
from tests.web.sample import RUN_ID, write_snapshot

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

READY = "() => geoFigures.isReady() && document.querySelectorAll('path.village').length > 0"
ALL = """(level) => {
  const told = {};
  const rows = document.querySelectorAll(level === "villages" ? "#ranked tbody tr" : "#by-district tbody tr");
  geoFigures.keys.forEach((_, key) => {
    told[key] = Object.fromEntries([...rows].map(row => {
      const found = geoFigures.figure(key, level, row.dataset.code);
      return [row.dataset.code, [geoFigures.text(key, found), geoFigures.token(key, level, found), found.value ?? null]];
    }));
  });
  return told;
}"""  # noqa: E501  # one script


@pytest.fixture(scope="module", params=["villages", "districts"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(str(request.param))
    (write_snapshot if request.param == "villages" else write_by_district)(folder)
    return folder


@pytest.fixture(scope="module")
def snapshot(archive: Path) -> Snapshot:
    return read_snapshot(archive / RUN_ID)


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    with served(archive) as found:
        yield found


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as (opened, watch):
        opened.goto(address, wait_until="networkidle")
        opened.wait_for_function("() => geoFigures.isReady()")
        yield opened, watch


def said(indicator: Indicator, figure: Figure) -> str:
    """As macros/figures.html says it."""
    if figure.state is State.WITHHELD:
        return "tidak ditampilkan"
    if figure.state is State.NO_DATA:
        return "tidak ada data"
    if figure.state is State.SMALL:
        return f"{whole(figure.part or 0)} dari {whole(figure.base or 0)}\xa0KK"
    value = figure.value or 0
    if indicator.is_share:
        return percent(value)
    return tenth(value) if indicator.is_density else f"{whole(value)}\xa0KK"


def test_every_figure_and_class_of_the_browser_is_the_server_s(
    page: Any, snapshot: Snapshot, archive: Path
) -> None:
    opened, watch = page
    levels = {"villages": told_villages(snapshot)}
    if "districts" in snapshot.summary:
        levels["districts"] = district_records(snapshot)
    for level, records in levels.items():
        found = opened.evaluate(ALL, level)
        assert list(found) == [one.key for one in indicators_of(snapshot)]
        with create_app(archive, doors=None).test_request_context("/"):
            for one in indicators_of(snapshot):
                legend = legend_of(one, records, level)  # type: ignore[arg-type]
                for code, record in records.items():
                    figure = one.figure(record)
                    value = figure.value if figure.state in (State.VALUE, State.ZERO) else None
                    expected = [said(one, figure), legend.tokens[code], value]
                    assert found[one.key][code] == expected, (one.key, code)
    assert watch.faults == []


def test_every_indicator_is_chosen_by_hand_and_said_everywhere(
    page: Any, snapshot: Snapshot
) -> None:
    """Legend, map, column and address; no request, and the legend counts every place once."""
    opened, watch = page
    level = "districts" if "districts" in snapshot.summary else "villages"
    shapes = "path.area" if level == "districts" else "path.village"
    watch.requests.clear()
    for one in indicators_of(snapshot):
        opened.locator("#subject").select_option(one.subject.key)
        opened.locator("#measure").select_option(str(one.measure))
        assert opened.evaluate("geoFigures.chosen()") == one.key
        address = opened.url.partition("#")[2]
        assert address == ("" if one.key == "uncovered" else f"peta={one.key}")
        legend = opened.locator(".legend:visible")
        assert legend.get_attribute("data-legend") == one.key
        counts = legend.locator("tbody td:last-child").all_text_contents()
        assert sum(map(int, counts)) == opened.locator(shapes).count()
        assert opened.locator(f"{shapes}.{one.tone}").count() == opened.locator(shapes).count()
    assert [url for url in watch.requests if not url.endswith("mark.svg")] == []
    assert watch.faults == []


def test_the_legend_of_the_browser_says_what_that_of_the_server_said(page: Any) -> None:
    opened, _ = page
    before = opened.locator(".legend:visible").inner_text()
    opened.locator("#measure").select_option("km2")
    assert opened.locator(".legend:visible").inner_text() != before
    opened.locator("#measure").select_option("count")
    assert opened.locator(".legend:visible").inner_text() == before


def test_an_address_keeps_the_indicator_and_the_hatch(browser: Any, address: str) -> None:
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.goto(f"{address}/#peta=enrolled-PKH.per1000&usang=1", wait_until="networkidle")
    opened.wait_for_function("() => geoFigures.isReady()")
    assert opened.locator("#subject").input_value() == "enrolled-PKH"
    assert opened.locator("#measure").input_value() == "per1000"
    assert opened.locator("#stale").is_checked()
    assert opened.locator("#ranked th[data-column=other]").is_visible()
    if opened.locator("path.village:not(.area)").count():
        assert opened.locator("path.stale").count() > 0
        opened.locator("#stale").uncheck()
        assert opened.locator("path.stale").count() == 0
        assert "usang" not in opened.url
    opened.close()


def test_figures_that_fail_say_so_and_come_when_chosen_again(browser: Any, address: str) -> None:
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.route("**/angka/**", lambda route: route.abort())
    opened.goto(f"{address}/#peta=stale", wait_until="networkidle")
    opened.wait_for_selector("#figures-fault:visible")
    assert opened.locator("#subject").input_value() == "uncovered"
    opened.unroute("**/angka/**")
    opened.locator("#subject").select_option("matched")
    opened.wait_for_function("() => geoFigures.isReady()")
    assert opened.locator("#figures-fault").is_hidden()
    assert opened.locator(".legend:visible").get_attribute("data-legend") == "matched"
    opened.close()


def test_the_figures_come_after_the_first_paint_and_once(page: Any) -> None:
    _, watch = page
    asked = [url.rsplit("/", 1)[0].rsplit("/", 1)[1] for url in watch.requests]
    assert asked.count("angka") == 1
    first = max(place for place, url in enumerate(watch.requests)
                if re.search(r"/layers/.*/(outlines|villages)\.json", url))  # fmt: skip
    assert asked.index("angka") > first
