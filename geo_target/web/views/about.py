"""What each figure means, where it comes from, and how many rows went in and came out."""

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.figures import SMALLEST_BASE
from geo_target.web.meanings import AT_THE_HEAD, meanings_of
from geo_target.web.pages import page
from geo_target.web.store import Served
from geo_target.web.wording import run_words

bp = Blueprint("about", __name__)


@bp.get("/tentang-angka")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Definitions, sources and the balance of the current snapshot."""
    return page("about", make)


def make(served: Served) -> str:
    """The page of a snapshot."""
    summary = served.snapshot.summary
    return render_template(
        "about/show.html",
        **run_words(served),
        totals=summary["totals"],
        balance=summary["balance"],
        smallest_base=SMALLEST_BASE,
        meanings=meanings_of(served.snapshot),
        at_the_head=AT_THE_HEAD,
    )
