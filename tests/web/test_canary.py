"""A word in every private field of every family; no byte that a role may not see holds one."""

import gzip
import io
import logging
import re
from collections.abc import Iterable, Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.roles import Role
from geo_target.web.access import Access
from geo_target.web.field_scope import officer_key
from geo_target.web.logs import ValueFreeFormatter
from tests.builders import nik
from tests.operations.world import ROOT
from tests.web.addresses import ABSENT, add_meeting, addresses, level_of, readable, text_of
from tests.web.house import SITE, House, get
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE, families
from tests.web.own_visited import BUDI, CODES, WATI, plan_visits
from tests.web.sample import RUN_ID
from tests.web.visited import OFFICERS, add_plan, answer

ROLES = sorted(role.value for role in Role if role is not Role.PUBLIC)

#: Whose families the by-name pages of a role hold; every other role sees none.
SEES = {"officer": "36.73.01", "officer-2": "36.73.02", "coordinator": "36.73"}
#: Whose visits a role carries; the plan gives the field officer those of the first district.
MAKES = {**SEES, "field-officer": "36.73.01"}

#: On pages of these levels nobody is named, whoever looks at them.
OF_NOBODY = set(Access) - {
    Access.BY_NAME, Access.NAME_FILES, Access.REVEAL, Access.PAIRS, Access.VISITS, Access.CARRY,
    Access.PACKS, Access.OWN_ROWS,
}  # fmt: skip

WORDS = ("belum", "belum-padan", "tersentuh")
PATHS = (
    "/", "/tentang-angka", "/akun", "/masuk", "/health", "/nothing", "/masuk?next=/x",
    "/bulan-baru", "/bulan-baru/keadaan", "/pasangan", "/pasangan?sesudah=1",
    "/pasangan/batalkan", "/pasangan/keputusan", "/register", "/register/kelurahan",
    "/banding", "/banding?tampil=selisih", "/banding?tampil=kecil",
    "/kunjungan", "/kunjungan?hari=tanpa", "/kunjungan/00000000", "/lapangan/isi",
    "/lapangan/isi?ubah=x", "/lapangan/unggah",
    "/alasan", "/alasan?kantor=BPS", "/klaster", "/program", "/cakupan", "/akses", "/tren",
    "/perubahan",
    "/lembaga", "/lembaga/dinas-sosial", "/lembaga/bps", "/mutu-data",
    "/cakupan?ukuran=female_head", "/cakupan/kelurahan",
    "/lapangan", "/lapangan/petugas", "/lapangan/rencana-baru?mulai=2025-11-24",
    "/lapangan/jawaban", "/lapangan/jawaban?rencana=1",
    *(f"/lapangan/rencana/1{page}"
      for page in ("", "/kunjungan", "/kemajuan", "/bekal", "/tangan")),
    *(f"{page}{village[:8]}" for village in (VILLAGE, OTHER_DISTRICT)
      for page in ("/kecamatan/", "/kelurahan/kartu?kec=")),
    f"/map/{RUN_ID}/map.js", f"/exact/{RUN_ID}", f"/layers/{RUN_ID}/../manifest.json",
    *(f"/layers/{RUN_ID}/{name}.json"
      for name in ("villages", "districts", "clusters", "unmatched")),
    *(f"/kelurahan/{village}{page}" for village in (VILLAGE, SAME_DISTRICT, OTHER_DISTRICT)
      for page in ("", "/kartu", "/cakupan", "/register", "/register/keluarga?gabungan=p3ke",
                   "/register/keluarga?gabungan=dtsen%2Bp3ke")),
    *(f"/kelurahan/{village}/keluarga?keadaan={word}&halaman={number}"
      for village in (VILLAGE, SAME_DISTRICT, OTHER_DISTRICT)
      for word in WORDS for number in (1, 2, 99)),
)  # fmt: skip


def replies(browser: FlaskClient) -> Iterator[TestResponse]:
    """Every page as a browser gets it, packed or not, and refusals of other methods."""
    for path in PATHS:
        for packed in ("gzip", "identity"):
            headers = {"Accept": "text/html", "Accept-Encoding": packed}
            yield browser.get(path, base_url=SITE, headers=headers)
        yield browser.post(path, base_url=SITE)
        yield browser.options(path, base_url=SITE)


def bytes_of(reply: TestResponse) -> str:
    body = reply.data
    if reply.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return f"{reply.headers}{body.decode('utf-8')}"


def held(texts: Iterable[str]) -> set[int]:
    """Numbers of the families of whom a word is in the texts."""
    whole = "\n".join(texts)
    return {each.number for each in families() if any(word in whole for word in each.words)}


@pytest.mark.parametrize("who", [*ROLES, "officer-2", "nobody"])
def test_no_byte_holds_what_is_not_theirs(house: House, who: str) -> None:
    _, visits = add_plan(house)
    answer(house, visits[:2])
    answer(house, visits[:1], "moved", number=2)
    browser = house.browser() if who == "nobody" else house.signed_in(who)
    may = {
        each.number for each in families()
        if who in SEES and each.village_code.startswith(SEES[who])
    }  # fmt: skip
    numbers = {each.family_id: each.number for each in families()}
    given = {numbers[visit.target.family_id] for visit in visits if visit.officer == who}
    found = held(bytes_of(reply) for reply in replies(browser))
    assert may <= found <= may | given  # of a plan an officer is shown the own visits of a day


#: How Python writes what nobody has put into words: a method, a function, an object.
PYTHONS_OWN = re.compile(r"(?:&lt;|<)(?:built-in|bound|function|class|generator)\b|object at 0x")


def test_every_route_has_an_address_that_somebody_can_read(house: House) -> None:
    """What is looked through below are pages and files, not refusals of them."""
    _, visits = add_plan(house)
    add_meeting(house)
    known = addresses(house, visit=visits[0].code)
    assert set(known) == {rule.endpoint for rule in readable(house)}
    browsers = {who: house.signed_in(who) for who in
                ("coordinator", "operator", "field-officer", "analyst", "auditor", "admin",
                 "secretary")}  # fmt: skip
    browsers["nobody"] = house.browser()
    unread = {
        endpoint for endpoint, paths in known.items() if endpoint not in ABSENT
        and not any(get(browser, path).status_code == 200
                    for path in paths for browser in browsers.values())
    }  # fmt: skip
    assert unread == set()


@pytest.mark.parametrize(
    ("empty_url", "who"),  # a page tells the archive: another database says who one is alone
    [*(("sqlite", who) for who in (*ROLES, "officer-2", "nobody")), ("postgresql", "officer")],
    indirect=["empty_url"],
)
def test_no_route_tells_what_is_not_theirs(house: House, who: str) -> None:
    """Every page, file and download that the app has, also those that are made tomorrow."""
    _, visits = add_plan(house)
    answer(house, visits[:2], "moved")
    browser = house.browser() if who == "nobody" else house.signed_in(who)
    may = {each.number for each in families()
           if who in MAKES and each.village_code.startswith(MAKES[who])}  # fmt: skip
    add_meeting(house)
    known = addresses(house, visit=visits[2].code)
    told = {path: text_of(get(browser, path))
            for paths in known.values() for path in paths}  # fmt: skip
    assert held(told.values()) <= may
    assert [path for path, text in told.items() if PYTHONS_OWN.search(text)] == []
    nameless = [path for endpoint, paths in known.items()
                if level_of(house, endpoint) in OF_NOBODY for path in paths]  # fmt: skip
    assert held(told[path] for path in nameless) == set()


@pytest.mark.parametrize("who", [*ROLES, "officer-2", "nobody"])
def test_no_file_to_carry_holds_what_is_not_theirs(house: House, who: str) -> None:
    """Maps have points and codes: of the own visits for whoever makes them, of nobody by name."""
    _, visits = add_plan(house)
    browser = house.browser() if who == "nobody" else house.signed_in(who)
    with house.app.test_request_context():
        keys = [officer_key(one.name) for one in OFFICERS]
    paths = [f"/lapangan/rencana/1/bekal/{key}/semua.gpx" for key in keys]
    found = "".join(bytes_of(browser.get(path, base_url=SITE)) for path in paths)
    known = {each.number for each in families() if f"{each.lon:.6f}" in found}
    theirs = {visit.target.family_id for visit in visits if who in MAKES
              and visit.target.village_code.startswith(MAKES[who])}  # fmt: skip
    assert known == {each.number for each in families() if each.family_id in theirs}
    assert not [each.name for each in families() if each.name in found]


#: Families of the visits that somebody was given; nobody else learns of them that way.
GIVEN = {WATI: {1, 2, 3}, BUDI: {37, 38}}
VISITS = ("/kunjungan", "/kunjungan?hari=2025-10-07", "/kunjungan?hari=tanpa", "/lapangan/isi",
          *(f"/kunjungan/{code}" for code in CODES.values()),
          *(f"/kunjungan/{code}/hasil" for code in CODES.values()))  # fmt: skip


@pytest.mark.parametrize("who", [*ROLES, BUDI, "nobody"])
def test_no_byte_holds_anothers_visits(house: House, who: str) -> None:
    plan_visits(house)
    browser = house.browser() if who == "nobody" else house.signed_in(who)
    bodies = [
        bytes_of(reply)
        for path in VISITS
        for reply in (get(browser, path), browser.post(path, base_url=SITE))
    ]
    assert held(bodies) == GIVEN.get(who, set())
    points = [f"{each.lon:.4f}" for each in families()]
    assert not [point for point in points if point in " ".join(bodies)]


def test_points_and_ids_are_on_no_page_at_all(house: House) -> None:
    """Even where names are shown: no key, no coordinate, no member, no whole number."""
    text = "\n".join(bytes_of(reply) for reply in replies(house.signed_in("coordinator")))
    assert "CANARYNAME" in text
    assert "MEMBER" not in text
    for each in families():
        name, address, masked, key, family_id, lon = each.words
        assert {name, address, masked} <= {word for word in each.words if word in text}
        assert not [word for word in (key, family_id, lon) if word in text]


def test_the_audit_log_holds_no_name_and_no_number(house: House) -> None:
    list(replies(house.signed_in("coordinator")))
    log = "\n".join(str(dict(row)) for row in house.audit.entries(by=ROOT))
    assert "family.read" in log
    for each in families():
        assert not [word for word in each.words if word in log]


def test_errors_and_logs_hold_no_value(house: House) -> None:
    """A fault of the program on a family's record says where it was, not on what."""
    each = families()[0]
    number = nik(7)

    def broken(text: str) -> str:
        raise ValueError(f"cannot read {each.name} {number}") from KeyError(each.address)

    broken.access = Access.PUBLIC  # type: ignore[attr-defined]
    house.app.add_url_rule("/rusak/<text>", "broken", broken)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ValueFreeFormatter("%(message)s"))
    house.app.logger.handlers = [handler]

    reply = house.browser().get(f"/rusak/{number}", base_url=SITE)

    assert reply.status_code == 500
    for text in (bytes_of(reply), written.getvalue()):
        assert not [word for word in (*each.words, number) if word in text]
    assert "raise ValueError" in written.getvalue()
    assert "builtins.KeyError" in written.getvalue()
    assert "•" * 12 + number[-4:] in written.getvalue()


def test_the_app_itself_logs_so(house: House) -> None:
    own = [each for each in house.app.logger.handlers if type(each) is logging.StreamHandler]
    assert [type(each.formatter) for each in own] == [ValueFreeFormatter]
    assert not house.app.logger.propagate


def test_nobody_forges_a_line_of_the_log() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(ValueFreeFormatter("%(message)s"))
    path = "/a\n2026-01-01 INFO forged\x1b[31m"
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "Exception on %s", (path,), None)
    handler.emit(record)
    assert written.getvalue() == "Exception on /a?2026-01-01 INFO forged?[31m\n"
