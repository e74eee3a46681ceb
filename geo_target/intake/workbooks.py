"""Workbooks: XLSX, XLS, XLSB and ODS, with the types that their cells really have."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine as calamine

from geo_target.errors import Fault
from geo_target.intake import containers
from geo_target.intake.faults import mojibake, notice, refused
from geo_target.intake.readers import HEAD_ROWS, Body, Cell, Grid
from geo_target.intake.sheet_marks import SheetMarks, sheet_marks
from geo_target.intake.workbook_zips import ZipFacts, broken, look_into

#: A sheet of 200,000 rows and 20 columns unpacks to less; a bomb to far more.
_LARGEST_UNPACKED = 600_000_000
_LAST_ROW = 1_048_576
#: What the reader raises where a spoiled file breaks one of its own rules: no kind of `Exception`.
_PANIC = "PanicException"


def workbook_grid(file: Path, sheet: str | None, *, is_zip: bool) -> Grid:
    """Open a sheet of a workbook.

    Merged cells are filled downwards when the rows below a header are read, and inside the
    merged range only.

    Raises
    ------
    DataRefusedError
        If it is broken, cut, locked, a bomb, or has macros; or if the sheet to read is not
        clear.
    """
    facts = _facts(file, is_zip=is_zip)
    try:
        with file.open("rb") as content:  # by its bytes: of a path its name would decide
            book = calamine.CalamineWorkbook.from_filelike(content)
        name = _sheet_name(file, book, sheet)
        opened = book.get_sheet_by_name(name)
        raw = opened.to_python(skip_empty_area=False)
        merged = opened.merged_cell_ranges or []
    except calamine.PasswordError:
        raise containers.locked(file) from None
    except (calamine.CalamineError, OSError):
        raise broken(file) from None
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise broken(file) from None
    marks = sheet_marks(file, facts, book.sheet_names.index(name)) if is_zip else SheetMarks()
    without_value = _clear_unread(raw, marks)
    rows = [
        (number, row)
        for number, row in enumerate(raw, start=1)
        if number in without_value or not _is_blank(row)
    ]

    def pieces(header: int, width: int) -> Iterator[Body]:
        filled = _fill_merged(raw, merged, header)
        below = [(number, row) for number, row in rows if number > header]
        columns = list(zip(*(row for _, row in below), strict=True)) or [()] * width
        numbers = np.array([number for number, _ in below], "int64")
        blank = len(raw) - header - len(below)
        unread = [cell for cell in marks.unread if cell[0] > header]
        yield Body(columns, numbers, blank, unread=unread, notices=_merged(file, name, filled))

    notices = [*_hidden(file, book, name, marks), *_odd_letters(file, name, facts)]
    return Grid(rows[:HEAD_ROWS], pieces, sheet=name, notices=notices)


def _facts(file: Path, *, is_zip: bool) -> ZipFacts:
    if is_zip:
        return look_into(file, largest=_LARGEST_UNPACKED)
    if file.stat().st_size > _LARGEST_UNPACKED:
        raise refused(
            file,
            "E-SIZE",
            "buku kerja terlalu besar; bagi menjadi beberapa berkas",
            "the workbook is too large; split it into several files",
        )
    containers.refuse_other_old_file(file)
    return ZipFacts({})


def _clear_unread(raw: list[list[Any]], marks: SheetMarks) -> set[int]:
    """Empty the cells that hold no value of their own, and name their rows.

    A row of nothing else is not blank: somebody is in it.
    """
    width = len(raw[0]) if raw else 0
    last = max((number for number, _, _ in marks.unread if number <= _LAST_ROW), default=0)
    raw.extend([None] * width for _ in range(last - len(raw)))  # calamine ends at a value
    for number, position, _ in marks.unread:
        if number <= len(raw) and position < len(raw[number - 1]):
            raw[number - 1][position] = None
    return {number for number, _, _ in marks.unread}


def _is_blank(row: Sequence[Cell]) -> bool:
    for cell in row:  # the first cell tells nearly always, and `all` costs tenfold
        if cell is not None and not (isinstance(cell, str) and not cell.strip()):
            return False
    return True


def _fill_merged(
    raw: Sequence[list[Any]],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    header: int,
) -> int:
    """Write the value of a merged range into the cells below its first, and count them.

    Rows that are blank but for the range stay blank: there is nobody in them. A range that
    begins in the header or above it belongs to the titles.
    """
    filled = 0
    for (top, left), (bottom, _) in merged:
        if top < header or left >= len(raw[0]):
            continue
        for row in raw[top + 1 : bottom + 1]:
            if row[left] in ("", None) and not _is_blank(row):
                row[left] = raw[top][left]
                filled += 1
    return filled


def _merged(file: Path, sheet: str, filled: int) -> list[Fault]:
    if not filled:
        return []
    return [
        notice(
            file,
            "W-MERGED",
            f"{filled} sel di dalam rentang gabungan diisi dengan nilai sel teratasnya; "
            "pastikan memang demikian maksudnya",
            f"{filled} cells inside merged ranges were filled with the value of the top cell; "
            "make sure that this is meant",
            sheet=sheet,
        )
    ]


def _hidden(file: Path, book: Any, sheet: str, marks: SheetMarks) -> list[Fault]:
    """What a spreadsheet does not show: hidden or filtered rows are read, sheets are not."""
    said = []
    if marks.hidden:
        said.append(
            notice(
                file,
                "W-HIDDEN-ROWS",
                f"{marks.hidden} baris tersembunyi atau tersaring ikut dibaca; hapus dari berkas "
                "bila tidak dimaksudkan",
                f"{marks.hidden} hidden or filtered rows were read too; delete them from the "
                "file if that is not meant",
                sheet=sheet,
            )
        )
    shown = calamine.SheetVisibleEnum.Visible
    hidden = [meta.name for meta in book.sheets_metadata if meta.visible != shown]
    if unread := ", ".join(name for name in hidden if name != sheet):
        said.append(
            notice(
                file,
                "W-HIDDEN-SHEET",
                f"lembar tersembunyi tidak dibaca: {unread}; sebut dengan sheet bila perlu",
                f"hidden sheets were not read: {unread}; name one with sheet if it is needed",
            )
        )
    if marks.spans_unread:
        said.append(
            notice(
                file,
                "W-MERGED-UNREAD",
                "sel gabungan pada ODS tidak diisi ke bawah; simpan sebagai XLSX bila ada kolom "
                "yang digabung",
                "merged cells of ODS are not filled downwards; save it as XLSX if columns are "
                "merged",
                sheet=sheet,
            )
        )
    return said


def _odd_letters(file: Path, sheet: str, facts: ZipFacts) -> list[Fault]:
    return [mojibake(file, sheet=sheet)] if facts.has("mojibake") else []


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
        f"ada beberapa lembar ({sheets}); sebut satu: --sheet pada geo-target check, atau "
        'sheet = "..." pada [[source]]; tiap lembar yang diperlukan menjadi [[source]] sendiri',
        f"there are several sheets ({sheets}); name one: --sheet of geo-target check, or "
        'sheet = "..." of [[source]]; each sheet that is needed is a [[source]] of its own',
    )
