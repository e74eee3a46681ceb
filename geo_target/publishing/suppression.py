"""Which counts are withheld so that no small one can be worked out: complementary suppression.

Small counts are withheld (primary); others go with them (complementary), until each withheld
count can lie anywhere in a range as wide as the smallest count that is shown. `table_shifts`
chooses the others, `interval_attack` judges the whole. docs/decisions/0007-suppression.md says
what this protects against, and what not.
"""

from collections.abc import Collection, Hashable, Sequence

import numpy as np
import pandas as pd

from geo_target.publishing.interval_attack import (
    WHOLE_AREA,
    GateError,
    Release,
    Suppression,
    margins_of,
    release_gate,
)
from geo_target.publishing.table_shifts import (
    NO_GROUP,
    Flags,
    Floats,
    Variables,
    matrix_of,
    shift_cost,
    widen,
)

#: Bands that the public is shown in place of counts: the least of each, and its words.
_BANDS = ((100, "100+"), (50, "50-99"), (25, "25-49"), (10, "10-24"))
#: Their words, the most first.
BANDS = tuple(words for _, words in _BANDS)
_VILLAGE, _DISTRICT = "village", "district"
#: Level, village or district, column.
_Place = tuple[str, Hashable, str]


def band(count: int, *, group: int) -> str | None:
    """The band of a count that the public is shown, or None where it is withheld.

    Parameters
    ----------
    count
        Families.
    group
        Families that are counted from: 0 of some tells of all of them, 0 of none of nobody.
    """
    if count == 0:
        return None if group > 0 else "0"
    return next((words for least, words in _BANDS if count >= least), None)


def suppress(
    table: pd.DataFrame,
    *,
    parts: Sequence[str],
    total: str,
    group: str,
    smallest: int,
    zeros: bool | Collection[str] = False,
    keep: Suppression | None = None,
    earlier: Sequence[Release] = (),
) -> Suppression:
    """Withhold small counts, and what they could be worked out from.

    Parameters
    ----------
    table
        One row a village: whole counts `parts`, their sum `total`, the district `group`.
        Sums by district and of the area are taken to be shown too, unless withheld here.
    smallest
        Counts from 1 to ``smallest - 1`` are withheld; no withheld count can be worked out to
        a range narrower than ``smallest``.
    zeros
        Withhold a part that is 0 of a total that is not: it tells of all families of a place.
        All parts, or those that are named. One that an earlier release has shown, and that is
        0 still, is told already.
    keep
        What to withhold in any case, of the same table: what another audience is not shown.
        A reader who belongs to both then learns nothing from seeing both.
    earlier
        Releases of the same table to the same audience, oldest first. Who has seen them may
        know which counts have not changed since: those that were shown cannot protect
        others, and those that were withheld stay withheld.

    Returns
    -------
    Suppression
        The same for the same input; the attack narrows nothing of it. Withholding everything
        is the last resort.

    Raises
    ------
    GateError
        ``E-GATE``: earlier releases, and knowing what has not changed since, tell too much
        whatever is withheld now (rare, in small areas where few counts have changed). Show
        the last release again: that adds nothing to what is known.
    ValueError
        The parts do not add up to the total, or a count is negative.
    """
    columns = [*parts, total]
    exact = table[columns].to_numpy(dtype=float)
    if (exact[:, :-1].sum(axis=1) != exact[:, -1]).any() or (exact < 0).any():
        raise ValueError("the parts must be at least 0 and add up to the total")
    margins = margins_of(table, columns, group)
    first = Suppression(
        _primary(table[columns], smallest, zeros=zeros), _primary(margins, smallest, zeros=zeros)
    )
    if keep is not None:
        kept = keep.cells.loc[table.index, columns], keep.margins.loc[margins.index, columns]
        first = _either(first, Suppression(*kept))
    reader = _Reader(columns, group)
    for release in earlier:
        reader.read(release, is_earlier=True)
    reader.read(Release(table, first), is_earlier=False)
    variables, withheld = reader.variables()
    # A small count stays withheld even where an earlier release has told it: the gate must see.
    small = Suppression(
        _primary(table[columns], smallest, zeros=False), _primary(margins, smallest, zeros=False)
    )
    found = _either(small, reader.masks(widen(variables, withheld, smallest), table))
    # What an earlier release has told is not withheld now: that would only seem to protect it.
    unknown = reader.masks(~variables.fixed, table)
    districts = _whole_districts(found, unknown, table[group])
    # The same table again says what it said: releases that come again and again are bounded.
    again = [
        _either(_either(first, small), one.suppression)
        for one in earlier if one.table[columns].equals(table[columns])
    ]  # fmt: skip

    # Of several releases the search sees less than the attack does: the attack decides.
    refused = GateError()
    for candidate in (*again[-1:], found, districts, _either(found, unknown)):
        try:
            release_gate(
                [*earlier, Release(table, candidate)],
                parts=parts, total=total, group=group, smallest=smallest,
            )  # fmt: skip
        except GateError as error:
            refused = error
        else:
            return candidate
    raise refused


def _primary(counts: pd.DataFrame, smallest: int, *, zeros: bool | Collection[str]) -> pd.DataFrame:
    small = (counts >= 1) & (counts < smallest)
    if zeros:
        told = counts == 0 if zeros is True else (counts == 0) & counts.columns.isin(list(zeros))
        small |= told.mul(counts.iloc[:, -1] > 0, axis=0)
    return small.astype(bool)


class _Reader:
    """Reads releases into variables; a count that did not change stays the same variable."""

    def __init__(self, columns: list[str], group: str) -> None:
        self.columns, self.group = columns, group
        self.number: dict[_Place, int] = {}
        self.values: list[float] = []
        self.costs: list[float] = []
        self.groups: list[int] = []
        self.withheld: set[int] = set()
        self.known: set[int] = set()
        self.sums: list[tuple[list[int], int]] = []
        self._districts: dict[str, int] = {}

    def read(self, release: Release, *, is_earlier: bool) -> None:
        """Add a release; `number` is of the last one that was read."""
        table, mask = release.table, release.suppression
        before, self.number = self.number, {}
        districts = table[self.group].astype(str)
        margins = margins_of(table, self.columns, self.group)
        for level, counts, hidden in (
            (_VILLAGE, table[self.columns], mask.cells),
            (_DISTRICT, margins, mask.margins),
        ):
            for place, row in zip(counts.index, counts.to_numpy(dtype=float), strict=True):
                of = self._district(districts[place]) if level == _VILLAGE else NO_GROUP
                self._read_row((level, place), row, of, before)
            places = counts.index.tolist()
            flags = hidden.loc[places, self.columns].to_numpy(dtype=bool)
            for (i, j), is_hidden in np.ndenumerate(flags):
                variable = self.number[level, places[i], self.columns[j]]
                if is_hidden:
                    self.withheld.add(variable)
                elif is_earlier:
                    self.known.add(variable)
        members = table.groupby(self.group).groups
        for column in self.columns:
            for place, villages in members.items():
                inside = [self.number[_VILLAGE, village, column] for village in villages]
                self.sums.append((inside, self.number[_DISTRICT, place, column]))
            over = [self.number[_DISTRICT, place, column] for place in members]
            self.sums.append((over, self.number[_DISTRICT, WHOLE_AREA, column]))

    def _read_row(
        self, of: tuple[str, Hashable], counts: Floats, district: int, before: dict[_Place, int]
    ) -> None:
        row = []
        for column, value in zip(self.columns, counts, strict=True):
            key = (*of, column)
            variable = before.get(key, -1)
            if variable < 0 or self.values[variable] != value:
                variable = self._new(float(value), district, key)
            self.number[key] = variable
            row.append(variable)
        self.sums.append((row[:-1], row[-1]))

    def _district(self, name: str) -> int:
        return self._districts.setdefault(name, len(self._districts))

    def _new(self, value: float, group: int, key: _Place) -> int:
        level, place, column = key
        self.values.append(value)
        self.groups.append(group)
        self.costs.append(
            shift_cost(
                value,
                is_sum=level == _DISTRICT,
                is_whole_area=place == WHOLE_AREA,
                is_total=column == self.columns[-1],
            )
        )
        return len(self.values) - 1

    def variables(self) -> tuple[Variables, Flags]:
        """All that was read, and which of it is withheld."""
        count = len(self.values)
        fixed, withheld = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
        fixed[list(self.known)] = True
        withheld[list(self.withheld)] = True
        variables = Variables(
            values=np.array(self.values),
            groups=np.array(self.groups),
            fixed=fixed,
            costs=np.array(self.costs),
            sums=matrix_of(self.sums, count),
        )
        return variables, withheld

    def masks(self, flags: Flags, table: pd.DataFrame) -> Suppression:
        """Flags of variables as those of the release that was read last."""
        margins = margins_of(table, self.columns, self.group)
        frames = []
        for level, places in ((_VILLAGE, table.index), (_DISTRICT, margins.index)):
            rows = [[flags[self.number[level, p, c]] for c in self.columns] for p in places]
            frames.append(pd.DataFrame(rows, places, self.columns, dtype=bool))
        return Suppression(*frames)


def _whole_districts(found: Suppression, unknown: Suppression, districts: pd.Series) -> Suppression:
    """Withhold all of each district that has anything withheld, and the area's sums."""
    rows = found.cells.any(axis=1)
    touched = set(districts[rows]) | set(found.margins.index[found.margins.any(axis=1)])
    touched.add(WHOLE_AREA)
    return _either(
        found,
        Suppression(
            unknown.cells.mul(districts.isin(touched), axis=0),
            unknown.margins.mul(unknown.margins.index.isin(touched), axis=0),
        ),
    )


def _either(one: Suppression, other: Suppression) -> Suppression:
    return Suppression(one.cells | other.cells, one.margins | other.margins)
