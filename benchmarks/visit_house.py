"""A copy of a run behind doors, with officers and a plan of visits, served as in earnest."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.planned_visits import add_plan
from benchmarks.service_house import PASSWORD, House, OneHash, free_port, served
from geo_target.fieldwork.visits import Visit
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor
from geo_target.operations.database import default_url, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.migration import migrate
from geo_target.operations.sessions import Sessions
from geo_target.operations.visit_plans import VisitPlans
from geo_target.settings import read_settings

_BY = Actor(name="benchmark", role="admin")
_OPEN, _DOORS = "open_on_loopback = true", "persons_per_hour = 1000000"


@dataclass(frozen=True)
class VisitHouse:
    """The service, its visits, and a session of each officer by name."""

    house: House
    visits: Sequence[Visit]
    sessions: dict[str, str]

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.house.port}"


@contextmanager
def visiting(config: Path, *, officers: int, visits: int) -> Iterator[VisitHouse]:
    """Serve a copy of a demo's run on SQLite, with accounts, a coordinator, and a plan.

    Parameters
    ----------
    config
        geo-target.toml of a finished demo run.
    officers
        Accounts that visit; the visits go to one after another.
    """
    names = [f"petugas-{number:02d}" for number in range(officers)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(config.parent, copy, ignore=shutil.ignore_patterns("lists", "truth"))
        own = copy / config.name
        own.write_text(own.read_text("utf-8").replace(_OPEN, _DOORS), "utf-8")
        url = default_url(copy)
        migrate(url)
        database = open_database(url)
        accounts, tokens = Accounts(database, hasher=OneHash(), good_for=None), Sessions(database)
        users = [accounts.add(name, "Petugas", PASSWORD, "field-officer", [], by=_BY)
                 for name in names]  # fmt: skip
        accounts.add("koordinator", "Ibu Koordinator", PASSWORD, "coordinator", [], by=_BY)
        archive = read_settings(own).archive.folder
        current = archive / (archive / "CURRENT").read_text("utf-8").strip()
        planned = add_plan(VisitPlans(database), FieldOfficers(database), current, names=names,
                           visits=visits)  # fmt: skip
        sessions = {user.name: tokens.create(user) for user in users}
        house = House(copy, url, database, free_port())
        if config.name != "geo-target.toml":
            own.rename(copy / "geo-target.toml")
        try:
            with served(house):
                yield VisitHouse(house, planned, sessions)
        finally:
            database.close()
