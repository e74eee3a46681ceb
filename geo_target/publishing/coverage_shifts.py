"""Other numbers of families that agree with all that is shown of coverage.

A small count is told if it is small in every table that agrees with what is shown. So a table is
looked for in which it is none, or is large enough: families of a few villages are put into other
kinds, all others stay as they are. Where there is no such table, the cheapest one is looked for
that leaves some shown counts: these are to be withheld (as publishing/table_shifts.py does).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array, eye_array, hstack, kron

from geo_target.publishing.audiences import COUNTS
from geo_target.publishing.coverage_models import ALL, Narrowed, VillageModel
from geo_target.publishing.coverage_months import Flags, Floats, Target
from geo_target.publishing.table_shifts import shift_cost

_NEAR = 1e-6


class Neighborhood(VillageModel):
    """A few villages, and what of them would have to be withheld for a target's sake."""

    def escape(self, target: Target, known: Floats) -> tuple[Floats, Flags] | None:
        """The cheapest table in which a target is none, or large: the table, and what it moves.

        What it moves are flags over the places and names of the last month. Of `known` see
        `elsewhere`.
        """
        # A table that moves nothing is the cheapest one, and found sooner: nothing is to be paid.
        quiet = self.quiet(target, known)
        if quiet is not None:
            return quiet, np.zeros_like(self.months[-1].hidden)
        ways = self._ways(target, known)
        found = [one for one in map(self._cheapest, ways) if one is not None]
        return min(found, key=lambda one: one[2])[:2] if found else None

    def quiet(
        self,
        target: Target,
        known: Floats,
        *,
        narrowed: Narrowed = ALL,
        goals: Sequence[Floats] = (),
    ) -> Floats | None:
        """A table in which a target is large, or none, though nothing more is withheld.

        Parameters
        ----------
        known
            See `elsewhere`.
        goals
            Of large and of none: what the table shall have little of besides.
        """
        row = self.row_of(target).toarray()[0]
        goals = goals or (-row, row)
        for way, goal in zip(self._ways(target, known), goals, strict=False):
            found = self.look(goal, replace(narrowed, wanted=[way]))
            if found is not None:
                return found
        return None

    def _ways(self, target: Target, known: Floats) -> list[LinearConstraint]:
        """That a target is large, or that it is none."""
        row = self.row_of(target)
        at = int(np.flatnonzero(self.touched[target.month] == target.place)[0])
        base = float(self.elsewhere(target.month, known)[at, target.row])
        large = LinearConstraint(row, self.smallest - np.nan_to_num(base), np.inf)
        # Where nobody knows how many there are elsewhere, it cannot be none.
        return [large] if np.isnan(base) else [large, LinearConstraint(row, -np.inf, -base)]

    def row_of(self, target: Target) -> csr_array:
        """The count of a target, over the unknowns."""
        month = self.months[target.month]
        inside = self.inside[target.month][[target.place]]
        row = kron(inside, csr_array(month.kinds.asked[[target.row]]))
        before = sum(len(self.villages) * one.unknowns for one in self.months[: target.month])
        after = self.many - before - row.shape[1]
        return csr_array(hstack([csr_array((1, before)), row, csr_array((1, after))]))

    def elsewhere(self, month: int, known: Floats) -> Floats:
        """Of each touched place what its other villages have; NaN where it is not known.

        Parameters
        ----------
        known
            Villages by targets.
        """
        everywhere = self.months[month].places[self.touched[month]]
        here = everywhere[:, self.villages]
        lost, told = np.isnan(known).astype(float), np.nan_to_num(known)
        values: Floats = everywhere @ told - here @ told[self.villages]
        values[everywhere @ lost - here @ lost[self.villages] > 0] = np.nan
        return values

    def _cheapest(self, wanted: LinearConstraint) -> tuple[Floats, Flags, float] | None:
        hidden, costs = self.hidden(), self._costs()
        free = np.flatnonzero(~hidden & np.isfinite(costs))
        fixed = ~hidden & ~np.isfinite(costs)
        many = len(free)
        up = eye_array(many, format="csr")
        rules = [
            LinearConstraint(
                hstack([one.A, csr_array((one.A.shape[0], 2 * many))], format="csr"), one.lb, one.ub
            )
            for one in [*self.rules, *self._shown(~fixed), wanted]
        ]
        rules.append(LinearConstraint(
            hstack([self.forms[free], up, -up], format="csr"), self.right[free], self.right[free]
        ))  # fmt: skip
        goal = np.concatenate([np.zeros(self.many), costs[free], costs[free]])
        most = np.concatenate([self.bounds.ub, np.full(2 * many, np.inf)])
        solved = self._solve(goal, rules, gap=0.05, bounds=Bounds(0, most))
        if solved is None:
            return None
        moved = np.zeros(len(hidden), dtype=bool)
        moved[free] = np.abs(self.forms[free] @ solved[: self.many] - self.right[free]) > _NEAR
        now = self.months[-1]
        flags = np.zeros_like(now.hidden)
        flags[self.touched[-1]] = moved[-len(self.touched[-1]) * len(now.names) :].reshape(
            -1, len(now.names)
        )
        return solved[: self.many], flags, float(goal @ solved)

    def _costs(self) -> Floats:
        """Of withholding each row of `forms`, by family it is shifted; infinite where told."""
        found = []
        for number, month in enumerate(self.months):
            costs = np.full((len(self.touched[number]), len(month.names)), np.inf)
            if number == len(self.months) - 1:
                columns = [n for n, name in enumerate(month.names) if name not in COUNTS]
                for at, place in enumerate(self.touched[number]):
                    for column in columns:
                        if month.exact[-1, column] or month.hidden[-1, column]:
                            costs[at, column] = shift_cost(
                                month.exact[place, column], is_sum=bool(place >= month.villages),
                                is_whole_area=bool(place == len(month.exact) - 1), is_total=False,
                            )  # fmt: skip
            found.append(costs.ravel())
        return np.concatenate(found)
