"""A plan of field visits: seconds, how even the loads are, what is split.

python -m benchmarks.field_plan [--families 3784] [--facilitators 20] [--days 5] [--save]
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.field_world import families, officers, villages
from benchmarks.results import Cell, Result, Table, command_of, finish, machine, today, versions
from geo_target.fieldwork.planning import make_plan, replan
from geo_target.fieldwork.selection import Wanted
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visits import Officer, Plan

AREA = "36.73"
STARTS_ON = date(2026, 11, 23)
#: Who leaves in mid-plan.
LEAVERS = 5
SECONDS = 30.0
TOLERANCE = 0.15
_NOTE = """\
`make_plan` over {families:,} synthetic families in the {villages} villages of Kota Serang, for one
operator a village and {facilitators} facilitators of 12 visits a day, over {days} days: selection,
loads, days, order and effort. A village has 5 to 12 RW of 2 to 6 RT, of unequal size; 4 % of the
families have no RW and 3 % no RT. With points every family has one, and pyvroom orders days and
visits. The spread is the farthest load from the mean of those who share, by what their days hold;
operators whose village has less than that share with nobody. Planned anew: {leavers} officers have
left, and only their visits may move.

The goals: {seconds:.0f} s, and loads within {tolerance:.0%}. {verdict}"""


@dataclass(frozen=True)
class Case:
    """A world and how it is planned."""

    name: str
    seed: int
    located: bool
    whole: str = "even"


CASES = (
    Case("by RW and RT", 1, located=False),
    Case("by RW and RT", 2, located=False),
    Case("by RW and RT", 3, located=False),
    Case("RW whole, come what may", 2, located=False, whole="rw"),
    Case("only RT whole", 1, located=False, whole="rt"),
    Case("with points", 1, located=True),
)


def measure(case: Case, given: argparse.Namespace) -> dict[str, Any]:
    """Plan a world, and plan it anew without some of its officers."""
    places = villages(AREA)
    targets = families(places, given.families, seed=case.seed, located=case.located)
    staff = officers(places, given.facilitators, seed=case.seed)
    terms = Terms(whole=case.whole, village_points=places)  # type: ignore[arg-type]
    begun = time.perf_counter()
    plan = make_plan(targets, staff, Wanted(order="list"), run_id="000001", starts_on=STARTS_ON,
                     days=given.days, today=STARTS_ON, terms=terms)  # fmt: skip
    seconds = time.perf_counter() - begun
    left = staff[:: len(staff) // LEAVERS][:LEAVERS]
    here = [officer for officer in staff if officer not in left]
    begun = time.perf_counter()
    anew = replan(plan, here, today=STARTS_ON, days=given.days, terms=terms)
    again = time.perf_counter() - begun
    return {"case": case, "plan": plan, "seconds": seconds, "again": again,
            "moved": moved(plan, anew), "theirs": visits_of(plan, left)}  # fmt: skip


def moved(before: Plan, after: Plan) -> int:
    """Visits that are not as they were."""
    return len(set(before.visits) - set(after.visits))


def visits_of(plan: Plan, staff: Sequence[Officer]) -> int:
    """Number of visits that some officers have."""
    names = {officer.name for officer in staff}
    return sum(visit.officer in names for visit in plan.visits)


def row(found: dict[str, Any]) -> tuple[Cell, ...]:
    """A line of the table of plans."""
    plan, case = found["plan"], found["case"]
    loads = [load for load in plan.settings["loads"] if load["group"] == "pool"]
    shares = [load["share"] for load in loads]
    return (
        case.name, case.seed, found["seconds"], len(plan.visits),
        sum(visit.day is None for visit in plan.visits), len(loads),
        100 * min(shares), 100 * max(shares), 100 * plan.settings["imbalance"],
        plan.settings["split_rws"], plan.settings["effort"]["officer_days"],
        found["again"], found["theirs"], found["moved"],
    )  # fmt: skip


def verdict(found: Sequence[dict[str, Any]]) -> str:
    """What was met, and what was missed."""
    missed = []
    for one in found:
        spread, name = one["plan"].settings["imbalance"], f"{one['case'].name}, {one['case'].seed}"
        if one["seconds"] > SECONDS:
            missed.append(f"{name} took {one['seconds']:.0f} s")
        if spread > TOLERANCE:
            missed.append(f"{name}: a load {spread:.0%} from the mean")
    return f"Missed: {'; '.join(missed)}." if missed else "Both are met."


def result(found: Sequence[dict[str, Any]], given: argparse.Namespace, command: str) -> Result:
    """The table of what was measured."""
    note = _NOTE.format(
        families=given.families, villages=len(villages(AREA)), facilitators=given.facilitators,
        days=given.days, leavers=LEAVERS, seconds=SECONDS, tolerance=TOLERANCE,
        verdict=verdict(found),
    )  # fmt: skip
    return Result(
        name="field_plan",
        title="A plan of field visits",
        command=command,
        note=note,
        tables=(
            Table(
                "Plans",
                ("plan", "seed", "s", "visits", "without a day", "officers who share",
                 "least load, %", "greatest, %", "spread, %", "RW split", "officer-days",
                 "planned anew, s", "visits of the leavers", "visits that moved"),
                tuple(row(one) for one in found),
            ),
        ),
        plot=None,
        versions=versions("pyvroom", "numpy"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=3784)
    parser.add_argument("--facilitators", type=int, default=20)
    parser.add_argument("--days", type=int, default=5)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = []
    for case in CASES:
        found.append(measure(case, given))
        notices = Counter(found[-1]["plan"].notices)
        print(f"{case.name} {case.seed}: {found[-1]['seconds']:.1f} s {dict(notices)}",
              file=sys.stderr)  # fmt: skip
    finish(result(found, given, command_of(parser, given, "field_plan")), save=given.save)


if __name__ == "__main__":
    main()
