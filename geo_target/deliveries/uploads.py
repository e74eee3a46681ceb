"""Uploads in pieces: a file is seen when its last byte is on the disk, and not before.

``partial/<upload>`` holds the bytes that have come, ``partial/<upload>.json`` who sends
what. A whole file gets a folder aside, ``partial/<upload>.whole``, which is renamed; what a
kill leaves between, `Uploads.recover` or the next piece finishes.
"""

import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from geo_target import platform
from geo_target.deliveries import refusals
from geo_target.deliveries.private_files import (
    FULL_DISK,
    delete_folder,
    make_folder,
    read_json,
    write_json,
)
from geo_target.deliveries.records import STATE
from geo_target.deliveries.safe_names import safe_name, suffix_of
from geo_target.publishing.archive import sha256

PARTIAL = "partial"
#: No reader opens more.
LARGEST = 4_000_000_000
#: Unfinished uploads of one account.
MOST_UNFINISHED = 8
#: An upload that no byte came of for so long was given up.
GIVEN_UP = timedelta(hours=1)
#: What uploads leave of the disk: the archive, the log and the next snapshot need it.
_KEPT_FREE, _KEPT_SHARE = 1_000_000_000, 0.05
_ID = re.compile(r"[0-9a-f]{32}")
_WHOLE, _TOLD = ".whole", ".json"


@dataclass(frozen=True)
class Upload:
    """An upload, as it was begun."""

    id: str
    name: str
    size: int
    by: str
    at: datetime
    became: str | None = None
    """Id of the file, once it is whole."""


#: Writes what is known of a whole file of that sha256 into the folder aside.
Describe = Callable[[Path, Upload, str], None]


class Uploads:
    """The unfinished uploads of one folder of deliveries. Its caller holds a lock."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.folder = folder / PARTIAL

    def begin(self, name: str, size: int, *, by: str, now: datetime) -> str:
        """Begin an upload; gives its id."""
        safe = safe_name(name)
        if not suffix_of(safe):
            raise refusals.wrong_type(safe)
        if not 0 < size <= LARGEST:
            raise refusals.wrong_size(safe, size)
        self._give_up(by, now)
        if sum(u.by == by and u.became is None for u in self._all()) >= MOST_UNFINISHED:
            raise refusals.too_many()
        make_folder(self.folder)
        if self._free(now) < 2 * size:
            raise refusals.no_room(safe)
        upload = secrets.token_hex(16)
        (self.folder / upload).touch(mode=0o600, exist_ok=False)
        told = {"name": safe, "size": size, "by": by, "at": now.isoformat()}
        write_json(self.folder / f"{upload}{_TOLD}", told)
        return upload

    def get(self, id: str, *, by: str) -> Upload:
        """An upload of this account.

        Raises
        ------
        NotFoundError
            If there is none, or it is somebody else's.
        """
        upload = self._load(id) if _ID.fullmatch(id) else None
        if upload is None or upload.by != by:
            raise refusals.no_upload()
        is_there = upload.became is not None and (self.home / upload.became).is_dir()
        return upload if is_there else replace(upload, became=None)

    def add(self, upload: Upload, offset: int, piece: bytes) -> int:
        """Write a piece where the file ends; gives where it ends now.

        Raises
        ------
        OffsetError
            If `offset` is not where it ends.
        """
        there = self.length(upload)
        if there == upload.size:  # the answer to the last piece was lost
            return there
        if offset != there:
            raise refusals.OffsetError(there)
        if there + len(piece) > upload.size:
            raise refusals.grown(upload.name)
        with (self.folder / upload.id).open("ab") as file:
            file.write(piece)
        return there + len(piece)

    @contextmanager
    def with_room(self, upload: Upload) -> Iterator[None]:
        """Where the disk is full the upload ends: what came of it is deleted.

        Raises
        ------
        DeliveryError
            ``E-UPLOAD-DISK``.
        """
        try:
            yield
        except OSError as error:
            if error.errno not in FULL_DISK:
                raise
            self._drop(upload)
            raise refusals.no_room(upload.name) from None

    def length(self, upload: Upload) -> int:
        """How many bytes have come."""
        try:
            return (self.folder / upload.id).stat().st_size
        except FileNotFoundError:  # moved into the folder aside
            is_whole = (self._aside(upload.id) / upload.name).is_file()
            if not is_whole:
                raise refusals.no_upload() from None
            return upload.size

    def finish(self, upload: Upload, describe: Describe) -> str:
        """Give a whole file its place; gives its id. Repeated, it goes on where it was ended."""
        aside = self._aside(upload.id)
        if not (aside / upload.name).is_file():
            piece = self.folder / upload.id
            platform.sync_file(piece)
            total = sha256(piece)
            describe(make_folder(aside), upload, total)
            platform.replace(piece, aside / upload.name)
            platform.sync_folder(aside)
        return self._settle(upload)

    def recover(self) -> None:
        """Finish what was whole when the service ended, and forget what never was."""
        for aside in self.folder.glob(f"*{_WHOLE}"):
            upload = self._load(aside.name.removesuffix(_WHOLE))
            if upload is not None and (aside / upload.name).is_file():
                self._settle(upload)
            elif upload is None or self._has_bytes(upload):
                shutil.rmtree(aside, ignore_errors=True)

    def _has_bytes(self, upload: Upload) -> bool:
        return (self.folder / upload.id).is_file()

    def forget(self, *, before: datetime) -> None:
        """Forget finished uploads that nobody asks for any more."""
        for upload in self._all():
            if upload.became is not None and upload.at < before:
                (self.folder / f"{upload.id}{_TOLD}").unlink(missing_ok=True)

    def _give_up(self, by: str, now: datetime) -> None:
        """Drop uploads of this account that broke off: they would lock it out."""
        for upload in self._all():
            if upload.by == by and upload.became is None and self._is_given_up(upload, now):
                self._drop(upload)

    def _is_given_up(self, upload: Upload, now: datetime) -> bool:
        try:
            last = (self.folder / upload.id).stat().st_mtime
        except FileNotFoundError:  # whole: it only has to be moved
            return False
        return now.timestamp() - last > GIVEN_UP.total_seconds()

    def _drop(self, upload: Upload) -> None:
        (self.folder / f"{upload.id}{_TOLD}").unlink(missing_ok=True)
        (self.folder / upload.id).unlink(missing_ok=True)
        shutil.rmtree(self._aside(upload.id), ignore_errors=True)

    def _free(self, now: datetime) -> float:
        """Bytes that one more upload may count on."""
        disk = shutil.disk_usage(self.folder)
        to_come = sum(
            upload.size - (self.folder / upload.id).stat().st_size
            for upload in self._all()
            if self._has_bytes(upload) and not self._is_given_up(upload, now)
        )
        return disk.free - to_come - min(_KEPT_FREE, _KEPT_SHARE * disk.total)

    def _settle(self, upload: Upload) -> str:
        aside = self._aside(upload.id)
        total = str((read_json(aside / STATE) or {})["sha256"])
        target = self.home / total[:12]
        told = {"name": upload.name, "size": upload.size, "by": upload.by,
                "at": upload.at.isoformat(), "became": target.name}  # fmt: skip
        write_json(self.folder / f"{upload.id}{_TOLD}", told)  # before: it is found after a kill
        if not target.exists():
            platform.replace(aside, target)
            platform.sync_folder(self.home)
            return target.name
        there = read_json(target / STATE) or {}
        delete_folder(aside)
        if there.get("sha256") != total:
            (self.folder / f"{upload.id}{_TOLD}").unlink(missing_ok=True)
            raise refusals.clash(upload.name)
        return target.name

    def _aside(self, id: str) -> Path:
        return self.folder / f"{id}{_WHOLE}"

    def _all(self) -> list[Upload]:
        names = [file.name.removesuffix(_TOLD) for file in self.folder.glob(f"*{_TOLD}")]
        return [upload for name in names if _ID.fullmatch(name) and (upload := self._load(name))]

    def _load(self, id: str) -> Upload | None:
        told: dict[str, Any] | None = read_json(self.folder / f"{id}{_TOLD}")
        if told is None:
            return None
        return Upload(id, **(told | {"at": datetime.fromisoformat(told["at"])}))
