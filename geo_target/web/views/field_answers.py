"""Answers that somebody must decide on: two to one visit that differ, and those of no visit."""

import re
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
from geo_target.fieldwork.visit_codes import printed, read_code
from geo_target.operations import visit_faults
from geo_target.operations.refusals import VisitError
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.answer_sides import Conflict, conflict_of, side_of
from geo_target.web.field_scope import SeenPlan, plan_seen, plans_seen, seen
from geo_target.web.field_words import (
    corrected_words,
    orphan_words,
    outcome_words,
    page_words,
    words_of,
)
from geo_target.web.pages import store

bp = Blueprint("field_answers", __name__)

ON_A_PAGE = 20
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@bp.get("/lapangan/jawaban")
@shows(Access.PLANS)
def show() -> Response:
    """Conflicts of one plan or of all, and orphans."""
    return _page()


@bp.post("/lapangan/jawaban/berlaku")
@shows(Access.PLANS)
def stands() -> Response | BaseResponse:
    """Say which of the answers to a visit stands."""
    number, code = request.form.get("jawaban", ""), read_code(request.form.get("kunjungan", ""))
    if not _NUMBER.fullmatch(number) or code is None:
        abort(400)
    try:
        visitors.doors().visit_outcomes.resolve_conflict(code, int(number), by=visitors.actor())
    except VisitError as error:
        return _page(fault=error.faults[0], status=422)
    return _back()


@bp.post("/lapangan/jawaban/tanpa-kunjungan")
@shows(Access.PLANS)
def orphan() -> Response | BaseResponse:
    """Say which visit an orphan answers, or that it answers none."""
    number, typed = request.form.get("jawaban", ""), request.form.get("kunjungan", "").strip()
    if not _NUMBER.fullmatch(number):
        abort(400)
    code = read_code(typed) if request.form.get("action") == "take" else None
    if request.form.get("action") == "take" and code is None:
        return _page(fault=visit_faults.slip(), status=422)
    try:
        visitors.doors().visit_outcomes.resolve_orphan(int(number), code, by=visitors.actor())
    except VisitError as error:
        return _page(fault=error.faults[0], status=422)
    return _back()


def _back() -> BaseResponse:
    plan = request.form.get("rencana", "")
    told: dict[str, Any] = {"berhasil": "settled"}
    if _NUMBER.fullmatch(plan):
        told["rencana"] = plan
    return redirect(url_for("field_answers.show", **told), code=303)


def _page(*, fault: Fault | None = None, status: int = 200) -> Response:
    served, asked = store().current(), request.values.get("rencana", "")
    if asked and not _NUMBER.fullmatch(asked):
        abort(404)
    plan = plan_seen(int(asked)) if asked else None
    conflicts = _conflicts([plan] if plan else plans_seen())
    orphans = visitors.doors().visit_outcomes.orphans(within=seen())
    page = render_template(
        "fieldwork_pages/answers.html",
        **page_words(served),
        plan=plan,
        conflicts=conflicts[:ON_A_PAGE],
        left=max(0, len(conflicts) - ON_A_PAGE),
        orphans=[(side_of(one), printed(code) if (code := one.outcome.visit_code) else "",
                  one.orphan_reason) for one in orphans[:ON_A_PAGE]],
        orphans_left=max(0, len(orphans) - ON_A_PAGE),
        outcome_words=outcome_words(),
        corrected_words=corrected_words(),
        orphan_words=orphan_words(),
        done=request.args.get("berhasil"),
        fault=words_of(fault) if fault else None,
    )  # fmt: skip
    return make_response(page, status)


def _conflicts(plans: list[SeenPlan]) -> list[Conflict]:
    found = []
    for plan in plans:
        visits = {each.visit.code: each.visit for each in plan.visits}
        found += [conflict_of(visits[one.visit_code], one, plan.head.plan_id)
                  for one in plan.conflicts]  # fmt: skip
    return found
