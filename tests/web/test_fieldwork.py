"""Pages of whoever plans visits: the list, officers, a new plan, loads, moving by hand."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geo_target.fieldwork.visit_codes import new_codes
from geo_target.operations.visit_rows import Status
from geo_target.web.field_scope import officer_key
from tests.web.house import House, form_token, get, post
from tests.web.named import OTHER_DISTRICT, SAME_DISTRICT, VILLAGE
from tests.web.test_walk import CLUSTER
from tests.web.visited import COORDINATOR, MONDAY, OFFICERS, add_officers, add_plan, answer

NEW = "/lapangan/rencana-baru"


def key(house: House, name: str) -> str:
    with house.app.test_request_context():
        return officer_key(name)


def sent(browser: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    return post(browser, path, csrf_token=form_token(browser, page), **form)


def test_before_anything_the_list_says_what_comes_first(house: House) -> None:
    text = get(house.signed_in("coordinator"), "/lapangan").text
    assert "belum ada petugas: mulai dari sini" in text
    assert "Daftarkan petugasnya dahulu" in text
    assert 'href="/lapangan/petugas"' in text


def test_an_officer_is_added_changed_and_removed(house: House) -> None:
    browser = house.signed_in("coordinator")
    page = "/lapangan/petugas"
    assert 'value="field-officer"' in get(browser, page).text  # the account waits to be chosen
    form = {"nama": "field-officer", "nama_lengkap": "Siti", "jenis": "operator", "sehari": "8",
            "kelurahan": VILLAGE, "libur": "2025-12-24, 2025-12-25"}  # fmt: skip
    assert sent(browser, page, page, **form).status_code == 303
    (made,) = house.field_officers.all()
    assert (made.display_name, made.visits_per_day, made.villages) == ("Siti", 8, (VILLAGE,))
    assert made.days_off == {date(2025, 12, 24), date(2025, 12, 25)}
    change = get(browser, f"{page}?ubah={key(house, 'field-officer')}").text
    assert "2025-12-24 2025-12-25" in change
    assert sent(browser, page, page, **{**form, "sehari": "10"}).status_code == 303
    assert house.field_officers.all()[0].visits_per_day == 10
    gone = sent(browser, f"{page}/hapus", page, petugas=key(house, "field-officer"))
    assert gone.status_code == 303
    assert house.field_officers.all() == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"sehari": "banyak"}, "sebagai angka"), ({"sehari": "99"}, "1 sampai 60"),
     ({"libur": "besok"}, "hari libur yang tidak terbaca"), ({"nama": "A B"}, "huruf kecil"),
     ({"jenis": "camat"}, "pilih jenisnya")],
)  # fmt: skip
def test_a_form_that_is_refused_says_why_and_keeps_what_was_written(
    house: House, wrong: dict[str, str], told: str
) -> None:
    browser = house.signed_in("coordinator")
    form = {"nama": "siti", "nama_lengkap": "Siti Aminah", "jenis": "operator", "sehari": "8"}
    reply = sent(browser, "/lapangan/petugas", "/lapangan/petugas", **{**form, **wrong})
    assert reply.status_code == 422
    assert told in reply.text.lower()
    assert 'value="Siti Aminah"' in reply.text
    assert house.field_officers.all() == []


def test_removing_somebody_in_mid_plan_says_how_many_visits_wait(house: House) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    gone = sent(browser, "/lapangan/petugas/hapus", "/lapangan/petugas",
                petugas=key(house, "budi"))  # fmt: skip
    text = get(browser, gone.headers["Location"]).text
    assert "2 kunjungan terbuka kehilangan petugasnya" in text
    assert f"/lapangan/rencana/{number}#tangan" in text
    assert (
        "sudah dihapus dari daftar petugas: budi"
        in get(browser, f"/lapangan/rencana/{number}").text
    )
    path = f"/lapangan/rencana/{number}"
    assert sent(browser, f"{path}/susun-ulang", path, semua="").status_code == 303
    visits = house.visit_plans.visits(plan_id=number)
    assert {each.visit.officer for each in visits} == {"field-officer"}


def test_from_the_form_to_a_plan(house: House) -> None:
    add_officers(house)
    browser = house.signed_in("coordinator")
    form = get(browser, NEW).text
    assert "35 KK dapat dikunjungi" in form
    asked = f"{NEW}?kelurahan={VILLAGE}&kelurahan={OTHER_DISTRICT}&mulai=2025-11-24"
    preview = get(browser, asked).text
    assert re.search(r'id="preview-visits">5<', preview)
    reply = sent(browser, asked, asked, judul="Dua kelurahan")
    assert reply.status_code == 303
    (head,) = house.visit_plans.plans()
    assert (head.title, head.starts_on, head.created_by) == ("Dua kelurahan", MONDAY, "coordinator")
    visits = house.visit_plans.visits(plan_id=head.plan_id)
    assert Counter(each.visit.target.village_code for each in visits) == {
        VILLAGE: 3, OTHER_DISTRICT: 2,
    }  # fmt: skip
    assert "5 kunjungan terbuka dari 5" in get(browser, reply.headers["Location"]).text
    # who is in a plan that is open is in no other one
    assert "30 KK dapat dikunjungi" in get(browser, NEW).text


def test_who_was_just_visited_is_not_counted_among_those_who_may_be(house: House) -> None:
    number, visits = add_plan(house)
    inside = [each for each in visits if each.target.village_code == VILLAGE]
    answer(house, inside)
    answer(house, [each for each in visits if each.target.village_code == OTHER_DISTRICT],
           "empty_house")  # fmt: skip
    house.visit_plans.close(number, by=COORDINATOR)
    browser = house.signed_in("coordinator")
    form = get(browser, f"{NEW}?mulai=2025-10-07").text
    assert re.search(r'id="preview-visits">30<', form)
    assert "30 KK dapat dikunjungi" in form  # as many as the preview takes
    assert "3 KK sudah dikunjungi belum lama ini; 2 KK belum waktunya didatangi ulang." in form
    assert f'name="kelurahan" value="{VILLAGE}"' not in form
    # a village that was ticked stays ticked, or the next question would ask for all
    ticked = get(browser, f"{NEW}?mulai=2025-10-07&kelurahan={VILLAGE}").text
    assert f'name="kelurahan" value="{VILLAGE}" checked' in ticked
    # a week after nobody was at home they may be visited again
    assert "32 KK dapat dikunjungi" in get(browser, f"{NEW}?mulai=2025-10-08").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [("mulai=2025-02-30", "Tanggal ini tidak ada"), ("mulai=2020-01-01", "sudah lewat"),
     ("mulai=2025-12-01&selesai=2025-11-30", "lebih awal dari hari mulai"),
     ("mulai=2025-12-01&hari=0", "Tulis angka"), ("mulai=2025-12-01&batas=x", "Tulis angka"),
     ("mulai=2025-12-01&hari=2&selesai=2025-12-05", "salah satu")],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_told(house: House, asked: str, told: str) -> None:
    add_officers(house)
    browser = house.signed_in("coordinator")
    text = get(browser, f"{NEW}?{asked}").text
    assert told in text
    assert "preview-visits" not in text
    assert sent(browser, f"{NEW}?{asked}", "/akun", judul="x").status_code == 422
    assert house.visit_plans.plans() == []


def test_a_title_with_a_number_of_a_person_is_refused(house: House) -> None:
    add_officers(house)
    browser = house.signed_in("coordinator")
    asked = f"{NEW}?mulai=2025-11-24"
    reply = sent(browser, asked, asked, judul="9" * 16)
    assert reply.status_code == 422
    assert "tanpa NIK" in reply.text


def test_loads_by_village_and_moving_by_hand(house: House) -> None:
    number, visits = add_plan(house)
    browser = house.signed_in("coordinator")
    path = f"/lapangan/rencana/{number}"
    text = get(browser, path).text
    assert "Siti Lapangan" in text
    assert "lebih banyak" in text  # 33 of 35
    form = {"bagian": VILLAGE, "petugas_baru": key(house, "budi"), "action": "assign"}
    reply = sent(browser, f"{path}/tangan", path, **form)
    assert reply.status_code == 303
    assert "3 kunjungan ditugaskan dan dikunci" in get(browser, reply.headers["Location"]).text
    moved = {each.visit.code: each.visit for each in house.visit_plans.visits(plan_id=number)
             if each.visit.target.village_code == VILLAGE}  # fmt: skip
    assert {(one.officer, one.is_locked) for one in moved.values()} == {("budi", True)}

    assert sent(browser, f"{path}/susun-ulang", path, semua="ya").status_code == 303
    after = {each.visit.code: each.visit for each in house.visit_plans.visits(plan_id=number)}
    assert {after[code].officer for code in moved} == {"budi"}  # locked
    assert set(after) == {visit.code for visit in visits}  # codes on paper stay

    form = {"kode": next(iter(moved)).lower(), "action": "unlock"}
    assert sent(browser, f"{path}/tangan", path, **form).status_code == 303
    one = house.visit_plans.visits(plan_id=number)
    assert sum(each.visit.is_locked for each in one) == 2
    form = {"bagian": f"{SAME_DISTRICT}/001", "action": "withdraw", "alasan": "salah wilayah"}
    assert sent(browser, f"{path}/tangan", path, **form).status_code == 303
    assert house.visit_plans.plans()[0].counts[Status.WITHDRAWN] == 30
    form = {"bagian": OTHER_DISTRICT, "action": "unassign"}
    assert sent(browser, f"{path}/tangan", path, **form).status_code == 303
    assert "2 kunjungan belum punya petugas" in get(browser, path).text


def test_what_by_hand_is_refused(house: House) -> None:
    number, visits = add_plan(house)
    browser = house.signed_in("coordinator")
    path = f"/lapangan/rencana/{number}"
    refused = [
        ({"action": "assign", "bagian": VILLAGE}, "pilih petugas"),
        ({"action": "withdraw", "bagian": VILLAGE}, "alasan"),
        ({"action": "unlock"}, "tidak ada kunjungan terbuka yang dipilih"),
        ({"action": "unlock", "kode": "AAAA-AAAA"}, "tidak ada kunjungan terbuka yang dipilih"),
    ]
    for form, told in refused:
        reply = sent(browser, f"{path}/tangan", path, **form)
        assert reply.status_code == 422
        assert told in reply.text.lower()
    assert sent(browser, f"{path}/tangan", path, action="drop").status_code == 400
    answer(house, visits[:1])  # closed: nobody moves it any more
    form = {"action": "unassign", "kode": visits[0].code}
    assert sent(browser, f"{path}/tangan", path, **form).status_code == 422


def test_the_visits_of_an_officer_and_a_village(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:1], "moved")
    browser = house.signed_in("coordinator")
    path = f"/lapangan/rencana/{number}/kunjungan"
    text = get(browser, path).text
    assert "1 sampai 35 dari 35" in text
    assert "Pindah" in text
    assert "CANARY" not in text
    text = get(browser, f"{path}?petugas={key(house, 'budi')}").text
    assert "1 sampai 2 dari 2" in text
    page = f"{path}?kelurahan={VILLAGE}"
    form = {"listed": "1", "kelurahan": VILLAGE, "petugas": "", "kunjungan": visits[1].code,
            "petugas_baru": key(house, "budi"), "action": "assign"}  # fmt: skip
    reply = sent(browser, f"/lapangan/rencana/{number}/tangan", page, **form)
    assert reply.status_code == 303
    assert f"kelurahan={VILLAGE}" in reply.headers["Location"]


def test_the_list_tells_how_far_a_plan_is(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:7])
    house.clock.now = house.clock.now.replace(month=11, day=25)  # Monday has passed
    text = get(house.signed_in("coordinator"), "/lapangan").text
    assert "Kasemen tahap 1" in text
    assert "tertinggal 5 kunjungan" in text  # 12 of Monday, 7 are done
    assert f'href="/lapangan/rencana/{number}"' in text


def test_a_plan_is_closed(house: House) -> None:
    number, _ = add_plan(house)
    browser = house.signed_in("coordinator")
    path = f"/lapangan/rencana/{number}"
    assert sent(browser, f"{path}/tutup", path).status_code == 303
    text = get(browser, path).text
    assert "ditutup" in text
    assert "Ubah dengan tangan" not in text


def test_a_district_officer_sees_and_moves_the_own_district_only(house: House) -> None:
    number, visits = add_plan(house)
    path = f"/lapangan/rencana/{number}"
    own, other = house.signed_in("officer"), house.signed_in("officer-2")
    assert "33 kunjungan terbuka dari 33" in get(own, path).text
    assert "2 kunjungan terbuka dari 2" in get(other, path).text
    assert "Siti Lapangan" not in get(other, path).text
    theirs = visits[0].code
    reply = sent(other, f"{path}/tangan", path, action="unassign", kode=theirs)
    assert reply.status_code == 422
    reply = sent(other, f"{path}/susun-ulang", path, semua="ya")
    assert reply.status_code == 422
    assert "dilakukan koordinator" in reply.text
    assert sent(other, f"{path}/tutup", path).status_code == 422
    assert sent(other, "/lapangan/petugas/hapus", "/lapangan/petugas",
                petugas=key(house, "field-officer")).status_code == 422  # fmt: skip
    assert {each.name for each in house.field_officers.all()} == {one.name for one in OFFICERS}
    assert "0 KK dapat dikunjungi" in get(other, NEW).text  # both are in the plan


def test_a_plan_of_elsewhere_is_like_none(house: House) -> None:
    add_officers(house)
    browser = house.signed_in("coordinator")
    asked = f"{NEW}?kelurahan={VILLAGE}&mulai=2025-11-24"
    assert sent(browser, asked, asked, judul="Kasemen").status_code == 303
    other = house.signed_in("officer-2")
    assert get(other, "/lapangan/rencana/1").status_code == 404
    assert get(other, "/lapangan/rencana/99").status_code == 404
    assert "Kasemen" not in get(other, "/lapangan").text
    assert ("officer-2", "visit.assign", "1", "denied") in house.actions()
    for who in ("viewer", "field-officer", "operator"):
        assert get(house.signed_in(who), "/lapangan").status_code == 403


def test_visits_that_met_nobody_are_planned_again(house: House) -> None:
    number, visits = add_plan(house)
    house.clock.move(days=55)  # beyond MONDAY: no answer comes before its visit
    answer(house, visits[:2], "empty_house")
    browser = house.signed_in("coordinator")
    path = f"/lapangan/rencana/{number}"
    assert "2 kunjungan tidak bertemu siapa pun" in get(browser, path).text
    reply = sent(browser, f"{path}/ulang", path)
    assert reply.status_code == 303
    assert "2 kunjungan ulang direncanakan" in get(browser, reply.headers["Location"]).text
    again = [each.visit for each in house.visit_plans.visits(plan_id=number)
             if each.visit.return_of]  # fmt: skip
    assert {one.return_of for one in again} == {visit.code for visit in visits[:2]}
    assert all(one.day and (one.day - MONDAY).days >= 7 for one in again)
    assert "tidak bertemu siapa pun" not in get(browser, path).text


def test_what_it_takes_to_be_done_by_a_day(house: House) -> None:
    add_officers(house)
    browser = house.signed_in("coordinator")
    tight = get(browser, f"{NEW}?mulai=2025-11-24&selesai=2025-11-24").text
    assert "tidak muat dalam hari yang ada" in tight
    assert "pendamping lagi" in tight
    wide = get(browser, f"{NEW}?mulai=2025-11-24&selesai=2025-12-19").text
    assert "dapat dicapai dengan petugas yang ada" in wide
    weekend = get(browser, f"{NEW}?mulai=2025-11-29&selesai=2025-11-30").text
    assert "akhir pekan atau hari libur" in weekend


def test_by_value_before_and_after_the_first_outcomes(house: House) -> None:
    browser = house.signed_in("coordinator")
    number, visits = add_plan(house)
    asked = f"{NEW}?mulai=2025-11-24&urutan=nilai"
    house.visit_plans.close(number, by=COORDINATOR)
    assert "Belum ada hasil kunjungan untuk menilai" in get(browser, asked).text
    house.visit_plans.add(
        replace(house.visit_plans.plan(number), visits=[
            replace(visit, code=code)
            for visit, code in zip(visits[:9], new_codes(9, taken=[v.code for v in visits]),
                                   strict=True)
        ]), title="lagi", by=COORDINATOR,
    )  # fmt: skip
    answer(house, [each.visit for each in house.visit_plans.visits(plan_id=number + 1)])
    assert "Belum ada hasil kunjungan untuk menilai" not in get(browser, asked).text


@pytest.mark.parametrize("page", [f"/kelurahan/{VILLAGE}", f"/klaster/{CLUSTER}"])
def test_pages_of_places_lead_to_a_plan_for_whoever_plans(house: House, page: str) -> None:
    for who, is_led in (("coordinator", True), ("viewer", False), ("officer", True)):
        assert ("Rencanakan kunjungan" in get(house.signed_in(who), page).text) is is_led


def test_who_lives_elsewhere_is_not_called_removed(house: House) -> None:
    number, visits = add_plan(house)
    house.visit_plans.assign([visits[0].code], "budi", lock=True, by=COORDINATOR)
    text = get(house.signed_in("officer"), f"/lapangan/rencana/{number}").text
    assert "Budi Pendamping" in text
    assert "sudah dihapus dari daftar petugas" not in text
