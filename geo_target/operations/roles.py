"""Who may do what: one table. What is not in it is denied, and nothing switches it off."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Verb(StrEnum):
    """Something that can be done."""

    PUBLIC_MAP = "map.public.read"
    """What audience `public` gets."""
    MEETING_MAP = "map.meeting.read"
    """What audience `meeting` gets."""
    EDIT_MEETING = "meeting.edit"
    """Meetings and their decisions."""
    EXACT_COUNTS = "counts.exact.read"
    """Counts of villages under the smallest count."""
    UPLOAD = "list.upload"
    """Hand in lists."""
    OWN_QUARANTINE = "quarantine.own.read"
    """Rows set aside from the lists one has handed in."""
    START_RUN = "run.start"
    """Make a snapshot, and propose it for publication."""
    APPROVE = "snapshot.approve"
    """Publish what somebody else proposed."""
    READ_NAMES = "family.read"
    """Names, addresses, points and status of families."""
    REVEAL_NATIONAL_ID = "national-id.reveal"
    """One whole NIK, with a reason."""
    EXPORT_NAMES = "family.export"
    """Lists of names to take away."""
    SETTLE_PAIRS = "pair.settle"
    """Say whether two records are one family."""
    ASSIGN_VISITS = "visit.assign"
    """Plan visits, and give them to people."""
    READ_OWN_VISITS = "visit.own.read"
    """Names, addresses and points of the visits one has been given, until they are closed."""
    CARRY_VISITS = "visit.carry"
    """Papers, sheets and map files of planned visits, to be carried to the door."""
    RECORD_VISITS = "visit.record"
    """What a visit found."""
    READ_PSEUDONYMS = "pseudonym.read"
    """Families under pseudonyms, points to 3 decimals."""
    EXPORT_PSEUDONYMS = "pseudonym.export"
    """The same, to take away."""
    READ_AUDIT = "audit.read"
    """Who did and saw what."""
    MANAGE_USERS = "user.manage"
    """Accounts and their roles."""


#: What leads to families themselves, by name or under a pseudonym.
NAMING_VERBS = (Verb.READ_NAMES, Verb.READ_OWN_VISITS, Verb.READ_PSEUDONYMS)


class Scope(StrEnum):
    """Of which families or villages the verbs of a role hold."""

    AREA = "area"
    DISTRICTS = "districts"
    ASSIGNED = "assigned"


class Role(StrEnum):
    """What an account is for."""

    PUBLIC = "public"
    VIEWER = "viewer"
    SECRETARY = "secretary"
    OPERATOR = "operator"
    OFFICER = "officer"
    FIELD_OFFICER = "field-officer"
    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class RoleRule:
    """One row of the table."""

    id: str
    en: str
    scope: Scope
    verbs: frozenset[Verb]


def _rule(id_: str, en: str, scope: Scope, *verbs: Verb) -> RoleRule:
    return RoleRule(id_, en, scope, frozenset(verbs))


_MAPS = (Verb.PUBLIC_MAP, Verb.MEETING_MAP)

ROLES: Mapping[Role, RoleRule] = MappingProxyType(
    {
        Role.PUBLIC: _rule("publik", "public", Scope.AREA, Verb.PUBLIC_MAP),
        Role.VIEWER: _rule("peserta rapat", "meeting viewer", Scope.AREA, *_MAPS),
        Role.SECRETARY: _rule(
            "sekretaris rapat", "meeting secretary", Scope.AREA, *_MAPS, Verb.EDIT_MEETING
        ),
        Role.OPERATOR: _rule(
            "operator data", "operator", Scope.AREA, *_MAPS,
            Verb.UPLOAD, Verb.OWN_QUARANTINE, Verb.START_RUN,
        ),
        Role.OFFICER: _rule(
            "petugas kecamatan", "district officer", Scope.DISTRICTS, *_MAPS,
            Verb.EXACT_COUNTS, Verb.READ_NAMES, Verb.REVEAL_NATIONAL_ID, Verb.EXPORT_NAMES,
            Verb.ASSIGN_VISITS, Verb.CARRY_VISITS, Verb.RECORD_VISITS,
        ),
        Role.FIELD_OFFICER: _rule(
            "petugas lapangan", "field officer", Scope.ASSIGNED, *_MAPS,
            Verb.READ_OWN_VISITS, Verb.CARRY_VISITS, Verb.RECORD_VISITS,
        ),
        Role.COORDINATOR: _rule(
            "koordinator", "coordinator", Scope.AREA, *_MAPS,
            Verb.EXACT_COUNTS, Verb.READ_NAMES, Verb.SETTLE_PAIRS, Verb.ASSIGN_VISITS,
            Verb.RECORD_VISITS, Verb.CARRY_VISITS,
        ),
        Role.ANALYST: _rule(
            "analis", "analyst", Scope.AREA, *_MAPS,
            Verb.EXACT_COUNTS, Verb.READ_PSEUDONYMS, Verb.EXPORT_PSEUDONYMS, Verb.START_RUN,
        ),
        Role.APPROVER: _rule("penyetuju", "approver", Scope.AREA, *_MAPS, Verb.APPROVE),
        Role.AUDITOR: _rule("auditor", "auditor", Scope.AREA, Verb.PUBLIC_MAP, Verb.READ_AUDIT),
        Role.ADMIN: _rule(
            "admin", "administrator", Scope.AREA,
            Verb.PUBLIC_MAP, Verb.READ_AUDIT, Verb.MANAGE_USERS,
        ),
    }
)  # fmt: skip


def may(role: str, verb: str) -> bool:
    """Whether `role` may do `verb`; an unknown role or verb is denied.

    Within which districts or visits is a second question, that the scope answers.
    """
    try:
        return Verb(verb) in ROLES[Role(role)].verbs
    except (ValueError, KeyError):
        return False
