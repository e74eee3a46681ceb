"""Starting a run in a process of its own, and saying how it goes.

The process is spawned as the reader's is, but lives on when the service dies: what it found
is in run.json, and that it lives is told by the lock that it holds.
"""

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess, _children  # type: ignore[attr-defined]
from pathlib import Path
from threading import RLock

from geo_target import platform
from geo_target.deliveries import refusals
from geo_target.deliveries.configuration import next_configuration
from geo_target.deliveries.delivery import Deliveries
from geo_target.deliveries.ending import end_published, published_by
from geo_target.deliveries.private_files import make_folder
from geo_target.deliveries.run_record import (
    RunRecord,
    is_running,
    is_starting,
    read_record,
    run_lock,
    write_record,
)
from geo_target.deliveries.run_record import RunState as RunState  # noqa: PLC0414  # known from here
from geo_target.errors import BusyError
from geo_target.operations.numbers import holds_number
from geo_target.publishing.archive import Archive, sha256
from geo_target.settings import read_settings

_START_LOCK = ".start.lock"
_LONGEST_REASON = 500


@dataclass(frozen=True)
class RunStatus:
    """How the last run that was started here goes, or how it ended."""

    state: RunState
    started: datetime | None = None
    by: str = ""
    run_id: str | None = None
    messages: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"id": [], "en": []})
    """What the guard found, why it was refused, or what is worth knowing; by language."""
    stage: Mapping[str, str] | None = None
    """Name of the stage at work, by language."""


class Runner:
    """Starts the runs of one configuration, one at a time."""

    def __init__(self, config: Path, deliveries: Deliveries) -> None:
        self.config = config.resolve()
        self._deliveries = deliveries
        self._folder = deliveries.folder
        self._lock = RLock()
        self._process: BaseProcess | None = None

    def start(self, *, on: date, by: str, reason: str | None = None) -> None:
        """Run on the files that wait, all of them, in place of last month's.

        Parameters
        ----------
        on
            Day of coverage.
        by
            Name of the account.
        reason
            Why to go on in spite of what the guard found in the last run; only while files
            and answers are those of that run.

        Raises
        ------
        RunBusyError
            ``E-RUN-BUSY``, while a run is at work.
        DeliveryError
            ``E-RUN-REASON`` or ``E-RUN-CHANGED``.
        ConfigError
            If a file cannot be used, see `next_configuration`.
        """
        if reason is not None and not _is_reason(reason):
            raise refusals.bad_reason()
        with self._lock:
            if self.status().state is RunState.RUNNING:
                raise refusals.run_busy()
            make_folder(self._folder)
            try:
                # What is looked at is what runs: no answer of another tab comes between.
                with platform.exclusive(self._folder / _START_LOCK), self._deliveries.held():
                    self._begin(on, by, reason)
            except BusyError:
                raise refusals.run_busy() from None

    def status(self) -> RunStatus:
        """How it goes; a run whose process died is ended first."""
        with self._lock:
            record = read_record(self._folder)
            if record is None:
                return RunStatus(RunState.NONE)
            if record.state is RunState.RUNNING and not is_running(self._folder, record):
                record = self._settled()
            if self._process is not None and not self._process.is_alive():
                self._process = None
            return RunStatus(
                state=record.state,
                started=record.started,
                by=record.by,
                run_id=record.run_id if record.state is RunState.DONE else None,
                messages=record.messages,
                stage=record.stage,
            )

    def _begin(self, on: date, by: str, reason: str | None) -> None:
        record = read_record(self._folder)
        if record is not None and is_running(self._folder, record):
            raise refusals.run_busy()
        files = self._deliveries.files()
        following = next_configuration(self.config, files, on=on)
        wanted = sha256(following)
        if reason is not None and not _was_held(record, wanted):
            raise refusals.run_changed()
        record = RunRecord(
            token=secrets.token_hex(16),
            state=RunState.RUNNING,
            started=datetime.now(UTC),
            by=by,
            reason=reason,
            on=on.isoformat(),
            files=tuple(file.id for file in files),
            config_sha256=sha256(self.config),
            following_sha256=wanted,
            previous=Archive(read_settings(self.config).archive.folder).current(),
        )
        write_record(self._folder, record)
        self._process = _spawned(self.config, self._folder, record.token)

    def _settled(self) -> RunRecord:
        """The end of a run whose process is gone, whatever ended it."""
        try:
            with run_lock(self._folder):
                record = read_record(self._folder)
                if record is None or record.state is not RunState.RUNNING or is_starting(record):
                    return self._reread()
                run_id = record.run_id or published_by(self.config, record)
                if run_id is not None:
                    return end_published(self.config, self._folder, record, run_id)
                fault = refusals.run_died()
                died = replace(
                    record,
                    state=RunState.REFUSED,
                    messages={"id": [fault.text("id")], "en": [fault.text("en")]},
                    stage=None,
                )
                write_record(self._folder, died)
                return died
        except BusyError:  # another process looks, too
            return self._reread()

    def _reread(self) -> RunRecord:
        record = read_record(self._folder)
        assert record is not None  # noqa: S101  # nobody deletes it
        return record


def _is_reason(reason: str) -> bool:
    return 0 < len(reason.strip()) <= _LONGEST_REASON and not holds_number(reason)


def _was_held(record: RunRecord | None, wanted: str) -> bool:
    """Whether what is to be accepted is what the guard has looked at."""
    return (
        record is not None and record.state is RunState.HELD and record.following_sha256 == wanted
    )


def _spawned(config: Path, folder: Path, token: str) -> BaseProcess:
    """The process of a run. No daemon: those die with the service."""
    process = get_context("spawn").Process(target=_work, args=(config, folder, token))
    process.start()
    # Nor a child that is waited for: a service that ends in good order would join it.
    # multiprocessing has no public word for that.
    _children.discard(process)
    return process


def _work(config: Path, folder: Path, token: str) -> None:
    """The process itself: away from the service's terminal, then the run."""
    if sys.platform != "win32":
        os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    import_module("geo_target.deliveries.month_run").conduct(config, folder, token)
