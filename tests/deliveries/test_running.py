"""From handed-in files to a snapshot and the configuration that it stands on."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from geo_target import pipeline
from geo_target.deliveries import running
from geo_target.deliveries.configuration import following_of, next_configuration
from geo_target.deliveries.delivery import Delivered, Deliveries
from geo_target.deliveries.month_run import conduct
from geo_target.deliveries.run_record import RunRecord, read_record, run_lock, write_record
from geo_target.deliveries.running import Runner, RunState
from geo_target.errors import ConfigError, GeoTargetError
from geo_target.publishing.archive import Archive, sha256
from geo_target.settings import read_settings
from tests.builders import nik
from tests.deliveries.month import (
    CONFIG,
    ON,
    clock,
    confirmed,
    ended,
    handed_in,
    office,
    ran_office,
    recipients,
)
from tests.keeping.office import posix

REASON = "kabupaten mengirim sebagian dahulu"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return ran_office(tmp_path / "kantor")


@pytest.fixture
def deliveries(config: Path) -> Deliveries:
    return Deliveries(config, clock=clock)


@pytest.fixture
def runner(config: Path, deliveries: Deliveries) -> Runner:
    return Runner(config, deliveries)


def last_months(config: Path, name: str) -> list[bytes]:
    """Lines of a list of the demo."""
    return (config.parent / "lists" / name).read_bytes().splitlines(keepends=True)


def two_files(config: Path, deliveries: Deliveries) -> list[Delivered]:
    """Two lists of the next month, complete."""
    return [
        confirmed(deliveries, f"{name} 2025-11.csv", b"".join(last_months(config, f"{name}.csv"))
                  + b"\n")
        for name in ("bpjs_bpu", "siks_pkh")
    ]  # fmt: skip


def half_a_list(config: Path, deliveries: Deliveries) -> Delivered:
    """A list that lost half of its rows on the way."""
    lines = last_months(config, "bpjs_pbi.csv")
    return confirmed(deliveries, "bpjs_pbi 2025-11.csv", b"".join(lines[: len(lines) // 2]))


def archive(config: Path) -> Archive:
    return Archive(config.parent / "archive")


def manifest(config: Path) -> dict[str, Any]:
    run_id = archive(config).current()
    found: dict[str, Any] = json.loads(
        (config.parent / "archive" / str(run_id) / "manifest.json").read_bytes()
    )
    return found


def code(deed: Callable[[], object]) -> str:
    with pytest.raises(GeoTargetError) as caught:
        deed()
    (fault,) = caught.value.faults
    return fault.code


def asked(config: Path, deliveries: Deliveries, **changes: Any) -> RunRecord:
    """A run that was begun on what is there, as its process writes it down."""
    following = next_configuration(config, deliveries.files(), on=ON)
    record = RunRecord(
        token="t", state=RunState.RUNNING, started=datetime.now(UTC), by="siti", reason=None,
        on=ON.isoformat(), files=tuple(f.id for f in deliveries.files()), begun=True,
        config_sha256=sha256(config), following_sha256=sha256(following),
        previous=archive(config).current(),
    )  # fmt: skip
    record = replace(record, **changes)
    write_record(deliveries.folder, record)
    return record


def test_from_two_files_to_a_snapshot_by_one_of_several_starts(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    before, first = config.read_bytes(), archive(config).current()
    files = two_files(config, deliveries)
    assert runner.status().state is RunState.NONE
    runners = [runner, Runner(config, Deliveries(config, clock=clock))]

    def start(runner: Runner) -> str:
        try:
            runner.start(on=ON, by="siti")
        except GeoTargetError as error:
            return error.faults[0].code
        return "started"

    with ThreadPoolExecutor(4) as both:
        told = list(both.map(start, runners * 2))
    assert sorted(told) == ["E-RUN-BUSY", "E-RUN-BUSY", "E-RUN-BUSY", "started"]
    assert runner.status().state is RunState.RUNNING
    assert code(lambda: deliveries.remove(files[0].id)) == "E-DELIVERY-BUSY"
    status = ended(runner)
    assert status.messages == {"id": [], "en": []}
    assert (status.state, status.by) == (RunState.DONE, "siti")
    assert status.run_id == archive(config).current() != first
    assert archive(config).run_ids() == [first, status.run_id]
    # the configuration is the one that the snapshot stands on
    assert manifest(config)["config"]["sha256"] == sha256(config)
    assert manifest(config)["as_of"] == ON.isoformat()
    settings = read_settings(config)
    assert {f.path for f in files} <= {s.file for s in settings.source}
    assert settings.coverage.on == ON
    kept = config.with_name(f"geo-target.before-{status.run_id}.toml")
    assert kept.read_bytes() == before
    assert not following_of(config).exists()
    # the files are last month's by now
    assert deliveries.files() == []
    assert {deliveries.file(f.id).run_id for f in files} == {status.run_id}
    assert Runner(config, Deliveries(config)).status() == status


def test_what_the_guard_holds_is_accepted_with_a_reason(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    before, first = config.read_bytes(), archive(config).current()
    half_a_list(config, deliveries)
    runner.start(on=ON, by="siti")
    status = ended(runner)
    assert status.state is RunState.HELD
    assert "E-GUARD-FEWER" in " ".join(status.messages["id"])
    assert len(status.messages["id"]) == len(status.messages["en"])
    assert status.messages["id"] != status.messages["en"]
    assert (config.read_bytes(), archive(config).current()) == (before, first)
    assert len(deliveries.files()) == 1
    # with another file, nobody has seen what would be accepted
    other = confirmed(deliveries, "titik 2025-11.csv", b"".join(last_months(config, "titik.csv")))
    assert code(lambda: runner.start(on=ON, by="wati", reason=REASON)) == "E-RUN-CHANGED"
    deliveries.remove(other.id)
    runner.start(on=ON, by="wati", reason=REASON)
    assert ended(runner).state is RunState.DONE
    assert manifest(config)["guard"]["accepted"] == {"name": "wati", "reason": REASON}
    assert deliveries.files() == []
    # what was accepted once is not accepted for ever
    assert code(lambda: runner.start(on=ON, by="wati", reason=REASON)) == "E-RUN-CHANGED"


@pytest.mark.parametrize("reason", ["", "  ", "NIK " + nik(1), nik(1)[:6] + " " + nik(1)[6:],
                                    "x" * 501])  # fmt: skip
def test_a_reason_that_is_none_is_not_written_down(tmp_path: Path, reason: str) -> None:
    config = office(tmp_path)
    deliveries = Deliveries(config, clock=clock)
    runner = Runner(config, deliveries)
    assert code(lambda: runner.start(on=ON, by="siti", reason=reason)) == "E-RUN-REASON"
    assert runner.status().state is RunState.NONE
    assert not (deliveries.folder / "run.json").exists()


def test_only_a_held_run_is_accepted(tmp_path: Path) -> None:
    config = office(tmp_path)
    runner = Runner(config, Deliveries(config, clock=clock))
    assert code(lambda: runner.start(on=ON, by="siti", reason=REASON)) == "E-RUN-CHANGED"


def test_files_that_are_not_ready_start_nothing(tmp_path: Path) -> None:
    config = office(tmp_path)
    deliveries = Deliveries(config, clock=clock)
    handed_in(deliveries, "pkh.csv", b"x")
    runner = Runner(config, deliveries)
    with pytest.raises(ConfigError) as caught:
        runner.start(on=ON, by="siti")
    assert caught.value.faults[0].code == "E-DELIVERY-UNREAD"
    assert runner.status().state is RunState.NONE
    assert not following_of(config).exists()


def test_a_refusal_says_why(tmp_path: Path) -> None:
    config = office(tmp_path)  # its lists are not there
    runner = Runner(config, Deliveries(config, clock=clock))
    runner.start(on=ON, by="siti")
    status = ended(runner)
    assert status.state is RunState.REFUSED
    assert "families_okt.csv" in status.messages["id"][0]
    assert status.messages["id"] != status.messages["en"]
    assert config.read_text("utf-8") == CONFIG


def test_another_run_on_the_archive_is_waited_for(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    with archive(config).held():
        runner.start(on=ON, by="siti")
        status = ended(runner)
    assert status.state is RunState.REFUSED
    assert "E-BUSY" in status.messages["en"][0]


# ------------------------------------------------------------------- deaths and other hands

_SERVICE = """
import sys, time
from datetime import date
from pathlib import Path
from geo_target.deliveries.delivery import Deliveries
from geo_target.deliveries.running import Runner
if __name__ == "__main__":
    config = Path(sys.argv[1])
    Runner(config, Deliveries(config)).start(on=date.fromisoformat(sys.argv[2]), by="siti")
    print("started", flush=True)
    time.sleep(600)
"""


@posix
def test_a_run_outlives_its_service(config: Path, tmp_path: Path) -> None:
    script = tmp_path / "service.py"
    script.write_text(_SERVICE)
    with subprocess.Popen(
        [sys.executable, str(script), str(config), ON.isoformat()],
        stdout=subprocess.PIPE, cwd=Path(pipeline.__file__).parents[1], start_new_session=True,
    ) as service:  # fmt: skip
        assert service.stdout is not None
        assert service.stdout.readline() == b"started\n"
        service.kill()
    runner = Runner(config, Deliveries(config, clock=clock))
    assert runner.status().state is RunState.RUNNING
    assert code(lambda: runner.start(on=ON, by="wati")) == "E-RUN-BUSY"
    assert ended(runner).state is RunState.DONE
    assert read_settings(config).coverage.on == ON


_STOPPED = """
import sys, time
from pathlib import Path
from geo_target.deliveries import running

def work(config, folder, token):
    (folder / "at work").touch()
    while not (folder / "enough").exists():
        time.sleep(0.05)
    (folder / "done").touch()

running._work = work
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    running._spawned(folder / "geo-target.toml", folder, "t")
    while not (folder / "at work").exists():
        time.sleep(0.05)
    sys.exit(7)
"""


@posix
def test_a_service_that_is_stopped_does_not_wait_for_its_run(tmp_path: Path) -> None:
    """An orderly end, in which multiprocessing joins its children."""
    script = tmp_path / "service.py"
    script.write_text(_STOPPED)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], cwd=Path(pipeline.__file__).parents[1]
    ) as service:
        try:
            assert service.wait(timeout=300) == 7
        finally:
            (tmp_path / "enough").touch()
    last = time.monotonic() + 300
    while not (tmp_path / "done").exists():  # it went on
        assert time.monotonic() < last
        time.sleep(0.05)


def test_nothing_comes_between_looking_and_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = office(tmp_path)
    deliveries = Deliveries(config, clock=clock)
    file = confirmed(deliveries, "penerima_pkh.csv", recipients("PKH", nik(1)))
    told: list[str] = []
    others = [
        Thread(target=lambda deed=deed: told.append(code(deed)))
        for deed in (
            lambda: deliveries.remove(file.id),
            lambda: deliveries.answer(file.id, replace(file.answers, program=None)),
        )
    ]

    def meanwhile(*args: Any, **kwargs: Any) -> Path:
        for other in others:
            other.start()
        for other in others:
            other.join(0.3)
        return next_configuration(*args, **kwargs)

    monkeypatch.setattr(running, "next_configuration", meanwhile)
    runner = Runner(config, deliveries)
    runner.start(on=ON, by="siti")
    for other in others:
        other.join()
    assert told == ["E-DELIVERY-BUSY"] * 2
    record = read_record(deliveries.folder)
    assert record is not None
    assert record.files == (file.id,)
    ended(runner)


@posix
def test_a_run_that_is_killed_changes_nothing(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    before, first = config.read_bytes(), archive(config).current()
    two_files(config, deliveries)
    runner.start(on=ON, by="siti")
    last = time.monotonic() + 300
    while runner.status().stage is None:
        assert time.monotonic() < last
        time.sleep(0.05)
    assert runner._process is not None
    runner._process.kill()
    status = ended(runner)
    assert status.state is RunState.REFUSED
    assert "E-RUN-DIED" in status.messages["id"][0]
    assert (config.read_bytes(), archive(config).current()) == (before, first)
    assert len(deliveries.files()) == 2
    deliveries.remove(deliveries.files()[0].id)  # nothing holds it any more


def test_a_death_between_publishing_and_adopting_is_made_good(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    (file, _) = two_files(config, deliveries)
    asked(config, deliveries)
    run_id = pipeline.run(following_of(config)).report["run_id"]
    status = runner.status()
    assert (status.state, status.run_id) == (RunState.DONE, run_id)
    assert manifest(config)["config"]["sha256"] == sha256(config)
    assert deliveries.file(file.id).run_id == run_id
    assert deliveries.files() == []


def test_a_death_after_adopting_is_made_good(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    two_files(config, deliveries)
    record = asked(config, deliveries, run_id="000002-20251201T000000Z")
    following_of(config).replace(config)
    status = runner.status()
    assert (status.state, status.run_id) == (RunState.DONE, record.run_id)
    assert deliveries.files() == []


def test_who_edits_the_configuration_meanwhile_is_not_overwritten(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    two_files(config, deliveries)
    asked(config, deliveries, run_id="000002-20251201T000000Z")
    edited = config.read_text("utf-8") + "\n[guard]\nsmallest = 20\n"
    config.write_text(edited, "utf-8")
    status = runner.status()
    assert status.state is RunState.DONE
    assert ["E-CONFIG-CHANGED" in line for line in status.messages["id"]] == [True]
    assert config.read_text("utf-8") == edited
    assert following_of(config).is_file()
    assert len(deliveries.files()) == 2  # running again works them in
    following = next_configuration(config, deliveries.files(), on=ON)
    assert read_settings(following).guard.smallest == 20


def test_a_process_that_comes_too_late_does_nothing(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    """One that was started for a run which somebody has given up and begun anew."""
    first = archive(config).current()
    asked(config, deliveries, token="newer")
    conduct(config, deliveries.folder, "older")
    assert archive(config).current() == first
    record = read_record(deliveries.folder)
    assert record is not None
    assert (record.token, record.state) == ("newer", RunState.RUNNING)


def test_a_process_may_take_a_while_to_begin(
    config: Path, deliveries: Deliveries, runner: Runner
) -> None:
    asked(config, deliveries, begun=False)
    assert runner.status().state is RunState.RUNNING
    asked(config, deliveries, begun=False, started=datetime.now(UTC) - timedelta(minutes=1))
    with run_lock(deliveries.folder):
        assert runner.status().state is RunState.RUNNING
    assert runner.status().state is RunState.REFUSED
