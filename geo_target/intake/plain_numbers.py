"""NIK and KK numbers that are right beyond doubt, told from the bytes of a whole column.

Nearly all numbers are; the rules of `identity` then look at the others only. What is plain
here has no fault there (a test holds it).
"""

from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DIGITS = 16
_LAST_DAY, _WOMAN, _LAST_MONTH = 28, 40, 12
_HIGH, _ZEROS, _SIXES = (np.uint64(int(sign * 8, 16)) for sign in ("f0", "30", "06"))
_SIX_SIGNS, _NO_SERIAL = np.uint64(0xFFFFFFFFFFFF), np.uint64(0x30303030)


def plain_numbers(
    column: pa.Array, kind: Literal["NIK", "KK"], number_cells: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.bool_]:
    """Which cells hold nothing but 16 digits that no rule can object to.

    Parameters
    ----------
    column
        Text, null where empty.
    number_cells
        Where the spreadsheet held a number: such a cell is never plain. None means nowhere.
    """
    plain = np.zeros(len(column), bool)
    is_long = pc.fill_null(pc.equal(pc.binary_length(column), _DIGITS), pa.scalar(value=False))
    long = is_long.to_numpy(zero_copy_only=False)
    cells = column if long.all() else column.filter(is_long)
    if not len(cells):
        return plain
    _, offsets, data = cells.buffers()
    first = int(np.frombuffer(offsets, "int32")[cells.offset])
    signs = np.frombuffer(data, "uint8")[first : first + _DIGITS * len(cells)]
    plain[long] = _are_plain(signs.reshape(-1, _DIGITS), kind)
    if number_cells is not None:
        plain &= ~number_cells
    return plain


def _are_plain(signs: npt.NDArray[np.uint8], kind: Literal["NIK", "KK"]) -> npt.NDArray[np.bool_]:
    # Eight digits are one whole number here, the first of them its lowest byte.
    halves = np.ascontiguousarray(signs).view("<u8")
    first, last = halves[:, 0], halves[:, 1]
    plain = _are_digits(first) & _are_digits(last)
    if kind == "KK":
        # Fillers, repeated or in sequence, come back to their first digits after ten.
        plain &= (first & _SIX_SIGNS) != (last >> np.uint64(16))
        return plain
    day, month = _two_digits(signs, 6), _two_digits(signs, 8)
    day -= np.where(day > _WOMAN, np.uint8(_WOMAN), np.uint8(0))
    plain &= (day >= 1) & (day <= _LAST_DAY) & (month >= 1) & (month <= _LAST_MONTH)
    plain &= (first != last) & (last >> np.uint64(32) != _NO_SERIAL)
    return plain


def _are_digits(half: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    digits: npt.NDArray[np.bool_] = (half & _HIGH) == _ZEROS
    digits &= ((half + _SIXES) & _HIGH) == _ZEROS
    return digits


def _two_digits(signs: npt.NDArray[np.uint8], at: int) -> npt.NDArray[np.uint8]:
    zero = np.uint8(ord("0"))
    return (signs[:, at] - zero) * np.uint8(10) + (signs[:, at + 1] - zero)
