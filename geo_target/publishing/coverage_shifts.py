"""Other numbers of families that agree with all that is shown of coverage.

A small count is told if it is small in every table that agrees with what is shown. So a table is
looked for in which it is none, or is large enough: families of a few villages are put into other
kinds, all others stay as they are. Where there is no such table, the cheapest one is looked for
that leaves some shown counts: these are to be withheld (as publishing/table_shifts.py does).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array, eye_array, hstack, kron, vstack

from geo_target.publishing.audiences import COUNTS, TOTAL
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.family_kinds import Kinds, family_kinds
from geo_target.publishing.table_shifts import shift_cost

_NEAR, _WHOLE = 1e-6, 1e-4
#: A search ends after so many branches; what was not found by then counts as not there. Seconds
#: would make a run depend on the machine.
_BRANCHES = 200

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Month:
    """A release by numbers: rows are villages, then districts, then the area; columns are names."""

    release: CoverageRelease
    kinds: Kinds
    names: Sequence[str]
    counts: Floats  # names by unknowns of a village
    places: csr_array  # villages, districts, area by villages
    exact: Floats  # places by names
    hidden: Flags

    @property
    def villages(self) -> int:
        """How many there are."""
        return int(self.places.shape[1])

    @property
    def unknowns(self) -> int:
        """Of each village."""
        return int(self.counts.shape[1])


def month_of(release: CoverageRelease) -> Month:
    """Read a release into numbers."""
    names = [str(name) for name in release.counts.columns]
    kinds = family_kinds(release.question, names)
    exact = release.counts.to_numpy(dtype=float)
    districts = [*release.by_district.index]
    at = pd.Index(districts).get_indexer(release.districts.loc[release.counts.index])
    many = len(exact)
    of_districts = csr_array((np.ones(many), (at, np.arange(many))), (len(districts), many))
    places = vstack([eye_array(many), of_districts, np.ones((1, many))], format="csr")
    hidden = pd.concat([release.villages, release.by_district, release.area.to_frame().T])
    return Month(
        release, kinds, names, np.array([kinds.counts[name] for name in names]), places,
        places @ exact, hidden[names].to_numpy(dtype=bool, copy=True),
    )  # fmt: skip


@dataclass(frozen=True)
class Target:
    """A count of families that nobody shall know to be small: its month, place and row."""

    month: int
    place: int
    row: int


class Neighborhood:
    """A few villages whose families may be of other kinds than they are.

    Parameters
    ----------
    months
        The release before, if there is one, and the one that is to be shown.
    villages
        Their numbers.
    table
        Of each month one that agrees with all that is shown, villages by names: all others stay
        as they are in it.
    """

    def __init__(
        self, months: Sequence[Month], villages: Numbers, smallest: int, *, table: Sequence[Floats]
    ) -> None:
        self.months, self.villages, self.smallest = months, villages, smallest
        self.many = sum(len(villages) * month.unknowns for month in months)
        # Of places without any of the villages nothing is to be known.
        self.inside = [month.places[:, villages] for month in months]
        self.touched = [np.flatnonzero(inside.sum(axis=1)) for inside in self.inside]
        forms = [
            kron(inside[touched], csr_array(month.counts), format="csr")
            for month, inside, touched in zip(months, self.inside, self.touched, strict=True)
        ]
        self.forms = block_diag(forms, format="csr")
        self.right = np.concatenate([
            (inside[touched] @ counts[villages]).ravel()
            for counts, inside, touched in zip(table, self.inside, self.touched, strict=True)
        ])  # fmt: skip
        at_most = block_diag([self._of_each(month.kinds.at_most, month) for month in months])
        exact = block_diag([self._of_each(month.kinds.exact, month) for month in months])
        self.rules = [
            LinearConstraint(csr_array(matrix), -np.inf if number else 0.0, 0.0)
            for number, matrix in enumerate((exact, at_most)) if matrix.shape[0]
        ]  # fmt: skip
        self.links = self._links()
        most = np.concatenate([
            np.repeat(month.exact[villages, month.names.index(TOTAL)] + 4 * smallest,
                      month.unknowns)
            for month in months
        ])  # fmt: skip
        self.bounds = Bounds(0, most)

    def _of_each(self, rows: Floats, month: Month) -> csr_array:
        rows = rows.reshape(-1, month.unknowns)
        return csr_array(kron(eye_array(len(self.villages)), csr_array(rows)))

    def hidden(self) -> Flags:
        """Which of the rows of `forms` are withheld, by now."""
        return np.concatenate([
            month.hidden[touched].ravel()
            for month, touched in zip(self.months, self.touched, strict=True)
        ])  # fmt: skip

    def _links(self) -> csr_array:
        """Counts that are the same in both months: whoever knows one knows the other."""
        if len(self.months) == 1:
            self.linked = np.zeros(0)
            return csr_array((0, self.many))
        before, now = self.months
        places, split = self.touched[1], self.forms.shape[0] - len(self.touched[1]) * len(now.names)
        rows = []
        for column, name in enumerate(now.names):
            if name in before.names:
                then = before.names.index(name)
                same = np.flatnonzero(before.exact[places, then] == now.exact[places, column])
                rows += [(split + at * len(now.names) + column, at * len(before.names) + then)
                         for at in same]  # fmt: skip
        first, second = np.array(rows, dtype=np.intp).reshape(-1, 2).T
        # All of a place is the same, not what these villages have of it.
        self.linked = self.right[first] - self.right[second]
        return csr_array(self.forms[first] - self.forms[second])

    def look(self, goal: Floats) -> Floats | None:
        """A whole table that agrees with all that is shown, with little `goal`."""
        return self._solve(goal, [*self.rules, *self._shown(self.hidden())], gap=0.5)

    def _shown(self, hidden: Flags) -> list[LinearConstraint]:
        matrix, right = self.forms[~hidden], self.right[~hidden]
        found = [LinearConstraint(matrix, right, right)]
        if self.links.shape[0]:
            found.append(LinearConstraint(self.links, self.linked, self.linked))
        return found

    def escape(self, target: Target, known: Floats) -> tuple[Floats, Flags] | None:
        """The cheapest table in which a target is none, or large: the table, and what it moves.

        What it moves are flags over the places and names of the last month. Of `known` see
        `elsewhere`.
        """
        row = self.row_of(target)
        at = int(np.flatnonzero(self.touched[target.month] == target.place)[0])
        base = float(self.elsewhere(target.month, known)[at, target.row])
        found = []
        for most, least in ((np.inf, self.smallest - np.nan_to_num(base)), (-base, -np.inf)):
            if np.isnan(most):
                continue  # nobody knows how many there are elsewhere
            one = self._cheapest(LinearConstraint(row, least, most))
            if one is not None:
                found.append(one)
                if one[2] < _NEAR:
                    break
        return min(found, key=lambda one: one[2])[:2] if found else None

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

    def _solve(
        self,
        goal: Floats,
        rules: Sequence[LinearConstraint],
        *,
        gap: float,
        bounds: Bounds | None = None,
    ) -> Floats | None:
        whole = np.zeros(len(goal))
        whole[: self.many] = 1
        solved = milp(
            goal, constraints=rules, bounds=bounds or self.bounds, integrality=whole,
            options={"mip_rel_gap": gap, "node_limit": _BRANCHES},
        )  # fmt: skip
        if solved.x is None:
            return None
        found: Floats = solved.x.copy()
        found[: self.many] = np.round(found[: self.many])
        return found if np.abs(found - solved.x).max() < _WHOLE else None

    def tables(self, found: Floats) -> list[Floats]:
        """Unknowns of each month: villages by kinds."""
        ends = np.cumsum([len(self.villages) * month.unknowns for month in self.months])[:-1]
        return [
            part.reshape(len(self.villages), month.unknowns)
            for month, part in zip(self.months, np.split(found[: self.many], ends), strict=True)
        ]
