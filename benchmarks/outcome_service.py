"""Outcomes posted by devices to the real service on SQLite: 50 a second for 30 seconds.

    python -m benchmarks.outcome_service CONFIG [--rate N] [--seconds N] [--save]

Of a demo run that is there already. The goal: all acknowledged, p95 under 300 ms.
"""

import argparse
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.device import Device, Posted
from benchmarks.results import Result, Table, finish, machine, today, versions
from benchmarks.visit_house import VisitHouse, visiting
from geo_target.operations.visit_outcomes import VisitOutcomes

_NOTE = """\
Each officer's device has a session and one kept connection to `geo-target serve` (waitress, 8
threads) on the same machine, and posts one outcome a second as JSON, at its own moment of the
second: the token is looked for, the answer read, and outcome and log written in one transaction
with synchronous FULL before 200 is sent. Seconds are from the first byte sent to the last one
read. Afterwards every acknowledged id is looked for in the database. Load is how many processes
waited for the machine's processors in the minute before."""
_OK = 200


def measure(config: Path, *, rate: int, seconds: int) -> tuple[list[Posted], int]:
    """What came back of each post, and how many acknowledged ones the database does not have."""
    with visiting(config, officers=rate, visits=rate * seconds) as service:
        posted = _post(service, rate)
        standing = VisitOutcomes(service.house.database, key=b"k" * 32).standing()
        kept = {answered.current.submission_id for answered in standing.values()}
        lost = {one.submission_id for one in posted if one.status == _OK} - kept
        return posted, len(lost)


def _post(service: VisitHouse, rate: int) -> list[Posted]:
    """One thread a device: it waits for its moment of each second."""
    devices = [Device(service.house.port, token) for token in service.sessions.values()]
    for device in devices:
        device.begin()
    codes: dict[str, list[str]] = {name: [] for name in service.sessions}
    for visit in service.visits:
        codes[str(visit.officer)].append(visit.code)
    begun = time.perf_counter() + 0.5
    posted: list[Posted] = []

    def go(device: Device, own: Sequence[str], at: float) -> None:
        for number, code in enumerate(own):
            time.sleep(max(0.0, begun + at + number - time.perf_counter()))
            posted.append(device.post(code, f"uuid:{code}", "found_eligible", programs=["PKH"],
                                      lat=-6.12, lon=106.15, accuracy_m=9))  # fmt: skip

    threads = [
        threading.Thread(target=go, args=(device, own, number / rate))
        for number, (device, own) in enumerate(zip(devices, codes.values(), strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return posted


def result_of(config: Path, *, rate: int, seconds: int) -> Result:
    """Measure, and put it into words."""
    load = os.getloadavg()[0]
    posted, lost = measure(config, rate=rate, seconds=seconds)
    for one in posted:
        if one.status != _OK:
            print(f"{one.submission_id}: {one.status} after {one.seconds:.3f} s")
    took = sorted(1000 * one.seconds for one in posted)
    row = (
        len(posted), sum(one.status == _OK for one in posted), lost, median(took),
        took[int(0.95 * len(took))], took[-1], load,
    )  # fmt: skip
    return Result(
        name="outcome_service",
        title="Outcomes posted by devices",
        command="python -m benchmarks.outcome_service demo/geo-target.toml",
        note=_NOTE,
        tables=(
            Table(
                f"{rate} posts a second for {seconds} seconds",
                (
                    "posts",
                    "acknowledged",
                    "of these lost",
                    "p50 ms",
                    "p95 ms",
                    "longest ms",
                    "load",
                ),
                (row,),
            ),
        ),
        plot=None,
        versions=versions("flask", "waitress", "sqlalchemy"),
        machine=machine(),
        day=today(),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("config", type=Path, help="geo-target.toml of a finished demo run")
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--save", action="store_true", help="keep it for docs/benchmarks.md")
    given = parser.parse_args()
    finish(result_of(given.config, rate=given.rate, seconds=given.seconds), save=given.save)


if __name__ == "__main__":
    main()
