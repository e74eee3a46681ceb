"""What differs between Linux and Windows, in one place: locks, replacing, syncing."""

import errno
import gc
import os
import signal
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def settle_collector() -> None:
    """Leave all that is there now out of Python's search for cycles, as what will stay.

    For a process that goes on for months: a search through a province's villages holds every
    page up for a tenth of a second. What was left out before is searched once more, so that
    nothing that has gone since stays for ever.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


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


@dataclass(frozen=True)
class Limits:
    """What a process that reads a strange file may take.

    Windows keeps `seconds` only, and what `bind_process` says of hosts and programs.
    """

    memory_bytes: int = 5_000_000_000
    """Address space; the libraries take hold of 2.4 GB of it before they read anything."""
    cpu_seconds: int = 120
    file_bytes: int = 4_000_000_000
    """Of each file that it writes."""
    seconds: float = 180.0
    """From its start until it is ended from outside."""


#: What Python tells before it opens a socket or starts a program (its table of audit events).
_OUTWARD = (
    "socket.__new__", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.fork",
    "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
)  # fmt: skip


def bind_process(limits: Limits) -> None:
    """Bind this process to `limits`, for good: it opens no socket and starts no program.

    That holds for all that Python does, on every system; code of a library that asks the
    system itself is not held. It leads a group of its own, which `end_group` ends, and
    leaves no dump of its memory.
    """

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _OUTWARD:
            raise PermissionError(errno.EPERM, event)

    sys.addaudithook(refuse)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415

    os.setsid()
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # A second more, so that the first limit says by its signal what it was.
        last = soft + 1 if kind == resource.RLIMIT_CPU and soft != hard else soft
        resource.setrlimit(kind, (soft, last))


def was_cpu_spent(exit_code: int | None) -> bool:
    """Whether a process, by how it ended, had used up its seconds of computing."""
    return sys.platform != "win32" and exit_code == -signal.SIGXCPU


def end_group(pid: int) -> None:
    """End a process that `bind_process` bound, and all that it started; at once."""
    end = os.kill if sys.platform == "win32" else os.killpg
    how = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL
    try:
        end(pid, how)
    except OSError:
        return  # it has ended, or leads no group yet: its parent ends it alone
