"""What only a whole column proves: digits lost by Excel, swapped columns, mixed styles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake import values

#: Fewer numbers prove nothing.
_FEWEST = 20
#: A tenth of all numbers ends in 0; five standard errors above it are no chance, and
#: neighbors' serials may cluster, so a fifth is always allowed.
_TENTH, _STANDARD_ERRORS, _ALLOWED = 0.1, 5, 0.2
#: The file is at fault when more than half of a column is lost.
_HALF = 0.5
#: Rows whose NIK is some row's KK, from which on the columns are mistaken.
_MISTAKEN = 0.3
#: Women's NIK have 40 added to the day; no KK number has (it holds the day of its issue).
_FEW_WOMEN = 0.05
#: Cells of a column that agree on a style, from which on the others are the exception.
_NEARLY_ALL = 0.9
#: Numbers of a column that are looked at together.
_PART = 1 << 15
#: From 41 on the day in a NIK is a woman's.
_WOMANS_TENS = 4

NIK_COLUMNS = ("national_id", "head_national_id")
_KINDS: Mapping[str, Literal["NIK", "KK"]] = {
    "national_id": "NIK", "head_national_id": "NIK", "family_card_number": "KK"
}  # fmt: skip

Numbers = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Spoiled:
    """Cells of a column that the whole column shows to be spoiled: a mark for each row."""

    column: str
    code: str
    rows: Rows


def spoiled_cells(
    usable: Mapping[str, Numbers], lost: Mapping[str, int], *, file: str
) -> Iterator[Spoiled]:
    """What a whole column of NIK or KK numbers shows to be spoiled.

    Parameters
    ----------
    usable
        The usable numbers of each column of NIK or KK, 0 where a row has none.
    lost
        Cells by column that are set aside because their last digit is lost.

    Yields
    ------
    Spoiled
        Rows in the order of ``usable``.

    Raises
    ------
    DataRefusedError
        ``E-NIK-15D``, ``E-KK-15D`` if more than half of a column has lost its last digit;
        ``E-NIK-KK``, ``E-KK-NIK`` if the two columns are mistaken for each other.
    """
    numbers = {column: usable[column] for column in _KINDS if column in usable}
    for column, seen in list(numbers.items()):
        if _is_cut_to_15_digits(seen, lost.get(column, 0), _KINDS[column], file=file):
            cut = _end_in_zero(seen)
            yield Spoiled(column, f"E-{_KINDS[column]}-15D", cut)
            numbers[column] = np.where(cut, np.uint64(0), seen)
    nik = next((c for c in NIK_COLUMNS if c in numbers and numbers[c].any()), None)
    if nik is not None and "family_card_number" in numbers:
        yield from _mistaken(numbers, nik, "family_card_number", file=file)


def style_of_column(cells: Mapping[values.Style, int]) -> values.Style | Literal["none"]:
    """The style in which a column writes amounts, by how many cells show which.

    Returns
    -------
    style
        ``none`` where two styles are mixed and neither is that of nearly all: whoever
        wrote ``400,000`` there may have meant either.
    """
    for style, count in cells.items():
        if count >= _NEARLY_ALL * sum(cells.values()):
            return style
    return "none"


def _end_in_zero(numbers: Numbers) -> Rows:
    zeros = [(part > 0) & (_last_digit(part) == 0) for part in _parts(numbers)]
    return np.concatenate([np.array([], bool), *zeros])


def _last_digit(numbers: Numbers) -> Numbers:
    """By division, which numpy does with many at once; it takes remainders one by one."""
    digits: Numbers = numbers - numbers // np.uint64(10) * np.uint64(10)
    return digits


def _parts(numbers: Numbers) -> Iterator[Numbers]:
    """A column in parts that stay in the processor's own memory while they are asked."""
    return (numbers[at : at + _PART] for at in range(0, len(numbers), _PART))


def _is_cut_to_15_digits(
    column: Numbers, lost: int, kind: Literal["NIK", "KK"], *, file: str
) -> bool:
    """Whether so many numbers of a column end in 0 that Excel must have written them."""
    numbers = int(np.count_nonzero(column)) + lost
    zeros = int(np.count_nonzero(_end_in_zero(column))) + lost
    if numbers >= _FEWEST and zeros > _HALF * numbers:
        raise _refused(
            file,
            f"E-{kind}-15D",
            f"{zeros} dari {numbers} nomor {kind} berakhir 0: Excel hanya menyimpan 15 angka; "
            "ambil lagi dari sumbernya dengan kolom itu sebagai teks",
            f"{zeros} of {numbers} {kind} numbers end in 0: Excel keeps 15 digits only; take the "
            "file from its source again with that column as text",
        )
    chance = _TENTH * numbers + _STANDARD_ERRORS * sqrt(_TENTH * (1 - _TENTH) * numbers)
    return bool(numbers >= _FEWEST and zeros > max(_ALLOWED * numbers, chance))


def _mistaken(numbers: Mapping[str, Numbers], nik: str, kk: str, *, file: str) -> Iterator[Spoiled]:
    """NIK that are the KK number of another row, and the reverse.

    A row with one number in both cells is only remarked upon: the head's NIK in place of
    the KK number still holds the family together.
    """
    people, cards = numbers[nik], numbers[kk]
    _check_swapped(people, cards, file=file)
    own = people[(people == cards) & (people > 0)]
    crossed = np.setdiff1d(_in_both(people, cards), own)
    hit = np.isin(people, crossed) if len(crossed) else np.zeros(len(people), bool)
    _check_one_number(len(own), hit, people, file=file)
    if len(crossed):
        yield Spoiled(nik, "E-NIK-KK", hit & ~_is_woman(people))
        yield Spoiled(kk, "E-KK-NIK", np.isin(cards, crossed))


def _in_both(people: Numbers, cards: Numbers) -> Numbers:
    """Numbers of both columns; by sorting, which takes a tenth of numpy's own way."""
    ordered, wanted = np.sort(people), np.sort(cards)
    is_another = np.ones(len(wanted), bool)
    np.not_equal(wanted[1:], wanted[:-1], out=is_another[1:])
    wanted = wanted[is_another & (wanted > 0)]
    at = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
    found: Numbers = wanted[ordered[at] == wanted] if len(ordered) else wanted[:0]
    return found


def _check_swapped(people: Numbers, cards: Numbers, *, file: str) -> None:
    count, of_cards = int(np.count_nonzero(people)), int(np.count_nonzero(cards))
    if min(count, of_cards) < _FEWEST or any(_is_woman(part).any() for part in _parts(people)):
        return
    if int(_is_woman(cards).sum()) > _FEW_WOMEN * of_cards:
        raise _refused(
            file,
            "E-KK-NIK",
            "kolom NIK dan KK tertukar: tanggal lahir perempuan (hari + 40) hanya ada di kolom "
            "KK; perbaiki judul kolomnya",
            "the columns of NIK and KK are swapped: birth days of women (day + 40) are in the "
            "KK column only; swap the headers",
        )


def _check_one_number(own: int, hit: Rows, people: Numbers, *, file: str) -> None:
    filled, mistaken = int(np.count_nonzero(people)), own + int(hit.sum())
    if filled >= _FEWEST and mistaken > _MISTAKEN * filled:
        raise _refused(
            file,
            "E-NIK-KK",
            f"{mistaken} dari {filled} NIK juga menjadi nomor KK di daftar ini; periksa apakah "
            "kolom NIK berisi nomor KK, atau kolom KK berisi NIK",
            f"{mistaken} of {filled} NIK are KK numbers of this list too; look whether the NIK "
            "column holds KK numbers, or the KK column NIK",
        )


def _is_woman(numbers: Numbers) -> Rows:
    """Whether the day in a number has the 40 of a woman; no KK number has."""
    women: Rows = _last_digit(numbers // np.uint64(10**9)) >= _WOMANS_TENS
    return women


def _refused(file: str, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file))
