"""Codes of visits: short, tell nothing, and no slip of the pen makes one of another."""

import secrets
from collections.abc import Collection
from random import Random

#: Crockford's base 32: without I, L, O and U, which are read as other signs.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Signs that carry the code; the last one checks them.
LENGTH = 7

_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None})
#: x^5 + x^2 + 1: by it the 32 values are a field, in which only 0 times something is 0.
_FIELD = 0b100101


def new_codes(
    count: int, *, taken: Collection[str], rng: Random | secrets.SystemRandom | None = None
) -> list[str]:
    """So many codes that are neither in `taken` nor twice.

    Parameters
    ----------
    taken
        Codes that were ever given, in this plan or an older one: paper lives long.
    rng
        Where the signs come from; by default the system's own, which nobody guesses.
    """
    chance = rng or secrets.SystemRandom()
    known = set(taken)
    made: list[str] = []
    while len(made) < count:
        signs = "".join(chance.choice(ALPHABET) for _ in range(LENGTH))
        code = signs + check_sign(signs)
        if code not in known:
            known.add(code)
            made.append(code)
    return made


def check_sign(signs: str) -> str:
    """The sign that checks `signs`.

    Each value counts times a power of 2 in the field of 32, the check sign itself times 1: a
    sum that is not zero tells of a slip. One wrong sign changes the sum since no factor is
    zero; two neighbors that changed places do since their factors differ (Damm 2004, ch. 2).
    """
    total = 0
    for sign in signs:
        total = _times_2(total ^ _VALUES[sign])
    return ALPHABET[total]


def read_code(text: str) -> str | None:
    """The code that somebody wrote or typed; None where it is none, or holds a slip.

    Case, blanks and hyphens do not count; O is read as 0, I and L as 1.
    """
    code = text.strip().upper().translate(_READ_AS)
    if len(code) != LENGTH + 1 or not set(code) <= _VALUES.keys():
        return None
    return code if check_sign(code[:-1]) == code[-1] else None


def printed(code: str) -> str:
    """A code as paper shows it, with a hyphen in the middle: ``4K7Q-W2ZN``."""
    middle = len(code) // 2
    return f"{code[:middle]}-{code[middle:]}"


def _times_2(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 0b100000 else doubled
