"""Meetings and their decisions: the secretary writes, every meeting reads."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.operations.audit import Actor
from geo_target.operations.meetings import Decision, Meetings
from geo_target.operations.refusals import MeetingError, StaleMeetingError
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
    done = DECIDED | {
        "keadaan": "done",
        "catatan": "12 usulan dikirim",
        "keputusan": "1",
        "versi": "1",
    }
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
    sent(browser, "/rapat", **(MEETING | {"nama": "Rapat kedua", "rapat": "1", "versi": "1"}))
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


# ------------------------------------------------------------------- two who write at once


def mended(browser: FlaskClient, version: str, **change: str) -> TestResponse:
    form = DECIDED | {"keputusan": "1", "versi": version} | change
    return sent(browser, "/rapat/1/keputusan", **form)


def test_a_form_of_an_older_version_changes_nothing_and_keeps_the_own_words(house: House) -> None:
    first = held(house)
    house.add("sekretaris-2", "secretary")
    second = house.signed_in("sekretaris-2")
    assert 'name="versi" value="1"' in get(second, "/rapat/1?keputusan=1").text
    assert mended(first, "1", catatan="12 usulan dikirim").status_code == 303
    refused = mended(second, "1", catatan="belum ada kabar", keadaan="dropped")
    assert refused.status_code == 409
    assert house.meetings.decisions()[0].note == "12 usulan dikirim"
    text = refused.text
    assert "Secretary mengubahnya sementara Anda menulis" in text
    assert "Ditulis oleh secretary pada" in text
    assert "12 usulan dikirim" in text.split("Yang tersimpan")[1]
    assert 'value="belum ada kabar"' in text
    assert '<option value="dropped" selected>' in text
    # With both before one's eyes one may say it again.
    assert 'name="versi" value="2"' in text
    assert mended(second, "2", catatan="belum ada kabar").status_code == 303
    assert house.meetings.decisions()[0].note == "belum ada kabar"


def test_the_same_form_sent_twice_is_kept_once(house: House) -> None:
    browser = held(house)
    for _ in range(2):
        assert mended(browser, "1", catatan="selesai").status_code == 303
    verbs = [verb for _, verb, _, _ in house.actions() if verb == "meeting.decide"]
    assert len(verbs) == 2
    assert house.meetings.decisions()[0].version == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("version", ["", "x", "-1", "2", "9" * 30])
def test_a_form_that_names_no_version_that_stands_changes_nothing(
    house: House, version: str
) -> None:
    browser = held(house)
    assert mended(browser, version, catatan="lain").status_code == 409
    assert house.meetings.decisions()[0].note == ""


def test_a_meeting_that_another_mended_is_shown_beside_the_own_words(house: House) -> None:
    browser = held(house)
    one = MEETING | {"rapat": "1", "versi": "1", "nama": "Rapat kedua"}
    assert sent(browser, "/rapat", **one).status_code == 303
    refused = sent(browser, "/rapat", **(one | {"nama": "Rapat ketiga"}))
    assert refused.status_code == 409
    assert "Rapat kedua · 2 Oktober 2025" in refused.text
    assert 'value="Rapat ketiga"' in refused.text
    assert [each.title for each in house.meetings.all()] == ["Rapat kedua"]


def test_two_at_the_same_moment_are_not_both_last(house: House) -> None:
    held(house)
    (meeting,) = house.meetings.all()
    by = Actor(name="secretary", role="secretary")
    house.meetings.save(replace(meeting, title="Satu"), by=by)
    with pytest.raises(StaleMeetingError, match="E-MEETING-STALE"):
        house.meetings.save(replace(meeting, title="Dua"), by=by)


def test_what_cannot_be_kept_stays_in_the_form(house: House) -> None:
    browser = held(house)
    reply = sent(browser, "/rapat/1/keputusan", **(DECIDED | {"tenggat": "besok"}))
    assert f'value="{DECIDED["apa"]}"' in reply.text
    again = sent(browser, "/rapat", **(MEETING | {"tanggal": "besok"}))
    assert f'value="{MEETING["nama"]}"' in again.text


# ------------------------------------------------------------------------------- withdrawn


def test_a_meeting_made_in_error_is_withdrawn_and_kept(house: House) -> None:
    browser = held(house)
    assert sent(browser, "/rapat/1/ditarik", versi="1").location == "/rapat/1"
    viewer = house.signed_in("viewer")
    assert "Tidak ada keputusan yang belum selesai" in get(viewer, "/rapat").text
    assert "ditarik" in get(viewer, "/rapat").text
    page = get(viewer, "/rapat/1").text
    assert "Ditarik oleh secretary pada 1 Oktober 2025" in page
    assert DECIDED["apa"] in page
    assert "Kembalikan rapat ini" not in page
    for path, form in (("/rapat", MEETING | {"rapat": "1", "versi": "2"}),
                       ("/rapat/1/keputusan", DECIDED)):  # fmt: skip
        refused = sent(browser, path, **form)
        assert refused.status_code == 422
        assert "sudah ditarik" in refused.text
    assert ("secretary", "meeting.withdraw", "1", "ok") in house.actions()


def test_a_withdrawn_meeting_comes_back(house: House) -> None:
    browser = held(house)
    sent(browser, "/rapat/1/ditarik", versi="1")
    assert sent(browser, "/rapat/1/ditarik", versi="2", apa="kembalikan").status_code == 303
    assert cells(get(browser, "/rapat").text)[0] == DECIDED["apa"]
    assert ("secretary", "meeting.restore", "1", "ok") in house.actions()


def test_nobody_else_withdraws_and_no_stale_form_does(house: House) -> None:
    browser = held(house)
    assert sent(house.signed_in("viewer"), "/rapat/1/ditarik", versi="1").status_code == 403
    assert sent(browser, "/rapat/1/ditarik", versi="7").status_code == 409
    assert sent(browser, "/rapat/9/ditarik", versi="1").status_code == 404
    with pytest.raises(MeetingError, match="E-MEETING-ROLE"):
        house.meetings.withdraw(house.meetings.all()[0], by=Actor(name="v", role="viewer"))
    assert house.meetings.all()[0].withdrawn_at is None
