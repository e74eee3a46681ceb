"""What is past its time: persons in old snapshots, and agencies' old lists.

Nothing is deleted here; `purging` does that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from geo_target import sealed_numbers
from geo_target.deliveries.ageing import OldDelivery, old_deliveries
from geo_target.errors import Fault
from geo_target.intake.list_cache import SAID
from geo_target.intake.profiles import profile_named
from geo_target.keeping.places import is_ours
from geo_target.keeping.refusals import no_manifest, old_source
from geo_target.publishing.archive import Archive
from geo_target.settings import Retention, Settings

EXACT = "exact/"
QUARANTINE = "exact/quarantine.*"  # a pattern: CSV, and XLSX where there is one
#: NIK are revealed from the current run alone: in an older one nobody needs them any more, and
#: whoever has a key that was changed since could open them.
SEALED = sealed_numbers.FILE
MANIFEST = "manifest.json"

#: What names no person and is needed later: counts of villages, and what was released, which
#: every later release is judged against. Clusters are not among them: a cell or an RW may
#: hold a few families, and what may be seen of them is in shown/ too.
KEPT = ("exact/villages.parquet", "exact/released_*.parquet")

#: Lists of these roles name nobody.
_NO_PERSONS = {"population", "facilities"}

Manifest = dict[str, Any]


@dataclass(frozen=True)
class OldRun:
    """A snapshot, and the files of it that are past their time."""

    run_id: str
    files: tuple[str, ...]
    size: int
    """In bytes."""


@dataclass(frozen=True)
class OldSource:
    """An agency's list that is past its time."""

    file: Path
    days: int
    """Since the file was written."""


@dataclass(frozen=True)
class Plan:
    """All that is past its time."""

    runs: tuple[OldRun, ...]
    sources: tuple[OldSource, ...]
    unread: tuple[str, ...]
    """Runs whose manifest cannot be read."""
    limit: int
    """Days that a list may be kept."""
    deliveries: tuple[OldDelivery, ...] = ()
    """What was handed in and no configuration names: nobody would miss it."""
    folder: Path | None = None
    """Of the configuration, where it was given."""
    copies: tuple[Path, ...] = ()
    """Lists that a run kept as it read them, and none has used for long."""

    @property
    def files(self) -> int:
        """How many files of snapshots."""
        return sum(len(run.files) for run in self.runs)

    def faults(self) -> list[Fault]:
        """What the operator has to see to."""
        sources = [old_source(str(one.file), one.days, self.limit) for one in self.sources]
        return [*sources, *(no_manifest(run_id) for run_id in self.unread)]


def plan_purge(settings: Settings, now: datetime, folder: Path | None = None) -> Plan:
    """Find what may be kept no longer.

    Parameters
    ----------
    settings
        With the limits in `retention`.
    now
        UTC. A run of the future is not old.
    folder
        Of the configuration: what was handed in lies beside it.
    """
    archive = Archive(settings.archive.folder)
    manifests = {run_id: read_manifest(archive.folder / run_id) for run_id in archive.run_ids()}
    current = archive.current() or max(manifests, default=None)
    kept = {current, _last_of_the_quarter_before(manifests, current)}
    runs = []
    for run_id, manifest in manifests.items():
        if manifest is not None:
            old = _old(run_id, settings.retention, now, is_kept=run_id in kept)
            past = () if run_id == current else (*old, SEALED)
            runs.append(_old_run(archive.folder / run_id, manifest, past))
    unread = tuple(run_id for run_id, manifest in manifests.items() if manifest is None)
    return Plan(
        runs=tuple(run for run in runs if run.files),
        sources=tuple(_old_sources(settings, now)),
        unread=unread,
        limit=settings.retention.sources_days,
        deliveries=_old_deliveries(settings, now, folder),
        folder=folder,
        copies=tuple(_old_copies(archive, settings.retention, now)),
    )


def read_manifest(snapshot: Path) -> Manifest | None:
    """The manifest of a snapshot; None if it cannot be read."""
    try:
        manifest = json.loads((snapshot / MANIFEST).read_bytes())
        names = [*manifest["files"], *manifest.get("purging", {}), *manifest.get("purged", {})]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    # Whoever mended a manifest by hand must not have files deleted elsewhere.
    return manifest if not any(".." in PurePosixPath(name).parts for name in names) else None


def _last_of_the_quarter_before(
    manifests: Mapping[str, Manifest | None], current: str | None
) -> str | None:
    """The newest run about the quarter before the one that the current run is about."""
    here = _quarter(manifests.get(current or ""))
    if here is None:
        return None
    before = [run_id for run_id, manifest in manifests.items()
              if _quarter(manifest) == here - 1]  # fmt: skip
    return max(before, default=None)


def _quarter(manifest: Manifest | None) -> int | None:
    """Number of the quarter that a run is about, counted from the year 0."""
    try:
        day = date.fromisoformat((manifest or {})["as_of"])
    except (KeyError, TypeError, ValueError):
        return None
    return day.year * 4 + (day.month - 1) // 3


def _old(run_id: str, limits: Retention, now: datetime, *, is_kept: bool) -> tuple[str, ...]:
    """Patterns of what of a run is past its time."""
    made = datetime.strptime(run_id[7:], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    days = (now - made).total_seconds() / 86_400
    if days > limits.exact_days and not is_kept:
        return (EXACT + "*",)
    return (QUARANTINE,) if days > limits.quarantine_days else ()


def _old_run(snapshot: Path, manifest: Manifest, patterns: tuple[str, ...]) -> OldRun:
    """The files that fit, and those that a purge which was killed has begun with."""
    exact = snapshot / EXACT
    on_disk = {p.relative_to(snapshot).as_posix() for p in exact.rglob("*") if p.is_file()}
    past = {
        name
        for name in on_disk | manifest["files"].keys()
        if _fits(name, patterns) and not _fits(name, KEPT)
    }
    files = tuple(sorted(past | manifest.get("purging", {}).keys()))
    sizes = [(snapshot / name).stat().st_size for name in files if name in on_disk]
    return OldRun(snapshot.name, files, sum(sizes))


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _old_sources(settings: Settings, now: datetime) -> list[OldSource]:
    """Agencies' lists of persons whose file was written too long ago.

    Not those of ours: they are all that later runs know of visits that were purged.
    """
    found = {}
    for source in settings.source:
        file = source.file
        if file is None or is_ours(source) or not file.is_file():
            continue
        if profile_named(source.profile).role not in _NO_PERSONS:
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            days = (now - written).total_seconds() / 86_400
            if days > settings.retention.sources_days:
                found[file] = OldSource(file, int(days))
    return list(found.values())


def _old_copies(archive: Archive, limits: Retention, now: datetime) -> list[Path]:
    """Entries of the cache by their last use; they hold what lists and exact/ hold."""
    last = min(limits.sources_days, limits.exact_days)
    # files beside the entries hold no person
    entries = (
        [e for e in sorted(archive.cache.iterdir()) if e.is_dir()] if archive.cache.is_dir() else []
    )
    return [path for path in entries if now.timestamp() - _used_at(path) > last * 86_400]


def _used_at(entry: Path) -> float:
    """When a run used an entry; what is none is old."""
    said = entry / SAID
    return said.stat().st_mtime if said.is_file() else 0.0


def _old_deliveries(
    settings: Settings, now: datetime, folder: Path | None
) -> tuple[OldDelivery, ...]:
    if folder is None:
        return ()
    in_use = [source.file for source in settings.source]
    days = settings.retention.sources_days
    return tuple(old_deliveries(folder, in_use, days=days, now=now))
