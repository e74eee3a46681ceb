"""Strict parsers of what people write into cells: a value, or the code of what is wrong."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any


class ValueFault(Exception):  # noqa: N818  # it says what is wrong with a value
    """A text that is no value: the code of intake/codes.py, and what to read instead."""

    def __init__(self, code: str, *, instead: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.instead = instead


Parser = Callable[[str], Any]

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?|\d{1,3}(,\d{3})+(\.\d{1,2})?")
_PLAIN = re.compile(r"\d+([.,]\d{1,2})?")
_CURRENCY = re.compile(r"^(rp\.?|idr)\s*|\s*,-$", re.IGNORECASE)

#: More than any family earns in a month: a slip of the keyboard.
_MOST_RUPIAH = 1e12


def parse_rupiah(text: str) -> float:
    """Rupiah of ``400000``, ``400.000``, ``Rp 400.000,-``, ``400,000.00``.

    A dot or comma before exactly three digits parts thousands, as Indonesians write;
    before one or two digits it is a decimal sign and is taken only after four or more
    digits: ``400.5`` is as likely a slip, and is refused.
    """
    bare = _CURRENCY.sub("", _CURRENCY.sub("", text.strip())).replace(" ", "")
    if _THOUSANDS.fullmatch(bare):
        decimal = "," if re.search(r"\.\d{3}", bare) else "."
        amount = float(re.sub(r"[.,]", lambda m: "." if m[0] == decimal else "", bare))
    elif bare.isdecimal() or (_PLAIN.fullmatch(bare) and re.match(r"\d{4}", bare)):
        amount = float(bare.replace(",", "."))
    else:
        raise ValueFault("E-MONEY")
    if amount >= _MOST_RUPIAH:
        raise ValueFault("E-MONEY")
    return amount


def parse_whole(text: str) -> int:
    """A count from 1 to 99, as of family members."""
    if not re.fullmatch(r"\d{1,2}(\.0)?", text) or float(text) < 1:
        raise ValueFault("E-WHOLE")
    return int(float(text))


def parse_count(text: str) -> int:
    """A count of residents or families, thousands parted by dots or not."""
    bare = text.replace(" ", "")
    if not re.fullmatch(r"\d+(\.0)?|\d{1,3}(\.\d{3})+", bare):
        raise ValueFault("E-WHOLE")
    return int(bare.removesuffix(".0").replace(".", ""))


def parse_decile(text: str) -> int:
    """A welfare decile: ``1``, ``Desil 1``, ``01``; from 1 to 10."""
    match = re.fullmatch(r"(?:desil\s*)?0?(\d{1,2})(?:\.0)?", text.strip(), re.IGNORECASE)
    if not match or not 1 <= int(match[1]) <= 10:  # noqa: PLR2004
        raise ValueFault("E-DECILE")
    return int(match[1])


#: Day 0 of Excel's calendar for dates after February 1900.
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 60_000)


def parse_date(text: str) -> date:
    """A day of ``31/12/2025``, ``31-12-2025``, ``2025-12-31``, or Excel's day number."""
    bare = text.strip().split("T")[0].split(" ")[0]
    for pattern, order in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})", (0, 1, 2)),
        (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", (2, 1, 0)),
    ):
        if match := re.fullmatch(pattern, bare):
            year, month, day = (int(match.groups()[i]) for i in order)
            try:
                return date(year, month, day)
            except ValueError:
                raise ValueFault("E-DATE") from None
    if bare.isdecimal() and int(bare) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(bare))
    raise ValueFault("E-DATE")


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


_LARGEST_DEGREE = 180.0


def parse_degrees(text: str) -> float:
    """Decimal degrees with a dot or a comma; meters of UTM are recognized and refused."""
    if not re.fullmatch(r"-?\d+([.,]\d+)?", text.strip()):
        raise ValueFault("E-COORDINATE")
    degrees = float(text.replace(",", "."))
    if abs(degrees) > _LARGEST_DEGREE:
        raise ValueFault("E-COORDINATE-UTM")
    return degrees


def parse_number(text: str) -> float:
    """A number that is not negative, with a dot or a comma for decimals."""
    if not re.fullmatch(r"\d+([.,]\d+)?", text.strip()):
        raise ValueFault("E-NUMBER")
    return float(text.replace(",", "."))


def parse_rt_rw(text: str) -> str:
    """RT or RW as three digits: ``5``, ``05``, ``005``, ``RT 5``; 0 means none."""
    match = re.fullmatch(r"(?:r[tw][\s.]*)?(\d{1,3})(?:\.0)?", text.strip(), re.IGNORECASE)
    if not match or int(match[1]) == 0:
        raise ValueFault("E-RTRW")
    return f"{int(match[1]):03d}"
