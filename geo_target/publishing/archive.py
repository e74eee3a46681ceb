"""The archive: snapshots that are whole or absent, and the pointers to those that are shown.

A run builds its snapshot in ``.work/<run_id>``; when every byte is on the disk the folder
is renamed, then CURRENT is replaced. Whatever kills the run before, the last good snapshot
stays served; what it left behind is swept by the next run. PUBLIC points at what the public
sees; PUBLISHED holds every run that it ever pointed at, one a line, and is only added to.
"""

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from geo_target import __version__, platform
from geo_target.checksums import sha256 as sha256  # noqa: PLC0414  # known from here
from geo_target.errors import ConfigError, Fault

_RUN_ID = re.compile(r"(\d{6})-\d{8}T\d{6}Z")
CURRENT = "CURRENT"
PUBLIC = "PUBLIC"
PUBLISHED = "PUBLISHED"
_WORK = ".work"
_CACHE = ".cache"
_LOCK = ".lock"
KEY_FILE = "geo-target.key"
KEY_BYTES = 32


class Archive:
    """A folder of snapshots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def cache(self) -> Path:
        """Where runs keep lists as they were read, see `intake.list_cache`."""
        return self.folder / _CACHE

    def run_ids(self) -> list[str]:
        """Run ids of the snapshots, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(p.name for p in self.folder.iterdir() if _RUN_ID.fullmatch(p.name))

    def current(self) -> str | None:
        """Run id that signed-in people see; None before the first run."""
        return self._pointed(CURRENT)

    def public(self) -> str | None:
        """Run id that everybody sees; None before the first publication and when withdrawn."""
        return self._pointed(PUBLIC)

    def published(self) -> list[str]:
        """Run ids that the public ever saw, oldest first, withdrawn ones too.

        A line that is no run id is not passed over: nothing that was shown may be forgotten.
        """
        names = self.folder / PUBLISHED
        return names.read_text("utf-8", "replace").split() if names.is_file() else []

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep runs and other publications out.

        Raises
        ------
        BusyError
            If another process holds the lock.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with platform.exclusive(self.folder / _LOCK):
            yield

    def remember_public(self, run_id: str) -> None:
        """Add a run to PUBLISHED. Only while `held`, and before PUBLIC moves."""
        if run_id not in self.published():
            lines = "".join(f"{name}\n" for name in [*self.published(), run_id])
            self._replace(PUBLISHED, lines)

    def point_public(self, run_id: str | None) -> None:
        """Show a run to the public, or with None no run. Only while `held`."""
        if run_id is not None:
            self._replace(PUBLIC, run_id + "\n")
        else:
            (self.folder / PUBLIC).unlink(missing_ok=True)
            platform.sync_folder(self.folder)

    def _pointed(self, name: str) -> str | None:
        pointer = self.folder / name
        named = pointer.read_text("utf-8", "replace").strip() if pointer.is_file() else ""
        return named if _RUN_ID.fullmatch(named) else None

    def _replace(self, name: str, content: str) -> None:
        aside = self.folder / f".{name}.new"
        aside.write_text(content, encoding="utf-8")
        platform.sync_file(aside)
        platform.replace(aside, self.folder / name)
        platform.sync_folder(self.folder)

    @contextmanager
    def open_run(self, now: datetime) -> Iterator["Draft"]:
        """Begin a run: hold the lock, sweep what dead runs left, and make a draft.

        Parameters
        ----------
        now
            UTC; the order of snapshots rests on their number, not on it.

        Raises
        ------
        BusyError
            If another run holds the lock.
        """
        with self.held():
            shutil.rmtree(self.folder / _WORK, ignore_errors=True)
            number = max((int(run_id[:6]) for run_id in self.run_ids()), default=0) + 1
            try:
                yield Draft(self, f"{number:06d}-{now:%Y%m%dT%H%M%SZ}", self.current())
            finally:
                shutil.rmtree(self.folder / _WORK, ignore_errors=True)


class Draft:
    """A snapshot that is being built, out of everybody's sight."""

    def __init__(self, archive: Archive, run_id: str, previous: str | None) -> None:
        self.run_id = run_id
        self.previous = previous
        self.archive = archive
        self._rows: dict[str, int | None] = {}
        work = archive.folder / _WORK / run_id
        self.folder = work / "snapshot"
        self.spill = work / "spill"
        self.aside = work / "list"
        """For a list that is being kept: it has its name once it is whole."""
        for folder in (work.parent, work, self.folder, self.spill):
            folder.mkdir(mode=0o700)
        for name in ("exact", "shown", "shown/meeting"):
            (self.folder / name).mkdir(mode=0o700 if name == "exact" else 0o755)

    def path(self, name: str, *, rows: int | None = None) -> Path:
        """Path of a file of the snapshot, such as ``exact/villages.parquet``, to be written."""
        self._rows[name] = rows
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: bytes, *, rows: int | None = None) -> None:
        """Write a file of the snapshot."""
        self.path(name, rows=rows).write_bytes(content)

    def publish(self, manifest: Mapping[str, Any]) -> Path:
        """Seal the snapshot and point CURRENT at it.

        Returns
        -------
        Path
            The snapshot's folder.
        """
        files = {name: self._sealed(name) for name in sorted(self._rows)}
        head = {"run_id": self.run_id, "previous": self.previous, "version": __version__}
        content = json.dumps({**head, **manifest, "files": files}, ensure_ascii=False, indent=1)
        (self.folder / "manifest.json").write_text(content, encoding="utf-8")
        platform.sync_file(self.folder / "manifest.json")
        for folder in (self.folder, *(p for p in self.folder.rglob("*") if p.is_dir())):
            platform.sync_folder(folder)
        snapshot = self.archive.folder / self.run_id
        self.folder.chmod(0o755)
        platform.replace(self.folder, snapshot)
        platform.sync_folder(self.archive.folder)
        self._point(CURRENT)
        return snapshot

    def _sealed(self, name: str) -> dict[str, Any]:
        path = self.folder / name
        platform.sync_file(path)
        return {"sha256": sha256(path), "rows": self._rows[name]}

    def _point(self, pointer: str) -> None:
        aside = self.archive.folder / _WORK / f"{pointer}.new"
        aside.write_text(self.run_id + "\n", encoding="utf-8")
        platform.sync_file(aside)
        platform.replace(aside, self.archive.folder / pointer)
        platform.sync_folder(self.archive.folder)


def read_key(folder: Path) -> bytes:
    """Key of the keyed hashes beside the config, made at first use, for its owner only."""
    path = folder / KEY_FILE
    if not path.exists():
        aside = path.with_suffix(".new")
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_hex(KEY_BYTES), encoding="ascii")
        platform.sync_file(aside)
        platform.replace(aside, path)
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise ConfigError(
            Fault(
                "E-KEY",
                id="berkas kunci rusak; kembalikan dari cadangan (dengan kunci baru, sandi NIK "
                "hasil lama tidak cocok lagi)",
                en="the key file is broken; restore it from a backup (under a new key the hashes "
                "of earlier snapshots match no longer)",
                file=str(path),
            )
        )
    return key
