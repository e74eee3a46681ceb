"""Villages in the order of an audience's own table, under the run's weights or the reader's.

Records in, rows out. NumPy is loaded with the first question, not with the service.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from geo_target.targeting.indicators import Indicator
from geo_target.targeting.locked_places import final_places
from geo_target.web.figures import Record

#: What a curve is drawn through at most, and where its table reads it.
_POINTS = 200
BUDGETS = (0.10, 0.25, 0.50, 0.75)


@dataclass(frozen=True)
class Row:
    """A village; `rank` is None where it has none, and all that follows from ranks is too.

    `final` is its place among those that people have set; one of these may have no rank.
    """

    record: Record
    rank: int | None
    is_tied: bool
    final: int | None
    is_final_tied: bool
    is_locked: bool
    score: float | None
    parts: Sequence[float]
    """Contributions in the order of the indicators; they add up to `score`."""
    held_class: str
    quadrant: str


@dataclass(frozen=True)
class Curve:
    """What an order reaches: `points` from (0, 0) to (1, 1), and shares at BUDGETS."""

    points: Sequence[tuple[float, float]]
    reached: Sequence[float]


@dataclass(frozen=True)
class Ordered:
    """Rows in the order of visiting, and what holds for all of them.

    `weights` are those used: an indicator that no village has counts as one of 0. Of the `whole`
    uncovered families `led` are in `leading` villages, the fewest that hold 80 % of them where
    `is_led`; else in all that are shown. `curves` are of the `shown` villages whose uncovered
    families are shown; see `reached_by`.
    """

    rows: Sequence[Row]
    weights: Sequence[float]
    ranked: int
    shown: int
    whole: int
    leading: int
    led: int
    is_led: bool
    curves: Mapping[str, Curve]

    def of_class(self, name: str) -> list[Row]:
        """Rows of class I, II or III."""
        return [row for row in self.rows if row.held_class == name]

    def families_in(self, *names: str) -> int:
        """Uncovered families of classes."""
        return sum(row.record["uncovered_families"] for row in self.rows
                   if row.held_class in names)  # fmt: skip

    def in_quadrant(self, name: str) -> list[Row]:
        """Rows of one of the four fields."""
        return [row for row in self.rows if row.quadrant == name]


def order(
    records: Iterable[Record],
    indicators: Sequence[Indicator],
    *,
    whole: int | None = None,
    by_breaks: bool = False,
    official: Record | None = None,
) -> Ordered:
    """Score, rank and class the villages of an audience's table, by nothing but it.

    A village of which something that counts is missing is not ranked, and comes last; all
    others come out as if it were not there. Whose place people have set stays at it.

    Parameters
    ----------
    whole
        The uncovered families that classes hold a share of; None means those of the table.
    by_breaks
        Classes are natural breaks of the score.
    official
        A decree as the snapshot tells it.
    """
    import numpy as np  # noqa: PLC0415  # the first page of the service does without

    from geo_target.targeting.composite import score  # noqa: PLC0415  # loads NumPy
    from geo_target.targeting.priority_classes import (  # noqa: PLC0415
        HELD,
        classes_by_breaks,
        classes_by_share,
        quadrants,
    )

    villages = list(records)
    names = {one.column for one in indicators} | {"uncovered_families", "covered_families"}
    columns = {
        name: np.array([_number(village.get(name)) for village in villages], dtype=np.float64)
        for name in names
    }
    scores = score(columns, indicators)
    uncovered, covered = columns["uncovered_families"], columns["covered_families"]
    ranks, parts = scores.rank.tolist(), scores.contributions.T.tolist()
    final = _final_places(villages, ranks)
    shared = Counter(final.values())
    by_share = classes_by_share(uncovered, whole)
    leads = by_share == "I"
    led, of = float(uncovered[leads].sum()), float(np.nansum(uncovered)) if whole is None else whole
    rows = [
        Row(village, rank or None, tied, place := final.get(_code(village)),
            place is not None and shared[place] > 1, bool(village.get("is_locked")),
            total if rank else None, part if rank else (), held_class, quadrant)
        for village, rank, tied, total, part, held_class, quadrant in zip(
            villages, ranks, scores.is_tied.tolist(), scores.score.tolist(), parts,
            (classes_by_breaks(scores.score) if by_breaks else by_share).tolist(),
            quadrants(uncovered, covered).tolist(), strict=True,
        )
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.final or math.inf, _code(row.record)))
    return Ordered(
        rows=rows,
        weights=scores.weights.tolist(),
        ranked=int((scores.rank > 0).sum()),
        shown=int((~np.isnan(uncovered)).sum()),
        whole=int(of),
        leading=int(leads.sum()),
        led=int(led),
        is_led=led >= HELD[0] * of,
        curves=reached_by(uncovered.tolist(), _orders(map(_code, villages), final, official)),
    )


def _final_places(villages: Sequence[Record], ranks: Sequence[int]) -> dict[str, int]:
    """Places under these weights; who is locked stays where the run has it."""
    computed = {_code(village): rank for village, rank in zip(villages, ranks, strict=True) if rank}
    locked = sorted((village["final_rank"], _code(village)) for village in villages
                    if village.get("is_locked"))  # fmt: skip
    return final_places(computed, {code: place for place, code in locked})


def _code(village: Record) -> str:
    return str(village["village_code"])


def _orders(
    codes: Iterable[str], final: Mapping[str, int], official: Record | None
) -> dict[str, list[int]]:
    """Places by which units are visited, each unit by the code of its village."""
    units = list(codes)
    orders = {"ahead": [final.get(code, 0) for code in units]}
    if official is not None:
        named = {row["village_code"]: row["official_order"] or 1 for row in official["rows"]
                 if row["on"] != "computed"}  # fmt: skip
        orders["official"] = [named.get(code, 0) for code in units]
    return orders


def in_days(found: Ordered, per_day: int, official: Record | None) -> tuple[dict[str, Curve], int]:
    """Curves over days of a team that visits so many families a day, and all of its days."""
    import numpy as np  # noqa: PLC0415  # as in `order`

    from geo_target.targeting.capture import team_days  # noqa: PLC0415  # loads NumPy

    uncovered = [_number(row.record.get("uncovered_families")) for row in found.rows]
    days = team_days(np.array(uncovered), per_day)
    final = {_code(row.record): row.final for row in found.rows if row.final}
    orders = _orders((_code(row.record) for row in found.rows), final, official)
    return reached_by(uncovered, orders, days.tolist()), int(np.nansum(days))


def of_clusters(
    clusters: Sequence[Record], found: Ordered, official: Record | None
) -> tuple[dict[str, Curve], int]:
    """Curves over clusters, each at the place of its first village, and how many are shown."""
    shown = [cluster for cluster in clusters if cluster["uncovered_families"] is not None
             and cluster["village_codes"]]  # fmt: skip
    final = {_code(row.record): row.final for row in found.rows if row.final}
    orders = _orders((str(cluster["village_codes"][0]) for cluster in shown), final, official)
    return reached_by([float(c["uncovered_families"]) for c in shown], orders), len(shown)


def reached_by(
    uncovered: Sequence[float],
    orders: Mapping[str, Sequence[int]],
    costs: Sequence[float] | None = None,
) -> dict[str, Curve]:
    """Curves of orders (0 comes last), and of ``perfect`` and ``random``; none of no family."""
    import numpy as np  # noqa: PLC0415  # as in `order`

    from geo_target.targeting.capture import capture_curves  # noqa: PLC0415  # loads NumPy

    if not any(count > 0 for count in uncovered):
        return {}
    found = capture_curves(
        np.array(uncovered),
        {name: np.array(places, dtype=np.float64) for name, places in orders.items()},
        None if costs is None else np.array(costs),
    )
    curves = {}
    for name, curve in found.items():
        last = len(curve.spent) - 1
        kept = sorted({round(last * step / _POINTS) for step in range(_POINTS + 1)})
        points = list(zip(curve.spent[kept].tolist(), curve.reached[kept].tolist(), strict=True))
        curves[name] = Curve(points, [curve.recall(budget) for budget in BUDGETS])
    return curves


def leaders(rows: Sequence[Row], indicators: Sequence[Indicator]) -> list[int]:
    """In how many villages each indicator gives the greatest part of the score."""
    counts = [0] * len(indicators)
    for row in rows:
        if row.score:
            counts[row.parts.index(max(row.parts))] += 1
    return counts


def stacked(parts: Sequence[float]) -> list[tuple[int, float, float]]:
    """Pieces of a bar: place of the indicator, start and length, of a whole of 1."""
    ends = [0.0]
    for part in parts:
        ends.append(ends[-1] + part)
    return [(place, start, end - start)
            for place, (start, end) in enumerate(pairwise(ends)) if end > start]  # fmt: skip


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan
