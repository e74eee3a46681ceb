"""The process of a run: it ends what it began though the service be gone.

What it has to say lies in run.json; what it prints goes nowhere, for it may hold names.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from geo_target.deliveries import refusals
from geo_target.deliveries.configuration import following_of
from geo_target.deliveries.ending import end_published
from geo_target.deliveries.run_record import (
    RunRecord,
    RunState,
    read_record,
    run_lock,
    write_record,
)
from geo_target.errors import Fault, GeoTargetError
from geo_target.shortages import disk_full, is_full_disk
from geo_target.stages import Progress, Told

#: The service asks for a moment whether the lock is free.
_WAIT_SECONDS = 10.0
_GUARD = "E-GUARD-"
#: Of the words of whoever accepts, not of the lists.
_NOT_THE_GUARD = "E-GUARD-NAME"


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
        fault = disk_full() if is_full_disk(error) else refusals.run_died(type(error).__name__)
        return _ended(record, RunState.REFUSED, [fault])
    said = [*result.notices, *papers.warnings(result.report["papers"])]
    published = _ended(record, RunState.RUNNING, said)
    return replace(published, run_id=result.report["run_id"])


def _ended(record: RunRecord, state: RunState, faults: Sequence[Fault]) -> RunRecord:
    messages = {"id": [f.text("id") for f in faults], "en": [f.text("en") for f in faults]}
    return replace(record, state=state, messages=messages, stage=None)


def _progress(folder: Path, record: RunRecord) -> Progress:
    """Writes down each stage as it begins."""
    written = ""

    def write(told: Told) -> None:
        nonlocal written
        if told.id != written:
            written = told.id
            write_record(folder, replace(record, stage={"id": told.id, "en": told.en}))

    return write
