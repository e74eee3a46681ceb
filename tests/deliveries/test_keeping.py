"""What was handed in is backed up as a source is, and kept no longer than one."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo_target.cli import main
from geo_target.deliveries.configuration import adopt, next_configuration
from geo_target.deliveries.delivery import Deliveries
from geo_target.keeping.backup import back_up
from geo_target.keeping.purging import look, purge
from geo_target.keeping.restore import restore
from geo_target.publishing.archive import sha256
from geo_target.settings import read_settings
from tests.builders import nik
from tests.deliveries.month import ON, clock, confirmed, handed_in, office, recipients
from tests.keeping.office import NOW

RUN = "000002-20251201T000000Z"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office with a file in use, one that waits, and an upload that broke off."""
    config = office(tmp_path / "kantor")
    deliveries = Deliveries(config, clock=clock)
    file = confirmed(deliveries, "penerima_pkh ké 2.csv", recipients("PKH", nik(1), nik(2)[1:]))
    assert file.has_repair
    following = next_configuration(config, [file], on=ON)
    adopt(config, following, expected_sha256=sha256(config), run_id=RUN)
    handed_in(deliveries, "waits.csv", b"a;b\n")
    deliveries.append(deliveries.begin_upload("x.csv", 9, by="siti"), 0, b"1", by="siti")
    return config


def aged(config: Path, days: int) -> None:
    """All that was handed in is so old."""
    at = (NOW - timedelta(days=days)).timestamp()
    for path in (config.parent / "deliveries").rglob("*"):
        os.utime(path, (at, at))


def there(config: Path) -> set[str]:
    """Kinds of files that are left; sums are left out."""
    home = config.parent / "deliveries"
    return {p.name if p.parent.name != "partial" else "partial/" + p.suffix
            for p in home.rglob("*") if p.is_file()}  # fmt: skip


IN_USE = {"penerima_pkh ké 2.csv", "delivered.json"}
ALL = IN_USE | {"report.json", "repair.xlsx", "waits.csv", "partial/", "partial/.json"}


@pytest.mark.parametrize(("days", "left"), [(29, ALL), (30, ALL), (31, IN_USE)])
def test_what_nobody_needs_goes_after_its_days(config: Path, days: int, left: set[str]) -> None:
    settings = read_settings(config)
    aged(config, days)
    found = look(settings, NOW, database=None, folder=config.parent)
    assert there(config) == ALL
    assert found.is_empty == (left == ALL)
    purge(settings, NOW, found, database=None)
    assert there(config) == left
    assert look(settings, NOW, database=None, folder=config.parent).is_empty


def test_the_command_says_what_goes(config: Path) -> None:
    aged(config, 400)
    result = CliRunner().invoke(main, ["purge", str(config), "--yes"])
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if line.startswith("deliveries/")]
    # a file, what was read of the one in use, an upload of two files, two uploads' ends
    assert len(lines) == 6
    assert all(line.endswith(" hari") for line in lines)
    assert there(config) == IN_USE


def test_a_backup_with_lists_holds_the_file_in_use(config: Path, tmp_path: Path) -> None:
    back_up(config, tmp_path / "b", now=NOW, with_sources=True)
    shutil.rmtree(config.parent)
    restore(tmp_path / "b", tmp_path / "new")
    settings = read_settings(tmp_path / "new" / "geo-target.toml")
    file = settings.source[1].file
    assert file is not None
    assert file.read_bytes() == recipients("PKH", nik(1), nik(2)[1:])
    assert there(tmp_path / "new" / "geo-target.toml") == {file.name}


def test_a_backup_without_lists_holds_none(config: Path, tmp_path: Path) -> None:
    back_up(config, tmp_path / "b", now=NOW)
    restore(tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new" / "deliveries").exists()
