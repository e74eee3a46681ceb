"""Rows that are no record: what people write below a header, between groups and under a list."""

import re
from collections.abc import Collection, Sequence

#: Of lists of so many read columns; in shorter ones a row that fills one cell is no oddity.
_FEWEST_READ = 4
_NAMES = ("name", "head_name")
#: (1), (2), (3) below a header; fewer cells prove nothing.
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*[).]?", re.ASCII)
_FEWEST_NUMBERED = 3


def numbers_columns(row: Sequence[str]) -> bool:
    """Whether the texts of a row do no more than number the columns, in their order."""
    texts = [text for cell in row if (text := cell.strip())]
    found = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    numbers = [int(match[1]) for match in found if match]
    if len(numbers) < max(_FEWEST_NUMBERED, len(texts)):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def is_note(read: Collection[str], present: Collection[str], identity: Collection[str]) -> str:
    """SQL: whether a row is a note: hardly a cell is filled, and none of them is a key.

    Of whom a list knows nothing but a name cannot be told from who signs it. So one cell alone is
    a note, unless it is a usable number, an id or a village code; and so are two, of which none
    can be used but as a name. Such a record would join nothing and lie nowhere.

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
        return "false"
    coded = {c for c in read if c in identity or f"{c}__code" in present}
    filled = " + ".join(
        f'("{c}" is not null or "{c}__masked" is not null)::int'
        if c in coded and c not in identity
        else f'("{c}" is not null)::int'
        for c in read
    )
    sound = {c: f'"{c}" is not null' + f' and "{c}__code" is null' * (c in coded) for c in read}
    keys = [f"({sound[c]})" for c in read if c in identity or c == "village_code"]
    keys += ["(family_id is not null and family_id not like '% %')"] * ("family_id" in read)
    told = " or ".join(f"({sql})" for c, sql in sound.items() if c not in _NAMES)
    return (
        f"({filled} = 1 and not ({' or '.join(keys) or 'false'}))"
        f" or ({filled} = 2 and not ({told or 'false'}))"
    )
