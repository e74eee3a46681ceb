"""What only a whole column proves: digits lost by Excel, swapped columns, mixed styles."""

from collections.abc import Mapping
from math import sqrt
from typing import Literal

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake import values
from geo_target.workbench import Table, query

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

NIK_COLUMNS = ("national_id", "head_national_id")
_KINDS: Mapping[str, Literal["NIK", "KK"]] = {
    "national_id": "NIK", "head_national_id": "NIK", "family_card_number": "KK"
}  # fmt: skip


def without_spoiled(judged: Table, *, file: str) -> Table:
    """Set aside what a whole column of NIK or KK numbers shows to be spoiled.

    Parameters
    ----------
    judged
        Identity columns with ``<column>__code`` and ``<column>__masked``.

    Raises
    ------
    DataRefusedError
        ``E-NIK-15D``, ``E-KK-15D`` if more than half of a column has lost its last digit;
        ``E-NIK-KK``, ``E-KK-NIK`` if the two columns are mistaken for each other.
    """
    for column in (c for c in _KINDS if c in judged.columns):
        if _is_cut_to_15_digits(judged, column, file=file):
            condition = f"ends_with({column}, '0')"
            judged = _set_aside(judged, column, condition, f"E-{_KINDS[column]}-15D")
    nik = next((c for c in NIK_COLUMNS if c in judged.columns), None)
    if nik is None or "family_card_number" not in judged.columns:
        return judged
    return _without_mistaken(judged, nik, "family_card_number", file=file)


def style_of_column(counts: Mapping[str, int]) -> values.Style | Literal["none"] | None:
    """The style in which a column writes amounts; None where nobody parts thousands.

    Parameters
    ----------
    counts
        Cells by text.

    Returns
    -------
    style
        ``none`` where two styles are mixed and neither is that of nearly all: whoever
        wrote ``400,000`` there may have meant either.
    """
    cells: dict[values.Style, int] = {"dots": 0, "commas": 0}
    for text, count in counts.items():
        shown = values.style_of(text)
        if shown is not None:
            cells[shown] += count
    total = sum(cells.values())
    if not total:
        return None
    for style, count in cells.items():
        if count >= _NEARLY_ALL * total:
            return style
    return "none"


def _is_cut_to_15_digits(judged: Table, column: str, *, file: str) -> bool:
    """Whether so many numbers of a column end in 0 that Excel must have written them."""
    kind = _KINDS[column]
    usable, ending, lost = judged.bench.execute(
        f"""select count({column}), count(*) filter (ends_with({column}, '0')),
                count(*) filter ({column}__code = 'E-{kind}-15D') from {judged.name}"""
    )[0]
    numbers, zeros = usable + lost, ending + lost
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


def _without_mistaken(judged: Table, nik: str, kk: str, *, file: str) -> Table:
    """NIK that are the KK number of another row, and the reverse.

    A row with one number in both cells is only remarked upon: the head's NIK in place of
    the KK number still holds the family together.
    """
    _check_swapped(judged, nik, kk, file=file)
    crossed = query(
        f"""select {nik} as x from judged semi join
                (select {kk} as x from judged where {kk} is not null) cards on x = {nik}
            group by {nik} having not bool_or({nik} is not distinct from {kk})""",
        judged=judged,
    )
    numbers = [x for (x,) in crossed.bench.execute(f"from {crossed.name} limit 1")]
    _check_one_number(judged, nik, kk, crossed, file=file)
    if not numbers:
        return judged
    inside = "in (select x from crossed)"
    judged = _set_aside(judged, nik, f"{nik} {inside} and {_is_no_woman(nik)}", "E-NIK-KK", crossed)
    return _set_aside(judged, kk, f"{kk} {inside}", "E-KK-NIK", crossed)


def _check_swapped(judged: Table, nik: str, kk: str, *, file: str) -> None:
    numbers, cards, women, women_of_cards = judged.bench.execute(
        f"""select count({nik}), count({kk}), count(*) filter (not {_is_no_woman(nik)}),
                count(*) filter (not {_is_no_woman(kk)}) from {judged.name}"""
    )[0]
    if min(numbers, cards) >= _FEWEST and not women and women_of_cards > _FEW_WOMEN * cards:
        raise _refused(
            file,
            "E-KK-NIK",
            "kolom NIK dan KK tertukar: tanggal lahir perempuan (hari + 40) hanya ada di kolom "
            "KK; perbaiki judul kolomnya",
            "the columns of NIK and KK are swapped: birth days of women (day + 40) are in the "
            "KK column only; swap the headers",
        )


def _check_one_number(judged: Table, nik: str, kk: str, crossed: Table, *, file: str) -> None:
    filled, mistaken = judged.bench.execute(
        f"""select count({nik}), count(*) filter ({nik} = {kk} or {nik} in (from {crossed.name}))
            from {judged.name}"""
    )[0]
    if filled >= _FEWEST and mistaken > _MISTAKEN * filled:
        raise _refused(
            file,
            "E-NIK-KK",
            f"{mistaken} dari {filled} NIK juga menjadi nomor KK di daftar ini; periksa apakah "
            "kolom NIK berisi nomor KK, atau kolom KK berisi NIK",
            f"{mistaken} of {filled} NIK are KK numbers of this list too; look whether the NIK "
            "column holds KK numbers, or the KK column NIK",
        )


def _is_no_woman(column: str) -> str:
    """SQL: whether the day in a number is one that a KK number can have too."""
    return f"substr({column}, 7, 1) < '4'"


def _set_aside(
    judged: Table, column: str, condition: str, code: str, crossed: Table | None = None
) -> Table:
    shown = f"'••••••••••••' || right({column}, 4)"
    hit = f"coalesce({condition}, false)"
    return query(
        f"""select * replace (
                if({hit}, null, {column}) as {column},
                if({hit}, '{code}', {column}__code) as {column}__code,
                if({hit}, {shown}, {column}__masked) as {column}__masked) from judged""",
        judged=judged,
        **({"crossed": crossed} if crossed else {}),
    )


def _refused(file: str, code: str, indonesian: str, english: str) -> DataRefusedError:
    return DataRefusedError(Fault(code, id=indonesian, en=english, file=file))
