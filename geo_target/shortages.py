"""When memory or the disk is not enough: what was being done, what there is, what is needed."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo_target.errors import Fault, GeoTargetError
from geo_target.stages import Stages

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_LIMIT = re.compile(r"\s*([\d.]+)\s*([a-zA-Z]+)\s*")


class ShortageError(GeoTargetError):
    """The machine has too little of something; nothing was published."""


@contextmanager
def told_shortages(stages: Stages, work: Path, memory_limit: str | None) -> Iterator[None]:
    """Turn a want of memory or room into an error that says what to do.

    Parameters
    ----------
    work
        Folder that the run writes to.
    memory_limit
        As the settings have it.

    Raises
    ------
    ShortageError
        ``E-DISK-FULL`` or ``E-MEMORY``.
    """
    try:
        yield
    except Exception as error:
        if is_full_disk(error):
            raise ShortageError(_full_disk(stages, work)) from None
        if is_out_of_memory(error):
            # Python's own want is the machine's: the limit is of tables alone
            limit = None if isinstance(error, MemoryError) else memory_limit
            raise ShortageError(_out_of_memory(stages, limit)) from None
        raise


def is_full_disk(error: Exception) -> bool:
    """Whether the system, or DuckDB or Arrow on its behalf, says that no more can be written."""
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return True
    words = (*map(os.strerror, FULL_DISK), "max_temp_directory")
    return _is_of_a_library(error) and any(word in str(error) for word in words)


def is_out_of_memory(error: Exception) -> bool:
    """Whether memory, or what the settings allow of it, is used up."""
    if isinstance(error, MemoryError):
        return True
    said = type(error).__name__ == "OutOfMemoryException" or "Out of Memory Error" in str(error)
    return _is_of_a_library(error) and said


def disk_full() -> Fault:
    """The fault of a command that only knows that the disk is full."""
    return Fault(
        "E-DISK-FULL",
        id="cakram penuh; tidak ada yang diterbitkan, hasil terakhir tetap dipakai; "
        "kosongkan ruang lalu ulangi",
        en="the disk is full; nothing was published, the last snapshot stays in use; "
        "free some space and run again",
    )


def _is_of_a_library(error: Exception) -> bool:
    # Between two batches Arrow turns DuckDB's errors into its own, without a number.
    is_turned = type(error) is OSError and error.errno is None
    module = type(error).__module__.split(".")[0]
    return is_turned or module in {"duckdb", "_duckdb", "pyarrow", "pyogrio"}


def _full_disk(stages: Stages, work: Path) -> Fault:
    written = sum(path.stat().st_size for path in work.rglob("*") if path.is_file()) / 1e6
    id, en = stages.running
    return Fault(
        "E-DISK-FULL",
        id=f"cakram penuh pada tahap '{id}', setelah {written:.0f} MB ditulis; tidak ada yang "
        "diterbitkan, hasil terakhir tetap dipakai; kosongkan paling sedikit sebanyak itu "
        "lagi, lalu ulangi",
        en=f"the disk is full at the stage '{en}', after {written:.0f} MB were written; nothing "
        "was published, the last snapshot stays in use; free at least as much again, then run "
        "again",
        file=str(work.parent.parent),
    )


def _out_of_memory(stages: Stages, limit: str | None) -> Fault:
    id, en = stages.running
    parts = _LIMIT.fullmatch(limit or "")
    if parts is None:
        return Fault(
            "E-MEMORY",
            id=f"memori mesin ini habis pada tahap '{id}'; tidak ada yang diterbitkan, hasil "
            "terakhir tetap dipakai; tutup program lain, pakai mesin dengan memori lebih besar, "
            "atau jalankan per kabupaten/kota (area.code)",
            en=f"the memory of this machine is used up at the stage '{en}'; nothing was "
            "published, the last snapshot stays in use; close other programs, use a machine "
            "with more memory, or run by regency or city (area.code)",
        )
    more = f"{2 * float(parts[1]):g}{parts[2]}"
    return Fault(
        "E-MEMORY",
        id=f"batas memori {limit} tidak cukup untuk tahap '{id}'; tidak ada yang diterbitkan, "
        f"hasil terakhir tetap dipakai; naikkan batas itu menjadi {more} (archive.memory_limit)",
        en=f"the memory limit of {limit} is not enough for the stage '{en}'; nothing was "
        f"published, the last snapshot stays in use; raise it to {more} (archive.memory_limit)",
        column="archive.memory_limit",
    )
