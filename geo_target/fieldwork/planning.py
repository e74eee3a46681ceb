"""From families and officers to days: the table of contents of a plan."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from geo_target.fieldwork.selection import Selection, Wanted, by_place, select
from geo_target.fieldwork.terms import Terms
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, Plan, Target, Visit


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
    holidays: Collection[date] = frozenset(),
    taken_codes: Collection[str] = frozenset(),
    locked: Sequence[Visit] = (),
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
        an officer and no day, and the notice ``N-PLAN-LEFT`` says so.
    today
        When this is planned; nothing is planned before it.
    holidays
        Days without visits besides `terms.rest_days`, see holidays.py.
    taken_codes
        Every code that was ever given.
    locked
        Visits that somebody has assigned by hand: they are planned whether `wanted` asks for
        them or not, under their code and with their officer.
    values
        Expected confirmations an hour by family id (visit_values.py), for the order 'value'.

    Returns
    -------
    Plan
        By officer, day and position. `settings` can be written as JSON: ``wanted``,
        ``skipped`` {reason: visits}, ``loads`` [{officer, visits, capacity, share}],
        ``imbalance`` (greatest distance from the mean of those who share, a share),
        ``effort`` {visits, officer_days, days, ends_on, rupiah, ...}, ``travel``
        {basis, routed_days, ...}. What is not computed is absent.
    """
    chosen = select(targets, wanted, today=max(today, starts_on), values=values)
    visits = _as_visits(chosen, locked, taken_codes)
    working = _working_days(starts_on, days, ends_on, holidays, terms or Terms())
    planned = _by_village(visits, officers, working)
    settings = {"skipped": dict(chosen.skipped)}
    return Plan(run_id, starts_on, planned, settings=settings)


def replan(
    plan: Plan,
    officers: Sequence[Officer],
    *,
    today: date,
    done: Collection[str] = frozenset(),
    holidays: Collection[date] = frozenset(),
    days: int | None = None,
    ends_on: date | None = None,
    terms: Terms | None = None,
) -> Plan:
    """The plan after officers have left or come: only what must move does.

    Parameters
    ----------
    officers
        Who is there now. Open visits of anybody else go to others, all else stays with its
        officer, day and position.
    done
        Codes of visits that have an answer.
    days, ends_on
        As in `make_plan`, from `today` on; neither: as many days as it takes.
    """
    here = {officer.name for officer in officers}
    open_ = [v for v in plan.visits if v.code not in done and v.officer not in here]
    working = _working_days(today, days, ends_on, holidays, terms or Terms())
    moved = {v.code: v for v in _by_village(open_, officers, working)}
    return replace(plan, visits=[moved.get(v.code, v) for v in plan.visits])


def _as_visits(
    chosen: Selection, locked: Sequence[Visit], taken_codes: Collection[str]
) -> list[Visit]:
    kept = {visit.target.family_id for visit in locked}
    targets = [t for t in chosen.targets if t.family_id not in kept]
    taken = {*taken_codes, *(visit.code for visit in locked)}
    codes = new_codes(len(targets), taken=taken)
    return [*locked, *(Visit(c, t) for c, t in zip(codes, targets, strict=True))]


def _working_days(
    starts_on: date,
    days: int | None,
    ends_on: date | None,
    holidays: Collection[date],
    terms: Terms,
) -> list[date]:
    found: list[date] = []
    day, wanted = starts_on, 366 if days is None else days
    while len(found) < wanted and (ends_on is None or day <= ends_on):
        if day.weekday() not in terms.rest_days and day not in holidays:
            found.append(day)
        day += timedelta(days=1)
    return found


def _by_village(
    visits: Sequence[Visit], officers: Sequence[Officer], working: Sequence[date]
) -> list[Visit]:
    by_officer: dict[str | None, list[Visit]] = defaultdict(list)
    known = {officer.name: officer for officer in officers}
    for visit in visits:
        village = visit.target.village_code
        keepers = [o.name for o in officers if village in o.villages] or list(known)
        held = visit.officer if visit.is_locked and visit.officer in known else None
        name = held or min(keepers, key=lambda k: len(by_officer[k]), default=None)
        by_officer[name].append(replace(visit, officer=name))
    planned = []
    for name, theirs in by_officer.items():
        rate = known[name].visits_per_day if name else len(theirs)
        free = [d for d in working if name is None or d not in known[name].days_off]
        for place, visit in enumerate(sorted(theirs, key=lambda v: by_place(v.target))):
            number, position = divmod(place, rate)
            day = free[number] if name and number < len(free) else None
            planned.append(replace(visit, day=day, position=position + 1 if day else None))
    return planned
