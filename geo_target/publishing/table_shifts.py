"""Shifts of counts that leave every sum as it is: what a withheld count is protected by.

If counts can be shifted so that all sums stay, and only withheld ones move, then whoever sees
the rest cannot tell which of both tables is the true one. `widen` looks for the cheapest such
shifts of each withheld count, and withholds what they move (Kelly, Golden and Assad 1992,
Networks 22:397-417; Fischetti and Salazar 2001, Management Science 47:1008-1027).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csc_array, csr_array, vstack

# What a shift by one costs in a count that is still shown: the area's sums before a district's
# before a village's total before its parts; a 0 says more than its size. A withheld count
# costs next to nothing, yet something, so that no shift takes a longer way than it must.
_COST_AREA, _COST_DISTRICT, _COST_TOTAL, _COST_PART = 400.0, 40.0, 2.0, 1.0
_COST_ZERO = 3.0
_COST_WITHHELD = 1e-3
_NEAR = 1e-6

#: The group of a sum over villages, in `Variables.groups`.
NO_GROUP = -1

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Variables:
    """Counts of one or more releases; one that did not change between them is one variable.

    Attributes
    ----------
    values
        Exact counts.
    groups
        Number of the district of a village's count, `NO_GROUP` for a sum over villages.
    fixed
        Shown in some release: known, whatever is withheld now.
    costs
        Of a shift by one, where it is not withheld.
    sums
        Sums by variables: 1 for a part, -1 for the whole.
    """

    values: Floats
    groups: Numbers
    fixed: Flags
    costs: Floats
    sums: csr_array


def shift_cost(value: float, *, is_sum: bool, is_whole_area: bool, is_total: bool) -> float:
    """How much less the audience learns if a count is withheld, by family it is shifted."""
    if is_sum:
        return _COST_AREA if is_whole_area else _COST_DISTRICT
    cost = _COST_TOTAL if is_total else _COST_PART
    # Of two that protect as well the smaller one goes: less of all families is withheld.
    return _COST_ZERO * cost if value == 0 else float(cost * (1 + 0.1 * np.log1p(value)))


def matrix_of(sums: Sequence[tuple[Sequence[int], int]], count: int) -> csr_array:
    """The matrix of `Variables.sums`, from the variables of parts and of wholes."""
    terms = [
        (row, variable, sign)
        for row, (parts, whole) in enumerate(sums)
        for variable, sign in [*((part, 1.0) for part in parts), (whole, -1.0)]
    ]
    rows, columns, signs = zip(*terms, strict=True)
    return csr_array((signs, (rows, columns)), (len(sums), count))


def widen(variables: Variables, withheld: Flags, smallest: int) -> Flags:
    """Withhold more until each withheld count has shifts `smallest` apart, where it can have.

    Parameters
    ----------
    variables
        All that has been shown or will be.
    withheld
        What has to be withheld, by variable.
    smallest
        Width that each range must have, in families.

    Returns
    -------
    array of bool
        `withheld` and what was added. A count that no shift can protect is left as it is:
        the attack finds it.
    """
    withheld = withheld & ~variables.fixed
    scopes: dict[int, _Scope] = {}
    up, down = np.zeros(len(withheld)), np.zeros(len(withheld))
    queue = list(np.flatnonzero(withheld))
    for target in queue:  # grows while it is walked
        # Within the district first: that is small, and leaves its sums to be shown.
        for group in dict.fromkeys((int(variables.groups[target]), NO_GROUP)):
            if up[target] + down[target] >= smallest - _NEAR:
                break
            if group not in scopes:
                scopes[group] = _Scope(variables, group, smallest)
            scope = scopes[group]
            shifts = scope.shifts(int(target), withheld)
            if shifts is None:
                continue
            up[scope.members] = np.maximum(up[scope.members], shifts.max(axis=0))
            down[scope.members] = np.maximum(down[scope.members], -shifts.min(axis=0))
            moved = scope.members[(np.abs(shifts) > _NEAR).any(axis=0)]
            added = moved[~withheld[moved]]
            withheld[added] = True
            queue += list(added)
    return withheld


class _Scope:
    """The shifts within one district, or within the whole area: one linear program a target."""

    def __init__(self, variables: Variables, group: int, smallest: int) -> None:
        inside = ~variables.fixed
        if group != NO_GROUP:
            inside &= variables.groups == group
        self.members = np.flatnonzero(inside)
        self.costs = variables.costs[self.members]
        self.smallest = smallest
        sums = variables.sums[:, self.members]
        sums = sums[abs(sums).sum(axis=1) > 0]
        # Two shifted tables, each as what is added and what is taken away.
        equations = block_array([[sums, -sums, None, None], [None, None, sums, -sums]])
        self.equations = csc_array(equations)
        most_down = np.minimum(variables.values[self.members], smallest)
        most_up = np.full(len(self.members), float(smallest))
        self.most = np.concatenate([most_up, most_down, most_up, most_down])

    def shifts(self, target: int, withheld: Flags) -> Floats | None:
        """Two rows, by member: the cheapest shifts that lie `smallest` apart at `target`."""
        count = len(self.members)
        costs = np.where(withheld[self.members], _COST_WITHHELD, self.costs)
        at = int(np.searchsorted(self.members, target))
        apart = csr_array(
            ([1.0, -1.0, -1.0, 1.0], ([0] * 4, [at + k * count for k in range(4)])),
            (1, 4 * count),
        )
        rows = self.equations.shape[0]
        least = np.append(np.zeros(rows), float(self.smallest))
        most = np.append(np.zeros(rows), np.inf)
        # No whole numbers are asked for: this is a linear program.
        solved = milp(
            np.tile(costs, 4),
            constraints=LinearConstraint(vstack([self.equations, apart]), least, most),
            bounds=Bounds(0, self.most),
        )
        if not solved.success:
            return None
        added, taken, added_2, taken_2 = solved.x.reshape(4, count)
        shifts: Floats = np.array([added - taken, added_2 - taken_2])
        return shifts
