"""The overview as it is served, beside a page that Folium makes for each request.

python -m benchmarks.pages [--boundaries FILE] [--save]
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.kota_serang import timed
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions

AREAS = {"Kota Serang": "36.73", "Banten": "36"}
FAMILIES = 60_000
_NOTE = """\
The job: send the map of all villages, colored by the families whom no program reaches, to one
client after the other, in one process without network. A demo of 60,000 families is made, run and
served for a city and for a province ({boundaries} boundaries). geo_target sends what was made
when the run was published: page, script of the map, layers, style; the ranked table of all
villages is on its page. Folium makes the same villages anew for each request, of a coverage that
was simplified once to 0.0005 degrees and 5 decimals, without a table; its scripts and styles from
other hosts are neither fetched nor counted, and its time is without compression. A first visit is
all that a browser loads until the map stands."""


def measure(area: str, boundaries: Path | None, folder: Path, requests: int) -> dict[str, Any]:
    """Make a demo, run it, ask for both pages; by engine."""
    layer = ["--boundaries", str(boundaries)] if boundaries else []
    size = ["--area", area, "--families", str(FAMILIES), "--lists", "csv"]
    timed("demo", str(folder), *size, *layer)
    config = folder / "geo-target.toml"
    report = json.loads(timed("run", str(config), "--json")[2])
    villages = Path(report["snapshot"]) / "exact" / "villages.parquet"
    return {
        "geo_target": peers.run("pages_ours", config, 10 * requests, ours=True),
        "Folium": peers.run("pages_folium", villages, requests),
        "villages": report["villages"],
    }


def result(found: dict[str, dict[str, Any]], *, boundaries: str, command: str) -> Result:
    """The table and the plot of what was measured."""
    engines = ("geo_target", "Folium")
    return Result(
        name="pages",
        title="Pages, beside Folium for each request",
        command=command,
        note=_NOTE.format(boundaries=boundaries),
        tables=(
            Table(
                "One client",
                ("area", "villages", "engine", "ms of an answer (median)", "answers a second",
                 "first answer of a process, ms", "page, KB compressed",
                 "first visit, KB compressed", "peak MB"),
                tuple(
                    (name, one["villages"], engine, one[engine]["median"],
                     1000 / one[engine]["median"], one[engine]["first"], one[engine]["page"],
                     one[engine]["all"], one[engine]["peak_mb"])
                    for name, one in found.items()
                    for engine in engines
                ),
            ),
        ),
        plot=Plot(
            "An answer with the map", "", "milliseconds (median)", "bars",
            {engine: [(name, one[engine]["median"]) for name, one in found.items()]
             for engine in engines}, log=True,
        ),
        versions=versions("flask", "werkzeug")
        | {f"{name} (peer)": number for name, number in peers.versions("folium", "flask").items()},
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", type=Path, help="real villages; default: schematic")
    parser.add_argument("--requests", type=int, default=20, help="of Folium; ours ten times that")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    peers.make()
    found = {}
    for name, area in AREAS.items():
        with tempfile.TemporaryDirectory() as folder:
            found[name] = measure(area, given.boundaries, Path(folder), given.requests)
        print(f"{name}: {found[name]}", file=sys.stderr)
    words = "real" if given.boundaries else "schematic"
    command = command_of(parser, given, "pages")
    finish(result(found, boundaries=words, command=command), save=given.save)


if __name__ == "__main__":
    main()
