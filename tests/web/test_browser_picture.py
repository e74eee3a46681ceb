"""A picture of the map, saved in a real browser: what is seen, and written down first."""

import base64
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo_target.errors import Fault
from geo_target.operations.refusals import AuditError
from geo_target.web.app import create_app
from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, PAINTED, Watch, serving, watched
from tests.web.house import House
from tests.web.tiles import png, write_mbtiles

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

#: Of the style sheet: a class in the middle, the ink of words, and the sea.
CLASS, INK, SEA = (228, 141, 78), (23, 35, 46), (228, 235, 239)
#: How many pixels of the picture have each color, in the whole and beneath the map.
COUNTED = """async ([content, colors]) => {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const brush = canvas.getContext("2d");
  brush.drawImage(image, 0, 0);
  const count = (top) => {
    const all = brush.getImageData(0, top, image.width, image.height - top).data;
    const found = colors.map(() => 0);
    for (let place = 0; place < all.length; place += 4) {
      colors.forEach(([r, g, b], index) => {
        found[index] += all[place] === r && all[place + 1] === g && all[place + 2] === b;
      });
    }
    return found;
  };
  return {whole: count(0), foot: count(image.height - 110)};
}"""
BENEATH = (0, 200, 90)


@pytest.fixture
def page(browser: Any) -> Iterator[tuple[Any, Watch]]:
    with watched(browser) as opened:
        yield opened


def saved(opened: Any, folder: Path) -> tuple[str, bytes]:
    opened.wait_for_function(PAINTED)
    with opened.expect_download() as told:
        opened.locator(".map-button-save").click()
    told.value.save_as(folder / "peta.png")
    return str(told.value.suggested_filename), (folder / "peta.png").read_bytes()


def colors(opened: Any, content: bytes, *asked: tuple[int, int, int]) -> Any:
    return opened.evaluate(COUNTED, [base64.b64encode(content).decode(), [list(c) for c in asked]])


def test_a_picture_is_what_is_seen_at_twice_the_size(
    page: Any, archive: Path, tmp_path: Path
) -> None:
    opened, watch = page
    with serving(create_app(archive, doors=None)) as address:
        opened.goto(address)
        name, content = saved(opened, tmp_path)
        region = opened.locator("#map-region").bounding_box()
        found = colors(opened, content, CLASS, INK, SEA)
        assert {url.startswith((address, f"blob:{address}")) for url in watch.requests} == {True}
    assert name.startswith("geo_target-36.73-peta-2025-10-01-")
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width == pytest.approx(2 * (region["width"] + 32), abs=2)
    assert height > 2 * region["height"] + 200  # and the words above and beneath
    assert min(found["whole"]) > 3_000
    assert found["foot"][1] > 500  # words beneath the map
    assert found["foot"][0] == 0
    assert watch.faults == []


def test_with_accounts_it_is_written_down_or_not_made(
    page: Any,
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the audit log; on a full disk, since it names nobody, in the log of the service."""
    opened, _ = page
    with serving(house.app) as address:
        opened.goto(address + "/")
        opened.fill("#name", "viewer")
        opened.fill("#password", GOOD)
        opened.keyboard.press("Enter")
        name, _ = saved(opened, tmp_path)
        (entry,) = [row for row in house.actions() if row[1] == "table.export"]
        assert name.endswith(f"-{entry[2]}.png")

        def full(_: object) -> None:
            raise AuditError(Fault("E-AUDIT", id="penuh", en="full"))

        monkeypatch.setattr(house.audit, "append", full)
        name, _ = saved(opened, tmp_path)
        (told,) = [text for text in caplog.messages if text.startswith("not in the audit log")]
        assert f" {name[-12:-4]} by viewer " in told

        opened.route("**/gambar", lambda route: route.abort())
        opened.locator(".map-button-save").click()
        opened.wait_for_selector("#picture:visible")
        assert "tidak dapat dicatat" in opened.locator("#picture").inner_text()


def test_a_carried_file_makes_pictures_with_its_own_code(
    page: Any, archive: Path, tmp_path: Path
) -> None:
    opened, watch = page
    client = create_app(archive, doors=None).test_client()
    (tmp_path / "bekal.html").write_bytes(client.get("/unduh/bekal-rapat.html").data)
    opened.goto((tmp_path / "bekal.html").as_uri())
    name, content = saved(opened, tmp_path)
    code = opened.locator("[data-picture-code]").get_attribute("data-picture-code")
    assert name.endswith(f"-{code}.png")
    assert struct.unpack(">II", content[16:24])[0] > 1_000
    assert [url for url in watch.requests if url.startswith("http")] == []
    assert watch.faults == []


def test_a_base_map_lies_beneath_and_stays_in_the_picture(
    page: Any, archive: Path, tmp_path: Path
) -> None:
    opened, watch = page
    tiles = [((7, column, row), png(*BENEATH))
             for column in range(100, 104) for row in range(58, 64)]  # fmt: skip
    file = write_mbtiles(
        tmp_path / "peta.mbtiles", tiles, format="png", attribution="<b>Peta</b> contoh"
    )
    with serving(create_app(archive, doors=None, base_map=file)) as address:
        opened.goto(address)
        opened.wait_for_function(PAINTED)
        assert opened.locator("img.leaflet-tile").count() == 0
        opened.locator("#base-map").check()
        opened.wait_for_selector("img.leaflet-tile-loaded")
        assert "dasar=1" in opened.url
        assert "Peta contoh" in opened.locator("#legend-base").inner_text()
        assert opened.locator("path.village").first.evaluate(
            "path => Number(getComputedStyle(path).fillOpacity)"
        ) == pytest.approx(0.55)
        opened.wait_for_timeout(400)  # tiles come in softly
        _, content = saved(opened, tmp_path)
        found = colors(opened, content, BENEATH, SEA)
        assert found["whole"][0] > 10_000
        opened.evaluate("map_overview.setView([0, 0], 9, {animate: false})")  # no tile there
        opened.wait_for_timeout(500)
        opened.locator("#base-map").uncheck()
        assert opened.locator("img.leaflet-tile").count() == 0
        assert {url.split("/")[2] for url in watch.requests if url.startswith("http")} == {
            address.split("/")[2]
        }
    assert watch.faults == []
