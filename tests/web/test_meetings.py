"""Meetings and their decisions: the secretary writes, every meeting reads."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.audit import Actor
from geo_target.operations.meetings import Decision, Meetings
from geo_target.operations.refusals import MeetingError
from tests.builders import nik
from tests.web.house import House, form_token, get, post
from tests.web.named import VILLAGE

MEETING = {"nama": "Rapat koordinasi Oktober", "tanggal": "2025-10-02", "tempat": "Aula Bappeda",
           "lembaga": "bappeda"}  # fmt: skip
DECIDED = {"apa": "Usulkan keluarga RW 001", "tempat": VILLAGE, "lembaga": "bps",
           "tenggat": "2025-10-20", "keadaan": "open", "catatan": ""}  # fmt: skip


def sent(browser: FlaskClient, path: str, **form: str) -> TestResponse:
    return post(browser, path, csrf_token=form_token(browser, "/akun"), **form)


def held(house: House) -> FlaskClient:
    """A secretary's browser, after a meeting with one decision."""
    browser = house.signed_in("secretary")
    assert sent(browser, "/rapat", **MEETING).location == "/rapat/1"
    assert sent(browser, "/rapat/1/keputusan", **DECIDED).location == "/rapat/1"
    return browser


def cells(text: str) -> list[str]:
    """The first row of the first table of a page."""
    row = text.split("<tbody>")[1].split("</tr>", maxsplit=1)[0]
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def test_what_a_meeting_decided_is_read_by_every_meeting(house: House) -> None:
    held(house)
    browser = house.signed_in("viewer")
    what, place, agency, due, state, figures = cells(get(browser, "/rapat").text)
    assert (what, due, state) == (DECIDED["apa"], "20 Oktober 2025", "belum selesai")
    assert "BPS" in agency or "Statistik" in agency
    shown = house.app.extensions["geo_target.store"].current().snapshot.villages[VILLAGE]
    then = shown["uncovered_families"]
    assert figures == f"{then} KK waktu itu {then}"
    assert place.startswith(str(shown["village_name"]))
    page = get(browser, "/rapat/1").text
    assert "Aula Bappeda" in page
    assert "Simpan keputusan" not in page


def test_what_became_of_it(house: House) -> None:
    browser = held(house)
    done = DECIDED | {"keadaan": "done", "catatan": "12 usulan dikirim", "keputusan": "1"}
    sent(browser, "/rapat/1/keputusan", **done)
    assert "Tidak ada keputusan yang belum selesai" in get(browser, "/rapat").text
    assert "12 usulan dikirim" in get(browser, "/rapat/1").text
    verbs = [(verb, number) for _, verb, number, _ in house.actions() if "meeting" in verb]
    assert verbs == [("meeting.save", "1"), ("meeting.decide", "1"), ("meeting.decide", "1")]


def test_past_its_day_it_is_late(house: House) -> None:
    held(house)
    assert "lewat" not in cells(get(house.signed_in("viewer"), "/rapat").text)[3]
    house.clock.move(days=30)
    text = get(house.signed_in("viewer"), "/rapat").text
    assert cells(text)[3] == "20 Oktober 2025 lewat"
    assert "1 di antaranya lewat tenggat" in text


def test_a_meeting_is_mended_and_stays_the_same_one(house: House) -> None:
    browser = held(house)
    sent(browser, "/rapat", **(MEETING | {"nama": "Rapat kedua", "rapat": "1"}))
    assert [one.title for one in house.meetings.all()] == ["Rapat kedua"]


def test_a_form_that_is_sent_twice_is_one(house: House) -> None:
    browser = held(house)
    before = (house.meetings.all(), house.meetings.decisions())
    assert sent(browser, "/rapat", **MEETING).location == "/rapat/1"
    assert sent(browser, "/rapat/1/keputusan", **DECIDED).location == "/rapat/1"
    assert (house.meetings.all(), house.meetings.decisions()) == before
    for other in ({"apa": "Kunjungi lagi"}, {"tempat": ""}, {"tenggat": ""}, {"lembaga": ""}):
        sent(browser, "/rapat/1/keputusan", **(DECIDED | other))
    sent(browser, "/rapat", **(MEETING | {"tanggal": "2025-10-03"}))
    assert (len(house.meetings.all()), len(house.meetings.decisions())) == (2, 5)


def test_what_was_typed_stays_where_it_is_refused(house: House) -> None:
    browser = held(house)
    meeting = sent(browser, "/rapat", **(MEETING | {"tanggal": "besok", "nama": "Rapat lanjutan"}))
    assert 'value="Rapat lanjutan"' in meeting.text
    assert 'value="bappeda" checked' in meeting.text
    decided = sent(browser, "/rapat/1/keputusan", **(DECIDED | {"tenggat": "31-12-2025"}))
    assert f'value="{DECIDED["apa"]}"' in decided.text
    assert f'value="{VILLAGE}" selected' in decided.text
    changed = sent(browser, "/rapat", **(MEETING | {"nama": " ", "rapat": "1"}))
    assert "Ubah rapat ini" in changed.text  # the page whose form it was


def test_from_a_village_to_a_decision_about_it(house: House) -> None:
    browser = held(house)
    link = f"/rapat?tempat={VILLAGE}"
    assert link in get(browser, f"/kelurahan/{VILLAGE}").text
    assert link not in get(house.signed_in("viewer"), f"/kelurahan/{VILLAGE}").text
    asked = get(browser, link).text
    assert "Keputusan tentang" in asked
    assert f"/rapat/1?tempat={VILLAGE}#formulir" in asked
    assert f'value="{VILLAGE}" selected' in get(browser, f"/rapat/1?tempat={VILLAGE}").text
    later = MEETING | {"tanggal": "2025-10-09", "untuk": VILLAGE}
    assert sent(browser, "/rapat", **later).location == f"/rapat/2?tempat={VILLAGE}"
    assert "Keputusan tentang" not in get(browser, "/rapat?tempat=36.99.01.1001").text


def test_numbers_of_people_are_masked_before_they_are_kept(house: House) -> None:
    browser = held(house)
    sent(browser, "/rapat/1/keputusan", **(DECIDED | {"apa": f"Cek {nik(7)} di RW 2"}))
    assert nik(7) not in get(browser, "/rapat/1").text
    assert nik(7) not in str(house.meetings.decisions())
    assert "RW 2" in get(browser, "/rapat/1").text


def test_markup_is_text(house: House) -> None:
    browser = held(house)
    sent(browser, "/rapat/1/keputusan", **(DECIDED | {"apa": "<img src=x onerror=alert(1)>"}))
    assert "<img src=x" not in get(browser, "/rapat/1").text


@pytest.mark.parametrize(
    ("path", "change"),
    [("/rapat", {"nama": "  "}), ("/rapat", {"tanggal": "besok"}),
     ("/rapat/1/keputusan", {"apa": ""}), ("/rapat/1/keputusan", {"tempat": "36.99.01.1001"}),
     ("/rapat/1/keputusan", {"tenggat": "31-12-2025"})],
)  # fmt: skip
def test_what_cannot_be_kept_is_said_so(house: House, path: str, change: dict[str, str]) -> None:
    browser = held(house)
    before = (house.meetings.all(), house.meetings.decisions())
    form = (MEETING if path == "/rapat" else DECIDED) | change
    reply = sent(browser, path, **form)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert (house.meetings.all(), house.meetings.decisions()) == before


@pytest.mark.parametrize("path", ["/rapat/2", "/rapat/1?keputusan=9"])
def test_what_is_not_there(house: House, path: str) -> None:
    browser = held(house)
    assert get(browser, path).status_code == (404 if path == "/rapat/2" else 200)
    gone = sent(browser, "/rapat/1/keputusan", **(DECIDED | {"keputusan": "9"}))
    assert gone.status_code == 404
    for number in (7, 10**30):  # the second is more than any database counts
        assert sent(browser, f"/rapat/{number}/keputusan", **DECIDED).status_code == 404
    assert sent(browser, "/rapat", **(MEETING | {"rapat": "7"})).status_code == 404


def test_nobody_else_writes_it_not_even_past_the_pages(house: House) -> None:
    held(house)
    viewer = house.signed_in("viewer")
    assert sent(viewer, "/rapat", **MEETING).status_code == 403
    meetings: Meetings = house.meetings
    with pytest.raises(MeetingError, match="E-MEETING-ROLE"):
        meetings.decide(Decision(meeting_id=1, what="x"), by=Actor(name="v", role="viewer"))
    assert house.actions()[-2][1:] == ("meeting.decide", "new", "denied")


def test_a_figure_that_is_withheld_today_is_not_told_by_the_past(house: House) -> None:
    held(house)
    snapshot = house.app.extensions["geo_target.store"].current().snapshot
    village = snapshot.villages[VILLAGE]
    before = dict(village)
    try:
        village |= {"uncovered_families": None, "withheld": ["uncovered_families"]}
        assert cells(get(house.signed_in("viewer"), "/rapat").text)[5] == "tidak ditampilkan"
    finally:
        village.clear()
        village.update(before)
