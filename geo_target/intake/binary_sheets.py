"""How far a binary sheet reaches (XLSB), told from its records as they stream by.

A record is a type and a length in 7 bits a byte, then so many bytes: MS-XLSB 2.1.4.
"""

_ROW, _LAST_CELL = 0, 11
#: A row and a cell say which they are in their first four bytes.
_NUMBER = 4
#: Type and length of a record, and the number in it, take no more.
_LONGEST_HEAD = 10
_MOST_SHIFT = 21
#: Ends any sheet: what was begun before it is looked at.
END_OF_RECORDS = bytes(2 * _LONGEST_HEAD)
#: A cell takes 10 bytes and more: of so many records as many bytes as would be cells must be there.
_MANY, _BYTES_EACH = 200_000, 8


class BinarySheet:
    """`rows` and `columns` up to the last cell that was seen, counted from the sheet's corner."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._rest, self._skipped = b"", 0
        self._bytes = self._records = 0

    @property
    def is_storm(self) -> bool:
        """Whether there are far more records than any list would have in so few bytes."""
        return self._records > _MANY and self._bytes < _BYTES_EACH * self._records

    def take(self, chunk: bytes) -> None:
        """Look at the records of the next bytes; one that is not whole waits for more."""
        content = self._rest + chunk
        at, last, records = self._skipped, len(content) - _LONGEST_HEAD, 0
        rows, columns = self.rows, self.columns
        while at < last:
            kind, at = content[at], at + 1
            if kind & 0x80:
                kind, at = kind | content[at] << 7, at + 1
            length = content[at] & 0x7F
            shift = 7
            while content[at] & 0x80 and shift <= _MOST_SHIFT:
                at += 1
                length |= (content[at] & 0x7F) << shift
                shift += 7
            at += 1
            if kind <= _LAST_CELL and length >= _NUMBER:
                number = int.from_bytes(content[at : at + _NUMBER], "little") + 1
                if kind != _ROW:
                    columns = max(columns, number)
                elif number > rows:
                    rows = number
            at += length
            records += 1
        self.rows, self.columns = rows, columns
        self._records += records
        self._bytes += len(chunk)
        self._rest, self._skipped = content[at:], max(at - len(content), 0)
