"""Who is reached by what: villages by program, under a definition that the reader chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import lens_words
from geo_target.web.figures import SMALLEST_BASE, Figure, Record, count_of
from geo_target.web.indicators import Indicator, Legend, Measure, legend_from
from geo_target.web.pages import page
from geo_target.web.reach import (
    LISTED,
    Cell,
    View,
    area_of,
    cell_of,
    lens_column,
    records_of,
    told_of,
    unmatched_of,
    view_of,
)
from geo_target.web.store import Served
from geo_target.web.subjects import Group, Subject
from geo_target.web.wording import register_word, run_words

bp = Blueprint("coverage", __name__)

_WORDS = ("definisi", "ukuran", "program")


@dataclass(frozen=True)
class VillageRow:
    """A row of the matrix; `shown` is what the map is colored by, `token` its class there."""

    record: Record
    listed: Figure
    unmatched: Figure
    cells: Sequence[Cell]
    shown: Cell
    token: str
    is_stale: bool


@bp.get("/cakupan")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Matrix and map; ``definisi``, ``ukuran`` and ``program`` choose what they show."""
    asked = {word: request.args[word] for word in _WORDS if word in request.args}
    return page("coverage", lambda served: _make(served, asked), asked=asked)


def _make(served: Served, asked: Mapping[str, str]) -> str:
    snapshot, told = served.snapshot, served.snapshot.coverage
    words = {
        **run_words(served),
    }
    if told is None:
        return render_template("coverage/none.html", **words)
    view = view_of(told, asked) or abort(404)
    records = records_of(snapshot.villages, told)
    area = area_of(snapshot.summary["totals"], told, view.definition)
    legend = _legend(records, view)
    return render_template(
        "coverage/show.html",
        **words,
        told=told,
        view=view,
        legend=legend,
        districts=_districts(records, view, legend),
        listed=told_of(area[LISTED]),
        unmatched=told_of(view.definition["unmatched_families"]),
        totals=[cell_of(area, column) for column in view.columns],
        lenses=[
            (one["lens"], count_of(area, f"all {one['lens']}"),
             cell_of(area, lens_column(one["lens"])), told_of(one["unknown_families"]))
            for one in told["lenses"]
        ],
        stale_villages=sum(bool(record.get("is_stale")) for record in records.values()),
        short_names={one["code"]: one["short_name"] for one in told["programs"]},
        lens_words=lens_words(),
        register_word=register_word,
        called=definition_name,
        told_of=told_of,
        smallest_base=SMALLEST_BASE,
    )  # fmt: skip


def _legend(records: Mapping[str, Record], view: View) -> Legend:
    """Of the shares of the column that the map shows."""
    shown = view.shown
    subject = Subject(
        shown.name, Group.PROGRAMS, shown.title, (shown.name,), tuple(shown.base), "", shown.tone
    )
    indicator = Indicator(shown.name, subject, Measure.RATE, subject.base)
    shares = {code: cell_of(one, shown).share for code, one in records.items()}
    return legend_from(indicator, indicator.breaks(), shares)


def definition_name(definition: Record) -> str:
    """What a definition is called: its title, else its programs."""
    names = ", ".join(str(program["short_name"]) for program in definition["programs"])
    return str(definition["title"] or names)


def _districts(
    records: Mapping[str, Record], view: View, legend: Legend
) -> dict[str, list[VillageRow]]:
    """Rows by district, in the order of names."""
    districts: dict[str, list[VillageRow]] = {}
    for record in sorted(records.values(), key=_place):
        row = VillageRow(
            record=record,
            listed=count_of(record, LISTED),
            unmatched=unmatched_of(record, view.definition),
            cells=[cell_of(record, column) for column in view.columns],
            shown=cell_of(record, view.shown),
            token=legend.tokens[record["village_code"]],
            is_stale=bool(record.get("is_stale")),
        )
        districts.setdefault(str(record["district_name"]), []).append(row)
    return districts


def _place(record: Record) -> tuple[str, str]:
    return str(record["district_code"]), str(record["village_name"])
