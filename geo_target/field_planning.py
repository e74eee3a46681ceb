"""A plan out of what a command asks for, the current run and the database."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geo_target.field_desk import Desk
from geo_target.fieldwork.holidays import read_holidays
from geo_target.fieldwork.planning import make_plan, replan, with_returns
from geo_target.fieldwork.selection import OPEN_STATES, Wanted
from geo_target.fieldwork.terms import Terms, agreed_terms
from geo_target.fieldwork.visit_values import by_value, learn, met_of, value_of
from geo_target.fieldwork.visits import Plan, Target
from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.kept_outcomes import met_nobody_on
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import Visible, visible_to
from geo_target.operations.visit_rights import check_right
from geo_target.operations.visit_rows import Status
from geo_target.settings import Fieldwork
from geo_target.web.field_scope import may_send
from geo_target.web.field_targets import points_of
from geo_target.web.store import Snapshot


def plan_visits(desk: Desk, asked: Mapping[str, Any], *, by: Actor, today: date) -> Plan:
    """Plan the visits that the options of `geo-target plan make` ask for; nothing is kept.

    Who plans for some districts counts and gives out the families of these alone.

    Raises
    ------
    VisitError
        ``E-VISIT-ROLE``.
    """
    within = may_plan(desk, by)
    snapshot = desk.snapshot()
    targets = [each for each in desk.free_targets(snapshot) if within.holds(each.district_code)]
    return make_plan(
        targets,
        [each for each in desk.officers.all() if may_send(each, within)],
        _wanted(asked, desk.settings.fieldwork),
        run_id=snapshot.run_id,
        starts_on=asked["start"].date(),
        days=asked["days"],
        ends_on=asked["finish"].date() if asked["finish"] else None,
        today=today,
        holidays=read_holidays(),
        taken_codes=desk.plans.codes_taken(),
        others=[each.visit for each in desk.plans.visits(open_only=True)],
        values=learned_values(desk, targets) if asked["order"] == "value" else None,
        terms=_terms(desk, snapshot, rupiah=asked["rupiah"]),
    )


def may_plan(desk: Desk, by: Actor) -> Visible:
    """Where somebody may plan visits; even a plan that is not kept counts families.

    Raises
    ------
    VisitError
        ``E-VISIT-ROLE``; that it was tried is in the audit log.
    """
    tried = Entry(actor=by, verb=Verb.ASSIGN_VISITS, object_type="visit-plan", persons=0)
    check_right(AuditLog(desk.database), Verb.ASSIGN_VISITS, tried)
    return visible_to(by, Verb.ASSIGN_VISITS)


def learned_values(desk: Desk, targets: Sequence[Target]) -> dict[str, float]:
    """What a visit to each family is worth an hour, learned from all answers so far.

    Empty while there are none: nobody is then worth more than another.
    """
    standing = [each.current.outcome for each in desk.outcomes.standing().values()]
    visits = [each.visit for each in desk.plans.visits()]
    met = met_of(standing, visits, programs=desk.settings.coverage.programs)
    return by_value(value_of(targets, learn(met))) if met else {}


def plan_again(
    desk: Desk, number: int, *, today: date, days: int | None, ends_on: date | None
) -> Plan:
    """Plan a kept plan anew with the officers of today."""
    done = {
        each.visit.code
        for each in desk.plans.visits(plan_id=number)
        if each.status is not Status.OPEN
    }
    return replan(
        _kept(desk, number), desk.officers.all(), today=today, done=done,
        holidays=read_holidays(), days=days, ends_on=ends_on,
        terms=_terms(desk, desk.snapshot()),
    )  # fmt: skip


def plan_returns(desk: Desk, number: int, *, today: date, days: int | None) -> tuple[Plan, int]:
    """A kept plan with a second visit for each that met nobody, and how many there are now."""
    kept = _kept(desk, number)
    shut = (each.visit.code for each in desk.plans.visits(plan_id=number, open_only=True))
    met_nobody = met_nobody_on(shut, desk.outcomes.standing(number))
    made = with_returns(
        kept, met_nobody, desk.officers.all(), today=today, days=days,
        taken_codes=desk.plans.codes_taken(), holidays=read_holidays(),
        terms=_terms(desk, desk.snapshot()),
    )  # fmt: skip
    return made, len(made.visits) - len(kept.visits)


def _kept(desk: Desk, number: int) -> Plan:
    """A plan without what was withdrawn: nobody goes there, so it takes no room in a day."""
    rows = desk.plans.visits(plan_id=number)
    gone = {each.visit.code for each in rows if each.status is Status.WITHDRAWN}
    found = desk.plans.plan(number)
    return replace(found, visits=[visit for visit in found.visits if visit.code not in gone])


def _terms(desk: Desk, snapshot: Snapshot, *, rupiah: int | None = None) -> Terms:
    """What was agreed in the configuration; days begin in the home village of whoever goes."""
    set_now = {} if rupiah is None else {"rupiah_per_officer_day": rupiah}
    return agreed_terms(desk.settings.fieldwork, village_points=points_of(snapshot), **set_now)


def _wanted(asked: Mapping[str, Any], agreed: Fieldwork) -> Wanted:
    before = asked["evidence_before"]
    return Wanted(
        cluster_ids=asked["cluster_ids"],
        village_codes=asked["village_codes"],
        district_codes=asked["district_codes"],
        reasons=asked["reasons"],
        states=tuple(asked["states"]) or OPEN_STATES,
        evidence_before=before.date() if before else None,
        not_visited_since=agreed.not_again_days,
        returns_after=agreed.returns_after_days,
        order=asked["order"],
        limit=asked["limit"],
    )
