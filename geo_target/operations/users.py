"""People with an account, as the database holds them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from geo_target.errors import Fault
from geo_target.operations.numbers import holds_number
from geo_target.operations.refusals import AccountError
from geo_target.operations.roles import ROLES, Role, Scope, may
from geo_target.operations.tables import USERS

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
#: Names that the audit log gives to whom it cannot know better.
_RESERVED = frozenset({"command-line", "nobody", "system"})
_MANY_DIGITS = re.compile(r"\d{12}")
_DISTRICT = re.compile(r"\d{2}\.\d{2}\.\d{2}")
_LONGEST_DISPLAY_NAME = 120


@dataclass(frozen=True)
class User:
    """Somebody with an account."""

    id: int
    name: str
    display_name: str
    role: str
    districts: tuple[str, ...]
    """Kemendagri codes; empty where the role's scope is not by district."""
    created_at: datetime
    created_by: str
    password_changed_at: datetime
    disabled_at: datetime | None
    password_good_until: datetime | None = None
    """Until when a password that somebody else has set lets in; None where it is their own."""
    password_used_at: datetime | None = None
    """When it was used: it lets in once."""
    reset_by: str | None = None
    """Who last set another password for them, and when; None: nobody has."""
    reset_at: datetime | None = None

    @property
    def has_given_password(self) -> bool:
        """Whether somebody else knows the password: another has to be chosen first."""
        return self.password_good_until is not None

    def may(self, verb: str) -> bool:
        """Whether the account may do `verb` somewhere; a disabled one may nothing."""
        return self.disabled_at is None and may(self.role, verb)


def user_from(row: Row[Any]) -> User:
    """User of a row that has the columns of USERS."""
    return User(
        id=row.id,
        name=row.name,
        display_name=row.display_name,
        role=row.role,
        districts=tuple(row.districts),
        created_at=row.created_at,
        created_by=row.created_by,
        password_changed_at=row.password_changed_at,
        disabled_at=row.disabled_at,
        password_good_until=row.password_good_until,
        password_used_at=row.password_used_at,
        reset_by=row.reset_by,
        reset_at=row.reset_at,
    )


def find_row(connection: Connection, name: str) -> Row[Any] | None:
    """Row of the account `name`, however its letters are typed."""
    return connection.execute(select(USERS).where(USERS.c.name == normal_name(name))).first()


def existing_row(connection: Connection, name: str) -> Row[Any]:
    """Row of the account `name`; AccountError if there is none."""
    row = find_row(connection, name)
    if row is None:
        raise AccountError(
            Fault(
                "E-USER-UNKNOWN",
                id="tidak ada akun bernama itu; lihat: geo-target users list",
                en="there is no such account; see: geo-target users list",
            )
        )
    return row


def normal_name(name: str) -> str:
    """`name` as it is stored, if it is a name of an account at all."""
    return name.strip().lower()


def check_name(name: str, display_name: str) -> None:
    """Refuse a name that is not of the usual characters, or is a NIK or NIP."""
    if _NAME.fullmatch(name) is None or _MANY_DIGITS.search(name) or name in _RESERVED:
        raise AccountError(
            Fault(
                "E-USER-NAME",
                id="nama pengguna: 2 sampai 40 huruf kecil, angka, titik, garis; "
                "bukan NIK atau NIP",
                en="name of an account: 2 to 40 lower-case letters, digits, dots, dashes; "
                "no NIK and no NIP",
            )
        )
    if not 0 < len(display_name) <= _LONGEST_DISPLAY_NAME or holds_number(display_name):
        raise AccountError(
            Fault(
                "E-USER-DISPLAY-NAME",
                id=f"tulis nama orangnya, paling panjang {_LONGEST_DISPLAY_NAME} karakter, "
                "tanpa NIK",
                en=f"write the person's name, at most {_LONGEST_DISPLAY_NAME} characters, no NIK",
            )
        )


def check_role(role: str, districts: Sequence[str]) -> None:
    """Refuse an unknown role, and districts that do not go with the role."""
    names = [r.value for r in ROLES if r is not Role.PUBLIC]
    if role not in names:
        raise AccountError(
            Fault(
                "E-USER-ROLE",
                id=f"peran tidak dikenal; pilih salah satu: {', '.join(names)}",
                en=f"unknown role; choose one of: {', '.join(names)}",
            )
        )
    by_district = ROLES[Role(role)].scope is Scope.DISTRICTS
    if by_district != bool(districts) or not all(_DISTRICT.fullmatch(d) for d in districts):
        raise AccountError(
            Fault(
                "E-USER-DISTRICTS",
                id="petugas kecamatan perlu kode kecamatan bertitik (NN.NN.NN); peran lain "
                "tidak memakainya",
                en="a district officer needs codes of districts with dots (NN.NN.NN); other "
                "roles have none",
            )
        )
