"""Officers and a plan of visits to the families of `named.py`, for pages of the fieldwork."""

from collections.abc import Sequence
from datetime import date

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, OfficerKind, Plan, Target, Visit
from geo_target.operations.audit import Actor
from tests.web.house import House
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, families
from tests.web.sample import RUN_ID

COORDINATOR = Actor(name="coordinator", role="coordinator")
#: `tests.operations.world.Clock` begins on a day of November 2025, a Saturday.
MONDAY, TUESDAY = date(2025, 11, 24), date(2025, 11, 25)

OFFICERS = (
    Officer("field-officer", "Siti Lapangan", villages=(VILLAGE, SAME_DISTRICT),
            home_village_code=VILLAGE),
    Officer("budi", "Budi Pendamping", OfficerKind.FACILITATOR, home_village_code=OTHER_DISTRICT),
)  # fmt: skip


def targets() -> list[Target]:
    """Families that may be visited, as `targets_of` gives them."""
    return [
        Target(each.family_id, each.village_code, rw=each.rw, rt="005", coverage_state=each.state,
               lon=each.lon, lat=-6.1, location_level="list")
        for each in families() if each.state != "covered"
    ]  # fmt: skip


def add_officers(house: House) -> None:
    for officer in OFFICERS:
        house.field_officers.save(officer, by=COORDINATOR)


def add_plan(house: House, *, title: str = "Kasemen tahap 1") -> tuple[int, list[Visit]]:
    """A plan in which the operator keeps the first district, and Budi has the other one."""
    add_officers(house)
    wanted = targets()
    codes = new_codes(len(wanted), taken=house.visit_plans.codes_taken())
    visits = [
        Visit(
            code,
            target,
            "budi" if target.village_code == OTHER_DISTRICT else "field-officer",
            MONDAY if at < 12 else TUESDAY,
            at + 1,
        )
        for at, (code, target) in enumerate(zip(codes, wanted, strict=True))
    ]
    plan = Plan(RUN_ID, MONDAY, visits)
    return house.visit_plans.add(plan, title=title, by=COORDINATOR), visits


def answer(
    house: House, visits: Sequence[Visit], outcome: str = "found_eligible", *, number: int = 1
) -> None:
    """Answers of the keyboard page, one to each visit."""
    found = [
        Outcome(f"s-{visit.code}-{number}", visit.code, outcome, "keyboard",
                visited_on=MONDAY, programs=())
        for visit in visits
    ]  # fmt: skip
    house.visit_outcomes.take(found, by=COORDINATOR)
