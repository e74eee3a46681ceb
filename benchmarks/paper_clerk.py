"""A clerk who types returns of paper into the keyboard page: forms, without a browser."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import uuid4

from flask.testing import FlaskClient

from geo_target.fieldwork.form_fields import NO_PROGRAM
from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.accounts import Accounts
from geo_target.operations.database import default_url, open_database
from geo_target.operations.sessions import Sessions
from geo_target.settings import Access
from geo_target.web.app import create_app
from geo_target.web.doors import open_doors
from geo_target.web.said_answers import outcome_keys, program_keys
from geo_target.web.visitors import COOKIE

_SITE, _PAGE = "https://localhost", "/lapangan/isi"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def type_in(config: Path, who: str, returns: Iterable[Outcome]) -> int:
    """Type returns as `who` would; how many the page has kept.

    Raises
    ------
    RuntimeError
        If the page refuses one.
    """
    browser = _signed_in(config, who)
    token = _TOKEN.findall(browser.get(_PAGE, base_url=_SITE).text)[0]
    count = 0
    for outcome in returns:
        form = {"csrf_token": token, **fields(outcome), "whole": "1"}
        reply = browser.post(_PAGE, data=form, base_url=_SITE, headers={"Origin": _SITE})
        if reply.status_code != 200:
            raise RuntimeError(f"{_PAGE}: {reply.status_code} for {outcome.outcome}")
        count += 1
    return count


def fields(outcome: Outcome) -> dict[str, str]:
    """What the clerk presses and types; a day that is still to come is left out."""
    visited = outcome.visited_on
    keys = {choice.name: key for key, choice in program_keys().items()}
    pressed = {choice.name: key for key, choice in outcome_keys().items()}
    programs = None if outcome.programs is None else outcome.programs or (NO_PROGRAM,)
    said = {
        "submission_id": str(uuid4()),
        "visit_code": outcome.visit_code,
        "outcome_key": pressed[outcome.outcome],
        "program_keys": " ".join(keys[code] for code in programs or ()),
        "visited_on": visited.isoformat() if visited and visited <= date.today() else "",
        "duplicate_of": outcome.duplicate_of or "",
        **{name: "" if value is None else str(value) for name, value in
           (("lat", outcome.lat), ("lon", outcome.lon), ("accuracy_m", outcome.accuracy_m))},
        **{f"corrected_{name}": value for name, value in outcome.corrected.items()},
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _signed_in(config: Path, who: str) -> FlaskClient:
    folder = config.resolve().parent
    doors = open_doors(folder, Access())
    database = open_database(default_url(folder))
    (user,) = (user for user in Accounts(database).users() if user.name == who)
    browser = create_app(folder / "archive", doors=doors).test_client()
    browser.set_cookie(COOKIE, Sessions(database).create(user), domain="localhost", secure=True)
    database.close()
    return browser
