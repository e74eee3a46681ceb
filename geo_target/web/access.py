"""Who may open which page: every view says it, and a view that does not is never served."""

from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from flask import abort, current_app, g, request
from flask_login import current_user  # type: ignore[import-untyped]
from werkzeug.exceptions import Forbidden, Unauthorized

from geo_target.operations.roles import Role, Verb, may
from geo_target.web.visitors import deny, is_loopback, is_loopback_name, session, user

View = TypeVar("View", bound=Callable[..., object])

#: What only a proxy adds: behind one, everybody seems to sit at this machine.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")


class Access(StrEnum):
    """What a view shows, and so who may open it."""

    PUBLIC = "public"
    """Nothing from the data: styles, scripts, signing in, whether the service lives."""
    PUBLISHED = "published"
    """What audience `public` gets."""
    CHOOSING = "choosing"
    """The choice of an own password: the one page for who came with somebody else's."""
    SIGNED_IN = "signed-in"
    """One's own account."""
    AGGREGATES = "aggregates"
    """What audience `meeting` gets."""
    EXACT = "exact"
    """Counts under the smallest one: of which districts is asked once more, of `visible(user)`."""
    BY_NAME = "by-name"
    """Families by name: of whom is asked once more, of `visible(user)`."""
    PAIRS = "pairs"
    """Doubtful pairs of families by name, to be settled: `visible(user)` is asked too."""
    DELIVERIES = "deliveries"
    """The files handed in for a month, and what of them is unusable."""
    OWN_ROWS = "own-rows"
    """Rows to mend of a file: whether one handed it in oneself is asked once more."""
    VISITS = "visits"
    """The open visits that one was given: whose they are is asked of `visible(user)`."""
    RECORD = "record"
    """What visits found, written down: of which visits is asked once more."""
    RUN = "run"
    """Making a snapshot of the files handed in."""
    PLANS = "plans"
    """Plans of visits without names: of which districts is asked once more."""
    CARRY = "carry"
    """Papers and files of planned visits: whose visits is asked once more."""
    NAME_FILES = "name-files"
    """Families by name as a file: of whom is asked once more, of `visible(user)`."""
    REVEAL = "reveal"
    """One whole NIK: of whom is asked once more, of `visible(user)`."""
    PSEUDONYMS = "pseudonyms"
    """Families without names: of which districts is asked once more."""
    PSEUDONYM_FILES = "pseudonym-files"
    """The same to take away."""
    AUDIT = "audit"
    """Who did and saw what: accounts and codes of villages, no persons."""
    ACCOUNTS = "accounts"
    """Everybody's account."""
    MEETINGS = "meetings"
    """Meetings and their decisions, to be written down."""
    PACKS = "packs"
    """The same of all officers of a plan, with names: of which districts is asked once more."""


#: What a role must be able to do, all of it. Whoever runs has seen the files' reports.
VERBS = MappingProxyType(
    {
        Access.PUBLISHED: (Verb.PUBLIC_MAP,),
        Access.AGGREGATES: (Verb.MEETING_MAP,),
        Access.EXACT: (Verb.EXACT_COUNTS,),
        Access.BY_NAME: (Verb.READ_NAMES,),
        Access.PAIRS: (Verb.READ_NAMES, Verb.SETTLE_PAIRS),
        Access.DELIVERIES: (Verb.UPLOAD,),
        Access.OWN_ROWS: (Verb.UPLOAD, Verb.OWN_QUARANTINE),
        Access.VISITS: (Verb.READ_OWN_VISITS,),
        Access.RECORD: (Verb.RECORD_VISITS,),
        Access.RUN: (Verb.UPLOAD, Verb.START_RUN),
        Access.PLANS: (Verb.ASSIGN_VISITS, Verb.EXACT_COUNTS),
        Access.CARRY: (Verb.CARRY_VISITS,),
        Access.NAME_FILES: (Verb.READ_NAMES, Verb.EXPORT_NAMES),
        Access.REVEAL: (Verb.READ_NAMES, Verb.REVEAL_NATIONAL_ID),
        Access.PSEUDONYMS: (Verb.READ_PSEUDONYMS,),
        Access.PSEUDONYM_FILES: (Verb.READ_PSEUDONYMS, Verb.EXPORT_PSEUDONYMS),
        Access.AUDIT: (Verb.READ_AUDIT,),
        Access.ACCOUNTS: (Verb.MANAGE_USERS,),
        Access.MEETINGS: (Verb.MEETING_MAP, Verb.EDIT_MEETING),
        Access.PACKS: (Verb.ASSIGN_VISITS, Verb.CARRY_VISITS),
    }
)
#: Nothing of these stays in a browser or between it and us.
_NEVER_KEPT = frozenset(Access) - {Access.PUBLIC, Access.PUBLISHED, Access.AGGREGATES}


#: Of what is looked at, and must not stay on a screen. The page of a visit does: whoever fills
#: it in at a door without a network would lose the answers.
_NAMING = frozenset(
    {Access.BY_NAME, Access.NAME_FILES, Access.REVEAL, Access.PAIRS, Access.PSEUDONYMS}
)


class SignInNeededError(Unauthorized):
    """Nobody is signed in."""


class OwnPasswordNeededError(Forbidden):
    """Somebody is signed in with a password that another person has set."""


class RoleRefusedError(Forbidden):
    """Somebody is signed in whose role does not open this."""


def shows(level: Access) -> Callable[[View], View]:
    """Declare what a view shows."""

    def declare(view: View) -> View:
        view.access = level  # type: ignore[attr-defined]
        return view

    return declare


def grant_loopback() -> None:
    """Let this machine's own browser act as audience `meeting`, and nobody else do anything."""
    if not is_loopback_name(request.host):
        abort(400)
    if not is_loopback(request.remote_addr) or any(name in request.headers for name in _FORWARDED):
        abort(403)
    g.granted = frozenset({Access.PUBLISHED, Access.AGGREGATES})


def enforce() -> None:
    """Refuse a request unless its view declares a level that the visitor has."""
    if request.endpoint is None:
        return
    g.level = level = getattr(current_app.view_functions[request.endpoint], "access", None)
    if level is None:
        raise RuntimeError(f"{request.endpoint} declares no access level")
    if level is Access.PUBLIC or level in g.get("granted", ()) or is_open(level):
        return
    if not current_user.is_authenticated:
        raise SignInNeededError
    if must_choose_password():
        raise OwnPasswordNeededError
    deny(request.endpoint)
    raise RoleRefusedError


def is_never_kept() -> bool:
    """Whether the reply must leave no copy."""
    return g.get("level") in _NEVER_KEPT


def names_people() -> bool:
    """Whether the page of this request names people, and nobody fills in a long form on it."""
    return g.get("level") in _NAMING


def must_choose_password() -> bool:
    """Whether this request's session opens nothing but the choice of an own password."""
    found = session()
    return found is not None and found.is_for_password


def is_open(level: Access) -> bool:
    """Whether the role of this request's user opens the level."""
    if "granted" in g:
        return False
    somebody = user()
    if must_choose_password():
        return level is Access.CHOOSING
    if level in {Access.SIGNED_IN, Access.CHOOSING}:
        return somebody is not None
    return all(
        may(Role.PUBLIC, verb) if somebody is None else somebody.may(verb) for verb in VERBS[level]
    )
