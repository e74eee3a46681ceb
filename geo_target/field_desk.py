"""What the commands of visits work on: the snapshot that is shown, and the database beside it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from geo_target.errors import DataRefusedError, Fault, NotFoundError
from geo_target.fieldwork.visits import Target
from geo_target.intake.profiles import profile_named
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.archive import Archive
from geo_target.publishing.keys import kept_key
from geo_target.publishing.visit_targets import base_ids, targets_of
from geo_target.settings import Settings, read_settings
from geo_target.web.names import NamesRefusedError, names_of
from geo_target.web.store import NoSnapshotError, Snapshot, Store

_KEYS = "exact/family_keys.parquet"


@dataclass(frozen=True)
class Desk:
    """Settings, key and database of a configuration, and its snapshot once it is asked for."""

    config: Path
    settings: Settings
    key: bytes
    database: Database

    @property
    def officers(self) -> FieldOfficers:
        """Who visits."""
        return FieldOfficers(self.database)

    @property
    def plans(self) -> VisitPlans:
        """Plans and their visits."""
        return VisitPlans(self.database)

    @property
    def outcomes(self) -> VisitOutcomes:
        """What visits found."""
        return VisitOutcomes(self.database, key=self.key)

    def signed_in(self, name: str, password: str) -> Actor:
        """Whoever an account belongs to: on a machine that several share the log has to know."""
        user = Accounts(self.database).sign_in(name, password)
        return Actor(name=user.name, role=user.role, scope=tuple(user.districts))

    def snapshot(self) -> Snapshot:
        """The snapshot that signed-in people see.

        Raises
        ------
        NotFoundError
            ``E-PLAN-NO-RUN``.
        """
        try:
            return Store(self.settings.archive.folder).current().snapshot
        except NoSnapshotError:
            raise NotFoundError(_NO_RUN) from None

    def exact(self, snapshot: Snapshot) -> Path:
        """Its folder of persons.

        Raises
        ------
        DataRefusedError
            If its names may not be shown today: papers, retention, damaged files.
        """
        try:
            return names_of(snapshot, more=[_KEYS])
        except NamesRefusedError as error:
            raise DataRefusedError(error.fault) from None

    def free_targets(self, snapshot: Snapshot) -> list[Target]:
        """Families that may be visited and are in no open plan, with their last visit."""
        last = self.plans.last_visits()
        busy = {each.visit.target.family_id for each in self.plans.visits(open_only=True)}
        found = targets_of(self.exact(snapshot))
        return [
            target.as_visited(last.get(target.family_id))
            for target in found
            if target.family_id not in busy
        ]

    def base_ids(self, snapshot: Snapshot, *, asked: Collection[str] = ()) -> Mapping[str, str]:
        """Ids that lists have by the archive's; see `visit_targets.base_ids`."""
        base = profile_named(self.settings.registry.base).register_name
        return base_ids(self.exact(snapshot), base, asked=asked)


@contextmanager
def open_desk(config: Path, url: str | None) -> Iterator[Desk]:
    """Open what the commands need; `url` is of the database, None is the file beside `config`."""
    settings = read_settings(config)
    folder = config.resolve().parent
    with closing(open_database(url or default_url(folder))) as database:
        key = kept_key(folder, Archive(settings.archive.folder))
        yield Desk(config, settings, key, database)


def village_codes(snapshot: Snapshot) -> list[str]:
    """Codes of the villages of a snapshot."""
    return sorted(snapshot.villages)


def village_names(snapshot: Snapshot) -> dict[str, str]:
    """Names of villages by code."""
    return {code: str(row["village_name"]) for code, row in snapshot.villages.items()}


_NO_RUN = Fault(
    "E-PLAN-NO-RUN",
    id="belum ada hasil utuh untuk direncanakan; jalankan geo-target run lebih dahulu",
    en="there is no whole run to plan on yet; run geo-target run first",
)
