"""Mistakes of registers: dates, numbers and cells as clerks get them wrong, or leave them out.

Every mistake draws from a generator of its own and is counted by a share, so that a list may
be as clean or as poor as one likes. The shares of `hard_list` are those of the trial that
linkage by name was measured on: 46.5 % of the names the same, 68 % of the birth dates, 60 %
without KK, 25 % without RT, 12 % of the rows of nobody in the register.
"""

import numpy as np
import pandas as pd

from geo_target.demo.columns import (
    Days,
    Flags,
    Ints,
    Text,
    among,
    draw,
    matches,
    subset,
    text,
)
from geo_target.demo.crowd import people_for_linkage
from geo_target.demo.misspellings import mistyped_names
from geo_target.demo.people import BORN_BY

__all__ = [
    "hard_list",
    "missing",
    "mistaken_dates",
    "mistyped_names",
    "one_wrong_digit",
    "people_for_linkage",
]

#: The mistakes of a hard list.
ABSENT = 0.12
MISTYPED = 0.535
NO_CARD = 0.60
WRONG_CARD = 0.02
NO_RT = 0.25
NO_NEIGHBORHOOD = 0.30
OTHER_VILLAGE = 0.02
#: Aid is paid to grown-ups.
_ADULT_YEARS = 17


#: The mistakes of the demo's own lists: registers are better kept than lists of recipients.
MISTYPED_IN_DTSEN = 0.12
MISTYPED_RECIPIENTS = 0.25
DATES_OF_P3KE = {"missing": 0.03, "january": 0.05, "swapped": 0.01, "year": 0.005, "day": 0.005}


def mistaken_dates(
    rng: np.random.Generator,
    dates: Days,
    *,
    missing: float = 0.10,
    january: float = 0.10,
    swapped: float = 0.05,
    year: float = 0.04,
    day: float = 0.03,
) -> Days:
    """Leave dates out or get them wrong; the defaults leave 68 % as they are.

    Parameters
    ----------
    dates
        Days; NaT stays NaT.
    missing
        Share left out (NaT).
    january
        Share on 1 January of the same year, which stands for an unknown day.
    swapped
        Share with day and month swapped.
    year
        Share a year off.
    day
        Share one to nine days off in the same month.

    Notes
    -----
    A mistake that would leave a date as it is (a 13th has no month to swap with) is a wrong
    day instead, so that the shares hold.
    """
    count = len(dates)
    kind = draw(rng, 6, count, (1 - missing - january - swapped - year - day,
                                missing, january, swapped, year, day))  # fmt: skip
    known = np.where(np.isnat(dates), np.datetime64("2000-01-02", "D"), dates)
    years, months = known.astype("datetime64[Y]"), known.astype("datetime64[M]")
    day_of = (known - months).astype(np.int64)
    month_of = (months - years).astype(np.int64)
    can_swap = (day_of < 12) & (day_of != month_of)
    months_swapped = years.astype("datetime64[M]") + np.where(can_swap, day_of, 0)
    swap = months_swapped.astype("datetime64[D]") + month_of
    # Every month has 28 days.
    other_day = (day_of + rng.integers(1, 10, count)) % 28
    wrong_day = months.astype("datetime64[D]") + np.where(
        other_day == day_of, (day_of + 1) % 28, other_day
    )
    off = rng.choice(np.array([-1, 1]), count)
    day_in_year = np.minimum(day_of, 27)
    wrong_year = ((years + off).astype("datetime64[M]") + month_of).astype("datetime64[D]")
    wrong: Days = np.select(
        [kind == 0, kind == 1, kind == 2, (kind == 3) & can_swap, kind == 4],
        [known, np.full(count, np.datetime64("NaT", "D")), years.astype("datetime64[D]"),
         swap, wrong_year + day_in_year],
        wrong_day,
    )  # fmt: skip
    wrong = np.where((kind > 1) & (wrong == known), wrong_day, wrong)
    return np.where(np.isnat(dates), dates, wrong)


def one_wrong_digit(
    rng: np.random.Generator, numbers: Text, *, share: float, first: int = 6
) -> Text:
    """Replace one digit of a share of numbers by another digit.

    Parameters
    ----------
    numbers
        Numbers as text; null, blank and what is no number stay.
    first
        Digits before this position stay: forms come with the region printed.
    """
    able = matches(numbers, rf"^[0-9]{{{first + 1},}}$")
    chosen = np.flatnonzero(able & (rng.random(len(numbers)) < share))
    if not len(chosen):
        return numbers.copy()
    old = numbers.iloc[chosen]
    length = old.str.len().to_numpy(dtype=np.int64)
    digits = old.to_numpy(dtype="S").view(np.uint8).reshape(len(chosen), -1).copy()
    at = first + (rng.random(len(chosen)) * (length - first)).astype(np.int64)
    row = np.arange(len(chosen))
    zero = ord("0")
    digits[row, at] = zero + (digits[row, at] - zero + rng.integers(1, 10, len(chosen))) % 10
    written = digits.view(f"S{digits.shape[1]}").ravel().astype(str)
    result = numbers.copy()
    result.iloc[chosen] = text(written)
    return result


def missing(rng: np.random.Generator, column: Text, *, share: float) -> Text:
    """Leave out a share of the cells of a column (null)."""
    return column.mask(rng.random(len(column)) < share)


def hard_list(
    rng: np.random.Generator, persons: pd.DataFrame, *, rows: int | None = None
) -> pd.DataFrame:
    """A list without a usable NIK, of people of a register and of some whom it has not.

    Parameters
    ----------
    persons
        The register, as `people_for_linkage` gives it; children are never drawn.
    rows
        Rows of the list, by default a tenth of the register's; nobody is drawn twice.

    Returns
    -------
    DataFrame
        ``row_id``, ``name``, ``birth_date``, ``sex``, ``family_card_number``, ``rt``,
        ``rw``, ``neighborhood``, ``village_code``, ``village_name``, ``district_name`` with
        the mistakes of this module, and the hidden truth: ``true_person_id`` and
        ``true_family_id``, null where the register has not this person.
    """
    born = persons["birth_date"].to_numpy().astype("datetime64[D]")
    grown = np.flatnonzero(born <= BORN_BY - np.timedelta64(_ADULT_YEARS * 365, "D"))
    size = min(len(grown), len(persons) // 10 if rows is None else rows)
    chosen = rng.permutation(grown)[:size]
    absent = rng.random(size) < ABSENT
    drawn = subset(persons, chosen)
    sent = _with_strangers(rng, drawn, persons, absent)
    elsewhere = _other_villages(rng, sent, persons)
    card = one_wrong_digit(rng, sent["family_card_number"], share=WRONG_CARD)
    rt = missing(rng, sent["rt"], share=NO_RT)
    return pd.DataFrame(
        {
            "row_id": text(np.arange(size) + 1),
            "name": mistyped_names(rng, sent["name"], share=MISTYPED),
            "birth_date": mistaken_dates(
                rng, sent["birth_date"].to_numpy().astype("datetime64[D]")
            ).astype("datetime64[s]"),
            "sex": sent["sex"],
            "family_card_number": missing(rng, card, share=NO_CARD),
            "rt": rt,
            "rw": sent["rw"].mask(rt.isna()),
            "neighborhood": missing(rng, sent["neighborhood"], share=NO_NEIGHBORHOOD),
            **{name: elsewhere[name] for name in ("village_code", "village_name", "district_name")},
            "true_person_id": drawn["person_id"].mask(absent),
            "true_family_id": drawn["family_id"].mask(absent),
        }
    )


def _with_strangers(
    rng: np.random.Generator, drawn: pd.DataFrame, persons: pd.DataFrame, absent: Flags
) -> pd.DataFrame:
    """Make people whom the register has not of one's name, another's birth, a third's home."""
    count = int(absent.sum())
    made = drawn.copy()
    for own in (["name", "sex"], ["birth_date"]):
        others = subset(persons[own], rng.integers(0, len(persons), count))
        for column in own:
            made.loc[absent, column] = others[column].to_numpy()
    card = one_wrong_digit(rng, drawn["family_card_number"], share=1.0)
    made["family_card_number"] = card.mask(among(card, persons["family_card_number"])).where(
        absent, drawn["family_card_number"]
    )
    return made


def _other_villages(
    rng: np.random.Generator, sent: pd.DataFrame, persons: pd.DataFrame
) -> pd.DataFrame:
    """The village of each row; of a few another one of the same district."""
    kinds = pd.factorize(persons["village_code"])[0]
    first_rows = np.unique(kinds, return_index=True)[1]
    villages = subset(persons[["village_code", "village_name", "district_name"]], first_rows)
    villages = villages.sort_values("village_code", ignore_index=True)
    position = pd.Index(villages["village_code"]).get_indexer(sent["village_code"])
    district = villages["village_code"].str.slice(0, 8).to_numpy()
    last: Ints = np.searchsorted(district, district, side="right") - 1
    first: Ints = np.searchsorted(district, district, side="left")
    moved = (rng.random(len(sent)) < OTHER_VILLAGE) & (last > first)[position]
    step = 1 + (rng.random(len(sent)) * (last - first)[position]).astype(np.int64)
    span = np.maximum(1, last - first + 1)[position]
    other = first[position] + (position - first[position] + step) % span
    return subset(villages, np.where(moved, other, position))
