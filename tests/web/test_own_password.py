"""Whoever comes with a password that somebody else has set chooses another before anything else."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.audit import Actor
from geo_target.web.access import Access
from tests.operations.world import GOOD, OTHER
from tests.web.house import SITE, House, form_token, get, post, sign_in
from tests.web.named import VILLAGE
from tests.web.test_walk import routes

ANI = Actor(name="admin", role="admin")
OWN = "sapi hijau terbang"
#: The way in and out, and what is the same for everybody.
LEFT_OPEN = {Access.PUBLIC, Access.CHOOSING}


def given(house: House, name: str = "officer", **more: str) -> FlaskClient:
    """A browser in which somebody has signed in with what the admin handed over."""
    house.accounts.set_password(name, OTHER, by=ANI)
    browser = house.browser()
    assert sign_in(browser, name, OTHER, **more).status_code == 303
    return browser


def chosen(browser: FlaskClient, **form: str) -> TestResponse:
    token = form_token(browser, "/sandi-sendiri")
    asked = {"old": OTHER, "new": OWN, "again": OWN, "next": "/"} | form
    return post(browser, "/sandi-sendiri", csrf_token=token, **asked)


def test_no_other_page_answers(house: House) -> None:
    browser = given(house)
    for path, levels in routes(house).items():
        if levels.get("GET") in {None, *LEFT_OPEN}:
            continue
        page = get(browser, path)
        assert (page.status_code, page.location) == (303, f"/sandi-sendiri?next={path}"), path
        asked = browser.get(path, base_url=SITE, headers={"Sec-Fetch-Dest": "empty"})
        assert asked.status_code == 403, path


def test_no_form_is_taken(house: House) -> None:
    browser = given(house)
    token = form_token(browser, "/sandi-sendiri")
    for path, levels in routes(house).items():
        if levels.get("POST") in {None, *LEFT_OPEN}:
            continue
        reply = post(browser, path, csrf_token=token)
        assert reply.status_code == 403, path
        assert "Pilih sandi sendiri" in reply.text


def test_who_has_chosen_goes_on_to_the_page_asked_for(house: House) -> None:
    browser = given(house, next=f"/kelurahan/{VILLAGE}")
    page = get(browser, f"/sandi-sendiri?next=/kelurahan/{VILLAGE}").text
    following = re.search(r'name="next" value="([^"]+)"', page)
    assert following
    reply = chosen(browser, next=following.group(1))
    # The reset is told once more by the way: whoever is here now need not be whom it was for.
    assert reply.location == f"/akun?next=/kelurahan/{VILLAGE}"
    account = get(browser, reply.location).text
    assert "Sandi Anda diganti oleh admin pada 1 Oktober 2025" in account
    assert f'href="/kelurahan/{VILLAGE}"' in account
    assert get(browser, f"/kelurahan/{VILLAGE}/keluarga").status_code == 200
    assert sign_in(house.browser(), "officer", OTHER).status_code == 401


def test_a_new_account_chooses_too_and_is_told_of_no_reset(house: House) -> None:
    house.accounts.add("siti", "Siti Aminah", OTHER, "viewer", by=ANI)
    browser = house.browser()
    assert sign_in(browser, "siti", OTHER).location == "/sandi-sendiri?next=/"
    assert "diganti oleh" not in get(browser, "/sandi-sendiri").text
    assert chosen(browser).location == "/"
    assert get(browser, "/").status_code == 200


def test_the_choice_says_who_knows_the_password(house: House) -> None:
    text = get(given(house), "/sandi-sendiri").text
    assert "Sandi Anda diganti oleh admin pada 1 Oktober 2025" in text
    house.accounts.set_password("officer", OTHER, by=Actor(name="command-line", role="admin"))
    browser = house.browser()
    sign_in(browser, "officer", OTHER)
    assert "diganti oleh pengelola mesin layanan ini" in get(browser, "/sandi-sendiri").text


def test_an_admin_who_was_there_first_is_seen(house: House) -> None:
    admin = given(house)
    assert chosen(admin).status_code == 303
    assert sign_in(house.browser(), "officer", OTHER).status_code == 401
    assert sign_in(house.browser(), "officer").status_code == 401
    # The officer asks for another one: what happened before stands there.
    history = get(given(house), "/sandi-sendiri").text
    assert history.count("dari admin") == 2
    assert history.count("Anda pilih sendiri") == 1
    verbs = [(actor, verb) for actor, verb, object_id, _ in house.actions()
             if object_id == "officer"]  # fmt: skip
    assert verbs.count(("admin", "user.passwd")) == 2


def test_used_but_not_changed_it_lets_nobody_in_again(house: House) -> None:
    given(house)
    reply = sign_in(house.browser(), "officer", OTHER)
    assert reply.status_code == 401
    assert "sudah pernah dipakai" in reply.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"old": GOOD}, "Nama pengguna atau sandi salah"),
        ({"new": GOOD}, "berbeda"),
        ({"new": OTHER, "again": OTHER}, "sama dengan yang lama"),
        ({"new": "password123", "again": "password123"}, "pertama ditebak"),
    ],
)
def test_what_will_not_do_is_said_and_can_be_mended(
    house: House, form: dict[str, str], words: str
) -> None:
    browser = given(house)
    reply = chosen(browser, **form)
    assert reply.status_code == 422
    assert words in reply.text
    assert get(browser, "/").status_code == 303
    assert chosen(browser).status_code == 303
    assert get(browser, "/").status_code == 200


def test_the_way_on_leads_to_no_other_site(house: House) -> None:
    browser = given(house, name="viewer", next="//jahat.example")
    assert chosen(browser, next="//jahat.example").location == "/"
    viewer = get(browser, "/akun?next=//jahat.example").text
    assert 'href="//jahat' not in viewer


def test_the_session_begins_anew_and_the_old_one_is_worth_nothing(house: House) -> None:
    browser = given(house)
    before = browser.get_cookie("__Host-geo_target", domain="geo.example")
    chosen(browser)
    after = browser.get_cookie("__Host-geo_target", domain="geo.example")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert house.sessions.verify(before.value) is None


def test_an_own_password_is_changed_on_the_account(house: House) -> None:
    browser = house.signed_in("viewer")
    assert get(browser, "/sandi-sendiri").location == "/akun"


def test_a_reset_is_told_for_a_week_to_who_reads_names(house: House) -> None:
    chosen(given(house))
    chosen(given(house, "viewer"))
    house.clock.move(days=6)
    assert sign_in(house.browser(), "officer", OWN).location == "/akun?next=/"
    assert sign_in(house.browser(), "viewer", OWN).location == "/"
    house.clock.move(days=1, seconds=1)
    assert sign_in(house.browser(), "officer", OWN).location == "/"
    history = get(house.signed_in("coordinator"), "/akun").text
    assert "Riwayat sandi" in history


def test_signing_out_is_always_open(house: House) -> None:
    browser = given(house)
    token = form_token(browser, "/sandi-sendiri")
    assert post(browser, "/keluar", csrf_token=token).location == "/masuk"
