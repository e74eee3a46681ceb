"""Outcomes of visits into the database: posts a second, and a large file at once.

    python -m benchmarks.outcome_posts [--part take|import] [--seconds 30] [--save]

`take` asks the database alone, 8 threads as the service has; `import` reads a CSV of ODK Central
and keeps all of it. Both on SQLite with synchronous = FULL: what is counted is on the disk.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.results import Result, Table, command_of, finish, machine, today, versions
from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcome_codes import codes, housing, signs
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.returns import read_returns
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Plan, Target, Visit
from geo_target.operations.audit import Actor
from geo_target.operations.audit_chain import verify
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans

THREADS = 8
A_SECOND = 50
IMPORTED = 50_000
GOAL_P95_MS, GOAL_IMPORT_S = 300, 20
_NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_KEY = b"k" * 32
_PLANS = Actor(name="koordinator", role="coordinator")
_COLUMNS = (
    "what", "outcomes", "kept", "seconds", "p50 ms", "p95 ms", "longest ms", "s of the processor",
)  # fmt: skip
_NOTE = f"""\
Posts: {A_SECOND} single outcomes a second from {THREADS} threads, each a transaction with its
entry in the audit log; an outcome's time counts from the moment it was due, so that waiting for a
thread counts too. The goals: every one kept, p95 under {GOAL_P95_MS} ms. Import: {IMPORTED:,}
outcomes of a file, read and kept within {GOAL_IMPORT_S} s, a transaction a thousand; then the same
file again, which adds nothing. A half of the answers has signs and house. Other work on the machine
shows in the seconds, less in those of the processor."""


@dataclass(frozen=True)
class Measured:
    """One row: how many were sent and kept, in what time."""

    what: str
    sent: int
    kept: int
    seconds: float
    processor: float
    waits: Sequence[float] = ()
    """Seconds of each post."""

    def cells(self) -> tuple[str | int | float | None, ...]:
        """The row of the table."""
        waits = sorted(self.waits)
        shares = [waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.95)] if waits else []
        told = [*shares, waits[-1] * 1000] if waits else [None] * 3
        return (self.what, self.sent, self.kept, self.seconds, *told, self.processor)


@contextmanager
def planned(count: int) -> Iterator[tuple[Database, list[str]]]:
    """A new database with a plan, and the codes of its visits."""
    with tempfile.TemporaryDirectory() as folder:
        url = default_url(Path(folder))
        migrate(url)
        database = open_database(url)
        made = new_codes(count, taken=(), rng=random.Random(1))
        visits = [Visit(code, Target(f"F{n}", "36.73.01.1001"), f"petugas{n % 87}")
                  for n, code in enumerate(made)]  # fmt: skip
        plan = Plan("000001-20261101T020000Z", date(2026, 11, 23), visits)
        VisitPlans(database).add(plan, title="Benchmark", by=_PLANS)
        yield database, list(made)
        database.close()


def answers(visits: Sequence[str]) -> list[Outcome]:
    """A made-up answer to each visit, the same each time."""
    chance = random.Random(7)
    found = [code for code, one in codes().items() if not one.is_proposal]
    return [_answer(number, code, chance, found) for number, code in enumerate(visits)]


def _answer(number: int, code: str, chance: random.Random, found: Sequence[str]) -> Outcome:
    is_met = chance.random() < 0.5
    return Outcome(
        f"{number:08x}-aaaa-4bbb-8ccc-{chance.randrange(10**6):06d}abcdef", code,
        "found_eligible" if is_met else chance.choice(found), "odk",
        visited_on=_NOW.date(), officer=f"petugas{number % 87}", device_at=_NOW, submitted_at=_NOW,
        lon=106.15, lat=-6.12, accuracy_m=5.0,
        programs=tuple(chance.sample(["PKH", "SEMBAKO", "PBI_JK"], chance.randrange(3))),
        signs={name: chance.random() < 0.5 for name in signs()} if is_met else {},
        housing={name: chance.choice(list(asked.words)) for name, asked in housing().items()}
        if is_met else {},
        corrected={"rt": f"{chance.randrange(1, 20):03}"} if number % 3 == 0 else {},
        respondent="istri", note="pagar hijau" if number % 4 == 0 else None,
    )  # fmt: skip


def take(given: argparse.Namespace) -> list[Measured]:
    """Single outcomes at a steady pace, each by the officer of the visit."""
    with planned(A_SECOND * given.seconds) as (database, visits):
        outcomes, sent = VisitOutcomes(database, key=_KEY), answers(visits)
        begun, worked = time.perf_counter() + 0.5, time.process_time()

        def post(number: int) -> tuple[int, float]:
            due = begun + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            by = Actor(name=f"petugas{number % 87}", role="field-officer")
            kept = outcomes.take([sent[number]], by=by).new
            return kept, time.perf_counter() - due

        with ThreadPoolExecutor(THREADS) as pool:
            told = list(pool.map(post, range(len(sent))))
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        there = len(outcomes.standing())
        if there != sum(kept for kept, _ in told) or verify(database).broken is not None:
            raise AssertionError("what was acknowledged is not what is there")
        waits = [wait for _, wait in told]
        return [Measured("posts, database alone", len(sent), there, seconds, worked, waits)]


def import_file(given: argparse.Namespace) -> list[Measured]:
    """A file of ODK Central, read and kept; then the same file again."""
    with planned(given.outcomes) as (database, visits):
        content, outcomes = write_odk_csv(answers(visits)), VisitOutcomes(database, key=_KEY)
        rows = []
        for what in ("file of ODK, read and kept", "the same file again"):
            begun, worked = time.perf_counter(), time.process_time()
            read = read_returns(content, name="odk.csv", received_at=_NOW)
            taken = outcomes.take(read.outcomes, by=_PLANS)
            seconds, worked = time.perf_counter() - begun, time.process_time() - worked
            if read.faults or taken.new + taken.repeated != len(visits):
                raise AssertionError("what was written is not what was kept")
            rows.append(Measured(what, taken.given, taken.new, seconds, worked))
        return rows


#: What is measured, by name.
PARTS: dict[str, Callable[[argparse.Namespace], list[Measured]]] = {
    "take": take,
    "import": import_file,
}


def goals(rows: Sequence[Measured]) -> Table:
    """Each goal that was measured: what was found, the goal, met or missed."""
    told: list[tuple[str, float, float, str]] = []
    for row in rows:
        if row.waits:
            p95 = float(row.cells()[5] or 0)
            told.append((f"{row.what}: p95 ms", p95, GOAL_P95_MS, _word(p95 < GOAL_P95_MS)))
            told.append((f"{row.what}: kept", row.kept, row.sent, _word(row.kept == row.sent)))
        elif row.kept:
            is_met = row.seconds < GOAL_IMPORT_S
            told.append((f"{row.what}: s", row.seconds, GOAL_IMPORT_S, _word(is_met)))
    return Table("Goals", ("goal", "found", "wanted", ""), tuple(told))


def _word(is_met: bool) -> str:  # noqa: FBT001
    return "met" if is_met else "**missed**"


def main() -> None:
    """Measure and print; with ``--save`` keep it for docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--outcomes", type=int, default=IMPORTED)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    parts = PARTS.values() if given.part == "all" else [PARTS[given.part]]
    rows = [row for part in parts for row in part(given)]
    table = Table("Outcomes", _COLUMNS, tuple(row.cells() for row in rows))
    command = command_of(parser, given, "outcome_posts")
    finish(
        Result(
            "outcome_posts", "Outcomes of visits into the database", command, _NOTE,
            (table, goals(rows)), None,
            versions("sqlalchemy"), machine(), today(),
        ),
        save=given.save,
    )  # fmt: skip


if __name__ == "__main__":
    main()
