"""Workbooks: XLSX, XLS, XLSB and ODS, with the types that their cells really have."""

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine as calamine

from geo_target.intake.readers import HEAD_ROWS, Body, Cell, Grid, refused

#: A sheet of 200,000 rows and 20 columns unpacks to less; a bomb to far more.
_LARGEST_UNPACKED = 600_000_000
_LARGEST_RATIO = 200
#: Cells of a sheet from its first to its last filled row and column: a stray cell far away
#: makes all that lies between take memory.
_MOST_CELLS = 60_000_000
_CHUNK = 1 << 20


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
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _check_zip(file: Path) -> None:
    """Refuse what would take all memory, before anything of it is taken."""
    try:
        with zipfile.ZipFile(file) as opened:
            members = opened.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            if unpacked > min(_LARGEST_UNPACKED, _LARGEST_RATIO * max(packed, 1)):
                raise _too_large(file)
            left = _LARGEST_UNPACKED
            for member in members:
                left -= _checked_size(file, opened, member, left)
    except (zipfile.BadZipFile, zlib.error, OSError, *_BROKEN_ZIP):
        raise _broken(file) from None


#: What zipfile raises of a damaged or odd archive, besides its own error.
_BROKEN_ZIP = (EOFError, NotImplementedError, OverflowError, RuntimeError, ValueError, struct.error)

_CELL = re.compile(rb' r="([A-Z]{2,3})\d')
_LAST_ROW = re.compile(rb' r="[A-Z]{0,3}(\d{1,9})"')


def _checked_size(file: Path, opened: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """Size of a member, read to its real end: what its entry says may be a lie."""
    member.file_size = most + 2 * _CHUNK
    is_sheet = member.filename.endswith(".xml") and "sharedStrings" not in member.filename
    size, rows, columns, tail = 0, 0, 26, b""
    with opened.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise _too_large(file)
            if not is_sheet:
                continue
            text = tail + chunk
            columns = max([columns, *map(_column_number, set(_CELL.findall(text)))])
            if last := _LAST_ROW.search(text, max(text.rfind(b' r="', 0, -16), 0)):
                rows = max(rows, int(last[1]))
            if rows * columns > _MOST_CELLS:
                raise _too_wide(file, rows, columns)
            tail = text[-32:]
    return size


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _too_large(file: Path) -> Exception:
    return refused(
        file,
        "E-SIZE",
        "isi buku kerja terlalu besar setelah dibuka; bagi menjadi beberapa berkas",
        "the workbook unpacks to too much; split it into several files",
    )


def _too_wide(file: Path, rows: int, columns: int) -> Exception:
    return refused(
        file,
        "E-SIZE",
        f"lembarnya membentang {rows} baris x {columns} kolom: ada isian jauh di luar daftar; "
        "hapus baris dan kolom di luar daftar, lalu simpan ulang",
        f"its sheet spans {rows} rows x {columns} columns: a cell is filled far off the list; "
        "delete the rows and columns outside the list and save it again",
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
