"""What the overview of a province weighs in a browser, before its first useful paint and in all.

    python -m benchmarks.map_weight [--families 300000] [--boundaries FILE]
        [--config CONFIG] [--save]

Makes and runs a world of Banten on the schematic layer, and with `--boundaries` another on that
one; `--config` takes a run that is there already. Needs playwright and Chromium.
"""

import argparse
import contextlib
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from waitress.server import create_server

from benchmarks.kota_serang import timed
from benchmarks.results import Plot, Result, Table, finish, machine, today, versions
from geo_target.settings import read_settings
from geo_target.web.app import create_app

AREA = "36"
#: 1 Mbit/s, as of a village office, and how long an answer takes to begin.
SLOW = {"downloadThroughput": 125_000, "uploadThroughput": 125_000, "latency": 50, "offline": False}
_PATIENCE_MS = 120_000
_KINDS = ("page", "own styles and scripts", "Leaflet", "outlines of districts", "villages",
          "other layers", "figures of all indicators")  # fmt: skip
_NOTE = """\
The overview opens in headless Chromium (1366 x 768, nothing kept from before), on the machine that
serves it. The first useful paint is the frame in which the map has its first colored districts, or
villages where the map begins with them, beside headline and table. In all: the villages
of every district have come. Kilobytes as sent, compressed,
without headers. Slow is 1 Mbit/s with {latency} ms before each answer."""
_WATCH = """
performance.setResourceTimingBufferSize(4000);
(function watch() {
  if (document.querySelector("path.area.uncovered, path.village.uncovered")) {
    requestAnimationFrame(function () {
      document.documentElement.dataset.drawn = String(performance.now());
    });
  } else { requestAnimationFrame(watch); }
})();
"""
_LOADED = """() => [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")].map(
    one => [one.name, one.encodedBodySize, one.responseEnd])"""
_FETCH_ALL = """async () => {
  const layers = document.getElementById("map_overview").dataset.layers;
  for (const row of document.querySelectorAll("#by-district tbody tr")) {
    const part = await fetch(layers.replace("NAME", "villages-" + row.dataset.code));
    await part.arrayBuffer();
  }
}"""


@contextlib.contextmanager
def served(archive: Path) -> Iterator[str]:
    """An archive behind a real socket."""
    server: Any = create_server(create_app(archive, doors=None), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()


def kind_of(address: str) -> str:
    """What a request was for."""
    name = address.rsplit("/", 1)[1]
    if "/layers/" in address:
        layer = name.split(".")[0].split("-")[0]
        return {"outlines": _KINDS[3], "villages": _KINDS[4]}.get(layer, _KINDS[5])
    if "/angka/" in address:
        return _KINDS[6]
    if name.startswith("leaflet"):
        return _KINDS[2]
    return _KINDS[1] if "/assets/" in address or "/map/" in address else _KINDS[0]


def opened(page: Page, address: str) -> float:
    """Seconds until the first useful paint."""
    page.add_init_script(_WATCH)
    page.goto(address, timeout=_PATIENCE_MS)
    drawn = page.wait_for_selector("[data-drawn]", state="attached", timeout=_PATIENCE_MS)
    return float(str(drawn.get_attribute("data-drawn"))) / 1000 if drawn else float("nan")


def weigh(archive: Path) -> tuple[Counter[str], Counter[str], float, float]:
    """Bytes by kind before the first useful paint and in all; seconds to it, fast and slow."""
    with served(archive) as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        browser.new_page().goto(address)  # the service makes the page
        page = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        fast = opened(page, address)
        page.wait_for_load_state("networkidle")
        page.evaluate(_FETCH_ALL)
        before: Counter[str] = Counter()
        whole: Counter[str] = Counter()
        for name, size, ended in page.evaluate(_LOADED):
            whole[kind_of(name)] += size
            if ended <= 1000 * fast:
                before[kind_of(name)] += size
        slow_page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        slow_page.context.new_cdp_session(slow_page).send("Network.emulateNetworkConditions", SLOW)
        slow = opened(slow_page, address)
        browser.close()
    return before, whole, fast, slow


def archive_of(folder: Path, families: int, boundaries: Path | None) -> Path:
    """The archive of a made-up province that has been run."""
    extra = ["--boundaries", str(boundaries)] if boundaries else []
    timed("demo", str(folder), "--area", AREA, "--families", str(families), "--lists", "csv",
          *extra)  # fmt: skip
    timed("run", str(folder / "geo-target.toml"))
    return folder / "archive"


def result_of(archives: Mapping[str, Path], command: str) -> Result:
    """Weigh the overview of each archive."""
    tables, times, bars = [], [], {}
    for layer, archive in archives.items():
        before, whole, fast, slow = weigh(archive)
        rows = [(kind, before[kind] / 1000, whole[kind] / 1000) for kind in _KINDS]
        rows.append(("together", before.total() / 1000, whole.total() / 1000))
        tables.append(Table(f"Overview of Banten, {layer}", ("part", "before the first useful "
                            "paint, KB", "in all, KB"), tuple(rows)))  # fmt: skip
        times.append((layer, fast, slow))
        bars[layer] = [("before", before.total() / 1000), ("in all", whole.total() / 1000)]
    columns = ("layer", "first useful paint, s", "slow line, s")
    return Result(
        "map_weight", "Weight of a province's map", command,
        _NOTE.format(latency=SLOW["latency"]),
        (*tables, Table("Time to the first useful paint", columns, tuple(times))),
        Plot("Weight of the overview of Banten", "", "KB, compressed", "bars", bars),
        versions("flask", "waitress", "playwright"), machine(), today(),
    )  # fmt: skip


def main() -> None:
    """Make the worlds unless one is given, weigh their overviews, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=300_000)
    parser.add_argument("--boundaries", type=Path, help="real village boundaries, besides")
    parser.add_argument("--config", type=Path, help="a configuration that has been run")
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    command = "python -m benchmarks.map_weight" + (" --boundaries FILE" if asked.boundaries else "")
    if asked.config:
        archives = {"as given": read_settings(asked.config).archive.folder}
        finish(result_of(archives, f"{command} --config CONFIG"), save=asked.save)
        return
    with tempfile.TemporaryDirectory() as made:
        layers = {"schematic layer": None, "given layer": asked.boundaries}
        archives = {
            name: archive_of(Path(made) / str(number), asked.families, file)
            for number, (name, file) in enumerate(layers.items())
            if file or not number
        }
        finish(result_of(archives, command), save=asked.save)


if __name__ == "__main__":
    main()
