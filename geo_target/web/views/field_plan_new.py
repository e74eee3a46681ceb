"""A new plan of visits: asked for, looked at, and kept."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault
from geo_target.fieldwork.effort import Needed, needed_for
from geo_target.fieldwork.holidays import read_holidays
from geo_target.fieldwork.planning import make_plan
from geo_target.fieldwork.refusals import PlanError
from geo_target.fieldwork.visits import Officer, Plan, Target, Visit
from geo_target.operations.refusals import VisitError
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.field_scope import officer_key, officers_seen, seen
from geo_target.web.field_targets import targets_seen, terms_of, worth_of
from geo_target.web.field_words import notice_words, page_words, skipped_words, words_of
from geo_target.web.pages import store
from geo_target.web.plan_choices import choices_of
from geo_target.web.plan_preview import Preview, preview_of
from geo_target.web.plan_question import LONGEST_TITLE, ORDERS, STATES, Question, question_of
from geo_target.web.store import Served

bp = Blueprint("field_plan_new", __name__)


@dataclass(frozen=True)
class _Desk:
    """All that a plan is made of."""

    served: Served
    question: Question
    known: list[Target]
    """Families that a visit can settle, in whatever plan."""
    officers: list[Officer]
    others: list[Visit]
    """Open visits of all plans: nobody is visited by two officers at a time."""

    @property
    def planned(self) -> set[str]:
        """Families of `others`."""
        return {visit.target.family_id for visit in self.others}

    @property
    def targets(self) -> list[Target]:
        """Families that are in no plan yet."""
        planned = self.planned
        return [target for target in self.known if target.family_id not in planned]


@bp.get("/lapangan/rencana-baru")
@shows(Access.PLANS)
def show() -> Response:
    """The form, and what would come of it once it is filled in."""
    return _page(_desk())


@bp.post("/lapangan/rencana-baru")
@shows(Access.PLANS)
def save() -> Response | BaseResponse:
    """Keep the plan that the address asks for."""
    desk = _desk()
    plan = _plan(desk)
    if plan is None or not plan.visits:
        return _page(desk, status=422)
    try:
        plan_id = visitors.doors().visit_plans.add(
            plan, title=" ".join(request.form.get("judul", "").split()), by=visitors.actor()
        )
    except VisitError as error:
        return _page(desk, fault=error.faults[0], status=422)
    return redirect(url_for("field_plan.show", plan_id=plan_id), code=303)


def _desk() -> _Desk:
    served, within = store().current(), seen()
    question = question_of(
        request.args,
        today=_today(),
        agreed=visitors.doors().fieldwork,
        districts=None if within.everywhere else within.districts,
    )
    others = [each.visit for each in visitors.doors().visit_plans.visits(open_only=True)]
    return _Desk(served, question, targets_seen(served.snapshot), officers_seen(), others)


def _plan(desk: _Desk) -> Plan | None:
    """What would come of it; None while nothing is asked, or it cannot be read."""
    question, targets = desk.question, desk.targets
    if not question.is_asked or question.wrong:
        return None
    return make_plan(
        targets,
        question.sent(desk.officers, officer_key),
        question.wanted,
        run_id=desk.served.snapshot.run_id,
        starts_on=question.starts_on,
        days=question.days,
        ends_on=question.ends_on,
        today=_today(),
        holidays=read_holidays(),
        taken_codes=visitors.doors().visit_plans.codes_taken(),
        others=desk.others,
        terms=terms_of(desk.served.snapshot),
        values=worth_of(desk.served.snapshot, targets)
        if question.wanted.order == "value"
        else None,
    )


def _needed(desk: _Desk, plan: Plan) -> Needed | None:
    """What it takes to be done by the day that was asked for."""
    question = desk.question
    if question.ends_on is None or not plan.visits:
        return None
    try:
        return needed_for(
            Counter(visit.target.village_code for visit in plan.visits),
            question.sent(desk.officers, officer_key),
            starts_on=question.starts_on,
            ends_on=question.ends_on,
            holidays=read_holidays(),
        )
    except PlanError:
        return None  # a notice of the plan says that there is no working day


def _page(desk: _Desk, *, fault: Fault | None = None, status: int = 200) -> Response:
    plan = _plan(desk)
    preview: Preview | None = preview_of(plan, desk.officers) if plan else None
    page = render_template(
        "fieldwork_pages/new.html",
        **page_words(desk.served),
        question=desk.question,
        choices=choices_of(
            desk.known,
            desk.served.snapshot,
            desk.question.wanted,
            planned=desk.planned,
            starts_on=max(desk.question.starts_on, _today()),
        ),
        officers=[(officer_key(each.name), each) for each in desk.officers],
        planned=len(desk.known) - len(desk.targets),
        preview=preview,
        needed=_needed(desk, plan) if plan else None,
        notice_words=notice_words(),
        asked=request.query_string.decode("ascii", "replace"),
        reason_words=reason_words(),
        skipped_words=skipped_words(),
        states=STATES,
        orders=ORDERS,
        today=_today(),
        title=request.form.get("judul", ""),
        longest=LONGEST_TITLE,
        fault=words_of(fault) if fault else None,
    )
    return make_response(page, status)


def _today() -> date:
    return visitors.doors().clock().date()
