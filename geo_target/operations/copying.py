"""Every row of the operations database as lines of JSON: one form for every database.

What was copied out of SQLite goes into PostgreSQL and back. The rows are read in one state
of the database while others write. They go in whole or not at all, together with the tables
and the triggers that keep the log append-only.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, String, Table, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from geo_target.errors import Fault
from geo_target.operations import audit_chain
from geo_target.operations.database import (
    Database,
    Turn,
    make_engine,
    parse_url,
    reach_database,
    refuse_newer,
    schema_version,
)
from geo_target.operations.database_faults import away
from geo_target.operations.migration import alembic_config
from geo_target.operations.refusals import DatabaseError
from geo_target.operations.tables import METADATA, UTCDateTime

_BATCH = 1000


@dataclass(frozen=True)
class CopiedTable:
    """One table of a copy."""

    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Copy:
    """What was copied out of a database."""

    version: str
    """Migration that it stood at."""
    tables: Mapping[str, CopiedTable]
    head: audit_chain.Head
    """Last entry of the audit log."""


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a database for copying: of this program's schema or an older one.

    `database.open_database` refuses an older one, and its message says to back it up first.

    Raises
    ------
    DatabaseError
        If there is none at `url`, or a newer program made it.
    """
    database, _ = reach_database(url)
    with closing(database):
        yield database


def copy_out(database: Database, folder: Path) -> Copy:
    """Write ``<table>.jsonl`` for every table into `folder`, all of one moment."""
    with database.reading() as connection:
        tables = {}
        for table, columns in _present(connection):
            with (folder / f"{table.name}.jsonl").open("wb") as file:
                rows = sum(1 for line in _lines(connection, table, columns) if file.write(line))
            tables[table.name] = CopiedTable(rows, columns)
        version = schema_version(connection) or ""
        return Copy(version, tables, audit_chain.last(connection))


def copy_in(url: str, folder: Path, copy: Copy) -> None:
    """Make the database at `url` and fill it from `folder`, as one transaction.

    A database that already holds exactly this copy is left as it is, so that whoever was
    stopped afterwards can simply begin again.

    Parameters
    ----------
    url
        Of a database without any row; on SQLite the file may be absent.
    folder, copy
        What `copy_out` wrote and returned.

    Raises
    ------
    DatabaseError
        If the database holds anything else, a newer program made the copy, or the copy does
        not fit the tables.
    """
    with _made(url) as database:
        try:
            with database.writing(Turn.MIGRATION) as connection:
                if schema_version(connection) is None:
                    _fill(connection, folder, copy, database.name)
                elif not _holds(connection, folder, copy):
                    raise _not_empty(database.name)
        except (ValueError, TypeError, KeyError, SQLAlchemyError):
            # Hostile or made by hand: our own copies fit.
            raise _unfit(database.name) from None


@contextmanager
def _made(url: str) -> Iterator[Database]:
    """The database at `url`; its file is taken away again if it was made for nothing."""
    parsed = parse_url(url)
    file = Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None
    is_new = file is not None and not file.exists()
    if file is not None:
        try:
            file.touch(mode=0o600)
        except OSError:
            raise away(parsed.render_as_string(hide_password=True)) from None
    database = Database(make_engine(parsed))
    try:
        yield database
    except BaseException:
        database.close()
        if file is not None and is_new:
            file.unlink()
        raise
    finally:
        database.close()


def _fill(connection: Connection, folder: Path, copy: Copy, name: str) -> None:
    refuse_newer(copy.version, name)
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, copy.version)
    with _without_triggers(connection):
        for table in _tables(copy):
            _insert(connection, table, folder, copy.tables[table.name].columns)
    if not _holds(connection, folder, copy):
        raise ValueError("not what was copied out")
    command.upgrade(config, "head")


def _insert(connection: Connection, table: Table, folder: Path, columns: Sequence[str]) -> None:
    with (folder / f"{table.name}.jsonl").open("rb") as file:
        while batch := [_row(table, columns, line) for line in islice(file, _BATCH)]:
            connection.execute(insert(table), batch)
    counted = table.autoincrement_column
    if counted is not None and connection.dialect.name == "postgresql":
        # Rows that bring their own number do not move the sequence on.
        following = select(func.coalesce(func.max(counted), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        connection.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003


def _holds(connection: Connection, folder: Path, copy: Copy) -> bool:
    """Whether the database holds the rows of the copy and nothing else, byte for byte."""
    present = {table.name: set(columns) for table, columns in _present(connection)}
    for table in _tables(copy):
        columns = copy.tables[table.name].columns
        if not set(columns) <= present.pop(table.name, set()):
            return False
        found = hashlib.sha256()
        for line in _lines(connection, table, columns):
            found.update(line)
        with (folder / f"{table.name}.jsonl").open("rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != found.digest():
                return False
    more = (select(METADATA.tables[name]).limit(1) for name in present)
    return all(connection.execute(query).first() is None for query in more)


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    """On SQLite a log with a gap could not be restored, and a gap is evidence."""
    if connection.dialect.name != "sqlite":
        yield
        return
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    triggers = found.all()
    for trigger in triggers:
        connection.execute(text(f'DROP TRIGGER "{trigger.name}"'))
    yield
    for trigger in triggers:
        connection.exec_driver_sql(trigger.sql)


def _tables(copy: Copy) -> list[Table]:
    """The tables of a copy, those that others point to first."""
    known = [table for table in METADATA.sorted_tables if table.name in copy.tables]
    if len(known) != len(copy.tables):
        raise ValueError("unknown tables")
    return known


def _present(connection: Connection) -> list[tuple[Table, tuple[str, ...]]]:
    """Our tables and columns that the database has: an older one has fewer."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    found = []
    for table in METADATA.sorted_tables:
        if table.name in there:
            names = {column["name"] for column in inspector.get_columns(table.name)}
            found.append((table, tuple(c.name for c in table.columns if c.name in names)))
    return found


def _lines(connection: Connection, table: Table, columns: Sequence[str]) -> Iterator[bytes]:
    """Rows of a table in the order of their keys, a line each."""
    collation = "C" if connection.dialect.name == "postgresql" else "BINARY"
    # Each server sorts text by rules of its own: equal copies must be equal bytes.
    order = [
        column.collate(collation) if isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]
    query = select(*(table.c[name] for name in columns)).order_by(*order)
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for row in rows:
            told = dict(zip(columns, map(_plain, row), strict=True))
            yield json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _row(table: Table, columns: Sequence[str], line: bytes) -> dict[str, Any]:
    told = json.loads(line)
    if not isinstance(told, dict) or list(told) != list(columns):
        raise ValueError("other columns")
    return {name: _reader(table, name)(value) for name, value in told.items()}


def _reader(table: Table, name: str) -> Callable[[Any], Any]:
    if isinstance(table.c[name].type, UTCDateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    return lambda value: value


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _not_empty(name: str) -> DatabaseError:
    return DatabaseError(
        Fault(
            "E-DB-NOT-EMPTY",
            id="basis data ini sudah berisi; pulihkan ke basis data yang baru atau kosong",
            en="this database is not empty; restore into a new or empty one",
            file=name,
        )
    )


def _unfit(name: str) -> DatabaseError:
    return DatabaseError(
        Fault(
            "E-DB-COPY",
            id="isi cadangan tidak cocok dengan tabel basis data; tidak ada yang disimpan; "
            "pakai cadangan lain",
            en="the rows of the backup do not fit the tables; nothing was saved; use another "
            "backup",
            file=name,
        )
    )
