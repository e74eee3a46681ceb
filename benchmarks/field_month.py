"""The month of visits by its commands: from nobody verified to what the visits found.

python -m benchmarks.field_month [--area 36.73] [--families N] [--save]
"""

import argparse
import csv
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from benchmarks.paper_clerk import type_in
from benchmarks.results import Plot, Result, Table, command_of, finish, machine, today, versions
from geo_target.cli import main as geo_target
from geo_target.demo.month import read_findings
from geo_target.fieldwork.returns import read_returns
from geo_target.operations.database import default_url

WHO, PASSWORD = "ratna", "kerbau ungu menyeberang"
#: What whoever makes the account hands over: it opens nothing but the choice of the other.
_GIVEN = "payung kuning melompat"
_CONFIG, _PLAN = "geo-target.toml", "rencana.csv"
_MET_NOBODY = ("empty_house", "not_found", "refused")
_NOTE = """\
The job: the August 2023 list of Kota Serang with nothing verified is run, each family is planned
to be visited, the packs and forms of all officers are written, and the visits are answered by the
truth in five shapes: ODK, two of Kobo, sheets, and in each round one kelurahan that is typed into
the keyboard page. They are taken in, taken in once more, planned again where nobody was met,
conflicts are decided, and a second run reads what was found. Each step is its command, in one
process: libraries are loaded by the first that needs them. Seconds of the processor show less of
what else the machine does."""


@dataclass
class Month:
    """What the commands did: reports of the two runs, what steps printed, and their seconds.

    `seconds` and `processor` are by step, in the order in which they were done.
    """

    folder: Path
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """The configuration, which the second run reads with the sources that were added."""
        return self.folder / _CONFIG

    def by_command(self, step: str, *words: str | Path, signed: bool = False) -> str:
        """Give a command; what it printed on standard output.

        Raises
        ------
        RuntimeError
            If it does not end with 0.
        """
        who = ["--by", WHO, "--password", PASSWORD] if signed else []
        with self._watched(step):
            given = [str(word) for word in words]
            done = CliRunner().invoke(geo_target, [*given, *who], catch_exceptions=False)
        if done.exit_code:
            raise RuntimeError(f"{' '.join(given[:3])}: {done.output}")
        self.printed[step] = done.stdout
        return done.stdout

    def typed_in(self, step: str, sheet: Path) -> None:
        """Type a kelurahan's returns into the keyboard page, in place of taking its sheet in."""
        found = read_returns(sheet, name=sheet.name, received_at=datetime.now(UTC))
        sheet.unlink()
        with self._watched(step):
            count = type_in(self.config, WHO, found.outcomes)
        self.printed[step] = f"{int(self.printed.get(step, '0')) + count}"

    @contextmanager
    def _watched(self, step: str) -> Iterator[None]:
        begun, worked = time.perf_counter(), time.process_time()
        yield
        for of, since, now in (
            (self.seconds, begun, time.perf_counter()),
            (self.processor, worked, time.process_time()),
        ):
            of[step] = of.get(step, 0.0) + now - since


def lived(folder: Path, *world: str, tell: Callable[[str], object] = print) -> Month:
    """Live through the month in a new folder; `world` are more options of ``geo-target demo``.

    Days are planned from tomorrow on: nobody goes today who is planned today.
    """
    month = Month(folder)
    config, starts = month.config, date.today() + timedelta(days=1)
    month.by_command("world", "demo", folder, "--before-visits", *world)
    month.before = json.loads(month.by_command("first run", "run", config, "--json"))
    url = default_url(folder)
    month.by_command("accounts", "migrate", "--database", url)
    month.by_command("accounts", "users", "add", WHO, "--display-name", "Ratna", "--role",
                     "coordinator", "--password", _GIVEN, "--database", url)  # fmt: skip
    month.by_command("own password", "users", "choose", WHO, "--present", _GIVEN,
                     "--password", PASSWORD, "--database", url)  # fmt: skip
    officers = folder / "petugas.csv"
    month.by_command("officers", "plan", "officers", config, officers, signed=True)
    month.by_command("plan", "plan", "make", config, "--title", "Verifikasi", "--start",
                     starts.isoformat(), signed=True)  # fmt: skip
    _visited(month, "carry", "import")
    month.by_command("import again", *_imports(month), signed=True)
    month.by_command("returns", "plan", "returns", config, "1", signed=True)
    _visited(month, "carry returns", "import returns")
    _decided(month)
    printed = month.by_command("export", "decisions", "export", config, folder / "keputusan.csv")
    config.write_text(f"{config.read_text('utf-8')}\n{with_basis(printed)}", "utf-8")
    month.after = json.loads(month.by_command("second run", "run", config, "--json"))
    tell(f"{folder}: {month.after['snapshot']}")
    return month


def with_basis(printed: str) -> str:
    """The lines that name the lists, with the letter under which visits were made filled in."""
    lines = printed.replace('= ""', '= "DEMO/008/2023"')
    return re.sub(r"^valid_until = .*$", "valid_until = 2043-12-31", lines, flags=re.MULTILINE)


def _visited(month: Month, carried: str, taken: str) -> None:
    """What is open is carried, answered by the truth and taken in."""
    folder = month.folder / carried.replace(" ", "-")
    month.by_command(carried, "plan", "carry", month.config, "1", folder, signed=True)
    month.by_command("answers", "demo", month.folder, "--answer-visits", folder / _PLAN)
    sheet = sorted((month.folder / "returns").glob("lembar-*.xlsx"))[-1]
    month.typed_in("typing", sheet)
    month.by_command(taken, *_imports(month), signed=True)


def _imports(month: Month) -> list[str | Path]:
    files = (file for file in sorted((month.folder / "returns").iterdir())
             if file.stem not in {"kunjungan", "usulan"})  # fmt: skip
    return ["outcomes", "import", month.config, *files]


def _decided(month: Month) -> None:
    """Of answers that differ the true one stands."""
    truth = read_findings(month.folder).families.set_index("family_id")["outcome"]
    visited = {row["visit_code"]: row["family_id"] for row in plan_rows(month)}
    told = month.by_command("conflicts", "outcomes", "conflicts", month.config, "1", "--json")
    for answer in json.loads(told)["answers"]:
        code = answer["visit_code"]
        if answer["outcome"] == truth[visited[code]]:
            number = str(answer["number"])
            month.by_command("decide", "outcomes", "decide", month.config, code, number,
                             signed=True)  # fmt: skip


def plan_rows(month: Month) -> list[dict[str, str]]:
    """Visits of both rounds: the plan as it was carried."""
    rows = []
    for name in ("carry", "carry-returns"):
        text = (month.folder / name / _PLAN).read_text("utf-8")
        rows += list(csv.DictReader(text.splitlines()))
    return rows


def expected(folder: Path) -> dict[str, int]:
    """What a run must find after the month: families by state, and by why they no longer count."""
    fates = read_findings(folder).families["fate"].value_counts()
    counted = {str(fate): int(count) for fate, count in fates.items()}
    states = {name: counted.pop(name, 0) for name in ("covered", "uncovered")}
    states["unmatched"] = sum(counted.pop(name, 0) for name in _MET_NOBODY)
    return {**states, **counted}


def main() -> None:
    """Measure and print; with ``--save`` keep it for docs/benchmarks.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", default="36.73")
    parser.add_argument("--families", type=int)
    parser.add_argument("--save", action="store_true")
    arguments = parser.parse_args()
    world = ["--area", arguments.area]
    world += ["--families", str(arguments.families)] if arguments.families else []
    with tempfile.TemporaryDirectory() as folder:
        month = lived(Path(folder) / "bulan", *world)
        found = result(month, command=command_of(parser, arguments, "field_month"))
    finish(found, save=arguments.save)


def result(month: Month, *, command: str) -> Result:
    """Seconds of the steps, and the figures of both runs beside the truth."""
    rows = tuple((step, took, month.processor[step]) for step, took in month.seconds.items())
    return Result(
        name="field_month",
        title="The month of visits by its commands",
        command=command,
        note=_NOTE,
        tables=(
            Table("Steps", ("step", "s", "s of the processor"), rows),
            Table("Families", ("", "first run", "second run", "truth"), _families(month)),
            Table("From the first run to the second", ("step", "families"), _steps(month)),
        ),
        plot=Plot("The month of visits", "", "s", "bars",
                  {"s": [(step, took) for step, took, _ in rows]}),
        versions=versions("typst", "sqlalchemy", "duckdb"),
        machine=machine(),
        day=today(),
    )  # fmt: skip


def _families(month: Month) -> tuple[tuple[str, int, int, int], ...]:
    truth = expected(month.folder)
    states = ("covered", "uncovered", "unmatched")
    true = {"extreme_poor": sum(truth[state] for state in states), **truth}
    before, after = month.before["families"], month.after["families"]
    return tuple((name.replace("_", " "), before[name], after[name], true[name])
                 for name in ("extreme_poor", *states))  # fmt: skip


def _steps(month: Month) -> tuple[tuple[str, int], ...]:
    told = month.after["waterfall"]
    told_steps = [(re.sub("_", " ", cause), -count) for cause, count in told["losses"].items()]
    told_steps += [(re.sub("_", " ", cause), count) for cause, count in told["gains"].items()]
    return (
        ("possibly untouched before", told["before"]),
        *((cause, count) for cause, count in told_steps if count),
        ("uncovered after", told["after"]),
    )


if __name__ == "__main__":
    main()
