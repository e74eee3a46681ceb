"""Where nothing can be written down nobody is named, on any page or file; all else goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_target.errors import Fault
from geo_target.operations.audit import AuditLog
from geo_target.operations.audit_chain import verify
from geo_target.operations.database import open_database
from geo_target.operations.refusals import AuditError
from geo_target.web.field_scope import officer_key
from tests.web.house import House, get, sign_in
from tests.web.named import VILLAGE
from tests.web.own_visited import CODES, WATI, plan_visits
from tests.web.sample import RUN_ID
from tests.web.test_canary import PATHS, VISITS, bytes_of, held
from tests.web.visited import OFFICERS, add_plan

#: What names families in another form than a page, or has their points.
CARRIED = ("semua.gpx", "semua.kml", "semua.gpkg", "semua.zip", "2025-11-24.pdf")
#: What is not to be had is the same with a full disk; what may be seen is 200, but for names.
OPEN = ("/", "/klaster", "/register", "/lapangan", f"/kelurahan/{VILLAGE}", "/akun", "/health",
        "/tentang-angka", "/lapangan/jawaban", "/unduh",
        f"/layers/{RUN_ID}/villages.json")  # fmt: skip
NAMING = f"/kelurahan/{VILLAGE}/keluarga"
#: The log refuses whatever the database is: each is shown with a full disk elsewhere.
ONE = pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry can be kept; what the database does then is shown elsewhere."""

    def refuse(*_: object, **__: object) -> None:
        raise AuditError(Fault("E-AUDIT-WRITE", id="jejak audit", en="audit log"))

    for name in ("append", "append_within", "write"):
        monkeypatch.setattr(AuditLog, name, refuse)


@ONE
@pytest.mark.parametrize("who", ["officer", "coordinator", WATI])
def test_whatever_names_somebody_is_refused(
    house: House, who: str, request: pytest.FixtureRequest
) -> None:
    plan_visits(house)
    browser = house.signed_in(who)
    asked = (*PATHS, *VISITS)
    named = get(browser, f"/kunjungan/{CODES[1]}" if who == WATI else NAMING)
    assert held([bytes_of(named)])
    request.getfixturevalue("full")
    replies = [get(browser, path) for path in asked]
    assert held(bytes_of(each) for each in replies) == set()
    assert 503 in {each.status_code for each in replies}
    assert {get(browser, path).status_code for path in OPEN} <= {200, 403}
    assert get(browser, f"/kunjungan/{CODES[1]}").status_code == (503 if who == WATI else 403)


@ONE
@pytest.mark.parametrize("kind", CARRIED)
def test_nothing_is_carried_away(house: House, kind: str, request: pytest.FixtureRequest) -> None:
    if kind.endswith("pdf"):
        pytest.importorskip("typst", reason="typst is not installed")
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    with house.app.test_request_context():
        own = officer_key(OFFICERS[0].name)
    path = f"/lapangan/rencana/{number}/bekal/{own}/{kind}"
    assert get(browser, path).status_code == 200
    request.getfixturevalue("full")
    refused = get(browser, path)
    assert refused.status_code == 503
    assert held([bytes_of(refused)]) == set()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 3 MB, for the database alone."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root mounts a file system")
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine mounts no file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=True)


def fill(folder: Path) -> Path:
    """Take the last byte of a file system."""
    file = folder / "full"
    with file.open("wb", buffering=0) as out:
        for size in (65536, 1):
            try:
                while out.write(bytes(size)):
                    pass
            except OSError:
                continue
    return file


def test_on_a_disk_that_is_really_full_tables_are_still_taken_away(
    small_disk: Path, named_archive: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(migrated, small_disk / "operations.sqlite")
    database = open_database(f"sqlite:///{small_disk}/operations.sqlite")
    house = House(named_archive, database, persons_per_hour=100_000)
    officer, viewer = house.signed_in("officer"), house.signed_in("viewer")
    full = fill(small_disk)
    # What the database had in hand before is used up first.
    assert 503 in {get(officer, NAMING).status_code for _ in range(20)}
    assert get(officer, NAMING).status_code == 503
    for path in OPEN:
        assert get(viewer, path).status_code in {200, 403}
    house.app.logger.addHandler(caplog.handler)
    taken = get(viewer, f"/unduh/{RUN_ID}/kelurahan.csv")
    assert taken.status_code == 200
    assert "not in the audit log: table.export kelurahan.csv" in caplog.text
    assert "by viewer session" in caplog.text
    assert b"CANARY" not in taken.data
    assert sign_in(house.browser(), "viewer").status_code == 503
    full.unlink()
    assert get(officer, NAMING).status_code == 200
    assert sign_in(house.browser(), "viewer").status_code == 303
    assert verify(database).broken is None
    database.close()
