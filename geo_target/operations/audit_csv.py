"""The audit log as a table for a spreadsheet."""

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from sqlalchemy import RowMapping

from geo_target.operations.tables import AUDIT_LOG
from geo_target.spreadsheet_cells import harmless

COLUMNS = tuple(column.name for column in AUDIT_LOG.columns)


def write_csv(entries: Iterable[RowMapping], file: TextIO) -> int:
    """Write entries, one a line, with a header.

    Parameters
    ----------
    entries
        From `AuditLog.entries` or `AuditLog.who_saw`.
    file
        Open for text with ``newline=""``.

    Returns
    -------
    int
        How many there were.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for count, entry in enumerate(entries, start=1):  # noqa: B007
        writer.writerow([_cell(entry[name]) for name in COLUMNS])
    return count


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return harmless(value)
