"""What somebody can work out about withheld counts, and the gate that asks it.

The attack knows nothing of how cells are chosen (`publishing.suppression`): it sees what is
shown, the sums that hold between counts, and that counts are whole and not negative. It is the
audit of Fischetti and Salazar (2001, Management Science 47:1008-1027): the least and the greatest
value of each withheld cell, by linear programming.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo_target.errors import Fault, GeoTargetError

#: The row of `Suppression.margins` that holds the sums of all districts.
WHOLE_AREA = "*"

#: Stands for "no upper bound" in the solver; half of it and more is reported as infinity,
#: since a cell may be an unbounded one less something.
_CEILING = 1e7
_NEAR = 1e-6

Floats = npt.NDArray[np.float64]
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
    return _table(*_equations(shown, sums), enough, _bounds)


def _table(
    keys: pd.Index, equations: "_Equations", enough: float, bounds: "_Bounds"
) -> pd.DataFrame:
    lower, upper = bounds(equations, enough)
    return pd.DataFrame(
        {"lower": lower, "upper": np.where(upper > _CEILING / 2, np.inf, upper)}, keys
    )


@dataclass(frozen=True, eq=False)
class _Equations:
    """All that the attack knows of the withheld cells; equal where every number is.

    `matrix` times the cells is `right`, at most that where not `exact`.
    """

    matrix: csr_array
    right: Floats
    exact: npt.NDArray[np.bool_]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Equations) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)

    @cached_property
    def _numbers(self) -> tuple[object, ...]:
        matrix = self.matrix
        arrays = (matrix.indptr, matrix.indices, matrix.data, self.right, self.exact)
        return matrix.shape, *(array.tobytes() for array in arrays)


_Bounds = Callable[[_Equations, float], Floats]


def _bounds(equations: _Equations, enough: float) -> Floats:
    """Least and greatest value of each cell: two rows."""
    problem = _Problem(equations)
    if np.isfinite(enough):
        problem.sweep(enough)
    while asked := problem.questions(enough):
        problem.ask(asked)
    problem.reached.setflags(write=False)  # it may be remembered
    return problem.reached


#: What is judged before it is written is judged again as it was written. Where not one number
#: that a reader sees is another one, and none more or less is withheld, the bounds are the same.
bounds_once = lru_cache(maxsize=2)(_bounds)


class _Problem:
    """The withheld cells as variables, with what is known of the range of each."""

    def __init__(self, equations: _Equations) -> None:
        self.matrix, self.right = equations.matrix, equations.right
        self.exact = equations.exact
        count = self.matrix.shape[1]
        # Two cells are joined where one sum holds both.
        joined = abs(self.matrix.T) @ abs(self.matrix)
        self.part_of = connected_components(joined, directed=False)[1] if count else np.zeros(0)
        # Of either bound: what a solution has reached, and whether it can get no farther.
        self.reached = np.array([np.full(count, np.inf), np.full(count, -np.inf)])
        self.proved = np.zeros((2, count), dtype=bool)

    def sweep(self, enough: float) -> None:
        """Push all open cells at once: all one way, then every other one, every other two, ..."""
        numbers = np.arange(self.matrix.shape[1])
        for bit in range(len(numbers).bit_length() + 1):
            side = np.where((numbers << 1) >> bit & 1, 1.0, -1.0)
            for goal in (side, -side):
                if not (is_open := self._open(enough).any(axis=0)).any():
                    return
                self._go(goal * is_open, must_be_whole=False)

    def questions(self, enough: float) -> list[tuple[int, int]]:
        """At most one (cell, bound) of each independent part."""
        asked: dict[int, tuple[int, int]] = {}
        for bound, is_open in enumerate(self._open(enough)):
            for cell in np.flatnonzero(is_open):
                asked.setdefault(int(self.part_of[cell]), (int(cell), bound))
        return list(asked.values())

    def ask(self, asked: Sequence[tuple[int, int]]) -> None:
        goal = np.zeros(self.matrix.shape[1])
        for cell, bound in asked:
            goal[cell] = -1.0 if bound else 1.0
        self._go(goal, must_be_whole=True)
        for cell, bound in asked:
            self.proved[bound, cell] = True

    def _open(self, enough: float) -> npt.NDArray[np.bool_]:
        """Bounds that may lie farther out than a solution has reached, where it matters."""
        lower, upper = self.reached
        self.proved[0] |= lower <= _NEAR  # no count is less than 0
        is_open: npt.NDArray[np.bool_] = ~self.proved & (upper - lower < enough - _NEAR)
        return is_open

    def _go(self, goal: Floats, *, must_be_whole: bool) -> None:
        """Reach what the solution of the least `goal` reaches, in the parts that it names."""
        cells = np.flatnonzero(np.isin(self.part_of, self.part_of[goal != 0]))
        used = abs(self.matrix[:, cells]).sum(axis=1) > 0
        found = _solve(
            goal[cells], self.matrix[:, cells][used], self.right[used], self.exact[used],
            must_be_whole=must_be_whole,
        )  # fmt: skip
        if found is not None:
            self.reached[0, cells] = np.minimum(self.reached[0, cells], found)
            self.reached[1, cells] = np.maximum(self.reached[1, cells], found)


def _equations(shown: pd.Series, sums: Sequence[Sum]) -> tuple[pd.Index, _Equations]:
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
    return keys, _Equations(matrix, np.array(right), np.array(exact, dtype=bool))


def _terms(one: Sum) -> Iterator[tuple[Key, float]]:
    yield one.whole, -1.0
    for part in one.parts:
        yield part, 1.0


def _solve(
    goal: Floats,
    matrix: csr_array,
    right: Floats,
    exact: npt.NDArray[np.bool_],
    *,
    must_be_whole: bool,
) -> Floats | None:
    """Whole numbers from 0 on that meet the sums, with the least `goal`.

    None where they do not come by themselves, and need not be looked for.
    """
    sums = LinearConstraint(matrix, np.where(exact, right, -np.inf), right)
    # Without the demand for whole numbers first: mostly they come by themselves, and faster.
    # Without presolve then: to make the problem smaller takes longer than to solve it.
    for whole in (0, 1) if must_be_whole else (0,):
        solved = milp(
            goal, constraints=sums, bounds=Bounds(0, _CEILING),
            integrality=np.full(len(goal), whole),
            options={"mip_rel_gap": 0.0, "presolve": bool(whole)},
        )  # fmt: skip
        if not solved.success:
            raise ValueError(
                "the shown counts and their sums contradict each other, or the solver has "
                f"failed: {solved.message}"
            )
        found: Floats = np.round(solved.x)
        if np.abs(solved.x - found).max() <= _NEAR:
            return found
    return found if must_be_whole else None


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
    narrow = ranges.index[ranges["upper"] - ranges["lower"] < smallest - _NEAR]
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
