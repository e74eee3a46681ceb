"""A decree's villages beside as many at the head of the computed order, and why they differ."""

from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.figures import Figure, Record, count_of
from geo_target.web.pages import page
from geo_target.web.store import Served
from geo_target.web.wording import run_words

bp = Blueprint("official_list", __name__)

#: Parts of the page: what a row says, and whether it could be compared.
_PARTS = {
    ("both", "agreed"): "both",
    ("official", "ranked_lower"): "official",
    ("computed", "not_named"): "computed",
    ("official", "not_ranked"): "unknown",
}


@dataclass(frozen=True)
class ListedRow:
    """A village on the decree, at the head of the order, or both; `told` is of the comparison."""

    told: Record
    record: Record
    uncovered: Figure


@bp.get("/prioritas/daftar-resmi")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Villages on both lists, on one of them, and those that nothing can be said of."""
    return page("official-list", _make)


def _make(served: Served) -> str:
    snapshot = served.snapshot
    official = snapshot.official
    parts: dict[str, list[ListedRow]] = {name: [] for name in _PARTS.values()}
    for told in official["rows"] if official else ():
        record = snapshot.villages[told["village_code"]]
        row = ListedRow(told, record, count_of(record, "uncovered_families"))
        parts[_PARTS[told["on"], told["why"]]].append(row)
    return render_template(
        "priority/official_list.html",
        **run_words(served),
        official=official,
        parts=parts,
        has_order=any(row.told["official_order"] for rows in parts.values() for row in rows),
    )
