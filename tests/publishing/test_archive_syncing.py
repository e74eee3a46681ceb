"""Every byte is on the disk before the snapshot is named, and its name before the pointer."""

import os
from pathlib import Path

import pytest

from geo_target import platform
from geo_target.publishing.archive import CURRENT, Archive
from tests.publishing.test_archive import published


def test_everything_is_synced_before_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def recorded(name: str) -> None:
        whole = getattr(platform, name)

        def step(*paths: Path) -> None:
            done.append(f"{name} {paths[-1].name}")
            whole(*paths)

        monkeypatch.setattr(platform, name, step)

    for name in ("sync_file", "sync_folder", "replace"):
        recorded(name)
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


def test_a_synced_file_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    (tmp_path / "a").write_bytes(b"a")
    platform.sync_file(tmp_path / "a")
    platform.sync_folder(tmp_path)
    assert len(synced) == 2
