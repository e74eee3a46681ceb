"""Text with separated columns: any of four separators, encodings as they are met."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from geo_target.errors import Fault
from geo_target.intake.containers import refuse_other_text
from geo_target.intake.faults import mojibake, notice
from geo_target.intake.readers import HEAD_ROWS, Body, Grid
from geo_target.intake.text_blocks import TextFile, open_text
from geo_target.intake.text_rows import QuoteError, lines_of, text_pieces, unclosed
from geo_target.intake.web_tables import is_web_page, web_grid

DELIMITERS = (";", ",", "\t", "|")

_NOT_ASCII = re.compile("[^;,|\\s]*[^\\x00-\\x7f][^;,|\\s]*")
_SAMPLES = 3
_QUOTED = re.compile('"[^"]*"')


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
    text = open_text(file)
    first, is_all = text.head()
    delimiter = _delimiter(first)
    rows = []
    try:
        for number, row in lines_of(first, delimiter):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) == HEAD_ROWS:
                break
    except QuoteError as error:
        if is_all:  # else the head may end inside a cell
            raise unclosed(file, error.row) from None

    def pieces(header: int, width: int) -> Iterator[Body]:
        return text_pieces(text, delimiter, header, width)

    return Grid(
        rows, pieces, delimiter=delimiter, encoding=text.encoding[:6],
        notices=_notices(text, first),
    )  # fmt: skip


def _notices(text: TextFile, first: str) -> list[Fault]:
    """What was done to the letters, and what is odd about them."""
    said, file = [], text.file
    if text.encoding == "cp1252":
        words = dict.fromkeys(_NOT_ASCII.findall(first))
        # A cell may hold a person's name or number: only the odd letters are shown.
        shown = ", ".join(_hidden(word) for word in list(words)[:_SAMPLES]) or "-"
        said.append(
            notice(
                file,
                "W-ENCODING",
                f"bukan UTF-8, dibaca sebagai Windows-1252; periksa contoh ini: {shown}",
                f"no UTF-8, read as Windows-1252; look at these samples: {shown}",
            )
        )
    if text.is_mojibake:
        said.append(mojibake(file))
    if odd := text.control:
        said.append(
            notice(
                file,
                "W-CONTROL",
                f"{odd} tanda kendali yang tak terlihat diganti spasi; tidak perlu tindakan",
                f"{odd} control signs that nobody sees became blanks; nothing to do",
            )
        )
    return said


def _hidden(word: str) -> str:
    return re.sub("[0-9A-Za-z]", "x", word)[:40]


def _delimiter(text: str) -> str:
    """The separator that parts most of the first lines into equally many cells.

    Commas of addresses and amounts differ from line to line; what is quoted does not count.
    """
    lines = [_QUOTED.sub("", line) for line in text.splitlines() if line.strip()][:HEAD_ROWS]

    def agreement(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        return max(((lines_, count) for count, lines_ in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement)
