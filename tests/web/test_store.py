"""What is shown is whole: damaged or missing files never reach a page."""

import gc
import json
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from geo_target.platform import settle_collector
from geo_target.web import store as store_module
from geo_target.web.app import create_app
from geo_target.web.store import BrokenSnapshotError, NoSnapshotError, Store, read_snapshot
from tests.web.sample import write_snapshot

OLD, NEW = "000001-20251001T000000Z", "000002-20251101T000000Z"


def shown(folder: Path, name: str) -> Path:
    return folder / "shown" / "meeting" / name


def drop_a_layer(folder: Path) -> None:
    shown(folder, "layers/villages.json.gz").unlink()


def change_a_table(folder: Path) -> None:
    file = shown(folder, "tables/villages.json")
    file.write_bytes(file.read_bytes().replace(b"Kota Serang", b"Kota Sereng"))


def cut_the_manifest(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_bytes(file.read_bytes()[:-40])


def drop_everything(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def name_another_run(folder: Path) -> None:
    file = folder / "manifest.json"
    file.write_bytes(file.read_bytes().replace(NEW.encode(), b"000009-other"))


def list_a_file_outside(folder: Path) -> None:
    file = folder / "manifest.json"
    manifest = json.loads(file.read_bytes())
    secret = manifest["files"]["exact/quarantine.csv"]
    manifest["files"]["shown/meeting/../../exact/quarantine.csv"] = secret
    file.write_text(json.dumps(manifest), encoding="utf-8")


FAULTS = [
    drop_a_layer, change_a_table, cut_the_manifest, drop_everything, name_another_run,
    list_a_file_outside,
]  # fmt: skip


@pytest.mark.parametrize("break_it", FAULTS)
def test_an_older_whole_snapshot_stands_in(
    tmp_path: Path, break_it: Callable[[Path], None]
) -> None:
    write_snapshot(tmp_path, OLD)
    break_it(write_snapshot(tmp_path, NEW))
    client = create_app(tmp_path, doors=None).test_client()

    assert client.get("/health").get_json() == {"status": "degraded", "run_id": OLD}
    page = client.get("/")
    assert page.status_code == 200
    assert "Hasil terakhir tidak utuh" in page.text
    assert f"/layers/{OLD}/" in page.text


def test_nothing_whole_is_said_as_such(tmp_path: Path) -> None:
    drop_a_layer(write_snapshot(tmp_path, NEW))
    client = create_app(tmp_path, doors=None).test_client()
    page = client.get("/")
    assert page.status_code == 503
    assert "Hasil tidak utuh" in page.text
    assert client.get("/health").get_json() == {"status": "degraded", "run_id": None}


def test_an_empty_archive_says_what_fills_it(tmp_path: Path) -> None:
    client = create_app(tmp_path / "none", doors=None).test_client()
    page = client.get("/")
    assert page.status_code == 503
    assert "Belum ada hasil" in page.text
    assert "No results yet" in page.text
    assert "geo-target run" in page.text
    assert client.get("/health").get_json() == {"status": "empty", "run_id": None}


def test_a_new_run_is_shown_at_once_and_open_pages_keep_theirs(tmp_path: Path) -> None:
    write_snapshot(tmp_path, OLD)
    client = create_app(tmp_path, doors=None).test_client()
    assert f"/layers/{OLD}/" in client.get("/").text

    write_snapshot(tmp_path, NEW)

    assert f"/layers/{NEW}/" in client.get("/").text
    assert client.get(f"/layers/{OLD}/villages.json").status_code == 200
    assert client.get("/layers/000000-none/villages.json").status_code == 404


def test_a_snapshot_that_is_not_current_yet_is_not_shown(tmp_path: Path) -> None:
    write_snapshot(tmp_path, OLD)
    write_snapshot(tmp_path, NEW, current=False)
    assert Store(tmp_path).current().snapshot.run_id == OLD


@pytest.mark.parametrize("pointer", ["../../etc", "", "a/b", "000002-x\n000001-y", "\x00"])
def test_a_pointer_that_names_no_run_leads_to_the_newest_whole(
    tmp_path: Path, pointer: str
) -> None:
    write_snapshot(tmp_path, OLD)
    (tmp_path / "CURRENT").write_text(pointer, encoding="utf-8")
    served = Store(tmp_path).current()
    assert served.degraded
    assert served.snapshot.run_id == OLD


def test_files_are_read_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(tmp_path, OLD)
    store = Store(tmp_path)
    store.current()
    monkeypatch.setattr(store_module, "read_snapshot", pytest.fail)
    assert store.current().snapshot.run_id == OLD


def test_it_is_told_once_that_a_snapshot_has_been_read(tmp_path: Path) -> None:
    store, told = Store(tmp_path), []
    store.when_read = lambda: told.append(len(told))
    for run in (OLD, NEW):
        write_snapshot(tmp_path, run)
        for _ in range(3):
            store.current()
    assert told == [0, 1]


def test_what_stays_is_not_searched_for_cycles_and_what_has_gone_is_let_go() -> None:
    class Ring:
        def __init__(self) -> None:
            self.itself = self

    kept, gone = Ring(), Ring()
    seen = weakref.ref(gone)
    settle_collector()
    assert not any(one is kept for one in gc.get_objects())
    del gone
    gc.collect()
    assert seen() is not None
    settle_collector()
    assert seen() is None


def test_a_broken_archive_is_looked_at_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_snapshot(tmp_path, OLD)
    file = shown(folder, "summary.json")
    body = file.read_bytes()
    file.unlink()
    store = Store(tmp_path)
    with pytest.raises(NoSnapshotError):
        store.current()
    file.write_bytes(body)
    monkeypatch.setattr(store_module, "_PATIENCE", -1.0)
    assert store.current().snapshot.run_id == OLD


def test_a_link_out_of_the_snapshot_is_not_followed(tmp_path: Path) -> None:
    folder = write_snapshot(tmp_path, OLD)
    file = shown(folder, "summary.json")
    body = file.read_bytes()
    outside = tmp_path / "outside.json"
    outside.write_bytes(body)
    file.unlink()
    file.symlink_to(outside)
    with pytest.raises(BrokenSnapshotError):
        read_snapshot(folder)
