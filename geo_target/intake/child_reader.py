"""What the process of `child` does with a list once it is bound: reads it, writes files."""

import errno
import json
import os
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from geo_target.errors import GeoTargetError
from geo_target.intake.child import ACCEPTED, FAULTS, UNFINISHED
from geo_target.intake.lists import read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.report import FileReport, report_on
from geo_target.workbench import Table, Workbench

_BATCH_ROWS = 100_000


def read_into(
    folder: Path,
    file: Path,
    *,
    as_of: date,
    profile: str | None,
    sheet: str | None,
    spill: Path,
    memory_bytes: int,
) -> None:
    """Read a list, and write its tables and last its report into `folder`.

    Raises
    ------
    MemoryError
        If it needs more than it may take.
    OSError
        If a file cannot be written.
    """
    try:
        with Workbench(spill=spill, memory_limit=f"{memory_bytes}B") as bench:
            report = _read(bench, folder, file, as_of=as_of, profile=profile, sheet=sheet)
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except duckdb.IOException as error:  # it reads no file: what fails is to spill
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
    said = {language: report.to_json(language) for language in ("id", "en")}
    (folder / UNFINISHED).write_text(json.dumps(said, ensure_ascii=False), "utf-8")


def _read(
    bench: Workbench,
    folder: Path,
    file: Path,
    *,
    as_of: date,
    profile: str | None,
    sheet: str | None,
) -> FileReport:
    try:
        named = profile_named(profile) if profile else None
        listed = read_list(bench, file, profile=named, as_of=as_of, sheet=sheet)
    except GeoTargetError as error:
        return FileReport(file.name, None, error.faults)
    _write(listed.table, folder / ACCEPTED)
    _write(listed.faults, folder / FAULTS)
    return report_on(listed)


def _write(table: Table, file: Path) -> None:
    """A table as Parquet, a batch at a time: it is never twice in memory."""
    batches = table.bench.connection.table(table.name).to_arrow_reader(_BATCH_ROWS)
    with pq.ParquetWriter(file, batches.schema, compression="zstd") as written:
        for batch in batches:
            written.write_batch(batch)
