"""Coming in and going out: forms, cookies, sessions."""

import re
from http.cookies import SimpleCookie

import pytest
from werkzeug.test import TestResponse

from geo_target.errors import Fault
from geo_target.operations.refusals import StorageError
from geo_target.web.visitors import COOKIE
from tests.operations.world import GOOD, OTHER, ROOT
from tests.web.house import SITE, House, form_token, get, post, sign_in


def cookies(reply: TestResponse) -> SimpleCookie:
    jar = SimpleCookie()
    for line in reply.headers.getlist("Set-Cookie"):
        jar.load(line)
    return jar


def test_whoever_opens_a_page_is_asked_to_sign_in_and_comes_back_to_it(house: House) -> None:
    browser = house.browser()
    asked = get(browser, "/kelurahan/36.73.01.1001?x=1")
    assert asked.status_code == 303
    assert asked.location == "/masuk?next=/kelurahan/36.73.01.1001?x%3D1"

    following = re.search(r'name="next" value="([^"]+)"', get(browser, asked.location).text)
    assert following
    reply = sign_in(browser, "viewer", next=following.group(1))
    assert reply.status_code == 303
    assert reply.location == "/kelurahan/36.73.01.1001?x=1"
    assert get(browser, "/kelurahan/36.73.01.1001").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "javascript:x", "/\t/"],
)
def test_signing_in_never_leads_to_another_site(house: House, elsewhere: str) -> None:
    assert sign_in(house.browser(), "viewer", next=elsewhere).location == "/"


def test_what_a_page_asks_for_is_refused_without_a_detour(house: House) -> None:
    for path in ("/layers/000001-20251122T030000Z/villages.json", "/"):
        reply = get(house.browser(), path, **{"Sec-Fetch-Dest": "empty"})
        assert reply.status_code == 401


def test_a_wrong_password_and_an_unknown_name_look_alike(house: House) -> None:
    wrong = sign_in(house.browser(), "viewer", OTHER)
    unknown = sign_in(house.browser(), "nobody", OTHER)
    assert wrong.status_code == unknown.status_code == 401
    assert COOKIE not in cookies(wrong)
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong.text) == strip.sub("", unknown.text)
    assert "Nama pengguna atau sandi salah" in wrong.text


def test_too_many_wrong_passwords_have_to_wait_and_the_right_one_opens_again(house: House) -> None:
    browser = house.browser()
    for _ in range(5):
        assert sign_in(browser, "viewer", OTHER).status_code == 401
    refused = sign_in(browser, "viewer")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 60
    house.clock.move(minutes=16)
    assert sign_in(browser, "viewer").status_code == 303


def test_the_cookie_is_for_this_host_for_https_and_for_no_script(house: House) -> None:
    reply = sign_in(house.browser(), "viewer")
    cookie = cookies(reply)[COOKIE]
    assert COOKIE.startswith("__Host-")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert (cookie["expires"], cookie["max-age"]) == ("", "")  # gone with the browser
    for name in cookies(get(house.browser(), "/masuk")):
        assert name.startswith("__Host-")


def test_the_token_is_new_at_every_sign_in(house: House) -> None:
    browser = house.browser()
    first = cookies(sign_in(browser, "viewer"))[COOKIE].value
    assert len(first) >= 40
    post(browser, "/keluar", csrf_token=form_token(browser, "/akun"))
    second = cookies(sign_in(browser, "viewer"))[COOKIE].value
    assert first != second


def replayed(house: House, token: str) -> int:
    """What a page says to a cookie that somebody copied."""
    thief = house.browser()
    thief.set_cookie(COOKIE, token, domain="geo.example", secure=True)
    return get(thief, "/", **{"Sec-Fetch-Dest": "empty"}).status_code


def test_a_copied_cookie_is_worth_nothing_after_signing_out(house: House) -> None:
    browser = house.browser()
    token = cookies(sign_in(browser, "viewer"))[COOKIE].value
    assert replayed(house, token) == 200
    reply = post(browser, "/keluar", csrf_token=form_token(browser, "/akun"))
    assert reply.status_code == 303
    assert cookies(reply)[COOKIE].value == ""
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert replayed(house, token) == 401


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "happening", ["disabled", "password", "role", "everywhere", "idle", "absolute"]
)
def test_a_copied_cookie_is_worth_nothing_after(house: House, happening: str) -> None:
    browser = house.browser()
    token = cookies(sign_in(browser, "viewer"))[COOKIE].value
    if happening == "disabled":
        house.accounts.disable("viewer", by=ROOT)
    elif happening == "password":
        house.accounts.set_password("viewer", OTHER, by=ROOT)
    elif happening == "role":
        house.accounts.set_role("viewer", "auditor", by=ROOT)
    elif happening == "everywhere":
        second = house.signed_in("viewer")
        post(second, "/keluar-semua", csrf_token=form_token(second, "/akun"))
    elif happening == "idle":
        house.clock.move(minutes=31)
    else:
        for _ in range(30):
            house.clock.move(minutes=25)
            replayed(house, token)
    assert replayed(house, token) == 401


def test_ones_own_password_is_changed_and_other_machines_are_out(house: House) -> None:
    here, there = house.signed_in("viewer"), house.signed_in("viewer")
    form = {"old": GOOD, "new": OTHER, "again": OTHER, "csrf_token": form_token(here, "/akun")}
    assert post(here, "/akun/sandi", **form).location == "/akun?changed=1"
    assert "Sandi sudah diganti" in get(here, "/akun?changed=1").text
    assert get(there, "/akun").status_code == 303
    assert sign_in(house.browser(), "viewer").status_code == 401
    assert sign_in(house.browser(), "viewer", OTHER).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        (OTHER, "tangga kayu jati", "tangga kayu jati", "sandi salah"),
        (GOOD, "tangga kayu jati", "tangga kayu jadi", "berbeda"),
        (GOOD, "pendek", "pendek", "8 sampai 256"),
        (GOOD, "password123", "password123", "pertama ditebak"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_words(
    house: House, old: str, new: str, again: str, words: str
) -> None:
    browser = house.signed_in("viewer")
    token = form_token(browser, "/akun")
    reply = post(browser, "/akun/sandi", old=old, new=new, again=again, csrf_token=token)
    assert reply.status_code == 422
    assert words in reply.text
    assert get(browser, "/akun").status_code == 200


def test_a_form_of_a_session_that_has_ended_says_so_and_leads_to_signing_in(house: House) -> None:
    reply = post(house.browser(), "/akun/sandi", old=GOOD, new=OTHER, again=OTHER)
    assert reply.status_code == 400
    for words in ("Tidak ada yang tersimpan", "Nothing has been kept", 'href="/masuk"'):
        assert words in reply.text
    signed_in = post(house.signed_in("viewer"), "/akun/sandi", old=GOOD, new=OTHER, again=OTHER)
    assert 'href="/masuk"' not in signed_in.text


FORMS = ["/masuk", "/keluar", "/keluar-semua", "/akun/sandi"]


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_changes_nothing(house: House, path: str) -> None:
    browser = house.signed_in("viewer")
    reply = post(browser, path, name="viewer", password=GOOD, old=GOOD, new=OTHER, again=OTHER)
    assert reply.status_code == 400
    assert "kedaluwarsa" in reply.text
    assert get(browser, "/akun").status_code == 200


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_another_site_sends_is_refused(house: House, path: str, site: str) -> None:
    browser = house.signed_in("viewer")
    token = form_token(browser, "/akun")
    reply = browser.post(
        path, base_url=SITE, headers={"Sec-Fetch-Site": site},
        data={"csrf_token": token, "old": GOOD, "new": OTHER, "again": OTHER},
    )  # fmt: skip
    assert reply.status_code == 403
    assert ("viewer", "form", path, "denied") in house.actions()
    assert get(browser, "/akun").status_code == 200


def test_a_token_of_another_browser_opens_no_form(house: House) -> None:
    browser, other = house.signed_in("viewer"), house.signed_in("officer")
    reply = post(browser, "/keluar", csrf_token=form_token(other, "/akun"))
    assert reply.status_code == 400


@pytest.mark.parametrize("host", ["jahat.example", "geo.example.jahat.example", "geo.example@x"])
def test_a_forged_host_is_refused(house: House, host: str) -> None:
    reply = house.browser().get("/masuk", base_url=SITE, headers={"Host": host})
    assert reply.status_code == 400
    assert b"jahat" not in reply.data


def test_a_password_never_crosses_an_open_line(house: House) -> None:
    browser = house.browser()
    token = form_token(browser, "/masuk")
    reply = browser.post(
        "/masuk", base_url="http://geo.example",
        data={"name": "viewer", "password": GOOD, "csrf_token": token},
    )  # fmt: skip
    assert reply.status_code in (400, 403)
    assert COOKIE not in cookies(reply)


def test_a_large_form_is_not_read(house: House) -> None:
    reply = post(house.browser(), "/masuk", name="x" * 20_000)
    assert reply.status_code == 413


def test_who_signed_in_and_out_is_in_the_audit_log(house: House) -> None:
    browser = house.browser()
    sign_in(browser, "viewer", OTHER)
    sign_in(browser, "viewer")
    post(browser, "/keluar", csrf_token=form_token(browser, "/akun"))
    assert house.actions()[-4:-1] == [
        ("-", "sign-in", "viewer", "denied"),
        ("viewer", "sign-in", "viewer", "ok"),
        ("viewer", "sign-out", "viewer", "ok"),
    ]


@pytest.mark.both_databases
@pytest.mark.parametrize("path", ["/", "/masuk", "/akun", "/kelurahan/36.73.01.1001/keluarga"])
def test_a_database_that_cannot_be_read_is_said_so(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = house.signed_in("officer")

    def gone(token: str) -> None:
        raise StorageError(Fault("E-DB", id="", en=""))

    monkeypatch.setattr(house.sessions, "verify", gone)
    reply = get(browser, path)
    assert reply.status_code == 503
    assert "tidak dapat dipakai" in reply.text
    assert "Content-Security-Policy" in reply.headers
    assert get(browser, "/health").status_code == 200


def test_a_form_without_its_token_is_in_the_log(house: House) -> None:
    post(house.signed_in("viewer"), "/akun/sandi")
    assert house.actions()[-2] == ("viewer", "form", "/akun/sandi", "denied")


@pytest.mark.parametrize("origin", ["https://jahat.example", "http://geo.example"])
def test_a_form_from_another_origin_is_refused_in_old_browsers_too(
    house: House, origin: str
) -> None:
    browser = house.signed_in("viewer")
    token = form_token(browser, "/akun")
    reply = browser.post(
        "/keluar", base_url=SITE, headers={"Origin": origin}, data={"csrf_token": token}
    )
    assert reply.status_code == 403
    own = browser.post(
        "/keluar", base_url=SITE, headers={"Origin": SITE}, data={"csrf_token": token}
    )
    assert own.status_code == 303


def test_an_outsider_who_guesses_does_not_keep_the_owner_out(house: House) -> None:
    def from_address(address: str, password: str) -> int:
        browser = house.browser()
        token = form_token(browser, "/masuk")
        form = {"name": "viewer", "password": password, "csrf_token": token}
        here = {"REMOTE_ADDR": address}
        return browser.post("/masuk", base_url=SITE, data=form, environ_overrides=here).status_code

    answers = [from_address("203.0.113.9", OTHER) for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2
    assert from_address("192.0.2.1", GOOD) == 303
    assert from_address("203.0.113.9", GOOD) == 429


def test_the_choice_of_language_crosses_no_open_line(house: House) -> None:
    browser = house.browser()
    cookie = cookies(get(browser, "/masuk?lang=en"))["__Host-lang"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
    assert 'lang="en"' in get(browser, "/masuk").text


def test_no_cookie_is_without_its_prefix(house: House) -> None:
    """Nobody on another host, or on an open line, sets one of ours."""
    browser = house.signed_in("coordinator")
    sent = {name for path in ("/", "/masuk?lang=en", "/akun", "/lapangan", "/pasangan")
            for name in cookies(get(browser, path))}  # fmt: skip
    assert sent
    assert [name for name in sent if not name.startswith("__Host-")] == []


def test_who_does_not_open_the_map_is_not_sent_there(house: House) -> None:
    refused = get(house.signed_in("admin"), "/")
    assert refused.status_code == 403
    main = refused.text[refused.text.index("<main") :]
    assert 'href="/jejak"' in main
    assert 'href="/"' not in main
    account = get(house.signed_in("admin"), "/akun").text
    assert "Kembali ke peta" not in account
    assert "Kembali ke peta" in get(house.signed_in("viewer"), "/akun").text
    assert 'href="/"' in get(house.signed_in("viewer"), "/bulan-baru").text
