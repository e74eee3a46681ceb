"""What a zipped workbook unpacks to, looked at before anything of it takes memory."""

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from geo_target.errors import DataRefusedError
from geo_target.intake import containers
from geo_target.intake.binary_sheets import END_OF_RECORDS, BinarySheet
from geo_target.intake.faults import refused
from geo_target.intake.open_sheets import OpenSheets
from geo_target.intake.sheet_reach import SheetReach

#: Cells that are much alike pack to a hundredth; of what is large once unpacked a list packs to a
#: twentieth.
_LARGEST_RATIO, _LARGE, _RATIO_OF_LARGE = 200, 100_000_000, 60
#: Cells with a tag: a million rows of twenty, which is all that a sheet of such a list holds.
_MOST_FILLED = 25_000_000
#: A binary sheet is walked through record by record, a second for 20 MB; a list packs to a tenth.
_BINARY_BYTES, _BINARY_RATIO = 20_000_000, 40
#: Cells of a sheet from its first to its last filled row and column: a stray cell far away
#: makes all that lies between take memory.
_MOST_CELLS = 60_000_000
#: Texts of a workbook; 200,000 rows of 20 columns hold at most 4 million.
_MOST_TEXTS = 20_000_000
#: The directory of a workbook names a few dozen parts; a zip's end with a comment is no longer.
_LONGEST_DIRECTORY, _LONGEST_END = 5_000_000, 70_000
_CHUNK = 1 << 20
#: So much of a chunk is looked at again with the next one.
_SEAM = 256

#: What zipfile raises of a damaged or odd archive, besides its own error.
BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, OverflowError,
    RuntimeError, ValueError, struct.error,
)  # fmt: skip

#: Marks that a closer look at the sheet is worth its time, by the parts that they may stand in.
_OPEN_DOCUMENT = "content.xml"
_MARKS_OF_SHEETS = {
    "hidden": (b' hidden="1"', b' hidden="true"'),
    "formula": (b"<f",),
    "error": (b' t="e"',),
}
_MARKS_OF_OPEN_DOCUMENTS = {
    "hidden": (b'"collapse"', b'"filter"'),
    "merged": (b"-rows-spanned=",),
}
_CELL_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:c|row)\b")
_MOJIBAKE = (b"\xc3\x83\xc2", b"\xc3\x82\xc2", b"\xc3\xa2\xe2\x82\xac")


@dataclass(frozen=True)
class ZipFacts:
    """Marks that were met, by the name of the part they stand in."""

    marks: dict[str, set[str]]

    def has(self, mark: str, part: str | None = None) -> bool:
        """Whether a mark stands in `part`, or in any."""
        found = [self.marks.get(part, set())] if part else self.marks.values()
        return any(mark in marks for marks in found)


def look_into(file: Path, *, largest: int) -> ZipFacts:
    """Read every part of a zipped workbook to its real end, keeping nothing.

    Parameters
    ----------
    largest
        Bytes that all parts may unpack to.

    Raises
    ------
    DataRefusedError
        ``E-SIZE`` for a bomb or a cell far off the list, ``E-TYPE`` and ``E-LOCKED`` for
        what is no open workbook, ``E-WORKBOOK`` if it is damaged.
    """
    try:
        if _directory_bytes(file) > _LONGEST_DIRECTORY:
            raise _too_large(file)
        with zipfile.ZipFile(file) as opened:
            members = opened.infolist()
            packed = sum(member.compress_size for member in members)
            most = min(largest, max(_RATIO_OF_LARGE * packed,
                                    min(_LARGE, _LARGEST_RATIO * max(packed, 1))))  # fmt: skip
            if sum(member.file_size for member in members) > most:
                raise _too_large(file)
            containers.refuse_other_zip(file, opened)
            marks, left = {}, most
            for member in members:
                size, marks[member.filename] = _looked_at(file, opened, member, left)
                left -= size
    except BROKEN:
        raise broken(file) from None
    return ZipFacts(marks)


def _directory_bytes(file: Path) -> int:
    """Bytes of a zip's directory, as its end says: once it is open all entries are in memory."""
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - _LONGEST_END, 0))
        end = opened.read()
    at = end.rfind(b"PK\5\6")
    if at < 0 or len(end) < at + 16:
        return 0
    size = int.from_bytes(end[at + 12 : at + 16], "little")
    wide = end[max(at - 76, 0) : at]  # of a zip of many entries: its record, and where that is
    if wide.startswith(b"PK\6\6"):
        size = int.from_bytes(wide[40:48], "little")
    return size


def _looked_at(
    file: Path, opened: zipfile.ZipFile, member: zipfile.ZipInfo, most: int
) -> tuple[int, set[str]]:
    """Size of a part and its marks; a part that is larger than its entry says is a bomb."""
    most = min(most, member.file_size)
    member.file_size = most + 2 * _CHUNK  # zipfile would stop where the entry says
    if member.filename.endswith(".bin") and most > max(
        _BINARY_BYTES, _BINARY_RATIO * member.compress_size
    ):
        raise _too_large(file)
    part = _Part(file, member.filename)
    size = 0
    with opened.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise _too_large(file)
            part.look_at(chunk)
    part.end()
    return size, part.marks


class _Part:
    """A part of a workbook as it streams by."""

    def __init__(self, file: Path, name: str) -> None:
        self.marks: set[str] = set()
        self._file = file
        self._is_texts = "sharedStrings" in name
        self._is_sheet = name.endswith(".xml") and not self._is_texts
        self._open = OpenSheets() if name == _OPEN_DOCUMENT else None
        marks = _MARKS_OF_OPEN_DOCUMENTS if self._open else _MARKS_OF_SHEETS
        self._looked_for = {} if self._is_texts else marks
        self._binary = BinarySheet() if re.search(r"sheets/[^/]*\.bin$", name) else None
        self._reach, self._has_rows = SheetReach(), False
        self._cells, self._texts, self._tail = 0, 0, b""

    def look_at(self, chunk: bytes) -> None:
        if self._binary is not None:
            self._look_at_records(chunk)
            return
        text = self._tail + chunk
        self._mark(text)
        if self._open:
            self._look_at_tags(chunk)
        if self._is_sheet:
            self._look_at_cells(text, chunk)
        elif self._is_texts:
            self._texts += chunk.count(b"<si")
            if self._texts > _MOST_TEXTS:
                raise _too_large(self._file)
        self._tail = text[-_SEAM:]

    def _look_at_tags(self, chunk: bytes) -> None:
        found = self._open or OpenSheets()
        found.take(chunk)
        if found.repeats_too_much or found.span > _MOST_CELLS:
            raise _too_wide(self._file, 0, 0)

    def _mark(self, text: bytes) -> None:
        for mark, signs in self._looked_for.items():
            if mark not in self.marks and any(sign in text for sign in signs):
                self.marks.add(mark)
        if not text.isascii() and any(sign in text for sign in _MOJIBAKE):
            self.marks.add("mojibake")

    def _look_at_cells(self, text: bytes, chunk: bytes) -> None:
        # Themes, styles and where the cursor stood hold texts that look like the place of a cell.
        begins = 0 if self._has_rows else text.find(b"sheetData")
        if begins >= 0:
            self._has_rows = True
            self._reach.take(_cells_of(text[begins:]))
        self._check_span(self._reach.rows, self._reach.columns)
        self._cells += chunk.count(b"<c")
        if self._cells > _MOST_FILLED:
            raise _too_large(self._file)

    def end(self) -> None:
        """Look at what is left of a binary sheet."""
        if self._binary is not None:
            self._look_at_records(END_OF_RECORDS)

    def _look_at_records(self, chunk: bytes) -> None:
        found = self._binary or BinarySheet()
        found.take(chunk)
        if found.is_storm:
            raise _too_large(self._file)
        self._check_span(found.rows, found.columns)

    def _check_span(self, rows: int, columns: int) -> None:
        if rows * columns > _MOST_CELLS:
            raise _too_wide(self._file, rows, columns)


def _cells_of(text: bytes) -> bytes:
    """`text` up to the end of a sheet's cells, where it holds that end and no cell after it."""
    end = text.rfind(b"sheetData>")
    return text if end < 0 or _CELL_TAG.search(text, end) else text[:end]


def _too_large(file: Path) -> DataRefusedError:
    return refused(
        file,
        "E-SIZE",
        "isi buku kerja terlalu besar setelah dibuka; bagi menjadi beberapa berkas",
        "the workbook unpacks to too much; split it into several files",
    )


def _too_wide(file: Path, rows: int, columns: int) -> DataRefusedError:
    id_span = f" {rows} baris x {columns} kolom" if rows else " sangat jauh"
    en_span = f" {rows} rows x {columns} columns" if rows else " very far"
    return refused(
        file,
        "E-SIZE",
        f"lembarnya membentang{id_span}: ada isian jauh di luar daftar; "
        "hapus baris dan kolom di luar daftar, lalu simpan ulang",
        f"its sheet spans{en_span}: a cell is filled far off the list; "
        "delete the rows and columns outside the list and save it again",
    )


def broken(file: Path) -> DataRefusedError:
    """The refusal of a workbook that is damaged."""
    return refused(
        file,
        "E-WORKBOOK",
        "buku kerja rusak atau terpotong; unduh atau simpan ulang",
        "the workbook is broken or cut; download or save it again",
    )
