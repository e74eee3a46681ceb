"""Integer programs of the families of a few villages, held to all that is shown of coverage.

Unknowns are families by village and kind (publishing/family_kinds.py), of one month or of two. What
is shown of the villages and of every sum that they are in stays; all other villages stay as they
are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array, eye_array, kron

from geo_target.publishing.audiences import TOTAL
from geo_target.publishing.coverage_months import Flags, Floats, Month, Numbers

_WHOLE = 1e-4
#: A search ends after so many branches; what was not found by then counts as not there. Seconds
#: would make a run depend on the machine.
_BRANCHES = 200


@dataclass(frozen=True)
class Narrowed:
    """What else a table shall be like: fewer tables to search, each of them good.

    Attributes
    ----------
    wanted
        What else shall hold.
    used
        Unknowns that may be more than none; None for all.
    is_alike
        Whether villages of which no count has changed have the same families in both months: far
        fewer unknowns, and mostly enough of them.
    """

    wanted: Sequence[LinearConstraint] = ()
    used: Flags | None = None
    is_alike: bool = False


ALL = Narrowed()


class VillageModel:
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
        self.alike = self._alike()

    def _alike(self) -> Numbers | None:
        """Of each unknown the first one that may be held to be the same.

        That is the one of the month before, of villages of which no count has changed; None where
        there are none, or kinds are others.
        """
        if len(self.months) == 1:
            return None
        before, now = self.months
        if before.release.question != now.release.question or [*before.names] != [*now.names]:
            return None
        same = (before.exact[self.villages] == now.exact[self.villages]).all(axis=1)
        first = np.arange(self.many)
        half = first[: self.many // 2].reshape(len(self.villages), -1)
        first[self.many // 2 :].reshape(half.shape)[same] = half[same]
        return first if same.any() else None

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

    def goal(
        self, is_open: Sequence[Flags], number: int, chance: np.random.Generator
    ) -> Floats | None:
        """Down all targets that are open, up all, or (from 2 on) some up and some down.

        Parameters
        ----------
        is_open
            Of each month, places by targets. None is returned where no one of these villages is.
        """
        parts = []
        is_any = False
        for month, flags in zip(self.months, is_open, strict=True):
            over = month.places[:, self.villages].T @ flags.astype(float)
            wanted = (over > 0).astype(float)
            is_any |= bool(wanted.any())
            if number == 1:
                wanted = -wanted
            elif number > 1:
                wanted *= chance.choice([-1.0, 1.0], wanted.shape)
            parts.append((wanted @ month.kinds.asked).ravel())
        return np.concatenate(parts) if is_any else None

    def look(self, goal: Floats, narrowed: Narrowed = ALL) -> Floats | None:
        """A whole table that agrees with all that is shown, with little `goal`."""
        used = narrowed.used
        most = self.bounds.ub if used is None else np.where(used, self.bounds.ub, 0.0)
        rules = [*self.rules, *self._shown(self.hidden()), *narrowed.wanted]
        if not narrowed.is_alike or self.alike is None:
            return self._solve(goal, rules, gap=0.5, bounds=Bounds(0, most))
        own, of = np.unique(self.alike, return_inverse=True)
        once = csr_array((np.ones(self.many), (np.arange(self.many), of)), (self.many, len(own)))
        rules = [LinearConstraint(csr_array(one.A @ once), one.lb, one.ub) for one in rules]
        found = self._solve(goal @ once, rules, gap=0.5, bounds=Bounds(0, most[own]))
        return None if found is None else found[of]

    def _shown(self, hidden: Flags) -> list[LinearConstraint]:
        matrix, right = self.forms[~hidden], self.right[~hidden]
        found = [LinearConstraint(matrix, right, right)]
        if self.links.shape[0]:
            found.append(LinearConstraint(self.links, self.linked, self.linked))
        return found

    def _solve(
        self,
        goal: Floats,
        rules: Sequence[LinearConstraint],
        *,
        gap: float,
        bounds: Bounds | None = None,
    ) -> Floats | None:
        many = min(self.many, len(goal))
        whole = np.zeros(len(goal))
        whole[:many] = 1
        solved = milp(
            goal, constraints=rules, bounds=bounds or self.bounds, integrality=whole,
            options={"mip_rel_gap": gap, "node_limit": _BRANCHES},
        )  # fmt: skip
        if solved.x is None:
            return None
        found: Floats = solved.x.copy()
        found[:many] = np.round(found[:many])
        return found if np.abs(found - solved.x).max() < _WHOLE else None

    def tables(self, found: Floats) -> list[Floats]:
        """Unknowns of each month: villages by kinds."""
        ends = np.cumsum([len(self.villages) * month.unknowns for month in self.months])[:-1]
        return [
            part.reshape(len(self.villages), month.unknowns)
            for month, part in zip(self.months, np.split(found[: self.many], ends), strict=True)
        ]
