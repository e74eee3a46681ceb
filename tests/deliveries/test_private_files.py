"""Files for one account alone: whole or absent, whatever lies where they are written aside."""

import os
import stat
from pathlib import Path

import pytest

from geo_target import platform
from geo_target.deliveries.private_files import write_bytes

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes, and links for few")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """Where the file is written before it takes its place."""
    return tmp_path / ".a.xlsx.new"


@posix
def test_what_was_left_or_planted_aside_gives_no_mode(file: Path, aside: Path) -> None:
    aside.write_bytes(b"of a run that was ended, and longer")
    aside.chmod(0o666)
    write_bytes(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@posix
def test_whoever_holds_a_planted_file_open_reads_nothing(file: Path, aside: Path) -> None:
    aside.touch()
    with aside.open("rb") as planted:
        write_bytes(file, b"new")
        assert planted.read() == b""


@posix
def test_a_planted_link_leads_nowhere(file: Path, aside: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"kept")
    aside.symlink_to(other)
    write_bytes(file, b"new")
    assert other.read_bytes() == b"kept"
    assert not file.is_symlink()


@posix
def test_what_is_planted_at_the_last_moment_is_refused(
    file: Path, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def plant(path: Path, *how: int) -> int:
        os.close(opened(path, os.O_CREAT, 0o666))
        return opened(path, *how)

    monkeypatch.setattr(os, "open", plant)
    with pytest.raises(FileExistsError):
        write_bytes(file, b"new")
    assert not file.exists()


def test_of_a_failure_nothing_stays(
    file: Path, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    file.write_bytes(b"old")
    monkeypatch.setattr(platform, "replace", refuse)
    with pytest.raises(PermissionError):
        write_bytes(file, b"new")
    assert file.read_bytes() == b"old"
    assert not aside.exists()


def test_a_file_is_on_the_disk_before_it_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    whole = platform.replace

    def replaced(source: Path, target: Path) -> None:
        done.append("named")
        whole(source, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append("synced"))
    monkeypatch.setattr(platform, "replace", replaced)
    monkeypatch.setattr(platform, "sync_folder", lambda folder: done.append(folder.name))
    write_bytes(file, b"new")
    assert done == ["synced", "named", file.parent.name]
