"""What happens to lists on their way: spoiled numbers, repeated, blank and total rows."""

import numpy as np
import pandas as pd

from geo_target.demo.columns import Flags, Text, among, either, matches, subset
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.mistakes import one_wrong_digit

#: Rows of a list of recipients that name a person whom another row has.
LISTED_TWICE = 0.003
#: Digits of a NIK before its serial.
_SERIAL = 12


def spoil_numbers(rng: np.random.Generator, numbers: Text, *, where: Flags) -> Text:
    """Spoil identity numbers so that nobody can read them any more.

    Half of them as Excel does it (``3.67E+15``), the others cut to 15 digits, with a
    letter in them, blank, or 0.
    """
    kind = rng.integers(0, 8, len(numbers))
    scientific = numbers.str.slice(0, 1) + "." + numbers.str.slice(1, 6) + "E+15"
    lettered = numbers.str.slice(0, 11) + "O" + numbers.str.slice(12)
    spoiled = either(kind < 4, scientific, numbers.str.slice(0, 15))
    spoiled = either(kind == 5, lettered, spoiled)
    spoiled = either(kind == 6, "", spoiled)
    spoiled = either(kind == 7, "0", spoiled)
    spoiled = either(numbers.str.len() == 16, spoiled, numbers)
    return either(where, spoiled, numbers)


def choose_unmatched(rng: np.random.Generator, is_listed: Flags, share: float) -> Flags:
    """Choose exactly ``round(share * listed)`` of the listed families."""
    listed = np.flatnonzero(is_listed)
    chosen = np.zeros(len(is_listed), dtype=np.bool_)
    chosen[rng.choice(listed, round(share * len(listed)), replace=False)] = True
    return chosen


def listed_again(
    rng: np.random.Generator, table: pd.DataFrame, *, name: str, nik: str, taken: Text
) -> pd.DataFrame:
    """Add rows that repeat a few others, half with a wrong digit, half in another spelling.

    Never both: who then is named as somebody else without a NIK might be either. The digit is
    one of the serial: with a date that cannot be, only the name would be left.

    Parameters
    ----------
    name, nik
        Columns of the table.
    taken
        Every NIK there is: a wrong digit never makes the number of somebody else.
    """
    chosen = np.sort(rng.permutation(len(table))[: round(LISTED_TWICE * len(table))])
    # A number says who they are: under another spelling alone they might be somebody else.
    chosen = chosen[matches(table[nik].iloc[chosen], "^[0-9]{16}$")]
    again = subset(table, chosen)
    wrong = one_wrong_digit(rng, again[nik], share=0.5, first=_SERIAL)
    is_nobodys = ~among(wrong, taken) & ~matches(wrong, "0000$")
    wrong = either(is_nobodys, wrong, again[nik])
    spelled = mistyped_names(rng, again[name], share=1)
    again[name] = either(wrong == again[nik], spelled, again[name])
    again[nik] = wrong
    place = np.r_[np.arange(len(table)), chosen]
    whole = pd.concat([table, again], ignore_index=True)
    return subset(whole, np.argsort(place, kind="stable"))


def litter(
    rng: np.random.Generator, table: pd.DataFrame, *, total: str = "", share: float = 0.002
) -> pd.DataFrame:
    """Add blank rows and exact repeats here and there, and a total row if it has a name.

    None of them says anything new of anybody.
    """
    if table.empty:
        return table
    count = max(1, round(share * len(table)))
    at = np.sort(rng.integers(1, max(2, len(table)), 2 * count))
    kind = rng.permutation(np.arange(2 * count) % 2)
    # Position -1 is a blank row; a repeat follows the row that it repeats.
    order = np.insert(np.arange(len(table)), at, np.where(kind == 0, -1, at - 1))
    blank = pd.DataFrame("", index=[0], columns=table.columns, dtype="str")
    whole = pd.concat([table, blank], ignore_index=True)
    littered = whole.take(np.where(order < 0, len(table), order)).reset_index(drop=True)
    if not total:
        return littered
    last = blank.copy()
    last[total] = "JUMLAH"
    return pd.concat([littered, last], ignore_index=True)
