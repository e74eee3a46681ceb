from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_target.operations.database import Database
from geo_target.web.app import create_app
from tests.deliveries.month import office
from tests.web.browsing import chromium
from tests.web.covered_villages import add_coverage
from tests.web.house import House
from tests.web.listed import add_registers
from tests.web.named import add_names
from tests.web.paired import add_pairs
from tests.web.sample import write_snapshot

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of pages one case each on PostgreSQL: the first of its parameters.

    Roles, addresses and forms are none of the database's business, and what asks it is tried on
    both in operations/. A test whose cases are of transactions says so with its mark.
    """
    seen: set[str] = set()
    left: list[pytest.Item] = []
    for item in items:
        case = getattr(item, "callspec", None)
        is_here = HERE in item.path.parents and item.get_closest_marker("both_databases") is None
        if is_here and case and case.params.get("empty_url") == "postgresql":
            test = item.nodeid.partition("[")[0]
            if test in seen:
                left.append(item)
            seen.add(test)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one snapshot; tests that change it make their own."""
    folder = tmp_path_factory.mktemp("archive")
    write_snapshot(folder)
    return folder


@pytest.fixture(scope="session")
def hostile_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with names that a browser would run if they were not written as text."""
    folder = tmp_path_factory.mktemp("hostile")
    write_snapshot(folder, hostile=True)
    return folder


@pytest.fixture(scope="session")
def named_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with families by name in its exact tables, and pairs of them in doubt."""
    archive = tmp_path_factory.mktemp("named")
    folder = write_snapshot(archive)
    add_names(folder)
    add_pairs(folder)
    add_registers(folder)
    add_coverage(folder)
    return archive


@pytest.fixture
def app(archive: Path) -> Flask:
    """One laptop: nobody signs in."""
    return create_app(archive, doors=None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def house(named_archive: Path, database: Database, tmp_path: Path) -> Iterator[House]:
    """A service with an account for each role; on SQLite and on PostgreSQL."""
    opened = House(named_archive, database, config=office(tmp_path / "office"))
    yield opened
    opened.room.queue.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser that can reach no other host."""
    with chromium() as started:
        yield started
