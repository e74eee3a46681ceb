"""Unpacking a backup that may have been cut, changed, or made by somebody who means harm.

Nothing in it is believed: the list at its head says what may be in it, every file is held
to the list, and no more is read than the list allows.
"""

import gzip
import hashlib
import os
import shutil
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from geo_target.keeping.contents import (
    CONTENTS,
    DATABASE,
    FOLDER,
    Contents,
    NoContentsError,
    parsed,
)
from geo_target.keeping.refusals import changed, cut, hostile, no_backup, too_large, too_new
from geo_target.publishing.archive import KEY_FILE
from geo_target.publishing.keys import EARLIER_FILE

#: Bytes of the list at the head, and of what tar writes around a member.
_LONGEST_LIST = 64_000_000
_AROUND = 8_192

#: Lists of people shrink to a twentieth; what shrinks to less than this is no backup.
_LARGEST_RATIO = 300
_ALWAYS_ALLOWED = 50_000_000
_PIECE = 1 << 20


def unpack(file: Path, build: Path, tables: Path) -> Contents:
    """Unpack a backup into two empty folders: one for files, one for rows of the database.

    Raises
    ------
    KeepingError
        If it is not, byte for byte, what was backed up; the folders are then to be thrown
        away.
    """
    with _opened(file) as source:
        try:
            # It reads, and nothing else is asked of it.
            with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
                contents = _read_contents(tar, file)
                source.allow(_budget(contents, file, build))
                _unpack_members(tar, contents, file, build, tables)
            source.drain()  # gzip's own sum stands at the end
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError,
                OverflowError):  # fmt: skip
            raise cut(str(file)) from None
    return contents


class _Bounded:
    """A packed file that gives no more bytes than were allowed."""

    def __init__(self, unpacked: gzip.GzipFile, file: Path) -> None:
        self._unpacked = unpacked
        self._file = file
        self._left = _LONGEST_LIST + _PIECE

    def allow(self, size: int) -> None:
        """Allow so many more bytes."""
        self._left += size

    def read(self, size: int) -> bytes:
        """Read up to `size` bytes."""
        content = self._unpacked.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise too_large(str(self._file))
        return content

    def drain(self) -> None:
        """Read to the end."""
        while self.read(_PIECE):
            pass


@contextmanager
def _opened(file: Path) -> Iterator[_Bounded]:
    try:
        with file.open("rb") as raw:
            is_gzip = raw.read(2) == b"\x1f\x8b"
    except OSError:
        is_gzip = False
    if not is_gzip:
        raise no_backup(str(file))
    with gzip.open(file) as unpacked:
        yield _Bounded(unpacked, file)


def _read_contents(tar: tarfile.TarFile, file: Path) -> Contents:
    first = tar.next()
    if first is None or first.name != CONTENTS or not _is_plain(first):
        raise no_backup(str(file))
    if first.size > _LONGEST_LIST:
        raise too_large(str(file))
    try:
        return parsed(_member(tar, first).read())
    except NoContentsError as error:
        if error.newer:
            raise too_new(str(file), error.newer) from None
        if error.member:
            raise hostile(str(file), error.member) from None
        raise no_backup(str(file)) from None


def _budget(contents: Contents, file: Path, build: Path) -> int:
    """How many bytes the files may take in the tar, from what the list says."""
    total = sum(sealed.size for sealed in contents.files.values())
    plausible = _LARGEST_RATIO * file.stat().st_size + _ALWAYS_ALLOWED
    if total > min(plausible, shutil.disk_usage(build).free):
        raise too_large(str(file))
    return total + _AROUND * len(contents.files)


def _unpack_members(
    tar: tarfile.TarFile, contents: Contents, file: Path, build: Path, tables: Path
) -> None:
    waited = dict(contents.files)
    for member in iter(tar.next, None):
        sealed = waited.pop(member.name, None)
        if sealed is None or not _is_plain(member) or member.size != sealed.size:
            raise hostile(str(file), member.name)
        target = _target(member.name, build, tables)
        if _write(_member(tar, member), target) != sealed.sha256:
            raise changed(str(file), member.name)
        # A list is as old as it was: retention counts from there.
        arrived = max(0, min(int(member.mtime), int(time.time())))
        os.utime(target, (arrived, arrived))
    if waited:
        raise cut(str(file))


def _is_plain(member: tarfile.TarInfo) -> bool:
    """Whether it is a file: no link, device, folder, or file with holes."""
    return member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not member.issparse()


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.ReadError(member.name)
    return content


def _target(name: str, build: Path, tables: Path) -> Path:
    """Where a member goes; its folder is there when this returns."""
    if name.startswith(DATABASE):
        return tables / name.removeprefix(DATABASE)
    folder, *parts = build, *name.removeprefix(FOLDER).split("/")
    for part in parts[:-1]:
        folder /= part
        folder.mkdir(mode=0o700 if part == "exact" else 0o755, exist_ok=True)
    return folder / parts[-1]


def _write(content: IO[bytes], target: Path) -> str:
    """Write a file that is not there yet; gives its sha256."""
    found = hashlib.sha256()
    target.touch(mode=0o600 if target.name in {KEY_FILE, EARLIER_FILE} else 0o644, exist_ok=False)
    with target.open("wb") as file:
        while piece := content.read(_PIECE):
            found.update(piece)
            file.write(piece)
    return found.hexdigest()
