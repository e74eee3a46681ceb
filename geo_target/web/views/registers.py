"""Why the figures change, which registers list a family, and how well the lists match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template

from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.chart_words import counted, says
from geo_target.web.charts import Combination, overlaps
from geo_target.web.figures import SMALLEST_BASE, Record
from geo_target.web.language import whole
from geo_target.web.pages import page
from geo_target.web.store import Served
from geo_target.web.visitors import user
from geo_target.web.wording import register_word, run_words

bp = Blueprint("registers", __name__)

#: Combinations that the chart shows; its table has all.
MOST_COLUMNS = 8


@dataclass(frozen=True)
class CombinationRow:
    """Families that these registers list and no other; None is withheld."""

    registers: tuple[str, ...]
    families: int | None


@dataclass(frozen=True)
class MatchRow:
    """A recipient list: its rows, by the key that found a family; None is withheld."""

    source: Record
    agency: str | None
    enrollments: int | None
    ways: Mapping[str, int | None]
    linked: int | None
    unlinked: int | None


@bp.get("/register")
@shows(Access.AGGREGATES)
def show() -> Response:
    """What audience `meeting` gets of registers, lists and changes."""
    exact = visible(user(), Verb.EXACT_COUNTS)
    may_count = exact.everywhere or bool(exact.districts)
    return page(
        "registers", lambda served: _make(served, may_count=may_count), "exact" if may_count else ""
    )


def words_of(served: Served) -> dict[str, Any]:
    """What every page about registers needs."""
    return {
        **run_words(served),
        "register_word": register_word,
        "smallest_base": SMALLEST_BASE,
    }


def source_of(summary: Record, number: int) -> Record:
    """A list by its place in the configuration: the sources are in that order."""
    sources: Sequence[Record] = summary["sources"]
    return sources[number - 1]


def _make(served: Served, *, may_count: bool) -> str:
    summary, told = served.snapshot.summary, served.snapshot.registers
    found = told["overlaps"] if told else {"registers": [], "families": None, "combinations": []}
    rows = [
        CombinationRow(tuple(row["registers"]), row["families"]) for row in found["combinations"]
    ]
    columns = [_column(row) for row in rows if row.families != 0]
    return render_template(
        "registers/show.html",
        **words_of(served),
        told=told,
        registers=found["registers"],
        families=found["families"],
        rows=rows,
        chart=overlaps(
            [register_word(name) for name in found["registers"]], columns[:MOST_COLUMNS], whole
        ),
        chart_says=says(column.item for column in columns),
        left_out=len(columns[MOST_COLUMNS:]),
        matches=[
            MatchRow(
                source=source_of(summary, match["list"]),
                **{name: value for name, value in match.items() if name != "list"},
            )
            for match in (told["matches"] if told else ())
        ],
        may_count=may_count,
    )


def _column(row: CombinationRow) -> Combination:
    names = [register_word(name) for name in row.registers]
    return Combination(names, counted(" + ".join(names), row.families))
