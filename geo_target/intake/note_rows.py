"""Rows that are no record: what people write below a header, between groups and under a list."""

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.intake.profiles import folded

#: Of lists of so many read columns; in shorter ones a row that fills one cell is no oddity.
_FEWEST_READ = 4
_NAMES = ("name", "head_name")
IDENTITY = ("national_id", "head_national_id", "family_card_number")
#: (1), (2), (3) below a header; fewer cells prove nothing.
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*[).]?", re.ASCII)
_FEWEST_NUMBERED = 3
#: What hardly a cell beside it proves to be an id or a code: "Catatan:" and "NIP.1970" are neither.
_KEYS = {"family_id": "[^ ]*[0-9][^ ]*", "village_code": "[0-9. ]+"}
_NO_KEY = "(?i)nip[^a-z]*"


def numbers_columns(row: Sequence[str]) -> bool:
    """Whether the texts of a row do no more than number the columns, in their order."""
    texts = [text for cell in row if (text := cell.strip())]
    found = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < max(_FEWEST_NUMBERED, len(texts)):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def repeats_header(raw: pa.Table, headers: Mapping[str, str]) -> npt.NDArray[np.bool_]:
    """Which rows are the header again, as on each page of a printed list.

    Parameters
    ----------
    raw
        Text by canonical column, clean.
    headers
        Header of each column that is read.

    Returns
    -------
    ndarray
        Of each row whether it fills at least two of them, and each with its own header.
    """
    found = np.zeros(len(raw), bool)
    read = [name for name in raw.column_names if name in headers]
    # Numbers have another length than their header: hardly a row is looked at.
    first = next((name for name in read if name in IDENTITY), next(iter(read), None))
    if first is None:
        return found
    lengths = pc.fill_null(pc.binary_length(raw.column(first)), -1)
    rows = np.flatnonzero(np.asarray(lengths) == len(headers[first].strip().encode()))
    if not len(rows):
        return found
    text = pc.utf8_lower(raw.column(first).take(pa.array(rows)))
    rows = rows[np.asarray(pc.equal(text, " ".join(headers[first].split()).lower()))]
    for row in map(int, rows):
        cells = {name: raw.column(name)[row].as_py() for name in read}
        said = [(text, headers[name]) for name, text in cells.items() if text]
        found[row] = len(said) > 1 and all(folded(text) == folded(own) for text, own in said)
    return found


def sound_keys(present: Collection[str], identity: Collection[str]) -> dict[str, str]:
    """SQL, by column, that a cell is a usable number, an id or a village code.

    Parameters
    ----------
    present
        All columns of the piece.
    identity
        Of them those of NIK and KK numbers; each has a ``<column>__code``.
    """
    found = {c: f'("{c}" is not null and "{c}__code" is null)' for c in identity}
    for c, pattern in _KEYS.items():
        if c in present:
            found[c] = f"""coalesce(regexp_full_match("{c}", '{pattern}')
                and not regexp_full_match("{c}", '{_NO_KEY}'), false)"""
    return found


def note_code(read: Collection[str], present: Collection[str], identity: Collection[str]) -> str:
    """SQL: the code of a row in which hardly a cell is filled, and none of them is a key.

    Of whom a list knows nothing but a name cannot be told from who signs it. So one cell alone is
    no record, unless it is a usable number, an id or a village code; and so are two, of which none
    can be used but as a name. Such a record would join nothing and lie nowhere: ``E-NOTHING``
    where it is a name or a number, for a record may have lost the rest; else ``E-NOTE``.

    Parameters
    ----------
    read
        Canonical columns that the list has.
    present
        All columns of the piece: a parsed one with a fault somewhere has ``<column>__code``,
        and ``<column>__masked``, which a cell with a fault has even where it has no value.
    identity
        Of `read` those of NIK and KK numbers; each has a ``<column>__code``.
    """
    if len(read) < _FEWEST_READ:
        return "null"
    coded = {c for c in read if c in identity or f"{c}__code" in present}
    filled = {
        c: f'("{c}" is not null or "{c}__masked" is not null)'
        if c in coded and c not in identity
        else f'("{c}" is not null)'
        for c in read
    }
    count = " + ".join(f"{sql}::int" for sql in filled.values())
    keys = {c: sql for c, sql in sound_keys(present, identity).items() if c in read}
    sound = {c: f'"{c}" is not null' + f' and "{c}__code" is null' * (c in coded) for c in read}
    told = " or ".join(f"({sql})" for c, sql in (sound | keys).items() if c not in _NAMES)
    others = " or ".join(sql for c, sql in filled.items() if c not in {*_NAMES, *identity})
    return f"""case when ({count} = 1 and not ({" or ".join(keys.values()) or "false"}))
            or ({count} = 2 and not ({told or "false"}))
        then if({others or "false"}, 'E-NOTE', 'E-NOTHING') end"""
