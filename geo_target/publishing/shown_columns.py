"""Counts beside the village table, and what may be shown of them to an audience.

The village table (publishing/disclosure.py) is known to whoever is shown these: so each further
count is held against it, and against each other one that counts some of the same families. Where
a difference between shown counts is few families, one of the two is withheld; where the sum of
the area would tell a withheld count, more villages are withheld with it. Sums of districts are
not shown: without them each column has one sum, and what it tells is worked out exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.publishing.audiences import TOTAL, Audience

#: Columns that are added and columns that are taken away: what is left is a count of families.
Left = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True)
class Column:
    """A count of families by village.

    Attributes
    ----------
    values
        Exact counts, by ``village_code``.
    within
        Shown counts, or earlier columns, of which these families are some.
    holding
        Earlier columns, or shown counts, that are some of these families.
    apart
        Columns of which nobody knows whether they are within each other: where the two are
        nearly the same, their difference may be a few families; where one is withheld, so is
        this one.
    left
        What else this column and earlier ones tell: of a whole that is parted in two, the rest;
        of parts that make up a whole, those who are in more than one.
    """

    name: str
    values: "pd.Series[int]"
    within: Sequence[str]
    holding: Sequence[str] = ()
    apart: Sequence[str] = ()
    left: Sequence[Left] = ()

    @property
    def tells(self) -> list[Left]:
        """Every count of families that follows from this column and others."""
        wider = [((name,), (self.name,)) for name in self.within]
        narrower = [((self.name,), (name,)) for name in self.holding]
        return [*wider, *narrower, *self.left]


@dataclass(frozen=True)
class Shown:
    """What an audience is shown: columns by village, their sums, and totals of the area."""

    villages: pd.DataFrame
    sums: Mapping[str, int | None]
    totals: Mapping[str, Any]
    audience: Audience

    def rest(self, *names: str) -> int | None:
        """Extreme-poor families without those of some columns."""
        parts = [self.totals[TOTAL], *(self.sums[name] for name in names)]
        if None in parts:
            return None
        return int(parts[0] - sum(parts[1:]))


#: Counts by village, in the order of the table that is known; NaN where withheld.
_Counts = npt.NDArray[np.float64]
_Marks = npt.NDArray[np.bool_]


@dataclass
class _Told:
    """What the audience knows: counts by village, and sums of the area (NaN is withheld)."""

    #: A number of each village's district; -1 where nobody knows it.
    districts: npt.NDArray[np.int64]
    villages: dict[str, _Counts] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)


def publish_columns(
    columns: Sequence[Column],
    known: pd.DataFrame,
    known_sums: Mapping[str, int | None],
    smallest: int,
    *,
    districts: "pd.Series[str]",
) -> tuple[pd.DataFrame, dict[str, int | None]]:
    """Show columns one after the other, each as far as those before it allow.

    Parameters
    ----------
    known
        Shown counts of the village table, by ``village_code``; <NA> where withheld.
    known_sums
        Its sums of the area; None where withheld.
    smallest
        Counts from 1 to one less are small.
    districts
        Of each village: sums by district of the village table are known too.

    Returns
    -------
    villages
        A column of Int64 for each, <NA> where withheld.
    sums
        Of the area; None where withheld.
    """
    told = _Told(
        pd.factorize(districts.reindex(known.index))[0],
        {name: _counts(known[name].astype("Float64").astype(float)) for name in known.columns},
    )
    told.sums = {name: _real(known_sums[name]) for name in told.villages}
    for column in columns:
        values = _counts(column.values.reindex(known.index, fill_value=0))
        total = float(values.sum())
        held = [told.villages[name] for name in column.holding if name in known]
        hidden = _tells(column, values, told.villages, smallest) | _bounds(values, held)
        is_sum_told = not _tells(
            column, np.array([total], dtype=np.float64), _first(told.sums), smallest
        ).any()
        if is_sum_told:
            more = _with_more(column, values, hidden, told, smallest)
            told.villages[column.name] = np.where(hidden if more is None else more, np.nan, values)
            told.sums[column.name] = total
            is_sum_told = more is not None and not _is_told_by_sums(column, told, smallest)
        if not is_sum_told:
            # The villages would tell the sum that is withheld.
            is_shown = ~hidden & bool(hidden.any())
            told.villages[column.name] = np.where(is_shown, values, np.nan)
            told.sums[column.name] = np.nan
    names = [column.name for column in columns]
    shown = pd.DataFrame({name: told.villages[name] for name in names}, index=known.index)
    sums = {name: None if np.isnan(told.sums[name]) else int(told.sums[name]) for name in names}
    return shown.astype("Int64"), sums


def _counts(of_villages: "pd.Series[Any]") -> _Counts:
    return np.asarray(of_villages, dtype=np.float64)


def _real(count: int | None) -> float:
    return np.nan if count is None else float(count)


def _first(sums: Mapping[str, float]) -> dict[str, _Counts]:
    return {name: np.array([value]) for name, value in sums.items()}


def _tells(column: Column, values: _Counts, told: Mapping[str, _Counts], smallest: int) -> _Marks:
    """Where a count, or what follows from it and from others, is small."""
    tells = _is_small(values, smallest)
    is_some = bool(values.any())
    for name in column.within:
        # What it is some of is withheld: it would be a bound of it. Parts that are 0 all over
        # make nothing up; else all parts that are 0 would tell that the whole is.
        tells |= np.isnan(told[name]) & is_some
    for name in column.apart:
        tells |= np.isnan(told[name]) & is_some
        tells |= _is_small(np.abs(told[name] - values), smallest)
    for left in column.tells:
        tells |= _is_small(_left({**told, column.name: values}, left), smallest)
    for name in column.within:
        tells &= told[name] != 0  # of nobody there is no part to withhold
    return tells


def _bounds(values: _Counts, held: Sequence[_Counts]) -> _Marks:
    """Where it holds families whose count in the village table is withheld: it would be their most.

    The sums of a district, which are told of that table alone, may leave that count little room
    already.
    """
    withheld = np.zeros(len(values), dtype=bool)
    for counts in held:
        withheld |= np.isnan(counts)
    return withheld & bool(values.any())


def _left(told: Mapping[str, _Counts], left: Left) -> _Counts:
    """What is left; NaN where one of the counts is withheld."""
    added, taken = (sum((told[name] for name in names), start=np.zeros(1)) for names in left)
    return added - taken


def _is_told_by_sums(column: Column, told: _Told, smallest: int) -> bool:
    """Whether the sum of what is left bounds a count that is alone withheld in its village.

    Where the sums of two columns of which one is within the other are the same, so are the two
    in every village.
    """
    sums = _first(told.sums)
    for left in column.tells:
        names = [name for side in left for name in side]
        rest = _left(sums, left)[0] - np.nansum(_left(told.villages, left))
        withheld = sum(np.isnan(told.villages[name]).astype(int) for name in names)
        if rest < smallest and np.any(withheld == 1):
            return True
    return False


def _is_small(values: _Counts, smallest: int) -> _Marks:
    return (values >= 1) & (values < smallest)


def _with_more(
    column: Column, values: _Counts, hidden: _Marks, told: _Told, smallest: int
) -> _Marks | None:
    """Withhold more until the sum of the area tells no withheld count within `smallest`.

    What is withheld lies between the most that are some of it and the least that it is some of;
    the smallest shown count goes first, for it tells least. None if nothing helps.
    """
    most = np.fmin.reduce([told.villages[name] for name in column.within])
    most = np.where(np.isnan(most), np.inf, most)
    held = [told.villages[name] for name in column.holding]
    least = np.fmax.reduce([np.zeros(len(values)), *held])
    hidden = hidden.copy()
    is_one = _districts(told.districts) == 1
    shown = np.flatnonzero(~hidden & (values > 0))
    order = shown[np.argsort(values[shown], kind="stable")]
    for village in [None, *order]:
        if village is not None:
            hidden[village] = True
        floor = least[hidden]
        room = most[hidden] - floor
        # Of withheld villages that are all of one district the sum of the area tells the sum.
        is_spread = not hidden.any() or _districts(told.districts[hidden]) > 1 or is_one
        if is_spread and _is_wide(values[hidden].sum() - floor.sum(), room, smallest):
            return hidden
    return None


def _districts(numbers: npt.NDArray[np.int64]) -> int:
    """How many there are of those that are known."""
    return len(np.unique(numbers[numbers >= 0]))


def _is_wide(total: float, most: npt.NDArray[np.float64], smallest: int) -> bool:
    """Whether each of some counts with this sum, each up to its most, may be many numbers.

    Where its most leaves it few, the sum must not leave it fewer.
    """
    if not len(most):
        return True
    others = most.sum() - most if np.isfinite(most).all() else _others(most)
    least = np.maximum(0, total - others)
    return bool((np.minimum(most, total) - least >= np.minimum(smallest, most)).all())


def _others(most: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    endless = np.isinf(most)
    if endless.sum() > 1:
        return np.full(len(most), np.inf)
    return np.where(endless, most[~endless].sum(), np.inf)
