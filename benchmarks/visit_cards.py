"""What officers carry: seconds to make it, each in a process of its own, libraries loaded anew.

python -m benchmarks.visit_cards [--visits 200] [--runs 5] [--save]
"""

import argparse
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime

from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from geo_target.fieldwork.carried_visits import CarriedVisit, VillageNames, carried
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.map_files import visits_geopackage
from geo_target.fieldwork.packs import officer_pack, visit_cards
from geo_target.fieldwork.sketches import VillageOutline
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visit_sheets import visit_sheet
from geo_target.fieldwork.visits import Officer, Target, Visit
from geo_target.fieldwork.xlsforms import odk_package

GOAL_S, GOAL_OF = 2.0, "cards, one page a visit"
VILLAGE = "36.73.01.1001"
_A_DAY = 12
_MADE = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
_NOTE = """\
The job: families of one village, three of ten with a point, 12 visits a day; names and addresses
are made up. Each kind of paper or file is made of the same visits in a new process: with loading
typst and the rest, without starting Python; median, fastest and slowest of the runs, and the
median of the processor's own time, in which other work on the machine shows less. The pack is the
letter, a list with a sketch for each day, a page for each visit and one for a family that is not
listed."""
_COLUMNS = ("what", "s, median", "fastest", "slowest", "s of the processor", "KB")


class _Family:
    """A made-up family of a number."""

    def __init__(self, number: int) -> None:
        self.name = f"KEPALA KELUARGA {number}"
        self.address = f"KP. KEBON ASEM NO. {number}"
        self.national_id_masked = f"{'•' * 12}{number:04d}"
        self.family_card_number_masked = f"{'•' * 12}{number + 7:04d}"


def made_visits(count: int) -> list[CarriedVisit]:
    """So many visits of one officer, the same each time."""
    chance = random.Random(1)
    codes = new_codes(count, taken=(), rng=chance)
    return [_visit(number, code, chance) for number, code in enumerate(codes)]


def _visit(number: int, code: str, chance: random.Random) -> CarriedVisit:
    has_point = number % 10 < 3
    target = Target(
        f"F{number}", VILLAGE, rw=f"{number // 30 + 1:03d}", rt=f"{number // 8 % 5 + 1:03d}",
        reason=chance.choice(["no_national_id", "eligible_not_enrolled", "never_verified"]),
        lon=106.15 + chance.uniform(0, 0.01) if has_point else None,
        lat=-6.12 + chance.uniform(0, 0.01) if has_point else None,
    )  # fmt: skip
    day = date.fromordinal(date(2026, 11, 23).toordinal() + number // _A_DAY)
    visit = Visit(code, target, "petugas", day, number % _A_DAY + 1)
    return carried(visit, _Family(number), VillageNames("Kaligandu", "Serang"), members=4)


def _outline() -> VillageOutline:
    ring = [(106.15, -6.12), (106.16, -6.12), (106.16, -6.11), (106.15, -6.11)]
    return VillageOutline(VILLAGE, "Kaligandu", [ring], (106.155, -6.115))


OFFICER = Officer("petugas", "Petugas Satu")
ERRAND = Errand(OFFICER, _MADE, "koordinator", "Dinas Sosial", "Serang")
#: What is made, by what it is called in the table.
PAPERS: dict[str, Callable[[list[CarriedVisit]], bytes]] = {
    GOAL_OF: lambda visits: visit_cards(visits, ERRAND),
    "pack of all days": lambda visits: officer_pack(visits, ERRAND, outlines=[_outline()]),
    "pack of one day": lambda visits: officer_pack(
        visits, ERRAND, day=visits[0].visit.day, outlines=[_outline()]
    ),
    "XLSX of the kelurahan": lambda visits: visit_sheet(visits, VILLAGE, made=_MADE),
    "GeoPackage": lambda visits: visits_geopackage(visits, made=_MADE),
    "ODK package": lambda visits: odk_package(visits, [OFFICER], made=_MADE),
}


@dataclass(frozen=True)
class Spent:
    """What one paper took: seconds, those of the processor among them, and its bytes."""

    seconds: float
    processor: float
    size: int


def spent(paper: str, visits: int) -> Spent:
    """What a paper takes in this process."""
    given = made_visits(visits)
    begun, worked = time.perf_counter(), time.process_time()
    content = PAPERS[paper](given)
    return Spent(time.perf_counter() - begun, time.process_time() - worked, len(content))


def main() -> None:
    """Measure and print; with ``--save`` keep it for docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    measured = {
        paper: [_alone(paper, arguments.visits) for _ in range(arguments.runs)] for paper in PAPERS
    }
    command = command_of(parser, arguments, "visit_cards")
    finish(result(measured, arguments.visits, command=command), save=arguments.save)


def _alone(paper: str, visits: int) -> Spent:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(spent, paper, visits).result()


def result(measured: dict[str, list[Spent]], visits: int, *, command: str) -> Result:
    """What was measured, by paper."""
    rows = []
    for paper, runs in measured.items():
        seconds = [run.seconds for run in runs]
        worked = statistics.median(run.processor for run in runs)
        size = max(run.size for run in runs) / 1024
        rows.append((paper, statistics.median(seconds), min(seconds), max(seconds), worked, size))
    worst = max(run.seconds for run in measured[GOAL_OF])
    goal = (GOAL_OF, worst, GOAL_S, "met" if worst <= GOAL_S else "**missed**")
    return Result(
        name="visit_cards",
        title="What officers carry",
        command=command,
        note=_NOTE,
        tables=(
            Table(f"{visits} visits", _COLUMNS, tuple(rows)),
            Table("Goal", ("what", "s, slowest", "at most", ""), (goal,)),
        ),
        plot=Plot(f"{visits} visits", "", "s", "bars",
                  {"median": [(paper, median) for paper, median, *_ in rows]}),
        versions=versions("typst", "segno", "xlsxwriter"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
