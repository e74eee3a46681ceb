"""Why families are not reached, and who can change it: by office, by reason, by district."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request

from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.chart_words import counted, says
from geo_target.web.charts import Item, bars
from geo_target.web.coverage_words import reason_words, words_of_coverage
from geo_target.web.figures import Record
from geo_target.web.pages import page, store
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.registers import words_of
from geo_target.web.visitors import user

bp = Blueprint("reasons", __name__)


@dataclass(frozen=True)
class DistrictRow:
    """Uncovered families of a district, and of each reason; None is withheld."""

    name: str
    families: int | None
    parts: Sequence[int | None]


@bp.get("/alasan")
@shows(Access.AGGREGATES)
def show() -> Response:
    """All reasons; ``?kantor=`` marks those of one office, and leaves every figure as it is."""
    office = request.args.get("kantor")
    may_count = sees_exact_counts()
    if office is None:
        return page("reasons", lambda served: _make(served, None, may_count=may_count),
                    "exact" if may_count else "")  # fmt: skip
    served = store().current()
    if office not in _offices(served.snapshot):
        abort(404)
    # Not kept: a page that many share cannot lead to its own question in another language.
    return make_response(_make(served, office, may_count=may_count))


def sees_exact_counts() -> bool:
    """Whether the visitor may open exact counts of any village."""
    exact = visible(user(), Verb.EXACT_COUNTS)
    return exact.everywhere or bool(exact.districts)


def _make(served: Served, office: str | None, *, may_count: bool) -> str:
    told = served.snapshot.coverage
    items = _items(told["reasons"], office) if told else []
    return render_template(
        "reasons/show.html",
        **words_of(served),
        **words_of_coverage(),
        chart=bars(items),
        chart_says=says(items),
        told=told,
        reasons=told and told["reasons"],
        own=office,
        offices=_offices(served.snapshot),
        districts=district_rows(served.snapshot, told["reasons"], "uncovered_families")
        if told else [],
        may_count=may_count,
    )  # fmt: skip


def _items(told: Record, office: str | None) -> list[Item]:
    """Reasons under the office that can change them, offices as in their table."""
    words = reason_words()
    return [
        counted(
            words[row["reason"]].title if row["reason"] in words else row["reason"],
            row["families"],
            group=row["office"],
            key="own" if row["office"] == office else "",
        )
        for of in told["offices"]
        for row in told["rows"]
        if row["office"] == of["office"]
    ]


def _offices(snapshot: Snapshot) -> list[str]:
    return [row["office"] for row in snapshot.coverage["reasons"]["offices"]] if (
        snapshot.coverage
    ) else []  # fmt: skip


def district_rows(snapshot: Snapshot, table: Mapping[str, Any], total: str) -> list[DistrictRow]:
    """Parts of a table of coverage.json by district, beside the district's sum of `total`."""
    groups: dict[str, list[Record]] = {}
    for village in snapshot.villages.values():
        groups.setdefault(str(village["district_code"]), []).append(village)
    rows = []
    for code, parts in table["districts"].items():
        villages = groups.get(code, [])
        counts = [village[total] for village in villages]
        rows.append(
            DistrictRow(
                name=str(villages[0]["district_name"]) if villages else code,
                families=None if None in counts else sum(counts),
                parts=parts,
            )
        )
    return rows
