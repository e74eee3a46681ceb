"""The tables of one run: a DuckDB in memory that spills into the run's work folder."""

import weakref
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

_F = TypeVar("_F")

#: So many rows are a batch of an Arrow table: each goes to one thread.
_BATCH_ROWS = 122_880
#: No table is called so, and whoever asks one that was let go of is told.
_LET_GO = "a_table_that_was_let_go_of"


@dataclass(frozen=True)
class Table:
    """A table on a workbench. It never changes once it is made; a query makes a new one.

    Its rows are freed once nobody holds it, nor any view of it.
    """

    bench: "Workbench" = field(repr=False, compare=False)
    name: str
    under: Sequence["Table"] = field(default=(), repr=False, compare=False)
    """Of a view: the tables that it asks."""

    @property
    def is_held(self) -> bool:
        """Whether it may be asked, see `let_go`."""
        return self.name != _LET_GO

    @property
    def columns(self) -> list[str]:
        """Column names in order."""
        return [row[0] for row in self.bench.execute(f"describe {self.name}")]

    def types(self) -> dict[str, str]:
        """DuckDB type of each column."""
        return {row[0]: row[1] for row in self.bench.execute(f"describe {self.name}")}

    def __len__(self) -> int:
        return int(self.bench.execute(f"select count(*) from {self.name}")[0][0])

    def frame(self) -> pd.DataFrame:
        """Everything as a pandas frame."""
        frame: pd.DataFrame = self.bench.connection.table(self.name).df()
        return frame

    def arrow(self) -> pa.Table:
        """Everything as an Arrow table."""
        return self.bench.connection.table(self.name).to_arrow_table()

    def batches(self, columns: Sequence[str], *, order: str | None = None) -> pa.RecordBatchReader:
        """Some columns, a batch after the other; ask the workbench nothing else meanwhile."""
        sql = f"select {_names(columns)} from {self.name}"
        ordered = f"{sql} order by {order}" if order else sql
        self.bench.free()
        return self.bench.connection.sql(ordered).to_arrow_reader(_BATCH_ROWS)

    def rows(self) -> list[dict[str, Any]]:
        """Everything as dictionaries: for small tables and tests."""
        columns = self.columns
        return [
            dict(zip(columns, row, strict=True)) for row in self.bench.execute(f"from {self.name}")
        ]


class Workbench:
    """Where a run's tables lie. Use it in one thread, and as a context manager."""

    def __init__(self, *, spill: Path | None = None, memory_limit: str | None = None) -> None:
        """Open an empty workbench.

        Parameters
        ----------
        spill
            Folder for what does not fit into memory; none means that nothing is spilled.
        memory_limit
            As DuckDB reads it, such as ``"2GB"``; none means its default (80 % of memory).
        """
        config: dict[str, Any] = {"temp_directory": str(spill) if spill else ""}
        if memory_limit:
            config["memory_limit"] = memory_limit
        self.connection = duckdb.connect(":memory:", config=config)
        # Nothing outlives the connection: a checkpoint of tables in memory is work for nothing.
        self.connection.execute("set checkpoint_threshold = '1TB'")
        # A run reads its own tables only: no SQL of ours may open a file or a host.
        self.connection.execute("set enable_external_access = false")
        # Else what takes more than two seconds draws a bar on standard output, before the JSON.
        self.connection.execute("set enable_progress_bar = false")
        self._numbers = count(1)
        self._unheld: deque[str] = deque()

    def __enter__(self) -> "Workbench":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run SQL and fetch what it gives."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    def query(self, sql: str, parameters: Sequence[Any] = (), /, **tables: Table) -> Table:
        """Make a new table of a SELECT that names `tables` as they are named here."""
        self.free()
        self._name(tables)
        name = f"t{next(self._numbers)}"
        self.connection.execute(f"create table memory.main.{name} as {sql}", list(parameters))
        return self._held("table", name)

    def _held(self, kind: str, name: str, under: Sequence[Table] = ()) -> Table:
        made = Table(self, name, under)
        # Only noted: whoever lets go of it may be a thread, or within an answer that still comes.
        weakref.finalize(made, self._unheld.append, f"{kind} if exists memory.main.{name}")
        return made

    def free(self) -> None:
        """Free what nobody holds any more; each new table does it first."""
        while self._unheld:
            self.connection.execute(f"drop {self._unheld.popleft()}")

    def _name(self, tables: Mapping[str, Table]) -> None:
        for alias, table in tables.items():
            self.connection.execute(
                f"create or replace temp view {alias} as from memory.main.{table.name}"
            )

    def take(self, data: pa.Table | pa.RecordBatchReader | pd.DataFrame) -> Table:
        """Copy an Arrow table, its batches or a pandas frame onto the workbench."""
        self.free()
        name = f"t{next(self._numbers)}"
        self.connection.register("incoming", data)
        self.connection.execute(f"create table memory.main.{name} as from incoming")
        self.connection.unregister("incoming")
        return self._held("table", name)

    def arrays(self, sql: str, /, **tables: Table) -> dict[str, Any]:
        """The columns that a SELECT gives, as arrays."""
        self._name(tables)
        return dict(self.connection.execute(sql).fetchnumpy())

    @contextmanager
    def showing(self, data: pa.Table) -> Iterator[Table]:
        """An Arrow table to be asked as long as this lasts, without being copied."""
        batches = data.combine_chunks().to_batches(max_chunksize=_BATCH_ROWS)
        name = f"shown{next(self._numbers)}"
        self.connection.register(name, pa.Table.from_batches(batches, data.schema))
        self.connection.execute(f"create view memory.main.{name} as from temp.main.{name}")
        try:
            yield Table(self, name)
        finally:
            self.connection.execute(f"drop view memory.main.{name}")
            self.connection.unregister(name)

    def add(self, made: Table | None, sql: str, /, **tables: Table) -> Table:
        """Add the rows of a SELECT to a table that is still being made; None begins one."""
        if made is None:
            return self.query(sql, **tables)
        self._name(tables)
        self.connection.execute(f"insert into memory.main.{made.name} {sql}")
        return made

    def view(self, sql: str, /, **tables: Table) -> Table:
        """A SELECT as a table that is worked out when it is asked: for columns without values.

        `tables` are named as in `query`; it holds them, and they must not be dropped meanwhile.
        """
        name = f"t{next(self._numbers)}"
        named = ", ".join(f"{a} as (from memory.main.{t.name})" for a, t in tables.items())
        self.connection.execute(f"create view memory.main.{name} as with {named} from ({sql})")
        return self._held("view", name, tuple(tables.values()))

    def drop(self, *tables: Table | None) -> None:
        """Free what tables hold that nobody asks any more, though somebody has them at hand."""
        for table in tables:
            if table is not None:
                self.connection.execute(f"drop table memory.main.{table.name}")

    def take_rows(self, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Table:
        """Make a table of few rows; `columns` maps names to DuckDB types."""
        name = f"t{next(self._numbers)}"
        declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.connection.execute(f"create table memory.main.{name} ({declared})")
        listed = [list(row) for row in rows]
        if listed:
            marks = ", ".join("?" for _ in columns)
            self.connection.executemany(f"insert into memory.main.{name} values ({marks})", listed)
        return self._held("table", name)


def query(sql: str, parameters: Sequence[Any] = (), /, **tables: Table) -> Table:
    """Make a new table of a SELECT over `tables`, on the workbench that they lie on."""
    return next(iter(tables.values())).bench.query(sql, parameters, **tables)


def let_go(found: _F, *names: str) -> _F:
    """What a stage has found (a dataclass) without tables that no later stage asks.

    Whoever asks one of them nevertheless is refused: it is not empty, it is not there.
    """
    gone = {name: Table(getattr(found, name).bench, _LET_GO) for name in names}
    return replace(found, **gone)  # type: ignore[type-var]


def filled(table: Table) -> list[str]:
    """The columns that have any value."""
    columns = table.columns
    counts = ", ".join(f'count("{name}")' for name in columns)
    (found,) = table.bench.execute(f"select {counts} from {table.name}")
    return [name for name, count in zip(columns, found, strict=True) if count]


def widened(table: Table, types: Mapping[str, str]) -> Table:
    """A view of a table with columns of these types; those that it does not have are null."""
    there = table.types()
    columns = ", ".join(
        f'"{name}"' if there.get(name) == kind
        else f"""cast({f'"{name}"' if name in there else "null"} as {kind}) as "{name}\""""
        for name, kind in types.items()
    )  # fmt: skip
    return table.bench.view(f"select {columns} from t", t=table)


def numbered(written: Table, name: str) -> Table:
    """A view of a table (none of views, none that rows were taken from) with a number of each row.

    They count from 1 in the order of the rows. A table knows the place of each, and many threads
    write it; what ``row_number()`` counts goes through one.
    """
    return written.bench.view(
        f"select rowid + 1 as {name}, * from memory.main.{written.name}", written=written
    )


def kept(worked_out: Table, columns: Collection[str]) -> Table:
    """A view that is worked out once; columns without any value take no room.

    Parameters
    ----------
    columns
        Those of `worked_out` that may hold anything: see `filled` of what it is made of.
    """
    types = worked_out.types()
    # Of a type of words a null takes little, and the type is long to write.
    room = [name for name, kind in types.items() if name in columns or kind.startswith("ENUM")]
    return widened(query(f"select {_names(room or types)} from t", t=worked_out), types)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
