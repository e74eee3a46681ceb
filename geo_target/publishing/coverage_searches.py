"""Searches for tables that make use of what the ones before have found.

Of the kinds of families that are possible a few hundred tables use some dozens. With these alone,
and with the same families in both months wherever no count has changed, a search takes a fifth
of the time. What it finds is a table like any other; what it does not find is looked for again
among all.
"""

from collections.abc import Sequence

import numpy as np

from geo_target.publishing.coverage_models import Narrowed
from geo_target.publishing.coverage_months import Flags, Floats, Month, Target
from geo_target.publishing.coverage_shifts import Neighborhood

#: So many searches among all kinds tell which are of use.
_LEARNING = 5


class Searches:
    """Kinds that were of use, by month, and how much work searches were.

    `work` is counted in unknowns: seconds would make a run depend on the machine.
    """

    def __init__(self, months: Sequence[Month], work: int = 0) -> None:
        self.many, self.work = 0, work
        self.used = [np.zeros(month.unknowns, dtype=bool) for month in months]

    def look(self, near: Neighborhood, goal: Floats) -> Floats | None:
        """A table with little `goal`, see `coverage_models.VillageModel.look`."""
        self.work += near.many
        if self.many >= _LEARNING:
            found = near.look(goal, Narrowed(used=self._used(near), is_alike=True))
            if found is not None:
                return found
        found = near.look(goal, Narrowed(is_alike=True))
        if found is None and near.alike is not None:
            found = near.look(goal)
        self.many += 1
        if found is not None:
            for used, table in zip(self.used, near.tables(found), strict=True):
                np.logical_or(used, table.any(axis=0), out=used)
        return found

    def quiet(
        self, near: Neighborhood, target: Target, known: Floats, goals: Sequence[Floats]
    ) -> Floats | None:
        """A table in which a target is large, or none, see `coverage_shifts.Neighborhood.quiet`."""
        self.work += near.many
        narrowed = Narrowed(used=self._used(near), is_alike=True)
        return near.quiet(target, known, narrowed=narrowed, goals=goals)

    def _used(self, near: Neighborhood) -> Flags:
        return np.concatenate([np.tile(used, len(near.villages)) for used in self.used])
