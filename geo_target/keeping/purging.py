"""Deleting what is past its time, so that a manifest is true at every moment.

A snapshot's manifest is replaced twice: first its files move to `purging` (they may be
there or not), then they are deleted, then they move to `purged`. Whatever kills a purge
between, the next one goes on from there.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from geo_target import platform
from geo_target.deliveries.ageing import delete_delivery
from geo_target.keeping.refusals import overtaken, undeletable
from geo_target.keeping.retention import (
    EXACT,
    MANIFEST,
    Manifest,
    OldRun,
    Plan,
    plan_purge,
    read_manifest,
)
from geo_target.keeping.workplace import archive_work
from geo_target.operations.audit import Actor, Entry
from geo_target.operations.database import Database
from geo_target.operations.expiry import Expired, Limits, count_expired, forget_expired
from geo_target.publishing.archive import Archive
from geo_target.settings import Retention, Settings

#: Whoever sits at the machine: the log cannot know more.
_OPERATOR = Actor(name="command-line", role="admin")


@dataclass(frozen=True)
class Purge:
    """What a purge deletes."""

    plan: Plan
    expired: Expired | None
    """Rows of the database; None without one."""
    with_sources: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        sources = self.plan.sources if self.with_sources else ()
        gone = (*self.plan.runs, *self.plan.deliveries, *sources, *self.plan.copies)
        return not (gone or self.expired not in {None, Expired()})


def look(
    settings: Settings,
    now: datetime,
    *,
    database: Database | None,
    with_sources: bool = False,
    folder: Path | None = None,
) -> Purge:
    """Say what `purge` would delete. Changes nothing."""
    expired = count_expired(database, _limits(settings.retention, now)) if database else None
    return Purge(plan_purge(settings, now, folder), expired, with_sources)


def purge(settings: Settings, now: datetime, found: Purge, *, database: Database | None) -> None:
    """Delete what `look` found.

    The audit log, if there is one, holds what is deleted before the first file is gone.

    Parameters
    ----------
    settings, now
        As in `look`.
    found
        What was shown to the operator.
    database
        The operations database, where there is one.

    Raises
    ------
    KeepingError
        If the archive is another one by now, or a file cannot be deleted: what was deleted
        by then stays so, and the next purge does the rest.
    BusyError
        If a run is at work.
    """
    archive = Archive(settings.archive.folder)
    with archive.held():
        if plan_purge(settings, now, found.plan.folder) != found.plan:
            raise overtaken(str(archive.folder))
        if database is not None and not found.is_empty:
            limits = _limits(settings.retention, now)
            forget_expired(database, limits, lambda expired: _entry(found, expired))
        with archive_work(archive) as work:  # what killed runs left there names people too
            for run in found.plan.runs:
                _purge_run(archive.folder / run.run_id, run, work, now)
        _delete_deliveries(found.plan)
        if found.with_sources:
            _delete(source.file for source in found.plan.sources)
        _delete_copies(found, archive)


def _limits(retention: Retention, now: datetime) -> Limits:
    return Limits(
        sessions=now - timedelta(days=retention.sessions_days),
        login_attempts=now - timedelta(days=retention.login_attempts_days),
        visits=now - timedelta(days=retention.visits_days),
    )


def _entry(found: Purge, expired: Expired) -> Entry:
    sources = len(found.plan.sources) if found.with_sources else 0
    counts = {
        "runs": len(found.plan.runs), "files": found.plan.files, "sources": sources,
        "sessions": expired.sessions, "login_attempts": expired.login_attempts,
    }  # fmt: skip
    if expired.visits or expired.visit_outcomes:
        counts |= {"visits": expired.visits, "visit_outcomes": expired.visit_outcomes}
    if found.plan.copies:
        counts["copies"] = len(found.plan.copies)
    if found.plan.deliveries:
        counts["deliveries"] = len(found.plan.deliveries)
    told = " ".join(f"{what}={count}" for what, count in counts.items())
    return Entry(actor=_OPERATOR, verb="purge", object_type="archive", reason=told)


def _purge_run(snapshot: Path, run: OldRun, work: Path, now: datetime) -> None:
    manifest = read_manifest(snapshot) or {}
    begun = _begun(manifest, run)
    if begun != manifest:
        _replace_manifest(snapshot, begun, work)
    _delete(snapshot / name for name in run.files)
    if (snapshot / EXACT).is_dir():
        platform.sync_folder(snapshot / EXACT)
    _replace_manifest(snapshot, _done(begun, now), work)


def _begun(manifest: Manifest, run: OldRun) -> Manifest:
    """The manifest with the files in `purging`; a file that it does not know has no sum."""
    files: dict[str, Any] = manifest["files"]
    known = {**files, **manifest.get("purging", {})}
    moved = {name: known.get(name, {"sha256": None, "rows": None}) for name in run.files}
    left = {name: entry for name, entry in files.items() if name not in moved}
    return manifest | {"files": left, "purging": moved}


def _done(manifest: Manifest, now: datetime) -> Manifest:
    at = now.isoformat(timespec="seconds")
    gone = {name: {**entry, "purged_at": at} for name, entry in manifest["purging"].items()}
    rest = {name: part for name, part in manifest.items() if name != "purging"}
    return rest | {"purged": {**manifest.get("purged", {}), **gone}, "purged_at": at}


def _replace_manifest(snapshot: Path, manifest: Manifest, work: Path) -> None:
    aside = work / MANIFEST
    aside.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    platform.sync_file(aside)
    platform.replace(aside, snapshot / MANIFEST)
    platform.sync_folder(snapshot)


def _delete(files: Iterable[Path]) -> None:
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except PermissionError:
            raise undeletable(str(file)) from None


def _delete_deliveries(plan: Plan) -> None:
    for old in plan.deliveries:
        try:
            delete_delivery(old)
        except PermissionError:
            raise undeletable(str(old.path)) from None


def _delete_copies(found: Purge, archive: Archive) -> None:
    """Delete lists as they were read: all of them with any list, which no copy shall outlive."""
    with_lists = found.plan.deliveries or (found.with_sources and found.plan.sources)
    for path in [archive.cache] if with_lists else found.plan.copies:
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except PermissionError:
            raise undeletable(str(path)) from None
