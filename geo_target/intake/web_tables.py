"""A web page under a spreadsheet's name: its one table, as many agencies' systems export it.

Only words of cells are taken. Nothing of the page is run, drawn or fetched.
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from geo_target.errors import DataRefusedError
from geo_target.intake.faults import notice, refused
from geo_target.intake.readers import HEAD_ROWS, Body, Grid

#: The parser is slow, and such exports are small.
_LARGEST_PAGE = 60_000_000
_MOST_CELLS = 5_000_000
_WIDEST_CELL = 100
#: So much of a page is parsed at once, and a tag, a style or a comment is never longer.
_PART, _LONGEST_TAG = 1 << 16, 1 << 19
_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body", b"<style",
           b"<div", b"<center", b"<!--")  # fmt: skip
_UNSHOWN = {"script", "style", "template", "noscript"}


def is_web_page(start: bytes) -> bool:
    """Whether a file that begins so, in small letters, is a web page."""
    return start.startswith(_STARTS)


def web_grid(file: Path) -> Grid:
    """Open the table of a web page; its first row counts as 1.

    Raises
    ------
    DataRefusedError
        ``E-TYPE`` if the page has no table or several, ``E-CUT`` if it ends inside one,
        ``E-SIZE``, or ``E-ENCODING``.
    """
    parser = _Tables(file)
    _feed(file, parser, _text(file))
    if parser.depth:
        raise _cut(file)
    tables = [table for table in parser.tables if _is_list(table)]
    if len(tables) != 1:
        raise _no_single_table(file, len(tables))
    return _grid(file, tables[0])


def _feed(file: Path, parser: HTMLParser, text: str) -> None:
    """Give a page to the parser in parts.

    What it cannot tell yet it looks at again with each part, and at the end from each sign on: a
    page of tags that are never closed would take it hours.
    """
    for at in range(0, len(text), _PART):
        parser.feed(text[at : at + _PART])
        if len(parser.rawdata) > _LONGEST_TAG:
            raise _too_large(file)
    if len(parser.rawdata) > _PART:
        raise _cut(file)
    parser.close()


def _cut(file: Path) -> DataRefusedError:
    return refused(
        file,
        "E-CUT",
        "halaman web berakhir di tengah tabel, unduhan belum selesai; unduh lagi",
        "the web page ends inside its table, the download did not end; download it again",
    )


def _too_large(file: Path) -> DataRefusedError:
    return refused(
        file,
        "E-SIZE",
        "tabel halaman web terlalu besar; simpan ulang sebagai CSV atau XLSX",
        "the table of the web page is too large; save it again as CSV or XLSX",
    )


def _grid(file: Path, table: list[list[str]]) -> Grid:
    rows = [(n, row) for n, row in enumerate(table, start=1) if any(c.strip() for c in row)]

    def pieces(header: int, width: int) -> Iterator[Body]:
        below = [(number, row) for number, row in rows if number > header]
        whole = [(number, row) for number, row in below if len(row) == width]
        columns = list(zip(*(row for _, row in whole), strict=True)) or [()] * width
        ragged = [number for number, row in below if len(row) != width]
        numbers = np.array([number for number, _ in whole], "int64")
        yield Body(columns, numbers, len(table) - header - len(below), ragged)

    said = notice(
        file,
        "W-WEBPAGE",
        "sebenarnya halaman web (HTML); tabelnya dibaca; sebaiknya ekspor sebagai XLSX atau CSV",
        "its true kind is a web page (HTML); its table was read; better export XLSX or CSV",
    )
    return Grid(rows[:HEAD_ROWS], pieces, notices=[said])


def _text(file: Path) -> str:
    if file.stat().st_size > _LARGEST_PAGE:
        raise refused(
            file,
            "E-SIZE",
            "halaman web lebih dari 60 MB; simpan ulang sebagai CSV atau XLSX",
            "the web page is larger than 60 MB; save it again as CSV or XLSX",
        )
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused(
        file,
        "E-ENCODING",
        "huruf tidak terbaca; simpan ulang sebagai CSV UTF-8",
        "the letters cannot be read; save it again as CSV UTF-8",
    )


def _is_list(table: list[list[str]]) -> bool:
    """Whether a table has rows and columns: pages use others to set out their titles."""
    return sum(sum(bool(cell.strip()) for cell in row) > 1 for row in table) > 1


def _no_single_table(file: Path, found: int) -> Exception:
    return refused(
        file,
        "E-TYPE",
        f"sebenarnya halaman web (HTML) dengan {found} tabel, padahal perlu tepat satu; "
        "simpan ulang daftarnya sebagai CSV atau XLSX",
        f"its true kind is a web page (HTML) with {found} tables where one is needed; save "
        "the list again as CSV or XLSX",
    )


class _Tables(HTMLParser):
    """Collects tables as rows of words; a cell across several columns is followed by blanks."""

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.depth = 0
        self._file = file
        self._unshown = 0
        self._cells = 0
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self.depth:
            self.tables[-1].append([])
            self._in_cell = False
        elif tag in {"td", "th"} and self.depth:
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._in_cell:
            self.tables[-1][-1][self._at] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSHOWN:
            self._unshown = max(self._unshown - 1, 0)
        elif tag == "table" and self.depth:
            self.depth -= 1
            self._in_cell = False
        elif tag in {"td", "th", "tr"}:
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and not self._unshown:
            self.tables[-1][-1][self._at] += data

    def _begin_table(self) -> None:
        if self.depth:  # a table in a cell: whose row is whose cannot be told
            raise _no_single_table(self._file, 2)
        self.depth += 1
        self.tables.append([])
        self._in_cell = False

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if not table:
            table.append([])
        if (attributes.get("rowspan") or "1").strip() not in {"0", "1"}:
            raise refused(
                self._file,
                "E-TYPE",
                "halaman web (HTML) dengan sel gabungan ke bawah; simpan ulang sebagai XLSX",
                "a web page (HTML) with cells that span rows; save it again as XLSX",
                row=len(table),
            )
        wide = attributes.get("colspan") or "1"
        blanks = min(int(wide), _WIDEST_CELL) - 1 if wide.isdecimal() else 0
        self._at = len(table[-1])
        table[-1].extend([""] * (1 + max(blanks, 0)))
        self._cells += 1 + max(blanks, 0)
        self._in_cell = True
        if self._cells > _MOST_CELLS:
            raise _too_large(self._file)
