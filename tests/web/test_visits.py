"""A field officer's own visits: exactly those, one answer each, then closed."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.database import Database
from geo_target.operations.visibility import Visible
from geo_target.operations.visit_rows import Status
from tests.builders import nik
from tests.operations.world import ROOT
from tests.web.house import SITE, House, get, post
from tests.web.own_visited import BUDI, CODES, RATNA, WATI, Planned, plan_visits

LIST = "/kunjungan"
NAME = re.compile(r"CANARYNAME(\d{4})(?!MEMBER)")
HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
EVERYTHING = Visible(everywhere=True)


@pytest.fixture
def planned(house: House) -> Planned:
    return plan_visits(house)


@pytest.fixture
def wati(house: House, planned: Planned) -> FlaskClient:
    return house.signed_in(WATI)


@pytest.fixture
def budi(house: House, planned: Planned) -> FlaskClient:
    return house.signed_in(BUDI)


def page_of(number: int) -> str:
    return f"{LIST}/{CODES[number]}"


def named_in(reply: TestResponse) -> list[int]:
    """Numbers of the families that a page names, as they stand on it."""
    return [int(number) for number in dict.fromkeys(NAME.findall(reply.text))]


def hidden(reply: TestResponse) -> dict[str, str]:
    return dict(HIDDEN.findall(reply.text))


def answer(browser: FlaskClient, number: int, outcome: str = "found_eligible",
           **more: str) -> TestResponse:  # fmt: skip
    """Open a visit, and send its form."""
    form = hidden(get(browser, page_of(number)))
    return post(browser, f"{page_of(number)}/hasil", **{**form, "outcome": outcome, **more})


def status_of(house: House, number: int) -> Status:
    found = house.visit_plans.visit(CODES[number], within=EVERYTHING)
    assert found
    return found.status


def test_the_days_of_an_officer_and_nobody_elses(wati: FlaskClient, budi: FlaskClient) -> None:
    assert named_in(get(wati, LIST)) == [1, 2]
    assert named_in(get(wati, f"{LIST}?hari=2025-10-07")) == [3]
    assert named_in(get(wati, f"{LIST}?hari=2025-12-31")) == [1, 2]
    assert named_in(get(budi, LIST)) == [37, 38]


def test_what_is_carried_of_a_day_is_linked(wati: FlaskClient, budi: FlaskClient) -> None:
    links = re.findall(r'href="([^"]+/bekal/[^"]+)" download>(\w+)', get(wati, LIST).text)
    assert [name for _, name in links] == ["PDF", "GPX", "KML", "GeoPackage"]
    gpx = next(path for path, name in links if name == "GPX")
    assert gpx.endswith("2025-10-06.gpx")
    assert get(wati, gpx).status_code == 200
    assert get(budi, gpx).status_code == 404


def test_what_a_line_of_the_list_says(wati: FlaskClient) -> None:
    text = get(wati, LIST).text
    first = text.split('<li class="visit">')[1]
    for words in (f"{CODES[1][:4]}-{CODES[1][4:]}", "CANARYNAME0001", "CANARYROAD0001",
                  "••••7001", "belum terdaftar di program: perbarui data keluarga"):  # fmt: skip
        assert words in first
    assert "RW 001" in text
    assert "RT 005" in text
    assert "miskin" not in text.split("<main")[1]


def test_one_outcome_is_saved_and_the_visit_closed(wati: FlaskClient, house: House) -> None:
    reply = answer(wati, 1, note="di rumah anak")
    assert reply.status_code == 200
    assert "tersimpan: Ditemukan, layak." in reply.text
    assert named_in(reply) == [2]
    assert get(wati, page_of(1)).status_code == 404
    assert status_of(house, 1) is Status.CLOSED
    kept = house.visit_outcomes.standing()[CODES[1]].current
    assert (kept.outcome.outcome, kept.outcome.note) == ("found_eligible", "di rumah anak")
    assert kept.received_by == WATI


@pytest.mark.parametrize("page", [page_of(37), page_of(7), f"{LIST}/ABCD-EFGH", f"{LIST}/7"])
def test_anothers_nobodys_and_no_visit_are_the_same(
    wati: FlaskClient, house: House, page: str
) -> None:
    none, other = get(wati, f"{LIST}/ZZZZZZZZ"), get(wati, page)
    assert other.status_code == none.status_code == 404
    assert other.text.replace(page, "") == none.text.replace(f"{LIST}/ZZZZZZZZ", "")
    denied = [each for each in house.actions() if each[3] == "denied"]
    assert [(each[0], each[1]) for each in denied] == [(WATI, "visit.own.read")] * 2


def test_a_code_is_read_as_people_write_it(wati: FlaskClient) -> None:
    code = CODES[1]
    for written in (code.lower(), f"{code[:4]}-{code[4:]}", f"{code[:4]} {code[4:]}".lower()):
        assert named_in(get(wati, f"{LIST}/{written}")) == [1]


def test_each_view_is_in_the_log_before_it_is_shown(wati: FlaskClient, house: House) -> None:
    get(wati, LIST)
    get(wati, page_of(2))
    told = [row for row in house.audit.entries(by=ROOT) if row["verb"] == "visit.own.read"]
    assert [(row["object_id"], row["persons"], row["actor"]) for row in told] == [
        ("2025-10-06", 2, WATI), (CODES[2], 1, WATI),
    ]  # fmt: skip
    assert "CANARY" not in str([dict(row) for row in told])


def test_the_same_visit_sent_five_times_is_one_record(wati: FlaskClient, house: House) -> None:
    form = {**hidden(get(wati, page_of(1))), "outcome": "moved"}
    replies = [post(wati, f"{page_of(1)}/hasil", **form) for _ in range(5)]
    assert [reply.status_code for reply in replies] == [200] * 5
    assert "sudah tersimpan: Pindah." in replies[-1].text
    assert len(house.visit_outcomes.versions(CODES[1])) == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [(CODES[37], "foreign"), (CODES[7], "foreign"), ("00000000", "unknown"),
     ("ZZZZZZZZ", "unknown")],
)  # fmt: skip
def test_what_is_not_theirs_is_kept_apart(
    wati: FlaskClient, house: House, code: str, reason: str
) -> None:
    form = hidden(get(wati, page_of(1)))
    reply = post(wati, f"{LIST}/{code}/hasil", **{**form, "outcome": "found_eligible"})
    assert reply.status_code == 404
    assert "disimpan terpisah" in reply.text
    assert [each.orphan_reason for each in house.visit_outcomes.orphans()] == [reason]
    assert house.visit_outcomes.standing() == {}
    recorded = [each for each in house.actions() if each[1] == "visit.record"]
    assert recorded[-1][3] == "denied"


def test_a_withdrawn_visit_is_a_conflict_and_kept(wati: FlaskClient, house: House) -> None:
    form = hidden(get(wati, page_of(1)))
    house.visit_plans.withdraw([CODES[1]], by=RATNA, reason="salah alamat")
    reply = post(wati, f"{page_of(1)}/hasil", **{**form, "outcome": "found_eligible"})
    assert reply.status_code == 409
    assert [each.orphan_reason for each in house.visit_outcomes.orphans()] == ["withdrawn"]


def test_two_workers_two_answers(wati: FlaskClient, house: House) -> None:
    answer(wati, 1, "found_eligible")
    ratna = house.signed_in("coordinator")
    token = hidden(get(ratna, "/lapangan/isi"))["csrf_token"]
    reply = send(ratna, token, 1, outcome="better_off", submission_id="another-one")
    assert (reply.status_code, told(reply)["state"]) == (200, "conflict")
    assert len(house.visit_outcomes.versions(CODES[1])) == 2
    assert house.visit_outcomes.standing()[CODES[1]].is_conflict
    again = send(ratna, token, 1, outcome="better_off", submission_id="another-one")
    assert (again.status_code, told(again)["state"]) == (200, "repeated")


def send(browser: FlaskClient, token: str, number: int, **fields: object) -> TestResponse:
    """An answer as a device sends it."""
    return browser.post(
        f"{page_of(number)}/hasil", base_url=SITE, json=fields,
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )  # fmt: skip


def told(reply: TestResponse) -> dict[str, Any]:
    return dict(reply.get_json())


@pytest.mark.parametrize(("programs", "kept"), [([], ()), (None, None)])
def test_no_program_is_another_thing_than_not_asked(
    wati: FlaskClient, house: House, programs: list[str] | None, kept: tuple[str, ...] | None
) -> None:
    token = hidden(get(wati, page_of(2)))["csrf_token"]
    more = {} if programs is None else {"programs": programs}
    send(wati, token, 2, submission_id="uuid:5f0c8f5e", outcome="found_eligible", **more)
    assert house.visit_outcomes.standing()[CODES[2]].current.outcome.programs == kept


def test_a_device_sends_the_same_fields(wati: FlaskClient, house: House) -> None:
    token = hidden(get(wati, page_of(2)))["csrf_token"]
    reply = send(
        wati, token, 2, submission_id="uuid:5f0c8f5e", outcome="found_eligible",
        programs=["PKH", "SEMBAKO"], sign_floor=True, sign_wall=False, house_floor="tanah",
        lat=-6.1, lon=111.11, accuracy_m=12.5, corrected_rt="7",
        end="1970-01-01T08:00:00+07:00",
    )  # fmt: skip
    assert reply.status_code == 200
    kept = house.visit_outcomes.standing()[CODES[2]].current
    found = kept.outcome
    assert found.programs == ("PKH", "SEMBAKO")
    assert (found.lon, found.lat, found.accuracy_m) == (111.11, -6.1, 12.5)
    assert (dict(found.signs), dict(found.housing)) == (
        {"floor": True, "wall": False}, {"floor": "tanah"},
    )  # fmt: skip
    assert (dict(found.given), dict(found.corrected)) == ({"rt": "005"}, {"rt": "007"})
    # The device's clock is kept, and nobody trusts it.
    assert found.device_at is not None
    assert found.device_at.year == 1970
    assert "W-OUTCOME-CLOCK" in found.warnings
    assert kept.received_at == house.clock.now
    assert (
        "Tanggal perangkat tidak masuk akal; waktu server yang dipakai." in told(reply)["warnings"]
    )


def test_what_was_kept_is_told_though_no_name_may_be_shown_any_more(
    named_archive: Path, database: Database
) -> None:
    house = House(named_archive, database, persons_per_hour=1)
    plan_visits(house)
    reply = answer(house.signed_in(WATI), 1)  # the form named one, the list would name one more
    assert reply.status_code == 200
    assert "tersimpan: Ditemukan, layak" in reply.text
    assert "tidak perlu dikirim lagi" in reply.text
    assert named_in(reply) == []
    assert get(house.signed_in(WATI), LIST).status_code == 429


@pytest.mark.parametrize(
    ("fields", "warning"),
    [({"lat": -6.1, "lon": 111.11, "accuracy_m": 5000}, "lebih buruk dari 100 m"),
     ({"lat": -6.1, "lon": 111.11, "is_mocked": True}, "lokasi tiruan"),
     ({"lat": -6.9, "lon": 111.11, "accuracy_m": 5}, "jauh dari kelurahannya"),
     ({"note": f"tetangga {nik(3)} juga"}, "nomor itu disamarkan")],
)  # fmt: skip
def test_what_is_doubted_is_kept_with_its_warning(
    wati: FlaskClient, house: House, fields: dict[str, Any], warning: str
) -> None:
    token = hidden(get(wati, page_of(2)))["csrf_token"]
    reply = send(wati, token, 2, submission_id="uuid:5f0c8f5e", outcome="moved", **fields)
    assert reply.status_code == 200
    assert warning in " ".join(told(reply)["warnings"])
    kept = house.visit_outcomes.standing()[CODES[2]].current.outcome
    assert nik(3) not in str(kept)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "body", [b'{"submission_id": "uuid:5f0c8f5e", "outcome": "mo', b"", b"[]", b'"moved"',
             b'{"outcome": "moved"}', b'{"submission_id": {"a": 1}, "outcome": "moved"}'],
)  # fmt: skip
def test_half_a_body_leaves_nothing(wati: FlaskClient, house: House, body: bytes) -> None:
    token = hidden(get(wati, page_of(2)))["csrf_token"]
    reply = wati.post(
        f"{page_of(2)}/hasil", base_url=SITE, data=body, content_type="application/json",
        headers={"X-CSRFToken": token},
    )  # fmt: skip
    assert reply.status_code == 400
    assert house.visit_outcomes.standing() == {}
    assert status_of(house, 2) is Status.OPEN


def test_half_a_form_leaves_nothing(wati: FlaskClient, house: House) -> None:
    form = hidden(get(wati, page_of(2))) | {"outcome": "moved"}
    del form["whole"]
    assert post(wati, f"{page_of(2)}/hasil", **form).status_code == 400
    assert house.visit_outcomes.standing() == {}


def test_a_body_beyond_a_form_is_not_read(wati: FlaskClient, house: House) -> None:
    token = hidden(get(wati, page_of(2)))["csrf_token"]
    reply = send(wati, token, 2, submission_id="uuid:5f0c8f5e", outcome="moved", note="x" * 20_000)
    assert reply.status_code == 413
    assert house.visit_outcomes.standing() == {}


def test_what_cannot_be_read_is_asked_again(wati: FlaskClient, house: House) -> None:
    reply = answer(wati, 1, "moved", corrected_head_national_id="123", lat="atas", lon="kiri")
    assert reply.status_code == 422
    for words in ("harus 16 digit", "titik", 'value="moved" required checked'):
        assert words in reply.text
    assert house.visit_outcomes.standing() == {}
    again = hidden(reply)
    assert again["submission_id"]


def test_a_visit_that_met_nobody_stays_open(wati: FlaskClient, house: House) -> None:
    answer(wati, 1, "empty_house")
    assert status_of(house, 1) is Status.OPEN
    assert named_in(get(wati, LIST)) == [1, 2]
    answer(wati, 1, "found_eligible")
    assert status_of(house, 1) is Status.CLOSED
    assert not house.visit_outcomes.standing()[CODES[1]].is_conflict


def test_only_the_page_of_a_visit_may_ask_where_one_is(wati: FlaskClient) -> None:
    policy = {page: get(wati, page).headers["Permissions-Policy"]
              for page in (LIST, page_of(1), "/lapangan/isi", "/")}  # fmt: skip
    assert [page for page, said in policy.items() if "geolocation=(self)" in said] == [page_of(1)]


def test_a_number_that_was_masked_stays_masked(wati: FlaskClient, house: House) -> None:
    """The list's own number is shown by four digits, and no more comes back from the page."""
    text = get(wati, page_of(1)).text
    assert "••••7001" in text
    answer(wati, 1, corrected_head_national_id=nik(4))
    kept = house.visit_outcomes.standing()[CODES[1]].current.outcome
    assert kept.corrected["head_national_id"] == nik(4)
    assert kept.given["head_national_id"].endswith("7001")
    entries = str([dict(row) for row in house.audit.entries(by=ROOT)])
    assert nik(4) not in entries
