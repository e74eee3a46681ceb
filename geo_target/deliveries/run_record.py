"""The last run that was started here: what it was asked, how far it is, how it ended.

``run.json`` is written by whoever starts a run and then by the run alone, which holds a
lock as long as it lives: the system frees it when the process dies, however.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from geo_target import platform
from geo_target.deliveries.private_files import make_folder, read_json, write_json
from geo_target.errors import BusyError

_FILE, _LOCK = "run.json", ".run.lock"
#: How long a process may take until it holds its lock, in seconds.
_BEGINS_WITHIN = 30.0
_PAUSE = 0.05


class RunState(StrEnum):
    """How far a run has come."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"
    HELD = "held"
    """The guard refused: somebody may accept what it found."""
    REFUSED = "refused"


@dataclass(frozen=True)
class RunRecord:
    """A run, as run.json has it."""

    token: str
    """Of this run alone: a process that finds another one does nothing."""
    state: RunState
    started: datetime
    by: str
    reason: str | None
    on: str
    files: tuple[str, ...]
    """Ids of the delivered files that it uses."""
    config_sha256: str
    """Of the configuration when the run began."""
    following_sha256: str
    """Of the one that it runs on."""
    previous: str | None
    """Run that was shown before."""
    begun: bool = False
    """Whether its process has held the lock."""
    run_id: str | None = None
    messages: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"id": [], "en": []})
    stage: Mapping[str, str] | None = None
    """Name of the stage at work, by language."""


def read_record(folder: Path) -> RunRecord | None:
    """The last run; None before the first."""
    told = read_json(folder / _FILE)
    if told is None:
        return None
    return RunRecord(
        **told
        | {
            "state": RunState(told["state"]),
            "started": datetime.fromisoformat(told["started"]),
            "files": tuple(told["files"]),
        }
    )


def write_record(folder: Path, record: RunRecord) -> None:
    """Replace run.json."""
    make_folder(folder)
    told = asdict(record) | {"started": record.started.isoformat()}
    write_json(folder / _FILE, told)


@contextmanager
def run_lock(folder: Path, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of a run.

    Raises
    ------
    BusyError
        If another process or thread holds it for longer than `wait_seconds`.
    """
    last = time.monotonic() + wait_seconds
    while True:
        held = platform.exclusive(folder / _LOCK)
        try:
            held.__enter__()
            break
        except BusyError:
            if time.monotonic() >= last:
                raise
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        held.__exit__(None, None, None)


def is_starting(record: RunRecord) -> bool:
    """Whether the process may not have come to its lock yet."""
    age = (datetime.now(UTC) - record.started).total_seconds()
    return not record.begun and 0 <= age < _BEGINS_WITHIN


def is_running(folder: Path, record: RunRecord) -> bool:
    """Whether the process of a run is at work."""
    if record.state is not RunState.RUNNING:
        return False
    if is_starting(record):
        return True
    try:
        with run_lock(folder):
            return False
    except BusyError:
        return True
