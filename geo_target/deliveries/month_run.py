"""The process of a run: it ends what it began though the service be gone.

What it has to say lies in run.json; what it prints goes nowhere, for it may hold names.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from geo_target.deliveries import refusals
from geo_target.deliveries.configuration import following_of
from geo_target.deliveries.ending import end_published
from geo_target.deliveries.private_files import FULL_DISK
from geo_target.deliveries.run_record import (
    RunRecord,
    RunState,
    read_record,
    run_lock,
    write_record,
)
from geo_target.errors import Fault, GeoTargetError

#: The service asks for a moment whether the lock is free.
_WAIT_SECONDS = 10.0
_GUARD = "E-GUARD-"
#: Of the words of whoever accepts, not of the lists.
_NOT_THE_GUARD = "E-GUARD-NAME"

_FULL_DISK = Fault(
    "E-DISK-FULL",
    id="cakram penuh; tidak ada yang diterbitkan, hasil terakhir tetap dipakai; "
    "kosongkan ruang lalu ulangi",
    en="the disk is full; nothing was published, the last snapshot stays in use; "
    "free some space and run again",
)


def conduct(config: Path, folder: Path, token: str) -> None:
    """Run what run.json asks for, and write there how it ended.

    Parameters
    ----------
    config
        geo-target.toml; the run is on the one beside it.
    folder
        Of the deliveries.
    token
        Of the run that was asked for: of another one nothing is done.
    """
    with run_lock(folder, wait_seconds=_WAIT_SECONDS):
        record = read_record(folder)
        if record is None or record.token != token or record.state is not RunState.RUNNING:
            return
        record = replace(record, begun=True)
        write_record(folder, record)
        ended = _run(config, folder, record)
        if ended.run_id is None:
            write_record(folder, ended)
        else:
            write_record(folder, ended)
            end_published(config, folder, ended, ended.run_id)


def _run(config: Path, folder: Path, record: RunRecord) -> RunRecord:
    # By name: the pages import this room, and never what a run needs.
    pipeline = import_module("geo_target.pipeline")
    guard = import_module("geo_target.publishing.guard")
    papers = import_module("geo_target.papers")
    try:
        accepted = guard.Acceptance(record.by, record.reason) if record.reason else None
        result = pipeline.run(
            following_of(config), progress=_progress(folder, record), accepted=accepted
        )
    except GeoTargetError as error:
        is_held = all(fault.code.startswith(_GUARD) and fault.code != _NOT_THE_GUARD
                      for fault in error.faults)  # fmt: skip
        return _ended(record, RunState.HELD if is_held else RunState.REFUSED, error.faults)
    except Exception as error:  # noqa: BLE001  # whatever it is, somebody waits for a word
        fault = _FULL_DISK if _is_full_disk(error) else refusals.run_died(type(error).__name__)
        return _ended(record, RunState.REFUSED, [fault])
    said = [*result.notices, *papers.warnings(result.report["papers"])]
    published = _ended(record, RunState.RUNNING, said)
    return replace(published, run_id=result.report["run_id"])


def _ended(record: RunRecord, state: RunState, faults: Sequence[Fault]) -> RunRecord:
    messages = {"id": [f.text("id") for f in faults], "en": [f.text("en") for f in faults]}
    return replace(record, state=state, messages=messages, stage=None)


def _progress(folder: Path, record: RunRecord) -> Callable[..., object]:
    """Writes down each stage as it begins."""

    @contextmanager
    def stage(id: str, en: str, _steps: int) -> Iterator[Callable[[], None]]:
        write_record(folder, replace(record, stage={"id": id, "en": en}))
        yield lambda: None

    return stage


def _is_full_disk(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return True
    words = (*map(os.strerror, FULL_DISK), "max_temp_directory")
    return any(word in str(error) for word in words)
