"""The day that a file's name tells, as agencies write it."""

import re
from datetime import date

#: Number of a month by how it is written.
MONTHS = {
    "januari": 1, "jan": 1, "january": 1, "februari": 2, "pebruari": 2, "feb": 2, "february": 2,
    "maret": 3, "mar": 3, "march": 3, "april": 4, "apr": 4, "mei": 5, "may": 5, "juni": 6,
    "jun": 6, "june": 6, "juli": 7, "jul": 7, "july": 7, "agustus": 8, "agu": 8, "agt": 8,
    "ags": 8, "agust": 8, "aug": 8, "august": 8, "september": 9, "sep": 9, "sept": 9,
    "oktober": 10, "okt": 10, "october": 10, "oct": 10, "november": 11, "nopember": 11,
    "nov": 11, "nop": 11, "desember": 12, "des": 12, "december": 12, "dec": 12,
}  # fmt: skip

#: Parts of a year have numbers too: "Tahap 4 November 2026" is not a day.
_PART = re.compile(
    r"\b(?:tahap|thp|triwulan|tw|termin|gelombang|gel|semester|smt|putaran|revisi|rev)"
    r"[\s._\-]*\d{1,2}(?!\d)"
)
_GAP = r"[\s._\-]*"
_YEAR = r"(?P<year>20\d\d)"
_NAMED = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
#: The clearest first: a day with its month's name, then digits, then a month alone.
_FORMS = tuple(
    re.compile(rf"(?<![0-9a-z]){form}(?![0-9a-z])")
    for form in (
        rf"(?P<day>\d{{1,2}}){_GAP}{_NAMED}{_GAP}{_YEAR}",
        rf"{_YEAR}[\s._\-](?P<month>\d{{1,2}})[\s._\-](?P<day>\d{{1,2}})",
        rf"(?P<day>\d{{1,2}})[\s._\-](?P<month>\d{{1,2}})[\s._\-]{_YEAR}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"(?P<day>\d\d)(?P<month>\d\d){_YEAR}",
        rf"{_NAMED}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_NAMED}",
        rf"{_YEAR}[\s._\-]?(?P<month>\d\d)",
        rf"(?P<month>\d\d)[\s._\-]{_YEAR}",
    )
)


def day_in_name(name: str) -> date | None:
    """The day in ``penerima 2026-11-15.xlsx``; of a month without a day its first.

    ``20261115``, ``15-11-2026``, ``15 November 2026``, ``nov 2026`` and ``2026-11`` do too.
    """
    stem = name.rpartition(".")[0] or name
    # Letters and digits are parted, for "sembako_nov2026" and "pkh2026-11" are written too;
    # an underscore parts words.
    bare = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", stem.casefold().replace("_", " "))
    bare = _PART.sub(" ", bare)
    for form in _FORMS:
        for found in form.finditer(bare):
            day = _day(found)
            if day is not None:
                return day
    return None


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    month = MONTHS.get(parts["month"]) or int(parts["month"])
    try:
        return date(int(parts["year"]), month, int(parts.get("day") or 1))
    except ValueError:
        return None
