"""A service with doors: an account for each role, and browsers that sign in."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.accounts import Accounts
from geo_target.operations.audit import AuditLog
from geo_target.operations.database import Database
from geo_target.operations.passwords import PasswordHasher
from geo_target.operations.roles import ROLES, Role
from geo_target.operations.sessions import Sessions
from geo_target.operations.settlements import Settlements
from geo_target.web.app import create_app
from geo_target.web.doors import DeliveryRoom, Doors, open_delivery_room
from tests.operations.world import CHEAP, GOOD, ROOT, Clock

SITE = "https://geo.example"
KEY = b"k" * 32


class House:
    """The app, its database, and who may sign in; all with the same password."""

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
        self.accounts = Accounts(database, hasher=PasswordHasher(cost=CHEAP), clock=self.clock)
        self.sessions = Sessions(database, clock=self.clock)
        self.audit = AuditLog(database, clock=self.clock)
        self.settlements = Settlements(database, clock=self.clock)
        self.doors = Doors(
            accounts=self.accounts, sessions=self.sessions, audit=self.audit,
            settlements=self.settlements, key=KEY,
            hosts=("geo.example",), persons_per_hour=persons_per_hour,
            clock=self.clock,
            delivery_room=open_delivery_room(config, clock=self.clock) if config else None,
        )  # fmt: skip
        self.app: Flask = create_app(archive, doors=self.doors)
        for role in ROLES:
            if role is not Role.PUBLIC:
                self.add(role.value, role.value)
        self.add("officer-2", "officer", district="36.73.02")

    def add(self, name: str, role: str, *, district: str = "36.73.01") -> None:
        districts = [district] if role == Role.OFFICER else []
        self.accounts.add(name, f"Ibu {name.title()}", GOOD, role, districts, by=ROOT)

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
