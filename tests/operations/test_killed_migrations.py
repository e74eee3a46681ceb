"""A migration that is killed leaves the old version or the new one, and no row is lost."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from geo_target.operations.database import (
    SCHEMA_VERSION,
    Database,
    make_engine,
    open_database,
    parse_url,
    schema_version,
)
from geo_target.operations.migration import migrate
from geo_target.operations.refusals import DatabaseError
from tests.keeping.office import forked, fresh_url, posix

#: One of the oldest schema; its name would break a careless copy.
SITI = """INSERT INTO users (id, name, display_name, password_hash, role, districts, created_at,
    created_by, password_changed_at) VALUES (1, 'siti', 'Öz ''n', 'x', 'viewer', '[]',
    '2025-10-01 00:00:00+00:00', 'cli', '2025-10-01 00:00:00+00:00')"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of the first schema, with somebody in it."""
    with fresh_url(request.param, tmp_path) as fresh:
        migrate(fresh, to="0001")
        database = Database(make_engine(parse_url(fresh)))
        with database.writing() as connection:
            connection.execute(text(SITI))
        database.close()
        yield fresh


def stands_at(url: str) -> str | None:
    database = Database(make_engine(parse_url(url)))
    with database.reading() as connection:
        version = schema_version(connection)
        assert connection.execute(text("SELECT display_name FROM users")).scalar() == "Öz 'n"
    database.close()
    return version


def killed_before(number: int, url: str) -> bool:
    """Migrate in a process that is killed before its `number`th statement."""
    left = number

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def listen() -> None:
        event.listen(Engine, "before_cursor_execute", count)

    return forked(lambda: migrate(url), first=listen) == -signal.SIGKILL


@posix
def test_a_kill_at_any_statement_leaves_the_old_or_the_new(url: str) -> None:
    points = 0
    for number in range(1, 10_000, 3):
        killed = killed_before(number, url)
        assert stands_at(url) == ("0001" if killed else SCHEMA_VERSION)
        if not killed:
            break
        points += 1
        with pytest.raises(DatabaseError, match="geo-target migrate"):
            open_database(url)
    assert points > 5
    open_database(url).close()


def test_two_at_once_are_one(url: str) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(migrate(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [SCHEMA_VERSION] * 3
    assert stands_at(url) == SCHEMA_VERSION
