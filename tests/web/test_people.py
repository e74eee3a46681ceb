"""Accounts on a page: the admin makes, closes and changes them, and nobody else does."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.operations.world import GOOD, OTHER
from tests.web.house import House, form_token, get, post, sign_in

NEW = {"nama": "siti", "nama_lengkap": "Siti Aminah", "peran": "viewer", "kecamatan": "",
       "sandi": OTHER, "ulang": OTHER}  # fmt: skip


def sent(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return post(browser, path, csrf_token=form_token(browser, "/pengguna"), **form)


def number(house: House, name: str) -> str:
    return next(str(user.id) for user in house.accounts.users() if user.name == name)


def test_an_account_is_made_and_lets_somebody_in(house: House) -> None:
    browser = house.signed_in("admin")
    assert sent(browser, "/pengguna", **NEW).location == "/pengguna?berhasil=tambah"
    assert sign_in(house.browser(), "siti", OTHER).status_code == 303
    assert ("admin", "user.add", "siti", "ok") in house.actions()
    assert "Siti Aminah" in get(browser, "/pengguna").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nama": "officer"}, "sudah ada"),
        ({"peran": "raja"}, "peran tidak dikenal"),
        ({"peran": "officer"}, "kode kecamatan"),
        ({"ulang": GOOD}, "berbeda"),
        ({"sandi": "password123", "ulang": "password123"}, "pertama ditebak"),
        ({"nama_lengkap": ""}, "tulis nama orangnya"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(
    house: House, change: dict[str, str], words: str
) -> None:
    before = len(house.accounts.users())
    reply = sent(house.signed_in("admin"), "/pengguna", **(NEW | change))
    assert reply.status_code == 422
    assert words.casefold() in reply.text.casefold()
    assert len(house.accounts.users()) == before
    assert OTHER not in reply.text
    if "nama_lengkap" not in change:
        assert 'value="Siti Aminah"' in reply.text  # what was typed stays


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [{"apa": "tutup"}, {"apa": "peran", "peran": "auditor"},
     {"apa": "sandi", "sandi": OTHER, "ulang": OTHER}],
)  # fmt: skip
def test_a_change_ends_the_sessions_at_once(house: House, change: dict[str, str]) -> None:
    theirs = house.signed_in("viewer")
    assert get(theirs, "/").status_code == 200
    browser = house.signed_in("admin")
    reply = sent(browser, "/pengguna/ubah", akun=number(house, "viewer"), **change)
    assert reply.status_code == 303
    assert get(theirs, "/").status_code == 303
    if change["apa"] == "tutup":
        assert sign_in(house.browser(), "viewer").status_code == 401
        sent(browser, "/pengguna/ubah", akun=number(house, "viewer"), apa="buka")
        assert sign_in(house.browser(), "viewer").status_code == 303


def test_nobody_makes_oneself_something_else(house: House) -> None:
    browser = house.signed_in("admin")
    before = [(user.name, user.role, user.disabled_at) for user in house.accounts.users()]
    for change in ({"apa": "peran", "peran": "coordinator"}, {"apa": "tutup"},
                   {"apa": "sandi", "sandi": OTHER, "ulang": OTHER}):  # fmt: skip
        reply = sent(browser, "/pengguna/ubah", akun=number(house, "admin"), **change)
        assert reply.status_code == 422
        assert "akun sendiri tidak diubah" in reply.text.casefold()
    now = [(user.name, user.role, user.disabled_at) for user in house.accounts.users()]
    assert now == before
    assert ("admin", "user.role", "admin", "denied") in house.actions()
    assert get(browser, "/pengguna").status_code == 200


@pytest.mark.parametrize("form", [{"akun": "999999", "apa": "tutup"}, {"apa": "tutup"},
                                  {"akun": "1", "apa": "hapus"}])  # fmt: skip
def test_nobody_and_nothing(house: House, form: dict[str, str]) -> None:
    assert sent(house.signed_in("admin"), "/pengguna/ubah", **form).status_code == 422


def test_a_password_crosses_no_open_line(house: House) -> None:
    browser = house.signed_in("admin")
    token = form_token(browser, "/pengguna")
    reply = browser.post(
        "/pengguna", base_url="http://geo.example", data=NEW | {"csrf_token": token}
    )
    assert reply.status_code in (400, 401, 403)
    assert "siti" not in [user.name for user in house.accounts.users()]


def test_no_name_is_in_an_address(house: House) -> None:
    text = get(house.signed_in("admin"), "/pengguna").text
    links = re.findall(r'href="(/pengguna[^"]*)"', text)
    assert len(links) > 5
    assert not [
        link for link in links if not re.fullmatch(r"/pengguna(\?akun=\d+#ubah|\?lang=\w\w)?", link)
    ]
