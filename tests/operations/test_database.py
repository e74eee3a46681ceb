"""The database is the one this program made, and says so otherwise."""

import os
import sqlite3
import stat
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from hatchling.builders.wheel import WheelBuilder
from sqlalchemy import event, insert, select, text

from geo_target.errors import BusyError
from geo_target.operations import database as database_module
from geo_target.operations.database import (
    SCHEMA_VERSION,
    Database,
    default_url,
    make_engine,
    open_database,
    parse_url,
)
from geo_target.operations.migration import alembic_config, migrate
from geo_target.operations.refusals import DatabaseError, StorageError
from geo_target.operations.tables import LOGIN_ATTEMPTS, METADATA
from tests.operations.world import WIB, run_sql

ROOT = Path(__file__).resolve().parents[2]


def test_migrations_lead_from_nothing_to_the_tables_of_the_code(empty_url: str) -> None:
    assert migrate(empty_url) == SCHEMA_VERSION
    database = open_database(empty_url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_the_version_of_the_code_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [SCHEMA_VERSION]


def test_migrating_again_changes_nothing(url: str) -> None:
    assert migrate(url) == SCHEMA_VERSION


def test_a_migration_that_fails_leaves_the_old_version(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alembic.operations.ops.CreateIndexOp.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(empty_url)
    monkeypatch.undo()
    with pytest.raises(DatabaseError, match="E-DB-MISSING"):
        open_database(empty_url)
    assert migrate(empty_url) == SCHEMA_VERSION


def test_refuses_a_database_that_is_not_there(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="geo-target migrate"):
        open_database(empty_url)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("version", "says"), [("0000", "geo-target migrate"), ("9999", "pip install --upgrade")]
)
def test_refuses_an_older_and_a_newer_schema(url: str, version: str, says: str) -> None:
    database = open_database(url)
    run_sql(database, f"UPDATE alembic_version SET version_num = '{version}'")
    database.close()
    with pytest.raises(DatabaseError, match=says):
        open_database(url)


def test_a_newer_schema_is_not_migrated_either(url: str) -> None:
    database = open_database(url)
    run_sql(database, "UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(DatabaseError, match="E-DB-NEWER"):
        migrate(url)


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///:memory:", "mysql://a@b/c", "x y"])
def test_refuses_addresses_of_other_kinds(url: str) -> None:
    with pytest.raises(DatabaseError, match="postgresql://"):
        open_database(url)


def test_passwords_of_urls_are_not_shown() -> None:
    url = "postgresql://dinsos:rahasia@127.0.0.1:1/geo?connect_timeout=2"
    with pytest.raises(StorageError, match="E-DB-AWAY") as refused:
        open_database(url)
    assert "rahasia" not in refused.value.text()
    assert "rahasia" not in str(refused.value)


def test_times_keep_their_moment(database: Database) -> None:
    at = datetime(2025, 10, 1, 9, 0, tzinfo=WIB)
    with database.writing() as connection:
        connection.execute(insert(LOGIN_ATTEMPTS).values(account="a", address="b", at=at))
    with database.reading() as connection:
        kept = connection.scalars(select(LOGIN_ATTEMPTS.c.at)).one()
    assert kept == at
    assert kept.tzinfo is UTC


def test_values_never_come_into_messages(database: Database) -> None:
    statement = text("INSERT INTO users (id, name) VALUES (1, :name)")
    with pytest.raises(DatabaseError, match="E-DB-FAULT") as refused, database.writing() as opened:
        opened.execute(statement, {"name": "Siti Rahayu"})
    shown = "".join(traceback.format_exception(refused.value))
    assert "display_name" in shown
    assert "Rahayu" not in shown


def test_a_failed_change_leaves_nothing(database: Database) -> None:
    at = datetime(2025, 10, 1, 9, 0, tzinfo=WIB)

    def fail_after_a_row() -> None:
        with database.writing() as connection:
            connection.execute(insert(LOGIN_ATTEMPTS).values(account="a", address="b", at=at))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_a_row()
    with database.reading() as connection:
        assert connection.scalars(select(LOGIN_ATTEMPTS.c.id)).all() == []


@pytest.mark.usefixtures("usual_sqlite")
def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    url = default_url(tmp_path)
    migrate(url)
    database = open_database(url)
    with database.reading() as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in
                 ("journal_mode", "synchronous", "foreign_keys", "busy_timeout",
                  "recursive_triggers")}  # fmt: skip
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1,
                     "busy_timeout": 5000, "recursive_triggers": 1}  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    migrate(default_url(tmp_path))
    assert stat.S_IMODE((tmp_path / "operations.sqlite").stat().st_mode) == 0o600


def test_a_reader_is_not_held_up_and_a_second_writer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0)
    url = default_url(tmp_path)
    migrate(url)
    database = Database(make_engine(parse_url(url)))
    with database.writing():
        with database.reading() as connection:
            assert connection.scalar(text("SELECT count(*) FROM users")) == 0
        with pytest.raises(BusyError), database.writing():
            pass
    database.close()


def test_writers_of_one_process_wait_for_each_other_and_not_for_sqlite(tmp_path: Path) -> None:
    """SQLite would have the waiting ones sleep, and let later ones go first."""
    url = default_url(tmp_path)
    migrate(url)
    database = Database(make_engine(parse_url(url)))

    def impatient(connection: Any, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0").close()

    event.listen(database.engine, "connect", impatient)

    def write(number: int) -> int:
        with database.writing() as connection:
            connection.execute(text("DELETE FROM login_attempts"))
            time.sleep(0.005)
        return number

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(40))) == list(range(40))
    database.close()


def test_a_writer_that_fails_leaves_the_way_free(database: Database) -> None:
    def fail() -> None:
        with database.writing():
            raise RuntimeError

    with ThreadPoolExecutor(1) as pool:
        for _ in range(2):
            with pytest.raises(RuntimeError):
                pool.submit(fail).result()
    with database.writing() as connection:
        assert connection.scalar(text("SELECT count(*) FROM users")) == 0


def test_a_folder_that_is_not_there_is_said_to_be_away(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="E-DB-AWAY"):
        migrate(default_url(tmp_path / "nowhere"))


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "operations.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseError, match="restore"):
        open_database(default_url(tmp_path))


def page_of(file: Path, table: str) -> int:
    """Where the first page of a table lies in the file, in bytes."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(found, (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int((page - 1) * size)


@pytest.mark.parametrize("table", ["audit_log", "sessions", "visit_outcomes"])
def test_a_damaged_page_is_found_before_the_service_starts(tmp_path: Path, table: str) -> None:
    """It might be one that nobody reads before much is written."""
    url, file = default_url(tmp_path), tmp_path / "operations.sqlite"
    migrate(url)
    at = page_of(file, table)
    whole = open_database(url)
    whole.check()
    whole.close()
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(b"\xa7" * 600)
    damaged = open_database(url)
    with pytest.raises(DatabaseError, match="E-DB-BROKEN"):
        damaged.check()
    damaged.close()


def test_the_wheel_holds_the_migrations_and_the_passwords(tmp_path: Path) -> None:
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    held = set(ZipFile(built).namelist())
    room = "geo_target/operations"
    assert {
        f"{room}/common_passwords.txt",
        f"{room}/migrations/env.py",
        f"{room}/migrations/script.py.mako",
        f"{room}/migrations/versions/v0001_accounts_and_audit.py",
        f"{room}/migrations/versions/v0002_publications.py",
        f"{room}/migrations/versions/v0003_pair_decisions.py",
        f"{room}/migrations/versions/v0004_visits.py",
    } <= held
