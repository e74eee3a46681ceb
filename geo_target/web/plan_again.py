"""A plan made anew: after somebody has left, for all that is not locked, for shut doors."""

from dataclasses import replace
from datetime import date

from geo_target.fieldwork.holidays import read_holidays
from geo_target.fieldwork.planning import replan, with_returns
from geo_target.fieldwork.visits import Officer, Plan, Visit
from geo_target.operations.kept_outcomes import met_nobody_on
from geo_target.web import visitors
from geo_target.web.field_scope import SeenPlan, officers_seen
from geo_target.web.field_targets import terms_of
from geo_target.web.store import Snapshot


def replanned(plan: SeenPlan, snapshot: Snapshot, *, everything: bool) -> Plan:
    """The plan with what is open given out again; locked and answered visits stay."""
    is_open = {each.visit.code for each in plan.open}
    kept = [_freed(each.visit) if everything and each.visit.code in is_open else each.visit
            for each in plan.kept]  # fmt: skip
    return replan(
        _whole(plan, kept),
        officers_of(plan),
        today=_first_day(plan),
        done={visit.code for visit in kept} - is_open,
        holidays=read_holidays(),
        terms=terms_of(snapshot),
    )


def returned(plan: SeenPlan, snapshot: Snapshot) -> Plan:
    """The plan with a second visit for each that met nobody."""
    return with_returns(
        _whole(plan, [each.visit for each in plan.kept]),
        met_nobody(plan),
        officers_of(plan),
        today=_first_day(plan),
        taken_codes=visitors.doors().visit_plans.codes_taken(),
        holidays=read_holidays(),
        terms=terms_of(snapshot),
    )


def met_nobody(plan: SeenPlan) -> dict[str, date]:
    """Open visits at which nobody was met, and when; those that have a return are left out."""
    again = {each.visit.return_of for each in plan.visits}
    shut = (each.visit.code for each in plan.open if each.visit.code not in again)
    return met_nobody_on(shut, plan.answers)


def officers_of(plan: SeenPlan) -> list[Officer]:
    """Whom this user may send, and whoever else has a visit of the plan and was not removed."""
    seen = {each.name: each for each in officers_seen()}
    held = {each.visit.officer for each in plan.open}
    others = [each for each in visitors.doors().field_officers.all() if each.name in held]
    return list({**{each.name: each for each in others}, **seen}.values())


def _whole(plan: SeenPlan, visits: list[Visit]) -> Plan:
    head = plan.head
    return Plan(head.run_id, head.starts_on, visits, tuple(head.notices), head.settings)


def _first_day(plan: SeenPlan) -> date:
    return max(visitors.doors().clock().date(), plan.head.starts_on)


def _freed(visit: Visit) -> Visit:
    return visit if visit.is_locked else replace(visit, officer=None, day=None, position=None)
