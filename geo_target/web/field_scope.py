"""Plans of visits and officers, as far as whoever asks may see them."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from geo_target.errors import Fault, NotFoundError
from geo_target.fieldwork.progress import Followed
from geo_target.fieldwork.visits import Officer
from geo_target.operations.kept_outcomes import Answered
from geo_target.operations.plan_heads import PlanHead
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import Visible, visible
from geo_target.operations.visit_rows import PlannedVisit, Status
from geo_target.web import visitors


@dataclass(frozen=True)
class SeenPlan:
    """A plan, and those of its visits that this request's user sees; never none of them."""

    head: PlanHead
    visits: Sequence[PlannedVisit]
    """Withdrawn ones too, by officer, day and position."""

    @property
    def is_whole(self) -> bool:
        """Whether they are all there are."""
        return len(self.visits) == sum(self.head.counts.values())

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be changed any more."""
        return self.head.closed_at is not None

    @cached_property
    def kept(self) -> list[PlannedVisit]:
        """Visits that are open or closed."""
        return [each for each in self.visits if each.status is not Status.WITHDRAWN]

    @cached_property
    def open(self) -> list[PlannedVisit]:
        """Visits that are still to be made."""
        return [each for each in self.visits if each.status is Status.OPEN]

    @cached_property
    def answers(self) -> Mapping[str, Answered]:
        """What stands of its visits, by code."""
        told = visitors.doors().visit_outcomes.standing(self.head.plan_id)
        return {each.visit.code: told[each.visit.code]
                for each in self.visits if each.visit.code in told}  # fmt: skip

    @property
    def conflicts(self) -> list[Answered]:
        """Visits with answers of which somebody must say which stands."""
        return [answered for answered in self.answers.values() if answered.is_conflict]

    @cached_property
    def followed(self) -> list[Followed]:
        """Visits and what became of them."""
        return [_followed(each, self.answers.get(each.visit.code)) for each in self.kept]


def seen() -> Visible:
    """Where this request's user plans visits."""
    return visible(visitors.user(), Verb.ASSIGN_VISITS)


def plans_seen() -> list[SeenPlan]:
    """Plans with a visit that this user sees, the newest first."""
    store, within = visitors.doors().visit_plans, seen()
    plans = (
        SeenPlan(head, store.visits(plan_id=head.plan_id, within=within))
        for head in reversed(store.plans())
    )
    return [plan for plan in plans if plan.visits]


def plan_seen(plan_id: int) -> SeenPlan:
    """A plan; one without a visit of theirs is like one that is not there.

    Raises
    ------
    NotFoundError
        ``E-PLAN-UNKNOWN``
    """
    store = visitors.doors().visit_plans
    head = next((each for each in store.plans() if each.plan_id == plan_id), None)
    visits = store.visits(plan_id=plan_id, within=seen()) if head else []
    if head is None or not visits:
        visitors.deny(str(plan_id), object_type="plan", verb=Verb.ASSIGN_VISITS)
        raise NotFoundError(
            Fault("E-PLAN-UNKNOWN", id="tidak ada rencana ini", en="there is no such plan")
        )
    return SeenPlan(head, visits)


def officers_seen() -> list[Officer]:
    """Officers whom this user may give visits to: with a village or a home in the own districts."""
    within = seen()
    return [each for each in visitors.doors().field_officers.all() if may_send(each, within)]


def may_send(officer: Officer, within: Visible) -> bool:
    """Whether somebody who plans in `within` may give visits to an officer."""
    home = [officer.home_village_code] if officer.home_village_code else []
    places = [*officer.villages, *home]
    return within.everywhere or any(within.holds(district_of(code)) for code in places)


def may_change(officer: Officer, within: Visible) -> bool:
    """Whether they may change what is known of the officer: all of it lies in `within`."""
    home = [officer.home_village_code] if officer.home_village_code else []
    places = [*officer.villages, *home]
    theirs = bool(places) and all(within.holds(district_of(code)) for code in places)
    return within.everywhere or theirs


def officer_key(name: str) -> str:
    """What stands for an officer in addresses: a person is in none of them."""
    made = hmac.new(visitors.doors().key, f"officer {name}".encode(), hashlib.sha256)
    return made.hexdigest()[:12]


def officer_by_key(key: str, names: Iterable[str | None]) -> str | None:
    """The name among `names` that a key stands for."""
    return next((name for name in names if name and officer_key(name) == key), None)


def district_of(village_code: str) -> str:
    """Code of the district of a village."""
    return village_code.rpartition(".")[0]


def _followed(each: PlannedVisit, answered: Answered | None) -> Followed:
    """A visit as it is followed: an answer that met nobody leaves it open."""
    told = answered.current.outcome if answered else None
    has_point = each.visit.target.lon is not None or (told is not None and told.lon is not None)
    # Ending a plan closes what nobody has answered: that is not done.
    is_closed = each.status is Status.CLOSED and answered is not None
    return Followed(
        visit=each.visit,
        closed_on=_day(each.closed_at) if is_closed else None,
        outcome=told.outcome if told else None,
        has_point=has_point,
    )


def _day(moment: datetime | None) -> date | None:
    """The day where the service stands."""
    return moment.astimezone(visitors.doors().clock().tzinfo).date() if moment else None
