"""Plans of visits in a demo's database: half answered for pictures, or as long as one asks for."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.planning import make_plan
from geo_target.fieldwork.selection import Wanted
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, OfficerKind, Plan, Visit
from geo_target.operations.audit import Actor
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.visit_targets import targets_of
from geo_target.web.doors import Doors
from geo_target.web.store import Snapshot

_BY = Actor(name="screens", role="coordinator")
_FACILITATORS = 20


def plan_visits(doors: Doors, snapshot: Snapshot) -> int:
    """An operator for each village, facilitators, a plan, and outcomes of its first days."""
    villages = list(snapshot.villages.items())
    operators = [
        Officer(_name(at, code), f"Operator {village['village_name']}", villages=(code,),
                home_village_code=code)
        for at, (code, village) in enumerate(villages)
    ]  # fmt: skip
    facilitators = [
        Officer(f"pkh-{at + 1:02}", f"Pendamping {at + 1}", OfficerKind.FACILITATOR,
                home_village_code=villages[at * len(villages) // _FACILITATORS][0])
        for at in range(_FACILITATORS)
    ]  # fmt: skip
    officers = [*operators, *facilitators]
    for officer in officers:
        doors.field_officers.save(officer, by=_BY)
    today = doors.clock().date()
    starts = today - timedelta(days=5)
    plan = make_plan(
        targets_of(snapshot.folder / "exact"), officers, Wanted(states=("uncovered",), limit=2000),
        run_id=snapshot.run_id, starts_on=starts, days=10, today=starts,
    )  # fmt: skip
    number = doors.visit_plans.add(plan, title="Pemutakhiran November", by=_BY)
    dated = [visit for visit in plan.visits if visit.day and visit.day <= today]
    codes = ("found_eligible", "found_eligible", "moved", "empty_house", "better_off")
    outcomes = [
        Outcome(f"s-{visit.code}", visit.code, codes[at % len(codes)], "odk", visited_on=visit.day,
                lon=visit.target.lon, lat=visit.target.lat, programs=())
        for at, visit in enumerate(dated) if at % 5
    ]  # fmt: skip
    again = [Outcome("again", outcomes[0].visit_code, "died", "keyboard", note="menurut ketua RT")]
    taken = doors.visit_plans.codes_taken()
    unknown = [Outcome("x", new_codes(1, taken=taken)[0], "moved", "xlsx")]
    doors.visit_outcomes.take([*outcomes, *again, *unknown], by=_BY)
    return number


def _name(at: int, code: str) -> str:
    """The first one is the account that opens the pages of a field officer."""
    return f"op-{code.replace('.', '')[-8:]}" if at else "field-officer"


def add_plan(
    plans: VisitPlans,
    officers: FieldOfficers,
    snapshot: Path,
    *,
    names: Sequence[str],
    visits: int,
    a_day: int = 12,
    first_day: date | None = None,
) -> list[Visit]:
    """Give the first families of a run to officers, one after another.

    Parameters
    ----------
    snapshot
        The folder of a run, with exact/.
    names
        Accounts of the officers; each is added to those who visit.
    visits
        How many; the families of the run begin anew where they are fewer.
    """
    targets = targets_of(snapshot / "exact")
    codes = new_codes(visits, taken=plans.codes_taken())
    start = first_day or date.today()
    made = []
    for at, code in enumerate(codes):
        own = at // len(names)
        day = start + timedelta(days=own // a_day)
        target = targets[at % len(targets)]
        made.append(Visit(code, target, names[at % len(names)], day, own % a_day + 1))
    for name in names:
        officers.save(Officer(name, f"Petugas {name.title()}"), by=_BY)
    plan = Plan(snapshot.name, start, made)
    plans.add(plan, title="Kunjungan buatan", by=_BY)
    return made
