"""Columns of a file as clean text, with marks of what text alone cannot say."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.intake.cell_rules import IDENTITY_COLUMNS, UNREAD
from geo_target.intake.profiles import folded
from geo_target.intake.readers import Body, Cell

#: A total row has its word in one of the first columns.
_TOTAL_COLUMNS = 3
_TOTAL_WORDS = ["jumlah", "total", "grand total", "jumlah total", "sub total", "subtotal",
                "sub jumlah", "jumlah keseluruhan", "total keseluruhan"]  # fmt: skip
#: And with words of what it sums up: Jumlah Kelurahan X, Total KK.
_TOTAL_OF = (
    r"^((sub|grand)[ -]?)?(jumlah|total)\s+(kk|keluarga|jiwa|orang|penerima|penduduk|anggota|paket"
    r"|data|kelurahan|kel|desa|kecamatan|kec|kabupaten|kab|kota|rt|rw|seluruh\w*|keseluruhan|semua"
    r"|umum)\b"
)
_AROUND_TOTALS = " :.*"
#: First bytes of a cell that is empty, or that may be a total word when it is trimmed.
_MAY_BEGIN_TOTAL = np.isin(
    np.arange(256), [0, *_AROUND_TOTALS.encode(), *(ord(c) for w in _TOTAL_WORDS
                                                    for c in (w[0], w[0].upper()))]
)  # fmt: skip

#: Headers of a running number: rows that differ in it only are copies.
_RUNNING_NUMBERS = {"no", "nomor", "nourut", "nomorurut", "nourutan", "urut", "num"}

#: Blanks that people and programs leave around a value, and inside it.
_AROUND = " \t\n\r\0\u00a0\u200b\ufeff"
_INSIDE = "[\\x00-\\x1f\u00a0\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
_SPACE, _LAST_ASCII = 32, 127
#: Up to which number a column of floats keeps each whole one, by its bits. Beyond that of 64 bits
#: the rules of NIK and KK see the number itself.
_EXACT = {16: 2**11, 32: 2**24, 64: 2**1023}


def raw_table(body: Body, positions: Mapping[str, int], headers: Sequence[str]) -> pa.Table:
    """The rows below a header as `cells.check` takes them.

    Parameters
    ----------
    body
        The file's columns.
    positions
        Where each canonical column is.
    headers
        Of all columns, read or not.

    Returns
    -------
    Table
        ``row``; text by canonical name, clean and null where empty; ``<column>__number``
        where a spreadsheet held numbers; ``is_total``; and ``unread_...`` of the columns
        that no profile names.
    """
    columns: dict[str, Any] = {"row": pa.array(body.numbers, pa.int64())}
    for name, position in positions.items():
        column = body.columns[position]
        columns[name] = clean_text(column)
        marks = _number_marks(column) if name in IDENTITY_COLUMNS else []
        if any(marks):
            columns[f"{name}__number"] = pa.array(marks, pa.bool_())
    totals = _total_rows(body)
    if totals.any():
        columns["is_total"] = pa.array(totals, pa.bool_())
    return pa.table(columns | _unread(body, positions, headers))


def clean_text(column: Sequence[Cell] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as text without blanks around it or control characters; empty cells null."""
    text = _text(column)
    has_empty, has_odd, has_edges = _look(text)
    if has_odd:
        text = pc.replace_substring_regex(text, pattern=_INSIDE, replacement=" ")
    if has_odd or has_edges:
        text = pc.utf8_trim(text, characters=_AROUND)
    if has_empty or has_odd or has_edges:
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return text


def cell_text(cell: Cell) -> str | None:
    """A cell as text, its digits untouched: 36.0 of a spreadsheet is 36."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _text(column: Sequence[Cell] | pa.Array | pa.ChunkedArray) -> pa.Array:
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        try:
            return pa.array(column, pa.string())  # most columns hold text and nothing else
        except (pa.ArrowTypeError, pa.ArrowInvalid):
            return pa.array([cell_text(cell) for cell in column], pa.string())
    if pa.types.is_floating(column.type):
        exact = _EXACT.get(column.type.bit_width, 0)
        return pa.array([_float_text(cell, exact) for cell in column.to_pylist()], pa.string())
    text = column.cast(pa.string())
    return text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text


def _float_text(cell: float | None, exact: int) -> str | None:
    """As `cell_text`; what is beyond the digits that its column keeps reads 3.67398e+15."""
    if cell is None or not abs(cell) > exact:
        return cell_text(cell)
    return f"{cell:g}"


def _look(text: pa.Array) -> tuple[bool, bool, bool]:
    """Whether any cell is empty, holds an odd sign, begins or ends with a blank.

    Looks at the bytes of the whole column at once: most columns are clean, and trimming
    each cell of a long list costs more than all else that is done with it.
    """
    _, offset_bytes, data_bytes = text.buffers()
    if data_bytes is None or not len(text):
        return text.null_count < len(text), False, False
    offsets = np.frombuffer(offset_bytes, "int32")[text.offset : text.offset + len(text) + 1]
    data = np.frombuffer(data_bytes, "uint8")[offsets[0] : offsets[-1]]
    starts = offsets - offsets[0]
    filled = starts[1:] > starts[:-1]
    has_empty = int(np.count_nonzero(filled)) != len(text) - text.null_count
    if not len(data):
        return has_empty, False, False
    # 127 itself is a control sign too, and is left as it is.
    has_odd = bool(data.min() < _SPACE or data.max() > _LAST_ASCII)
    edges = (data[starts[:-1][filled]] == _SPACE) | (data[starts[1:][filled] - 1] == _SPACE)
    return has_empty, has_odd, bool(edges.any())


def _number_marks(column: Sequence[Cell] | pa.Array | pa.ChunkedArray) -> list[bool]:
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return [pa.types.is_floating(column.type)] * len(column)
    return [isinstance(cell, float) for cell in column]


def _total_rows(body: Body) -> npt.NDArray[np.bool_]:
    """Which rows begin with a word such as JUMLAH: their first filled cell says so."""
    empty = np.ones(len(body.numbers), dtype=bool)
    total = np.zeros(len(body.numbers), dtype=bool)
    for column in body.columns[:_TOTAL_COLUMNS]:
        if _is_nested(column):
            continue
        text = _text(column)
        # To trim and to fold every cell takes longer than all else that is asked of these columns.
        may_be = empty & _MAY_BEGIN_TOTAL[_first_signs(text)]
        words = pc.utf8_lower(pc.utf8_trim(text.filter(pa.array(may_be)), _AROUND_TOTALS))
        words = pc.fill_null(words, "")
        is_word = pc.or_(
            pc.is_in(words, pa.array(_TOTAL_WORDS)), pc.match_substring_regex(words, _TOTAL_OF)
        )
        total[may_be] |= is_word.to_numpy(zero_copy_only=False)
        empty = may_be.copy()
        empty[may_be] = pc.equal(words, "").to_numpy(zero_copy_only=False)
        if not empty.any():
            break
    return total


def _first_signs(text: pa.Array) -> npt.NDArray[np.uint8]:
    """First byte of each cell, 0 of an empty one."""
    signs = np.zeros(len(text), "uint8")
    _, offset_bytes, data_bytes = text.buffers()
    if data_bytes is not None and len(text):
        offsets = np.frombuffer(offset_bytes, "int32")[text.offset : text.offset + len(text) + 1]
        filled = offsets[1:] > offsets[:-1]
        signs[filled] = np.frombuffer(data_bytes, "uint8")[offsets[:-1][filled]]
    return signs


def _unread(body: Body, positions: Mapping[str, int], headers: Sequence[str]) -> dict[str, Any]:
    """What tells rows apart beside the columns that are read; of a workbook only a hash."""
    others = [
        column
        for position, (column, header) in enumerate(zip(body.columns, headers, strict=True))
        if position not in positions.values()
        and folded(header) not in _RUNNING_NUMBERS
        and not _is_nested(column)
    ]
    if all(isinstance(column, pa.Array | pa.ChunkedArray) for column in others):
        return {f"{UNREAD}{i}": column for i, column in enumerate(others)}
    hashes = [hash(row) for row in zip(*others, strict=True)]
    return {f"{UNREAD}0": pa.array(hashes, pa.int64())}


def _is_nested(column: Any) -> bool:
    return isinstance(column, pa.Array | pa.ChunkedArray) and pa.types.is_nested(column.type)
