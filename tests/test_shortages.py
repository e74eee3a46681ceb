"""Too little memory, or room on the disk: what was being done, what to do, and no trace."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from geo_target import pipeline
from geo_target.publishing.archive import Archive
from geo_target.shortages import ShortageError, told_shortages
from geo_target.stages import Stages
from tests.keeping.office import posix
from tests.test_cli import CONFIG, geo_target, world

NOW = datetime(2025, 10, 3, 8, 0, tzinfo=UTC)
WORK = 2_500_000


def no_memory() -> None:
    raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data")


def full_spill() -> None:
    raise duckdb.IOException(f'Could not write file "x.tmp": {os.strerror(28)}')


def no_room_to_spill() -> None:
    raise duckdb.OutOfMemoryException("(1 GiB/1 GiB used) set by max_temp_directory_size")


def no_memory_between_batches() -> None:
    raise OSError("Out of Memory Error: could not allocate block of size 256.0 KiB")


def full_spill_between_batches() -> None:
    raise OSError(f'IO Error: Could not read "x.tmp": {os.strerror(28)}')


def no_array() -> None:
    raise MemoryError


@pytest.mark.parametrize(
    ("failure", "limit", "code", "words"),
    [
        (no_memory, "1GB", "E-MEMORY", ["limit of 1GB", "'Linking'", "raise it to 2GB"]),
        (no_memory, "1.5 GiB", "E-MEMORY", ["limit of 1.5 GiB", "raise it to 3GiB"]),
        (no_memory, None, "E-MEMORY", ["memory of this machine", "'Linking'", "area.code"]),
        (no_array, None, "E-MEMORY", ["memory of this machine"]),
        (no_array, "4GB", "E-MEMORY", ["memory of this machine", "area.code"]),
        (full_spill, "1GB", "E-DISK-FULL", ["'Linking'", "after 2 MB were written"]),
        (no_memory_between_batches, "1GB", "E-MEMORY", ["limit of 1GB", "raise it to 2GB"]),
        (full_spill_between_batches, "1GB", "E-DISK-FULL", ["'Linking'"]),
        (no_room_to_spill, "1GB", "E-DISK-FULL", ["free at least as much again"]),
    ],
)
def test_a_shortage_says_where_and_what_to_do(
    tmp_path: Path, failure: Callable[[], None], limit: str | None, code: str, words: list[str]
) -> None:
    work = tmp_path / "archive" / ".work" / "000001"
    work.mkdir(parents=True)
    (work / "spilled").write_bytes(bytes(WORK))
    stages = Stages()
    with (
        pytest.raises(ShortageError) as found,
        told_shortages(stages, work, limit),
        stages.stage("registry", "Memadankan", "Linking"),
    ):
        failure()
    assert [fault.code for fault in found.value.faults] == [code]
    assert all(word in found.value.text("en") for word in words)
    assert "'Memadankan'" in found.value.text("id")


def test_another_fault_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(duckdb.BinderException), told_shortages(Stages(), tmp_path, "1GB"):
        raise duckdb.BinderException("Out of Memory is no column")


def test_a_run_with_too_little_memory_says_what_it_needs(tmp_path: Path) -> None:
    config = world(tmp_path)
    pipeline.run(config, now=lambda: NOW)
    before = Archive(tmp_path / "archive").current()
    config.write_text(CONFIG + '[archive]\nmemory_limit = "1MB"\n')
    result = geo_target("--lang", "en", "run", config)
    assert result.exit_code == 1
    assert "archive.memory_limit" in result.stderr
    assert "raise it to 2MB" in result.stderr
    assert "[E-MEMORY]" in result.stderr
    assert "Traceback" not in result.stderr
    assert Archive(tmp_path / "archive").current() == before
    assert not (tmp_path / "archive" / ".work").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 400 kB."""
    folder = tmp_path / "archive"
    folder.mkdir()
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine mounts no file system")
    yield folder
    subprocess.run(["umount", str(folder)], capture_output=True, check=True)


SPILLING = """
import os, signal, sys
from pathlib import Path
from geo_target import cli, pipeline
from geo_target.workbench import Workbench

def spill(*_, **__):
    bench = Workbench(spill=next(Path("archive/.work").iterdir()) / "spill", memory_limit="20MB")
    {before}
    bench.query("select i, i::varchar || repeat('x', 90) as word from range(1_000_000) t(i)")
    {after}

pipeline.read_places = spill
cli.main(["--lang", "en", "run", "geo-target.toml"])
"""


def spilling(folder: Path, before: str = "pass", after: str = "pass") -> tuple[int, str]:
    """How a run ends that spills more than 90 MB, and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", SPILLING.format(before=before, after=after)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_a_disk_that_fills_up_in_mid_spill(small_disk: Path, tmp_path: Path) -> None:
    world(tmp_path)
    code, said = spilling(tmp_path)
    assert code == 1
    assert "[E-DISK-FULL]" in said
    assert str(small_disk) in said
    assert "Traceback" not in said
    assert sorted(path.name for path in small_disk.iterdir()) in ([".cache", ".lock"], [".lock"])


@posix
def test_a_run_that_is_killed_in_mid_spill_is_swept_by_the_next(tmp_path: Path) -> None:
    config = world(tmp_path)
    code, _ = spilling(tmp_path, after="os.kill(os.getpid(), signal.SIGKILL)")
    assert code == -signal.SIGKILL
    left = [p for p in (tmp_path / "archive" / ".work").rglob("*.tmp") if p.is_file()]
    assert sum(path.stat().st_size for path in left) > 10_000_000
    result = geo_target("run", config, "--json")
    assert json.loads(result.stdout)["run_id"].startswith("000001-")
    assert not (tmp_path / "archive" / ".work").exists()
