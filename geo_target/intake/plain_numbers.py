"""NIK and KK numbers that are right beyond doubt, told from the bytes of a whole column.

Nearly all numbers are; the rules of `identity` then look at the others only. What is plain
here has no fault there (a test holds it).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DIGITS = 16
_LAST_DAY, _WOMAN, _LAST_MONTH = 28, 40, 12
_HIGH, _ZEROS, _SIXES = (np.uint64(int(sign * 8, 16)) for sign in ("f0", "30", "06"))
#: Digits of a half, then its pairs, fours and the whole of it, each in the place of the first.
_OF_SIGNS, _OF_PAIRS = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x00FF00FF00FF00FF)
_OF_FOURS, _OF_EIGHT = np.uint64(0x0000FFFF0000FFFF), np.uint64(0x00000000FFFFFFFF)
_SIX_SIGNS, _NO_SERIAL = np.uint64(0xFFFFFFFFFFFF), np.uint64(0x30303030)


@dataclass(frozen=True)
class PlainNumbers:
    """Which cells are plain, and the number that each of them holds: 0 in the others."""

    plain: npt.NDArray[np.bool_]
    numbers: npt.NDArray[np.uint64]


def plain_numbers(
    column: pa.Array, kind: Literal["NIK", "KK"], number_cells: npt.NDArray[np.bool_] | None
) -> PlainNumbers:
    """Which cells hold nothing but 16 digits that no rule can object to.

    Parameters
    ----------
    column
        Text, null where empty.
    number_cells
        Where the spreadsheet held a number: such a cell is never plain. None means nowhere.
    """
    found = PlainNumbers(np.zeros(len(column), bool), np.zeros(len(column), "uint64"))
    is_long = pc.fill_null(pc.equal(pc.binary_length(column), _DIGITS), pa.scalar(value=False))
    long = is_long.to_numpy(zero_copy_only=False)
    if number_cells is not None:
        long &= ~number_cells
    cells = column if long.all() else column.filter(pa.array(long))
    if not len(cells):
        return found
    _, offsets, data = cells.buffers()
    first = int(np.frombuffer(offsets, "int32")[cells.offset])
    signs = np.frombuffer(data, "uint8")[first : first + _DIGITS * len(cells)]
    # Eight digits are one whole number here, the first of them its lowest byte.
    halves = np.ascontiguousarray(signs).view("<u8").reshape(-1, 2)
    plain = _are_plain(signs.reshape(-1, _DIGITS), halves, kind)
    found.plain[long] = plain
    found.numbers[long] = np.where(plain, _numbers(halves), np.uint64(0))
    return found


def _are_plain(
    signs: npt.NDArray[np.uint8], halves: npt.NDArray[np.uint64], kind: Literal["NIK", "KK"]
) -> npt.NDArray[np.bool_]:
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


def _numbers(halves: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Each pair of halves as one number: digits become pairs, pairs fours, fours eight."""
    values = halves & _OF_SIGNS
    for mask, bits, tens in ((_OF_PAIRS, 8, 10), (_OF_FOURS, 16, 100), (_OF_EIGHT, 32, 10_000)):
        following = values >> np.uint64(bits)
        values *= np.uint64(tens)
        values += following
        values &= mask
    numbers: npt.NDArray[np.uint64] = values[:, 0] * np.uint64(10**8) + values[:, 1]
    return numbers


def _two_digits(signs: npt.NDArray[np.uint8], at: int) -> npt.NDArray[np.uint8]:
    zero = np.uint8(ord("0"))
    return (signs[:, at] - zero) * np.uint8(10) + (signs[:, at + 1] - zero)
