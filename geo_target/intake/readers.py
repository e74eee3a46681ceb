"""Files as rows of text: nothing is guessed about types, missing values or dates."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from geo_target.errors import DataRefusedError, Fault

#: An upload is never this large; a spreadsheet never unpacks to this much.
_LARGEST_FILE = 2_000_000_000
_LARGEST_UNPACKED = 300_000_000
_LARGEST_RATIO = 200

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET = b"PAR1"
DELIMITERS = (";", ",", "\t", "|")

Cell = str | float | int | bool | date | datetime | time | None


@dataclass(frozen=True)
class Grid:
    """The cells of a file as they stand.

    `rows` and `numbers` go together: `numbers[i]` is the number that a spreadsheet or an
    editor shows beside ``rows[i]``. Blank rows are left out and counted in `blank_rows`.
    """

    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int]
    blank_rows: Sequence[int]
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""


def read_grid(file: Path, *, sheet: str | None = None) -> Grid:
    """Read a list: XLSX, XLS, XLSB, ODS, Parquet, or text with separated columns.

    Raises
    ------
    DataRefusedError
        If the file is missing, empty, cut, locked, too large, or of another kind; or if
        the workbook has several sheets and `sheet` names none of them.
    """
    head = _first_bytes(file)
    if head.startswith(_PARQUET):
        return _parquet_grid(file)
    if head.startswith((_ZIP, _OLD_EXCEL)):
        return _workbook_grid(file, head, sheet)
    return _text_grid(file, head)


def _first_bytes(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            head = opened.read(4096)
    except OSError:
        raise _refused(
            file, "E-FILE", "berkas tidak ditemukan atau tidak dapat dibaca; periksa letaknya",
            "the file is missing or cannot be read; check its place",
        ) from None  # fmt: skip
    if not head.strip():
        raise _refused(
            file, "E-EMPTY", "berkas kosong; unduh lagi dari sumbernya",
            "the file is empty; download it again from its source",
        )  # fmt: skip
    if size > _LARGEST_FILE:
        raise _refused(
            file, "E-SIZE", "berkas lebih dari 2 GB; bagi per kecamatan",
            "the file is larger than 2 GB; split it by district",
        )  # fmt: skip
    return head


def _workbook_grid(file: Path, head: bytes, sheet: str | None) -> Grid:
    import python_calamine as calamine  # noqa: PLC0415  # only where a workbook is read

    if head.startswith(_ZIP):
        _check_zip(file)
    try:
        book = calamine.CalamineWorkbook.from_path(file)
        name = _sheet_name(file, book, sheet)
        raw = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        raise _refused(
            file, "E-LOCKED", "buku kerja dikunci kata sandi; simpan ulang tanpa sandi",
            "the workbook is locked with a password; save it without one",
        ) from None  # fmt: skip
    except calamine.CalamineError:
        raise _refused(
            file, "E-WORKBOOK", "buku kerja rusak atau terpotong; unduh atau simpan ulang",
            "the workbook is broken or cut; download or save it again",
        ) from None  # fmt: skip
    rows, numbers, blank = [], [], []
    for number, row in enumerate(raw, start=1):
        if any(cell != "" and cell is not None for cell in row):
            rows.append(row)
            numbers.append(number)
        else:
            blank.append(number)
    return Grid(rows, numbers, blank, sheet=name)


def _check_zip(file: Path) -> None:
    try:
        members = zipfile.ZipFile(file).infolist()
    except zipfile.BadZipFile:
        raise _refused(
            file, "E-WORKBOOK", "buku kerja rusak atau terpotong; unduh atau simpan ulang",
            "the workbook is broken or cut; download or save it again",
        ) from None  # fmt: skip
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > _LARGEST_UNPACKED or unpacked > _LARGEST_RATIO * max(packed, 1):
        raise _refused(
            file, "E-SIZE", "isi buku kerja terlalu besar setelah dibuka; bagi menjadi beberapa",
            "the workbook unpacks to too much; split it into several",
        )  # fmt: skip


def _sheet_name(file: Path, book: Any, wanted: str | None) -> str:
    visible = [meta.name for meta in book.sheets_metadata if str(meta.visible).endswith("Visible")]
    if wanted in book.sheet_names:
        return str(wanted)
    if wanted is None and len(visible) == 1:
        return str(visible[0])
    raise _refused(
        file, "E-SHEET",
        f"sebut satu lembar dengan sheet = \"...\"; lembar yang ada: {', '.join(visible)}",
        f"name one sheet with sheet = \"...\"; the sheets are: {', '.join(visible)}",
    )  # fmt: skip


def _parquet_grid(file: Path) -> Grid:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(file)
    except (pa.ArrowException, OSError):
        raise _refused(
            file, "E-PARQUET", "berkas Parquet rusak; unduh lagi",
            "the Parquet file is broken; download it again",
        ) from None  # fmt: skip
    columns = [column.to_pylist() for column in table.columns]
    rows = [table.column_names, *zip(*columns, strict=True)]
    return Grid(rows, range(1, len(rows) + 1), ())


def _text_grid(file: Path, head: bytes) -> Grid:
    lowered = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if lowered.startswith((b"<", b"%pdf", b"{", b"[")):
        raise _refused(
            file, "E-TYPE", "bukan daftar CSV atau Excel; simpan ulang sebagai CSV atau XLSX",
            "this is no CSV or Excel list; save it again as CSV or XLSX",
        )  # fmt: skip
    text, encoding = _decoded(file)
    delimiter = _delimiter(text)
    rows, numbers, blank = [], [], []
    try:
        for number, row in _physical_rows(text, delimiter):
            if any(cell.strip() for cell in row):
                rows.append(row)
                numbers.append(number)
            else:
                blank.append(number)
    except csv.Error:
        raise _refused(
            file, "E-QUOTE", "tanda kutip ganda tidak ditutup; periksa berkas asal",
            "a double quote is never closed; look at the source file",
        ) from None  # fmt: skip
    if rows and not text.endswith(("\n", "\r")) and len(rows[-1]) < len(rows[0]):
        raise _refused(
            file, "E-CUT", "baris terakhir terpotong, unduhan belum selesai; unduh lagi",
            "the last row is cut, the download did not end; download it again",
        )  # fmt: skip
    return Grid(rows, numbers, blank, delimiter=delimiter, encoding=encoding)


def _physical_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    for row in reader:
        yield start, row
        start = reader.line_num + 1


def _decoded(file: Path) -> tuple[str, str]:
    raw = file.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16"), "utf-16"
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise _refused(
        file, "E-ENCODING", "huruf tidak terbaca; simpan ulang sebagai CSV UTF-8",
        "the letters cannot be read; save it again as CSV UTF-8",
    )  # fmt: skip


def _delimiter(text: str) -> str:
    """The separator that the first lines agree on: the one that occurs most in them."""
    first = text[:20_000].splitlines()[:20]
    return max(DELIMITERS, key=lambda sign: sum(line.count(sign) for line in first))


def _refused(file: Path, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file.name))
