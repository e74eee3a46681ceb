"""Faulty rows of a list as a list to mend and hand in again, for whoever holds the list.

It holds persons as the list does: it is written where the operator asks for it, readable by
its owner alone, and never part of a snapshot (that has the masked exact/quarantine.csv).
"""

import csv
import io
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from geo_target.errors import ConfigError, Fault, Language
from geo_target.intake.codes import CODES
from geo_target.intake.columns import cell_text
from geo_target.intake.list_rows import ORIGIN
from geo_target.intake.lists import REASON, AgencyList
from geo_target.intake.readers import Grid
from geo_target.intake.text_blocks import open_text
from geo_target.intake.text_rows import lines_of
from geo_target.spreadsheet_cells import harmless

_MOST_ROWS = 1_000_000
#: Headers of the columns that say where a row came from, and why it is here.
_NOTES = [*ORIGIN.values(), REASON]
#: Nothing of such a row can be mended: it is no record.
_NO_RECORD = "E-TOTALROW"


def write_repair(out: Path, file: Path, grid: Grid, listed: AgencyList, language: Language) -> int:
    """Write the faulty rows of `file` as they are, under its own headers, each with its reason.

    Parameters
    ----------
    out
        XLSX, every cell as text, or CSV with semicolons in UTF-8; it must not exist.
    grid
        `file`, open.
    listed
        What was read of it.

    Returns
    -------
    int
        Rows to mend: quarantined ones but total rows, and those with a set-aside cell.

    Raises
    ------
    ConfigError
        ``E-REPAIR-FILE`` if `out` exists, cannot be written, or has another ending.
    """
    header = dict(grid.head)[listed.report.header_row]
    headers = [(cell_text(cell) or "").strip() for cell in header]
    reasons = _reasons(listed, language)
    rows = _cells(file, grid, listed, reasons, len(headers))
    notes = {i for i, name in enumerate(headers) if name in _NOTES}
    headers = _without(headers, notes)  # of a file that was mended before and is faulty still
    rows = {number: _without(cells, notes) for number, cells in rows.items()}
    width = max([len(headers), *map(len, rows.values())])
    table = [[*_padded(headers, width), *_NOTES]]
    for number, cells in sorted(rows.items()):
        table.append([*_padded(cells, width), file.name, str(number), reasons[number]])
    _write(out, table)
    return len(rows)


def _reasons(listed: AgencyList, language: Language) -> dict[int, str]:
    """Why each row is here, by its number: ``COLUMN: what is wrong, what to do [CODE]``."""
    said: dict[int, list[str]] = defaultdict(list)
    for fault in listed.faults.rows():
        if fault["code"] != _NO_RECORD and not fault["code"].startswith("W-"):
            code = CODES[fault["code"]]
            column = listed.report.columns.get(fault["column"] or "", fault["column"])
            words = code.id if language == "id" else code.en
            place = f"{column}: " if column else ""
            said[fault["row"]].append(f"{place}{words} [{fault['code']}]")
    return {row: "; ".join(words) for row, words in said.items()}


def _cells(
    file: Path, grid: Grid, listed: AgencyList, wanted: Mapping[int, str], width: int
) -> dict[int, list[str]]:
    """The rows as the file has them, by number; those of a wrong width too."""
    found, ragged = {}, set()
    for body in grid.pieces(listed.report.header_row, width):
        for at in np.flatnonzero(np.isin(body.numbers, list(wanted))):
            found[int(body.numbers[at])] = [_text(column[int(at)]) for column in body.columns]
        ragged |= set(body.ragged) & set(wanted)
    if ragged and grid.delimiter:  # of a web page only the reason can be given
        found |= {n: row for n, row in _text_rows(file, grid) if n in ragged}
    return {number: [] for number in ragged} | found


def _text(cell: Any) -> str:
    value = cell.as_py() if hasattr(cell, "as_py") else cell
    return cell_text(value) or ""


def _text_rows(file: Path, grid: Grid) -> Iterator[tuple[int, list[str]]]:
    text = b"".join(open_text(file).blocks()).decode()
    yield from lines_of(text, grid.delimiter)


def _without(cells: Sequence[str], positions: set[int]) -> list[str]:
    return [cell for i, cell in enumerate(cells) if i not in positions]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _write(out: Path, table: Sequence[Sequence[str]]) -> None:
    kinds = {".xlsx": _xlsx, ".csv": _csv}
    make = kinds.get(out.suffix.lower())
    if make is None or (make is _xlsx and len(table) > _MOST_ROWS):
        raise _unwritable(out)
    content = make(table)
    try:
        opened = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise _unwritable(out) from None
    with os.fdopen(opened, "wb") as stream:
        stream.write(content)


def _xlsx(table: Sequence[Sequence[str]]) -> bytes:
    """Every cell as text: a NIK keeps its digits, and what begins with = is no formula."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": False})
    sheet = book.add_worksheet("perbaikan")
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for number, row in enumerate(table):
        for position, cell in enumerate(row):
            sheet.write_string(number, position, cell, text if number else bold)
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()


def _csv(table: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in table[0]])
    for row in table[1:]:
        own, notes = row[: -len(_NOTES)], row[-len(_NOTES) :]
        writer.writerow([*map(_as_text, own), *map(harmless, notes)])
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    """A cell that a spreadsheet leaves as it is when it opens CSV.

    It would lose the last digit of a NIK, take 02/01/1990 for 1 February and 400.000 for 400, by
    the language it is set to. The sign is taken off again, see `list_rows`. Blanks around a cell,
    which no list is read with, would hide from us what a spreadsheet sees behind them.
    """
    cell = cell.strip()
    return f"'{cell}" if re.match(r"[.,]?[0-9]", cell) else harmless(cell)


def _unwritable(out: Path) -> ConfigError:
    return ConfigError(
        Fault(
            "E-REPAIR-FILE",
            id="berkas perbaikan tidak dapat ditulis: sebut nama baru yang berakhir .xlsx (sampai "
            "satu juta baris) atau .csv, di folder yang boleh ditulisi",
            en="the file to mend cannot be written: give a new name that ends in .xlsx (up to a "
            "million rows) or .csv, in a folder that you may write to",
            file=out.name,
        )
    )
