"""Lists that a run keeps as it read them: the same snapshot with and without, and no trace."""

import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo_target import pipeline
from geo_target.errors import DataRefusedError
from geo_target.intake import list_cache, sources
from geo_target.intake import lists as lists_module
from geo_target.intake.list_cache import ListCache
from geo_target.keeping.places import archive_files
from geo_target.publishing.archive import Archive
from geo_target.settings import read_settings
from geo_target.stages import Stages
from geo_target.workbench import Workbench
from tests.keeping.office import posix
from tests.test_cli import CONFIG, FAMILIES, world

NOW = datetime(2025, 10, 3, 8, 0, tzinfo=UTC)


def ran(config: Path) -> dict[str, Any]:
    """The report of a run that is the first of its archive, but for the cache."""
    archive = Archive(config.parent / "archive")
    for run_id in archive.run_ids():
        shutil.rmtree(archive.folder / run_id)
    (archive.folder / "CURRENT").unlink(missing_ok=True)
    return pipeline.run(config, now=lambda: NOW).report


def contents(config: Path) -> dict[str, bytes]:
    """Every byte of the archive's snapshots; of the manifest all but the setting itself."""
    archive = Archive(config.parent / "archive")
    found = {name: path.read_bytes() for name, path in archive_files(archive)}
    name = f"{archive.current()}/manifest.json"
    manifest = json.loads(found[name])
    del manifest["config"]["settings"]["archive"]["cache"], manifest["config"]["sha256"]
    return found | {name: json.dumps(manifest).encode()}


def lists(config: Path) -> list[Any]:
    """Intake alone: what a run has of its lists."""
    settings = read_settings(config)
    archive = Archive(settings.archive.folder)
    with archive.open_run(NOW) as draft, Workbench() as bench:
        cache = ListCache(archive.cache, draft.aside, is_on=settings.archive.cache)
        found = pipeline.read_lists(bench, settings, Stages(), cache)
        cache.renew()
        return [
            (one.profile, one.as_of, one.sha256, one.report, one.table.types(),
             one.table.rows(), one.faults.rows())
            for one in found
        ]  # fmt: skip


def entries(config: Path) -> list[Path]:
    """The kept lists."""
    folder = config.parent / "archive" / ".cache"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read from now on."""
    names: list[str] = []
    read_list: Callable[..., Any] = lists_module.read_list

    def told(bench: Any, file: Path, **how: Any) -> Any:
        names.append(file.name)
        return read_list(bench, file, **how)

    monkeypatch.setattr(sources, "read_list", told)
    return names


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A world whose lists hold what has to be told of: faults, blank rows, notices."""
    header, *rows = FAMILIES.splitlines()
    return world(tmp_path, families="\n".join([header, *rows, rows[0]]))


LISTS = ["families.csv", "recipients.csv"]


def test_a_kept_list_gives_the_same_snapshot(config: Path, read: list[str]) -> None:
    config.write_text(CONFIG + "[archive]\ncache = false\n")
    without = ran(config), contents(config)
    assert entries(config) == []
    config.write_text(CONFIG)
    first = ran(config), contents(config)
    assert sorted(read) == sorted(LISTS * 2)
    read.clear()
    second = ran(config), contents(config)
    assert read == []
    for report, files in (first, second):
        assert files == without[1]
        assert {**report, "seconds": 0} == {**without[0], "seconds": 0}
    assert {"quarantined", "duplicates", "blank"} <= {
        name for entry in without[0]["intake"] for name in entry if entry[name]
    }


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "nothing": (lambda _: None, []),
    "a byte": (lambda f: (f / "families.csv").write_text(
        (f / "families.csv").read_text() + "\n"), ["families.csv"]),
    "a newer time": (lambda f: os.utime(f / "families.csv", (1e9, 1e9)), []),
    "its day": (lambda f: (f / "geo-target.toml").write_text(
        CONFIG.replace("2025-09-01", "2025-09-02", 1)), ["families.csv"]),
    "the area": (lambda f: (f / "geo-target.toml").write_text(
        CONFIG.replace("36.73.02", "36.73")), LISTS),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_read_again(config: Path, read: list[str], change: str) -> None:
    lists(config)
    read.clear()
    make, expected = CHANGES[change]
    make(config.parent)
    lists(config)
    assert sorted(read) == sorted(expected)
    assert len(entries(config)) == 2  # those of the run before are gone


def test_another_program_reads_again(
    config: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lists(config)
    read.clear()
    monkeypatch.setattr(list_cache, "_maker", lambda: ["another"])
    lists(config)
    assert sorted(read) == LISTS


def test_own_programs_read_again(config: Path, read: list[str]) -> None:
    lists(config)
    read.clear()
    folder = config.parent / "profiles" / "programs"
    folder.mkdir(parents=True)
    ours = (Path(pipeline.__file__).parents[1] / "geodata" / "programs.toml").read_text()
    begin = ours.index("[[program]]")
    one = ours[begin : ours.index("[[program]]", begin + 1)]
    lines = [line for line in one.splitlines() if not line.startswith("aliases")]
    lines = ['code = "OWN"' if line.startswith("code") else line for line in lines]
    lines = ['short_name = "Own"' if line.startswith("short_name") else line for line in lines]
    lines = ['name = "Own program"' if line.startswith("name") else line for line in lines]
    (folder / "own.toml").write_text("\n".join(lines))
    lists(config)
    assert sorted(read) == LISTS


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def a_file(entry: Path) -> None:
    """A file in the place of an entry."""
    shutil.rmtree(entry)
    entry.write_text("x")


FAULTS: dict[str, Callable[[Path], object]] = {
    "flipped table": lambda e: flip(e / "table.parquet"),
    "flipped faults": lambda e: flip(e / "faults.parquet"),
    "flipped report": lambda e: flip(e / "list.json"),
    "cut table": lambda e: (e / "table.parquet").write_bytes(b"PAR1"),
    "no table": lambda e: (e / "table.parquet").unlink(),
    "no report": lambda e: (e / "list.json").unlink(),
    "empty report": lambda e: (e / "list.json").write_bytes(b""),
    "no text": lambda e: (e / "list.json").write_bytes(b"\xff\xfe\x00"),
    "a file": a_file,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_torn_entry_is_made_again(config: Path, read: list[str], fault: str) -> None:
    whole = lists(config)
    for entry in entries(config):
        FAULTS[fault](entry)
    read.clear()
    assert lists(config) == whole
    assert sorted(read) == LISTS


@posix
def test_only_its_owner_may_read_it(config: Path) -> None:
    before = os.umask(0)
    try:
        lists(config)
    finally:
        os.umask(before)
    folder = config.parent / "archive" / ".cache"
    found = [folder, *folder.rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in found}
    assert modes == {(True, 0o700), (False, 0o600)}
    assert len(found) == 9  # itself, two entries, three files each


def test_a_folder_that_takes_nothing_costs_only_time(config: Path, read: list[str]) -> None:
    whole = lists(config)
    shutil.rmtree(config.parent / "archive" / ".cache")
    (config.parent / "archive" / ".cache").write_text("no folder")
    read.clear()
    assert lists(config) == whole
    assert sorted(read) == LISTS


def test_a_list_that_a_run_does_not_publish_is_not_kept(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise DataRefusedError

    monkeypatch.setattr(pipeline, "guard_lists", held)
    with pytest.raises(DataRefusedError):
        ran(config)
    assert entries(config) == []
    assert not (config.parent / "archive" / ".work").exists()


def test_where_nothing_is_kept_a_refused_run_empties_the_folder_too(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists(config)
    assert len(entries(config)) == len(LISTS)
    config.write_text(CONFIG + "[archive]\ncache = false\n")
    monkeypatch.setattr(pipeline, "guard_lists", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ran(config)
    assert entries(config) == []


def test_a_full_disk_keeps_nothing_and_says_nothing(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(list_cache, "_write", full)
    lists(config)
    assert entries(config) == []
    assert not (config.parent / "archive" / ".work").exists()


def test_a_refused_list_is_not_kept(config: Path) -> None:
    (config.parent / "recipients.csv").write_text("merah;kuning\n1;2\n")
    with pytest.raises(DataRefusedError):
        lists(config)
    assert entries(config) == []  # nor the other list of this run


def test_a_refused_run_keeps_what_earlier_ones_kept(config: Path) -> None:
    ran(config)
    kept = entries(config)
    (config.parent / "recipients.csv").write_text("merah;kuning\n1;2\n")
    with pytest.raises(DataRefusedError):
        ran(config)
    assert entries(config) == kept


def test_switched_off_it_is_emptied(config: Path) -> None:
    ran(config)
    assert len(entries(config)) == 2
    config.write_text(CONFIG + "[archive]\ncache = false\n")
    ran(config)
    assert entries(config) == []


def test_no_backup_holds_it(config: Path) -> None:
    ran(config)
    names = [name for name, _ in archive_files(Archive(config.parent / "archive"))]
    assert names
    assert not [name for name in names if "cache" in name]
