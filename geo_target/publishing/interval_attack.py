"""What somebody can work out about withheld counts, and the gate that asks it.

The attack knows nothing of how cells are chosen (`publishing.suppression`): it sees what is
shown, the sums that hold between counts, and that counts are whole and not negative. It is the
audit of Fischetti and Salazar (2001, Management Science 47:1008-1027): the least and the greatest
value of each withheld cell, by linear programming.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo_target.errors import Fault, GeoTargetError
from geo_target.publishing.interval_problem import (
    CEILING,
    NEAR,
    Equations,
    FindBounds,
    bounds_of,
    bounds_once,
)

#: The row of `Suppression.margins` that holds the sums of all districts.
WHOLE_AREA = "*"

Key = tuple[Hashable, ...]


class GateError(GeoTargetError):
    """What is to be released would tell a withheld count."""


@dataclass(frozen=True)
class Suppression:
    """Which counts are withheld (True), of villages and of the sums that are shown with them.

    `cells` has the rows of the village table, `margins` one row a district and `WHOLE_AREA`
    last; the columns of both are the parts and the total.
    """

    cells: pd.DataFrame
    margins: pd.DataFrame


@dataclass(frozen=True)
class Release:
    """An exact village table, and what of it an audience was or will be shown."""

    table: pd.DataFrame
    suppression: Suppression


@dataclass(frozen=True)
class Sum:
    """`parts` add up to `whole`; to at most `whole` where not `exact`."""

    whole: Key
    parts: Sequence[Key]
    exact: bool = True


def margins_of(table: pd.DataFrame, columns: Sequence[str], group: str) -> pd.DataFrame:
    """Sums of `columns` by district, sorted, and `WHOLE_AREA` last."""
    codes, names = pd.factorize(table[group], sort=True)
    counts = table[list(columns)].to_numpy(dtype=np.int64)
    sums = np.zeros((len(names) + 1, len(columns)), dtype=np.int64)
    np.add.at(sums, codes, counts)
    sums[-1] = counts.sum(axis=0)
    return pd.DataFrame(sums, [*names, WHOLE_AREA], list(columns))


def cells_and_sums(
    releases: Sequence[Release], *, parts: Sequence[str], total: str, group: str
) -> tuple[pd.Series, list[Sum]]:
    """What an audience has seen over `releases`, oldest first, and what holds between it.

    The worst reader is assumed: one who also knows which counts did not change from a release
    to the next. Each such pair is a sum of one part.

    Returns
    -------
    Series
        Float counts, NaN where withheld; keys (release, level, place, column) with the levels
        ``village`` and ``district``.
    list of Sum
        Rows, districts, the area, and unchanged counts.
    """
    columns = [*parts, total]
    exact: dict[Key, float] = {}
    hidden: dict[Key, bool] = {}
    sums: list[Sum] = []
    for number, release in enumerate(releases):
        table, suppression = release.table, release.suppression
        margins = margins_of(table, columns, group)
        levels = (("village", table[columns], suppression.cells),
                  ("district", margins, suppression.margins))  # fmt: skip
        for level, values, mask in levels:
            counts = values.to_numpy(dtype=float)
            withheld = mask.loc[values.index, columns].to_numpy(dtype=bool)
            for i, place in enumerate(values.index):
                keys = [(number, level, place, column) for column in columns]
                exact.update(zip(keys, counts[i], strict=True))
                hidden.update(zip(keys, withheld[i], strict=True))
                sums.append(Sum(keys[-1], keys[:-1]))
        members = table.groupby(group, sort=True).groups
        for column in columns:
            for place, villages in members.items():
                inside = [(number, "village", village, column) for village in villages]
                sums.append(Sum((number, "district", place, column), inside))
            districts = [(number, "district", place, column) for place in members]
            sums.append(Sum((number, "district", WHOLE_AREA, column), districts))
    for key, value in exact.items():
        before = (int(str(key[0])) - 1, *key[1:])
        if before in exact and exact[before] == value:
            sums.append(Sum(key, [before]))
    shown = [np.nan if hidden[key] else value for key, value in exact.items()]
    index = pd.MultiIndex.from_tuples(list(exact), names=["release", "level", "place", "column"])
    return pd.Series(shown, index, dtype=float), sums


def interval_attack(
    shown: pd.Series, sums: Sequence[Sum], *, enough: float = np.inf
) -> pd.DataFrame:
    """The least and greatest whole number that each withheld cell can be.

    Cells that no chain of sums joins are independent of each other, so one linear program
    asks about one cell of each such part at once (a sum of minima is the minimum of the sum).
    A solution that is not whole is looked for again by mixed-integer programming: where all
    solutions are whole, as in a table of villages by parts, the bounds are exact already.
    Where less is `enough`, a few solutions with many cells as far up and down as they go show
    first which cells need not be asked about one by one.

    Parameters
    ----------
    shown
        Counts by key, NaN where withheld.
    sums
        What holds between them; every key occurs in `shown`.
    enough
        Where the two bounds are known to lie this far apart they are not looked for farther:
        what is returned is then inside the true range. By default all are exact.

    Returns
    -------
    DataFrame
        Index: the withheld keys; ``lower`` and ``upper``, infinite where nothing bounds it.

    Raises
    ------
    ValueError
        What is shown contradicts the sums.
    """
    return _table(*_equations(shown, sums), enough, bounds_of)


def _table(
    keys: pd.Index, equations: "Equations", enough: float, bounds: "FindBounds"
) -> pd.DataFrame:
    lower, upper = bounds(equations, enough)
    return pd.DataFrame(
        {"lower": lower, "upper": np.where(upper > CEILING / 2, np.inf, upper)}, keys
    )


def _equations(shown: pd.Series, sums: Sequence[Sum]) -> tuple[pd.Index, Equations]:
    """The withheld keys; parts less whole of them, what is shown on the right-hand side."""
    keys = shown.index[shown.isna().to_numpy()]
    numbers: dict[Key, int] = {key: i for i, key in enumerate(keys)}
    values: dict[Key, float] = dict(zip(shown.index, shown.to_numpy(dtype=float), strict=True))
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    right: list[float] = []
    exact: list[bool] = []
    for one in sums:
        known, unknown = 0.0, []
        for key, sign in _terms(one):
            if key in numbers:
                unknown.append((numbers[key], sign))
            else:
                known += sign * values[key]
        if not unknown:
            continue
        columns += [number for number, _ in unknown]
        signs += [sign for _, sign in unknown]
        rows += [len(right)] * len(unknown)
        right.append(-known)
        exact.append(one.exact)
    shape = (len(right), len(numbers))
    matrix = csr_array((signs, (rows, columns)), shape)
    return keys, Equations(matrix, np.array(right), np.array(exact, dtype=bool))


def _terms(one: Sum) -> Iterator[tuple[Key, float]]:
    yield one.whole, -1.0
    for part in one.parts:
        yield part, 1.0


def release_gate(
    releases: Sequence[Release],
    *,
    parts: Sequence[str],
    total: str,
    group: str,
    smallest: int,
    also_shown: pd.Series | None = None,
    also_sums: Sequence[Sum] = (),
) -> pd.DataFrame:
    """Let nothing pass that shows a small count or narrows a withheld one.

    Parameters
    ----------
    releases
        All that an audience has or will have of the table, oldest first, the new one last.
    smallest
        The smallest count to show; a withheld cell must be able to be at least this many
        more at one end than at the other.
    also_shown, also_sums
        Other tables of the new release (RW, located families; NaN where withheld), and how
        they hang together with the keys of `cells_and_sums`.

    Returns
    -------
    DataFrame
        ``lower`` and ``upper`` of the withheld cells, as far as was needed to be sure.

    Raises
    ------
    GateError
        ``E-GATE``, a fault a district: how many of its cells, and what to do; no value.
    """
    shown, sums = cells_and_sums(releases, parts=parts, total=total, group=group)
    if also_shown is not None:
        shown = pd.concat([shown, also_shown])
    ranges = _table(*_equations(shown, [*sums, *also_sums]), smallest, bounds_once)
    narrow = ranges.index[ranges["upper"] - ranges["lower"] < smallest - NEAR]
    small = shown.index[shown.between(1, smallest - 1)]
    districts = [dict(release.table[group]) for release in releases]
    guilty: dict[str, int] = {}
    for number, level, place, _ in [*narrow, *small]:
        # What is not a row of the village table (an RW) carries its village's code as place.
        of = place if level == "district" else districts[number].get(place, place)
        guilty[str(of)] = guilty.get(str(of), 0) + 1
    if guilty:
        raise GateError(*(_fault(place, count) for place, count in sorted(guilty.items())))
    return ranges


def _fault(place: str, count: int) -> Fault:
    where = ("seluruh wilayah", "the whole area") if place == WHOLE_AREA else (
        f"kecamatan {place}", f"district {place}"
    )  # fmt: skip
    return Fault(
        "E-GATE",
        f"{where[0]}: {count} angka yang dirahasiakan dapat dihitung kembali; tidak ada yang "
        "diterbitkan. Jalankan lagi dengan semua terbitan sebelumnya, atau tunggu sampai lebih "
        "banyak data berubah",
        f"{where[1]}: {count} withheld counts could be worked out; nothing is published. Run "
        "again with all earlier releases at hand, or wait until more has changed",
    )
