"""The visits of a plan as a file tells them, so that a demo can answer them."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from geo_target.errors import DataRefusedError, Fault
from geo_target.fieldwork.visits import Target, Visit

#: Columns without which nothing can be answered; the others may be missing.
NEEDED = ("visit_code", "family_id", "village_code")


def read_visits(file: Path) -> list[Visit]:
    """Read the visits of a plan.

    Parameters
    ----------
    file
        CSV, UTF-8, separated by commas or semicolons: NEEDED, and if there are ``officer``,
        ``day`` (YYYY-MM-DD), ``position``, ``return_of`` (code of the earlier visit).

    Raises
    ------
    DataRefusedError
        If the file cannot be read, or lacks a column or a cell that is needed.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeError):
        raise _refused(file, "tidak dapat dibaca", "cannot be read") from None
    first = text.partition("\n")[0]
    lines = csv.DictReader(text.splitlines(), delimiter=";" if ";" in first else ",")
    missing = [name for name in NEEDED if name not in (lines.fieldnames or ())]
    if missing:
        columns = ", ".join(missing)
        raise _refused(file, f"tidak mempunyai kolom {columns}", f"lacks the columns {columns}")
    return [_visit(cells, file=file, row=row) for row, cells in enumerate(lines, start=2)]


def _visit(cells: Mapping[str, str | None], *, file: Path, row: int) -> Visit:
    said = {name: (cell or "").strip() for name, cell in cells.items() if name}
    absent = [name for name in NEEDED if not said[name]]
    if absent:
        raise _refused(file, f"kolom {absent[0]} kosong", f"the column {absent[0]} is empty", row)
    try:
        day = date.fromisoformat(said["day"]) if said.get("day") else None
        position = int(said["position"]) if said.get("position") else None
    except ValueError:
        raise _refused(
            file, "day bukan tanggal atau position bukan angka",
            "day is no date or position is no number", row,
        ) from None  # fmt: skip
    return Visit(
        said["visit_code"],
        Target(said["family_id"], said["village_code"]),
        officer=said.get("officer") or None,
        day=day,
        position=position,
        return_of=said.get("return_of") or None,
    )


def _refused(file: Path, what_id: str, what_en: str, row: int | None = None) -> DataRefusedError:
    return DataRefusedError(
        Fault(
            "E-DEMO-PLAN",
            id=f"{what_id}; pakai berkas kunjungan yang ditulis bersama rencana",
            en=f"{what_en}; use the file of visits that was written with the plan",
            file=file.name,
            row=row,
        )
    )
