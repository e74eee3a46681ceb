"""One regency or city of a province: its figures, its districts, each a step to its villages."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault, NotFoundError
from geo_target.web.access import Access, shows
from geo_target.web.districts import DistrictRow
from geo_target.web.facility_table import DistrictRow as Ways
from geo_target.web.figures import Figure, State, count_of, exclusion_of, located_of
from geo_target.web.indicators import Legend, indicators_of, legend_of
from geo_target.web.language import whole
from geo_target.web.locator import district_plan
from geo_target.web.pages import page, store
from geo_target.web.places import (
    PROVINCE,
    REGENCY,
    Shape,
    district_record,
    in_kk,
    level_of,
    parts_of,
    regency_record,
    trail,
    villages_of,
)
from geo_target.web.store import Served
from geo_target.web.views.districts import leading, ways_of, words_of_place
from geo_target.web.wording import village_kind

bp = Blueprint("regencies", __name__)

#: Indicators of which a district is told the counts; the first colors the drawing.
_SHOWN = ("uncovered", "exclusion", "located", "matched")


@bp.get("/kabupaten/<regency_code:regency_code>")
@shows(Access.AGGREGATES)
def show(regency_code: str) -> BaseResponse:
    """A regency of a province; of a run of one the overview is that page."""
    snapshot = store().current().snapshot
    if not villages_of(snapshot, "regency_code", regency_code):
        raise NotFoundError(
            Fault("E-REGENCY", id="tidak ada kabupaten/kota ini", en="there is no such regency")
        )
    if level_of(snapshot.summary["area"]["code"]) > PROVINCE:
        return redirect(url_for("overview.show"), code=303)
    asked = {word: request.args[word] for word in ("peta",) if word in request.args}
    if asked.get("peta", _SHOWN[0]) not in _SHOWN:
        abort(404)
    return page(
        "regency", lambda served: _make(served, regency_code, asked), regency_code, asked=asked
    )


def _make(served: Served, code: str, asked: Mapping[str, str]) -> str:
    snapshot = served.snapshot
    villages = villages_of(snapshot, "regency_code", code)
    own = sorted({str(one["district_code"]) for one in villages})
    records = {key: district_record(snapshot, key) for key in own}
    record = regency_record([*records.values()])
    indicators = [one for one in indicators_of(snapshot) if one.key in _SHOWN]
    shown = next(one for one in indicators if one.key == asked.get("peta", _SHOWN[0]))
    legend = legend_of(shown, records, "districts")
    counts = Counter(str(one["district_code"]) for one in villages)
    rows = sorted(
        (
            DistrictRow(
                record=one,
                villages=counts[key],
                uncovered=count_of(one, "uncovered_families"),
                listed=count_of(one, "extreme_poor_families"),
                exclusion=exclusion_of(one),
                located=located_of(one),
                tokens={shown.key: legend.tokens[key]},
            )
            for key, one in records.items()
        ),
        key=lambda row: (row.uncovered.value is None, -(row.uncovered.value or 0)),
    )
    plan = district_plan(snapshot, [*records])
    return render_template(
        "regency/show.html",
        **words_of_place(served, _("kecamatan")),
        trail=trail(snapshot, record, REGENCY),
        place=record,
        rows=rows,
        asked=asked,
        indicators=indicators,
        legend=legend,
        leading=leading([row.uncovered for row in rows]),
        at_least=_at_least([row.uncovered for row in rows]),
        most=max((row.uncovered.value or 0 for row in rows), default=0),
        villages_kind=village_kind(str(one["village_code"]) for one in villages),
        plan=plan,
        shapes=[_shape(row, legend, place) for place, row in enumerate(rows, 1)],
        reasons=parts_of(snapshot.coverage, "reasons", "rows", [*records]),
        meeting=parts_of(snapshot.coverage, "convergence", "strategies", [*records]),
        ways=[(one, _whole(found)) for one, found in ways_of(snapshot, villages)],
        means=False,
    )


def _at_least(counts: Sequence[Figure]) -> tuple[int, int] | None:
    """Families of the districts that are told, and how many those are; None where none is."""
    told = [int(one.value) for one in counts if one.value is not None]
    return (sum(told), len(told)) if sum(told) else None


def _shape(row: DistrictRow, legend: Legend, place: int) -> Shape:
    """A district on the drawing, with its place in the table."""
    code = str(row.record["district_code"])
    return Shape(
        code=code,
        address=url_for("districts.show", district_code=code),
        title=f"{row.record['district_name']}: {in_kk(row.uncovered)}",
        mark=whole(place),
        token=legend.tokens[code],
    )


def _whole(ways: Sequence[Ways]) -> Ways:
    """Districts together; the mean of several is not told."""
    return Ways(
        name="",
        beyond=sum(one.beyond for one in ways),
        maybe=sum(one.maybe for one in ways),
        villages=sum(one.villages for one in ways),
        mean_km=Figure(State.NO_DATA),
        mean_minutes=None,
        counted=0,
    )
