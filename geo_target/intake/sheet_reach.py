"""How far a sheet of XML reaches, told from the places of its cells as they stream by.

A reader makes room for all that lies between its corner and its last row and column, wherever
in the sheet those are named.
"""

import re

#: What all programs write: ``<c r="AB12"``. Each pattern begins with a text that is found quickly.
_PLAIN_COLUMN = re.compile(rb' r="([A-Za-z]{2,3})\d')
_PLAIN_ROW = re.compile(rb' r="[A-Za-z]{0,3}(\d{1,10})"')
#: What XML allows beside that: other quotes, blanks and line ends around the sign of equality.
_ANY_CELL = re.compile(rb"""["']([A-Za-z]{1,3})(\d{1,10})["']""")
_ANY_ROW = re.compile(rb"""["'](\d{1,7})["']""")
_ODD = (b"='", b" =", b"= ", b"\n=", b"=\n", b"\r=", b"=\r", b"\t=", b"=\t")


class SheetReach:
    """`rows` and `columns` up to the last cell that was seen, counted from the sheet's corner."""

    def __init__(self) -> None:
        self.rows, self.columns = 0, 26

    def take(self, text: bytes) -> None:
        """Look at the next bytes; the place of a cell must not be parted between two."""
        if text.count(b"r=") == text.count(b' r="') and not any(odd in text for odd in _ODD):
            columns, rows = set(_PLAIN_COLUMN.findall(text)), set(_PLAIN_ROW.findall(text))
        else:
            cells = _ANY_CELL.findall(text)
            columns = {letters for letters, _ in cells}
            rows = {row for _, row in cells} | set(_ANY_ROW.findall(text))
        self.columns = max([self.columns, *map(column_number, columns)])
        self.rows = max([self.rows, *map(int, rows)])


def column_number(letters: bytes) -> int:
    """Place of a column, counted from 1: ``AB`` is 28."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number
