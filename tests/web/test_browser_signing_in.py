"""Signing in with a real browser: its cookie rules, its back button, its cache."""

from collections.abc import Iterator
from typing import Any

import pytest

from geo_target.errors import Fault
from geo_target.operations.refusals import SignInWaitError
from geo_target.operations.users import User
from tests.operations.world import GOOD
from tests.web.browsing import CHROMIUM, serving
from tests.web.house import House
from tests.web.named import VILLAGE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

LIST = f"/kelurahan/{VILLAGE}/keluarga"


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with serving(house.app) as found:
        yield found


def test_in_to_the_list_and_out_again(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    page.goto(address + LIST)
    page.fill("#name", "officer")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + LIST)
    assert page.locator("tbody tr").count() == 2
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies["__Host-geo_target"]["secure"]
    assert cookies["__Host-geo_target"]["httpOnly"]
    assert page.evaluate("document.cookie") == ""

    page.goto(address + "/akun")
    page.click("form[action='/keluar'] button")
    page.wait_for_url(address + "/masuk")
    assert "__Host-geo_target" not in {cookie["name"] for cookie in context.cookies()}
    for _ in range(3):  # what was open before has left no copy behind
        page.go_back()
        assert "CANARY" not in page.content()
    page.goto(address + LIST)
    assert "/masuk" in page.url
    assert hosts == {address.split("/")[2]}
    context.close()


def test_an_auditor_begins_on_the_log_and_not_on_a_refusal(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(address + "/masuk")
    page.fill("#name", "auditor")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.pathname === '/jejak'")
    assert page.locator("h1").inner_text() == "Jejak audit"
    context.close()


def test_whoever_finds_the_queue_full_gets_in_by_waiting(
    browser: Any,
    address: str,
    house: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = iter([SignInWaitError(Fault("E-SIGN-IN-BUSY", id="", en=""), wait_seconds=1)] * 2)
    right = house.accounts.sign_in

    def queue(name: str, password: str, **how: Any) -> User:
        for refusal in told:
            raise refusal
        return right(name, password, **how)

    monkeypatch.setattr(house.accounts, "sign_in", queue)
    page = browser.new_page()
    page.goto(address + LIST)
    page.fill("#name", "officer")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#waiting", state="visible")
    page.wait_for_url(address + LIST, timeout=90_000)
    assert page.locator("tbody tr").count() == 2
    page.close()


def test_a_wrong_password_is_said_so_counted_once_and_another_try_is_open(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = browser.new_page()
    page.goto(address + LIST)
    page.fill("#name", "officer")
    page.fill("#password", "bukan sandi saya")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fault", state="visible")
    assert page.locator("#fault").text_content() == "Nama pengguna atau sandi salah."
    assert [action[3] for action in house.actions() if action[1] == "sign-in"] == ["denied"]
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_url(address + LIST)
    page.close()


def test_a_session_that_ends_while_the_map_is_open_leads_to_the_form(
    browser: Any,
    address: str,
    house: House,
) -> None:
    page = browser.new_page()
    page.route("**/layers/**", lambda route: route.abort())
    page.goto(f"{address}/")
    page.fill("#name", "viewer")
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-fault", state="visible")
    page.unroute("**/layers/**")
    user = next(user for user in house.accounts.users() if user.name == "viewer")
    assert house.sessions.revoke_all(user) == 1
    page.click("#map-again")
    # Several layers are refused at once: each leads there, and all but one are given up.
    page.locator("#password").wait_for()
    assert page.url.startswith(f"{address}/masuk?next=")
    page.close()
