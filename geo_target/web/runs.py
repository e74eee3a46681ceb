"""Runs of the archive that may be shown beside the current one: of the same area, not newer.

A demo stands beside demos only.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo_target.web.store import BrokenSnapshotError, Record, Snapshot, read_snapshot, run_ids

_SUMMARY = Path("shown", "meeting", "summary.json")
#: Whole snapshots kept besides those of the store: two sides, for two viewers.
_KEPT = 4


@dataclass(frozen=True)
class Run:
    """A run of the archive, by what its summary says of it."""

    run_id: str
    folder: Path
    as_of: str
    area: str
    is_demo: bool


def runs_beside(snapshot: Snapshot) -> tuple[Run, ...]:
    """The run of a snapshot and the older ones of its area, newest first.

    Runs whose exact tables were purged are among them, for what the meeting was shown stays.
    """
    newest, archive = snapshot.run_id, snapshot.folder.parent
    older = sorted((name for name in run_ids(archive) if name < newest), reverse=True)
    runs = [_told(archive / name) for name in older]
    own = _run_of(snapshot.folder, snapshot.summary)
    alike = (run for run in runs if run and (run.area, run.is_demo) == (own.area, own.is_demo))
    return (own, *alike)


def read_run(run: Run, current: Snapshot) -> Snapshot | None:
    """The snapshot of a run; None if it is not whole any more."""
    if run.run_id == current.run_id:
        return current
    try:
        return _whole(run.folder)
    except BrokenSnapshotError:
        return None


def last_of_each_day(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Of runs of the same day only the newest: the others were corrected by it."""
    days: dict[str, Run] = {}
    for run in runs:
        days.setdefault(run.as_of, run)
    return tuple(sorted(days.values(), key=lambda run: run.as_of, reverse=True))


def _told(folder: Path) -> Run | None:
    try:
        return _summarized(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=512)
def _summarized(folder: Path) -> Run:
    return _run_of(folder, json.loads((folder / _SUMMARY).read_bytes()))


def _run_of(folder: Path, summary: Record) -> Run:
    area = str(summary["area"]["code"])
    return Run(folder.name, folder, str(summary["as_of"]), area, bool(summary["demo"]))


@lru_cache(maxsize=_KEPT)
def _whole(folder: Path) -> Snapshot:
    return read_snapshot(folder)
