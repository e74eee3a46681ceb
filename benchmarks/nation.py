"""A nation of 95 million families, one province after another on this machine.

    python -m benchmarks.nation [--partitions 29] [--families 3300000] [--minutes 60]
        [--lists parquet] [--memory-limit 4GB] [--area 36] [--folder FOLDER] [--save]

Each partition is other people: its lists are made, it is run as any province is, measured, and
what a nation would keep is kept: what is shown, and the exact tables of villages. Lists and
tables of families go. It ends with the last partition, or before the time or the disk would.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from benchmarks.scale_world import AREA, Format, write_world
from benchmarks.watched_run import WatchedRun, folder_mb, watch

_NOTE = """\
Provinces of {size:,} families each, other people in every one, one after another on one machine, \
from lists ({lists}) to pages, memory_limit {limit}. Within {minutes:g} minutes and the free disk, \
which lists being made are a part of: **{families:,} families and {persons:,} persons in \
{partitions} partitions**, {all_minutes:.0f} minutes in all of which {run_minutes:.0f} are runs. \
At the most {peak:.2f} GB of memory and {disk:.2f} GB of disk at once; {kept:.0f} MB are kept: \
what is shown, and exact tables of villages. It ended because {ended}. Nothing here is \
extrapolated."""


@dataclass(frozen=True)
class Partition:
    """A province that was made, run and measured, and what of it is kept."""

    number: int
    families: int
    persons: int
    made_seconds: float
    run: WatchedRun
    kept_mb: float


def main() -> None:
    """Rehearse, print a row a partition."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partitions", type=int, default=29)
    parser.add_argument("--families", type=int, default=3_300_000, help="of each partition")
    parser.add_argument("--area", default=AREA, help="whose villages each partition has")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--lists", choices=("csv", "parquet"), default="parquet")
    parser.add_argument("--memory-limit", default="4GB", help="of a run, as [archive] has it")
    parser.add_argument("--folder", type=Path, help="where it is done; default: a temporary one")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        room = Room(Path(folder), 60 * given.minutes)
        done = []
        for one in rehearse(
            room, given.partitions, given.families, given.lists, given.memory_limit,
            area=given.area,
        ):  # fmt: skip
            done.append(one)
            print(f"partition {len(done)}: {one.run.whole.seconds:.1f} s", flush=True)
    if not done:
        raise SystemExit(f"no partition was run: {room.ended}")
    note = _note(done, room.ended, given, time.perf_counter() - begun)
    finish(result_of(done, note, command_of(parser, given, "nation")), save=given.save)


class Room:
    """The time and the disk that are left; `ended` says which was not enough."""

    def __init__(
        self, folder: Path, seconds: float, free_mb: Callable[[Path], float] | None = None
    ) -> None:
        self.folder = folder
        self.ended = "all partitions are done"
        self._until = time.perf_counter() + seconds
        self._free_mb = free_mb or (lambda of: shutil.disk_usage(of).free / 1e6)

    def is_enough(self, done: list[Partition]) -> bool:
        """Whether one more partition fits, as large as the largest so far; the first always."""
        if not done:
            return True
        longest = max(one.made_seconds + one.run.whole.seconds for one in done)
        if time.perf_counter() + longest > self._until:
            self.ended = "the time was over"
            return False
        # Half as much again: nobody's disk is to be filled by a rehearsal.
        if self._free_mb(self.folder) < 1.5 * max(one.run.disk_mb for one in done):
            self.ended = "the disk would have been full"
            return False
        return True


def rehearse(
    room: Room,
    partitions: int,
    families: int,
    lists: Format,
    memory_limit: str,
    *,
    area: str = AREA,
) -> Iterator[Partition]:
    """Run partition after partition as long as there is room; each is told as it ends.

    Raises
    ------
    SystemExit
        If a run fails, or loses a family.
    """
    done: list[Partition] = []
    while len(done) < partitions and room.is_enough(done):
        begun = time.perf_counter()
        config = write_world(
            room.folder / f"partition-{len(done):02d}", families=families, area=area, lists=lists,
            partition=len(done), memory_limit=memory_limit,
        )  # fmt: skip
        done.append(_run(config, len(done), families, time.perf_counter() - begun))
        yield done[-1]


def _run(config: Path, number: int, families: int, made_seconds: float) -> Partition:
    run = watch(config)
    if (found := run.report["families"]["total"]) != families:
        raise SystemExit(f"{families} families were written, {found} found")
    kept = config.parents[1] / f"kept-{number:02d}"
    keep(Path(run.report["snapshot"]), kept)
    shutil.rmtree(config.parent)
    persons = sum(one["rows"] for one in run.report["intake"] if one["profile"] == "dtsen-person")
    return Partition(number, families, persons, made_seconds, run, folder_mb(kept))


def keep(snapshot: Path, kept: Path) -> None:
    """Move what a nation would keep of a province: nothing of it tells of one family."""
    shutil.copytree(snapshot / "shown", kept / "shown")
    shutil.copy(snapshot / "manifest.json", kept)
    (kept / "exact").mkdir()
    for file in sorted((snapshot / "exact").glob("*villages.parquet")):
        shutil.copy(file, kept / "exact")


def _note(done: list[Partition], ended: str, given: argparse.Namespace, seconds: float) -> str:
    return _NOTE.format(
        size=given.families, lists=given.lists, limit=given.memory_limit, minutes=given.minutes,
        families=sum(one.families for one in done), persons=sum(one.persons for one in done),
        partitions=len(done), all_minutes=seconds / 60,
        run_minutes=sum(one.run.whole.seconds for one in done) / 60,
        peak=max(one.run.whole.peak_mb for one in done) / 1000,
        disk=max(one.run.disk_mb for one in done) / 1000,
        kept=sum(one.kept_mb for one in done), ended=ended,
    )  # fmt: skip


def result_of(done: list[Partition], note: str, command: str) -> Result:
    """A row a partition; the plot of their seconds and memory."""
    rows, families = [], 0
    for one in done:
        families += one.families
        whole = one.run.whole
        rows.append(
            (one.number + 1, families, one.made_seconds, whole.seconds, whole.cpu,
             whole.peak_mb / 1000, one.run.disk_mb / 1000, one.kept_mb)
        )  # fmt: skip
    return Result(
        name="nation",
        title="A nation, one province after another",
        command=command,
        note=note,
        tables=(
            Table(
                "Partitions",
                ("partition", "families so far", "lists made, s", "run, s", "run, CPU s",
                 "peak memory GB", "peak disk GB", "kept MB"),
                tuple(rows),
            ),
        ),
        plot=Plot(
            title="Seconds of each partition's run",
            x_label="families so far",
            y_label="s",
            kind="lines",
            series={
                "run, s": [(row[1], row[3]) for row in rows],
                "run, CPU s": [(row[1], row[4]) for row in rows],
            },
        ),
        versions=versions("duckdb", "pyarrow", "shapely", "geopandas"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
