"""One plan of visits: who has how many where, and changing that by hand."""

import re
from collections.abc import Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault
from geo_target.fieldwork.visit_codes import printed
from geo_target.operations.refusals import VisitError
from geo_target.operations.visit_rows import PlannedVisit, Status
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_scope import (
    SeenPlan,
    district_of,
    officer_by_key,
    officer_key,
    officers_seen,
    plan_seen,
)
from geo_target.web.field_words import (
    balance_words,
    notice_words,
    outcome_words,
    page_words,
    words_of,
)
from geo_target.web.load_matrix import matrix_of
from geo_target.web.pages import store
from geo_target.web.plan_again import met_nobody, officers_of, replanned, returned
from geo_target.web.plan_by_hand import ACTIONS, act, chosen_visits

bp = Blueprint("field_plan", __name__)

ON_A_PAGE = 50
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


@bp.get("/lapangan/rencana/<int:plan_id>")
@shows(Access.PLANS)
def show(plan_id: int) -> Response:
    """Loads of officers, by village of one district at a time."""
    return _page(plan_seen(plan_id))


@bp.get("/lapangan/rencana/<int:plan_id>/kunjungan")
@shows(Access.PLANS)
def visits(plan_id: int) -> Response:
    """The visits themselves, of a village or an officer, without names."""
    return _list(plan_seen(plan_id))


@bp.post("/lapangan/rencana/<int:plan_id>/tangan")
@shows(Access.PLANS)
def by_hand(plan_id: int) -> Response | BaseResponse:
    """Give open visits to somebody, take them away, unlock or withdraw them."""
    plan, form = plan_seen(plan_id), request.form
    action, listed = form.get("action", ""), "listed" in form
    if action not in ACTIONS:
        abort(400)
    chosen = chosen_visits(plan)
    fault = _NOTHING if not chosen else None
    if fault is None:
        try:
            act(action, chosen)
        except VisitError as error:
            fault = error.faults[0]
    if fault:
        return (_list if listed else _page)(plan, fault=fault, status=422)
    here = "field_plan.visits" if listed else "field_plan.show"
    names = ("kelurahan", "petugas") if listed else ("kec",)
    told: dict[str, Any] = {name: form[name] for name in names if form.get(name)}
    told |= {"plan_id": plan_id, "berhasil": action, "banyak": len(chosen)}
    return redirect(url_for(here, **told), code=303)


@bp.post("/lapangan/rencana/<int:plan_id>/susun-ulang")
@shows(Access.PLANS)
def plan_again(plan_id: int) -> Response | BaseResponse:
    """Plan anew: only what has nobody, or all that is open and not locked."""
    plan = plan_seen(plan_id)
    if not plan.is_whole:
        return _page(plan, fault=_NOT_WHOLE, status=422)
    made = replanned(plan, store().current().snapshot, everything=request.form.get("semua") == "ya")
    try:
        visitors.doors().visit_plans.replace_open(plan_id, made, by=visitors.actor())
    except VisitError as error:
        return _page(plan, fault=error.faults[0], status=422)
    return redirect(url_for("field_plan.show", plan_id=plan_id, berhasil="again"), code=303)


@bp.post("/lapangan/rencana/<int:plan_id>/ulang")
@shows(Access.PLANS)
def return_visits(plan_id: int) -> Response | BaseResponse:
    """Plan a second visit for each that met nobody."""
    plan = plan_seen(plan_id)
    if not plan.is_whole:
        return _page(plan, fault=_NOT_WHOLE, status=422)
    returns, made = len(met_nobody(plan)), returned(plan, store().current().snapshot)
    try:
        visitors.doors().visit_plans.replace_open(plan_id, made, by=visitors.actor())
    except VisitError as error:
        return _page(plan, fault=error.faults[0], status=422)
    return redirect(
        url_for("field_plan.show", plan_id=plan_id, berhasil="return", banyak=returns),
        code=303,
    )


@bp.post("/lapangan/rencana/<int:plan_id>/tutup")
@shows(Access.PLANS)
def close(plan_id: int) -> Response | BaseResponse:
    """End the plan."""
    plan = plan_seen(plan_id)
    try:
        visitors.doors().visit_plans.close(plan_id, by=visitors.actor())
    except VisitError as error:
        return _page(plan, fault=error.faults[0], status=422)
    return redirect(url_for("field_plan.show", plan_id=plan_id, berhasil="close"), code=303)


def _page(plan: SeenPlan, *, fault: Fault | None = None, status: int = 200) -> Response:
    served = store().current()
    villages = served.snapshot.villages.values()
    head = plan.head
    names = {str(v["district_code"]): str(v["district_name"]) for v in villages}
    officers = officers_seen()
    matrix = matrix_of([each.visit for each in plan.open], officers_of(plan))
    districts = sorted({district_of(each.visit.target.village_code) for each in plan.kept})
    asked = request.args.get("kec") or request.form.get("kec", "")
    district = asked if asked in districts else districts[0] if districts else ""
    codes = sorted(code for code in matrix.by_village if district_of(code) == district)
    page = render_template(
        "fieldwork_pages/plan.html",
        **page_words(served),
        plan=plan,
        matrix=matrix,
        rows=matrix.of(codes),
        codes=codes,
        parts=_parts(plan, codes),
        district=district,
        districts={code: names.get(code, code) for code in districts},
        officers=[(officer_key(each.name), each) for each in officers],
        key=officer_key,
        gone=[row for row in matrix.rows if row.officer is None],
        balance_words=balance_words(),
        returns=len(met_nobody(plan)),
        plan_notices=[words for code, words in notice_words().items() if code in head.notices],
        conflicts=len(plan.conflicts),
        done=request.args.get("berhasil"),
        count=request.args.get("banyak", ""),
        fault=words_of(fault) if fault else None,
    )
    return make_response(page, status)


def _list(plan: SeenPlan, *, fault: Fault | None = None, status: int = 200) -> Response:
    served, asked = store().current(), request.values
    village, key, number = (asked.get(name, "") for name in ("kelurahan", "petugas", "halaman"))
    if number and not _NUMBER.fullmatch(number):
        abort(404)
    names = {each.visit.officer for each in plan.visits}
    name = officer_by_key(key, names)
    found = [each for each in plan.visits
             if village in ("", each.visit.target.village_code)
             and (not key or each.visit.officer == name)]  # fmt: skip
    pages = max(1, -(-len(found) // ON_A_PAGE))
    at = min(int(number or 1), pages)
    page = render_template(
        "fieldwork_pages/visits.html",
        **page_words(served),
        plan=plan,
        rows=[_row(plan, each) for each in found[(at - 1) * ON_A_PAGE : at * ON_A_PAGE]],
        all=len(found),
        first=(at - 1) * ON_A_PAGE + 1,
        number=at,
        pages=pages,
        village=village,
        officer=key,
        here_villages=sorted({each.visit.target.village_code for each in plan.visits}),
        here_officers=sorted((officer_key(n), n) for n in names if n),
        officers=[(officer_key(each.name), each) for each in officers_seen()],
        named={each.name: each.display_name for each in officers_of(plan)},
        outcome_words=outcome_words(),
        conflicts=len(plan.conflicts),
        done=request.args.get("berhasil"),
        count=request.args.get("banyak", ""),
        fault=words_of(fault) if fault else None,
    )
    return make_response(page, status)


def _row(plan: SeenPlan, each: PlannedVisit) -> tuple[PlannedVisit, str, str | None, bool]:
    """A visit, its code as printed, its outcome, and whether it is open."""
    answered = plan.answers.get(each.visit.code)
    outcome = answered.current.outcome.outcome if answered else None
    return each, printed(each.visit.code), outcome, each.status is Status.OPEN


def _parts(plan: SeenPlan, codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Open visits by village and RW."""
    found: dict[str, dict[str, int]] = {code: {} for code in codes}
    for each in plan.open:
        target = each.visit.target
        if target.village_code in found:
            rows = found[target.village_code]
            rows[target.rw or "-"] = rows.get(target.rw or "-", 0) + 1
    return {code: dict(sorted(rows.items())) for code, rows in found.items()}


_NOTHING = Fault(
    "E-VISIT-CHOICE",
    id="tidak ada kunjungan terbuka yang dipilih; pilih kelurahan, RW, atau kode kunjungannya",
    en="no open visit was chosen; choose a village, an RW, or the code of the visit",
)
_NOT_WHOLE = Fault(
    "E-PLAN-SHARED",
    id="rencana ini juga memuat kecamatan lain; menyusun ulang dilakukan koordinator, Anda dapat "
    "memindahkan kunjungan dengan tangan",
    en="this plan holds other districts too; a coordinator plans it anew, you can move visits by "
    "hand",
)
