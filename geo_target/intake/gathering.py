"""A list gathered from its pieces: what is plain at once, what is doubtful by every rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from geo_target.intake.ahead import ahead
from geo_target.intake.cell_rules import Rules
from geo_target.intake.copies import RowHashes
from geo_target.intake.parsed_columns import ParsedColumns
from geo_target.intake.seen_numbers import SeenNumbers
from geo_target.workbench import Table, Workbench

#: The rows of a list as `columns.raw_table` gives them, from the first to the last.
Pieces = Callable[[], Iterator[pa.Table]]

#: So many rows go onto the workbench at once. It takes them as they are from 122,880 rows on, and
#: copies fewer one by one.
_AT_ONCE = 250_000
#: Doubtful rows that are judged together, at most but for those of the last piece.
_MOST_WAITING = 300_000

FAULT_TYPES = {"row": "bigint", '"column"': "varchar", "code": "varchar",
                "value_masked": "varchar"}  # fmt: skip


@dataclass
class Gathered:
    """What the pieces of a list add up to.

    `faults` has the columns of `cells.check`; `kept` those that were asked for, as they were
    read; `present` are the columns that any piece has.
    """

    accepted: Table | None
    faults: Table
    kept: Table | None
    hashes: RowHashes
    numbers: SeenNumbers
    present: set[str]


def gather(
    bench: Workbench, pieces: Pieces, rules: Rules, parsed: ParsedColumns, keep: Sequence[str]
) -> Gathered:
    """Take a list in, each piece read and parsed while the one before is written."""
    numbers = SeenNumbers(rules.schema.names)
    faults = bench.take_rows(FAULT_TYPES, [])
    found = Gathered(None, faults, None, RowHashes(), numbers, set())
    waiting: list[pa.Table] = []
    for raw, columns in ahead(_together(_prepared(pieces(), rules, parsed))):
        found.present |= set(raw.column_names)
        found.hashes.add(raw, bench)
        with bench.showing(columns) as rows:
            found.accepted = bench.add(found.accepted, rules.clear(columns), rows=rows)
        found.numbers.add_plain(columns)
        waiting.append(columns.filter(columns.column("doubtful")))
        if sum(map(len, waiting)) > _MOST_WAITING:
            _judge(bench, found, rules, waiting)
        if keep:
            with bench.showing(raw.select(["row", *keep])) as rows:
                found.kept = bench.add(found.kept, "from rows", rows=rows)
    _judge(bench, found, rules, waiting)
    return found


def _judge(bench: Workbench, found: Gathered, rules: Rules, waiting: list[pa.Table]) -> None:
    """Hold doubtful rows against every rule; few pieces have many, so they come together."""
    if not any(map(len, waiting)):
        return
    columns = _concatenated(waiting)
    waiting.clear()
    with bench.showing(columns) as rows:
        judged = bench.query(rules.judged(columns), rows=rows)
    accepted = bench.query(rules.accepted(columns), judged=judged)
    found.numbers.add_judged(accepted)
    found.accepted = bench.add(found.accepted, "from accepted", accepted=accepted)
    bench.add(found.faults, rules.faults(columns), judged=judged)
    bench.drop(judged, accepted)


def _prepared(
    pieces: Iterator[pa.Table], rules: Rules, parsed: ParsedColumns
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Each piece, and its columns with their values and with ``doubtful``."""
    for raw in pieces:
        columns = rules.columns(raw, parsed)
        yield raw, columns.append_column("doubtful", pa.array(rules.doubtful(columns)))


def _together(
    pieces: Iterator[tuple[pa.Table, pa.Table]],
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Pieces one below the other as long as they are few rows."""
    waiting: list[tuple[pa.Table, pa.Table]] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(len(raw) for raw, _ in waiting) >= _AT_ONCE:
            yield _one(waiting)
            waiting = []
    if waiting:
        yield _one(waiting)


def _one(pieces: Sequence[tuple[pa.Table, pa.Table]]) -> tuple[pa.Table, pa.Table]:
    raw, columns = zip(*pieces, strict=True)
    return _concatenated(raw), _concatenated(columns)


def _concatenated(pieces: Sequence[pa.Table]) -> pa.Table:
    """A column that a piece does not have is null there."""
    return pa.concat_tables(pieces, promote_options="permissive")
