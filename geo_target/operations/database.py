"""The operations database: SQLite in a file, or PostgreSQL by URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo_target.operations.database_faults import (
    broken,
    busy,
    explained,
    missing,
    newer,
    no_driver,
    older,
    unknown_url,
)

#: The newest migration. Written down, so that opening needs no Alembic; a test compares.
SCHEMA_VERSION = "0006"

#: How long a writer waits for another before it gives up.
BUSY_SECONDS = 5

#: Keeps our advisory locks on PostgreSQL apart from those of other programs.
_LOCK_CLASS = 0x67656F


class Turn(IntEnum):
    """What only one writer at a time may do. Who needs two takes the smaller first."""

    MEETINGS = 0
    MIGRATION = 1
    ACCOUNTS = 2
    ATTEMPTS = 3
    VISITS = 4
    AUDIT = 5


class Database:
    """An open database; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = engine.url.render_as_string(hide_password=True)
        self.is_sqlite = engine.dialect.name == "sqlite"
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._writer = Lock()
        self._readers = engine.execution_options(
            geo_target_reads=True, postgresql_readonly=True, **isolation
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one state of the database, without holding up any writer."""
        with self._told(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, turn: Turn | None = None) -> Iterator[Connection]:
        """Change the database: all of it on a normal end, nothing of it on an exception.

        Parameters
        ----------
        turn
            What nobody else may do meanwhile. SQLite has one writer at any time; on
            PostgreSQL it is a lock that ends with the transaction.

        Raises
        ------
        BusyError
            If other writers do not finish within BUSY_SECONDS.
        StorageError
            If the disk is full, or the database cannot be reached.
        """
        with self._told(), self._alone(), self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
            if turn is not None:
                take(connection, turn)
            yield connection

    def check(self) -> None:
        """Read every page, before anybody writes to a file that a disk has damaged.

        PostgreSQL looks after its own pages.

        Raises
        ------
        DatabaseError
            ``E-DB-BROKEN``.
        """
        if self.is_sqlite:
            with self.reading() as connection:
                if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
                    raise broken(self.name)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """On SQLite, one of this process's threads.

        SQLite has whoever waits sleep and try again, up to 0.1 s at a time, while others who
        come later go first: with eight writers some wait for seconds. A lock wakes the next.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise busy(self.name)
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError:
            raise busy(self.name) from None
        except DBAPIError as error:
            raise explained(error, self.name) from None


def take(connection: Connection, turn: Turn) -> None:
    """Wait for `turn` inside a transaction, and hold it to the end of it."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:room, :turn)"),
            {"room": _LOCK_CLASS, "turn": int(turn)},
        )


def default_url(folder: Path) -> str:
    """URL of the SQLite file beside the config."""
    return URL.create(
        "sqlite", database=str((folder / "operations.sqlite").resolve())
    ).render_as_string(hide_password=False)


def open_database(url: str) -> Database:
    """Open the database at `url`, made by `migration.migrate`.

    Parameters
    ----------
    url
        ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``.

    Raises
    ------
    DatabaseError
        If the URL is of no kind we know, or the database is missing, older or newer than
        this program; the message names the command to run.
    """
    database, version = reach_database(url)
    if version != SCHEMA_VERSION:
        database.close()
        raise older(version, SCHEMA_VERSION, database.name)
    return database


def reach_database(url: str) -> tuple[Database, str]:
    """Open a database of this program's schema or an older one; and the number of that schema.

    Raises
    ------
    DatabaseError
        If there is none at `url`, or a newer program made it.
    """
    parsed = parse_url(url)
    name = parsed.render_as_string(hide_password=True)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise missing(name)
    database = Database(make_engine(parsed))
    try:
        with database.reading() as connection:
            version = schema_version(connection)
        if version is None:
            raise missing(name)
        refuse_newer(version, name)
    except BaseException:
        database.close()
        raise
    return database, version


def parse_url(url: str) -> URL:
    """Read a URL and name its driver."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise unknown_url() from None
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite" or parsed.database in {None, "", ":memory:"}:
        raise unknown_url()
    return parsed


def make_engine(url: URL) -> Engine:
    """Engine for a parsed URL. Values never come into messages of errors."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise no_driver() from None


def schema_version(connection: Connection) -> str | None:
    """Migration that the database stands at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def refuse_newer(version: str | None, name: str) -> None:
    """Raise DatabaseError if a newer program made the database."""
    if version is not None and version > SCHEMA_VERSION:
        raise newer(version, SCHEMA_VERSION, name)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without isolation_level Python begins no transaction of its own: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        # Otherwise INSERT OR REPLACE deletes rows without asking the triggers.
        "recursive_triggers = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writes.
    reads = connection.get_execution_options().get("geo_target_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
