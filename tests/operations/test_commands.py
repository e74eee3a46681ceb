"""The commands, as somebody types them."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from geo_target.errors import GeoTargetError
from geo_target.operations.commands import audit, migrate, users
from geo_target.operations.database import default_url, open_database
from geo_target.operations.refusals import AuditError
from tests.operations.world import GOOD, OTHER, drop_guards, run_sql

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command on a database in an own folder."""
    main = click.Group("geo-target", commands=[migrate, users, audit])

    def invoke(*words: str, typed: str = "") -> Result:
        env = {"GEO_TARGET_DATABASE": default_url(tmp_path)}
        result = CliRunner().invoke(main, list(words), input=typed, env=env)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


def added(run: Run, name: str, *role: str, password: str = GOOD) -> Result:
    typed = f"{password}\n{password}\n"
    return run("users", "add", name, "--display-name", name.title(), "--role", *role, typed=typed)


def test_accounts(run: Run) -> None:
    assert run("migrate").stdout == "0006\n"
    added(run, "ani", "admin")
    answer = added(run, "siti", "officer", "--district", "36.73.01", password="kuda7lari")
    assert "W-PASSWORD-SHORT" in answer.stderr
    assert "kuda7lari" not in answer.output
    run("users", "passwd", "siti", typed=f"{OTHER}\n{OTHER}\n")
    run("users", "disable", "siti")
    assert run("users", "list").stdout.splitlines() == [
        "ani\tadmin\tenabled\t-\tAni",
        "siti\tofficer\tdisabled\t36.73.01\tSiti",
    ]
    run("users", "role", "siti", "viewer")
    run("users", "enable", "siti")
    assert "siti\tviewer\tenabled\t-\tSiti" in run("users", "list").stdout
    with pytest.raises(GeoTargetError, match="E-USER-LAST-ADMIN"):
        run("users", "disable", "ani")


def test_before_the_first_migration_each_command_says_what_to_run(run: Run) -> None:
    for words in (("users", "list"), ("audit", "verify")):
        with pytest.raises(GeoTargetError, match="geo-target migrate"):
            run(*words)


def test_the_audit_log(run: Run, tmp_path: Path) -> None:
    run("migrate")
    added(run, "ani", "admin")
    head = run("audit", "verify").stdout.strip()
    assert head.startswith("1:")
    header, entry = run("audit", "who-saw", "ani").stdout.splitlines()
    assert header.startswith("seq,at,")
    assert ",user.add,user,ani," in entry
    assert run("audit", "export", str(tmp_path / "audit.csv")).stdout == "3\n"
    assert (tmp_path / "audit.csv").stat().st_mode & 0o077 == 0
    with pytest.raises(AuditError, match="E-REPORT-FILE"):
        run("audit", "export", str(tmp_path / "audit.csv"))
    assert len((tmp_path / "audit.csv").read_text("utf-8").splitlines()) == 4
    assert run("audit", "verify", "--head", head).exit_code == 0
    period = ("--since", "2025-01-01", "--until", "2999-01-01")
    assert run("audit", "breach", str(tmp_path / "report.md"), *period).stdout == "0\n"
    assert "user.add" in (tmp_path / "report.md").read_text("utf-8")
    assert (tmp_path / "report.md.persons.csv").is_file()
    wrong = run("audit", "breach", "x", "--since", "2025-01-02", "--until", "2025-01-02")
    assert wrong.exit_code == 2

    database = open_database(default_url(tmp_path))
    drop_guards(database)
    run_sql(database, "UPDATE audit_log SET object_id = 'ana' WHERE seq = 1")
    database.close()
    broken = run("audit", "verify")
    assert broken.exit_code == 1
    assert "entri 1 isinya berubah" in broken.stderr
    assert run("audit", "verify", "--head", "x").exit_code == 2
    report = run("audit", "breach", str(tmp_path / "broken.md"), *period)
    assert report.exit_code == 1
    assert "entri 1 isinya berubah" in report.stderr
    assert "RUSAK" in (tmp_path / "broken.md").read_text("utf-8")
