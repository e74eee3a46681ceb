"""What the service needs to let people in, opened and checked before it listens."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geo_target.deliveries.delivery import Deliveries
from geo_target.deliveries.queue import ReadingQueue
from geo_target.deliveries.running import Runner
from geo_target.errors import Fault, GeoTargetError
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog, local_now
from geo_target.operations.database import default_url, open_database, parse_url
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.meetings import Meetings
from geo_target.operations.migration import migrate
from geo_target.operations.own_entries import OwnEntries
from geo_target.operations.sessions import Sessions
from geo_target.operations.settlements import Settlements
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.platform import is_private
from geo_target.publishing.archive import KEY_FILE, read_key
from geo_target.settings import Access, Fieldwork, Oidc

if TYPE_CHECKING:
    from geo_target.web.oidc import SingleSignOn

#: Passwords of a database server that everybody tries first.
_DEFAULT_PASSWORDS = frozenset(
    {"postgres", "postgresql", "password", "admin", "root", "secret", "changeme", "geo_target",
     "geo-target", "example", "test", "12345678"}
)  # fmt: skip


class DoorsError(GeoTargetError):
    """The service would start with a door that does not close."""

    exit_code = 2


@dataclass(frozen=True)
class DeliveryRoom:
    """The files of a month, who reads them, and who runs on them."""

    config: Path
    deliveries: Deliveries
    queue: ReadingQueue
    runner: Runner


@dataclass(frozen=True)
class Doors:
    """Accounts, sessions, the audit log and more of a service that people sign in to."""

    accounts: Accounts
    sessions: Sessions
    audit: AuditLog
    settlements: Settlements
    field_officers: FieldOfficers
    visit_plans: VisitPlans
    visit_outcomes: VisitOutcomes
    own_entries: OwnEntries
    meetings: Meetings
    key: bytes
    """The archive's key, from which ids in the audit log are made."""
    hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    persons_per_hour: int = 300
    clock: Callable[[], datetime] = local_now
    single_sign_on: "SingleSignOn | None" = None
    """The agency's own sign-in, where `[oidc]` is set."""
    fieldwork: Fieldwork = field(default_factory=Fieldwork)
    """On what terms visits are planned."""
    delivery_room: DeliveryRoom | None = None
    """None has no page for the files of a month."""

    @property
    def form_secret(self) -> bytes:
        """What signs the tokens of forms: made from the key, and no way back to it."""
        return hmac.new(self.key, b"geo_target: tokens of forms", hashlib.sha256).digest()


def open_doors(
    folder: Path,
    access: Access,
    *,
    database_url: str | None = None,
    oidc: Oidc | None = None,
    fieldwork: Fieldwork | None = None,
    config: Path | None = None,
) -> Doors:
    """Open the operations database and read the key.

    A SQLite database beside the config is made when there is none yet; nobody can sign in
    before `geo-target users add` has made an account.

    Parameters
    ----------
    folder
        The folder of geo-target.toml.
    access
        Its section `[access]`.
    database_url
        None means the SQLite file beside the config.
    oidc
        The section `[oidc]`; None means names and passwords alone.
    fieldwork
        The section `[fieldwork]`; None is the usual terms.
    config
        geo-target.toml, on which the files of a month are run; None has no page for them.

    Raises
    ------
    DoorsError
        ``E-KEY-MISSING``, ``E-KEY-OPEN``, ``E-DATABASE-PASSWORD``, ``E-OIDC-MISSING``.
    SignOnSecretError
        ``E-OIDC-SECRET``, ``E-OIDC-SECRET-OPEN``.
    DatabaseError
        If the database cannot be used as it is.
    """
    key = _key(folder)
    single_sign_on = _single_sign_on(oidc)
    if database_url is None:
        database_url = default_url(folder)
        if not Path(parse_url(database_url).database or "").exists():
            migrate(database_url)
    _refuse_default_password(database_url)
    database = open_database(database_url)
    database.check()
    return Doors(
        accounts=Accounts(database),
        sessions=Sessions(database),
        audit=AuditLog(database),
        settlements=Settlements(database),
        field_officers=FieldOfficers(database),
        visit_plans=VisitPlans(database),
        visit_outcomes=VisitOutcomes(database, key=key),
        own_entries=OwnEntries(database),
        meetings=Meetings(database),
        key=key,
        hosts=access.hosts,
        behind_proxy=access.behind_proxy,
        persons_per_hour=access.persons_per_hour,
        single_sign_on=single_sign_on,
        fieldwork=fieldwork or Fieldwork(),
        delivery_room=open_delivery_room(config) if config else None,
    )


def open_delivery_room(config: Path, *, clock: Callable[[], datetime] = local_now) -> DeliveryRoom:
    """The room beside a configuration; nothing is read in it before somebody comes."""
    deliveries = Deliveries(config, clock=clock)
    return DeliveryRoom(config, deliveries, ReadingQueue(deliveries), Runner(config, deliveries))


def _key(folder: Path) -> bytes:
    path = folder / KEY_FILE
    if not path.is_file():
        raise DoorsError(
            Fault(
                "E-KEY-MISSING",
                id="kunci tidak ada, maka tidak ada yang dapat masuk dengan aman; jalankan "
                "geo-target run (membuatnya), atau kembalikan dari cadangan",
                en="there is no key, so nobody can sign in safely; run geo-target run (which "
                "makes it), or restore it from a backup",
                file=str(path),
            )
        )
    if not is_private(path):
        raise DoorsError(
            Fault(
                "E-KEY-OPEN",
                id="akun lain di mesin ini dapat membaca kunci; jalankan: chmod 600 pada "
                "berkas ini",
                en="other accounts of this machine can read the key; run: chmod 600 on this file",
                file=str(path),
            )
        )
    return read_key(folder)


def _single_sign_on(oidc: Oidc | None) -> "SingleSignOn | None":
    if oidc is None:
        return None
    try:
        from geo_target.web.oidc import open_single_sign_on  # noqa: PLC0415  # an extra
    except ImportError:
        raise DoorsError(
            Fault(
                "E-OIDC-MISSING",
                id='[oidc] memerlukan Authlib; jalankan: pip install "geo-target[oidc]", '
                "atau hapus bagian itu",
                en='[oidc] needs Authlib; run: pip install "geo-target[oidc]", or delete the '
                "section",
                column="oidc",
            )
        ) from None
    return open_single_sign_on(oidc)


def _refuse_default_password(url: str) -> None:
    parsed = parse_url(url)
    password = str(parsed.password or "").casefold()
    if password and (password in _DEFAULT_PASSWORDS or password == parsed.username):
        raise DoorsError(
            Fault(
                "E-DATABASE-PASSWORD",
                id="sandi basis data ini adalah sandi bawaan yang dicoba semua orang; "
                "ganti di server PostgreSQL dan di alamatnya",
                en="this password of the database is a default that everybody tries; change "
                "it on the PostgreSQL server and in the URL",
            )
        )
