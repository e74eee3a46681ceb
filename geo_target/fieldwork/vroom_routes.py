"""Ways by pyvroom, an extra (`pip install geo-target[routes]`); it brings pandas with it."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import vroom

from geo_target.fieldwork.travel import Matrix

#: 1 takes three times as long for a percent or two less travel (docs/benchmarks.md).
EXPLORATION = 0
_THREADS = 2
#: What is found by then counts: a busy machine makes nobody wait for the last percent.
_LONGEST = timedelta(seconds=8)


def vroom_routes(
    minutes: Matrix, starts: Sequence[int], points: int, most: Sequence[int]
) -> list[list[int]]:
    """Orders of visits, one a team; what `plain_routes` does, with less travel.

    Whole seconds are what VROOM counts in. It keeps to the same number of visits at most, and
    leaves out what no team has room for. The same points give the same ways, unless time is up.
    """
    problem = vroom.Input()
    problem.set_durations_matrix("car", np.rint(minutes * 60).astype("uint32"))
    for team, (start, room) in enumerate(zip(starts, most, strict=True)):
        problem.add_vehicle(vroom.Vehicle(team, start=start, end=start, max_tasks=room))
    for point in range(points):
        problem.add_job(vroom.Job(point, location=point))
    found = problem.solve(
        exploration_level=EXPLORATION, nb_threads=_THREADS, timeout=_LONGEST
    ).routes
    orders: list[list[int]] = [[] for _ in starts]
    jobs = found[found["type"] == "job"]
    for team, point in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        orders[int(team)].append(int(point))
    return orders
