import atexit
import gc
import multiprocessing
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from geo_target.deliveries import running
from geo_target.intake import child
from geo_target.operations import database as database_module
from geo_target.operations.database import Database, open_database
from geo_target.operations.migration import migrate
from geo_target.workbench import Workbench

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("geo_target", deadline=None)
hypothesis.settings.load_profile("geo_target")


class Compiled(BytecodeCache):
    """Templates that an app of this process has compiled, kept for the apps of other tests."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        # Jinja compares the checksum of the source, and compiles a template that was changed.
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


# Most tests of pages build an app of their own, and would compile every template again.
Flask.jinja_options = {"bytecode_cache": Compiled()}


def pytest_collection_finish() -> None:
    """Leave modules and tests out of the search for cycles, and search less often.

    They stay to the end, and are most of what a worker has: each search would go through them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    atexit.register(gc.unfreeze)  # or libraries tell of it as lost


#: Every connection to SQLite is prepared so, but in the tests below.
prepare_sqlite = database_module._prepare_sqlite


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> Iterator[None]:
    """Nobody cuts the power of a test: only processes of their own wait for the disk."""

    def hasty(connection: Any, record: object) -> None:
        prepare_sqlite(connection, record)
        connection.execute("PRAGMA synchronous = OFF").close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        patch.setattr(database_module, "_prepare_sqlite", hasty)
        yield


#: How long a writer of the program waits for others.
busy_seconds = database_module.BUSY_SECONDS


@pytest.fixture(scope="session", autouse=True)
def _patient_writers() -> Iterator[None]:
    """Turns of PostgreSQL are one for all schemas of a database: workers wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_module, "BUSY_SECONDS", 120)
        yield


@pytest.fixture
def usual_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to SQLite as the program has them."""
    monkeypatch.setattr(database_module, "_prepare_sqlite", prepare_sqlite)
    monkeypatch.setattr(database_module, "BUSY_SECONDS", busy_seconds)


@pytest.fixture
def quick_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes for a list or a run are forked from one that has loaded its libraries.

    For tests of something else: beginning each anew, as the program does, takes longer than all
    that it has to do. What such a process holds and how it ends is in the tests of its module.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return
    multiprocessing.set_forkserver_preload(
        ["geo_target.intake.child_reader", "geo_target.pipeline"]
    )
    for module in (child, running):
        monkeypatch.setattr(
            module, "get_context", lambda _: multiprocessing.get_context("forkserver")
        )


@pytest.fixture
def bench() -> Iterator[Workbench]:
    with Workbench() as opened:
        yield opened


@pytest.fixture(scope="session")
def boundary_folder() -> Path:
    """Real village boundaries, which the repository does not hold."""
    folder = os.environ.get("GEO_TARGET_BOUNDARIES")
    if not folder:
        pytest.skip("GEO_TARGET_BOUNDARIES names no folder with real boundaries")
    return Path(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'operations.sqlite'}"
        return
    server = os.environ.get("GEO_TARGET_POSTGRES")
    if not server:
        pytest.skip("GEO_TARGET_POSTGRES names no PostgreSQL database to test on")
    schema = f"test_{secrets.token_hex(6)}"
    # Nobody cuts the power of a test: no commit waits for the disk.
    base = make_url(server).set(drivername="postgresql+psycopg")
    hasty = "-csynchronous_commit=off"
    engine = create_engine(base, connect_args={"options": hasty})
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield base.update_query_dict({"options": f"-csearch_path={schema} {hasty}"}).render_as_string(
        hide_password=False
    )
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with its tables, and nothing in them; copy it."""
    file = tmp_path_factory.mktemp("migrated") / "operations.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def url(empty_url: str, migrated: Path) -> str:
    """URL of a database with its tables."""
    file = make_url(empty_url)
    if file.get_backend_name() == "sqlite":
        shutil.copy(migrated, str(file.database))
    else:
        migrate(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()
