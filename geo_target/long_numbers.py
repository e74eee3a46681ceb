"""Finds what looks like a NIK or KK, so that none is ever kept where it does not belong."""

import re

#: What people write between the groups of a number.
_SIGNS = r"[\s.\-_/\u2010-\u2015\u00ad\u200b-\u200f\u2060\ufeff]"  # the last are not seen
_GAP, _WIDE = rf"{_SIGNS}?", rf"{_SIGNS}{{0,3}}"  # 1234 - 5678

#: 16 digits and more in a row; in the groups that people write; or exactly 16 with gaps,
#: for two village codes have 20.
_NUMBER = re.compile(
    rf"\d{{16,}}"
    rf"|(?<!\d)(?:\d{{4}}{_WIDE}\d{{4}}{_WIDE}\d{{4}}|\d{{6}}{_WIDE}\d{{6}}){_WIDE}\d{{4}}(?!\d)"
    rf"|(?<!\d)(?<!\d[\s.\-_/])\d(?:{_GAP}\d){{15}}(?!{_GAP}\d)"
)

#: A keyed id may hold 16 digits in a row by chance.
_KEYED = re.compile(r"(?=.*[a-f])[0-9a-f]{64}")

_SHOWN = 4


def mask_numbers(text: str) -> str:
    """`text` with all but the last four digits of such numbers hidden."""
    return _NUMBER.sub(_masked, text)


def holds_number(text: str) -> bool:
    """Whether such a number is in `text`."""
    return not _KEYED.fullmatch(text) and _NUMBER.search(text) is not None


def _masked(found: re.Match[str]) -> str:
    digits = [character for character in found.group() if character.isdigit()]
    return "•" * (len(digits) - _SHOWN) + "".join(digits[-_SHOWN:])
