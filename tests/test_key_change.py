"""Another key for the archive: nothing is lost, and who knows the old one learns nothing new."""

import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo_target.cli import main
from geo_target.keeping.backup import back_up
from geo_target.keeping.restore import restore
from geo_target.operations import audit_chain
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.numbers import keyed_id
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.sessions import Sessions
from geo_target.publishing.archive import Archive, read_key
from geo_target.publishing.keys import change_key, read_keys
from tests.builders import nik
from tests.keeping.office import NOW, killed_at, names, posix
from tests.operations.world import CHEAP, GOOD, ROOT, read_of
from tests.test_three_months import config, decide, exact, explained, first, run, states, write

__all__ = ["config", "first"]  # fixtures


def change(config: Path) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "key", "change", str(config)])


def told(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report without what is another in every run."""
    return {k: v for k, v in report.items() if k not in {"run_id", "seconds", "snapshot"}}


def test_the_next_month_is_as_it_would_have_been(config: Path, tmp_path: Path) -> None:
    """Decisions hold, rows are known again and nothing has changed that did not."""
    decide(config, "different")
    change(config)  # twice: the sums are older than the last key
    other = tmp_path / "other"
    shutil.copytree(config.parent, other, ignore=shutil.ignore_patterns("other"))
    found = change(config)
    assert found.exit_code == 0, found.output
    assert "[W-KEY-CHANGED]" in found.stderr
    reports = [run(write(folder, "february")) for folder in (config.parent, other)]
    assert told(reports[0]) == told(reports[1])
    assert states(config) == states(other / "geo-target.toml")
    assert explained(reports[0])
    keys = [exact(one, "family_keys").query("is_listed")["fingerprint"]
            for one in (config, other / "geo-target.toml")]  # fmt: skip
    assert not set(keys[0]) & set(keys[1])


def test_without_the_earlier_key_decisions_are_asked_again(config: Path) -> None:
    """Which is why they are kept."""
    decide(config, "different")
    change(config)
    (config.parent / "geo-target.key.old").unlink()
    report = run(write(config.parent, "january"))
    assert exact(config, "pairs").query("state == 'doubtful'")["is_reopened"].tolist() == [True]
    assert report["run_id"].startswith("000002")


def test_a_key_that_is_gone_is_not_replaced_in_silence(config: Path) -> None:
    (config.parent / "geo-target.key").unlink()
    refused = CliRunner().invoke(main, ["run", str(config)])
    assert refused.exit_code == 1
    assert "[E-KEY-GONE]" in refused.stderr
    assert not (config.parent / "geo-target.key").exists()
    assert change(config).exit_code == 0
    run(config)


def test_no_command_makes_a_key_in_the_place_of_one_that_is_gone(config: Path) -> None:
    """Else the run after it would not know that one is gone."""
    migrate(default_url(config.parent))
    (config.parent / "geo-target.key").unlink()
    at = str(config)
    for command in (["audit", "person", at], ["decisions", "list", at],
                    ["outcomes", "conflicts", at, "1"]):  # fmt: skip
        refused = CliRunner().invoke(main, command, input=f"{nik(1)}\n")
        assert refused.exit_code == 1, command
        assert "[E-KEY-GONE]" in refused.stderr
        assert not (config.parent / "geo-target.key").exists()


def test_without_a_database_nobody_is_said_to_be_signed_out(config: Path) -> None:
    found = change(config)
    assert found.exit_code == 0
    assert "[W-KEY-NOBODY]" in found.stderr


def test_who_changes_the_key_is_told_of_numbers_that_the_old_one_opens(config: Path) -> None:
    assert "[W-KEY-SEALED]" not in change(config).stderr
    (file,) = (config.parent / "archive").glob("*/exact/families.parquet")
    (file.parent / "sealed_numbers.parquet").write_bytes(b"sealed")
    assert "[W-KEY-SEALED]" in change(config).stderr


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A configuration with a database in which siti is signed in, and has seen somebody."""
    file = write(tmp_path, "january")
    Archive(tmp_path / "archive").folder.mkdir()
    key = read_key(tmp_path)
    migrate(default_url(tmp_path))
    database = open_database(default_url(tmp_path))
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), good_for=None)
    user = accounts.add("siti", "Siti", GOOD, "viewer", by=ROOT)
    (tmp_path / "token").write_text(Sessions(database).create(user))
    AuditLog(database).append(read_of(keyed_id(nik(1), key)))
    database.close()
    return file


def test_everybody_is_signed_out_and_the_log_knows(office: Path) -> None:
    found = change(office)
    assert found.exit_code == 0
    assert "[W-KEY-NOBODY]" not in found.stderr
    database = open_database(default_url(office.parent))
    assert Sessions(database).verify((office.parent / "token").read_text()) is None
    last = list(AuditLog(database).entries(by=ROOT))[-2]
    assert (last["verb"], last["reason"]) == ("key.change", "sessions=1")
    assert audit_chain.verify(database).broken is None
    database.close()


def test_what_was_seen_under_the_old_key_is_found(office: Path) -> None:
    change(office)
    change(office)
    found = CliRunner().invoke(main, ["audit", "person", str(office)], input=f"{nik(1)}\n")
    assert "family.read" in found.stdout


def test_what_cannot_be_written_down_is_not_done(office: Path) -> None:
    key = read_key(office.parent)
    (office.parent / "operations.sqlite").write_bytes(b"not a database" * 1000)
    assert change(office).exit_code == 1
    assert read_keys(office.parent) == (key,)


def test_not_during_a_run(office: Path) -> None:
    key = read_key(office.parent)
    with Archive(office.parent / "archive").open_run(NOW):
        assert change(office).exit_code == 75
    assert read_keys(office.parent) == (key,)


@posix
def test_killed_at_any_moment_no_key_is_lost(tmp_path: Path) -> None:
    for number in range(1, 100):
        folder = tmp_path / str(number)
        folder.mkdir()
        old = read_key(folder)
        killed = killed_at(number, lambda folder=folder: change_key(folder))  # type: ignore[misc]
        assert old in read_keys(folder)
        assert stat.S_IMODE((folder / "geo-target.key").stat().st_mode) == 0o600
        change_key(folder)
        assert old in read_keys(folder)[1:]
        assert names(folder) == {"geo-target.key", "geo-target.key.old"}
        assert stat.S_IMODE((folder / "geo-target.key.old").stat().st_mode) == 0o600
        if not killed:
            break
    assert number > 5


def test_a_backup_has_the_earlier_keys_too(office: Path, tmp_path: Path) -> None:
    change(office)
    back_up(office, tmp_path / "b", now=NOW)
    restore(tmp_path / "b", tmp_path / "new")
    assert read_keys(tmp_path / "new") == read_keys(office.parent)
    assert stat.S_IMODE((tmp_path / "new" / "geo-target.key.old").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["not hexadecimal", "ab" * 31])
def test_a_broken_file_of_earlier_keys_is_said_so(office: Path, content: str) -> None:
    (office.parent / "geo-target.key.old").write_text(content)
    refused = change(office)
    assert refused.exit_code == 1
    assert "[E-KEY]" in refused.stderr
