"""Ways of teams: seconds, and travel beside nearest neighbor with 2-opt in the same run.

python -m benchmarks.field_routes [--points 400] [--teams 40] [--save]
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.field_world import near, villages
from benchmarks.results import Result, Table, command_of, finish, machine, today, versions
from geo_target.fieldwork.plain_routes import one_after_another, plain_routes, way_minutes
from geo_target.fieldwork.routes import with_homes
from geo_target.fieldwork.terms import LonLat, Terms
from geo_target.fieldwork.vroom_routes import vroom_routes

AREA = "36.73"
SECONDS, LESS = 10.0, 0.10
_NOTE = """\
{points} points shared out among {teams} teams of at most {most} visits a day and put in order, on a
matrix of straight lines times 1.35 at 25 km/h; each way begins and ends at home, or at one office.
Clusters lie about the villages of Kota Serang, even points fill the box around them. Nearest
neighbor fills one team after another, and 2-opt uncrosses each way: that is the one to beat. The
fallback, where pyvroom is not installed, also deals to all teams at once and takes the better.
Travel of all teams, in hours; what is less is less than that of the same run.

The goals: {seconds:.0f} s, and {less:.0%} less travel than nearest neighbor with 2-opt.
{verdict}"""


@dataclass(frozen=True)
class Case:
    """Where points lie, and where the teams start."""

    points: str
    starts: str
    seed: int


CASES = tuple(
    Case(points, starts, seed)
    for starts in ("homes", "one office")
    for points in ("clusters", "even")
    for seed in (1, 2)
)


def world(case: Case, given: argparse.Namespace) -> tuple[list[LonLat], list[LonLat]]:
    """Points to visit, and where each team starts."""
    chance = random.Random(case.seed)
    places = list(villages(AREA).values())
    west, east = min(lon for lon, _ in places), max(lon for lon, _ in places)
    south, north = min(lat for _, lat in places), max(lat for _, lat in places)

    def anywhere() -> LonLat:
        return chance.uniform(west, east), chance.uniform(south, north)

    if case.points == "even":
        points = [anywhere() for _ in range(given.points)]
    else:
        some = chance.sample(places, 30)
        points = [near(chance.choice(some), 0.4, chance) for _ in range(given.points)]
    office = ((west + east) / 2, (south + north) / 2)
    homes = [office if case.starts == "one office" else anywhere() for _ in range(given.teams)]
    return points, homes


def measure(case: Case, given: argparse.Namespace) -> dict[str, Any]:
    """Hours and seconds of each way of doing it."""
    points, homes = world(case, given)
    most = [-(-len(points) // len(homes))] * len(homes)
    found: dict[str, Any] = {"case": case}
    for name, solve in (
        ("neighbor", one_after_another), ("fallback", plain_routes), ("vroom", vroom_routes),
    ):  # fmt: skip
        begun = time.perf_counter()
        minutes, starts = with_homes(points, homes, Terms())
        orders = solve(minutes, starts, len(points), most)
        found[f"{name}_s"] = time.perf_counter() - begun
        travel = (way_minutes(minutes, s, order) for s, order in zip(starts, orders, strict=True))
        found[f"{name}_h"] = sum(travel) / 60
        if sorted(n for order in orders for n in order) != list(range(len(points))):
            raise SystemExit(f"{name} does not visit each point once")
    for name in ("neighbor", "fallback"):
        found[f"less_than_{name}"] = 1 - found["vroom_h"] / found[f"{name}_h"]
    return found


def verdict(found: Sequence[dict[str, Any]]) -> str:
    """What was met, and what was missed."""
    missed: list[str] = []
    for one in found:
        name = f"{one['case'].points} from {one['case'].starts}, seed {one['case'].seed}"
        if one["vroom_s"] > SECONDS:
            missed.append(f"{name} took {one['vroom_s']:.0f} s")
        if one["less_than_neighbor"] < LESS:
            missed.append(f"{name}: {one['less_than_neighbor']:.1%} less")
    return f"Missed: {'; '.join(missed)}." if missed else "Both are met everywhere."


def result(found: Sequence[dict[str, Any]], given: argparse.Namespace, command: str) -> Result:
    """The table of what was measured."""
    note = _NOTE.format(
        points=given.points, teams=given.teams, most=-(-given.points // given.teams),
        seconds=SECONDS, less=LESS, verdict=verdict(found),
    )  # fmt: skip
    return Result(
        name="field_routes",
        title="Ways of field teams",
        command=command,
        note=note,
        tables=(
            Table(
                "Travel",
                ("points", "start", "seed", "neighbor, 2-opt, h", "s", "fallback, h", "s ",
                 "pyvroom, h", "s  ", "less than neighbor, %", "less than fallback, %"),
                tuple(
                    (one["case"].points, one["case"].starts, one["case"].seed,
                     one["neighbor_h"], one["neighbor_s"], one["fallback_h"], one["fallback_s"],
                     one["vroom_h"], one["vroom_s"], 100 * one["less_than_neighbor"],
                     100 * one["less_than_fallback"])
                    for one in found
                ),
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
    parser.add_argument("--points", type=int, default=400)
    parser.add_argument("--teams", type=int, default=40)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    found = []
    for case in CASES:
        found.append(measure(case, given))
        print(f"{case}: {found[-1]['less_than_neighbor']:.1%} less, {found[-1]['vroom_s']:.1f} s",
              file=sys.stderr)  # fmt: skip
    finish(result(found, given, command_of(parser, given, "field_routes")), save=given.save)


if __name__ == "__main__":
    main()
