"""Intake: seconds and peak memory of lists, of a long workbook, and of bombs.

    python -m benchmarks.intake --folder FOLDER [--rounds N] [--share S] [PART ...]

Each part runs in a process of its own; the files are made once and kept in FOLDER (1.5 GB at
full size). `lists` reads eight CSV onto one workbench as a run does, the following ones
opened meanwhile: 3.3 M families, 12 M persons, six lists of recipients. Importing is not
counted.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import intake_files as files
from benchmarks.measured import peak_mb

DAY = date(2025, 10, 15)
GOALS = {"lists": "25 s, 2,500 MB", "workbook": "20 s, 1,500 MB"}
_BOMB_GOAL = "2 s, 300 MB"
PARTS = ["lists", "workbook", *files.BOMBS]


def make(part: str, folder: Path, share: float) -> list[Path]:
    """The files of a part, made where they are missing."""
    folder.mkdir(parents=True, exist_ok=True)
    if part == "lists":
        return [files.list_file(folder, name, share=share) for name in files.ROWS]
    if part == "workbook":
        return [files.workbook_file(folder, rows=max(int(200_000 * share), 1))]
    return [files.bomb_file(folder, part)]


def measure(part: str, paths: list[Path]) -> dict[str, Any]:
    """Read the files of a part in this process: seconds, peak memory, and what was found."""
    reading = _lists if part == "lists" else _one_file
    read = reading(part, paths)  # imports first, and gives what is to be timed
    begun = time.perf_counter()
    found = read()
    return {"seconds": time.perf_counter() - begun, "memory": peak_mb(), **found}


def _lists(_part: str, paths: list[Path]) -> Callable[[], dict[str, Any]]:
    from geo_target.intake.lists import read_list  # noqa: PLC0415
    from geo_target.intake.profiles import profile_named  # noqa: PLC0415
    from geo_target.intake.sources import opened_ahead  # noqa: PLC0415
    from geo_target.platform import without_collector  # noqa: PLC0415
    from geo_target.settings import Source  # noqa: PLC0415
    from geo_target.workbench import Workbench  # noqa: PLC0415

    sources = [Source(file=path, profile=files.PROFILES[name], as_of=DAY)
               for name, path in zip(files.ROWS, paths, strict=True)]  # fmt: skip

    def read() -> dict[str, Any]:
        found: dict[str, Any] = {"rows": 0, "accepted": 0}
        with (
            Workbench(spill=paths[0].parent / "spill", memory_limit="1GB") as bench,
            ThreadPoolExecutor(max_workers=1) as ahead,
            without_collector(),
        ):
            begun = time.perf_counter()
            for name, (source, grid) in zip(files.ROWS, opened_ahead(sources, ahead), strict=True):
                profile = profile_named(source.profile)
                report = read_list(
                    bench, source.file or Path(), profile=profile, as_of=DAY, grid=grid
                ).report
                found[f"{name} s"] = round(time.perf_counter() - begun, 2)
                found[f"{name} peak MB"] = round(peak_mb())
                begun = time.perf_counter()
                found["rows"] += report.rows
                found["accepted"] += report.accepted
        return found

    return read


def _one_file(part: str, paths: list[Path]) -> Callable[[], dict[str, Any]]:
    from geo_target.errors import DataRefusedError  # noqa: PLC0415
    from geo_target.intake.report import check_file  # noqa: PLC0415
    from geo_target.places.boundaries import read_boundaries  # noqa: PLC0415

    def check() -> dict[str, Any]:
        report = check_file(paths[0], profile=None, as_of=DAY)
        said = report.to_json("en")
        return {"rows": said["rows"], "refused": list(said["reasons"]) if report.refused else []}

    def boundaries() -> dict[str, Any]:
        try:
            read_boundaries(paths[0], area="36", code_column=None, code_system=None,
                            faults="refuse")  # fmt: skip
        except DataRefusedError as error:
            return {"refused": [fault.code for fault in error.faults]}
        return {"refused": []}

    return boundaries if part.endswith(".zip") else check


def in_own_process(part: str, folder: Path, share: float) -> dict[str, Any]:
    """`measure` in a new process."""
    command = [sys.executable, "-m", "benchmarks.intake", "--folder", str(folder), "--inside",
               "--share", str(share), part]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{part}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print a line for each part: least, median and most of its rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART")
    parser.add_argument("--folder", type=Path, default=Path("benchmark-intake"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=1.0, help="of the rows at full size")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        part = arguments.parts[0]
        print(json.dumps(measure(part, make(part, arguments.folder, arguments.share))))
        return
    libraries = ", ".join(f"{n} {version(n)}" for n in ("duckdb", "pyarrow", "python-calamine"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"{libraries}")  # fmt: skip
    print(f"{'part':<18}{'s: least, median, most':>26}{'MB':>20}{'load':>7}  goal; found")
    for part in arguments.parts or PARTS:
        make(part, arguments.folder, arguments.share)
        rounds = [
            in_own_process(part, arguments.folder, arguments.share) for _ in range(arguments.rounds)
        ]
        found = {k: v for k, v in rounds[-1].items() if k not in {"seconds", "memory"}}
        print(f"{part:<18}{_spread(rounds, 'seconds', '.2f'):>26}"
              f"{_spread(rounds, 'memory', ',.0f'):>20}{_load():>7.1f}  "
              f"{GOALS.get(part, _BOMB_GOAL)}; {found}")  # fmt: skip


def _spread(rounds: list[dict[str, Any]], what: str, form: str) -> str:
    values = [found[what] for found in rounds]
    three = (min(values), statistics.median(values), max(values))
    return ", ".join(f"{value:{form}}" for value in three)


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


if __name__ == "__main__":
    main()
