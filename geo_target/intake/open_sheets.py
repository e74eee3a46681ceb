"""How far the sheets of an open document reach (ODS), told from its tags as they stream by.

A row or a cell may stand for many: a few bytes then fill all memory.
"""

import re

_QUOTED = rb"""[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*"""
_KINDS = rb"table-row|table-cell|covered-table-cell|table"
_TAG = re.compile(rb"<table:(" + _KINDS + rb")(?=[\s/>])(" + _QUOTED + rb")>")
_UNCLOSED = re.compile(rb"<table:[\w-]+" + _QUOTED + rb"""(?:"[^"]*|'[^']*)?""")
_REPEATED = re.compile(rb"""-repeated\s*=\s*["']\s*(\d{1,9})""")
#: A tag that is not closed after so many bytes is none of a list.
_LONGEST_TAG = 1 << 16
#: An office suite fills a sheet's empty end with repeated rows, and no list repeats a filled
#: row or cell so often.
_MOST_REPEATED = 100_000


class OpenSheets:
    """`span` is how many cells lie between the corner of each sheet and its last filled ones."""

    def __init__(self) -> None:
        self.repeats_too_much = False
        self._rest = b""
        self._before = self._last_row = self._last_column = 0
        self._row = self._column = 0
        self._times = 1

    @property
    def span(self) -> int:
        """Cells that a reader has to make."""
        return self._before + self._last_row * self._last_column

    def take(self, chunk: bytes) -> None:
        """Look at the next bytes; a tag that is not whole waits for more."""
        text, end = self._rest + chunk, 0
        for found in _TAG.finditer(text):
            self._look_at(found[1], found[2])
            end = found.end()
        begun = text.rfind(b"<", end)
        self._rest = text[begun:] if begun >= 0 else b""
        if len(self._rest) > _LONGEST_TAG:
            self.repeats_too_much |= bool(_UNCLOSED.fullmatch(self._rest))
            self._rest = b""

    def _look_at(self, kind: bytes, said: bytes) -> None:
        times = 1
        if b"-repeated" in said and (found := _REPEATED.search(said)):
            times = int(found[1])
        if kind == b"table":
            self._before, self._last_row, self._last_column = self.span, 0, 0
            self._row = self._column = 0
        elif kind == b"table-row":
            self._row, self._column, self._times = self._row + times, 0, times
        else:
            self._column += times
            if b"value-type" in said:
                self._fill(times)

    def _fill(self, times: int) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        self.repeats_too_much |= self._times * times > _MOST_REPEATED
