"""What was backed up comes back: the same bytes, the same rows, the same audit chain."""

import errno
import os
import resource
import shutil
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from geo_target import platform
from geo_target.errors import BusyError, GeoTargetError
from geo_target.intake.profiles import profile_named
from geo_target.keeping.backup import back_up
from geo_target.keeping.places import list_places
from geo_target.keeping.refusals import KeepingError
from geo_target.keeping.restore import restore
from geo_target.operations import audit_chain
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.copying import Copy, copy_out
from geo_target.operations.database import default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.refusals import DatabaseError
from geo_target.operations.tables import METADATA
from geo_target.publishing.archive import Archive
from geo_target.settings import Settings, read_settings
from tests.keeping.office import (
    NOW,
    fill,
    forked,
    fresh_url,
    killed_at,
    names,
    office,
    posix,
    sums,
)
from tests.operations.world import CHEAP, GOOD, OTHER, ROOT, read_of, run_sql

KINDS = ("sqlite", "postgresql")
ROOT_FOLDER = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return office(tmp_path / "office")


def backed(config: Path, *, url: str | None = None) -> Path:
    file = config.parents[1] / "backup.tar.gz"
    back_up(config, file, now=NOW, url=url)
    return file


def dumped(url: str, folder: Path) -> tuple[Copy, dict[str, bytes]]:
    """All rows of a database, by table."""
    folder.mkdir()
    database = open_database(url)
    copy = copy_out(database, folder)
    database.close()
    return copy, {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_url(request.param, tmp_path) as fresh:
        fill(fresh)
        yield fresh


# ------------------------------------------------------------------------- all comes back


def test_every_file_comes_back(config: Path, tmp_path: Path) -> None:
    restored = restore(backed(config), tmp_path / "new")
    expected = {
        name: sum_ for name, sum_ in sums(config.parent).items() if not name.startswith("lists/")
    }
    assert sums(tmp_path / "new") == expected
    assert restored.contents.database is None
    assert names(tmp_path) == {"office", "backup.tar.gz", "new"}
    assert Archive(tmp_path / "new" / "archive").current() is not None


@pytest.mark.parametrize("before", KINDS)
@pytest.mark.parametrize("after", KINDS)
def test_every_row_comes_back_in_any_database(
    before: str, after: str, config: Path, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        old = stack.enter_context(fresh_url(before, tmp_path))
        new = stack.enter_context(fresh_url(after, tmp_path))
        fill(old)
        file = backed(config, url=old)
        restored = restore(file, tmp_path / "new", url=new)
        copy, rows = dumped(old, tmp_path / "a")
        assert (copy, rows) == dumped(new, tmp_path / "b")
        assert {name: len(lines.splitlines()) for name, lines in rows.items()} == {
            f"{name}.jsonl": table.rows for name, table in copy.tables.items()
        }
        assert copy.tables["users"].rows == 3
        assert copy.tables["audit_subjects"].rows == 4
        assert set(copy.tables) == set(METADATA.tables)
        assert restored.contents.database == copy
        assert restored.warnings == ()
        assert_alive(new)


def assert_alive(url: str) -> None:
    """Append-only, its chain whole, and new rows get new numbers."""
    database = open_database(url)
    for table in ("audit_log", "audit_subjects"):
        for change in (f"UPDATE {table} SET seq = 9", f"DELETE FROM {table}"):
            with pytest.raises((DBAPIError, DatabaseError), match="append-only"):
                run_sql(database, change)
    accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), good_for=None)
    assert accounts.sign_in("siti", GOOD).name == "siti"
    added = accounts.add("new", password=OTHER, by=ROOT, display_name="N", role="viewer")
    assert added.id == 4
    AuditLog(database).append(read_of("c"))
    assert audit_chain.verify(database).broken is None
    database.close()


def test_the_database_beside_the_settings_is_kept_by_itself(config: Path, tmp_path: Path) -> None:
    fill(default_url(config.parent))
    restored = restore(backed(config), tmp_path / "new")
    assert restored.contents.database is not None
    assert restored.contents.database.head.seq > 3
    assert names(tmp_path / "new") == {"geo-target.toml", "geo-target.key", "archive",
                                       "operations.sqlite"}  # fmt: skip
    found = open_database(default_url(tmp_path / "new"))
    assert audit_chain.verify(found).head == restored.contents.database.head
    found.close()


def test_while_others_write_one_state_is_kept(config: Path, url: str, tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.operations.append_entries", url, "busy"],
        cwd=ROOT_FOLDER, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert writer.stdout is not None
    writer.stdout.readline()
    file = backed(config, url=url)
    assert writer.poll() is None
    writer.kill()
    writer.communicate()
    restored = restore(file, tmp_path / "new")
    assert restored.warnings == ()
    kept = restored.contents.database
    assert kept is not None
    assert kept.head.seq == kept.tables["audit_log"].rows


def test_a_backup_is_in_the_audit_log_and_in_itself(config: Path, url: str, tmp_path: Path) -> None:
    contents = restore(backed(config, url=url), tmp_path / "new").contents
    database = open_database(url)
    entries = list(AuditLog(database).entries(by=ROOT))
    database.close()
    assert contents.database is not None
    assert [entry["seq"] for entry in entries if entry["verb"] == "backup"] == [
        contents.database.head.seq
    ]


@posix
def test_only_the_owner_reads_it(config: Path, tmp_path: Path) -> None:
    fill(default_url(config.parent))
    file = backed(config)
    restore(file, tmp_path / "new")
    (run_id,) = Archive(tmp_path / "new" / "archive").run_ids()
    modes = {"new": 0o700, "new/geo-target.key": 0o600, "new/operations.sqlite": 0o600,
             f"new/archive/{run_id}/exact": 0o700, "backup.tar.gz": 0o600}  # fmt: skip
    found = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in modes}
    assert found == modes


def test_lists_come_only_when_asked_for_and_keep_their_age(config: Path, tmp_path: Path) -> None:
    listed = config.parent / "lists" / "families.csv"
    os.utime(listed, (1_700_000_000, 1_700_000_000))
    back_up(config, tmp_path / "b", now=NOW, with_sources=True)
    restore(tmp_path / "b", tmp_path / "new")
    assert sums(tmp_path / "new") == sums(config.parent)
    assert (tmp_path / "new/lists/families.csv").stat().st_mtime == 1_700_000_000


def test_what_lies_elsewhere_is_kept_and_said(config: Path, tmp_path: Path) -> None:
    """The archive and a list outside the folder: inside it after a restore."""
    (config.parent / "archive").rename(tmp_path / "elsewhere")
    (config.parent / "lists").rename(tmp_path / "lists")
    words = CONFIG_ELSEWHERE.format(config.read_text().replace('"lists/', '"../lists/'))
    config.write_text(words)
    back_up(config, tmp_path / "b", now=NOW, with_sources=True)
    (tmp_path / "far").mkdir()
    restored = restore(tmp_path / "b", tmp_path / "far" / "new")
    assert [(f.code, f.column) for f in restored.warnings] == [
        ("W-RESTORE-OUTSIDE", f"{what}") for what in
        ("source.0.file", "source.1.file", "archive.folder")
    ]  # fmt: skip
    assert sums(tmp_path / "far" / "new" / "archive") == sums(tmp_path / "elsewhere")
    assert names(tmp_path / "far" / "new" / "sources") == {"0-families.csv", "1-population.csv"}


CONFIG_ELSEWHERE = '{}\n[archive]\nfolder = "../elsewhere"\n'


OWN = """
[[source]]
file = "{}.csv"
profile = "{}"
as_of = 2025-10-01
"""
OURS = {"putusan": "decisions", "putusan-kunjungan": "visits", "putusan-usulan": "proposals"}


def test_what_people_decided_and_found_is_always_kept(config: Path, tmp_path: Path) -> None:
    """The agencies give their lists again; nobody gives these, once their visits are purged."""
    config.write_text(config.read_text() + "".join(OWN.format(*one) for one in OURS.items()))
    for name in OURS:
        (config.parent / f"{name}.csv").write_text(name)
    restored = restore(backed(config), tmp_path / "new")
    assert {f"{name}.csv" for name in OURS} < names(tmp_path / "new")
    assert "lists" not in names(tmp_path / "new")
    assert restored.warnings == ()


@pytest.mark.parametrize("folder", ["profiles", "kerja/tata-letak"])
def test_own_layouts_of_lists_are_kept(config: Path, tmp_path: Path, folder: str) -> None:
    """Without them the first run after a restore would know no such profile."""
    (config.parent / folder).mkdir(parents=True)
    (config.parent / folder / "pemda.toml").write_text(OWN_PROFILE)
    if folder != "profiles":
        config.write_text(f'{config.read_text()}\n[profiles]\nfolder = "{folder}"\n')
    restore(backed(config), tmp_path / "new")
    (config.parent / folder / "pemda.toml").unlink()
    read_settings(tmp_path / "new" / "geo-target.toml")
    assert profile_named("pemda").title.id == "Daftar pemda"


def test_layouts_that_lie_elsewhere_are_kept_and_said(config: Path, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "pemda.toml").write_text(OWN_PROFILE)
    config.write_text(f'{config.read_text()}\n[profiles]\nfolder = "../shared"\n')
    file = backed(config)
    shutil.rmtree(tmp_path / "shared")  # another machine
    restored = restore(file, tmp_path / "new")
    assert [(f.code, f.column) for f in restored.warnings] == [
        ("W-RESTORE-OUTSIDE", "profiles.folder")
    ]
    assert (tmp_path / "new" / "profiles" / "pemda.toml").read_text() == OWN_PROFILE


OWN_PROFILE = """
name = "pemda"
register = "pemda"
role = "enrollments"
[title]
id = "Daftar pemda"
en = "List of the regency"
[columns]
program = ["PROGRAM"]
national_id = ["NIK"]
"""


def test_secrets_of_other_systems_are_not_kept_and_said(config: Path, tmp_path: Path) -> None:
    """Nor is what the old configuration named and nobody had any more."""
    (config.parent / "alamat.txt").write_text("postgresql://siti:rahasia@server/daftar")
    config.write_text(
        f'{config.read_text()}\n[database]\nurl_file = "alamat.txt"\n'
        '[figures]\nfile = "angka.toml"\n'
    )
    restored = restore(backed(config), tmp_path / "new")
    assert "alamat.txt" not in names(tmp_path / "new")
    assert [(f.code, f.column, f.file) for f in restored.warnings] == [
        ("W-RESTORE-MISSING", "figures.file", "angka.toml"),
        ("W-RESTORE-MISSING", "database.url_file", "alamat.txt"),
    ]


def test_any_tar_opens_it(config: Path, tmp_path: Path) -> None:
    with tarfile.open(backed(config), "r:gz") as tar:
        inside = tar.getnames()
    assert inside[:3] == ["backup.json", "folder/geo-target.toml", "folder/geo-target.key"]


def test_what_the_public_sees_comes_back(config: Path, tmp_path: Path) -> None:
    archive = Archive(config.parent / "archive")
    (run_id,) = archive.run_ids()
    with archive.held():
        archive.remember_public(run_id)
        archive.point_public(run_id)
    restore(backed(config), tmp_path / "new")
    restored = Archive(tmp_path / "new" / "archive")
    assert (restored.public(), restored.published()) == (run_id, [run_id])


@pytest.mark.parametrize("kind", KINDS)
def test_of_an_older_schema(config: Path, tmp_path: Path, kind: str) -> None:
    """Backed up before a migration, as the message of the program says; restored to today's."""
    with fresh_url(kind, tmp_path) as old, fresh_url(kind, tmp_path) as new:
        migrate(old, to="0001")
        file = backed(config, url=old)
        contents = restore(file, tmp_path / "new", url=new).contents
        assert contents.database is not None
        assert contents.database.version == "0001"
        assert set(contents.database.tables) < set(METADATA.tables)
        open_database(new).close()
        with pytest.raises(DatabaseError, match="E-DB-OLDER"):
            open_database(old)


# ------------------------------------------------------------------------------ refusals


def code_of(error: pytest.ExceptionInfo[GeoTargetError]) -> str:
    return error.value.faults[0].code


def test_an_existing_file_is_never_replaced(config: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(KeepingError) as caught:
        back_up(config, tmp_path / "b", now=NOW)
    assert code_of(caught) == "E-BACKUP-EXISTS"
    assert (tmp_path / "b").read_text() == "mine"
    with pytest.raises(KeepingError) as caught:
        back_up(config, tmp_path / "no" / "b", now=NOW)
    assert code_of(caught) == "E-BACKUP-FOLDER"


def test_a_run_is_not_disturbed(config: Path, tmp_path: Path) -> None:
    with Archive(config.parent / "archive").open_run(NOW), pytest.raises(BusyError):
        backed(config)
    assert names(tmp_path) == {"office"}


def test_a_named_database_that_is_missing_is_said_so(config: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        backed(config, url=f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert code_of(caught) == "E-DB-MISSING"
    assert names(tmp_path) == {"office"}


def test_a_file_that_is_being_written_is_not_half_kept(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for more in (b"families\nmore\n", b"f", b"fa"):
        listed = config.parent / "lists" / "families.csv"
        original = listed.read_bytes()

        def grown(*_: object, listed: Path = listed, more: bytes = more) -> list[object]:
            listed.write_bytes(more)
            return []

        monkeypatch.setattr("geo_target.keeping.backup._unsealed", grown)
        with pytest.raises(KeepingError) as caught:
            back_up(config, tmp_path / "b", now=NOW, with_sources=True)
        assert code_of(caught) == "E-BACKUP-MOVED"
        assert names(tmp_path) == {"office"}
        listed.write_bytes(original)


def test_a_damaged_snapshot_is_kept_and_said(config: Path, tmp_path: Path) -> None:
    (run_id,) = Archive(config.parent / "archive").run_ids()
    (config.parent / "archive" / run_id / "exact" / "families.parquet").write_bytes(b"?")
    made = back_up(config, tmp_path / "b", now=NOW)
    assert [(f.code, f.file) for f in made.warnings] == [("W-BACKUP-SNAPSHOT", run_id)]
    restore(tmp_path / "b", tmp_path / "new")


@pytest.mark.parametrize("content", ["file", "folder", "itself"])
def test_only_into_a_new_or_empty_folder(config: Path, tmp_path: Path, content: str) -> None:
    file, new = backed(config), tmp_path / "new"
    if content == "itself":
        new.write_text("mine")
    else:
        new.mkdir()
        (new / "mine").mkdir() if content == "folder" else (new / "mine").write_text("")
    with pytest.raises(KeepingError) as caught:
        restore(file, new)
    assert code_of(caught) == "E-RESTORE-FOLDER"
    assert names(tmp_path) == {"office", "backup.tar.gz", "new"}


@posix
def test_an_empty_folder_keeps_its_mode(config: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir(mode=0o750)
    restore(backed(config), tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o750


def test_only_into_an_empty_database(config: Path, url: str, tmp_path: Path) -> None:
    file = backed(config, url=url)
    database = open_database(url)
    AuditLog(database).append(read_of("z"))  # since the backup somebody has read a name
    database.close()
    with pytest.raises(DatabaseError) as caught:
        restore(file, tmp_path / "new", url=url)
    assert code_of(caught) == "E-DB-NOT-EMPTY"
    assert not (tmp_path / "new").exists()


def test_a_database_that_holds_just_this_backup_is_taken(
    config: Path, url: str, tmp_path: Path
) -> None:
    """Whoever was stopped between database and folder begins again."""
    restored = restore(backed(config, url=url), tmp_path / "new", url=url)
    assert restored.warnings == ()


def test_a_broken_chain_comes_back_as_evidence(config: Path, tmp_path: Path) -> None:
    url = default_url(config.parent)
    fill(url)
    database = open_database(url)
    run_sql(database, "DROP TRIGGER audit_log_no_delete", "PRAGMA foreign_keys = OFF",
            "DELETE FROM audit_log WHERE seq = 2")  # fmt: skip
    database.close()
    made = back_up(config, tmp_path / "b", now=NOW)
    restored = restore(tmp_path / "b", tmp_path / "new")
    for warnings in (made.warnings, restored.warnings):
        assert [(fault.code, fault.row) for fault in warnings] == [("E-AUDIT-BROKEN", 2)]
    found = open_database(default_url(tmp_path / "new"))
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(found, "DELETE FROM audit_log")
    found.close()


# ------------------------------------------------------------------------ kill, full disk


def every(step: int, deeds: int = 10_000) -> Iterator[int]:
    yield from range(1, deeds, step)


@posix
def test_a_killed_backup_leaves_nothing_or_all(config: Path, tmp_path: Path) -> None:
    fill(default_url(config.parent))
    file = tmp_path / "b"
    points = 0
    for number in every(7):
        if not killed_at(number, lambda: back_up(config, file, now=NOW)):
            break
        points += 1
        if file.exists():
            restore(file, tmp_path / f"new{number}")
            file.unlink()
    assert points > 5
    assert file.exists()
    assert not [name for name in names(tmp_path) if name.startswith(".")]


@posix
def test_a_killed_restore_leaves_nothing_or_all(config: Path, url: str, tmp_path: Path) -> None:
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    file, new = backed(config, url=url), tmp_path / "new"
    expected = {n: s for n, s in sums(config.parent).items() if not n.startswith("lists/")}
    points = 0
    with fresh_url(kind, tmp_path) as target:
        for number in every(11):
            killed = killed_at(number, lambda: restore(file, new, url=target))
            points += killed
            assert not new.exists() or sums(new) == expected
            if not killed:
                break
            if new.exists():  # killed after it had its name: repeated, to see that it is swept
                shutil.rmtree(new)
        assert points > 3
        assert new.exists()
        assert_alive(target)
    assert not [name for name in names(tmp_path) if name.startswith(".")]


@posix
@pytest.mark.parametrize("limit", [0, 100, 3_000, 40_000])
def test_a_full_disk_leaves_nothing(config: Path, tmp_path: Path, limit: int) -> None:
    (run_id,) = Archive(config.parent / "archive").run_ids()
    large = config.parent / "archive" / run_id / "exact" / "large.parquet"
    large.write_bytes(os.urandom(100_000))
    fill(default_url(config.parent))
    file = backed(config)
    before = names(tmp_path)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    assert forked(lambda: restore(file, tmp_path / "new"), first=limited) != 0
    assert names(tmp_path) == before
    (config.parent / "operations.sqlite").unlink()  # whose own log would be full first
    again = lambda: back_up(config, tmp_path / "b", now=NOW)  # noqa: E731
    assert forked(again, first=limited) == errno.EFBIG
    assert names(tmp_path) == before


def test_a_disk_that_fails_at_the_end_leaves_nothing(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = backed(config)
    monkeypatch.setattr(platform, "sync_file", full)
    for deed in (lambda: back_up(config, tmp_path / "b", now=NOW),
                 lambda: restore(file, tmp_path / "new")):  # fmt: skip
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            deed()
        assert names(tmp_path) == {"office", "backup.tar.gz"}


def test_every_file_that_a_run_reads_is_kept(tmp_path: Path) -> None:
    """A setting that names a file, and is not kept, would stop the first run after a restore."""
    named = {
        (name, key)
        for name, section in Settings.model_fields.items()
        for key, field in getattr(section.annotation, "model_fields", {}).items()
        if field.annotation == Path | None
    }
    sections = {
        name: Settings.model_fields[name].annotation.model_construct(  # type: ignore[union-attr]
            **{key: tmp_path / f"{name}-{key}" for of, key in named if of == name}
        )
        for name, _ in named
    }
    settings = Settings.model_construct(source=(), **sections)
    kept = [place.setting for place in list_places(settings, tmp_path, with_sources=False)]
    assert len(named) >= 8
    assert sorted(kept) == sorted(f"{name}.{key}" for name, key in named)
