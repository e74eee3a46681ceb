"""Which villages a user's by-name views hold: the one function that says it."""

from dataclasses import dataclass

from geo_target.operations.roles import ROLES, Role, Scope, Verb
from geo_target.operations.users import User


@dataclass(frozen=True)
class Visible:
    """Districts whose families somebody may see by name."""

    everywhere: bool = False
    districts: frozenset[str] = frozenset()

    def holds(self, district_code: str) -> bool:
        """Whether families of this district (Kemendagri, dots) are in it."""
        return self.everywhere or district_code in self.districts


#: What is not said to be visible is not.
NOTHING = Visible()


def visible(user: User | None, verb: Verb = Verb.READ_NAMES) -> Visible:
    """What of the area `verb` shows to a user; the same question for every view and format.

    Whoever has no account, a closed one, or a role without the verb is shown nothing; what
    lies outside is to be answered as if it did not exist.

    Parameters
    ----------
    user
        As of this request: a role that was changed counts from then on.
    """
    if user is None or not user.may(verb):
        return NOTHING
    scope = ROLES[Role(user.role)].scope
    if scope is Scope.AREA:
        return Visible(everywhere=True)
    if scope is Scope.DISTRICTS:
        return Visible(districts=frozenset(user.districts))
    return NOTHING  # by assignment: nobody has been given a visit yet
