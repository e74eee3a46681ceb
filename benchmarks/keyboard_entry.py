"""Paper returns typed into the keyboard page by a typist of steady hand, in headless Chromium.

    python -m benchmarks.keyboard_entry CONFIG [--returns N] [--key-ms N] [--look-ms N] [--save]

Of a demo run that is there already. The goal: 200 returns in 20 minutes, 6 s each. Needs playwright
and Chromium.
"""

import argparse
import os
import shutil
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.results import Result, Table, finish, machine, today, versions
from benchmarks.service_house import PASSWORD
from benchmarks.visit_house import visiting
from geo_target.fieldwork.visit_codes import ALPHABET
from geo_target.operations.visit_outcomes import VisitOutcomes

_NOTE = """\
A script types as a person would: it looks at the paper for {look} ms, then presses a key every
{key} ms: the eight signs of the code, one key for the outcome, Enter. One of 20 returns has a slip
in its code: the page tells it, the typist looks once more and types it again. One of 10 says two
programs besides, by Tab and their keys. Nothing waits for the server by itself: the next paper is
typed while the last one is on its way. The service is `geo-target serve` on the same machine, on
SQLite. A return is from one paper to the next; saving is from Enter until its row says so. How fast
real people are is not measured here. Load is how many processes waited for the machine's
processors in the minute before."""
_WATCH = """() => {
  window.savedMs = [];
  const begun = new Map();
  new MutationObserver(changes => {
    for (const change of changes) {
      const row = change.target.nodeType === 1 ? change.target.closest("tr") : null;
      for (const added of change.addedNodes) {
        if (added.nodeName === "TR" && !begun.has(added.dataset.submission)) {
          begun.set(added.dataset.submission, performance.now());
        }
      }
      if (row && row.cells[2].textContent.includes("tersimpan: ")
          && begun.has(row.dataset.submission)) {
        window.savedMs.push(performance.now() - begun.get(row.dataset.submission));
        begun.delete(row.dataset.submission);
      }
    }
  }).observe(document.getElementById("entered"), { childList: true, subtree: true });
}"""


def measure(
    config: Path, *, returns: int, key_ms: int, look_ms: int
) -> tuple[list[float], list[float], int]:
    """Seconds from paper to paper, milliseconds until each was saved, and how many are kept."""
    with visiting(config, officers=4, visits=returns) as service, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{service.address}/lapangan/isi")
        page.fill("#name", "koordinator")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#entry")
        page.evaluate(_WATCH)
        took = _typed(page, [v.code for v in service.visits], key_ms=key_ms, look_ms=look_ms)
        page.wait_for_function("(count) => window.savedMs.length >= count", arg=returns)
        saved: list[float] = page.evaluate("() => window.savedMs")
        browser.close()
        standing = VisitOutcomes(service.house.database, key=b"k" * 32).standing()
        return took, saved, len(standing)


def _typed(page: Page, codes: list[str], *, key_ms: int, look_ms: int) -> list[float]:
    """Type every return; gives the seconds of each."""
    chance = Random(20)
    took = []
    for number, code in enumerate(codes, start=1):
        begun = time.perf_counter()
        page.wait_for_timeout(look_ms)
        if number % 20 == 0:
            _slip(page, code, key_ms=key_ms, look_ms=look_ms)
        page.keyboard.type(code.lower(), delay=key_ms)
        page.keyboard.type(chance.choice("1112345678"), delay=key_ms)
        if number % 10 == 0:
            _programs(page, key_ms=key_ms)
        page.keyboard.press("Enter", delay=key_ms)
        took.append(time.perf_counter() - begun)
    return took


def _slip(page: Page, code: str, *, key_ms: int, look_ms: int) -> None:
    """A wrong last sign: the page says so, and the code is typed anew."""
    wrong = ALPHABET[(ALPHABET.index(code[-1]) + 1) % len(ALPHABET)]
    page.keyboard.type(code[:-1].lower() + wrong.lower(), delay=key_ms)
    page.wait_for_selector("#said.bad")
    page.wait_for_timeout(look_ms)
    page.keyboard.press("Control+A", delay=key_ms)


def _programs(page: Page, *, key_ms: int) -> None:
    """By Tab past the button to the folded part, which Space opens, and into its first field."""
    for _ in range(2):
        page.keyboard.press("Tab", delay=key_ms)
    if not page.evaluate("() => document.getElementById('more').open"):
        page.keyboard.press("Space", delay=key_ms)
    page.keyboard.press("Tab", delay=key_ms)
    page.keyboard.type("23", delay=key_ms)


def result_of(config: Path, given: Any) -> Result:
    """Measure, and put it into words."""
    load = os.getloadavg()[0]
    took, saved, kept = measure(
        config, returns=given.returns, key_ms=given.key_ms, look_ms=given.look_ms
    )
    saved.sort()
    row = (
        given.returns, kept, sum(took) / len(took), max(took), sum(took) * 200 / len(took) / 60,
        median(saved), saved[int(0.95 * len(saved))], load,
    )  # fmt: skip
    return Result(
        name="keyboard_entry",
        title="Paper returns by keyboard",
        command="python -m benchmarks.keyboard_entry demo/geo-target.toml",
        note=_NOTE.format(look=given.look_ms, key=given.key_ms),
        tables=(
            Table(
                "A scripted typist",
                ("returns", "kept", "s a return", "longest s", "200 returns min",
                 "saved p50 ms", "saved p95 ms", "load"),
                (row,),
            ),
        ),
        plot=None,
        versions=versions("flask", "waitress", "playwright"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("config", type=Path, help="geo-target.toml of a finished demo run")
    parser.add_argument("--returns", type=int, default=40)
    parser.add_argument("--key-ms", type=int, default=150, help="between two keys")
    parser.add_argument("--look-ms", type=int, default=2500, help="at each paper")
    parser.add_argument("--save", action="store_true", help="keep it for docs/benchmarks.md")
    given = parser.parse_args()
    finish(result_of(given.config, given), save=given.save)


if __name__ == "__main__":
    main()
