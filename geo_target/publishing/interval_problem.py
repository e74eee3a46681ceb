"""The least and greatest value of each withheld cell, by linear programming."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

#: Stands for "no upper bound" in the solver; half of it and more is reported as infinity,
#: since a cell may be an unbounded one less something.
CEILING = 1e7
NEAR = 1e-6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equations:
    """All that the attack knows of the withheld cells; equal where every number is.

    `matrix` times the cells is `right`, at most that where not `exact`.
    """

    matrix: csr_array
    right: Floats
    exact: npt.NDArray[np.bool_]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equations) and self._numbers == other._numbers

    def __hash__(self) -> int:
        return hash(self._numbers)

    @cached_property
    def _numbers(self) -> tuple[object, ...]:
        matrix = self.matrix
        arrays = (matrix.indptr, matrix.indices, matrix.data, self.right, self.exact)
        return matrix.shape, *(array.tobytes() for array in arrays)


FindBounds = Callable[[Equations, float], Floats]


def bounds_of(equations: Equations, enough: float) -> Floats:
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
bounds_once = lru_cache(maxsize=2)(bounds_of)


class _Problem:
    """The withheld cells as variables, with what is known of the range of each."""

    def __init__(self, equations: Equations) -> None:
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
        self.proved[0] |= lower <= NEAR  # no count is less than 0
        is_open: npt.NDArray[np.bool_] = ~self.proved & (upper - lower < enough - NEAR)
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
            goal, constraints=sums, bounds=Bounds(0, CEILING),
            integrality=np.full(len(goal), whole),
            options={"mip_rel_gap": 0.0, "presolve": bool(whole)},
        )  # fmt: skip
        if not solved.success:
            raise ValueError(
                "the shown counts and their sums contradict each other, or the solver has "
                f"failed: {solved.message}"
            )
        found: Floats = np.round(solved.x)
        if np.abs(solved.x - found).max() <= NEAR:
            return found
    return found if must_be_whole else None
