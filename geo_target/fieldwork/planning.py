"""From families and officers to days: the table of contents of a plan."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from geo_target.fieldwork import plan_settings
from geo_target.fieldwork.days import plan_days
from geo_target.fieldwork.holidays import Holidays
from geo_target.fieldwork.horizons import NO_DAY, horizon_of, unknown_years
from geo_target.fieldwork.refusals import same_name
from geo_target.fieldwork.replanning import hand_over, replan, taken_days, with_returns
from geo_target.fieldwork.selection import Selection, Wanted, select
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visit_values import NOTHING_LEARNED
from geo_target.fieldwork.visits import Officer, Plan, Target, Visit
from geo_target.fieldwork.zones import assign

#: No family fits what was asked for, or all were visited lately.
EMPTY = "N-PLAN-EMPTY"

__all__ = ["hand_over", "make_plan", "replan", "with_returns"]


def make_plan(
    targets: Sequence[Target],
    officers: Sequence[Officer],
    wanted: Wanted,
    *,
    run_id: str,
    starts_on: date,
    days: int | None = None,
    ends_on: date | None = None,
    today: date,
    holidays: Collection[date] | Holidays = frozenset(),
    taken_codes: Collection[str] = frozenset(),
    locked: Sequence[Visit] = (),
    others: Sequence[Visit] = (),
    values: Mapping[str, float] | None = None,
    terms: Terms | None = None,
) -> Plan:
    """Visits with their officers, days and places in the day.

    Parameters
    ----------
    targets
        Families of a snapshot, as it knows them, and as earlier visits found them.
    officers
        Everybody who may be given a visit.
    days, ends_on
        Working days, or the last day; neither: as many days as it takes. What does not fit has
        an officer and no day, and the notice ``N-PLAN-LEFT`` says so; ``N-PLAN-NO-DAY`` says
        that none of the days is a working day.
    today
        When this is planned; nothing is planned before it.
    holidays
        Days without visits besides `terms.rest_days`, see holidays.py.
    taken_codes
        Every code that was ever given.
    locked
        Visits that somebody has assigned by hand: they are planned whether `wanted` asks for
        them or not, under their code and with their officer.
    others
        Open visits of other plans: their officers' days are as full as these make them.
    values
        Expected confirmations an hour by family id (visit_values.py), for the order 'value'.

    Returns
    -------
    Plan
        By officer, day and position. `settings` can be written as JSON: ``wanted``,
        ``skipped`` {reason: visits}, ``loads`` [{officer, visits, capacity, group, share}],
        ``imbalance`` (greatest distance from the mean of those who share, a share),
        ``split_rws``, ``effort`` {visits, officers, officer_days, days, ends_on, rupiah} and
        ``travel`` {routed_days, minutes, basis, engine}.

    Raises
    ------
    PlanError
        ``E-PLAN-OFFICER-TWICE``: two officers have one name.
    """
    terms, first = terms or Terms(), max(starts_on, today)
    _refuse_twins(officers)
    chosen = select(targets, wanted, today=first, values=values)
    visits = _as_visits(chosen, locked, taken_codes)
    horizon = horizon_of(
        visits,
        officers,
        starts_on=first,
        days=days,
        ends_on=ends_on,
        holidays=holidays,
        terms=terms,
    )
    assigned = assign(visits, officers, working=horizon.shared, terms=terms)
    planned = plan_days(
        assigned.visits, officers, working=horizon.open, taken=taken_days(others), terms=terms
    )
    told = {
        EMPTY: not visits,
        NO_DAY: not horizon.open,
        NOTHING_LEARNED: wanted.order == "value" and not values,
    }
    return Plan(
        run_id,
        first,
        planned.visits,
        [
            *(code for code, is_so in told.items() if is_so),
            *assigned.notices,
            *planned.notices,
            *unknown_years(planned.visits, holidays),
        ],
        plan_settings.of_choice(wanted, chosen) | plan_settings.of_work(assigned, planned, terms),
    )


def _refuse_twins(officers: Sequence[Officer]) -> None:
    names = Counter(officer.name for officer in officers)
    for name, number in names.items():
        if number > 1:
            raise same_name(name)


def _as_visits(
    chosen: Selection, locked: Sequence[Visit], taken_codes: Collection[str]
) -> list[Visit]:
    kept = {visit.target.family_id for visit in locked}
    targets = [t for t in chosen.targets if t.family_id not in kept]
    taken = {*taken_codes, *(visit.code for visit in locked)}
    codes = new_codes(len(targets), taken=taken)
    return [*locked, *(Visit(c, t) for c, t in zip(codes, targets, strict=True))]
