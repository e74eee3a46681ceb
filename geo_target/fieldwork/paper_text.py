"""Texts of lists as paper, forms and sheets print them; days in Indonesian."""

import unicodedata
from datetime import date

from geo_target.long_numbers import mask_numbers

#: What no address or name of a list needs; a longer one is cut.
LONGEST = 160
#: A longer run without a blank would leave its cell of a page.
_RUN = 24
_BREAK = "\u200b"
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
           "Oktober", "November", "Desember")  # fmt: skip


def plain(text: str | None) -> str:
    """A text of a list in one line, its long numbers masked, without signs that have no shape.

    Those that turn the direction of writing are left out too: they would let a name stand in
    another order than it is stored. None is the empty text.
    """
    visible = "".join(" " if _is_blank(sign) else sign for sign in text or "" if _is_kept(sign))
    masked = mask_numbers(" ".join(visible.split()))
    return masked if len(masked) <= LONGEST else masked[: LONGEST - 1].rstrip() + "…"


def breakable(text: str) -> str:
    """`text` with places in which a page may break a very long word."""
    return " ".join(
        _BREAK.join(word[at : at + _RUN] for at in range(0, len(word), _RUN))
        for word in text.split(" ")
    )


def number_word(text: str | None) -> str:
    """RT or RW as people say it, without leading zeros; empty where there is none."""
    said = plain(text)
    return said.lstrip("0") or said


def day_word(day: date) -> str:
    """``Senin, 24 November 2026``."""
    return f"{_DAYS[day.weekday()]}, {date_word(day)}"


def date_word(day: date) -> str:
    """``24 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _is_blank(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) == "Cc"


def _is_kept(sign: str) -> bool:
    """Not what is invisible by itself: marks of direction, joiners, half characters."""
    return unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"}
