"""A service with doors: an account for each role, and browsers that sign in."""

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select
from werkzeug.test import TestResponse

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database, open_database
from geo_target.operations.field_officers import FieldOfficers
from geo_target.operations.meetings import Meetings
from geo_target.operations.migration import migrate
from geo_target.operations.own_entries import OwnEntries
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.roles import ROLES, Role
from geo_target.operations.sessions import Sessions
from geo_target.operations.settlements import Settlements
from geo_target.operations.tables import AUDIT_LOG, USERS
from geo_target.operations.visit_outcomes import VisitOutcomes
from geo_target.operations.visit_plans import VisitPlans
from geo_target.web.app import create_app
from geo_target.web.doors import DeliveryRoom, Doors, open_delivery_room
from tests.operations.world import CHEAP, GOOD, ROOT, Clock

SITE = "https://geo.example"
KEY = b"k" * 32


class House:
    """The app, its database, and who may sign in; all with the same password.

    `builder` makes accounts whose owners have chosen their passwords already.
    """

    def __init__(
        self,
        archive: Path,
        database: Database,
        *,
        persons_per_hour: int = 300,
        config: Path | None = None,
    ) -> None:
        self.database = database
        self.clock = Clock()
        hasher = PasswordHasher(cost=CHEAP)
        self.accounts = Accounts(database, hasher=hasher, clock=self.clock)
        self.builder = Accounts(database, hasher=hasher, clock=self.clock, good_for=None)
        self.sessions = Sessions(database, clock=self.clock)
        self.audit = AuditLog(database, clock=self.clock)
        self.settlements = Settlements(database, clock=self.clock)
        self.field_officers = FieldOfficers(database, clock=self.clock)
        self.visit_plans = VisitPlans(database, clock=self.clock)
        self.visit_outcomes = VisitOutcomes(database, key=KEY, clock=self.clock)
        self.own_entries = OwnEntries(database, clock=self.clock)
        self.meetings = Meetings(database, clock=self.clock)
        self.doors = Doors(
            accounts=self.accounts, sessions=self.sessions, audit=self.audit,
            settlements=self.settlements, field_officers=self.field_officers,
            visit_plans=self.visit_plans, visit_outcomes=self.visit_outcomes,
            own_entries=self.own_entries, meetings=self.meetings, key=KEY,
            hosts=("geo.example",), persons_per_hour=persons_per_hour,
            clock=self.clock,
            delivery_room=open_delivery_room(config, clock=self.clock) if config else None,
        )  # fmt: skip
        self.app: Flask = create_app(archive, doors=self.doors)
        with database.writing() as connection:
            for table, rows in _opened().items():
                connection.execute(insert(table), rows)

    def add(self, name: str, role: str, *, district: str = "36.73.01") -> None:
        _add(self.builder, name, role, district)

    @property
    def room(self) -> DeliveryRoom:
        """Where files of a month are handed in; only of a house with a configuration."""
        assert self.doors.delivery_room is not None
        return self.doors.delivery_room

    def browser(self) -> FlaskClient:
        """A browser that nobody has signed in with."""
        return self.app.test_client()

    def signed_in(self, name: str) -> FlaskClient:
        browser = self.browser()
        assert sign_in(browser, name).status_code == 303
        return browser

    def actions(self) -> list[tuple[str, str, str, str]]:
        """Actor, verb, object and result of all that the audit log holds."""
        return [
            (row["actor"], row["verb"], row["object_id"], row["result"])
            for row in self.audit.entries(by=ROOT)
        ]


def _add(accounts: Accounts, name: str, role: str, district: str) -> None:
    districts = [district] if role == Role.OFFICER else []
    accounts.add(name, f"Ibu {name.title()}", GOOD, role, districts, by=ROOT)


@cache
def _opened() -> dict[Table, list[dict[str, Any]]]:
    """What a house holds at first, by table: who may sign in, and the log of their adding.

    Each house would add them again, a transaction and an entry of the log each.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/operations.sqlite"
        migrate(url)
        database = open_database(url)
        accounts = Accounts(
            database, hasher=PasswordHasher(cost=CHEAP), clock=Clock(), good_for=None
        )
        for role in ROLES:
            if role is not Role.PUBLIC:
                _add(accounts, role.value, role.value, "36.73.01")
        _add(accounts, "officer-2", "officer", "36.73.02")
        with database.reading() as connection:
            # Without their ids: PostgreSQL would give the first one's to the next.
            users = select(*(column for column in USERS.c if column.name != "id"))
            asked = {
                USERS: users.order_by(USERS.c.id),
                AUDIT_LOG: select(AUDIT_LOG).order_by("seq"),
            }
            rows = {
                table: [dict(row) for row in connection.execute(query).mappings()]
                for table, query in asked.items()
            }
        database.close()
    return rows


def get(browser: FlaskClient, path: str, **headers: str) -> TestResponse:
    return browser.get(path, base_url=SITE, headers={"Accept": "text/html", **headers})


def post(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return browser.post(path, base_url=SITE, data=form)


def form_token(browser: FlaskClient, page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', get(browser, page).text)
    assert found
    return found.group(1)


def sign_in(browser: FlaskClient, name: str, password: str = GOOD, **more: str) -> TestResponse:
    token = form_token(browser, "/masuk")
    return post(browser, "/masuk", name=name, password=password, csrf_token=token, **more)
