"""What is known of a delivered file, and how it is written down beside it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo_target.deliveries.private_files import read_json, write_bytes, write_json
from geo_target.intake.child import REPAIR, REPORT

READ = "read"
STATE = "delivered.json"
_USED = "used"


class State(StrEnum):
    """How far a delivered file has come."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answers:
    """What a person says of a file; proposals have the same shape."""

    profile: str | None
    """None: its headers tell."""
    as_of: date
    program: str | None = None
    sheet: str | None = None
    code_system: str | None = None
    replaces: str | None = None
    """Key of the source that it takes the place of, see `proposals.source_key`; None: a new
    list."""


@dataclass(frozen=True)
class Delivered:
    """A file that somebody handed in."""

    id: str
    """First 12 hex digits of its sha256."""
    name: str
    size: int
    sha256: str
    by: str
    """Name of the account."""
    at: datetime
    state: State
    answers: Answers
    confirmed: bool
    """Whether a person has said that the answers are right."""
    report: Mapping[str, Any] | None
    """By language, as `geo-target check --json`; of a refused file too."""
    path: Path
    has_repair: bool
    """Whether there are rows to mend, in ``read/repair.xlsx`` beside it."""
    run_id: str | None = None
    """The run that used it."""
    said: tuple[str, ...] = ()
    """Names of the answers that are a person's own words: nothing else is proposed for them."""

    @property
    def repair(self) -> Path:
        """The rows to mend, where `has_repair`."""
        return self.path.parent / READ / REPAIR


def load(folder: Path) -> Delivered | None:
    """The file that lies in `folder`; None if none does."""
    told = read_json(folder / STATE)
    if told is None:
        return None
    answers = told["answers"] | {"as_of": date.fromisoformat(told["answers"]["as_of"])}
    state = State(told["state"])
    is_done = state in {State.READ, State.REFUSED}
    return Delivered(
        id=folder.name,
        name=told["name"],
        size=told["size"],
        sha256=told["sha256"],
        by=told["by"],
        at=datetime.fromisoformat(told["at"]),
        state=state,
        answers=Answers(**answers),
        confirmed=told["confirmed"],
        report=_report(folder / READ / REPORT) if is_done else None,
        path=folder / told["name"],
        has_repair=is_done and (folder / READ / REPAIR).is_file(),
        run_id=_used_by(folder),
        said=tuple(told.get("said", ())),
    )


def save(folder: Path, file: Delivered) -> None:
    """Write down what is known of a file, but its report."""
    answers = asdict(file.answers) | {"as_of": file.answers.as_of.isoformat()}
    told = {
        "name": file.name, "size": file.size, "sha256": file.sha256, "by": file.by,
        "at": file.at.isoformat(), "state": file.state, "answers": answers,
        "confirmed": file.confirmed, "said": file.said,
    }  # fmt: skip
    write_json(folder / STATE, told)


def mark_used(folder: Path, run_id: str) -> None:
    """Say which run used the file. A file of its own: the run's process writes it."""
    if folder.is_dir():
        write_bytes(folder / _USED, f"{run_id}\n".encode())


def forget_use(folder: Path) -> None:
    """The file may be used again."""
    (folder / _USED).unlink(missing_ok=True)


def reading_of(file: Delivered, answers: Answers) -> tuple[Any, ...]:
    """What of the answers decides how a file is read."""
    profile = answers.profile or ((file.report or {}).get("en") or {}).get("profile")
    return profile, answers.as_of, answers.program, answers.sheet, answers.code_system


def waiting(file: Delivered) -> Delivered:
    """The file, to be read."""
    return replace(file, state=State.WAITING, report=None, has_repair=False)


def _used_by(folder: Path) -> str | None:
    try:
        return (folder / _USED).read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None


def _report(file: Path) -> dict[str, Any] | None:
    try:
        return _parsed(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=128)
def _parsed(file: Path, _changed_at: int) -> dict[str, Any] | None:
    return read_json(file)
