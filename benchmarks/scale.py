"""Whole runs from lists to snapshot at four sizes: time and memory by stage, and how cost grows.

python -m benchmarks.scale [--sizes 0.06 0.3 3.3 10:parquet] [--lists csv parquet]
    [--memory-limit 4GB] [--large-limit 12GB] [--area 36] [--folder FOLDER] [--save]

A size with a format, such as 10:parquet, is of that format alone.
"""

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from benchmarks.results import (
    Cell,
    Plot,
    Result,
    Table,
    command_of,
    finish,
    machine,
    today,
    versions,
)
from benchmarks.scale_world import AREA, Format, write_world
from benchmarks.watched_run import WatchedRun, folder_mb, watch

#: Million families: a city, a regency, a province, and three provinces.
SIZES = ("0.06", "0.3", "3.3", "10:parquet")
#: From here on the larger limit of memory holds, million families.
_LARGE = 5.0
#: Cost per family is held against this size, million families.
_BESIDE = 0.3
_NOTE = """\
`geo-target run CONFIG --json` as a process of its own, over a made-up Banten: a DTSEN of families \
in all 1,552 villages (one statement of village in 33 is wrong), 3.6 members a family, points of \
three families in five, six lists of recipients by NIK or KK, one NIK in 143 spoiled, schematic \
boundaries; `again` is a second run over the same lists, which the first one kept, and with \
a month before it; memory_limit {limit}, of more than {large:g} million families {large_limit}. \
Seconds are wall, CPU seconds those \
of all threads; peak memory is resident memory of the process. `rest` is start-up and what lies \
between the stages. What belongs to villages (boundaries, suppression, maps) costs the same at \
every size, so a small run is dearer per family."""


@dataclass(frozen=True)
class Measured:
    """A run of so many million families, of lists of that format."""

    size: float
    lists: Format
    lists_mb: float
    run: WatchedRun
    is_again: bool = False

    @property
    def called(self) -> str:
        """As columns are headed."""
        return f"{self.size:g} M {self.kind}"

    @property
    def kind(self) -> str:
        """How its lists were read."""
        return "again" if self.is_again else self.lists


def main() -> None:
    """Measure every size and format, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, help="million families[:format]")
    parser.add_argument("--lists", nargs="+", choices=("csv", "parquet"),
                        default=("csv", "parquet"))  # fmt: skip
    parser.add_argument("--memory-limit", default="4GB", help="of the run, as [archive] has it")
    parser.add_argument(
        "--large-limit", default="12GB", help=f"of over {_LARGE:g} million families"
    )
    parser.add_argument("--area", default=AREA, help="whose villages the families live in")
    parser.add_argument("--folder", type=Path, help="where worlds are made, one after another")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    runs: list[Measured] = []
    refused: list[str] = []
    for size, lists in worlds(given.sizes, given.lists):
        limit = given.large_limit if size > _LARGE else given.memory_limit
        again = lists == given.lists[0]
        try:
            runs += measure(size, lists, limit, given.folder, area=given.area, again=again)
        except SystemExit as error:  # what the others have taken for hours is kept
            refused.append(
                f"{size:g} M {lists} with {limit}: {str(error).strip().splitlines()[-1]}"
            )
            print(refused[-1], flush=True)
    if not runs:
        raise SystemExit("no run has ended")
    note = _NOTE.format(
        limit=given.memory_limit, large=_LARGE, large_limit=given.large_limit
    ) + "".join(f"\n\nNot ended: {words}" for words in refused)
    finish(result_of(runs, note, command_of(parser, given, "scale")), save=given.save)


def worlds(sizes: Iterable[str], formats: Sequence[Format]) -> Iterator[tuple[float, Format]]:
    """Million families and format of each world: all formats, or the one that a size names.

    >>> list(worlds(["0.3", "10:parquet"], ["csv", "parquet"]))
    [(0.3, 'csv'), (0.3, 'parquet'), (10.0, 'parquet')]
    """
    for text in sizes:
        size, _, only = text.partition(":")
        if only and only not in get_args(Format):
            raise SystemExit(f"{text}: lists are {' or '.join(get_args(Format))}")
        for one in get_args(Format):
            if one == only or (not only and one in formats):
                yield float(size), one


def measure(
    size: float,
    lists: Format,
    memory_limit: str,
    folder: Path | None,
    *,
    area: str,
    again: bool,
) -> list[Measured]:
    """Make a world, run it, run it once more if asked to, and take it away.

    Raises
    ------
    SystemExit
        If the run fails, or loses a family.
    """
    families = round(1e6 * size)
    with tempfile.TemporaryDirectory(dir=folder) as made:
        config = write_world(
            Path(made), families=families, area=area, lists=lists, memory_limit=memory_limit
        )
        lists_mb = folder_mb(Path(made))
        runs = [watch(config) for _ in range(1 + again)]
    for run in runs:
        if (found := run.report["families"]["total"]) != families:
            raise SystemExit(f"{families} families were written, {found} found")
    return [
        Measured(size, lists, lists_mb, run, is_again=number > 0) for number, run in enumerate(runs)
    ]


def result_of(runs: list[Measured], note: str, command: str) -> Result:
    """Tables of whole runs, of seconds and of memory by stage; the plot of seconds."""
    stages = list(runs[0].run.stages)
    drawn = [one for one in runs if one.kind == runs[-1].lists]
    return Result(
        name="scale",
        title="Whole runs, by number of families",
        command=command,
        note=note,
        tables=(
            Table(
                "Whole runs",
                ("families", "lists", "lists MB", "s", "CPU s", "peak memory GB", "peak disk GB",
                 "CPU µs per family", f"cost per family beside {_BESIDE:g} M"),
                tuple(_whole(one, runs) for one in runs),
            ),
            _by_stage("Seconds by stage", runs, "seconds", 1),
            _by_stage("CPU seconds by stage", runs, "cpu", 1),
            _by_stage("Peak memory by stage, GB", runs, "peak_mb", 1000),
        ),
        plot=Plot(
            title=f"Seconds of a whole run by stage, lists as {drawn[0].lists}",
            x_label="families",
            y_label="s",
            kind="lines",
            series={
                name: [(1e6 * one.size, one.run.stages[name].seconds) for one in drawn]
                for name in stages
            },
            log=True,
        ),
        versions=versions("duckdb", "pyarrow", "shapely", "geopandas"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def _whole(one: Measured, runs: list[Measured]) -> tuple[Cell, ...]:
    beside = [each for each in runs if each.size == _BESIDE and each.kind == one.kind]
    whole = one.run.whole
    return (
        f"{one.size:g} M", one.kind, round(one.lists_mb), whole.seconds, whole.cpu,
        whole.peak_mb / 1000, one.run.disk_mb / 1000, whole.cpu / one.size,
        _per_family(one) / _per_family(beside[0]) if beside else None,
    )  # fmt: skip


def _per_family(one: Measured) -> float:
    """CPU time: what else the machine does is not in it."""
    return one.run.whole.cpu / one.size


def _by_stage(caption: str, runs: list[Measured], what: str, unit: float) -> Table:
    rows = tuple(
        (name, *(getattr(one.run.stages[name], what) / unit for one in runs))
        for name in runs[0].run.stages
    )
    return Table(caption, ("stage", *(one.called for one in runs)), rows)


if __name__ == "__main__":
    main()
