"""An office whose commands plan visits: a snapshot with names, a database, and accounts."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import Result

from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor, AuditLog
from geo_target.operations.database import Database, default_url, open_database
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import Cost, PasswordHasher
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.operations.visit_rows import PlannedVisit
from geo_target.publishing.archive import read_key
from tests.operations.world import GOOD, ROOT
from tests.test_cli import CONFIG, geo_target
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, add_names, families
from tests.web.sample import write_snapshot

RATNA = Actor(name="ratna", role="coordinator")
#: Districts of `VILLAGE` and of `OTHER_DISTRICT`: 33 open families there, 2 here.
FIRST, SECOND = VILLAGE[:8], OTHER_DISTRICT[:8]
OFFICERS = f"""\
name,display_name,kind,villages,home_village_code,visits_per_day
op.satu,Siti,operator,{VILLAGE} {SAME_DISTRICT},,
op.dua,Wati,operator,{OTHER_DISTRICT},,
pkh-01,Udin,pendamping,,{VILLAGE},10
"""
_ROLES = {"ratna": "coordinator", "rapat": "viewer", "camat": "officer", "dewi": "officer"}
_DISTRICTS = {"camat": [FIRST], "dewi": [SECOND]}


def build(folder: Path) -> None:
    """A run of 35 families that may be visited, and who may sign in; nobody who visits yet."""
    (folder / "geo-target.toml").write_text(CONFIG, encoding="utf-8")
    snapshot = write_snapshot(folder / "archive")
    add_names(snapshot)
    keys = [{"register": "families", "register_family_id": each.family_id,
             "family_id": each.family_id, "is_listed": True} for each in families()]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(keys), snapshot / "exact" / "family_keys.parquet")
    read_key(folder)  # a run has made it
    migrate(default_url(folder))
    database = open_database(default_url(folder))
    accounts = Accounts(database, hasher=PasswordHasher(cost=Cost(n=2**4, r=8, p=1)), good_for=None)
    for name, role in _ROLES.items():
        accounts.add(name, name.title(), GOOD, role, _DISTRICTS.get(name, []), by=ROOT)
    database.close()
    (folder / "petugas.csv").write_text(OFFICERS, "utf-8")


class FieldOffice:
    """The commands of one office, and what its database holds afterwards."""

    def __init__(self, folder: Path, built: Path) -> None:
        shutil.copytree(built, folder, dirs_exist_ok=True)
        self.folder, self.config = folder, folder / "geo-target.toml"

    def plan(self, deed: str, *words: str | Path, by: str | None = "ratna") -> Result:
        return geo_target("plan", deed, self.config, *words, *_signed(by))

    def outcomes(self, deed: str, *words: str | Path, by: str | None = "ratna") -> Result:
        return geo_target("outcomes", deed, self.config, *words, *_signed(by))

    def officers(self) -> Result:
        return done(self.plan("officers", self.folder / "petugas.csv"))

    def made(self, *words: str | Path, by: str = "ratna") -> dict[str, Any]:
        """What `plan make` says as JSON, of a plan that begins on a Tuesday."""
        asked = ("--title", "Verifikasi", "--start", "2031-03-04", "--json", *words)
        told: dict[str, Any] = json.loads(done(self.plan("make", *asked, by=by)).stdout)
        return told

    def carried(self, *, by: str = "ratna") -> Path:
        folder = self.folder / f"bekal-{by}"
        done(self.plan("carry", "1", folder, by=by))
        return folder

    def visits(self) -> list[PlannedVisit]:
        with self._opened() as database:
            return VisitPlans(database).visits()

    def told(self) -> list[dict[str, Any]]:
        """All entries of the audit log."""
        with self._opened() as database:
            return [dict(entry) for entry in AuditLog(database).entries(by=ROOT)]

    def close(self) -> None:
        """End the first plan: nobody goes any more."""
        with self._opened() as database:
            VisitPlans(database).close(1, by=RATNA)

    def take(self, *answers: Outcome) -> None:
        with self._opened() as database:
            VisitOutcomes(database, key=read_key(self.folder)).take(answers, by=RATNA)

    def standing(self) -> dict[str, str]:
        """Outcome that stands, by visit code; of those in conflict with a question mark."""
        with self._opened() as database:
            found = VisitOutcomes(database, key=read_key(self.folder)).standing()
        return {
            code: each.current.outcome.outcome + "?" * each.is_conflict
            for code, each in found.items()
        }

    def _opened(self) -> "_Opened":
        return _Opened(self.folder)


class _Opened:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Database:
        self._database = open_database(default_url(self._folder))
        return self._database

    def __exit__(self, *_: object) -> None:
        self._database.close()


def done(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def _signed(by: str | None) -> list[str]:
    return [] if by is None else ["--by", by, "--password", GOOD]
