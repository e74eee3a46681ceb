"""Ways by nearest neighbor and 2-opt: what there is without pyvroom, and what it is held to."""

from collections.abc import Sequence

import numpy as np

from geo_target.fieldwork.travel import Matrix


def plain_routes(
    minutes: Matrix, starts: Sequence[int], points: int, most: Sequence[int]
) -> list[list[int]]:
    """Orders of visits, one a team.

    Points are dealt out by nearest neighbor in two ways, one team after another and all teams at
    once; each way is uncrossed by 2-opt (Croes 1958, doi:10.1287/opre.6.6.791), and the shorter
    one counts.

    Parameters
    ----------
    minutes : ndarray, shape (m, m)
        Of points first, then of whatever `starts` name. For 2-opt both directions between two
        places count as their mean.
    starts
        Place of each team's home in the matrix.
    points
        How many of the first places are to be visited.
    most
        Visits of each team at most.
    """
    ways = [deal(minutes, starts, points, most) for deal in (one_after_another, all_at_once)]
    return min(ways, key=lambda orders: _total(minutes, starts, orders))


def one_after_another(
    minutes: Matrix, starts: Sequence[int], points: int, most: Sequence[int]
) -> list[list[int]]:
    """Each team goes on to the nearest point that is left until its day is full; then 2-opt."""
    left = np.ones(points, dtype=bool)
    orders: list[list[int]] = []
    for start, room in zip(starts, most, strict=True):
        at = start
        order: list[int] = []
        while left.any() and len(order) < room:
            at = int(np.where(left, minutes[at, :points], np.inf).argmin())
            left[at] = False
            order.append(at)
        orders.append(order)
    return _uncrossed(minutes, starts, orders)


def all_at_once(
    minutes: Matrix, starts: Sequence[int], points: int, most: Sequence[int]
) -> list[list[int]]:
    """The nearest pair of a point and a place where some team is goes first; then 2-opt."""
    left, room = np.ones(points, dtype=bool), np.array(most) > 0
    ends = np.array(starts, dtype=int)
    orders: list[list[int]] = [[] for _ in starts]
    while left.any() and room.any():
        way = np.where(left & room[:, None], minutes[ends, :points], np.inf)
        team, point = divmod(int(way.argmin()), points)
        left[point], ends[team] = False, point
        orders[team].append(point)
        room[team] = len(orders[team]) < most[team]
    return _uncrossed(minutes, starts, orders)


def way_minutes(minutes: Matrix, start: int, order: Sequence[int]) -> float:
    """From `start` over all points and back; 0 without a point."""
    way = np.array([start, *order, start] if order else [], dtype=int)
    return float(minutes[way[:-1], way[1:]].sum()) if order else 0.0


def two_opt(minutes: Matrix, start: int, order: Sequence[int]) -> list[int]:
    """The way from `start` over all points and back, with parts turned round while that helps."""
    way = [start, *order, start]
    improved = True
    while improved:
        improved = False
        for i in range(1, len(way) - 2):
            for j in range(i + 1, len(way) - 1):
                if _gain(minutes, way, i, j) > 1e-9:  # noqa: PLR2004 - rounding, no gain
                    way[i : j + 1] = way[i : j + 1][::-1]
                    improved = True
    return way[1:-1]


def _gain(minutes: Matrix, way: Sequence[int], i: int, j: int) -> float:
    before = minutes[way[i - 1], way[i]] + minutes[way[j], way[j + 1]]
    after = minutes[way[i - 1], way[j]] + minutes[way[i], way[j + 1]]
    return float(before - after)


def _uncrossed(
    minutes: Matrix, starts: Sequence[int], orders: Sequence[Sequence[int]]
) -> list[list[int]]:
    both = (minutes + minutes.T) / 2
    return [two_opt(both, start, order) for start, order in zip(starts, orders, strict=True)]


def _total(minutes: Matrix, starts: Sequence[int], orders: Sequence[Sequence[int]]) -> float:
    return sum(way_minutes(minutes, s, order) for s, order in zip(starts, orders, strict=True))
