"""Lists to village table: ours, pandas, polars and plain DuckDB on the same files.

    python -m benchmarks.village_table [--share 0.1] [--folder FOLDER] [--save]

Exits with 1 if the tables are not the same in every village; `--plant` moves one family of ours
to show it.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import peers
from benchmarks.registry import PERSONS_PER_FAMILY
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from benchmarks.village_lists import FAMILIES, FORMS, LISTS, Form, write_lists

OURS = "geo_target"
PEERS = ("duckdb", "polars", "pandas")
_NOTE = """\
The job: read {families:,} families, {persons:,} persons and six lists of recipients, of which
three carry a KK number and three a NIK; say which NIK are usable (apostrophe off, 16 digits, a
date, a serial); find the families that each list reaches; count by village families, persons with
a usable NIK, families reached by each list and by any. One NIK in 143 is spoiled, one number of a
list in 33. Each engine in a process of its own, importing not counted, peak memory with what is
imported. The peers do no more than that. geo_target runs its own stages, as a run does: every
cell of every column checked and what is wrong with it written down by row and reason, twins
within a register, keys of families, three states instead of two, states by definition and by each
program, recipients without a family compared by name where they have a village (here they have
none), the village layer read and checked."""


def differing(ours: pa.Table, peer: pa.Table) -> int:
    """Villages whose row is not the same in both, in whatever order."""
    names = ours.column_names
    rows = [
        {tuple(row.values()) for row in table.select(names).to_pylist()} for table in (ours, peer)
    ]
    return len({row[0] for row in rows[0] ^ rows[1]})


def measure(engine: str, folder: Path, form: Form, out: Path, *, limit: str) -> dict[str, Any]:
    """Run an engine once; its table is in `out` then."""
    if engine == OURS:
        return peers.run("village_table_ours", folder, form, out, limit, ours=True)
    kinds = [f"{program}:{kind}" for program, (_, kind) in LISTS.items()]
    return peers.run(f"village_table_{engine}", folder, form, out, *kinds)


def compare(folder: Path, *, share: float, limit: str, plant: bool) -> dict[Form, dict[str, Any]]:
    """All engines on all forms: what each took, and its `differing` villages."""
    found: dict[Form, dict[str, Any]] = {}
    for form in FORMS:
        lists = write_lists(folder, form, families=round(FAMILIES * share))
        found[form] = {}
        for engine in (OURS, *PEERS):
            out = folder / f"{engine}.parquet"
            taken = measure(engine, lists, form, out, limit=limit)
            if engine == OURS:
                ours = moved(pq.read_table(out)) if plant else pq.read_table(out)
            taken["differing"] = differing(ours, pq.read_table(out))
            found[form][engine] = taken
            print(f"{form} {engine} {taken['seconds']:.1f} s, {taken['differing']} differ",
                  file=sys.stderr)  # fmt: skip
    return found


def moved(table: pa.Table) -> pa.Table:
    """The table with one reached family more in its first village: what must be noticed."""
    counts = table["covered"].to_pylist()
    place = table.column_names.index("covered")
    return table.set_column(place, "covered", pa.array([counts[0] + 1, *counts[1:]]))


def result(found: Mapping[Form, Mapping[str, Any]], *, share: float, command: str) -> Result:
    """The tables and the plot of what was measured."""
    families = round(FAMILIES * share)
    stages = list(found["csv"][OURS]["stages"])
    return Result(
        name="village_table",
        title="Lists to village table, beside other engines",
        command=command,
        note=_NOTE.format(families=families, persons=round(families * PERSONS_PER_FAMILY)),
        tables=(
            Table(
                "Whole jobs",
                ("engine", "from", "s", "CPU s", "peak MB", "villages that differ from ours"),
                tuple(
                    (engine, form, one["seconds"], one["cpu"], one["peak_mb"], one["differing"])
                    for form, engines in found.items()
                    for engine, one in engines.items()
                ),
            ),
            Table(
                "geo_target by stage, s",
                ("stage", *found),
                tuple(
                    (name, *(engines[OURS]["stages"][name] for engines in found.values()))
                    for name in stages
                ),
            ),
        ),
        plot=Plot(
            "Lists to village table", "", "seconds", "bars",
            {form: [(name, one["seconds"]) for name, one in engines.items()]
             for form, engines in found.items()},
        ),
        versions=versions("duckdb", "pyarrow")
        | {f"{name} (peer)": number for name, number in peers.versions(*PEERS).items()},
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of 3.3 M families")
    parser.add_argument("--folder", type=Path, help="keeps the lists; 1.7 GB at full size")
    parser.add_argument("--memory-limit", default="2GB", help="of geo_target's tables")
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    peers.make()
    with tempfile.TemporaryDirectory() as passing:
        folder = given.folder or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        found = compare(folder, share=given.share, limit=given.memory_limit, plant=given.plant)
    command = command_of(parser, given, "village_table")
    finish(result(found, share=given.share, command=command), save=given.save)
    if wrong := sum(one["differing"] for each in found.values() for one in each.values()):
        raise SystemExit(f"{wrong} rows of villages differ")


if __name__ == "__main__":
    main()
