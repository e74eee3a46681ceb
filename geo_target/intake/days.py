"""Strict parsers of days and of the times that an enrollment counts for."""

import calendar
import re
from datetime import date, timedelta

from geo_target.intake.values import ValueFault

#: Day 0 of Excel's calendar for dates after February 1900.
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 60_000)
#: Days as people write them: 1 Januari 1990, 01-Jan-1990.
_WITH_MONTH = re.compile(r"(\d{1,2})[ -]+([a-z]{3,9})\.?[ -]+(\d{4})", re.IGNORECASE | re.ASCII)
_MONTHS = {
    word: number
    for number, words in enumerate(
        ("jan januari january", "feb februari pebruari february", "mar maret march", "apr april",
         "mei may", "jun juni june", "jul juli july", "agu agt ags agustus aug august",
         "sep sept september", "okt oktober oct october", "nov nop november nopember",
         "des desember dec december"), start=1
    )
    for word in words.split()
}  # fmt: skip
#: Where year, month and day stand in 31/12/2025.
_DAY_FIRST = (2, 1, 0)


def parse_date(text: str) -> date:
    """A day of ``31/12/2025``, ``2025-12-31``, ``31 Desember 2025``, or Excel's day number.

    A word for the month leaves nothing to guess; a year of two digits does, and is a fault.
    A month before the day (``12/31/2025``) is a fault of its own: it says that other dates of
    its column, whose day is no greater than 12, may be misread.
    """
    if match := _WITH_MONTH.fullmatch(text.strip()):
        text = f"{match[3]}-{_MONTHS.get(match[2].casefold(), 0)}-{match[1]}"
    bare = text.strip().split("T")[0].split(" ")[0]
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", _DAY_FIRST),
    ):
        if match := re.fullmatch(pattern, bare):
            year, month, day = (int(match.groups()[i]) for i in order)
            try:
                return date(year, month, day)
            except ValueError:
                raise ValueFault(_code_of_no_day(year, month, day, order)) from None
    if re.fullmatch(r"\d{5}", bare, re.ASCII) and int(bare) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(bare))
    raise ValueFault("E-DATE")


def _code_of_no_day(year: int, month: int, day: int, order: tuple[int, ...]) -> str:
    try:
        date(year, day, month)
    except ValueError:
        return "E-DATE"
    return "E-DATE-ORDER" if order == _DAY_FIRST else "E-DATE"


_FIRST_YEAR = 1900


def parse_past_day(text: str, as_of: date) -> date:
    """A day that has been, such as a birth date: not after `as_of`, not before 1900."""
    day = parse_date(text)
    if day.year < _FIRST_YEAR:
        raise ValueFault("E-DATE")
    if day > as_of:
        raise ValueFault("E-DATE-FUTURE")
    return day


def parse_record_day(text: str, as_of: date) -> date:
    """The day a record stood; of a year alone its last one, or `as_of` where that is before.

    It is the youngest that the record can be: nobody is called out of date for a day that
    the list does not say.
    """
    match = re.fullmatch(r"(?:tahun\s*)?(\d{4})", text.strip(), re.IGNORECASE | re.ASCII)
    if not match:
        return parse_past_day(text, as_of)
    if (year := int(match[1])) < _FIRST_YEAR:
        raise ValueFault("E-DATE")
    if year > as_of.year:
        raise ValueFault("E-DATE-FUTURE")
    return min(date(year, 12, 31), as_of)


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}


def parse_quarter(text: str, as_of: date) -> tuple[date, date]:
    """First and last day of ``4``, ``Tahap 4``, ``TAHAP IV 2025``: tahap n is quarter n.

    Without a year it is the latest such quarter that has begun on the day the list stood:
    a list of 5 January with tahap 4 tells of last year's. A quarter that begins later than
    that day is refused. (SIKS-NG pays a tahap a quarter.)
    """
    match = re.fullmatch(
        r"(?:tahap|triwulan|tw)?\s*([1-4]|I{1,3}|IV)(?:\.0)?(?:[\s/.-]+(?:tahun\s*)?(20\d{2}))?",
        text.strip(),
        re.IGNORECASE,
    )
    if not match:
        raise ValueFault("E-PERIOD")
    quarter = _ROMAN.get(match[1].upper()) or int(match[1])
    first_month, last_month = 3 * quarter - 2, 3 * quarter
    has_begun = date(as_of.year, first_month, 1) <= as_of
    year = int(match[2] or (as_of.year if has_begun else as_of.year - 1))
    if date(year, first_month, 1) > as_of:
        raise ValueFault("E-PERIOD")
    last_day = calendar.monthrange(year, last_month)[1]
    return date(year, first_month, 1), date(year, last_month, last_day)


def parse_month(text: str) -> tuple[date, date]:
    """First and last day of the month of a day: one package covers its month."""
    try:
        day = parse_date(text)
    except ValueFault:
        raise ValueFault("E-PERIOD") from None
    return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
