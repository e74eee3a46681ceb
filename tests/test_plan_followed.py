"""Plans on the command line: whose package, what is done, what is withdrawn."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from geo_target.fieldwork.odk_csv import write_odk_csv
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_codes import new_codes
from geo_target.fieldwork.visits import Plan, Visit
from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import Actor
from geo_target.operations.database import default_url, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.migration import migrate
from geo_target.operations.visit_plans import VisitPlans
from geo_target.publishing.archive import read_key
from tests.operations.world import GOOD, ROOT
from tests.test_cli import CONFIG, geo_target, one_object
from tests.web.named import add_names
from tests.web.sample import RUN_ID, write_snapshot
from tests.web.visited import OFFICERS, targets

RATNA = Actor(name="ratna", role="coordinator")
BY = ("--by", "ratna", "--password", GOOD)
LAST_WEEK = date.today() - timedelta(days=7)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two officers and a plan: one visit for Budi, three for the operator, all a week late."""
    (tmp_path / "geo-target.toml").write_text(CONFIG, encoding="utf-8")
    add_names(write_snapshot(tmp_path / "archive"))
    read_key(tmp_path)  # a run has made it
    migrate(default_url(tmp_path))
    database = open_database(default_url(tmp_path))
    Accounts(database, good_for=None).add("ratna", "Ratna", GOOD, "coordinator", by=ROOT)
    for officer in OFFICERS:
        FieldOfficers(database).save(officer, by=RATNA)
    whom = [*targets()[:3], targets()[-1]]
    visits = [
        Visit(code, target, "budi" if at == 3 else "field-officer", LAST_WEEK, at)
        for at, (code, target) in enumerate(zip(new_codes(4, taken=()), whom, strict=True))
    ]
    VisitPlans(database).add(Plan(RUN_ID, LAST_WEEK, visits), title="Oktober", by=RATNA)
    database.close()
    return tmp_path / "geo-target.toml"


def codes(config: Path) -> list[str]:
    shown = one_object(geo_target("plan", "show", config, "1", "--json"))["visits"]
    return [each["visit_code"] for each in sorted(shown, key=lambda one: one["position"])]


def status(config: Path) -> dict[str, tuple[int, int, int]]:
    rows = one_object(geo_target("outcomes", "status", config, "1", "--json"))["rows"]
    return {each["who"]: (each["all"], each["done"], each["late"]) for each in rows}


def test_the_package_of_an_officer_holds_no_visit_of_another(config: Path) -> None:
    pytest.importorskip("typst")
    bekal = config.parent / "bekal"
    done = geo_target("plan", "carry", config, "1", bekal, *BY)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(bekal / "petugas" / "budi-odk.zip") as packed:
        text = packed.read("kunjungan.csv").decode()
    assert [code in text for code in codes(config)] == [False, False, False, True]


def test_only_what_was_answered_is_done(config: Path) -> None:
    """Ending a plan closes what nobody has answered; that is not done."""
    assert status(config) == {"budi": (1, 0, 1), "field-officer": (3, 0, 3)}
    file = config.parent / "odk.csv"
    found = Outcome("uuid:s1", codes(config)[0], "found_eligible", "odk")
    file.write_bytes(write_odk_csv([found]))
    for taken in ("1 baru", "1 sudah ada"):
        told = geo_target("outcomes", "import", config, file, *BY)
        assert (told.exit_code, taken in told.stdout) == (0, True), told.output
    database = open_database(default_url(config.parent))
    VisitPlans(database).close(1, by=RATNA)
    database.close()
    assert status(config) == {"budi": (1, 0, 1), "field-officer": (3, 1, 2)}


def test_what_was_withdrawn_takes_no_room_when_a_plan_is_made_anew(config: Path) -> None:
    database = open_database(default_url(config.parent))
    VisitPlans(database).withdraw(codes(config)[1:3], by=RATNA, reason="pindah rencana")
    FieldOfficers(database).remove("budi", by=RATNA)
    database.close()
    made = one_object(geo_target("plan", "remake", config, "1", "--json", *BY))
    assert (made["visits"], made["most"], made["ownerless"]) == (2, 2, 0)
