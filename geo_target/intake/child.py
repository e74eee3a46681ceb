"""One handed-in list, read in a process of its own that may take so much and no more.

What comes back are files in a folder that the caller names. Nothing that the process says is
rebuilt as an object, and what it prints goes nowhere: it may hold names.
"""

import errno
import json
import os
import shutil
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from geo_target.errors import DataRefusedError, Fault, GeoTargetError, Language
from geo_target.platform import Limits, bind_process, end_group, replace, was_cpu_spent
from geo_target.resources import use_profiles

ACCEPTED, FAULTS, REPORT = "accepted.parquet", "faults.parquet", "report.json"
REPAIR = "repair.xlsx"
UNFINISHED, _SPILL = "report.part", "spill"

#: A report names columns and shows 50 messages in two languages.
_LONGEST_REPORT = 5_000_000

#: How the process ends where it knows why it cannot go on.
_NO_MEMORY, _NO_DISK = 64, 65

_LANGUAGES: tuple[Language, ...] = ("id", "en")


@dataclass(frozen=True)
class Reporter:
    """A function of a list that gives faults, by name: the process alone loads it.

    Other rooms know the places of a list; this one does not know them.
    """

    module: str
    function: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class ReadAside:
    """What a process found: the report of `geo-target check --json` by language.

    `folder` holds ``accepted.parquet`` and ``faults.parquet`` unless the file was refused.
    """

    report: dict[str, dict[str, Any]]
    folder: Path

    @property
    def refused(self) -> bool:
        """Whether nothing of the file can be used."""
        return bool(self.report["en"]["refused"])


def read_in_child(
    file: Path,
    folder: Path,
    *,
    as_of: date,
    profile: str | None = None,
    sheet: str | None = None,
    program: str | None = None,
    repair: Language | None = None,
    profiles: Path | None = None,
    places: Reporter | None = None,
    limits: Limits | None = None,
) -> ReadAside:
    """Read one list in a process of its own.

    Parameters
    ----------
    folder
        Where the result goes, and what does not fit into memory meanwhile; made where it is
        missing. One folder for one list at a time.
    program
        Of every row that does not name one.
    repair
        Language of the reasons in ``repair.xlsx``, the rows to mend, written if there are
        any; None writes none.
    profiles
        Folder of the user's own layouts: the process begins without them.
    places
        Says what is odd about the places of an accepted list; None means that they are not
        looked up.
    limits
        None means those of `Limits`.

    Raises
    ------
    DataRefusedError
        ``E-READER-TIME``, ``E-READER-MEMORY`` or ``E-READER-DIED``, if a limit or the file
        ended the process.
    GeoTargetError
        ``E-DISK-FULL``, if the result cannot be written.
    """
    limits = limits or Limits()
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    # Spawned, not forked: it holds no connection and no secret of this process' memory.
    process = get_context("spawn").Process(
        target=_read,
        args=(file, folder),
        kwargs={
            "limits": limits,
            "profiles": profiles,
            "as_of": as_of,
            "profile": profile,
            "sheet": sheet,
            "program": program,
            "repair": repair,
            "places": places,
        },
        daemon=True,
    )
    process.start()
    pid = process.pid or 0
    try:
        in_time = bool(wait([process.sentinel], timeout=limits.seconds))
    finally:
        end_group(pid)  # before it is waited for: until then no other process has its number
        process.kill()
        process.join()
    report = _report(folder / REPORT) if process.exitcode == 0 else None
    if report is None:
        _clear(folder)
        raise _ended(file, process.exitcode, in_time=in_time)
    return ReadAside(report, folder)


def _clear(folder: Path) -> None:
    for name in (ACCEPTED, FAULTS, REPORT, REPAIR, UNFINISHED):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / _SPILL, ignore_errors=True)


def _report(file: Path) -> dict[str, dict[str, Any]] | None:
    """What the process wrote, if it is what it should be."""
    try:
        if file.stat().st_size > _LONGEST_REPORT:
            return None
        said = json.loads(file.read_text("utf-8"))
        whole = all("refused" in said[language] for language in _LANGUAGES)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if whole else None


def _ended(file: Path, exit_code: int | None, *, in_time: bool) -> GeoTargetError:
    if exit_code == _NO_DISK:
        return GeoTargetError(
            Fault(
                "E-DISK-FULL",
                id="cakram penuh, hasil bacaan tidak tersimpan; kosongkan ruang lalu ulangi",
                en="the disk is full, what was read is not kept; free some space and try again",
                file=file.name,
            )
        )
    if not in_time or was_cpu_spent(exit_code):
        return _refused(
            file,
            "E-READER-TIME",
            "membaca berkas ini terlalu lama dan dihentikan; simpan ulang sebagai CSV, "
            "atau bagi per kecamatan",
            "reading this file took too long and was stopped; save it again as CSV, "
            "or split it by district",
        )
    if exit_code == _NO_MEMORY:
        return _refused(
            file,
            "E-READER-MEMORY",
            "berkas ini butuh memori lebih dari batas; bagi per kecamatan",
            "this file needs more memory than the limit; split it by district",
        )
    return _refused(
        file,
        "E-READER-DIED",
        "pembaca berkas berhenti mendadak: berkas rusak atau isinya terlalu besar; "
        "simpan ulang sebagai CSV, atau bagi per kecamatan",
        "the reader ended suddenly: the file is broken or unpacks to too much; "
        "save it again as CSV, or split it by district",
    )


def _refused(file: Path, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file.name))


def _read(file: Path, folder: Path, *, limits: Limits, profiles: Path | None, **how: Any) -> None:
    """The process itself: bound first, then everything else."""
    bind_process(limits)
    _say_nothing()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    use_profiles(profiles)
    try:
        # By name: whoever starts this process (the pages) does not load what only it needs.
        import_module("geo_target.intake.child_reader").read_into(
            folder, file, spill=folder / _SPILL, memory_bytes=limits.memory_bytes // 4, **how
        )
    except MemoryError:
        os._exit(_NO_MEMORY)
    except OSError as error:
        os._exit(_NO_DISK if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} else 1)
    shutil.rmtree(folder / _SPILL, ignore_errors=True)
    replace(folder / UNFINISHED, folder / REPORT)


def _say_nothing() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
