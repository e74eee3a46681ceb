"""Single cells of an answer, read strictly: a value, or None where it is not one."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo

from geo_target.fieldwork.form_fields import NO_PROGRAM
from geo_target.fieldwork.outcome_codes import plain
from geo_target.programs import program_code_of, programs

_YES = frozenset({"yes", "ya", "y", "ada", "1", "true", "✓", "v"})
_NO = frozenset({"no", "tidak", "tdk", "t", "tidak ada", "0", "false"})
_NO_PROGRAMS = frozenset({NO_PROGRAM, "tidak ada", "tidak menerima apa pun", "none at all"})

#: Signs that no text needs: control characters, and those that turn the direction of writing.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")
#: What a CSV puts before a cell that a spreadsheet would run, see `spreadsheet_cells`.
_GUARDED = re.compile(r"^'(?=[=+\-@])")
_GAPS = re.compile(r"[\s.\-_']")
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,17})?")
_METERS = re.compile(r"\d{1,7}(?:[.,]\d{1,17})?")
_VILLAGE = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_DIGITS = 16
_MOST_MEMBERS = 40


def text(said: str) -> str:
    """`said` on one line, without signs that nobody sees."""
    return _BLANKS.sub(" ", _UNSEEN.sub(" ", _GUARDED.sub("", said))).strip()


def flag(said: str) -> bool | None:
    """Yes or no in the words of a form or a hand."""
    word = plain(said)
    return True if word in _YES else False if word in _NO else None


def day(said: str) -> date | None:
    """ISO, or day, month and year with slashes, dots or hyphens."""
    try:
        if found := _DAY_FIRST.fullmatch(said):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(said[:10]) if said[4:5] == "-" else None
    except ValueError:
        return None


def moment(said: str, zone: tzinfo | None) -> datetime | None:
    """ISO date and time; without an offset it is of `zone`."""
    try:
        found = datetime.fromisoformat(said)
        found.astimezone(UTC)  # years at the edge cannot be moved
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def degrees(said: str, most: float) -> float | None:
    """Decimal degrees within `most` of zero; a decimal comma is read as one."""
    if not _DEGREES.fullmatch(said):
        return None
    found = float(said.replace(",", "."))
    return found if abs(found) <= most else None


def meters(said: str) -> float | None:
    """Meters, not negative."""
    return float(said.replace(",", ".")) if _METERS.fullmatch(said) else None


def person_number(said: str) -> str | None:
    """NIK or KK: 16 digits, after what people write between them; not one digit repeated."""
    digits = _GAPS.sub("", said)
    is_one = digits.isascii() and digits.isdigit() and len(digits) == _DIGITS
    return digits if is_one and len(set(digits)) > 1 else None


def small_area(said: str) -> str | None:
    """RT or RW in three digits."""
    return said.zfill(3) if re.fullmatch(r"\d{1,3}", said, re.ASCII) and int(said) else None


def members(said: str) -> str | None:
    """How many people a family has."""
    is_number = re.fullmatch(r"\d{1,2}", said, re.ASCII)
    return str(int(said)) if is_number and 1 <= int(said) <= _MOST_MEMBERS else None


def village_code(said: str) -> str | None:
    """Code of a village with dots: without them it may be of either system."""
    return said if _VILLAGE.fullmatch(said) else None


def program_codes(said: str) -> tuple[tuple[str, ...], bool]:
    """Codes of the programs that are named, and whether all could be read.

    Nothing but 'none' is the empty tuple. Programs are parted by commas, semicolons, slashes or,
    as forms write codes, blanks; 'none' beside a program is a contradiction.
    """
    if plain(said) in _NO_PROGRAMS:
        return (), True
    if whole := _program(said):
        return (whole,), True
    found: dict[str, None] = {}
    is_read = True
    for part in filter(None, re.split(r"\s*[,;/]\s*", said)):
        codes = [_program(part)]
        if codes == [None]:
            codes = [_program(word) for word in part.split()]
        is_read &= None not in codes
        found.update(dict.fromkeys(code for code in codes if code))
    return tuple(found), is_read and bool(found)


def _program(said: str) -> str | None:
    """Code of a program that lists, or papers by its short name, call so."""
    short = (p.code for p in programs().values() if plain(p.short_name) == plain(said))
    return program_code_of(said) or next(short, None)


#: How a corrected value is read, by what it is of; the others are text.
CORRECTED: dict[str, Callable[[str], str | None]] = {
    "village_code": village_code,
    "rt": small_area,
    "rw": small_area,
    "members": members,
    "head_national_id": person_number,
    "family_card_number": person_number,
}
PERSON_NUMBERS = frozenset({"head_national_id", "family_card_number"})
