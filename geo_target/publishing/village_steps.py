"""What gains and losses of the whole area tell of villages whose counts of both months are known.

Of a village that had 10 uncovered families and withholds how many it has now, few can have gone
where few have gone anywhere: the tables of both months and the sums of the steps between them are
attacked together, and steps that would tell a withheld count are not shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from geo_target.publishing.audiences import GROUP, PARTS, TOTAL
from geo_target.publishing.interval_attack import (
    Key,
    Release,
    Sum,
    cells_and_sums,
    interval_attack,
)

_AFTER = "uncovered_families"


@dataclass(frozen=True)
class Steps:
    """Families that came to the uncovered, and that went, from one month to the next.

    Attributes
    ----------
    before
        What they came from or went to is counted by these columns together, a month before.
    gains, losses
        Sums of the whole area.
    """

    before: Sequence[str]
    gains: int
    losses: int


def steps_tell(steps: Sequence[Steps], before: Release, now: Release, smallest: int) -> bool:
    """Whether steps narrow a withheld count of a village or district to less than `smallest`.

    True as well where the villages of the two months are others: then nobody has asked.

    Parameters
    ----------
    before, now
        What was shown of the village table in both months, and will be.
    """
    if set(before.table.index) != set(now.table.index):
        return True
    shown, sums = cells_and_sums([before, now], parts=PARTS, total=TOTAL, group=GROUP)
    values = dict(zip(shown.index, shown, strict=True))
    more = [*sums]
    for number, step in enumerate(steps):
        more += _sums_of(number, step, list(now.table.index), values)
    index = pd.MultiIndex.from_tuples(list(values), names=shown.index.names)
    narrow = _narrow(pd.Series(list(values.values()), index, dtype=float), more, smallest)
    told = shown.index[shown.isna()].intersection(narrow)
    # What the tables alone tell is not told by the steps.
    return len(told) > 0 and not told.isin(_narrow(shown, sums, smallest)).all()


def _narrow(shown: pd.Series, sums: Sequence[Sum], smallest: int) -> pd.Index:
    ranges = interval_attack(shown, sums, enough=smallest)
    return ranges.index[ranges["upper"] - ranges["lower"] < smallest]


def _sums_of(
    number: int, step: Steps, villages: Sequence[str], values: dict[Key, float]
) -> Iterator[Sum]:
    """Of each village: before and its gains are after and its losses."""
    sides: dict[str, list[Key]] = {"gains": [], "losses": []}
    for village in villages:
        keys = {side: (number, "steps", village, side) for side in (*sides, "both")}
        values.update(dict.fromkeys(keys.values(), float("nan")))
        for side, own in sides.items():
            own.append(keys[side])
        was = [(0, "village", village, name) for name in step.before]
        yield Sum(keys["both"], [*was, keys["gains"]])
        yield Sum(keys["both"], [(1, "village", village, _AFTER), keys["losses"]])
    for side, count in (("gains", step.gains), ("losses", step.losses)):
        whole: Key = (number, "steps", "*", side)
        values[whole] = float(count)
        yield Sum(whole, sides[side])
