"""To the agency's own issuer and back with a real browser: another site, and its cookie rules."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo_target.operations.database import Database
from geo_target.settings import Oidc
from geo_target.web.app import create_app
from geo_target.web.oidc import SingleSignOn
from tests.web.browsing import CHROMIUM, CUT_OFF, chromium, serving
from tests.web.house import House
from tests.web.issuer import CLIENT, SECRET, Issuer

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture
def browser() -> Iterator[Any]:
    rules = f"{CUT_OFF[-1]}, EXCLUDE localhost"
    with chromium([*CUT_OFF[:-1], rules]) as started:
        yield started


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    opened = Issuer("localhost")  # another site than 127.0.0.1
    yield opened
    opened.close()


@pytest.fixture
def address(named_archive: Path, database: Database, issuer: Issuer) -> Iterator[str]:
    house = House(named_archive, database)
    settings = Oidc(issuer=issuer.url, client_id=CLIENT, client_secret_file=Path("x"))
    doors = replace(house.doors, single_sign_on=SingleSignOn(settings, SECRET))
    with serving(create_app(named_archive, doors=doors)) as found:
        yield found


def test_to_the_issuer_and_back_and_out_again(
    browser: Any,
    address: str,
    issuer: Issuer,
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    page.goto(address + "/masuk?next=/akun")
    assert hosts == {address.split("/")[2]}  # the page itself asks nobody else
    page.click("a[href^='/masuk/instansi']")
    page.wait_for_url(issuer.url + "/authorize?**")
    page.click("a")  # from another site: a Strict cookie does not come along
    page.wait_for_url(address + "/akun")
    assert "Ibu Viewer" in page.content()
    assert {c["name"] for c in context.cookies(address)} >= {"__Host-geo_target"}
    assert "__Host-geo_target_sign_on" not in {c["name"] for c in context.cookies(address)}

    page.click("form[action='/keluar'] button")
    page.wait_for_url(address + "/masuk")
    assert "__Host-geo_target" not in {c["name"] for c in context.cookies(address)}
    context.close()
