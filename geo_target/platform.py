"""What differs between Linux and Windows, in one place: locks, replacing, syncing."""

import errno
import gc
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from geo_target.errors import BusyError, Fault

#: Windows refuses to replace a file that a reader or a virus scanner holds open for a moment.
_REPLACE_TRIES = 20


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold `lock`, or raise at once. The system frees it when the process dies, however."""
    held = FileLock(lock, timeout=0)
    try:
        held.acquire()
    except Timeout:
        raise BusyError(
            Fault(
                "E-BUSY",
                id="proses lain sedang berjalan pada arsip ini; tunggu sampai selesai",
                en="another run is working on this archive; wait until it has ended",
                file=str(lock.parent),
            )
        ) from None
    try:
        yield
    finally:
        held.release()


@contextmanager
def without_collector() -> Iterator[None]:
    """Leave Python's search for cycles out: millions of cells make it walk for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def sync_file(path: Path) -> None:
    """Wait until the disk holds the file's bytes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the disk holds the folder's names.

    Windows does that by itself, and a mounted share may not know how to.
    """
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target` in one step."""
    for tries_left in reversed(range(_REPLACE_TRIES)):
        try:
            source.replace(target)
        except PermissionError:
            if os.name != "nt" or not tries_left:
                raise
            time.sleep(0.05)
        else:
            return


def is_private(path: Path) -> bool:
    """Whether no other account may read a file; Windows keeps that by the folder's rights."""
    return os.name == "nt" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
