"""Workbooks: XLSX, XLS, XLSB and ODS, with the types that their cells really have."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine as calamine

from geo_target.intake.readers import HEAD_ROWS, Body, Cell, Grid, refused

#: A sheet of 200,000 rows and 20 columns unpacks to less; a bomb to far more.
_LARGEST_UNPACKED = 600_000_000
_LARGEST_RATIO = 200


def workbook_grid(file: Path, sheet: str | None, *, is_zip: bool) -> Grid:
    """Open a sheet of a workbook.

    Raises
    ------
    DataRefusedError
        If it is broken, cut, locked or a bomb, or the sheet to read is not clear.
    """
    if is_zip:
        _check_zip(file)
    try:
        book = calamine.CalamineWorkbook.from_path(file)
        name = _sheet_name(file, book, sheet)
        raw = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        raise refused(
            file,
            "E-LOCKED",
            "buku kerja dikunci kata sandi; simpan ulang tanpa sandi",
            "the workbook is locked with a password; save it without one",
        ) from None
    except (calamine.CalamineError, OSError):
        raise _broken(file) from None
    rows = [(number, row) for number, row in enumerate(raw, start=1) if not _is_blank(row)]

    def body(header: int, width: int) -> Body:
        below = [(number, row) for number, row in rows if number > header]
        last = len(raw)
        columns = list(zip(*(row for _, row in below), strict=True)) or [()] * width
        return Body(
            columns, np.array([number for number, _ in below], "int64"), last - header - len(below)
        )

    return Grid(rows[:HEAD_ROWS], body, sheet=name)


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell == "" or cell is None for cell in row)


def _check_zip(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as opened:
            members = opened.infolist()
    except (zipfile.BadZipFile, OSError):
        raise _broken(file) from None
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > _LARGEST_UNPACKED or unpacked > _LARGEST_RATIO * max(packed, 1):
        raise refused(
            file,
            "E-SIZE",
            "isi buku kerja terlalu besar setelah dibuka; bagi menjadi beberapa berkas",
            "the workbook unpacks to too much; split it into several files",
        )


def _sheet_name(file: Path, book: Any, wanted: str | None) -> str:
    if wanted in book.sheet_names:
        return str(wanted)
    shown = calamine.SheetVisibleEnum.Visible
    visible = [meta.name for meta in book.sheets_metadata if meta.visible == shown]
    if wanted is None and len(visible) == 1:
        return str(visible[0])
    sheets = ", ".join(visible)
    raise refused(
        file,
        "E-SHEET",
        f'sebut satu lembar dengan sheet = "..."; lembar yang ada: {sheets}',
        f'name one sheet with sheet = "..."; the sheets are: {sheets}',
    )


def _broken(file: Path) -> Exception:
    return refused(
        file,
        "E-WORKBOOK",
        "buku kerja rusak atau terpotong; unduh atau simpan ulang",
        "the workbook is broken or cut; download or save it again",
    )
