import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from geo_target.operations.database import Database, open_database
from geo_target.operations.migration import migrate
from geo_target.workbench import Workbench

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("geo_target", deadline=None)
hypothesis.settings.load_profile("geo_target")


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
    base = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(base)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield base.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(
        hide_password=False
    )
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def url(empty_url: str) -> str:
    """URL of a database with its tables."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()
