"""Payload by sink in a real browser: each word of a snapshot holds every payload, on every page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.web.app import create_app
from tests.web.browsing import CHROMIUM, PAINTED, Watch, served, watched
from tests.web.marked_up import write_marked_up

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

#: Each opens a dialog where it is run: as an element, out of an attribute, out of a script, in a
#: template string, in a template of the server's.
PAYLOADS = (
    "<img src=x onerror=alert(1)>", "<svg onload=alert(2)>", '" autofocus onfocus=alert(3) x="',
    "' onmouseover=alert(4) x='", "</script><script>alert(5)</script>", "${alert(6)}",
    "`+alert(7)+`", "{{ 7 * 7 }}", "javascript:alert(8)", "\u2028alert(9)//",
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("markup")
    write_marked_up(archive, "".join(PAYLOADS))
    return archive


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    with served(archive) as found:
        yield found


@pytest.fixture
def page(browser: Any) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as opened:
        yield opened


def pages(archive: Path) -> list[str]:
    """Every page of the meeting that can be asked for without a form."""
    shown = next(archive.glob("*/shown/meeting"))
    village = json.loads((shown / "tables/villages.json").read_bytes())[0]
    cluster = json.loads((shown / "tables/clusters.json").read_bytes())[0]
    filled = {
        "village_code": village["village_code"], "district_code": village["district_code"],
        "regency_code": village["regency_code"], "cluster_id": cluster["cluster_id"],
    }  # fmt: skip
    found = []
    for rule in create_app(archive, doors=None).url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.arguments <= set(filled):
            continue
        found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda part: filled[part.group(1)], rule.rule))
    return sorted({*found} - {"/favicon.ico", "/health"})


def test_no_payload_runs_in_any_sink(page: Any, address: str, archive: Path) -> None:
    opened, watch = page
    found = pages(archive)
    assert {"/", "/prioritas", "/klaster", "/cakupan", "/unduh", "/register"} <= set(found)
    for path in found:
        reply = opened.goto(address + path, wait_until="load")
        assert reply.status in {200, 404}, path  # what this archive does not have is 404
        opened.wait_for_load_state("networkidle")  # what the next page cuts off is no fault
        assert watch.faults == [] or reply.status == 404, path
        watch.faults.clear()
    assert {url.split("/")[2] for url in watch.requests} == {address.split("/")[2]}


def test_all_layers_are_drawn_and_what_they_say_is_text(page: Any, address: str) -> None:
    opened, watch = page
    opened.goto(address + "/", wait_until="load")
    opened.wait_for_function(PAINTED)
    opened.locator("#ranked .pick").first.click()
    opened.wait_for_selector("path.picked")
    opened.locator("path.village").nth(5).hover()
    opened.wait_for_selector(".tip")
    for place in (".tip", "#card", ".label.district-name", ".rw-count"):
        assert opened.locator(f"{place} img, {place} svg[onload], {place} script").count() == 0
    assert "<img src=x" in opened.locator(".tip").first.inner_text()
    assert opened.locator("path.district-line").count() == 6
    assert watch.faults == []


def test_the_file_for_a_room_without_a_network(page: Any, archive: Path, tmp_path: Path) -> None:
    opened, watch = page
    carried = create_app(archive, doors=None).test_client().get("/unduh/bekal-rapat.html")
    (tmp_path / "bekal.html").write_bytes(carried.data)
    opened.goto((tmp_path / "bekal.html").as_uri(), wait_until="load")
    opened.wait_for_function(PAINTED)
    for button in opened.locator(".bar-nav [data-view]").all():
        button.click()
    assert watch.faults == []
