"""A plan that goes on: somebody leaves, somebody is asked by hand, a door stayed shut."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from geo_target.fieldwork import plan_settings
from geo_target.fieldwork.days import Planned, plan_days
from geo_target.fieldwork.holidays import Holidays
from geo_target.fieldwork.horizons import Horizon, horizon_of, unknown_years
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, Plan, Visit
from geo_target.fieldwork.zones import Assigned, assign


def replan(
    plan: Plan,
    officers: Sequence[Officer],
    *,
    today: date,
    done: Collection[str] = frozenset(),
    holidays: Collection[date] | Holidays = frozenset(),
    days: int | None = None,
    ends_on: date | None = None,
    terms: Terms | None = None,
) -> Plan:
    """The plan after officers have left or come: only what must move does.

    Parameters
    ----------
    officers
        Who is there now. Open visits of anybody else, and those that nobody has, go to others;
        all else stays with its officer, day and position.
    done
        Codes of visits that have an answer.
    days, ends_on
        As in `make_plan`, from `today` on; neither: as many days as it takes.
    """
    terms = terms or Terms()
    here = {officer.name for officer in officers}
    moving = [v for v in plan.visits if v.code not in done and v.officer not in here]
    if not moving:
        return plan
    stay = _without(plan.visits, moving)
    held = _still_to_do(stay, done, today)
    horizon = horizon_of(
        moving, officers, starts_on=max(today, plan.starts_on), days=days, ends_on=ends_on,
        holidays=holidays, terms=terms, held=held,
    )  # fmt: skip
    assigned = assign(moving, officers, working=horizon.shared, terms=terms, held=held)
    planned = plan_days(
        assigned.visits, officers, working=horizon.open, taken=taken_days(stay), terms=terms
    )
    return _with(plan, stay, planned, holidays, terms, assigned=assigned)


def hand_over(
    plan: Plan,
    codes: Collection[str],
    officer: Officer | None,
    *,
    today: date,
    holidays: Collection[date] | Holidays = frozenset(),
    days: int | None = None,
    ends_on: date | None = None,
    terms: Terms | None = None,
) -> Plan:
    """Visits assigned by hand: locked to `officer`, on days when they have room.

    Parameters
    ----------
    officer
        None: nobody has the visits, and nothing is locked.
    """
    terms = terms or Terms()
    moving = [
        replace(v, officer=officer.name if officer else None, is_locked=officer is not None)
        for v in plan.visits
        if v.code in codes
    ]
    stay = _without(plan.visits, moving)
    officers = [officer] if officer else []
    horizon = _open_days(moving, officers, plan, today, days, ends_on, holidays, terms)
    planned = plan_days(moving, officers, working=horizon.open, taken=taken_days(stay), terms=terms)
    return _with(plan, stay, planned, holidays, terms)


def with_returns(
    plan: Plan,
    met_nobody: Mapping[str, date],
    officers: Sequence[Officer],
    *,
    today: date,
    taken_codes: Collection[str] = frozenset(),
    holidays: Collection[date] | Holidays = frozenset(),
    days: int | None = None,
    ends_on: date | None = None,
    terms: Terms | None = None,
) -> Plan:
    """The plan with a second visit, under a code of its own, for each that met nobody.

    Parameters
    ----------
    met_nobody
        Day of the visit by its code. One that has a return already gets no other.
    officers
        Who is there now; the return is the first officer's, or nobody's if they have left
        (`replan` gives it to somebody).
    """
    terms = terms or Terms()
    returned = {visit.return_of for visit in plan.visits}
    again = [v for v in plan.visits if v.code in met_nobody and v.code not in returned]
    if not again:
        return plan
    codes = new_codes(len(again), taken={*taken_codes, *(v.code for v in plan.visits)})
    here = {officer.name for officer in officers}
    visits = [
        replace(v, code=code, return_of=v.code, officer=v.officer if v.officer in here else None)
        for code, v in zip(codes, again, strict=True)
    ]
    wait = timedelta(days=terms.returns_after)
    first = {v.code: met_nobody[v.return_of or ""] + wait for v in visits}
    horizon = _open_days(visits, officers, plan, today, days, ends_on, holidays, terms)
    planned = plan_days(
        visits, officers, working=horizon.open, taken=taken_days(plan.visits), not_before=first,
        terms=terms,
    )  # fmt: skip
    return _with(plan, plan.visits, planned, holidays, terms)


def _without(visits: Sequence[Visit], moving: Sequence[Visit]) -> list[Visit]:
    codes = {visit.code for visit in moving}
    return [visit for visit in visits if visit.code not in codes]


def _still_to_do(visits: Sequence[Visit], done: Collection[str], today: date) -> Mapping[str, int]:
    """Open visits by officer; what was to be done before today takes none of the days to come."""
    return Counter(
        v.officer for v in visits
        if v.officer and v.code not in done and (v.day is None or v.day >= today)
    )  # fmt: skip


def taken_days(visits: Sequence[Visit]) -> dict[tuple[str, date], int]:
    """The last position of each officer's days: what is planned besides comes after it."""
    last: dict[tuple[str, date], int] = {}
    for visit in visits:
        if visit.officer and visit.day:
            key = (visit.officer, visit.day)
            last[key] = max(last.get(key, 0), visit.position or 0)
    return last


def _open_days(  # noqa: PLR0917 - two calls, above
    visits: Sequence[Visit],
    officers: Sequence[Officer],
    plan: Plan,
    today: date,
    days: int | None,
    ends_on: date | None,
    holidays: Collection[date] | Holidays,
    terms: Terms,
) -> Horizon:
    return horizon_of(
        visits, officers, starts_on=max(today, plan.starts_on), days=days, ends_on=ends_on,
        holidays=holidays, terms=terms,
    )  # fmt: skip


def _with(
    plan: Plan,
    stay: Sequence[Visit],
    planned: Planned,
    holidays: Collection[date] | Holidays,
    terms: Terms,
    *,
    assigned: Assigned | None = None,
) -> Plan:
    """The plan with its new visits, in order; its first notices stay, since they were told."""
    visits = sorted([*stay, *planned.visits], key=_by_day)
    told = [*plan.notices, *(assigned.notices if assigned else ()), *planned.notices,
            *unknown_years(visits, holidays)]  # fmt: skip
    settings = dict(plan.settings)
    effort = plan_settings.of_effort(visits, terms)
    if assigned:
        settings |= {"loads": plan_settings.of_loads(assigned), "imbalance": assigned.imbalance}
    return replace(
        plan,
        visits=visits,
        notices=list(dict.fromkeys(told)),
        settings=settings | {"effort": effort},
    )


def _by_day(visit: Visit) -> tuple[bool, str, date, int]:
    return (visit.officer is None, visit.officer or "", visit.day or date.max, visit.position or 0)
