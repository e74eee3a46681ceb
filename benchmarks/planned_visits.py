"""A plan of visits in a demo's database, half answered, for pictures of its pages."""

from datetime import timedelta

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.planning import make_plan
from geo_target.fieldwork.selection import Wanted
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, OfficerKind
from geo_target.operations.audit import Actor
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
