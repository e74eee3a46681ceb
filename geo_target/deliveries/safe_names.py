"""Names of files, from what a browser said: a name only, and never a person's number."""

import re
import unicodedata

from geo_target.operations.numbers import holds_number, mask_numbers

#: Endings of the lists that are read; their first bytes decide, not these.
SUFFIXES = frozenset(
    {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".txt", ".tsv", ".parquet", ".gpkg",
     ".html", ".htm"}
)  # fmt: skip

_MOST = 80
#: Most file systems hold 255 bytes, and a letter may have four.
_MOST_BYTES = 200
_NAMELESS = "daftar"
#: Names that Windows keeps for devices, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\.| *$)", re.IGNORECASE)
_SEPARATORS = re.compile(r"([._\- ])[._\- ]+")


def safe_name(said: str) -> str:
    """The last part of a path as a file name that is one on every system.

    Letters, ASCII digits and ``. - _`` and blanks, at most 80; what looks like a NIK or KK
    keeps four digits. The ending stays, in lower case.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", said)[-1])
    stem, suffix = _parted("".join(c if _is_kept(c) else "_" for c in last))
    stem = _trimmed(_masked(_trimmed(_SEPARATORS.sub(r"\1", stem), _MOST - len(suffix))))
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    return (stem or _NAMELESS) + suffix


def suffix_of(said: str) -> str:
    """The ending that a list has, in lower case; empty if it is none."""
    return _parted(said.strip())[1]


def _is_kept(character: str) -> bool:
    return character in "0123456789.-_ " or character.isalpha()


def _parted(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rstrip(". ").rpartition(".")
    suffix = f".{ending.lower()}"
    return (stem, suffix) if dot and suffix in SUFFIXES else (name, "")


def _masked(stem: str) -> str:
    masked = mask_numbers(stem).replace("•", "x")
    return re.sub(r"\d", "x", masked) if holds_number(masked) else masked


def _trimmed(stem: str, most: int = _MOST) -> str:
    """Without what a name may not begin or end with, and no longer than it may be."""
    short = stem.strip("._ ")[:most]
    while len(short.encode("utf-8", "replace")) > _MOST_BYTES:
        short = short[:-1]
    return short.strip("._ ")
