"""Published figures beside our own counts, and why the two are not the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import Blueprint, Response, abort, current_app, render_template

from geo_target.errors import Language
from geo_target.publishing.figure_ledger import (
    STATUS_WORDS,
    Comparison,
    PublishedFigure,
    compare,
    figures_about,
)
from geo_target.publishing.quantities import UNIT_WORDS, Quantity
from geo_target.web.access import Access, shows
from geo_target.web.language import language, period
from geo_target.web.pages import page
from geo_target.web.store import Served
from geo_target.web.wording import register_word, run_words

bp = Blueprint("ledger", __name__)


@dataclass(frozen=True)
class AreaRows:
    """The figures on one place, by date, each beside our own."""

    code: str
    name: str
    rows: Sequence[tuple[PublishedFigure, Comparison]]


@bp.get("/buku-angka")
@shows(Access.AGGREGATES)
def index() -> Response:
    """Every figure on the area of the snapshot, on places inside it and around it."""
    return page("ledger", _make_index)


@bp.get("/buku-angka/<figure_id>")
@shows(Access.AGGREGATES)
def show(figure_id: str) -> Response:
    """One figure, ours, and what makes them differ."""
    figure = next((each for each in _ledger() if each.id == figure_id), None)
    if figure is None:
        abort(404)
    return page("ledger-figure", lambda served: _make(served, figure), figure.id)


def _make_index(served: Served) -> str:
    summary = served.snapshot.summary
    found = figures_about(summary["area"]["code"], _ledger())
    held = [(figure, compare(figure, summary)) for figure in found]
    return render_template(
        "ledger/index.html",
        **_words_of(served),
        counts=_by_area(each for each in held if each[0].kind == "count"),
        surveys=_by_area(each for each in held if each[0].kind == "survey"),
        figures=len(held),
        comparable=sum(comparison.difference is not None for _, comparison in held),
    )


def _make(served: Served, figure: PublishedFigure) -> str:
    summary = served.snapshot.summary
    if figure not in figures_about(summary["area"]["code"], _ledger()):
        abort(404)
    return render_template(
        "ledger/show.html",
        **_words_of(served),
        figure=figure,
        comparison=compare(figure, summary),
        register_word=register_word,
    )


def _words_of(served: Served) -> dict[str, object]:
    """What both pages need."""
    return {
        **run_words(served),
        "period": period,
        "written": _written,
        "status_words": STATUS_WORDS,
        "unit_words": UNIT_WORDS,
    }


def _written(quantity: Quantity, *, signed: bool = False) -> str:
    return quantity.text(cast(Language, language()), signed=signed)


def _by_area(held: Iterable[tuple[PublishedFigure, Comparison]]) -> list[AreaRows]:
    places = ((code, tuple(rows)) for code, rows in groupby(held, lambda each: each[0].area))
    return [AreaRows(code, rows[0][0].area_name, rows) for code, rows in places]


def _ledger() -> Sequence[PublishedFigure]:
    return cast(Sequence[PublishedFigure], current_app.extensions["geo_target.ledger"])
