"""Names of places as they are compared, in SQL and in Python alike."""

import re
import unicodedata

_KIND = r"^\s*(kelurahan|kel|desa|ds|kecamatan|kec)(\.\s*|\s+)"
_REGENCY = r"^\s*kab(\.|\s)"


def folded_sql(column: str) -> str:
    """SQL of `folded`."""
    return (
        f"regexp_replace(regexp_replace(regexp_replace(strip_accents(lower({column})), "
        f"'{_KIND}', ''), '{_REGENCY}', 'kabupaten '), '[^a-z]', '', 'g')"
    )


def folded(name: str) -> str:
    """Give a place name without case, accents, blanks, signs, and the word for its kind."""
    plain = name.lower()
    if not plain.isascii():  # most names are, and have no marks
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not _is_mark(c))
    return re.sub("[^a-z]", "", re.sub(_REGENCY, "kabupaten ", re.sub(_KIND, "", plain)))


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def without_numbers(text: str) -> str:
    """Hide all but the last four digits of a run that may be a NIK or KK number."""
    return re.sub(r"\d{8,}", lambda run: "*" * (len(run[0]) - 4) + run[0][-4:], text)
