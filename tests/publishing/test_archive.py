"""Snapshots are whole or absent, whatever happens to the run that makes one."""

import errno
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geo_target import platform
from geo_target.errors import BusyError, ConfigError
from geo_target.publishing.archive import CURRENT, Archive, read_key, sha256
from tests.publishing.publish_forever import publish

NOW = datetime(2025, 10, 1, 8, 0, tzinfo=UTC)
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes, signals and limits")


def published(archive: Archive, content: str, *, now: datetime = NOW) -> Path:
    """A snapshot of three files that hold `content`."""
    with archive.open_run(now) as draft:
        for name in ("exact/families.parquet", "shown/meeting/villages.json.gz"):
            draft.write(name, content.encode(), rows=3)
        draft.path("exact/quarantine.csv").write_text(content)
        return draft.publish({"as_of": "2025-10-01", "balance": {"rows": 3}})


def opened(archive: Archive) -> dict[str, Any]:
    """The manifest of the current snapshot, every file of it held to its sha256."""
    run_id = archive.current()
    assert run_id is not None
    snapshot = archive.folder / run_id
    manifest: dict[str, Any] = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    assert manifest["run_id"] == run_id
    for name, entry in manifest["files"].items():
        assert sha256(snapshot / name) == entry["sha256"]
    on_disk = {p.relative_to(snapshot).as_posix() for p in snapshot.rglob("*") if p.is_file()}
    assert on_disk == {*manifest["files"], "manifest.json"}
    return manifest


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_draft_becomes_the_current_snapshot(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "new" / "archive")
    assert (archive.current(), archive.run_ids()) == (None, [])
    snapshot = published(archive, "A")
    assert snapshot == archive.folder / "000001-20251001T080000Z"
    assert archive.current() == snapshot.name
    manifest = opened(archive)
    assert manifest["previous"] is None
    assert manifest["balance"] == {"rows": 3}
    assert manifest["files"]["exact/families.parquet"]["rows"] == 3
    assert manifest["files"]["exact/quarantine.csv"]["rows"] is None
    assert names(archive.folder) == {snapshot.name, CURRENT}


def test_a_draft_that_is_not_published_leaves_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    published(archive, "A")
    with archive.open_run(NOW) as draft:
        draft.write("exact/families.parquet", b"B")
        assert names(tmp_path) == {CURRENT, "000001-20251001T080000Z"}
    assert opened(archive)["run_id"].startswith("000001")
    assert not (tmp_path / ".work").exists()


def test_the_order_rests_on_the_number_when_the_clock_goes_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number, year in enumerate((2025, 2024, 2031, 1999), start=1):
        published(archive, str(year), now=NOW.replace(year=year))
        assert archive.run_ids()[-1] == archive.current()
        assert opened(archive)["run_id"].startswith(f"{number:06d}-{year}")
    previous = [json.loads((tmp_path / run / "manifest.json").read_text())["previous"]
                for run in archive.run_ids()]  # fmt: skip
    assert previous == [None, *archive.run_ids()[:-1]]


def test_other_names_in_the_folder_are_no_snapshots(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for name in ("backup", "000009-tmp", "1-20251001T080000Z", ".000008-20251001T080000Z"):
        (tmp_path / name).mkdir()
    assert archive.run_ids() == []
    assert published(archive, "A").name.startswith("000001-")


@pytest.mark.parametrize("content", ["", "\n", "../../etc", "000001", "\x00\xff"])
def test_a_pointer_that_holds_no_run_id_points_nowhere(tmp_path: Path, content: str) -> None:
    archive = Archive(tmp_path)
    published(archive, "A")
    (tmp_path / CURRENT).write_bytes(content.encode("latin-1"))
    assert archive.current() is None
    published(archive, "B")
    assert opened(archive)["run_id"].startswith("000002")


@posix
def test_only_the_owner_opens_exact_and_work(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.open_run(NOW) as draft:
        draft.write("exact/families.parquet", b"A")
        for folder in (tmp_path / ".work", draft.folder, draft.spill, draft.folder / "exact"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        snapshot = draft.publish({})
    assert stat.S_IMODE((snapshot / "exact").stat().st_mode) == 0o700
    assert stat.S_IMODE(snapshot.stat().st_mode) == 0o755
    assert stat.S_IMODE((snapshot / "shown" / "meeting").stat().st_mode) == 0o755


def test_what_a_dead_run_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / ".work" / "000001-20251001T080000Z" / "spill"
    left.mkdir(parents=True)
    (left / "duckdb.tmp").write_bytes(b"nobody's names")
    (tmp_path / ".work" / "CURRENT.new").write_text("half")
    published(Archive(tmp_path), "A")
    assert not (tmp_path / ".work").exists()
    assert opened(Archive(tmp_path))["run_id"].startswith("000001")


# --------------------------------------------------------------------------- failing disks


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, *, at: int) -> Iterator[Callable[[], int]]:
    """Let the `at`-th write, fsync, rename or replace fail; gives how many there were."""
    done = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            if done == at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*args, **kwargs)

        return step

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "write_text", "replace", "mkdir", "chmod"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        for name in ("sync_file", "sync_folder"):
            patch.setattr(platform, name, counted(getattr(platform, name)))
        yield lambda: done


def test_a_failure_at_any_step_leaves_the_last_snapshot_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    published(archive, "A")
    pointed = 0
    for at in range(1, 100):
        before = archive.current()
        with failing(monkeypatch, at=at) as steps:
            try:
                published(archive, f"B{at}")
            except OSError as error:
                failed = error.errno
            else:
                failed = None
            done = steps()
        opened(archive)
        if failed is None:
            assert done < at  # every step of a whole run has failed once before
            break
        assert failed == errno.ENOSPC
        # Only a fault after the pointer was replaced may leave the new one.
        pointed += archive.current() != before
        assert not (tmp_path / ".work").exists()
    else:
        pytest.fail("no run came to its end")
    assert at > 15
    assert pointed <= 1
    assert archive.run_ids()[-1] == archive.current()


class Child:
    """A child process that publishes without end, or holds a run open."""

    def __init__(self, *words: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.publishing.publish_forever", *map(str, words)],
            stdout=subprocess.PIPE, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == b"ready"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@posix
def test_a_kill_at_any_moment_leaves_a_whole_snapshot(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    published(archive, "A")
    moments = random.Random(1)  # the same moments every time, as far as a clock can
    seen: set[str] = set()
    kills, longest = 0, 0.05
    while kills < 15 or (len(seen) < 4 and kills < 90):
        child = Child("--publish", tmp_path)
        time.sleep(moments.uniform(0, longest))
        child.kill()
        kills += 1
        assert child.process.returncode == -signal.SIGKILL
        now = opened(archive)["run_id"]
        # A busy machine publishes seldom: it is given more time until something is new.
        longest = 0.05 if now not in seen else min(1.5 * longest, 10)
        seen.add(now)
    assert len(seen) > 3
    last = published(archive, "B")  # the lock is free, and the leavings are swept
    assert archive.current() == last.name == archive.run_ids()[-1]
    assert not (tmp_path / ".work").exists()
    for run_id in archive.run_ids():
        manifest = json.loads((tmp_path / run_id / "manifest.json").read_text("utf-8"))
        assert all(
            sha256(tmp_path / run_id / name) == entry["sha256"]
            for name, entry in manifest["files"].items()
        )


@posix
def test_a_share_that_cannot_sync_folders_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.EINVAL, "not supported")

    monkeypatch.setattr(os, "fsync", refuse)
    platform.sync_folder(tmp_path)
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(OSError, match="not supported"):
        platform.sync_file(tmp_path / "a")


def test_two_at_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.open_run(NOW) as draft:
        draft.write("exact/families.parquet", b"A")
        with pytest.raises(BusyError) as caught:
            published(Archive(tmp_path), "B")
        assert caught.value.exit_code == 75
        assert "tunggu" in caught.value.text("id")
        draft.publish({})  # the other one took nothing of it away
    assert opened(archive)["run_id"].startswith("000001")
    published(archive, "C")


@posix
def test_the_lock_is_free_after_a_kill(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    child = Child("--hold", tmp_path)
    with pytest.raises(BusyError):
        published(archive, "B")
    assert (tmp_path / ".work").exists()
    child.kill()
    published(archive, "C")
    assert opened(archive)["run_id"].startswith("000001")


LIMITED = """
import resource, sys
from pathlib import Path
from geo_target.publishing.archive import Archive
from tests.publishing.publish_forever import publish
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    publish(Archive(Path(sys.argv[1])), size=1_000_000)
except OSError as error:
    print(error.errno)
"""


@posix
def test_a_file_that_the_system_does_not_let_grow(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    publish(archive)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert int(done.stdout) == errno.EFBIG
    assert opened(archive)["run_id"].startswith("000001")
    assert not (tmp_path / ".work").exists()


# ------------------------------------------------------------------------------------- key


def test_the_key_is_made_once(tmp_path: Path) -> None:
    key = read_key(tmp_path)
    assert len(key) == 32
    assert read_key(tmp_path) == key
    assert names(tmp_path) == {"geo-target.key"}
    if os.name != "nt":
        assert stat.S_IMODE((tmp_path / "geo-target.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"no key", b"ab" * 8, b"\xff" * 64])
def test_a_broken_key_is_said_so_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "geo-target.key"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="E-KEY"):
        read_key(tmp_path)
    assert file.read_bytes() == content
