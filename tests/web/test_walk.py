"""Every route, by every role, with every method: who gets in is written here once more."""

import pytest
from flask.testing import FlaskClient

from geo_target.operations.roles import Role
from geo_target.web.access import Access
from tests.web.house import SITE, House, form_token, post
from tests.web.named import VILLAGE
from tests.web.sample import RUN_ID, clusters, villages

NOBODY = "nobody"
CLUSTER = str(clusters(villages())["cluster_id"].iloc[0])
EVERYBODY = {NOBODY, *(role.value for role in Role if role is not Role.PUBLIC)}
#: What somebody whose role does not open a form is told, and what nobody is told.
REFUSED = (403, 401)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

#: Not taken from the program's own table: a verb too many in it fails here.
OPENS = {
    Access.PUBLIC: EVERYBODY,
    Access.PUBLISHED: EVERYBODY,
    Access.SIGNED_IN: EVERYBODY - {NOBODY},
    Access.CHOOSING: EVERYBODY - {NOBODY},
    Access.AGGREGATES: EVERYBODY - {NOBODY, "auditor", "admin"},
    Access.EXACT: {"officer", "coordinator", "analyst"},
    Access.BY_NAME: {"officer", "coordinator"},
    Access.PAIRS: {"coordinator"},
    Access.DELIVERIES: {"operator"},
    Access.OWN_ROWS: {"operator"},
    Access.VISITS: {"field-officer"},
    Access.RECORD: {"officer", "field-officer", "coordinator"},
    Access.RUN: {"operator"},
    Access.PLANS: {"officer", "coordinator"},
    Access.CARRY: {"officer", "coordinator", "field-officer"},
    Access.PACKS: {"officer", "coordinator"},
    Access.NAME_FILES: {"officer"},
    Access.REVEAL: {"officer"},
    Access.PSEUDONYMS: {"analyst"},
    Access.PSEUDONYM_FILES: {"analyst"},
    Access.MEETINGS: {"secretary"},
    Access.AUDIT: {"auditor", "admin"},
    Access.ACCOUNTS: {"admin"},
}
ARGUMENTS = {
    "run_id": RUN_ID, "village_code": VILLAGE, "delivery": "0" * 12, "upload": "0" * 32,
    "cluster_id": CLUSTER, "kind": "csv", "audience": "rapat", "zoom": 0, "column": 0, "row": 0,
    "agency": "bappeda", "district_code": VILLAGE[:8], "regency_code": VILLAGE[:5],
    "visit_code": "00000000",
    "plan_id": 1, "meeting_id": 1, "officer": "0" * 12, "day": "2025-11-24", "package": "odk",
}  # fmt: skip
NAMES = {"files.asset": "geo-target.css", "files.layer": "villages", "takeaway.file": "kelurahan"}


def routes(house: House) -> dict[str, dict[str, Access]]:
    """Level by method of every path."""
    found: dict[str, dict[str, Access]] = {}
    adapter = house.app.url_map.bind("geo.example")
    for rule in house.app.url_map.iter_rules():
        values = {name: ARGUMENTS.get(name, NAMES.get(rule.endpoint, "x"))
                  for name in rule.arguments}  # fmt: skip
        level: Access = vars(house.app.view_functions[rule.endpoint])["access"]
        methods = found.setdefault(adapter.build(rule.endpoint, values), {})
        for method in rule.methods or ():
            methods.setdefault(method, level)  # OPTIONS is answered by the first rule of a path
    return found


def answer(browser: FlaskClient, method: str, path: str) -> int:
    headers = {"Sec-Fetch-Dest": "empty"}
    return browser.open(path, method=method, base_url=SITE, headers=headers).status_code


def expected(who: str, method: str, level: Access | None) -> set[int]:
    if level is None:
        return {405}
    if method == "POST":
        return {400}  # none without the token of its form
    if who in OPENS[level]:
        return {200, 303, 404}
    return {401} if who == NOBODY else {403}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_route_by_role_by_method(house: House, who: str) -> None:
    browser = house.browser() if who == NOBODY else house.signed_in(who)
    wrong = [
        (path, method, status)
        for path, levels in routes(house).items()
        for method in METHODS
        if (status := answer(browser, method, path))
        not in expected(who, method, levels.get(method))
    ]
    assert wrong == []


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_a_form_opens_to_the_roles_of_its_page(house: House, who: str) -> None:
    """With a good token, so that it is the role that refuses, before anything is read of it."""
    wrong = []
    for path, levels in routes(house).items():
        if "POST" not in levels:
            continue
        browser = house.browser() if who == NOBODY else house.signed_in(who)
        token = form_token(browser, "/masuk" if who == NOBODY else "/akun")
        reply = post(browser, path, csrf_token=token)
        is_refused = "Peran Anda tidak membuka" in reply.text or "Masuk lebih dahulu" in reply.text
        opens = who in OPENS[levels["POST"]]
        if is_refused is opens or (not opens and reply.status_code != REFUSED[who == NOBODY]):
            wrong.append((path, reply.status_code))
    assert wrong == []


def test_get_changes_nothing(house: House) -> None:
    """Reading pages leaves the accounts and sessions as they are; only the log grows."""

    def state() -> list[object]:
        return [(user.name, user.role, user.disabled_at) for user in house.accounts.users()]

    before = state()
    for who in sorted(EVERYBODY - {NOBODY}):
        browser = house.signed_in(who)
        for path, levels in routes(house).items():
            if "GET" in levels:
                answer(browser, "GET", path)
        assert answer(browser, "GET", "/akun") == 200
    assert state() == before


def test_every_level_is_asked_about(house: House) -> None:
    declared = {level for levels in routes(house).values() for level in levels.values()}
    assert declared <= set(OPENS) == set(Access)


def test_headers_of_every_reply(house: House) -> None:
    """Errors too: no frame, no sniffing, no referrer, scripts of our own only."""
    browser = house.signed_in("officer")
    for path in ("/", "/masuk", "/akun", "/nothing", "/health", "/assets/geo-target.css",
                 f"/kelurahan/{VILLAGE}/keluarga", f"/layers/{RUN_ID}/villages.json"):  # fmt: skip
        headers = browser.get(path, base_url=SITE).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Strict-Transport-Security"] == "max-age=63072000"
        assert headers["Cache-Control"] in {"no-store", "private, no-cache"}
        assert "charset=utf-8" in headers["Content-Type"] or path == "/health"
        assert "Server" not in headers
        assert "Access-Control-Allow-Origin" not in headers
