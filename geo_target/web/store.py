"""The snapshot that is shown: read whole, held against its manifest, kept in memory.

Only manifest.json and shown/ of one audience are ever opened. What is served comes from
memory by the names in the manifest, so that no request can name a path.
"""

import hashlib
import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

Record = Mapping[str, Any]

RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")

_MAP = re.compile(r"map\.[0-9a-f]{16}\.js")
_NEEDED = (
    "summary.json", "tables/villages.json", "layers/villages.json.gz", "layers/districts.json.gz",
)  # fmt: skip
_SUMMARY_PARTS = (
    "as_of", "created_at", "area", "demo", "boundaries", "base", "definition", "welfare",
    "smallest", "totals", "sources",
)  # fmt: skip
_MEETING_NEEDED = ("tables/clusters.json", "tables/rw.json", "layers/clusters.json.gz")
_MEETING_SUMMARY_PARTS = ("balance",)
#: Runs of older versions do not have it.
_REGISTERS = "tables/registers.json"
_REGISTERS_PARTS = ("changes", "overlaps", "matches")
#: Nor do runs without a decree.
_OFFICIAL = "tables/official_list.json"
_OFFICIAL_PARTS = ("sk_number", "date", "agency", "villages", "rows")
_COVERAGE = "tables/coverage.json"
_COVERAGE_PARTS = (
    "definitions", "programs", "lenses", "reasons", "convergence", "evidence", "villages",
)  # fmt: skip
_ACCESS = "tables/access.json"
_ACCESS_PARTS = ("state", "travel")
_SCATTERED, _UNMATCHED = "tables/scattered.json", "tables/unmatched_clusters.json"

#: Files to carry away as they are.
_TAKEAWAY = "takeaway/"

#: Pages that are still open ask for the layers of the snapshot they were made from.
_KEPT = 3

#: How long a broken snapshot is not read again, in seconds.
_PATIENCE = 10.0


class NoSnapshotError(Exception):
    """Nothing can be shown; `broken` when there is something, but nothing whole."""

    def __init__(self, *, broken: bool) -> None:
        super().__init__("no whole snapshot")
        self.broken = broken


class NotPublishedError(Exception):
    """Nothing is published for everybody, or it is not whole."""


class BrokenSnapshotError(Exception):
    """A snapshot's files are not what its manifest says."""


@dataclass(frozen=True)
class ShownFile:
    """A file of the snapshot, as published."""

    body: bytes
    sha256: str


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What an audience gets of one run; clusters, RW and what follows are of the meeting alone."""

    run_id: str
    folder: Path
    manifest: Record
    summary: Record
    villages: Mapping[str, Record]
    clusters: tuple[Record, ...]
    rw: Mapping[str, tuple[Record, ...]]
    registers: Record | None
    coverage: Record | None
    access: Record | None
    official: Record | None
    scattered: Mapping[str, Record] | None
    unmatched: tuple[Record, ...]
    layers: Mapping[str, ShownFile]
    takeaway: Mapping[str, ShownFile]
    map_name: str
    map_script: ShownFile


@dataclass(frozen=True)
class Served:
    """The snapshot in use, and whether an older one stands in for the current."""

    snapshot: Snapshot
    degraded: bool


@dataclass(frozen=True)
class Past:
    """What an audience was shown of a kept run: above the map, and of registers and changes."""

    run_id: str
    summary: Record
    registers: Record | None


class Store:
    """Snapshots of an archive; looks at a pointer on every request, reads files once a run.

    Parameters
    ----------
    archive
        The folder with the pointers and one folder a run.
    pointer, audience
        CURRENT for the meeting, PUBLIC for the public: of older runs the public is shown
        none, whatever happens to the one that was published.

    Attributes
    ----------
    when_read
        Called after a snapshot has been read into memory, where it will stay.
    """

    def __init__(
        self, archive: Path, *, pointer: str = "CURRENT", audience: str = "meeting"
    ) -> None:
        self.when_read: Callable[[], None] = lambda: None
        self._archive = archive
        self._file = archive / pointer
        self._audience = audience
        self._takes_older = pointer == "CURRENT"
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Snapshot] = OrderedDict()
        self._wanted: str | None = None
        self._served: Served | None = None
        self._looked = 0.0

    def current(self) -> Served:
        """The current snapshot, or the newest older one that is whole.

        Raises
        ------
        NoSnapshotError
            If no run has finished yet, or nothing of what there is is whole.
        """
        wanted = self._pointer()
        with self._lock:
            if wanted != self._wanted or self._is_stale():
                self._served = self._find(wanted)
                self._wanted, self._looked = wanted, time.monotonic()
            if self._served is None:
                raise NoSnapshotError(broken=True)
            return self._served

    def kept(self, run_id: str) -> Snapshot | None:
        """A snapshot that pages were lately made from."""
        with self._lock:
            return self._kept.get(run_id)

    def history(self, last: str) -> Iterator[Past | None]:
        """What each kept run up to `last` has shown, oldest first; None of one that is broken."""
        for run_id in sorted(name for name in run_ids(self._archive) if name <= last):
            try:
                yield _read_past(self._archive / run_id, f"shown/{self._audience}/")
            except BrokenSnapshotError:
                yield None

    def _is_stale(self) -> bool:
        whole = self._served is not None and not self._served.degraded
        return not whole and time.monotonic() - self._looked > _PATIENCE

    def _pointer(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise NoSnapshotError(broken=False) from None
        except (OSError, ValueError):
            return ""

    def _find(self, wanted: str) -> Served | None:
        for run_id in self._candidates(wanted):
            try:
                snapshot = self._kept.get(run_id) or self._read(run_id)
            except BrokenSnapshotError:
                continue
            self._kept.move_to_end(run_id)
            return Served(snapshot, degraded=run_id != wanted)
        return None

    def _read(self, run_id: str) -> Snapshot:
        snapshot = read_snapshot(self._archive / run_id, audience=self._audience)
        self._kept[run_id] = snapshot
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.when_read()
        return snapshot

    def _candidates(self, wanted: str) -> Iterator[str]:
        named = RUN_ID.fullmatch(wanted) is not None
        if named:
            yield wanted
        if not self._takes_older:
            return
        older = (name for name in run_ids(self._archive) if not named or name < wanted)
        yield from sorted(older, reverse=True)


def run_ids(archive: Path) -> list[str]:
    """Runs that an archive has a folder of, in no order."""
    try:
        names = [path.parent.name for path in archive.glob("*/manifest.json")]
    except OSError:
        return []
    return [name for name in names if RUN_ID.fullmatch(name)]


def read_snapshot(folder: Path, *, audience: str = "meeting") -> Snapshot:
    """Read what an audience is shown of a run and hold every file to its sum.

    Raises
    ------
    BrokenSnapshotError
        If a file is missing or not the one that was published, or a table cannot be read.
    """
    below = f"shown/{audience}/"
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
        files = {
            name.removeprefix(below): _read_file(folder, name, below, str(entry["sha256"]))
            for name, entry in manifest["files"].items()
            if name.startswith(below)
        }
        return _assemble(manifest, folder, files, is_meeting=audience == "meeting")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenSnapshotError(folder.name) from error


def _read_past(folder: Path, below: str) -> Past:
    try:
        files: Record = json.loads((folder / "manifest.json").read_bytes())["files"]

        def read(name: str) -> Record:
            sha256 = str(files[below + name]["sha256"])
            table: Record = json.loads(_read_file(folder, below + name, below, sha256).body)
            return table

        summary = read("summary.json")
        if not set(_SUMMARY_PARTS) <= set(summary):
            raise BrokenSnapshotError(folder.name)
        return Past(folder.name, summary, read(_REGISTERS) if below + _REGISTERS in files else None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenSnapshotError(folder.name) from error


def _assemble(
    manifest: Record, folder: Path, files: Mapping[str, ShownFile], *, is_meeting: bool
) -> Snapshot:
    maps = [file for file in files if _MAP.fullmatch(file)]
    summary = json.loads(files["summary.json"].body)
    _check_parts(files, summary, is_meeting=is_meeting)
    if manifest["run_id"] != folder.name or len(maps) != 1:
        raise BrokenSnapshotError(folder.name)
    layers = {
        file.removeprefix("layers/").removesuffix(".json.gz"): shown
        for file, shown in files.items()
        if file.startswith("layers/")
    }
    takeaway = {
        file.removeprefix(_TAKEAWAY): shown
        for file, shown in files.items()
        if file.startswith(_TAKEAWAY)
    }
    villages = json.loads(files["tables/villages.json"].body)
    rw = json.loads(files["tables/rw.json"].body) if is_meeting else {}
    registers = _later(files, _REGISTERS, _REGISTERS_PARTS) if is_meeting else None
    coverage = _later(files, _COVERAGE, _COVERAGE_PARTS) if is_meeting else None
    access = _later(files, _ACCESS, _ACCESS_PARTS) if is_meeting else None
    official = _later(files, _OFFICIAL, _OFFICIAL_PARTS) if is_meeting else None
    return Snapshot(
        run_id=folder.name,
        folder=folder,
        manifest=manifest,
        summary=summary,
        villages={str(row["village_code"]): row for row in villages},
        clusters=tuple(json.loads(files["tables/clusters.json"].body)) if is_meeting else (),
        rw={str(code): tuple(rows) for code, rows in rw.items()},
        registers=registers,
        coverage=coverage,
        access=access,
        official=official,
        scattered=_scattered(files) if is_meeting else None,
        unmatched=tuple(_rows(files, _UNMATCHED) or ()) if is_meeting else (),
        layers=layers,
        takeaway=takeaway,
        map_name=maps[0],
        map_script=files[maps[0]],
    )


def _later(files: Mapping[str, ShownFile], name: str, parts: tuple[str, ...]) -> Record | None:
    """A table that runs of older versions do not have."""
    if name not in files:
        return None
    table: Record = json.loads(files[name].body)
    if not set(parts) <= set(table):
        raise BrokenSnapshotError(name)
    return table


def _rows(files: Mapping[str, ShownFile], name: str) -> list[Record] | None:
    """Rows of a table that runs of older versions do not have."""
    return list(json.loads(files[name].body)) if name in files else None


def _scattered(files: Mapping[str, ShownFile]) -> Mapping[str, Record] | None:
    rows = _rows(files, _SCATTERED)
    return None if rows is None else {str(row["village_code"]): row for row in rows}


def _check_parts(files: Mapping[str, ShownFile], summary: Record, *, is_meeting: bool) -> None:
    needed = (*_NEEDED, *(_MEETING_NEEDED if is_meeting else ()))
    parts = (*_SUMMARY_PARTS, *(_MEETING_SUMMARY_PARTS if is_meeting else ()))
    missing = [file for file in needed if file not in files]
    missing += [part for part in parts if part not in summary]
    if missing:
        raise BrokenSnapshotError(str(missing))


def _read_file(folder: Path, name: str, below: str, sha256: str) -> ShownFile:
    inside = folder.joinpath(*PurePosixPath(name).parts)
    shown = (folder / below).resolve()
    if ".." in PurePosixPath(name).parts or not inside.resolve().is_relative_to(shown):
        raise BrokenSnapshotError(f"{folder.name}: {name}")
    body = inside.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise BrokenSnapshotError(f"{folder.name}: {name}")
    return ShownFile(body, sha256)
