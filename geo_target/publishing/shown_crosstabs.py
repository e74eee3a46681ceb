"""Families by district and by what they have in common, and what may be shown of them.

The audience knows the sums of the rows (the village table's, by district) and of some columns
together (who is enrolled in the only program of a strategy). What is withheld can lie in a range
as wide as the smallest count that is shown: publishing/suppression.py, on a small table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo_target.publishing.interval_attack import Key, Sum, interval_attack
from geo_target.publishing.table_shifts import NO_GROUP, Variables, matrix_of, shift_cost, widen

Flags = npt.NDArray[np.bool_]
#: A table and the sums of its columns; <NA> where withheld.
Shown = tuple[pd.DataFrame, "pd.Series[int]"]


@dataclass(frozen=True)
class KnownSum:
    """Columns of which the audience knows the sum, in some rows or in all of them together."""

    columns: Sequence[Any]
    in_rows: Flags
    in_all: bool


def publish_crosstab(
    counts: pd.DataFrame,
    known: Sequence[KnownSum],
    smallest: int,
    *,
    hidden: pd.DataFrame | None = None,
    hidden_sums: "pd.Series[bool] | None" = None,
) -> Shown:
    """Show a table as far as what is known of its sums allows.

    Parameters
    ----------
    counts
        Exact counts: a row a district, a column a part of the families.
    known
        Where a sum is not known, it shall not be told either.
    hidden, hidden_sums
        Cells, and sums of columns, that are withheld whatever they hold.

    Returns
    -------
    tuple
        Where only telling nothing helps, nothing is told.
    """
    if counts.empty:
        return nothing_of(counts)
    rows, parts = counts.shape
    cells = np.arange(rows * parts).reshape(rows, parts)
    sums = [([*cells[:, p]], rows * parts + p) for p in range(parts)]
    told = [False] * (rows * parts + parts)
    for one in known:
        places = np.flatnonzero(counts.columns.isin([*one.columns]))
        lines = [[*line] for line in cells[:, places]] + [[*(rows * parts + places)]]
        sums += [(line, len(told) + number) for number, line in enumerate(lines)]
        told += [*one.in_rows, one.in_all]
    fixed = np.array(told, dtype=np.bool_)
    values = np.concatenate(
        [counts.to_numpy(dtype=float).ravel(), np.zeros(len(told) - rows * parts)]
    )
    for of, whole in sums:
        values[whole] = values[of].sum()
    withheld = (values >= 1) & (values < smallest)
    withheld[rows * parts + parts :] = True
    if hidden is not None:
        withheld[: rows * parts] |= hidden.to_numpy(dtype=bool).ravel()
    if hidden_sums is not None:
        withheld[rows * parts :][:parts] |= hidden_sums.to_numpy(dtype=bool)
    found = _widened(values, sums, fixed, withheld & ~fixed, smallest)
    if found is None:
        return nothing_of(counts)
    return (
        counts.astype("Int64").mask(found[cells]),
        counts.sum().astype("Int64").mask(found[rows * parts :][:parts]),
    )


def nothing_of(counts: pd.DataFrame) -> Shown:
    """The table, all of it withheld."""
    return (
        counts.astype("Int64").mask(counts >= 0),
        counts.sum().astype("Int64").mask(counts.sum() >= 0),
    )


def by_district(
    rows: pd.DataFrame, districts: Mapping[str, str], parts: Sequence[Any]
) -> pd.DataFrame:
    """Families by district and ``part``; every district, every part.

    Parameters
    ----------
    rows
        ``village_code``, ``part``, ``families``.
    districts
        District codes by village.
    """
    district = rows["village_code"].map(districts)
    counts = rows.groupby([district.rename("district"), "part"])["families"].sum().unstack("part")
    index = pd.Index([*parts], tupleize_cols=False)
    order = sorted(set(districts.values()))
    return counts.reindex(index=order, columns=index).fillna(0).astype("int64")


def _widened(
    values: npt.NDArray[np.float64],
    sums: Sequence[tuple[Sequence[int], int]],
    fixed: Flags,
    withheld: Flags,
    smallest: int,
) -> Flags | None:
    """`withheld` and what protects it; None where something can be worked out nevertheless."""
    first_sum = min(whole for _, whole in sums)
    costs = [
        shift_cost(value, is_sum=number >= first_sum, is_whole_area=False, is_total=False)
        for number, value in enumerate(values)
    ]
    variables = Variables(
        values=values,
        groups=np.full(len(values), NO_GROUP),
        fixed=fixed,
        costs=np.array(costs),
        sums=matrix_of(sums, len(values)),
    )
    found = widen(variables, withheld, smallest)
    keys: list[Key] = [(number,) for number in range(len(values))]
    ranges = interval_attack(
        pd.Series(np.where(found, np.nan, values), pd.Index(keys, tupleize_cols=False)),
        [Sum(keys[whole], [keys[part] for part in of]) for of, whole in sums],
        enough=smallest,
    )
    is_narrow = (ranges["upper"] - ranges["lower"] < smallest).any()
    return None if is_narrow else found
