from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo_target.web.app import create_app
from tests.web.sample import write_snapshot


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


@pytest.fixture
def app(archive: Path) -> Flask:
    return create_app(archive, open_on_loopback=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
