"""A plan of visits to the families of `named`: two officers, three villages, codes that check."""

from dataclasses import dataclass
from datetime import date
from random import Random

from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Officer, Plan, Target, Visit
from geo_target.operations.audit import Actor
from tests.web.house import House
from tests.web.named import OTHER_DISTRICT, VILLAGE, Private, families
from tests.web.sample import RUN_ID

RATNA = Actor(name="coordinator", role="coordinator")
#: The account of the role, and a second one.
WATI, BUDI = "field-officer", "field-officer-2"
MONDAY, TUESDAY = date(2025, 10, 6), date(2025, 10, 7)

#: Number of the family in `named`, whose it is, and when: codes are given in this order.
_GIVEN = (
    (1, WATI, MONDAY), (2, WATI, MONDAY), (3, WATI, TUESDAY), (37, BUDI, MONDAY),
    (38, BUDI, MONDAY), (7, None, None),
)  # fmt: skip
CODES = dict(
    zip((each[0] for each in _GIVEN), new_codes(len(_GIVEN), taken=(), rng=Random(7)), strict=True)
)


@dataclass(frozen=True)
class Planned:
    """A plan in a house: its number, and the code of the visit to each family."""

    plan_id: int
    codes: dict[int, str]


def plan_visits(house: House) -> Planned:
    """Three visits for Wati on two days, two for Budi in the other district, one for nobody."""
    house.add(BUDI, "field-officer")
    for name, village in ((WATI, VILLAGE), (BUDI, OTHER_DISTRICT)):
        house.field_officers.save(Officer(name, f"Ibu {name.title()}", villages=(village,)),
                                  by=RATNA)  # fmt: skip
    people = {each.number: each for each in families()}
    visits = [
        Visit(CODES[number], target_of(people[number]), officer=who, day=day, position=at)
        for at, (number, who, day) in enumerate(_GIVEN, start=1)
    ]
    plan_id = house.visit_plans.add(Plan(RUN_ID, MONDAY, visits), title="Oktober", by=RATNA)
    return Planned(plan_id, dict(CODES))


def target_of(family: Private) -> Target:
    """A family of `named` as a plan knows it."""
    is_uncovered = family.state == "uncovered"
    return Target(
        family.family_id, family.village_code, rw=family.rw, rt="005",
        coverage_state=family.state, reason="eligible_not_enrolled" if is_uncovered else None,
        location_level="list", lon=family.lon, lat=-6.1,
    )  # fmt: skip
