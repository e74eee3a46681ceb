"""The last look at counts of coverage: all of them together, village by village, and last month's.

The rules of publishing/shown_columns.py hold a count against a few others. Here every count that
is shown, all sums and those of the month before are known at once, as to a reader of everything:
where a small count could be told from them, more is withheld, until none can.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from geo_target.publishing.audiences import COUNTS
from geo_target.publishing.coverage_months import (
    Flags,
    Floats,
    Month,
    Numbers,
    Target,
    month_of,
    truth_of,
)
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.coverage_searches import Searches
from geo_target.publishing.coverage_shifts import Neighborhood

_NEAR = 1e-6
#: So many villages are looked at together, and so many others beside those of a district: few
#: at first.
_TOGETHER, _BESIDE, _FEW_BESIDE = 16, 8, 3
#: So much work is done, in unknowns that were looked for, and so much is a search for what to
#: withhold: about two minutes. What is open by then is withheld with its district.
_MOST_WORK, _DEAR = 3_000_000, 10
#: So often many counts at once are pushed up and down, before one is asked for by itself.
_SWEEPS, _WHOLE_SWEEPS = 8, 2


def withhold_more(
    release: CoverageRelease,
    earlier: CoverageRelease | None,
    smallest: int,
    older: Sequence[CoverageRelease] = (),
) -> CoverageRelease:
    """Withhold more of the counts of coverage until no small one can be told.

    Parameters
    ----------
    release
        What the rules leave to be shown.
    earlier
        The release before: who has seen it may know which counts have not changed since. One of
        other villages or districts is passed over.
    smallest
        Counts from 1 to one less are small.
    older
        Releases before that one: what protects a small count of theirs, and has not changed, may
        be large, so that neither the last month nor this one would miss it. Each is held against
        this month by itself.

    Returns
    -------
    CoverageRelease
        Where no way is found to protect a count of a district, or not in time, all columns of
        this district are withheld, and every sum of the area.
    """
    before = [one for one in older if one.is_of_the_places_of(release)]
    for one in before:
        if release.repeats(then := one.in_the_order_of(release)):
            # All that it says has been said, and was held against all that was said since.
            return release.with_more(then.villages, then.by_district, then.area)
    for one in [*before, *([earlier] if earlier and before else [])]:
        if one.is_of_the_places_of(release) and release.is_nearly(
            then := one.in_the_order_of(release)
        ):
            # What was withheld for the sake of many months, and is hardly another month, stays.
            release = release.with_what_they_share(then)
    found = _beside_last(release, earlier, smallest)
    for one in before:
        then = one.in_the_order_of(found)
        if not found.keeps_some_of(then):
            continue
        backstop = _Backstop([month_of(then), month_of(found)], smallest, found.looked)
        backstop.look_back()
        backstop.sweep()
        backstop.close()
        more = backstop.release()
        found = replace(more, beyond=more.beyond | found.beyond)
    return found


def _beside_last(
    release: CoverageRelease, earlier: CoverageRelease | None, smallest: int
) -> CoverageRelease:
    """What is withheld beside the last month alone."""
    months = [month_of(release)]
    if earlier is not None and earlier.is_of_the_places_of(release):
        then = earlier.in_the_order_of(release)
        if release.repeats(then):
            # It was held against the month before it, which is not read any more: whoever is told
            # no more than that is told nothing.
            return release.with_more(then.villages, then.by_district, then.area)
        months.insert(0, month_of(then))
    backstop = _Backstop(months, smallest)
    backstop.sweep()
    backstop.close()
    return backstop.release()


class _Backstop:
    """Which targets are still open, by month, place and row; and what is withheld by now."""

    def __init__(
        self, months: Sequence[Month], smallest: int, looked: Mapping[str, int] | None = None
    ) -> None:
        self.months, self.smallest = months, smallest
        self.beyond: set[str] = set()
        self.given_up = (looked or {}).get("given_up", 0)
        self.chance = np.random.default_rng(0)  # the same for the same tables
        # A table that agrees with all that is shown, and the targets in it: at first the true one.
        self.table = [month.exact[: month.villages] for month in months]
        self.known = [truth_of(month)[: month.villages] for month in months]
        self.searches = Searches(months, (looked or {}).get("work", 0))
        self.open = [~self._is_harmless(truth_of(month)) for month in months]

    def look_back(self) -> None:
        """Ask for the small counts of the first month alone: those of the last are protected."""
        self.open[-1] = np.zeros_like(self.open[-1])

    # -- many at once

    def sweep(self) -> None:
        """Push many targets at once, a few villages after the other.

        What is found for these leaves every shown sum as it is. So it holds together with what
        is found for others, and all of it is one table.
        """
        nears: list[Neighborhood] = []
        for number in range(_SWEEPS):
            if number == 0 or number >= _WHOLE_SWEEPS:
                nears = self._nears(is_whole=number == 0)
            together = [known.copy() for known in self.known]
            counts = [table.copy() for table in self.table]
            for near in nears:
                goal = near.goal(self.open, number, self.chance)
                found = None if goal is None else self.searches.look(near, goal)
                if found is None:
                    continue
                self._note(near, found)
                for of, table in enumerate(near.tables(found)):
                    together[of][near.villages] = table @ self.months[of].kinds.asked.T
                    counts[of][near.villages] = table @ self.months[of].counts.T
            for of, (month, values) in enumerate(zip(self.months, together, strict=True)):
                self.open[of] &= ~self._is_harmless(month.places @ values)
            # That as few as possible are elsewhere leaves most room to those who are here.
            if number == 0:
                self.known, self.table = together, counts

    def _near(self, villages: Numbers) -> Neighborhood:
        return Neighborhood(self.months, villages, self.smallest, table=self.table)

    def _nears(self, *, is_whole: bool) -> list[Neighborhood]:
        """Villages in the order of their districts, a few together; all, or those still open."""
        now = self.months[-1]
        order = np.argsort(now.release.districts.to_numpy(), kind="stable")
        if not is_whole:
            is_open = np.any([each[: now.villages].any(axis=1) for each in self.open], axis=0)
            order = order[is_open[order]]
        many = -(-len(order) // _TOGETHER)
        return [self._near(villages) for villages in (np.array_split(order, many) if many else [])]

    def _note(self, near: Neighborhood, found: Floats) -> None:
        """Close the targets that are none, or large, in a table."""
        for number, table in enumerate(near.tables(found)):
            month, touched = self.months[number], near.touched[number]
            elsewhere = near.elsewhere(number, self.known[number])
            values = near.inside[number][touched] @ (table @ month.kinds.asked.T) + elsewhere
            self.open[number][touched] &= ~self._is_harmless(values)

    def _is_harmless(self, values: Floats) -> Flags:
        """None at all, or not few; NaN is not known."""
        harmless: Flags = (values <= _NEAR) | (values >= self.smallest - _NEAR)
        return harmless

    # -- one by one

    def close(self) -> None:
        """Ask for each open target by itself, and withhold what tells it."""
        for month, place, row in self._open_ones():
            if not self.open[month][place, row]:
                continue  # closed with another one
            target = Target(month, place, row)
            if self.searches.work > _MOST_WORK:
                self._give_up(target)
                continue
            if self._is_quiet(target):
                continue
            near = self._near(self._around(target, _BESIDE))
            escape = near.escape(target, self.known[month])
            self.searches.work += _DEAR * near.many
            if escape is not None:
                found, moved = escape
                self._withhold(moved)
                self._note(near, found)
            elif not self._is_settled_alone(target, near):
                self._give_up(target)
            self.open[month][place, row] = False

    def _is_quiet(self, target: Target) -> bool:
        """Whether it is found in a moment that nothing tells a target: then it is closed."""
        # Of a small area they are the same.
        around = {tuple(self._around(target, beside)) for beside in (_FEW_BESIDE, _BESIDE)}
        for villages in sorted(around, key=len):
            near = self._near(np.array(villages))
            goals = [near.goal(self.open, number, self.chance) for number in (1, 0)]
            pushed = [goal for goal in goals if goal is not None]
            found = self.searches.quiet(near, target, self.known[target.month], pushed)
            if found is not None:
                self._note(near, found)
                self.open[target.month][target.place, target.row] = False
                return True
        return False

    def _is_settled_alone(self, target: Target, near: Neighborhood) -> bool:
        """Whether the month of a target has told it long since, or can protect it by itself.

        What last month told is told, whatever is withheld now.
        """
        if len(self.months) == 1:
            return False
        own = self.months[target.month]
        alone = Neighborhood([own], near.villages, self.smallest, table=[self.table[target.month]])
        escape = alone.escape(replace(target, month=0), self.known[target.month])
        if target.month == 0:
            return escape is None or bool(escape[1].any())
        if escape is not None:
            self._withhold(escape[1])
            codes = own.release.counts.index[own.villages_of(target.place)]
            self.beyond |= {str(code) for code in codes}
        return escape is not None

    def _open_ones(self) -> list[tuple[int, int, int]]:
        return [
            (number, int(place), int(row))
            for number, is_open in enumerate(self.open)
            for place, row in zip(*np.nonzero(is_open), strict=True)
        ]

    def _around(self, target: Target, beside: int) -> Numbers:
        """The villages of a place, and others of which as much as possible is withheld."""
        own = self.months[target.month].villages_of(target.place)
        now = self.months[-1]
        same = {*now.of_districts(own).tolist()}
        shared = now.hidden[: now.villages].astype(float) @ now.hidden[own].any(axis=0)
        ranked = np.argsort(-shared, kind="stable").tolist()
        near = [*own[:_TOGETHER], *[v for v in ranked if v in same][:beside]]
        near += [v for v in ranked if v not in same][:beside]
        return np.array(sorted(dict.fromkeys(near)), dtype=np.intp)

    def _withhold(self, moved: Flags) -> None:
        now = self.months[-1]
        now.hidden[moved] = True
        numbers = [n for n, name in enumerate(now.names) if name.startswith("programs ")]
        if now.hidden[-1, numbers].any():
            now.hidden[-1, numbers] = True

    def _give_up(self, target: Target) -> None:
        """Tell nothing of coverage in the districts of a target, and no sum of the area."""
        self.given_up += 1
        now = self.months[-1]
        villages = now.of_districts(self.months[target.month].villages_of(target.place))
        places = np.flatnonzero(now.places[:, villages].sum(axis=1))
        columns = np.array([
            name not in COUNTS and bool(now.exact[-1, number])
            for number, name in enumerate(now.names)
        ])  # fmt: skip
        now.hidden[np.ix_(places, columns)] = True
        for number, is_open in enumerate(self.open):
            is_open[np.flatnonzero(self.months[number].places[:, villages].sum(axis=1))] = False

    def release(self) -> CoverageRelease:
        now = self.months[-1]
        flags = pd.DataFrame(now.hidden, columns=[*now.names])
        many = now.villages
        parts = flags[:many], flags[many:-1], flags.iloc[-1]
        before = now.release
        looked = {"work": self.searches.work, "given_up": self.given_up}
        return replace(before, beyond=frozenset(self.beyond), looked=looked).with_more(
            parts[0].set_axis(before.villages.index), parts[1].set_axis(before.by_district.index),
            parts[2],
        )  # fmt: skip
