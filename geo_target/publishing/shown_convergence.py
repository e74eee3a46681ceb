"""Strategies by district, and by how many programs families are reached: what may be shown.

Who is enrolled in a program is shown by village (publishing/coverage_columns.py): of the only
program of a strategy that is the sum of all its columns here, and of every program and definition
the families that nobody reaches are a part of the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from geo_target.programs import programs
from geo_target.publishing.audiences import Audience
from geo_target.publishing.coverage_columns import reached_by
from geo_target.publishing.disclosure import publish_sum
from geo_target.publishing.shown_crosstabs import (
    KnownSum,
    Shown,
    by_district,
    nothing_of,
    publish_crosstab,
)
from geo_target.settings import Coverage

#: Families that no program reaches.
NONE = ""


@dataclass(frozen=True)
class Reached:
    """Families that a program or a definition covers, as the audience is shown them.

    Attributes
    ----------
    definition
        Whom it covers; a program is a definition of itself.
    districts
        Sums by district; NaN where one of its villages is withheld.
    area
        The sum of the area, or None.
    """

    definition: Coverage
    districts: "pd.Series[float]"
    area: float | None

    def known(self, columns: Sequence[str]) -> KnownSum:
        """That they are those of some columns."""
        return KnownSum(columns, self.districts.notna().to_numpy(), self.area is not None)


@dataclass(frozen=True)
class Convergence:
    """What may be shown: strategies by district, their sums, and programs of the whole area.

    `programs` are families by how many programs reach them, all of them withheld or none.
    """

    strategies: pd.DataFrame
    sums: "pd.Series[int]"
    programs: Mapping[str, int | None]


def choose_convergence(
    rows: pd.DataFrame,
    places: Mapping[str, str],
    *,
    poor: Reached,
    reached: Mapping[str, Reached],
    carried: Sequence[str],
    audience: Audience,
) -> Convergence:
    """Choose what is shown of strategies by district, and of programs of the whole area.

    Parameters
    ----------
    rows
        ``village_code``, ``strategies``, ``programs``, ``families``.
    places
        District codes by village.
    poor
        All extreme-poor families; `definition` is the run's.
    reached
        By name, of the run's day.
    carried
        Programs that a list of the run has: `reached` has each by its code.
    """
    parts = sorted({*rows["strategies"], NONE}, key=lambda text: (len(text), text))
    counts = by_district(rows.assign(part=rows["strategies"]), places, parts)
    cells, sums = _strategies(counts, poor, reached, carried, audience)
    numbers = rows.groupby("programs")["families"].sum()
    overlap = publish_sum({str(n): int(numbers.get(n, 0)) for n in range(4)}, audience)
    # So many times one, two and three are the enrolled of all programs: they would tell one.
    is_closed = bool(sums.isna().any()) or None in [reached[code].area for code in carried]
    # That nobody has one program alone, or two, tells which programs go together.
    counted = [count == 0 for count in overlap.values()]
    is_closed |= any(one and not all(counted[n:]) for n, one in enumerate(counted) if n)
    return Convergence(cells, sums, dict.fromkeys(overlap) if is_closed else overlap)


def publish_convergence(chosen: Convergence, poor: float | None) -> dict[str, Any]:
    """Say it; `poor` are the extreme-poor families of the area, None where withheld."""
    return {
        "families": None if poor is None else int(poor),
        "strategies": [
            {"strategies": part, "families": _told(count)} for part, count in chosen.sums.items()
        ],
        "districts": {
            str(district): [_told(count) for count in row]
            for district, row in zip(
                chosen.strategies.index, chosen.strategies.itertuples(index=False), strict=True
            )
        },
        "programs": dict(chosen.programs),
    }


def _told(count: Any) -> int | None:
    return None if pd.isna(count) else int(count)


def _strategies(
    counts: pd.DataFrame,
    poor: Reached,
    reached: Mapping[str, Reached],
    carried: Sequence[str],
    audience: Audience,
) -> Shown:
    if poor.area is None:
        return nothing_of(counts)
    parts = [*counts.columns]
    known = [poor.known(parts)]
    for strategies, codes in _by_strategies(carried):
        columns = [part for part in parts if strategies & {*part.split("+")}]
        whole = reached_by(Coverage(programs=codes, on=poor.definition.on))
        known += [
            one.known(columns) for one in reached.values() if reached_by(one.definition) == whole
        ]
    nobody = counts[NONE]
    few = np.zeros(len(counts), dtype=np.bool_)
    is_few = False
    for left, left_of_all in _told_beside(poor, nobody, reached, carried):
        few |= left.between(1, audience.smallest - 1).to_numpy()
        is_few |= left_of_all is not None and 1 <= left_of_all < audience.smallest
    return publish_crosstab(
        counts,
        known,
        audience.smallest,
        hidden=pd.DataFrame(
            np.outer(few, [part == NONE for part in parts])
            | poor.districts.isna().to_numpy()[:, None]
        ),
        hidden_sums=pd.Series([is_few and part == NONE for part in parts]),
    )


def _told_beside(
    poor: Reached, nobody: "pd.Series[int]", reached: Mapping[str, Reached], carried: Sequence[str]
) -> Iterator[tuple["pd.Series[float]", float | None]]:
    """What follows from the families that nobody reaches, by district and of the area.

    Those whom all programs together reach less those of one definition; and of those that
    together have all programs, those who are in two or more.
    """
    everybody = _everybody(poor, carried)
    somebody = poor.districts - nobody
    of_all = (poor.area or 0) - float(nobody.sum())
    for one in reached.values():
        yield somebody - one.districts, None if one.area is None else of_all - one.area
    for size in (2, 3, 4):
        for parts in combinations(reached.values(), size):
            if frozenset().union(*(reached_by(one.definition) for one in parts)) >= everybody:
                areas = [one.area for one in parts if one.area is not None]
                twice = pd.concat([one.districts for one in parts], axis=1).sum(
                    axis=1, skipna=False
                )
                yield twice - somebody, sum(areas) - of_all if len(areas) == size else None


def _by_strategies(carried: Sequence[str]) -> Iterator[tuple[frozenset[str], tuple[str, ...]]]:
    """Some strategies, and all programs that belong to them."""
    of = {code: str(programs()[code].strategy) for code in carried}
    for size in (1, 2, 3):
        for some in combinations(sorted({*of.values()}), size):
            yield frozenset(some), tuple(code for code in carried if of[code] in some)


def _everybody(poor: Reached, carried: Sequence[str]) -> frozenset[str]:
    return reached_by(Coverage(programs=tuple(carried), on=poor.definition.on))
