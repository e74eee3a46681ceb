"""How fast the overview changes its indicator, and what that asks of the service.

    python -m benchmarks.map_switch CONFIG [CONFIG ...] [--save]

Of runs that are there already: one of a city and one of a province. Needs playwright and Chromium.
"""

import argparse
import gzip
import shutil
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.map_weight import SLOW, opened, served
from benchmarks.results import Result, Table, finish, machine, today, versions
from geo_target.settings import read_settings
from geo_target.web.map_figures import map_figures
from geo_target.web.store import read_snapshot

_NOTE = """\
The overview opens in headless Chromium (1366 x 768, nothing kept from before) on the machine that
serves it. Then every indicator is chosen, one after the other, as by hand: from the event to the
frame that shows map, legend and column (a frame alone is 17 ms). Requests are those that all of
the choices made. The first useful paint is that of map_weight; figures are the counts of all
indicators, compressed, which come after it. Slow is 1 Mbit/s with {latency} ms before each
answer; there the figures are waited for from the start of the page. Load is how many processes
waited for the machine's processors in the minute before."""
_READY = "() => window.geoFigures && geoFigures.isReady()"
_SWITCH = """async () => {
  const took = [];
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const [subject, measure] = ["subject", "measure"].map(id => document.getElementById(id));
  for (const [key, { option, measure: kind }] of geoFigures.keys) {
    await frame();
    const begun = performance.now();
    geoFigures.showChoice(key);
    measure.value = kind;
    measure.dispatchEvent(new Event("change", { bubbles: true }));
    document.body.getBoundingClientRect();
    await frame();
    took.push(performance.now() - begun);
  }
  return took;
}"""


def measure(config: Path) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A row of switching, and one of coming."""
    archive = read_settings(config).archive.folder
    run_id = (archive / "CURRENT").read_text("utf-8").strip()
    snapshot = read_snapshot(archive / run_id)
    area = str(snapshot.summary["area"]["name"])
    weight = len(gzip.compress(map_figures(snapshot), 9)) / 1000
    with served(archive) as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        browser.new_page().goto(address)  # the service makes the page
        page = browser.new_page(viewport={"width": 1366, "height": 768}, reduced_motion="reduce")
        fast = opened(page, address)
        page.wait_for_function(_READY)
        page.wait_for_load_state("networkidle")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        took = sorted(page.evaluate(_SWITCH))
        slow_page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        slow, ready = _slowly(slow_page, address)
        browser.close()
    tail = took[int(len(took) * 0.95)]
    # Chromium itself asks for the mark again when the address changes.
    requests = sum(not one.endswith("mark.svg") for one in asked)
    return (
        (area, len(took), median(took), tail, took[-1], requests),
        (area, fast, slow, weight, ready),
    )


def _slowly(page: Page, address: str) -> tuple[float, float]:
    """Seconds to the first useful paint and to the figures of all indicators on a slow line."""
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    painted = opened(page, address)
    page.wait_for_function(_READY)
    return painted, float(page.evaluate("performance.now()")) / 1000


def result_of(configs: list[Path]) -> Result:
    """Measure the overview of each run."""
    rows = [measure(config) for config in configs]
    return Result(
        "map_switch", "Switching the indicator of a map", "python -m benchmarks.map_switch CONFIG",
        _NOTE.format(latency=SLOW["latency"]) + f" It was {Path('/proc/loadavg').read_text()[:5]}.",
        (
            Table("Switching", ("area", "indicators", "median, ms", "95 of 100, ms", "most, ms",
                                "requests"), tuple(row[0] for row in rows)),
            Table("Coming", ("area", "first useful paint, s", "slow line, s", "figures, KB",
                             "figures there, slow line, s"), tuple(row[1] for row in rows)),
        ),
        None, versions("flask", "waitress", "playwright"), machine(), today(),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, nargs="+", help="a configuration that has been run")
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    finish(result_of(asked.config), save=asked.save)


if __name__ == "__main__":
    main()
