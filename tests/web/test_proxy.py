"""Whom the log and the throttle take a visitor for, with a proxy in front and without."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo_target.operations.database import Database
from geo_target.web.app import create_app
from tests.operations.world import OTHER, ROOT
from tests.web.house import SITE, House, form_token

#: What a visitor wrote, and after it what the proxy saw.
FORWARDED = {"X-Forwarded-For": "6.6.6.6, 10.0.0.5", "X-Forwarded-Proto": "https"}
TRIES_PER_ADDRESS = 20


def guess(browser: FlaskClient, name: str, **headers: str) -> int:
    token = form_token(browser, "/masuk")
    form = {"name": name, "password": OTHER, "csrf_token": token}
    return browser.post("/masuk", base_url=SITE, data=form, headers=headers).status_code


def address_in_the_log(house: House) -> str:
    entries = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "sign-in"]
    return str(entries[-1]["address"])


@pytest.mark.parametrize(("behind", "address"), [(True, "10.0.0.5"), (False, "127.0.0.1")])
def test_an_address_is_what_the_proxy_saw_never_what_a_visitor_wrote(
    named_archive: Path, database: Database, address: str, *, behind: bool
) -> None:
    house = House(named_archive, database)
    app = create_app(named_archive, doors=replace(house.doors, behind_proxy=behind))
    assert guess(app.test_client(), "viewer", **FORWARDED) == 401
    assert address_in_the_log(house) == address


def test_another_address_in_a_header_does_not_end_the_wait(house: House) -> None:
    browser = house.browser()
    for number in range(TRIES_PER_ADDRESS):
        forged = {"X-Forwarded-For": f"10.1.1.{number}", "X-Real-IP": f"10.1.1.{number}"}
        assert guess(browser, f"user-{number}", **forged) == 401
    assert guess(browser, "user-x", **{"X-Forwarded-For": "10.1.1.99"}) == 429


def test_a_host_that_a_visitor_wrote_for_the_proxy_is_refused(
    named_archive: Path, database: Database
) -> None:
    house = House(named_archive, database)
    app = create_app(named_archive, doors=replace(house.doors, behind_proxy=True))
    headers = FORWARDED | {"X-Forwarded-Host": "jahat.example"}
    assert app.test_client().get("/masuk", base_url=SITE, headers=headers).status_code == 400
