"""Kota Serang from raw lists to pages: time and memory of each part, on this machine.

    python -m benchmarks.kota_serang [--boundaries FILE] [--runs N]

Prints a table; docs/benchmarks.md holds what it printed, with the machine and the versions.
"""

import argparse
import gzip
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

COMMAND = [sys.executable, "-c", "from geo_target.cli import main; main()"]
LIBRARIES = ("duckdb", "pyarrow", "geopandas", "shapely", "python-calamine", "flask", "waitress")


def timed(*arguments: str) -> tuple[float, float, str]:
    """Seconds and peak megabytes of a command, and what it printed."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        child = subprocess.Popen([*COMMAND, *arguments], stdout=out, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        if child.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read().decode()


def serving(config: Path, port: int = 8765) -> float:
    """Seconds until the service answers its first page."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [*COMMAND, "serve", "--config", str(config), "--port", str(port)],
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - begun < 30:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    answer.read()
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.01)
    finally:
        child.terminate()
        child.wait()
    raise SystemExit("the service does not answer")


def start_up(runs: int) -> dict[str, float]:
    """Median seconds until each command shows its help: what a person waits for at least."""
    commands = ("demo", "run", "check", "boundaries", "serve")
    return {
        name: statistics.median(timed(name, "--help")[0] for _ in range(runs)) for name in commands
    }


def pages(config: Path, requests: int = 200) -> dict[str, float]:
    """Milliseconds of the overview and its compressed weight with all that it loads."""
    from geo_target.settings import read_settings  # noqa: PLC0415
    from geo_target.web.app import create_app  # noqa: PLC0415

    archive = read_settings(config).archive.folder
    client = create_app(archive, doors=None).test_client()
    headers = {"Accept-Encoding": "gzip"}
    begun = time.perf_counter()
    first = client.get("/", headers=headers)
    first_ms = 1000 * (time.perf_counter() - begun)
    times = []
    for _ in range(requests):
        begun = time.perf_counter()
        client.get("/", headers=headers)
        times.append(1000 * (time.perf_counter() - begun))
    page = gzip.decompress(first.data).decode() if first.data[:2] == b"\x1f\x8b" else first.text
    weight = len(first.data)
    for address in _loaded(page, archive):
        answer = client.get(address, headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        weight += len(answer.data)
    return {
        "overview, first of a process, ms": first_ms,
        "overview, median, ms": statistics.median(times),
        "overview, 99th percentile, ms": sorted(times)[int(0.99 * requests)],
        "overview, KB compressed": len(first.data) / 1000,
        "overview with all layers and assets, KB compressed": weight / 1000,
    }


def _loaded(page: str, archive: Path) -> list[str]:
    """Addresses that the page names, and the layers that its map fetches."""
    import re  # noqa: PLC0415

    named = re.findall(r'(?:src|href)="(/(?:assets|map|static)/[^"]+)"', page)
    run_id = (archive / "CURRENT").read_text("utf-8").strip()
    shown = archive / run_id / "shown" / "meeting"
    layers = {path.name[: -len(".json.gz")] for path in (shown / "layers").glob("*.json.gz")}
    said = json.loads((shown / "summary.json").read_text("utf-8")).get("map", {})
    if said.get("first") == "districts":  # villages are fetched where one looks
        layers &= {"outlines", "neighbors", "clusters"}
    return [*dict.fromkeys(named), *(f"/layers/{run_id}/{name}.json" for name in sorted(layers))]


def main() -> None:
    """Make the world, run it, look at its pages, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", help="real village boundaries; default: schematic")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          + ", ".join(f"{name} {version(name)}" for name in LIBRARIES))  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        extra = ["--boundaries", arguments.boundaries] if arguments.boundaries else []
        seconds, _, _ = timed("demo", folder, *extra)
        _row("demo world (xlsx and csv), s", seconds)
        config = Path(folder) / "geo-target.toml"
        whole, reports = [], []
        for _ in range(arguments.runs):
            seconds, peak, out = timed("run", str(config), "--json")
            whole.append(seconds)
            reports.append(json.loads(out))
        stages = {
            name: statistics.median(report["seconds"][name] for report in reports)
            for name in reports[0]["seconds"]
        }
        inside = [sum(report["seconds"].values()) for report in reports]
        _row("run after start-up, median, s", statistics.median(inside))
        _row("run after start-up, fastest, s", min(inside))
        _row("run, whole command, median, s", statistics.median(whole))
        _row("run, peak memory, MB", peak)
        for name, value in stages.items():
            _row(f"  stage {name}, median, s", value)
        for name, value in start_up(arguments.runs).items():
            _row(f"start-up of {name}, median, s", value)
        _row("serve, until its first page, s", serving(config))
        for name, value in pages(config).items():
            _row(name, value)


def _row(name: str, value: float) -> None:
    print(f"{name:<56} {value:>9.2f}")


if __name__ == "__main__":
    main()
