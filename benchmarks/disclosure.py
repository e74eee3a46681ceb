"""All that a run withholds, for a made-up Banten: time and memory of each part.

    python -m benchmarks.disclosure [--villages N] [--poor N ...] [--covered S ...] [--save]

The village table, rows of RW and the gate, columns, reasons and strategies, the last look at all of
them together, and the public's table: of a first month, and of the next one, in which one village
in fifty has changed. Clusters and overlaps of registers, which have a few sums of the whole area,
are not in it.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import geopandas as gpd
import pandas as pd

from benchmarks.disclosure_world import (
    AREA,
    Families,
    Shares,
    make_families,
    next_month,
    poor_of,
    settings_of,
    village_table,
    write_tables,
)
from benchmarks.results import Result, Table, command_of, finish, machine, today, versions
from benchmarks.watched_run import Watch
from geo_target.crs import metric_crs
from geo_target.places.gazetteer import villages_of
from geo_target.programs import programs
from geo_target.publishing import shown_coverage
from geo_target.publishing.audiences import COUNTS, MEETING
from geo_target.publishing.coverage_backstop import withhold_more
from geo_target.publishing.coverage_chosen import settle
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.interval_attack import Release, Suppression
from geo_target.publishing.interval_problem import bounds_once
from geo_target.publishing.results import Targets
from geo_target.publishing.shown import MeetingTables, meeting_tables
from geo_target.publishing.shown_public import public_tables
from geo_target.targeting.cluster_details import ClusterDetails

_GOAL = 60
_TABLE, _RULES, _LOOK, _PUBLIC = "village table, RW, gate", "columns", "last look", "public"
_NOTE = """\
Extreme-poor families of the {villages:,} villages of Banten, drawn by lot with the shares that \
the table names: six programs, four definitions, four groups, six old programs. `next` is a month \
after the first one, in which a few families of one village in fifty have got or lost a program. \
Everything is withheld that `geo-target run` would; families are counted, not linked, so that what \
is measured is disclosure alone. `rounds` are those of `coverage_chosen.settle`. Peak memory is \
that of the process, with what it imported. The goal: {goal} s in all."""


@dataclass
class Shown:
    """What the meeting and the public have been shown before."""

    meeting: list[Release] = field(default_factory=list)
    public: list[Release] = field(default_factory=list)
    coverage: CoverageRelease | None = None


def main() -> None:
    """Measure each world, two months of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, help="the first ones alone")
    parser.add_argument("--poor", type=float, nargs="+", default=[148.0, 42.0])
    parser.add_argument("--covered", type=float, nargs="+", default=[0.57])
    parser.add_argument("--compared", type=float, nargs="+", default=[1.0])
    parser.add_argument("--months", type=int, default=2)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    rows: list[tuple[Any, ...]] = []
    for poor in given.poor:
        for covered in given.covered:
            for compared in given.compared:
                shares = Shares(poor, covered, compared)
                for row in measure(shares, villages=given.villages, months=given.months):
                    rows.append((poor, covered, compared, *row))
                    print(rows[-1], flush=True)
    finish(_result(rows, given, command_of(parser, given, "disclosure")), save=given.save)


def measure(
    shares: Shares, *, villages: int | None = None, months: int = 2
) -> Iterator[tuple[Any, ...]]:
    """A row a month: seconds by part, in all, CPU seconds, megabytes, rounds, withheld counts."""
    families, shown = make_families(shares, 1, villages=villages), Shown()
    for month in range(months):
        families = next_month(families, month) if month else families
        with tempfile.TemporaryDirectory() as folder:
            yield ("next" if month else "first", *_month(families, Path(folder), shown, villages))


def _month(families: Families, exact: Path, shown: Shown, villages: int | None) -> tuple[Any, ...]:
    settings = settings_of()
    write_tables(families, exact, settings)
    table = village_table(families, AREA, villages_of(AREA).index[:villages])
    targets = _targets(table, families)
    bounds_once.cache_clear()
    watch, tables = Watch(), []
    watch.end("before")

    def show_table(keep: Suppression | None) -> tuple[MeetingTables, Release]:
        tables.append(meeting_tables(targets, shown.meeting, keep=keep))
        watch.end(_TABLE)
        return tables[-1], tables[-1].release

    def show_coverage(meeting: MeetingTables) -> tuple[dict[str, Any], CoverageRelease]:
        found = shown_coverage.publish_coverage(
            exact, MEETING, settings, villages=meeting.villages, totals=meeting.totals,
            districts=meeting.districts, eligible={}, current=programs(), earlier=shown.coverage,
        )  # fmt: skip
        watch.end(_RULES)
        return found

    with _timed_look(watch):
        meeting, _, coverage = settle(show_table, show_coverage)
    public = public_tables(table, meeting.release, shown.public)
    watch.end(_PUBLIC)
    shown.meeting.append(meeting.release)
    shown.public.append(public.release)
    shown.coverage = coverage
    parts = [watch.sums[name] for name in (_TABLE, _RULES, _LOOK, _PUBLIC)]
    columns = [name for name in coverage.villages if name not in COUNTS]
    return (
        *(part["seconds"] for part in parts), sum(part["seconds"] for part in parts),
        sum(part["cpu"] for part in parts), max(part["peak_mb"] for part in parts), len(tables),
        float(meeting.release.suppression.cells.to_numpy().mean()),
        float(coverage.villages[columns].to_numpy().mean()),
    )  # fmt: skip


@contextmanager
def _timed_look(watch: Watch) -> Iterator[None]:
    def look(*arguments: Any) -> CoverageRelease:
        watch.end(_RULES)
        found = withhold_more(*arguments)
        watch.end(_LOOK)
        return found

    with patch.object(shown_coverage, "withhold_more", look):
        yield


def _targets(villages: gpd.GeoDataFrame, families: Families) -> Targets:
    details = ClusterDetails()
    return Targets(
        villages, poor_of(families).assign(lon=None, lat=None), details.clusters,
        pd.Series(dtype="str", name="cluster_id"), metric_crs(106.0, -6.3), None, (),  # type: ignore[arg-type]
    )  # fmt: skip


def _result(rows: Sequence[tuple[Any, ...]], given: argparse.Namespace, command: str) -> Result:
    heads = ("poor a village", "covered", "compared", "month", f"{_TABLE}, s", f"{_RULES}, s",
             f"{_LOOK}, s", f"{_PUBLIC}, s", "all, s", "CPU s", "peak MB", "rounds",
             "withheld of the village table", "withheld of columns")  # fmt: skip
    return Result(
        name="disclosure",
        title="All that is withheld of a province",
        command=command,
        note=_NOTE.format(
            villages=given.villages or len(villages_of(AREA)), goal=_GOAL),
        tables=(Table("Seconds by part", heads, tuple(rows)),),
        plot=None,
        versions=versions("numpy", "pandas", "scipy"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
