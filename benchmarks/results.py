"""What a benchmark found: printed as Markdown, kept as JSON for docs/benchmarks.md.

`python -m benchmarks.NAME --save` keeps a `Result`; `python -m benchmarks.report` writes all that
are kept into the documentation.
"""

import argparse
import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).parent / "results"

Cell = str | int | float | None
Point = tuple[str | float, float]


@dataclass(frozen=True)
class Table:
    """Rows under named columns, each with its unit; None is what was not measured."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a row that does not fit the columns."""
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: {len(row)} cells for {len(self.columns)}")


@dataclass(frozen=True)
class Plot:
    """Bars (x are words) or lines (x are numbers) of named series.

    `log` is of the values of bars, of both axes of lines.
    """

    title: str
    x_label: str
    y_label: str
    kind: Literal["bars", "lines"]
    series: dict[str, list[Point]]
    log: bool = False


@dataclass(frozen=True)
class Result:
    """One benchmark, measured on one day; `note` says what the job is and what was compared."""

    name: str
    title: str
    command: str
    note: str
    tables: tuple[Table, ...]
    plot: Plot | None
    versions: dict[str, str]
    machine: str
    day: str


def command_of(parser: argparse.ArgumentParser, given: argparse.Namespace, name: str) -> str:
    """The command that measured: each option that was given another value than the usual one."""
    words = [f"python -m benchmarks.{name}"]
    for option, value in vars(given).items():
        if option in {"save", "folder"} or value == parser.get_default(option):
            continue
        told = value.name if isinstance(value, Path) else value
        several = told if isinstance(told, (list, tuple)) else [told]
        said = [] if told is True else [str(each) for each in several]
        words += [f"--{option.replace('_', '-')}", *said]
    return " ".join(words)


def finish(result: Result, *, save: bool) -> None:
    """Print a result as Markdown; with `save` keep it for the documentation."""
    print(markdown(result))
    if save:
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps(asdict(result), indent=1, ensure_ascii=False)
        (FOLDER / f"{result.name}.json").write_text(f"{text}\n", "utf-8")


def read_result(file: Path) -> Result:
    """The result that `finish` kept in a file."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    plot = found.pop("plot")
    tables = [
        Table(t["caption"], tuple(t["columns"]), tuple(tuple(row) for row in t["rows"]))
        for t in found.pop("tables")
    ]
    if plot:
        series = {name: [(x, y) for x, y in points] for name, points in plot["series"].items()}
        plot = Plot(**{**plot, "series": series})
    return Result(**found, tables=tuple(tables), plot=plot)


def markdown(result: Result) -> str:
    """The section of docs/benchmarks.md below its heading."""
    used = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    parts = [f"    {result.command}", result.note, f"{result.machine}; {used}; {result.day}."]
    parts += [_table(table) for table in result.tables]
    if result.plot:
        parts.append(f"![{result.plot.title}](plots/{result.name}.svg)")
    return "\n\n".join([f"## {result.title}", *parts])


def _table(table: Table) -> str:
    rows = [[cell_text(cell) for cell in row] for row in (table.columns, *table.rows)]
    numbers = [
        all(not isinstance(row[place], str) for row in table.rows)
        for place in range(len(table.columns))
    ]
    rule = ["--:" if number else "---" for number in numbers]
    lines = ["| " + " | ".join(cells) + " |" for cells in (rows[0], rule, *rows[1:])]
    return "\n".join([f"{table.caption}:", "", *lines])


def cell_text(cell: Cell) -> str:
    """A cell as people read it: thousands apart, three figures of a fraction."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("|", "\\|")
    if isinstance(cell, int) or abs(cell) >= 100:
        return f"{cell:,.0f}"
    rounded = f"{cell:.3g}"
    return f"{cell:.6f}".rstrip("0").rstrip(".") if "e" in rounded else rounded


def machine() -> str:
    """What a result was measured on."""
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
        memory = f", {size:.0f} GB"
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{memory}, "
        f"Python {platform.python_version()}"
    )


def versions(*distributions: str) -> dict[str, str]:
    """Versions of installed distributions, by their name."""
    return {name: version(name) for name in distributions}


def today() -> str:
    """The day of a measurement, as the documentation writes it."""
    now = datetime.now(UTC)
    return f"{now.day} {now:%B %Y}"
