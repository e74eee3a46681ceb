"""Files that reports are written into: new ones, for their owner only."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from geo_target.errors import Fault
from geo_target.operations.refusals import AuditError


@contextmanager
def new_report(file: Path) -> Iterator[TextIO]:
    """Open a file that is not there yet; nobody else on the machine can read it.

    Raises
    ------
    AuditError
        ``E-REPORT-FILE``: it is there already, or cannot be written.
    """
    try:
        file.touch(mode=0o600, exist_ok=False)
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise unwritable(file) from error


def unwritable(file: Path) -> AuditError:
    """What to tell of a report that is not written."""
    return AuditError(
        Fault(
            "E-REPORT-FILE",
            id="laporan tidak ditulis: berkas ini (atau daftar orangnya) sudah ada, atau foldernya "
            "tidak dapat ditulisi; pilih nama lain",
            en="the report is not written: this file (or its list of persons) is there already, "
            "or its folder cannot be written; choose another name",
            file=str(file),
        )
    )
