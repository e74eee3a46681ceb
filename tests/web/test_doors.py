"""The service refuses to start with a door that does not close."""

import sqlite3
from pathlib import Path

import pytest

from geo_target.errors import GeoTargetError
from geo_target.operations.database import default_url
from geo_target.operations.migration import migrate
from geo_target.operations.refusals import DatabaseError
from geo_target.publishing.archive import read_key
from geo_target.settings import Access
from geo_target.web.doors import open_doors
from tests.deliveries.month import office
from tests.operations.test_database import page_of


def test_without_a_key_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(GeoTargetError, match="E-KEY-MISSING"):
        open_doors(tmp_path, Access())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "00", "not hexadecimal", "ab" * 31])
def test_with_a_short_or_broken_key_nothing_starts(tmp_path: Path, content: str) -> None:
    file = tmp_path / "geo-target.key"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(GeoTargetError, match="E-KEY"):
        open_doors(tmp_path, Access())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_with_a_key_that_others_can_read_nothing_starts(tmp_path: Path, mode: int) -> None:
    read_key(tmp_path)
    (tmp_path / "geo-target.key").chmod(mode)
    with pytest.raises(GeoTargetError, match="E-KEY-OPEN"):
        open_doors(tmp_path, Access())


@pytest.mark.parametrize("password", ["postgres", "admin", "geo_target", "Password"])
def test_with_a_default_password_of_the_database_nothing_starts(
    tmp_path: Path, password: str
) -> None:
    read_key(tmp_path)
    url = f"postgresql://geo_target:{password}@db.example/geo_target"
    with pytest.raises(GeoTargetError, match="E-DATABASE-PASSWORD") as refused:
        open_doors(tmp_path, Access(), database_url=url)
    assert password not in str(refused.value) or password == "geo_target"


def test_the_first_start_makes_an_empty_database(tmp_path: Path) -> None:
    read_key(tmp_path)
    doors = open_doors(tmp_path, Access(hosts=("geo.example",), persons_per_hour=7))
    assert doors.accounts.users() == []
    assert (doors.hosts, doors.persons_per_hour) == (("geo.example",), 7)


def test_files_of_a_month_need_a_configuration_and_nothing_is_made_at_the_start(
    tmp_path: Path,
) -> None:
    config = office(tmp_path)
    read_key(tmp_path)
    assert open_doors(tmp_path, Access()).delivery_room is None
    room = open_doors(tmp_path, Access(), config=config).delivery_room
    assert room is not None
    assert room.deliveries.files() == []
    assert not (tmp_path / "deliveries").exists()


def test_an_old_database_is_not_changed_by_a_start(tmp_path: Path) -> None:
    read_key(tmp_path)
    sqlite3.connect(tmp_path / "operations.sqlite").close()
    with pytest.raises(GeoTargetError, match="migrate"):
        open_doors(tmp_path, Access())


def test_what_signs_forms_is_not_the_key(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    secret = open_doors(tmp_path, Access()).form_secret
    assert len(secret) == 32
    assert key not in secret + key[:0]
    assert secret != key


def test_on_a_damaged_database_nothing_starts(tmp_path: Path) -> None:
    read_key(tmp_path)
    migrate(default_url(tmp_path))
    file = tmp_path / "operations.sqlite"
    at = page_of(file, "visit_outcomes")
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(b"\xa7" * 600)
    with pytest.raises(DatabaseError, match="E-DB-BROKEN"):
        open_doors(tmp_path, Access())
