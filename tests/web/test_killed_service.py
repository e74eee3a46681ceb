"""The real service, killed while devices post: what it has acknowledged is there afterwards."""

import http.client
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.device import Device
from benchmarks.planned_visits import add_plan
from benchmarks.service_house import free_port
from geo_target.operations.accounts import Accounts
from geo_target.operations.database import default_url, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.migration import migrate
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.sessions import Sessions
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.archive import read_key
from tests.operations.world import CHEAP, GOOD, ROOT

NAMES = ["wati", "budi", "sari"]
_SERVE = (
    "import sys; from pathlib import Path; from geo_target.web.serving import serve;"
    "from geo_target.web.doors import open_doors; from geo_target.settings import Access;"
    "serve(Path(sys.argv[1]), host='127.0.0.1', port=int(sys.argv[3]),"
    " doors=open_doors(Path(sys.argv[2]), Access()))"
)


class Office:
    """A folder with its key, database, accounts and a plan of visits; a service to be killed."""

    def __init__(self, archive: Path, folder: Path) -> None:
        self.archive, self.folder = archive, folder
        self.key = read_key(folder)
        self.url = default_url(folder)
        migrate(self.url)
        database = open_database(self.url)
        accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), good_for=None)
        users = [accounts.add(name, name.title(), GOOD, "field-officer", [], by=ROOT)
                 for name in NAMES]  # fmt: skip
        self.sessions = [Sessions(database).create(user) for user in users]
        current = archive / (archive / "CURRENT").read_text("utf-8").strip()
        visits = add_plan(VisitPlans(database), FieldOfficers(database), current, names=NAMES,
                          visits=1500)  # fmt: skip
        self.codes = {name: [v.code for v in visits if v.officer == name] for name in NAMES}
        database.close()

    def served(self) -> tuple["subprocess.Popen[bytes]", int]:
        """The service in a process of its own, and its port, once it answers."""
        port = free_port()
        arguments = [str(self.archive), str(self.folder), str(port)]
        child = subprocess.Popen([sys.executable, "-c", _SERVE, *arguments])
        for _ in range(2400):
            with suppress(OSError):
                line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                line.request("GET", "/health")
                line.getresponse().read()
                line.close()
                return child, port
            time.sleep(0.05)
        child.kill()
        raise AssertionError("the service does not answer")

    def kept(self) -> set[str]:
        """Ids of all that stands in the database."""
        database = open_database(self.url)
        standing = VisitOutcomes(database, key=self.key).standing()
        database.close()
        return {each.current.submission_id for each in standing.values()}


@pytest.fixture
def office(named_archive: Path, tmp_path: Path) -> Office:
    return Office(named_archive, tmp_path)


def post_until_it_is_gone(
    port: int, session: str, codes: list[str], acknowledged: list[str]
) -> None:
    device = Device(port, session)
    with suppress(OSError, http.client.HTTPException):
        device.begin()
        for code in codes:
            posted = device.post(code, f"uuid:{code}", "found_eligible")
            assert (posted.status, posted.state) == (200, "new")
            acknowledged.append(posted.submission_id)
    device.close()


def test_every_acknowledged_outcome_is_there(office: Office) -> None:
    acknowledged: list[str] = []
    for turn in range(2):
        child, port = office.served()
        posting = [
            threading.Thread(
                target=post_until_it_is_gone,
                args=(port, session, office.codes[name][turn * 200 :], acknowledged),
            )
            for name, session in zip(NAMES, office.sessions, strict=True)
        ]  # fmt: skip
        before = len(acknowledged)
        for thread in posting:
            thread.start()
        while len(acknowledged) < before + 10 * (turn + 1):
            time.sleep(0.002)
        child.kill()
        child.wait()
        for thread in posting:
            thread.join()
    kept = office.kept()
    assert len(acknowledged) >= 30
    assert set(acknowledged) <= kept
    assert len(kept) - len(acknowledged) <= 2 * len(NAMES)  # those on their way
