"""Uploads in pieces: any split gives the same bytes, and nothing is seen before it is whole."""

import errno
import os
import stat
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.deliveries import uploads
from geo_target.deliveries.delivery import Delivered, Deliveries, State
from geo_target.deliveries.records import mark_used
from geo_target.deliveries.refusals import OffsetError
from geo_target.errors import GeoTargetError
from geo_target.intake import readers
from geo_target.publishing.archive import sha256
from tests.builders import nik
from tests.deliveries.month import CONFIG, NOW, clock, confirmed, handed_in, office, recipients
from tests.keeping.office import killed_at, posix

BYTES = bytes(range(256)) * 4


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(office(tmp_path), clock=clock)


def code(error: pytest.ExceptionInfo[GeoTargetError]) -> str:
    (fault,) = error.value.faults
    assert fault.id != fault.en
    return fault.code


@given(cuts=st.lists(st.integers(1, len(BYTES) - 1), unique=True, max_size=8))
@settings(max_examples=25, deadline=None)
def test_any_split_gives_the_same_file(cuts: list[int]) -> None:
    with TemporaryDirectory() as folder:
        deliveries = Deliveries(office(Path(folder)), clock=clock)
        upload = deliveries.begin_upload("daftar.csv", len(BYTES), by="siti")
        told: int | Delivered = 0
        for start, end in pairwise([0, *sorted(cuts), len(BYTES)]):
            assert told == start
            assert deliveries.files() == []
            told = deliveries.append(upload, start, BYTES[start:end], by="siti")
        assert isinstance(told, Delivered)
        assert told.path.read_bytes() == BYTES
        assert (told.id, told.sha256) == (sha256(told.path)[:12], sha256(told.path))
        assert (told.state, told.confirmed, told.by) == (State.WAITING, False, "siti")
        assert deliveries.files() == [told]


def test_the_browser_is_told_where_to_go_on(deliveries: Deliveries) -> None:
    upload = deliveries.begin_upload("daftar.csv", 10, by="siti")
    deliveries.append(upload, 0, b"1234", by="siti")
    for wrong in (0, 3, 5, -1):
        with pytest.raises(OffsetError) as caught:
            deliveries.append(upload, wrong, b"x", by="siti")
        assert caught.value.offset == 4
        assert code(caught) == "E-UPLOAD-OFFSET"
    told = deliveries.append(upload, 4, b"567890", by="siti")
    assert isinstance(told, Delivered)
    assert told.path.read_bytes() == b"1234567890"


def test_an_answer_that_was_lost_is_given_again(deliveries: Deliveries) -> None:
    upload = deliveries.begin_upload("daftar.csv", 4, by="siti")
    first = deliveries.append(upload, 0, b"1234", by="siti")
    assert deliveries.append(upload, 0, b"1234", by="siti") == first


def test_another_account_has_no_part_in_it(deliveries: Deliveries) -> None:
    upload = deliveries.begin_upload("daftar.csv", 4, by="siti")
    for id, by in ((upload, "wati"), ("0" * 32, "siti"), ("../" + upload, "siti"), ("", "siti")):
        with pytest.raises(GeoTargetError) as caught:
            deliveries.append(id, 0, b"1234", by=by)
        assert code(caught) == "E-UPLOAD-NONE"


def test_no_more_than_was_said(deliveries: Deliveries) -> None:
    upload = deliveries.begin_upload("daftar.csv", 4, by="siti")
    with pytest.raises(GeoTargetError) as caught:
        deliveries.append(upload, 0, b"12345", by="siti")
    assert code(caught) == "E-UPLOAD-SIZE"
    assert isinstance(deliveries.append(upload, 0, b"1234", by="siti"), Delivered)


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("daftar.csv", 0, "E-UPLOAD-SIZE"),
        ("daftar.csv", -1, "E-UPLOAD-SIZE"),
        ("daftar.csv", uploads.LARGEST + 1, "E-UPLOAD-SIZE"),
        ("daftar.exe", 4, "E-UPLOAD-TYPE"),
        ("daftar", 4, "E-UPLOAD-TYPE"),
        ("daftar.csv.part", 4, "E-UPLOAD-TYPE"),
    ],
)
def test_what_is_not_begun(deliveries: Deliveries, name: str, size: int, expected: str) -> None:
    with pytest.raises(GeoTargetError) as caught:
        deliveries.begin_upload(name, size, by="siti")
    assert code(caught) == expected


def test_the_largest_file_is_the_readers() -> None:
    assert uploads.LARGEST == readers._LARGEST_FILE


def test_so_many_at_once(deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = [deliveries.begin_upload("a.csv", 1, by="siti") for _ in range(8)]
    with pytest.raises(GeoTargetError) as caught:
        deliveries.begin_upload("a.csv", 1, by="siti")
    assert code(caught) == "E-UPLOAD-MANY"
    deliveries.begin_upload("a.csv", 1, by="wati")  # others go on
    deliveries.append(begun[0], 0, b"x", by="siti")
    deliveries.begin_upload("a.csv", 1, by="siti")  # one is finished
    monkeypatch.setattr("geo_target.deliveries.delivery.MOST_FILES", 1)
    with pytest.raises(GeoTargetError) as caught:
        deliveries.begin_upload("a.csv", 1, by="wati")
    assert code(caught) == "E-UPLOAD-MANY"


def test_a_full_disk_is_said_before(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        total, free = 1000, 349

    def begin(size: int, by: str = "siti") -> str:
        return deliveries.begin_upload("a.csv", size, by=by)

    def is_refused(size: int, by: str = "siti") -> bool:
        with pytest.raises(GeoTargetError) as caught:
            begin(size, by)
        return code(caught) == "E-UPLOAD-DISK"

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    assert is_refused(150)  # a twentieth of the disk is left to the archive
    first = begin(149)
    # what is begun is still to come, whoever sends it, as far as it has not come
    assert is_refused(76, "wati")
    deliveries.append(first, 0, b"x" * 49, by="siti")
    assert is_refused(100, "wati")
    assert begin(99, "wati")
    stale = NOW.timestamp() - 2 * 3600
    for piece in (deliveries.folder / "partial").glob("?" * 32):
        os.utime(piece, (stale, stale))
    assert begin(149)  # nothing of those that were given up comes any more
    Usage.total, Usage.free = 10**13, 10**9 + 199
    for upload in (deliveries.folder / "partial").iterdir():
        upload.unlink()
    assert is_refused(100)  # of a large disk no more than a gigabyte
    assert begin(99)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["add", "finish"])
def test_a_disk_that_fills_up_ends_the_upload(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    upload = deliveries.begin_upload("daftar.csv", 4, by="siti")
    deliveries.append(upload, 0, b"12", by="siti")

    def full(*_: object) -> None:
        raise OSError(number, "")

    monkeypatch.setattr(uploads.Uploads, step, full)
    with pytest.raises(GeoTargetError) as caught:
        deliveries.append(upload, 2, b"34", by="siti")
    assert code(caught) == "E-UPLOAD-DISK"
    assert list((deliveries.folder / "partial").iterdir()) == []  # its bytes are free again
    with pytest.raises(GeoTargetError) as caught:
        deliveries.append(upload, 2, b"34", by="siti")
    assert code(caught) == "E-UPLOAD-NONE"


def test_other_faults_of_the_disk_are_no_want_of_room(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = deliveries.begin_upload("daftar.csv", 4, by="siti")

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "")

    with monkeypatch.context() as on_fire:
        on_fire.setattr(uploads.Uploads, "add", broken)
        with pytest.raises(OSError, match=r"Errno 5"):
            deliveries.append(upload, 0, b"1234", by="siti")
    assert isinstance(deliveries.append(upload, 0, b"1234", by="siti"), Delivered)


def test_uploads_that_broke_off_lock_nobody_out(deliveries: Deliveries) -> None:
    begun = [deliveries.begin_upload("a.csv", 9, by="siti") for _ in range(8)]
    others = deliveries.begin_upload("a.csv", 9, by="wati")
    ages = dict(zip(begun, [3700, 3700, 3500, *[0] * 5], strict=True)) | {others: 9999}
    for id, age in ages.items():
        at = NOW.timestamp() - age
        os.utime(deliveries.folder / "partial" / id, (at, at))
    newer = deliveries.begin_upload("b.csv", 9, by="siti")
    left = {p.name for p in (deliveries.folder / "partial").iterdir() if not p.suffix}
    assert left == {*begun[2:], others, newer}
    assert deliveries.append(begun[2], 0, b"x", by="siti") == 1
    with pytest.raises(GeoTargetError) as caught:
        deliveries.append(begun[0], 0, b"x", by="siti")
    assert code(caught) == "E-UPLOAD-NONE"


def test_the_same_file_twice_is_one(deliveries: Deliveries) -> None:
    first = handed_in(deliveries, "daftar.csv", BYTES)
    again = handed_in(deliveries, "lain.csv", BYTES, by="wati", pieces=3)
    assert again == first
    assert deliveries.files() == [first]
    assert [p.suffix for p in (deliveries.folder / "partial").iterdir()] == [".json", ".json"]


def test_an_equal_short_sum_is_not_the_same_file(deliveries: Deliveries) -> None:
    first = handed_in(deliveries, "daftar.csv", BYTES)
    told = first.path.parent / "delivered.json"
    told.write_text(told.read_text().replace(first.sha256, first.sha256[:12] + "0" * 52))
    with pytest.raises(GeoTargetError) as caught:
        handed_in(deliveries, "daftar.csv", BYTES)
    assert code(caught) == "E-UPLOAD-CLASH"
    assert len(deliveries.files()) == 1


def test_a_file_of_an_old_run_may_be_handed_in_again(tmp_path: Path) -> None:
    config = office(tmp_path)
    deliveries = Deliveries(config, clock=clock)
    file = handed_in(deliveries, "daftar.csv", BYTES)
    mark_used(file.path.parent, "000001-20251101T000000Z")
    assert deliveries.files() == []
    inside = file.path.relative_to(tmp_path).as_posix()
    config.write_text(CONFIG.replace("lists/families_okt.csv", inside))
    assert handed_in(deliveries, "daftar.csv", BYTES).run_id == "000001-20251101T000000Z"
    config.write_text(CONFIG)  # a later month has another one in its place
    assert handed_in(deliveries, "daftar.csv", BYTES).run_id is None
    assert [f.id for f in deliveries.files()] == [file.id]


@posix
@pytest.mark.parametrize("number", range(1, 12))
def test_a_file_that_is_wanted_again_is_confirmed_again(tmp_path: Path, number: int) -> None:
    """Wherever it is killed: it waits for nobody's old word."""
    config = office(tmp_path)
    file = confirmed(Deliveries(config, clock=clock), "penerima_pkh.csv", recipients("PKH", nik(1)))
    mark_used(file.path.parent, "000001-20251101T000000Z")
    content = file.path.read_bytes()
    killed_at(number, lambda: handed_in(Deliveries(config, clock=clock), "x.csv", content))
    assert [f.confirmed for f in Deliveries(config, clock=clock).files()] in ([], [False])
    assert handed_in(Deliveries(config, clock=clock), "x.csv", content).confirmed is False


def test_finished_uploads_are_forgotten_after_a_day(tmp_path: Path) -> None:
    now = NOW
    deliveries = Deliveries(office(tmp_path), clock=lambda: now)
    handed_in(deliveries, "daftar.csv", BYTES)
    left = deliveries.begin_upload("lain.csv", 5, by="siti")
    now += timedelta(days=2)
    newer = deliveries.begin_upload("lagi.csv", 5, by="siti")
    there = {p.name for p in (deliveries.folder / "partial").iterdir()}
    assert there == {left, f"{left}.json", newer, f"{newer}.json"}


@posix
def test_nobody_else_can_read_it(deliveries: Deliveries) -> None:
    handed_in(deliveries, "daftar.csv", BYTES)
    deliveries.begin_upload("lain.csv", 5, by="siti")
    paths = [deliveries.folder, *deliveries.folder.rglob("*")]
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in paths}
    wrong = [n for n, mode in modes.items() if mode not in {0o600, 0o700}]
    assert len(modes) == 8
    assert wrong == []


@posix
@pytest.mark.parametrize("number", range(1, 40))
def test_a_kill_at_any_moment_loses_no_byte(tmp_path: Path, number: int) -> None:
    config = office(tmp_path)
    deliveries = Deliveries(config, clock=clock)
    upload = deliveries.begin_upload("daftar.csv", len(BYTES), by="siti")

    def deed() -> None:
        deliveries.append(upload, 0, BYTES[:100], by="siti")
        deliveries.append(upload, 100, BYTES[100:], by="siti")

    killed_at(number, deed)
    after = Deliveries(config, clock=clock)
    assert all(file.path.read_bytes() == BYTES for file in after.files())
    told: int | Delivered
    try:
        told = after.append(upload, 0, b"", by="siti")
    except OffsetError as error:
        told = error.offset
    if isinstance(told, int):
        told = after.append(upload, told, BYTES[told:], by="siti")
    assert isinstance(told, Delivered)
    assert told.path.read_bytes() == BYTES
    assert after.files() == [told]
    assert [p for p in (after.folder / "partial").iterdir() if p.suffix != ".json"] == []
    assert os.listdir(after.folder / told.id)
