"""The commands as a shell sees them, over a whole run."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geo_target.publishing.archive import Archive
from geo_target.web.store import read_snapshot
from tests.keeping.office import names, sums
from tests.test_cli import CONFIG, geo_target, one_object, world


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after one run, with a database in it."""
    folder = tmp_path_factory.mktemp("office")
    one_object(geo_target("run", world(folder, config=CONFIG), "--json"))
    database = f"sqlite:///{folder / 'operations.sqlite'}"
    assert geo_target("migrate", "--database", database).exit_code == 0
    return folder


@pytest.fixture
def config(office: Path, tmp_path: Path) -> Path:
    """The configuration of a copy of `office`."""
    return Path(shutil.copytree(office, tmp_path / "office")) / "geo-target.toml"


def grown_old(config: Path, days: int) -> str:
    """Make the run `days` old; gives its id."""
    archive = Archive(config.parent / "archive")
    (run_id,) = archive.run_ids()
    made = datetime.now(UTC) - timedelta(days=days)
    older = f"{run_id[:7]}{made:%Y%m%dT%H%M%SZ}"
    manifest = archive.folder / run_id / "manifest.json"
    manifest.write_text(manifest.read_text().replace(run_id, older))
    (archive.folder / run_id).rename(archive.folder / older)
    (archive.folder / "CURRENT").write_text(older)
    return older


def test_back_up_restore_run(config: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "b.tar.gz", tmp_path / "new"
    made = geo_target("--lang", "en", "backup", config, file, "--with-sources")
    assert made.exit_code == 0, made.output
    assert "whoever holds this file holds all data and the keys" in made.stderr
    assert "[W-BACKUP-OPEN]" in made.stderr
    head = re.search(r"head of the audit log: (\d+:[0-9a-f]{64})", made.stdout)
    assert head
    assert re.search(r"sha256 [0-9a-f]{64}  .*b\.tar\.gz$", made.stdout.strip())
    restored = geo_target("restore", file, new)
    assert restored.exit_code == 0, restored.output
    assert restored.stdout.endswith(f"{new / 'geo-target.toml'}\n")
    assert restored.stderr == ""
    # lists as they were read can be read again
    ours = {name: sum for name, sum in sums(config.parent).items() if ".cache/" not in name}
    assert sums(new) == ours
    database = f"sqlite:///{new / 'operations.sqlite'}"
    assert geo_target("audit", "verify", "--database", database).stdout == f"{head[1]}\n"
    again = one_object(geo_target("run", new / "geo-target.toml", "--json"))
    assert again["run_id"].startswith("000002")
    # The key came back too, so the same people have the same ids.
    assert (new / "geo-target.key").read_bytes() == (config.parent / "geo-target.key").read_bytes()


def test_no_backup_leaves_no_folder(tmp_path: Path) -> None:
    refused = geo_target("restore", tmp_path / "none", tmp_path / "new")
    assert refused.exit_code == 1
    assert "[E-RESTORE-FILE]" in refused.stderr
    assert names(tmp_path) == set()


def test_purge_and_run_again(config: Path) -> None:
    old = grown_old(config, 200)
    one_object(geo_target("run", config, "--json"))
    exact = config.parent / "archive" / old / "exact"
    shown = read_snapshot(config.parent / "archive" / old)
    before = sums(config.parent)
    looked = geo_target("purge", config, "--dry-run")
    assert sums(config.parent) == before
    unsure = geo_target("purge", config)
    assert unsure.exit_code == 1  # nobody answered
    assert sums(config.parent) == before
    done = geo_target("purge", config, "--yes")
    assert done.exit_code == 0, done.output
    assert done.stdout == looked.stdout
    assert f"{old}: " in done.stdout
    kept = {p.name for p in exact.iterdir()}
    assert "villages.parquet" in kept
    assert all(name == "villages.parquet" or name.startswith("released_") for name in kept)
    # The pages still show it, and a run needs nothing of it.
    again = read_snapshot(exact.parent)
    assert (again.summary, again.villages, again.layers) == (
        shown.summary, shown.villages, shown.layers
    )  # fmt: skip
    assert one_object(geo_target("run", config, "--json"))["run_id"].startswith("000003")
    assert "tidak ada" in geo_target("purge", config, "--dry-run").stdout


def test_the_only_run_is_current_and_stays(config: Path) -> None:
    old = grown_old(config, 2000)
    before = sums(config.parent)
    assert "tidak ada" in geo_target("purge", config, "--yes").stdout
    assert sums(config.parent) == before
    assert json.loads((config.parent / "archive" / old / "manifest.json").read_text())["files"]


def test_a_manifest_that_cannot_be_read_ends_with_1(config: Path) -> None:
    old = grown_old(config, 200)
    one_object(geo_target("run", config, "--json"))
    (config.parent / "archive" / old / "manifest.json").write_text("")
    done = geo_target("purge", config, "--yes")
    assert done.exit_code == 1
    assert "[E-PURGE-MANIFEST]" in done.stderr


def test_old_lists(config: Path) -> None:
    listed = config.parent / "families.csv"
    os.utime(listed, (0, 0))
    warned = geo_target("purge", config, "--yes")
    assert "[W-PURGE-SOURCE]" in warned.stderr
    assert listed.exists()
    done = geo_target("purge", config, "--yes", "--sources")
    assert "W-PURGE-SOURCE" not in done.stderr
    assert "families.csv: " in done.stdout
    assert not listed.exists()
