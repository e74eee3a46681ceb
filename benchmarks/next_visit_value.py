"""Visits by what they are worth next, against visits in the order of the list.

    python -m benchmarks.next_visit_value --seeds 20 --save

Each seed is a demo before its visits (`geo-target demo --before-visits`), whose truth says what a
visit finds. On the first days operators go by the list, each in their own village. Then, in one
trial, they go on in their village either by the list or to whom `visit_values` has learned to be
worth most; in the other they go on by the list, and facilitators, who go anywhere, do either.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from geo_target import pipeline
from geo_target.demo.findings import MISSED
from geo_target.demo.month import read_findings
from geo_target.demo.world import write_demo
from geo_target.fieldwork.confirmation_rates import Met, learn
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.travel import travel_minutes
from geo_target.fieldwork.visit_values import most_valuable
from geo_target.fieldwork.visits import Target
from geo_target.publishing.visit_targets import targets_of

A_DAY, FIRST_DAYS, DAYS, FACILITATORS = 12, 3, 4, 20
#: Minutes at a door where nobody is met.
DOOR_MINUTES = 5.0
#: Draws of the bootstrap over worlds.
RESAMPLES = 10_000
TRIALS = ("operators in their village", "facilitators anywhere")
_COUNTED = frozenset({"PKH", "SEMBAKO", "PBI_JK"})
_NOTE = f"""The job: whom to visit next, so that most uncovered families are confirmed an hour. Each
world is Kota Serang before its visits, 8,799 families that no list tells anything of, with its
truth: 43 % of them uncovered, most in hamlets that programs miss. {FIRST_DAYS} days of 67
operators with {A_DAY} visits a day each go by the list; the {DAYS} days after them are counted.
Operators stay in their village; the {FACILITATORS} facilitators go anywhere, while operators go on
by the list. What a family is worth is learned anew each evening, from all outcomes so far, by
village and RW: the RW as the list writes it, which of one family in six cannot be read and of one
in ten is another. Hours: half an hour at a door ({DOOR_MINUTES:.0f} minutes where nobody is met)
and the way between the true homes by RW and RT, straight line x 1.35 at 25 km/h, alike for all;
the way to the first door is not counted. The interval is a bootstrap over worlds ({RESAMPLES:,}
draws, percentiles)."""

#: Those who are left, in the order in which to go to them.
Rule = Callable[["Left"], Sequence[Target]]


@dataclass(frozen=True)
class World:
    """What a demo gives: whom to visit in the order of the list, and what is true of each."""

    targets: Sequence[Target]
    outcomes: Mapping[str, Outcome]
    homes: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Worked:
    """Families confirmed uncovered, visits, and hours of all officers."""

    confirmed: int
    visits: int
    hours: float

    @property
    def an_hour(self) -> float:
        """Families confirmed in an hour of an officer."""
        return self.confirmed / self.hours if self.hours else 0.0


def world_of(seed: int, folder: Path, *, families: int | None = None) -> World:
    """A demo of Kota Serang before its visits, as a run knows it, and its truth."""
    write_demo(folder, seed=seed, families=families, before_visits=True, lists="parquet")
    report = pipeline.run(folder / "geo-target.toml").report
    listed = pd.read_parquet(folder / "lists" / "p3ke_keluarga.parquet")["ID Keluarga P3KE"]
    place = {family: at for at, family in enumerate(listed.tolist())}
    targets = targets_of(Path(report["snapshot"]) / "exact")
    truth = pd.read_parquet(folder / "truth" / "families.parquet")
    homes = zip(truth["family_id"], truth["lon"], truth["lat"], strict=True)
    return World(
        sorted(targets, key=lambda target: place[target.family_id]),
        {
            row["family_id"]: _outcome(row)
            for row in read_findings(folder).families.to_dict("records")
        },
        {family: (lon, lat) for family, lon, lat in homes},
    )


def _outcomes(families: pd.DataFrame) -> dict[str, Outcome]:
    told = (_outcome(row) for row in families.to_dict("records"))
    return {outcome.visit_code: outcome for outcome in told}


def _outcome(row: Mapping[Any, Any]) -> Outcome:
    """What the first visit finds; a return is another visit, on another day."""
    told = row["programs"] if row["first_outcome"] == row["outcome"] else None
    programs = None if told is None else tuple(str(told).replace("none", "").split())
    family = str(row["family_id"])
    return Outcome(family, family, str(row["first_outcome"]), "odk", programs=programs)


def is_confirmed(outcome: Outcome) -> bool:
    """Found eligible, and no program of the definition reaches it."""
    if outcome.outcome not in {"found_eligible", "eligible_with_intervention"}:
        return False
    return outcome.programs is not None and not {*outcome.programs} & _COUNTED


class Left:
    """Families that nobody has been to yet, and what was found of the others."""

    def __init__(self, world: World) -> None:
        """Begin with everybody."""
        self.world = world
        self.targets = list(world.targets)
        self.known: dict[str, Outcome] = {}
        self._of = {target.family_id: target for target in world.targets}

    def visit(self, days: Sequence[Sequence[Target]]) -> Worked:
        """Go to these, one sequence an officer's day."""
        gone = [target.family_id for day in days for target in day]
        found = {family: self.world.outcomes[family] for family in gone}
        self.known |= found
        self.targets = [target for target in self.targets if target.family_id not in self.known]
        minutes = sum(day_minutes(day, self.world) for day in days)
        return Worked(sum(map(is_confirmed, found.values())), len(gone), minutes / 60)

    def met(self) -> list[Met]:
        """What was found, as `visit_values` learns it."""
        return [Met(self._of[family], is_confirmed(one)) for family, one in self.known.items()]


def by_list(left: Left) -> Sequence[Target]:
    """As the list has them."""
    return left.targets


def by_lot(left: Left) -> Sequence[Target]:
    """In no order: what a list that happens to begin in a good place is held against."""
    order = np.random.default_rng(len(left.known)).permutation(len(left.targets))
    return [left.targets[at] for at in order]


def by_value(left: Left) -> Sequence[Target]:
    """By what they are worth, as far as that has been learned."""
    return most_valuable(left.targets, learn(left.met()))


def own_villages(ordered: Sequence[Target]) -> list[list[Target]]:
    """A day of each operator: the first of their village."""
    days: dict[str, list[Target]] = defaultdict(list)
    for target in ordered:
        if len(days[target.village_code]) < A_DAY:
            days[target.village_code].append(target)
    return list(days.values())


def anywhere(ordered: Sequence[Target]) -> list[list[Target]]:
    """A day of each facilitator: the first of all, parted by place."""
    first = sorted(ordered[: FACILITATORS * A_DAY], key=_by_place)
    return [first[at : at + A_DAY] for at in range(0, len(first), A_DAY)]


def tried(world: World, rule: Rule, *, trial: str, days: int = DAYS) -> Worked:
    """What came of the days after the first ones, of those who go by `rule`."""
    left = Left(world)
    for _ in range(FIRST_DAYS):
        left.visit(own_villages(by_list(left)))
    worked = []
    for _ in range(days):
        if trial == TRIALS[0]:
            worked.append(left.visit(own_villages(rule(left))))
        else:
            chosen = anywhere(rule(left))
            worked.append(left.visit(chosen))
            left.visit(own_villages(by_list(left)))
    return Worked(
        sum(one.confirmed for one in worked),
        sum(one.visits for one in worked),
        sum(one.hours for one in worked),
    )


def _by_place(target: Target) -> tuple[str, str, str, str]:
    return target.village_code, target.rw or "", target.rt or "", target.family_id


def day_minutes(day: Sequence[Target], world: World) -> float:
    """Minutes at the doors and between them, by RW and RT as paper has them.

    The way is between the true homes, which no list tells: the rule does not know it.
    """
    terms = Terms()
    by_rt = sorted(day, key=_by_place)
    between = travel_minutes([world.homes[one.family_id] for one in by_rt], terms)
    way = sum(between[at, at + 1] for at in range(len(by_rt) - 1))
    doors = (
        DOOR_MINUTES if world.outcomes[one.family_id].outcome in MISSED else terms.visit_minutes
        for one in by_rt
    )
    return float(way) + sum(doors)


def bootstrap(ratios: Sequence[float], *, seed: int = 1) -> tuple[float, float, float]:
    """Mean of the ratios and its 95 % interval, by the bootstrap over worlds (percentiles)."""
    rng = np.random.default_rng(seed)
    values = np.asarray(ratios, dtype=float)
    means = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def result(found: Mapping[str, Mapping[str, Sequence[Worked]]], *, command: str) -> Result:
    """The tables and the plot: by trial and rule, a `Worked` a world."""
    ratios = {
        (trial, other): [
            value.an_hour / one.an_hour
            for value, one in zip(rules["value"], rules[other], strict=True)
        ]
        for trial, rules in found.items()
        for other in ("list", "lot")
    }
    return Result(
        name="next_visit_value",
        title="Next-visit value against the order of the list",
        command=command,
        note=_NOTE,
        tables=(
            Table(
                "Confirmed families an hour, by value over another order",
                ("trial", "over", "ratio", "95 % from", "to", "worlds", "better in"),
                tuple((*name, *bootstrap(each), len(each), sum(one > 1 for one in each))
                      for name, each in ratios.items()),
            ),
            Table(
                "What was done, mean of a world",
                ("trial", "rule", "visits", "confirmed", "hours", "confirmed an hour"),
                tuple((trial, rule, *_means(worked)) for trial, rules in found.items()
                      for rule, worked in rules.items()),
            ),
        ),
        plot=Plot(
            "Confirmed uncovered families an hour", "", "families", "bars",
            {rule: [(trial, _means(rules[rule])[-1]) for trial, rules in found.items()]
             for rule in ("list", "lot", "value")},
        ),
        versions=versions("numpy", "scipy"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def _means(worked: Sequence[Worked]) -> tuple[float, float, float, float]:
    rows = [(one.visits, one.confirmed, one.hours, one.an_hour) for one in worked]
    visits, confirmed, hours, an_hour = np.mean(np.asarray(rows, dtype=float), axis=0).tolist()
    return visits, confirmed, hours, an_hour


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--families", type=int, help="All families of the demo.")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    rules: dict[str, Rule] = {"list": by_list, "lot": by_lot, "value": by_value}
    found: dict[str, dict[str, list[Worked]]] = {
        trial: {name: [] for name in rules} for trial in TRIALS
    }
    for seed in range(1, given.seeds + 1):
        with tempfile.TemporaryDirectory() as place:
            world = world_of(seed, Path(place), families=given.families)
        for trial in TRIALS:
            for name, rule in rules.items():
                found[trial][name].append(tried(world, rule, trial=trial))
        last = {trial: [each[-1].an_hour for each in by.values()] for trial, by in found.items()}
        print(f"seed {seed}: {last}", file=sys.stderr)
    command = command_of(parser, given, "next_visit_value")
    finish(result(found, command=command), save=given.save)


if __name__ == "__main__":
    main()
