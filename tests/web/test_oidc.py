"""Signing in at the agency's own issuer: it says who somebody is, and nothing else."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import ValidationError
from werkzeug.test import TestResponse

from geo_target.errors import GeoTargetError
from geo_target.operations.database import Database, open_database
from geo_target.operations.migration import migrate
from geo_target.publishing.archive import read_key
from geo_target.settings import Access, Oidc
from geo_target.web import oidc
from geo_target.web.app import create_app
from geo_target.web.doors import open_doors
from geo_target.web.views.single_sign_on import COOKIE as TICKET
from geo_target.web.visitors import COOKIE
from tests.operations.world import GOOD, OTHER, ROOT
from tests.web.house import House, get
from tests.web.issuer import CLIENT, SECRET, SLOW_S, Issuer, key
from tests.web.test_signing_in import cookies

BEGIN, BACK = "/masuk/instansi", "/masuk/instansi/kembali"
DESCRIPTION = "/.well-known/openid-configuration"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    opened = Issuer()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("database") / "operations.sqlite"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite alone: what the database does is tested in tests/operations/test_welcome.py."""
    opened = open_database(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'copy.sqlite')}")
    yield opened
    opened.close()


class Office(House):
    """A house whose people also sign in at the issuer."""

    def __init__(self, archive: Path, database: Database, issuer: Issuer) -> None:
        super().__init__(archive, database)
        self.archive, self.issuer = archive, issuer
        self.set()

    def set(self, **settings: Any) -> None:
        """Open the service anew with these settings of `[oidc]`."""
        wanted = {"issuer": self.issuer.url, "client_id": CLIENT, "client_secret_file": "x"}
        sign_on = oidc.SingleSignOn(Oidc.model_validate(wanted | settings), SECRET)
        self.app = create_app(self.archive, doors=replace(self.doors, single_sign_on=sign_on))

    def come(self, browser: FlaskClient | None = None, following: str = "/") -> TestResponse:
        """To the issuer, where everybody agrees, and back."""
        browser = browser or self.browser()
        begun = get(browser, f"{BEGIN}?next={following}")
        return back(browser, self.issuer.agree(begun.location)) if begun.location else begun


@pytest.fixture
def office(named_archive: Path, database: Database, issuer: Issuer) -> Office:
    return Office(named_archive, database, issuer)


def back(browser: FlaskClient, address: str) -> TestResponse:
    path = address.removeprefix("https://geo.example")
    assert path.startswith(f"{BACK}?")
    return get(browser, path, **{"Sec-Fetch-Site": "cross-site"})


#: Status of the page and some of its words in both languages.
STATE = (400, "mulai lagi dari halaman masuk", "start again from the sign-in page")
ISSUER = (502, "tidak dapat dihubungi atau jawabannya salah", "cannot be reached or answers")
TOKEN = (401, "Bukti dari layanan akun instansi tidak sah", "The proof from")
CLAIM = (403, "tidak menyebut nama yang dapat dipakai", "gives no name that can be used")
ACCOUNT = (403, "tidak ada akun terbuka", "no open account")
REFUSED = (403, "tidak mengizinkan", "did not let you in")
BUSY = (503, "banyak yang sedang masuk", "Many people are signing in")
Page = tuple[int, str, str]


def assert_refused(reply: TestResponse, page: Page) -> None:
    status, indonesian, english = page
    assert reply.status_code == status
    assert indonesian.lower() in reply.text.lower()
    assert english in reply.text
    assert COOKIE not in cookies(reply)
    assert cookies(reply)[TICKET].value == ""
    assert reply.headers["Cache-Control"] == "no-store"


# ------------------------------------------------------------------------------- coming in


def test_whom_the_issuer_vouches_for_is_signed_in_and_goes_on(office: Office) -> None:
    browser = office.browser()
    assert 'href="/masuk/instansi?next=/akun"' in get(browser, "/masuk?next=/akun").text
    begun = get(browser, f"{BEGIN}?next=/akun")
    assert begun.status_code == 303
    assert "scope=openid+profile" in begun.location
    reply = back(browser, office.issuer.agree(begun.location))
    assert (reply.status_code, reply.location) == (303, "/akun")
    assert "Ibu Viewer" in get(browser, "/akun").text
    assert office.actions()[-2] == ("viewer", "sign-in-oidc", "viewer", "ok")


def test_a_password_that_another_may_have_chosen_is_told_to_whom_the_issuer_vouches_for(
    office: Office,
) -> None:
    office.issuer.claims["preferred_username"] = "officer"
    assert office.come().location == "/"
    office.clock.move(minutes=1)  # whoever made the account used its password, and chose another
    office.accounts.change_password("officer", GOOD, OTHER, by=ROOT, is_signed_in=False)
    browser = office.browser()
    assert office.come(browser).location == "/akun?next=/"
    page = get(browser, "/akun?next=/").text
    assert "Sandi akun ini dipilih pada 1 Oktober 2025" in page
    assert "Anda pilih sendiri" in page
    office.clock.move(days=8)
    assert office.come().location == "/"


def test_cookies_are_for_this_host_and_the_ticket_is_taken_back(office: Office) -> None:
    browser = office.browser()
    begun = get(browser, BEGIN)
    reply = back(browser, office.issuer.agree(begun.location))
    for cookie in (cookies(begun)[TICKET], cookies(reply)[COOKIE]):
        assert cookie.key.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert cookies(begun)[TICKET]["max-age"] == "600"
    assert cookies(reply)[TICKET].value == ""


def test_role_and_districts_are_ours_whatever_the_issuer_says(office: Office) -> None:
    office.issuer.claims |= {"role": "admin", "roles": ["admin"], "groups": ["admin"]}
    browser = office.browser()
    assert office.come(browser).status_code == 303
    assert get(browser, "/akun").status_code == 200
    assert office.doors.accounts.find("viewer").role == "viewer"  # type: ignore[union-attr]


def test_the_session_that_the_browser_came_with_ends(office: Office) -> None:
    browser = office.browser()
    begun = get(browser, BEGIN)
    older = office.sessions.create(office.accounts.find("officer"))  # type: ignore[arg-type]
    browser.set_cookie(COOKIE, older, domain="geo.example", secure=True)
    assert office.sessions.verify(older)
    newer = cookies(back(browser, office.issuer.agree(begun.location)))[COOKIE].value
    assert office.sessions.verify(older) is None
    assert office.sessions.verify(newer).user.name == "viewer"  # type: ignore[union-attr]


def test_a_new_key_of_the_issuer_works_at_once(office: Office) -> None:
    assert office.come().status_code == 303
    office.issuer.key = key(2)
    assert office.come().status_code == 303


@pytest.mark.parametrize("path", ["https://jahat.example/", "//jahat.example", "/" + "a" * 4000])
def test_the_way_on_is_a_page_of_ours(office: Office, path: str) -> None:
    assert office.come(following=path).location == "/"


def test_whoever_is_signed_in_already_does_not_go_there(office: Office) -> None:
    browser = office.signed_in("viewer")
    assert get(browser, f"{BEGIN}?next=/akun").location == "/akun"
    assert get(browser, f"{BEGIN}?next=//jahat.example").location == "/"
    assert office.issuer.asked == []


# ------------------------------------------------------------------------------ the issuer


@pytest.mark.parametrize(
    "misdeed",
    [
        f"fails {DESCRIPTION}", f"slow {DESCRIPTION}", f"redirects {DESCRIPTION}",
        f"no JSON {DESCRIPTION}", "a list", "other: issuer", "without: issuer",
        "open: authorization_endpoint", "without: authorization_endpoint",
        "without: token_endpoint", "without: jwks_uri",
        "other: id_token_signing_alg_values_supported",
    ],
)  # fmt: skip
def test_an_issuer_that_does_not_describe_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch, misdeed: str
) -> None:
    if misdeed.startswith("slow"):
        monkeypatch.setattr(oidc, "_TIMEOUT_S", SLOW_S / 3)
    office.issuer.misdeed = misdeed
    assert_refused(get(office.browser(), BEGIN), ISSUER)
    assert "/elsewhere" not in office.issuer.asked


def test_an_issuer_that_is_down(office: Office) -> None:
    office.issuer.close()
    assert_refused(get(office.browser(), BEGIN), ISSUER)


@pytest.mark.parametrize(
    ("misdeed", "page"),
    [
        ("fails /token", ISSUER), ("slow /token", ISSUER), ("no JSON /token", ISSUER),
        ("redirects /token", ISSUER), ("code refused", ISSUER), ("open: token_endpoint", ISSUER),
        ("fails /keys", ISSUER), ("slow /keys", ISSUER), ("redirects /keys", ISSUER),
        ("open: jwks_uri", TOKEN), ("no ID token", TOKEN), ("another key", TOKEN),
        ("signs nothing", TOKEN), ("signs with our secret", TOKEN),
    ],
)  # fmt: skip
def test_an_issuer_that_misbehaves_signs_nobody_in(
    office: Office, monkeypatch: pytest.MonkeyPatch, misdeed: str, page: Page
) -> None:
    browser = office.browser()
    begun = get(browser, BEGIN)
    if misdeed.startswith("slow"):
        monkeypatch.setattr(oidc, "_TIMEOUT_S", SLOW_S / 3)
    office.issuer.misdeed = misdeed
    assert_refused(back(browser, office.issuer.agree(begun.location)), page)
    assert get(browser, "/akun").status_code == 303
    assert "/elsewhere" not in office.issuer.asked


LONG_AGO = int(time.time()) - 3600


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None},
        {"iss": "https://issuer.example"}, {"iss": None},
        {"aud": "another"}, {"aud": ["another"], "azp": CLIENT}, {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": LONG_AGO}, {"exp": None}, {"sub": None}, {"nbf": LONG_AGO + 2 * 3600},
    ],
)  # fmt: skip
def test_a_token_for_another_time_place_or_person_is_refused(
    office: Office, claims: dict[str, Any]
) -> None:
    office.issuer.claims |= claims
    assert_refused(office.come(), TOKEN)


def test_nobody_waits_long_while_others_wait_for_the_issuer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_AT_ONCE", 0)
    office.set()
    assert_refused(get(office.browser(), BEGIN), BUSY)


def test_a_turn_is_given_back_after_each_answer_good_or_bad(office: Office) -> None:
    for misdeed in ("", "another key", f"fails {DESCRIPTION}") * 3:
        office.issuer.misdeed = misdeed
        office.come()
    office.issuer.misdeed = ""
    assert office.come().status_code == 303


def test_the_issuer_is_given_five_seconds() -> None:
    assert oidc._TIMEOUT_S == 5


# ------------------------------------------------------------------------------ the people

ADDRESS = {"claim": "email", "domain": "serang.example"}
MFA = {"required_claim": "amr", "required_value": "mfa"}


@pytest.mark.parametrize(
    ("settings", "claims"),
    [
        ({}, {}),
        ({"claim": "sub"}, {"sub": "viewer"}),
        (ADDRESS, {"email": "Viewer@Serang.Example", "email_verified": True}),
        ({"domain": "serang.example"}, {"preferred_username": "viewer@serang.example"}),
        (MFA, {"amr": ["pwd", "mfa"]}),
        (MFA, {"amr": ["mfa"]}),
        ({"required_claim": "acr", "required_value": "gold"}, {"acr": "gold"}),
    ],
)
def test_the_claim_that_is_set_names_the_account(
    office: Office, settings: dict[str, str], claims: dict[str, Any]
) -> None:
    office.set(**settings)
    office.issuer.claims |= claims
    assert office.come().status_code == 303
    assert office.actions()[-2][0] == "viewer"


@pytest.mark.parametrize(
    ("settings", "claims"),
    [
        ({}, {"preferred_username": None}),
        ({}, {"preferred_username": ""}),
        ({}, {"preferred_username": 7}),
        ({}, {"preferred_username": ["viewer"]}),
        ({}, {"preferred_username": " viewer"}),
        ({}, {"preferred_username": "Viewer"}),
        ({}, {"preferred_username": "viewer@serang.example"}),
        ({"claim": "sub"}, {"sub": "VIEWER"}),
        (ADDRESS, {"email": "viewer@serang.example"}),
        (ADDRESS, {"email": "viewer@serang.example", "email_verified": False}),
        (ADDRESS, {"email": "viewer@serang.example", "email_verified": "true"}),
        (ADDRESS, {"email": "viewer@jahat.example", "email_verified": True}),
        (ADDRESS, {"email": "viewer@jahat.example@serang.example", "email_verified": True}),
        (ADDRESS, {"email": "viewer", "email_verified": True}),
        ({"domain": "\u212aota.example"}, {"preferred_username": "viewer@\u212aota.example"}),
        ({"domain": "kota.example"}, {"preferred_username": "viewer@\u212aota.example"}),
        (MFA, {}),
        (MFA, {"amr": ["pwd"]}),
        (MFA, {"amr": "not mfa"}),
    ],
)
def test_a_claim_that_names_nobody_for_sure_is_refused(
    office: Office, settings: dict[str, str], claims: dict[str, Any]
) -> None:
    office.set(**settings)
    office.issuer.claims |= claims
    reply = office.come()
    assert_refused(reply, TOKEN if claims.get("amr") == "not mfa" else CLAIM)


def test_no_account_is_made_and_an_unknown_name_is_not_kept(office: Office) -> None:
    office.issuer.claims |= {"preferred_username": "tamu"}
    before = office.accounts.users()
    assert_refused(office.come(), ACCOUNT)
    assert office.accounts.users() == before
    assert office.actions()[-2] == ("-", "sign-in-oidc", "", "denied")


def test_a_disabled_account_stays_closed_and_the_refusal_is_logged(office: Office) -> None:
    office.accounts.disable("viewer", by=ROOT)
    assert_refused(office.come(), ACCOUNT)
    assert office.actions()[-2] == ("-", "sign-in-oidc", "viewer", "denied")


def test_whoever_says_no_at_the_issuer_is_not_signed_in(office: Office) -> None:
    browser = office.browser()
    address = office.issuer.agree(get(browser, BEGIN).location)
    assert_refused(back(browser, f"{address}&error=access_denied&error_description=x"), REFUSED)


# -------------------------------------------------------------------------------- one state


def test_what_came_back_once_is_worth_nothing_the_second_time(office: Office) -> None:
    browser, thief = office.browser(), office.browser()
    begun = get(browser, BEGIN)
    ticket, address = cookies(begun)[TICKET].value, office.issuer.agree(begun.location)
    assert back(browser, address).status_code == 303
    assert_refused(back(browser, address), STATE)
    thief.set_cookie(TICKET, ticket, domain="geo.example", secure=True)
    assert_refused(back(thief, address), STATE)


def test_only_the_browser_that_began_comes_back(office: Office) -> None:
    browser, other = office.browser(), office.browser()
    address = office.issuer.agree(get(browser, BEGIN).location)
    assert_refused(back(other, address), STATE)
    get(other, BEGIN)
    assert_refused(back(other, address), STATE)


@pytest.mark.parametrize("query", ["", "state=", "state=x&code=y", "code=code-0"])
def test_without_the_state_nothing_is_asked(office: Office, query: str) -> None:
    browser = office.browser()
    get(browser, BEGIN)
    asked = len(office.issuer.asked)
    assert_refused(back(browser, f"{BACK}?{query}"), STATE)
    assert len(office.issuer.asked) == asked


def test_a_forged_ticket_is_none(office: Office) -> None:
    browser = office.browser()
    address = office.issuer.agree(get(browser, BEGIN).location)
    ticket = browser.get_cookie(TICKET, domain="geo.example")
    assert ticket
    browser.set_cookie(TICKET, "x" + ticket.value, domain="geo.example", secure=True)
    assert_refused(back(browser, address), STATE)


@pytest.mark.parametrize(("minutes", "status"), [(9, 303), (11, 400)])
def test_ten_minutes_are_enough(office: Office, minutes: int, status: int) -> None:
    browser = office.browser()
    address = office.issuer.agree(get(browser, BEGIN).location)
    office.clock.move(minutes=minutes)
    assert back(browser, address).status_code == status


@pytest.mark.parametrize("path", [BEGIN, BACK])
def test_nothing_of_it_crosses_an_open_line(office: Office, path: str) -> None:
    reply = office.browser().get(path, base_url="http://geo.example")
    assert reply.status_code == 403
    assert office.issuer.asked == []


# -------------------------------------------------------------------------------- settings


def test_without_the_section_there_is_no_link_no_page_and_no_authlib(
    house: House, tmp_path: Path
) -> None:
    assert "instansi" not in get(house.browser(), "/masuk").text
    assert get(house.browser(), BEGIN).status_code == 404
    read_key(tmp_path)
    program = (
        "import sys, pathlib; from geo_target.settings import Access; "
        "from geo_target.web.app import create_app; from geo_target.web.doors import open_doors; "
        f"folder = pathlib.Path({str(tmp_path)!r}); "
        "create_app(folder, doors=open_doors(folder, Access())); "
        "print({'authlib', 'joserfc', 'requests'} & {m.split('.')[0] for m in sys.modules})"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert out.stdout == "set()\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://issuer.example"}, {"issuer": "issuer.example"}, {"issuer": "https://"},
        {"issuer": "http://127.0.0.1.jahat.example"}, {"issuer": "http://localhost@x.example"},
        {"issuer": "https://issuer.example/?a=b"}, {"issuer": "https://a@issuer.example"},
        {"issuer": "file:///etc"}, {"client_id": " "}, {"client_secret": "x"}, {"claim": "email"},
        {"required_claim": "amr"}, {"required_value": "mfa"},
    ],
)  # fmt: skip
def test_settings_that_will_not_do(wrong: dict[str, str]) -> None:
    right = {"issuer": "https://issuer.example/realms/x", "client_id": "x",
             "client_secret_file": "x"}  # fmt: skip
    Oidc.model_validate(right)
    with pytest.raises(ValidationError):
        Oidc.model_validate(right | wrong)


def oidc_in(folder: Path) -> Oidc:
    return Oidc(
        issuer="https://issuer.example", client_id="x", client_secret_file=folder / "secret"
    )


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0, "E-OIDC-SECRET"), (b"", 0o600, "E-OIDC-SECRET"), (b" \n", 0o600, "E-OIDC-SECRET"),
        (b"\xff", 0o600, "E-OIDC-SECRET"), (b"x", 0o640, "E-OIDC-SECRET-OPEN"),
        (b"x", 0o604, "E-OIDC-SECRET-OPEN"),
    ],
)  # fmt: skip
def test_without_a_secret_that_is_secret_nothing_starts(
    tmp_path: Path, content: bytes | None, mode: int, code: str
) -> None:
    read_key(tmp_path)
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
        (tmp_path / "secret").chmod(mode)
    with pytest.raises(GeoTargetError, match=f"{code} ") as refused:
        open_doors(tmp_path, Access(), oidc=oidc_in(tmp_path))
    assert refused.value.exit_code == 2
    assert not (tmp_path / "operations.sqlite").exists()


def test_with_all_of_it_the_doors_open(tmp_path: Path) -> None:
    read_key(tmp_path)
    (tmp_path / "secret").write_text("rahasia\n")
    (tmp_path / "secret").chmod(0o600)
    assert open_doors(tmp_path, Access(), oidc=oidc_in(tmp_path)).single_sign_on is not None
    assert open_doors(tmp_path, Access()).single_sign_on is None


def test_without_authlib_the_start_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_key(tmp_path)
    monkeypatch.delitem(sys.modules, "geo_target.web.oidc")
    monkeypatch.setitem(sys.modules, "authlib", None)
    for name in [name for name in sys.modules if name.startswith("authlib.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(GeoTargetError, match=r"geo-target\[oidc\]") as refused:
        open_doors(tmp_path, Access(), oidc=oidc_in(tmp_path))
    assert refused.value.faults[0].code == "E-OIDC-MISSING"
