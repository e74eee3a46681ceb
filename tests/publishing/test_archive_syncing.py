"""Every byte is on the disk before the snapshot is named, and its name before the pointer."""

import os
from pathlib import Path

import pytest

from geo_target import platform
from geo_target.publishing.archive import CURRENT, KEY_FILE, PUBLIC, Archive, read_key
from geo_target.publishing.keys import EARLIER_FILE, change_key
from tests.publishing.test_archive import published


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was synced and named so far, in order."""
    steps: list[str] = []

    def recorded(name: str) -> None:
        whole = getattr(platform, name)

        def step(*paths: Path) -> None:
            steps.append(f"{name} {paths[-1].name}")
            whole(*paths)

        monkeypatch.setattr(platform, name, step)

    for name in ("sync_file", "sync_folder", "replace"):
        recorded(name)
    return steps


def test_everything_is_synced_before_it_is_named(tmp_path: Path, done: list[str]) -> None:
    snapshot = published(Archive(tmp_path), "A")
    named = done.index(f"replace {snapshot.name}")
    before, after = set(done[:named]), done[named + 1 :]
    assert before == {
        "sync_file families.parquet", "sync_file quarantine.csv",
        "sync_file villages.json.gz", "sync_file manifest.json", "sync_folder snapshot",
        "sync_folder exact", "sync_folder shown", "sync_folder meeting",
    }  # fmt: skip
    top = f"sync_folder {tmp_path.name}"
    assert after == [top, f"sync_file {CURRENT}.new", f"replace {CURRENT}", top]


def test_what_the_public_is_shown_is_synced_before_it_is_named(
    tmp_path: Path, done: list[str]
) -> None:
    archive, top = Archive(tmp_path), f"sync_folder {tmp_path.name}"
    run_id = published(archive, "A").name
    done.clear()
    with archive.held():
        archive.point_public(run_id)
    assert done == [f"sync_file .{PUBLIC}.new", f"replace {PUBLIC}", top]
    done.clear()
    with archive.held():
        archive.point_public(None)
    assert done == [top]


def test_keys_are_synced_before_they_are_named(tmp_path: Path, done: list[str]) -> None:
    read_key(tmp_path)
    done.clear()
    change_key(tmp_path)
    top = f"sync_folder {tmp_path.name}"
    # The earlier one first: without it nothing of before could be opened.
    assert done == [
        f"sync_file {EARLIER_FILE}.new", f"replace {EARLIER_FILE}", top,
        f"sync_file {KEY_FILE}.new", f"replace {KEY_FILE}", top,
    ]  # fmt: skip


def test_a_synced_file_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    (tmp_path / "a").write_bytes(b"a")
    platform.sync_file(tmp_path / "a")
    platform.sync_folder(tmp_path)
    assert len(synced) == 2
