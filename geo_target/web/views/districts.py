"""One district: its figures, its villages in order and on a drawing, clusters, reasons, ways."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words, strategies_words
from geo_target.web.facility_table import DistrictRow, by_district, rows_of
from geo_target.web.figures import Figure, Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import (
    Legend,
    indicator_named,
    indicators_of,
    legend_of,
    told_villages,
)
from geo_target.web.language import whole
from geo_target.web.locator import village_plan
from geo_target.web.pages import page, store
from geo_target.web.places import (
    DISTRICT,
    Shape,
    district_record,
    in_kk,
    matched_of,
    parts_of,
    trail,
    villages_of,
)
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.facilities import types_of, words_of_access
from geo_target.web.views.registers import words_of
from geo_target.web.visitors import user
from geo_target.web.wording import register_of_target, village_kind

bp = Blueprint("districts", __name__)

#: What the drawing is colored by, if nothing else is asked for.
_FIRST = "uncovered"
#: How many villages hold so much of the uncovered families is said above all.
_HELD = 0.8


@dataclass(frozen=True)
class VillageRow:
    """A village in the table of its district; `token` is its class on the drawing."""

    record: Record
    uncovered: Figure
    unmatched: Figure
    exclusion: Figure
    smoothed: Figure
    located: Figure
    shown: Figure
    clusters: int
    token: str


#: By word of the address, what villages are put in order by; the largest first, None last.
ORDERS: Mapping[str, Callable[[VillageRow], float | None]] = {
    "belum-tersentuh": lambda row: row.uncovered.value,
    "terlewat": lambda row: row.exclusion.value,
    "belum-padan": lambda row: row.unmatched.value,
    "titik": lambda row: row.located.value,
}


@bp.get("/kecamatan/<district_code:district_code>")
@shows(Access.AGGREGATES)
def show(district_code: str) -> Response:
    """All that audience `meeting` gets of a district.

    ``?urut=`` puts its villages in another order, ``?peta=`` colors its drawing by another
    indicator.
    """
    if not villages_of(store().current().snapshot, "district_code", district_code):
        raise NotFoundError(
            Fault("E-DISTRICT", id="tidak ada kecamatan ini", en="there is no such district")
        )
    asked = {word: request.args[word] for word in ("urut", "peta") if word in request.args}
    if asked.get("urut", next(iter(ORDERS))) not in ORDERS:
        abort(404)
    names = visible(user()).holds(district_code)
    return page(
        "district",
        lambda served: _make(served, district_code, asked, may_name=names),
        district_code,
        "names" if names else "",
        asked=asked,
    )


def _make(served: Served, code: str, asked: Mapping[str, str], *, may_name: bool) -> str:
    snapshot = served.snapshot
    villages = villages_of(snapshot, "district_code", code)
    shown = indicator_named(snapshot, asked.get("peta", _FIRST)) or abort(404)
    told = told_villages(snapshot)
    legend = legend_of(shown, {row["village_code"]: told[row["village_code"]] for row in villages})
    rows = _rows(snapshot, [told[row["village_code"]] for row in villages], legend)
    record = district_record(snapshot, code)
    kind = village_kind(str(one["village_code"]) for one in villages)
    plan = village_plan(snapshot, code)
    return render_template(
        "district/show.html",
        **words_of_place(served, kind),
        trail=trail(snapshot, record, DISTRICT),
        place=record,
        at_least=None,
        rows=ordered(rows, asked.get("urut")),
        asked=asked,
        indicators=indicators_of(snapshot),
        leading=leading([row.uncovered for row in rows]),
        most=max((row.uncovered.value or 0 for row in rows), default=0),
        part=kind,
        legend=legend,
        plan=plan,
        shapes=[shape_of(row) for row in rows if row.record["village_code"] in plan.parts],
        clusters=[
            one for one in snapshot.clusters
            if any(str(own).startswith(f"{code}.") for own in one["village_codes"])
        ],
        reasons=parts_of(snapshot.coverage, "reasons", "rows", [code]),
        meeting=parts_of(snapshot.coverage, "convergence", "strategies", [code]),
        ways=[(one, row) for one, found in ways_of(snapshot, villages) for row in found],
        means=True,
        may_name=may_name,
    )  # fmt: skip


def words_of_place(served: Served, kind: str) -> dict[str, Any]:
    """What the pages of districts and regencies need; `kind` is what their parts are called."""
    snapshot = served.snapshot
    return {
        **words_of(served),
        "reason_words": reason_words(),
        "strategies_words": strategies_words,
        **words_of_access(),
        "kind": kind,
        "target": register_of_target(snapshot.summary),
        "told": snapshot.coverage,
        "limit": (snapshot.access or {}).get("travel", {}).get("limit_minutes", 0),
        "count_of": count_of,
        "exclusion_of": exclusion_of,
        "located_of": located_of,
        "matched_of": matched_of,
    }


def _rows(snapshot: Snapshot, villages: Sequence[Record], legend: Legend) -> list[VillageRow]:
    clusters = Counter(code for one in snapshot.clusters for code in one["village_codes"])
    return [
        VillageRow(
            record=one,
            uncovered=count_of(one, "uncovered_families"),
            unmatched=count_of(one, "unmatched_families"),
            exclusion=exclusion_of(one),
            smoothed=exclusion_of(one, "smoothed_exclusion_error"),
            located=located_of(one),
            shown=legend.indicator.figure(one),
            clusters=clusters[one["village_code"]],
            token=legend.tokens[one["village_code"]],
        )
        for one in villages
    ]


def shape_of(row: VillageRow) -> Shape:
    """A village on the drawing, with its place in the order of visiting."""
    code = str(row.record["village_code"])
    place = row.record.get("final_rank", row.record.get("priority_rank"))
    return Shape(
        code=code,
        address=url_for("villages.show", village_code=code),
        title=f"{row.record['village_name']}: {in_kk(row.uncovered)}",
        mark="" if place is None else whole(place),
        token=row.token,
    )


def ordered(rows: Sequence[VillageRow], order: str | None) -> list[VillageRow]:
    """Rows by what is asked for; equals, and all where nothing is, in the order of visiting."""
    if order is None:
        return [*rows]
    value = ORDERS[order]
    return sorted(rows, key=lambda row: (value(row) is None, -(value(row) or 0)))


def leading(counts: Sequence[Figure]) -> int | None:
    """How few hold 80 % of all; None where one of them is not told, or there is nothing to hold."""
    values = sorted((one.value or 0 for one in counts), reverse=True)
    if any(one.value is None for one in counts) or not sum(values):
        return None
    held = 0.0
    for number, value in enumerate(values, 1):
        held += value
        if held >= _HELD * sum(values):
            return number
    return None


def ways_of(
    snapshot: Snapshot, villages: Sequence[Record]
) -> list[tuple[Record, list[DistrictRow]]]:
    """Types of facilities, each with a row by district; none where nothing was measured."""
    told = snapshot.access
    return [
        (one, by_district(rows_of(villages, told, one["type"]),
                          told["districts"].get(one["type"], {})))
        for one in types_of(told)
    ] if told else []  # fmt: skip
