"""Rows of a text file, a block at a time, each with the number that an editor shows.

A fast reader takes blocks whose quotes close in the line they open in; where a cell holds
a line break, the file goes line by line as a whole.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from geo_target.intake.faults import refused
from geo_target.intake.readers import Body
from geo_target.intake.text_blocks import TextFile

_LONGEST_CELL = 1_000_000

#: Arrow reads so much at a time; a row that is longer is left to the slow reader.
_ARROW_BYTES = 1 << 24


class QuoteError(Exception):
    """A quote that opens in line `row` is not closed, or closed in the middle of a cell."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def text_pieces(text: TextFile, delimiter: str, header: int, width: int) -> Iterator[Body]:
    """The rows after line `header`, which have `width` cells, a body for each block.

    Raises
    ------
    DataRefusedError
        ``E-QUOTE`` if a quote is not closed, ``E-CUT`` if the last row is cut.
    """
    if not text.closes_in_line:
        whole = b"".join(text.blocks())
        yield _slow_body(text.file, whole, delimiter, header, width)[0]
        return
    before, is_empty = 0, True
    for block in text.blocks():
        skipped = max(header - before, 0)
        found = _fast_body(block, delimiter, skipped, width)
        if found is None:
            found = _slow_body(text.file, block, delimiter, skipped, width, before=before)
        body, lines = found
        yield replace(_numbered(body, before), size=len(block))
        before, is_empty = before + lines, False
    if is_empty:
        yield Body([()] * width, np.array([], "int64"))


def lines_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line that each begins in.

    Raises
    ------
    QuoteError
        If a quote is not closed, or closed in the middle of a cell.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise QuoteError(start) from None
        if row is None:
            return
        yield start, row
        start = reader.line_num + 1


def unclosed(file: Path, row: int) -> Exception:
    """The refusal of a file whose quote is not closed."""
    return refused(
        file,
        "E-QUOTE",
        "tanda kutip ganda tidak ditutup dengan benar; periksa isian di baris ini",
        "a double quote is not closed rightly; look at the cells of this row",
        row=row,
    )


def _numbered(body: Body, before: int) -> Body:
    """`body` of a block that `before` lines come before."""
    if not before:
        return body
    ragged = [number + before for number in body.ragged]
    return Body(body.columns, body.numbers + before, body.blank, ragged)


def _fast_body(block: bytes, delimiter: str, header: int, width: int) -> tuple[Body, int] | None:
    """Rows and lines of a block by Arrow's reader; None where it meets what it cannot tell."""
    odd: list[tuple[int, str]] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    if width < 2:  # noqa: PLR2004  # a blank line is then a row like any other
        return None
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(block),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,  # the only way to be told the numbers of odd rows
                skip_rows=header,
                column_names=[str(i) for i in range(width)],
                block_size=_ARROW_BYTES,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                quote_char='"' if b'"' in block else False,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(i): pa.string() for i in range(width)},
                strings_can_be_null=False,
                check_utf8=False,  # looked through
            ),
        )
    except pa.ArrowInvalid:
        return None
    if any(number is None for number, _ in odd):
        return None
    blank = {number for number, text in odd if _is_blank(text, delimiter)}
    ragged = [number for number, _ in odd if number not in blank]
    if ragged and not block.endswith((b"\n", b"\r")):
        return None
    lines = header + table.num_rows + len(odd)
    everything = np.arange(header + 1, lines + 1)
    numbers = everything[~np.isin(everything, [number for number, _ in odd])] if odd else everything
    return _without_blank(Body(table.columns, numbers, len(blank), ragged)), lines


def _is_blank(text: str, delimiter: str) -> bool:
    if not text.replace(delimiter, "").replace('"', "").strip():
        return not any(cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), []))
    return False


def _without_blank(body: Body) -> Body:
    """Leave out rows of separators only, as a spreadsheet leaves them at its end."""
    empty = np.ones(len(body.numbers), dtype=bool)
    for column in body.columns:
        if not empty.any():
            return body
        empty &= pc.equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
    kept = pa.array(~empty)
    return Body(
        [pc.filter(column, kept) for column in body.columns],
        body.numbers[~empty],
        body.blank + int(empty.sum()),
        body.ragged,
    )


def _slow_body(
    file: Path, content: bytes, delimiter: str, header: int, width: int, *, before: int = 0
) -> tuple[Body, int]:
    """Rows and lines of a block, or of a whole file, line by line."""
    rows, numbers, ragged, blank = [], [], [], 0
    short = False
    text = content.decode("utf-8")
    try:
        for number, row in lines_of(text, delimiter):
            if number <= header:
                continue
            if not any(cell.strip() for cell in row):
                blank += 1
            elif len(row) != width:
                ragged.append(number)
                short = len(row) < width
            else:
                rows.append(row)
                numbers.append(number)
                short = False
    except QuoteError as error:
        raise unclosed(file, before + error.row) from None
    if short and not content.endswith((b"\n", b"\r")):
        raise refused(
            file,
            "E-CUT",
            "baris terakhir terpotong, unduhan belum selesai; unduh lagi",
            "the last row is cut, the download did not end; download it again",
        )
    # As the fast reader gives them: one block may be read by it, and the next one here.
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    columns = columns or [pa.array([], pa.string())] * width
    lines = sum(1 for _ in io.StringIO(text, newline=""))
    return Body(columns, np.array(numbers, "int64"), blank, ragged), lines
