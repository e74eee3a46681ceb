"""Text with separated columns: any of four separators, encodings as they are met.

Row numbers are those of an editor. A fast reader takes files whose quotes close in the
line they open in; the others, where a cell holds a line break, go line by line.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from geo_target.errors import Fault
from geo_target.intake.containers import refuse_other_text
from geo_target.intake.faults import mojibake, notice
from geo_target.intake.readers import HEAD_ROWS, Body, Grid, refused
from geo_target.intake.web_tables import is_web_page, web_grid

DELIMITERS = (";", ",", "\t", "|")

_HEAD_BYTES = 200_000
_LONGEST_CELL = 1_000_000

#: Arrow reads so much at a time; a row that is longer is left to the slow reader.
_BLOCK_BYTES = 1 << 24


class _QuoteError(Exception):
    """A quote that opens in line `row` is not closed, or closed in the middle of a cell."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def text_grid(file: Path, head: bytes) -> Grid:
    """Open a text file; `head` are its first bytes.

    Raises
    ------
    DataRefusedError
        If it is another kind of file under a list's name, or ends in the middle of a row.
    """
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if is_web_page(start):
        return web_grid(file)
    refuse_other_text(file, head)
    content, encoding = _as_utf8(file)
    first = content[:_HEAD_BYTES].decode("utf-8", "ignore")
    delimiter = _delimiter(first)
    rows = []
    try:
        for number, row in _lines(first, delimiter):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) == HEAD_ROWS:
                break
    except _QuoteError as error:
        if len(content) <= _HEAD_BYTES:  # else the head may end inside a cell
            raise _unclosed(file, error.row) from None

    def body(header: int, width: int) -> Body:
        fast = _fast_body(content, delimiter, header, width) if _closes_in_line(content) else None
        return fast or _slow_body(file, content, delimiter, header, width)

    return Grid(
        rows, body, delimiter=delimiter, encoding=encoding,
        notices=_notices(file, content, encoding),
    )  # fmt: skip


def _fast_body(content: bytes, delimiter: str, header: int, width: int) -> Body | None:
    """The rows by Arrow's reader; None where it meets what it cannot tell apart."""
    odd: list[tuple[int, str]] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    if width < 2:  # noqa: PLR2004  # a blank line is then a row like any other
        return None
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            read_options=arrow_csv.ReadOptions(
                use_threads=False,  # the only way to be told the numbers of odd rows
                skip_rows=header,
                column_names=[str(i) for i in range(width)],
                block_size=_BLOCK_BYTES,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={str(i): pa.string() for i in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if any(number is None for number, _ in odd):
        return None
    blank = {number for number, text in odd if _is_blank(text, delimiter)}
    ragged = [number for number, _ in odd if number not in blank]
    if ragged and not content.endswith((b"\n", b"\r")):
        return None
    everything = np.arange(header + 1, header + 1 + table.num_rows + len(odd))
    numbers = everything[~np.isin(everything, [number for number, _ in odd])]
    return _without_blank(Body(table.columns, numbers, len(blank), ragged))


def _is_blank(text: str, delimiter: str) -> bool:
    if not text.replace(delimiter, "").replace('"', "").strip():
        return not any(cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), []))
    return False


def _without_blank(body: Body) -> Body:
    """Leave out rows of separators only, as a spreadsheet leaves them at its end."""
    import pyarrow.compute as pc  # noqa: PLC0415

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


def _slow_body(file: Path, content: bytes, delimiter: str, header: int, width: int) -> Body:
    rows, numbers, ragged, blank = [], [], [], 0
    short = False
    try:
        for number, row in _lines(content.decode("utf-8"), delimiter):
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
    except _QuoteError as error:
        raise _unclosed(file, error.row) from None
    if short and not content.endswith((b"\n", b"\r")):
        raise refused(
            file,
            "E-CUT",
            "baris terakhir terpotong, unduhan belum selesai; unduh lagi",
            "the last row is cut, the download did not end; download it again",
        )
    columns = list(zip(*rows, strict=True)) or [()] * width
    return Body(columns, np.array(numbers, "int64"), blank, ragged)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line that each begins in."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise _QuoteError(start) from None
        if row is None:
            return
        yield start, row
        start = reader.line_num + 1


def _closes_in_line(content: bytes) -> bool:
    """Whether every quote closes in the line that it opens in.

    A carriage return alone ends a line too: what holds quotes and such lines is not looked
    into.
    """
    if b'"' not in content:
        return True
    if content.count(b"\r") != content.count(b"\r\n"):
        return False
    signs = np.frombuffer(content, dtype="uint8")
    quotes = np.flatnonzero(signs == ord('"'))
    line_of = np.searchsorted(np.flatnonzero(signs == ord("\n")), quotes)
    return bool((np.bincount(line_of) % 2 == 0).all())


def _as_utf8(file: Path) -> tuple[bytes, str]:
    raw = file.read_bytes()
    if encoding := _wide_encoding(raw[:_HEAD_BYTES]):
        return _decoded(file, raw, encoding).removeprefix("\ufeff").encode(), "utf-16"
    content = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(file, content, "cp1252").encode(), "cp1252"
    return content, "utf-8"


def _wide_encoding(head: bytes) -> str:
    """UTF-16 by its mark, or without one by the zeros beside the letters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(head) // 2
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[first::2].count(0)
        if pairs and zeros > _MOST_LETTERS * pairs > head[1 - first :: 2].count(0):
            return encoding
    return ""


#: Share of plain letters in a text, at least.
_MOST_LETTERS = 0.6

_SPOILED = re.compile(rb"\xc3\x83\xc2[\x80-\xbf]|\xc3\x82\xc2[\xa0-\xbf]|\xc3\xa2\xe2\x82\xac")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NOT_ASCII = re.compile("[^;,|\\t\\r\\n]*[^\\x00-\\x7f][^;,|\\t\\r\\n]*")
_SAMPLES = 3


def _notices(file: Path, content: bytes, encoding: str) -> list[Fault]:
    """What was done to the letters, and what is odd about them."""
    said = []
    if encoding == "cp1252":
        words = dict.fromkeys(_NOT_ASCII.findall(content[:_HEAD_BYTES].decode("utf-8", "ignore")))
        # A cell may hold a number of a person beside the letters: numbers are not shown.
        shown = ", ".join(re.sub(r"\d", "*", w).strip()[:40] for w in list(words)[:_SAMPLES]) or "-"
        said.append(
            notice(
                file,
                "W-ENCODING",
                f"bukan UTF-8, dibaca sebagai Windows-1252; periksa contoh ini: {shown}",
                f"no UTF-8, read as Windows-1252; look at these samples: {shown}",
            )
        )
    if _SPOILED.search(content):
        said.append(mojibake(file))
    if odd := len(_CONTROL.findall(content)):
        said.append(
            notice(
                file,
                "W-CONTROL",
                f"{odd} tanda kendali yang tak terlihat diganti spasi; tidak perlu tindakan",
                f"{odd} control signs that nobody sees became blanks; nothing to do",
            )
        )
    return said


def _decoded(file: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise refused(
            file,
            "E-ENCODING",
            "huruf tidak terbaca; simpan ulang sebagai CSV UTF-8",
            "the letters cannot be read; save it again as CSV UTF-8",
        ) from None


_QUOTED = re.compile('"[^"]*"')


def _delimiter(text: str) -> str:
    """The separator that parts most of the first lines into equally many cells.

    Commas of addresses and amounts differ from line to line; what is quoted does not count.
    """
    lines = [_QUOTED.sub("", line) for line in text.splitlines() if line.strip()][:HEAD_ROWS]

    def agreement(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        return max(((lines_, count) for count, lines_ in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _unclosed(file: Path, row: int) -> Exception:
    return refused(
        file,
        "E-QUOTE",
        "tanda kutip ganda tidak ditutup dengan benar; periksa isian di baris ini",
        "a double quote is not closed rightly; look at the cells of this row",
        row=row,
    )
