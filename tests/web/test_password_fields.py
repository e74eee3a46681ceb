"""The forms that take a password, as a browser and a password manager see them."""

import re

import pytest

from tests.operations.world import GOOD, OTHER
from tests.web.house import House, form_token, get, post

FIELD = re.compile(r"<input[^>]*>")
FORM = re.compile(r"<form[^>]*>")
FIELDS = {"/masuk": ["password"], "/akun": ["old", "new", "again"]}
MANAGED = {"current-password", "new-password"}


def named(field: str, attribute: str) -> str:
    found = re.search(rf'\b{attribute}="([^"]*)"', field)
    return found.group(1) if found else ""


@pytest.mark.parametrize("page", FIELDS)
def test_passwords_are_hidden_and_may_be_pasted_and_kept(house: House, page: str) -> None:
    browser = house.browser() if page == "/masuk" else house.signed_in("viewer")
    text = get(browser, page).text
    fields = [field for field in FIELD.findall(text) if named(field, "type") == "password"]
    assert [named(field, "name") for field in fields] == FIELDS[page]
    assert {named(field, "autocomplete") for field in fields} <= MANAGED
    assert not re.search(r"\bon(paste|copy|drop)\b|readonly[^>]*password", text)


@pytest.mark.parametrize("page", FIELDS)
def test_no_form_puts_what_is_typed_into_an_address(house: House, page: str) -> None:
    browser = house.browser() if page == "/masuk" else house.signed_in("viewer")
    forms = FORM.findall(get(browser, page).text)
    assert forms
    assert {named(form, "method") for form in forms} == {"post"}


def test_a_field_that_the_form_does_not_have_changes_nothing(house: House) -> None:
    browser = house.signed_in("viewer")
    reply = post(
        browser, "/akun/sandi", old=GOOD, new=OTHER, again=OTHER, role="admin",
        districts="36.73.01", name="admin", username="admin", user_id="1", disabled_at="",
        csrf_token=form_token(browser, "/akun"),
    )  # fmt: skip
    assert reply.status_code == 303
    viewer = house.accounts.find("viewer")
    assert viewer is not None
    assert (viewer.role, viewer.districts) == ("viewer", ())
    assert house.accounts.sign_in("admin", GOOD).role == "admin"
