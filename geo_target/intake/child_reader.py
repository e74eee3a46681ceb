"""What the process of `child` does with a list once it is bound: reads it, writes files."""

import errno
import json
import os
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from geo_target.errors import ConfigError, Fault, GeoTargetError, Language
from geo_target.intake.child import ACCEPTED, FAULTS, REPAIR, UNFINISHED, Reporter
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.readers import Grid, read_grid
from geo_target.intake.repair import write_repair
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
    program: str | None,
    repair: Language | None,
    places: Reporter | None,
    spill: Path,
    memory_bytes: int,
) -> None:
    """Read a list, and write its tables, its rows to mend and last its report into `folder`.

    Raises
    ------
    MemoryError
        If it needs more than it may take.
    OSError
        If a file cannot be written.
    """
    try:
        with Workbench(spill=spill, memory_limit=f"{memory_bytes}B") as bench:
            report = _read(
                bench, folder, file,
                as_of=as_of, profile=profile, sheet=sheet, program=program, repair=repair,
                places=places,
            )  # fmt: skip
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
    program: str | None,
    repair: Language | None,
    places: Reporter | None,
) -> FileReport:
    try:
        named = profile_named(profile) if profile else None
        grid = read_grid(file, sheet=sheet)
        listed = read_list(bench, file, profile=named, as_of=as_of, program=program, grid=grid)
    except GeoTargetError as error:
        return FileReport(file.name, None, error.faults)
    _write(listed.table, folder / ACCEPTED)
    _write(listed.faults, folder / FAULTS)
    if repair is not None:
        _write_repair(folder / REPAIR, file, grid, listed, repair)
    return report_on(listed, places=_said_of_places(listed, places))


def _said_of_places(listed: AgencyList, places: Reporter | None) -> Sequence[Fault]:
    if places is None:
        return ()
    told: Sequence[Fault] = getattr(import_module(places.module), places.function)(
        listed, **places.options
    )
    return told


def _write_repair(
    out: Path, file: Path, grid: Grid, listed: AgencyList, language: Language
) -> None:
    """The rows to mend, if there are any; a list with more than a workbook holds has none."""
    try:
        is_needed = write_repair(out, file, grid, listed, language) > 0
    except (ConfigError, MemoryError):  # the list itself is read all the same
        is_needed = False
    if not is_needed:
        out.unlink(missing_ok=True)


def _write(table: Table, file: Path) -> None:
    """A table as Parquet, a batch at a time: it is never twice in memory."""
    batches = table.bench.connection.table(table.name).to_arrow_reader(_BATCH_ROWS)
    with pq.ParquetWriter(file, batches.schema, compression="zstd") as written:
        for batch in batches:
            written.write_batch(batch)
