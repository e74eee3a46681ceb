"""The programs of a run: their rules, whom they reach, what the rest would cost, how they meet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.chart_words import MOST_DISTRICTS, by_district, counted, says
from geo_target.web.charts import Item, bars
from geo_target.web.coverage_words import (
    number_words,
    strategies_words,
    strategy_words,
    words_of_coverage,
)
from geo_target.web.figures import Figure, Record, share_of
from geo_target.web.pages import page
from geo_target.web.reach import told_of
from geo_target.web.rule_words import rule_words
from geo_target.web.store import Served
from geo_target.web.views.reasons import district_rows, sees_exact_counts
from geo_target.web.views.registers import words_of

bp = Blueprint("programs", __name__)


class CostState(StrEnum):
    """What a cost is; a program whose amounts are not known may be paid yearly or once."""

    KNOWN = "known"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"
    NO_PROGRAM = "none"


@dataclass(frozen=True)
class Cost:
    """Rupiah, where they are known of each program."""

    state: CostState
    rupiah: int | None = None


@dataclass(frozen=True)
class CostRow:
    """Programs of one kind together.

    Attributes
    ----------
    kind
        A fund or a strategy.
    programs, carried
        How many there are, and how many of them a list of the run carries.
    yearly, once
        What the eligible on no list would cost at least: in a year, and one time. They are
        two things, and have no sum.
    """

    kind: str | int
    programs: int
    carried: int
    yearly: Cost
    once: Cost


@bp.get("/program")
@shows(Access.AGGREGATES)
def show() -> Response:
    """What audience `meeting` gets of programs, strategies and visited families."""
    may_count = sees_exact_counts()
    return page("programs", lambda served: _make(served, may_count=may_count),
                "exact" if may_count else "")  # fmt: skip


def _make(served: Served, *, may_count: bool) -> str:
    told = served.snapshot.coverage
    catalogue: Sequence[Record] = told["programs"] if told else ()
    strategies = sorted({program["strategy"] for program in catalogue})
    districts = (
        district_rows(served.snapshot, told["convergence"], "extreme_poor_families") if told else []
    )
    by_strategies, by_number = _items(told["convergence"]) if told else ([], [])
    return render_template(
        "programs/show.html",
        **words_of(served),
        **words_of_coverage(),
        told=told,
        catalogue=catalogue,
        by_strategy={
            number: [one for one in catalogue if one["strategy"] == number] for number in strategies
        },
        rule_words=rule_words,
        fund_of=fund_of,
        cost_of=cost_of,
        inclusion_of=inclusion_of,
        costs_by_fund=cost_rows(catalogue, fund_of),
        costs_by_strategy=cost_rows(
            sorted(catalogue, key=lambda program: program["strategy"]),
            lambda program: program["strategy"],
        ),
        districts=districts,
        charts=[(bars(items), says(items)) for items in (by_strategies, by_number)],
        number_words=number_words(),
        most_districts=MOST_DISTRICTS,
        district_charts=by_district(
            [item.label for item in by_strategies], [(row.name, row.parts) for row in districts]
        ),
        unlisted=[
            number for number in strategies
            if not any(one["is_carried"] for one in catalogue if one["strategy"] == number)
        ],
        several=_several(told["convergence"]) if told else None,
        may_count=may_count,
    )  # fmt: skip


def fund_of(program: Record) -> str:
    """Who pays it: one source, or ``shared``, so that no program counts under two."""
    sources = program["funding"]
    if not sources:
        return "unknown"
    return str(sources[0]) if len(sources) == 1 else "shared"


def cost_rows(catalogue: Sequence[Record], kind_of: Callable[[Record], str | int]) -> list[CostRow]:
    """Cost by kind, each program in one of them, in the order in which the kinds come."""
    groups: dict[str | int, list[Record]] = {}
    for program in catalogue:
        groups.setdefault(kind_of(program), []).append(program)
    return [_cost(kind, group) for kind, group in groups.items()]


def _cost(kind: str | int, group: Sequence[Record]) -> CostRow:
    carried = [program for program in group if program["is_carried"]]
    return CostRow(
        kind=kind,
        programs=len(group),
        carried=len(carried),
        yearly=_together(program for program in carried if program["is_once"] is not True),
        once=_together(program for program in carried if program["is_once"] is not False),
    )


def cost_of(program: Record) -> Cost:
    """What a program would cost for the eligible who are not on its list."""
    if program["cost_rupiah"] is not None:
        return Cost(CostState.KNOWN, program["cost_rupiah"])
    is_counted = program["is_current"] and program["is_judged"]
    if is_counted and program["unit_rupiah"] is not None and program["uncovered_families"] is None:
        return Cost(CostState.WITHHELD)
    return Cost(CostState.UNKNOWN)


def _together(programs: Iterable[Record]) -> Cost:
    costs = [cost_of(program) for program in programs]
    states = [cost.state for cost in costs]
    for state in (CostState.WITHHELD, CostState.UNKNOWN):
        if state in states:
            return Cost(state)
    known = sum(cost.rupiah or 0 for cost in costs)
    return Cost(CostState.KNOWN, known) if costs else Cost(CostState.NO_PROGRAM)


def inclusion_of(program: Record) -> Figure:
    """Enrolled though not eligible, of all families that the program's lists carry."""
    return share_of(*map(told_of, (program["all_excluded_families"],
                                   program["all_enrolled_families"])))  # fmt: skip


def _several(convergence: Mapping[str, Any]) -> int | None:
    """Families whom two programs or more reach."""
    parts = [convergence["programs"].get(number, 0) for number in ("2", "3")]
    return None if None in parts else sum(parts)


def _items(convergence: Mapping[str, Any]) -> tuple[list[Item], list[Item]]:
    """Families by the strategies that reach them, and by the number of programs."""
    numbers = convergence["programs"]
    return (
        [counted(_called(row["strategies"]), row["families"])
         for row in convergence["strategies"]],
        [counted(words, numbers[number])
         for number, words in number_words().items() if number in numbers],
    )  # fmt: skip


def _called(strategies: str) -> str:
    """One strategy by its name, several by their numbers."""
    if not strategies.isdigit():
        return strategies_words(strategies)
    return f"{strategies}: {strategy_words()[int(strategies)].lower()}"
