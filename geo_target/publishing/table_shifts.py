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
from scipy.sparse import block_array, csc_array, csr_array
from scipy.sparse.csgraph import connected_components

# What a shift by one costs in a count that is still shown: the area's sums before a district's
# before a village's total before its parts; a 0 says more than its size. A withheld count
# costs next to nothing, yet something, so that no shift takes a longer way than it must.
_COST_AREA, _COST_DISTRICT, _COST_TOTAL, _COST_PART = 400.0, 40.0, 2.0, 1.0
_COST_ZERO = 3.0
_COST_WITHHELD = 1e-3
_NEAR = 1e-6
# Counts from which it is worth while to see whether a target is protected before asking how.
_MANY = 1000

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
    groups = variables.groups
    reached = np.zeros((2, len(withheld)))  # up and down
    across = np.zeros_like(reached)  # the same over the area, where only withheld counts move
    wave = np.flatnonzero(withheld)
    while len(wave):
        of_districts = wave[groups[wave] != NO_GROUP]
        _reach(reached, variables, withheld, of_districts, groups=groups, smallest=smallest)
        following: list[int] = []
        for target in wave:
            # Within the district first: that is small, and leaves its sums to be shown.
            for group in dict.fromkeys((int(groups[target]), NO_GROUP)):
                if reached[:, target].sum() >= smallest - _NEAR:
                    break
                if group not in scopes:
                    scopes[group] = _Scope(variables, group, smallest)
                scope = scopes[group]
                if group == NO_GROUP and len(scope.members) >= _MANY:
                    _reach(
                        across, variables, withheld, np.array([target]),
                        groups=np.full_like(groups, NO_GROUP), smallest=smallest,
                    )  # fmt: skip
                    if across[:, target].sum() >= smallest - _NEAR:
                        break
                shifts = scope.shifts(int(target), withheld)
                if shifts is None:
                    continue
                seen = np.array([shifts.max(axis=0), -shifts.min(axis=0)])
                reached[:, scope.members] = np.maximum(reached[:, scope.members], seen)
                moved = scope.members[(np.abs(shifts) > _NEAR).any(axis=0)]
                added = moved[~withheld[moved]]
                withheld[added] = True
                following += list(added)
        wave = np.array(following, dtype=np.intp)
    return withheld


def _reach(
    reached: Floats,
    variables: Variables,
    withheld: Flags,
    wanted: Numbers,
    *,
    groups: Numbers,
    smallest: int,
) -> None:
    """Note in `reached` how far `wanted` move where only withheld counts of their group do.

    Those that move far enough so need nothing more. One linear program asks about one count
    of each part that sums join: all districts need as few of them as the largest alone. What
    the others of these parts move by then is noted too: most need not be asked about.
    """
    if (reached[:, wanted].sum(axis=0) >= smallest - _NEAR).all():
        return
    members = np.flatnonzero(withheld & np.isin(groups, groups[wanted]))
    if not len(members):
        return
    sums = variables.sums[:, members].tocoo()
    # What several groups share holds within each of them alone.
    lines = sums.row * (groups.max() + 2) + groups[members][sums.col] + 1
    names, rows = np.unique(lines, return_inverse=True)
    equations = csr_array((sums.data, (rows, sums.col)), (len(names), len(members)))
    part_of = connected_components(abs(equations.T) @ abs(equations), directed=False)[1]
    most_down = np.minimum(variables.values[members], smallest)
    places = np.searchsorted(members, wanted)
    asked = np.zeros((2, len(wanted)), dtype=bool)
    while True:
        is_open = (reached[:, wanted].sum(axis=0) < smallest - _NEAR) & ~asked.all(axis=0)
        _, firsts = np.unique(part_of[places[is_open]], return_index=True)
        now = np.flatnonzero(is_open)[firsts]
        if not len(now):
            return
        side = asked[0, now].astype(np.intp)
        asked[side, now] = True
        goal = np.zeros(len(members))
        goal[places[now]] = np.array([-1.0, 1.0])[side]
        cells = np.flatnonzero(np.isin(part_of, part_of[places[now]]))
        used = equations[:, cells]
        used = used[abs(used).sum(axis=1) > 0]
        solved = milp(
            goal[cells],
            constraints=LinearConstraint(used, 0.0, 0.0),
            bounds=Bounds(-most_down[cells], smallest),
        )
        if not solved.success:
            return
        shifts = np.zeros(len(members))
        shifts[cells] = solved.x
        reached[:, members] = np.maximum(reached[:, members], [shifts, -shifts])


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
        most_down = np.minimum(variables.values[self.members], smallest)
        most_up = np.full(len(self.members), float(smallest))
        # Two shifted tables, each as what is added and what is taken away, where there is any.
        most = np.concatenate([most_up, most_down, most_up, most_down])
        self.movable = np.flatnonzero(most)
        self.most = most[self.movable]
        equations = block_array([[sums, -sums, None, None], [None, None, sums, -sums]])
        self.equations = csc_array(equations)[:, self.movable]

    def shifts(self, target: int, withheld: Flags) -> Floats | None:
        """Two rows, by member: the cheapest shifts that lie `smallest` apart at `target`."""
        count = len(self.members)
        costs = np.where(withheld[self.members], _COST_WITHHELD, self.costs)
        rows = self.equations.shape[0]
        least = np.append(np.zeros(rows), float(self.smallest))
        most = np.append(np.zeros(rows), np.inf)
        # No whole numbers are asked for: this is a linear program.
        solved = milp(
            np.tile(costs, 4)[self.movable],
            constraints=LinearConstraint(self._equations_and_apart(target), least, most),
            bounds=Bounds(0, self.most),
        )
        if not solved.success:
            return None
        amounts = np.zeros(4 * count)
        amounts[self.movable] = solved.x
        added, taken, added_2, taken_2 = amounts.reshape(4, count)
        shifts: Floats = np.array([added - taken, added_2 - taken_2])
        return shifts

    def _equations_and_apart(self, target: int) -> csc_array:
        """The equations, and below them by how much the two tables differ at `target`."""
        rows, columns = self.equations.shape
        at = int(np.searchsorted(self.members, target)) + len(self.members) * np.arange(4)
        is_there = np.isin(at, self.movable)
        places = np.searchsorted(self.movable, at[is_there])
        ends = self.equations.indptr[places + 1]
        data = np.insert(self.equations.data, ends, np.array([1.0, -1.0, -1.0, 1.0])[is_there])
        indices = np.insert(self.equations.indices, ends, rows)
        starts = self.equations.indptr + np.searchsorted(places, np.arange(columns + 1))
        return csc_array((data, indices, starts), (rows + 1, columns))
