"""Which villages, families and visits a user's views hold: the one function that says it."""

from dataclasses import dataclass

from geo_target.operations.audit import Actor
from geo_target.operations.roles import ROLES, Role, Scope, Verb, may
from geo_target.operations.users import User

#: What a role by assignment may do with the visits that it was given.
_BY_ASSIGNMENT = frozenset({Verb.READ_OWN_VISITS, Verb.CARRY_VISITS, Verb.RECORD_VISITS})


@dataclass(frozen=True)
class Visible:
    """Districts whose families somebody may see by name, or whose visits are theirs."""

    everywhere: bool = False
    districts: frozenset[str] = frozenset()
    visits_of: str | None = None
    """Account whose visits it holds, and nothing besides."""

    def holds(self, district_code: str) -> bool:
        """Whether families of this district (Kemendagri, dots) are in it."""
        return self.everywhere or district_code in self.districts

    def holds_visit(self, officer: str | None, district_code: str) -> bool:
        """Whether a visit is in it.

        Parameters
        ----------
        officer
            Account name of whoever the visit was given to; None is nobody's.
        district_code
            Of the family.
        """
        is_theirs = self.visits_of is not None and officer == self.visits_of
        return is_theirs or self.holds(district_code)


#: What is not said to be visible is not.
NOTHING = Visible()


def visible(user: User | None, verb: Verb = Verb.READ_NAMES) -> Visible:
    """What of the area `verb` shows to a user; the same question for every view and format.

    Whoever has no account, a closed one, or a role without the verb is shown nothing; what
    lies outside is to be answered as if it did not exist. Which visits somebody may look at is
    asked with `Verb.READ_OWN_VISITS` for a role by assignment, `Verb.READ_NAMES` for others.

    Parameters
    ----------
    user
        As of this request: a role that was changed counts from then on.
    """
    if user is None or user.disabled_at is not None:
        return NOTHING
    return visible_to(Actor(name=user.name, role=user.role, scope=tuple(user.districts)), verb)


def visible_to(by: Actor, verb: Verb) -> Visible:
    """The same for whoever the audit log says it is."""
    if not may(by.role, verb):
        return NOTHING
    scope = ROLES[Role(by.role)].scope
    if scope is Scope.AREA:
        return Visible(everywhere=True)
    if scope is Scope.DISTRICTS:
        return Visible(districts=frozenset(by.scope))
    return Visible(visits_of=by.name) if verb in _BY_ASSIGNMENT else NOTHING
