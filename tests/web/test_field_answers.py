"""Progress of a plan, and answers that somebody must decide on."""

import re

from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.visit_codes import new_codes, printed
from geo_target.web.field_map import token_of
from tests.web.house import House, get
from tests.web.named import OTHER_DISTRICT, VILLAGE
from tests.web.test_fieldwork import sent
from tests.web.visited import COORDINATOR, MONDAY, add_plan, answer

PAGE = "/lapangan/jawaban"


def test_progress_says_who_lags_in_words(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:7])
    house.clock.now = house.clock.now.replace(month=11, day=25)
    text = get(house.signed_in("coordinator"), f"/lapangan/rencana/{number}/kemajuan").text
    assert "7 dari 35 kunjungan selesai" in text
    assert "tertinggal 5 kunjungan" in text
    assert "Siti Lapangan" in text
    assert text.count('class="p') >= 3  # villages of the plan on the drawing
    assert 'data-table="by-village"' in text
    assert "Ditemukan, layak" in text
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="figure">\d+</td>', text)
    assert rows.index("Siti Lapangan") < rows.index("Budi Pendamping")  # who lags comes first


def test_points_that_visits_take_grow_day_by_day(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:2])
    text = get(house.signed_in("coordinator"), f"/lapangan/rencana/{number}/kemajuan").text
    assert 'id="growth"' in text
    assert "Bagian keluarga rencana ini yang punya titik" in text


def test_progress_of_the_own_district(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:7])
    text = get(house.signed_in("officer-2"), f"/lapangan/rencana/{number}/kemajuan").text
    assert "0 dari 2 kunjungan selesai" in text
    assert "Siti Lapangan" not in text


def test_classes_of_the_map() -> None:
    from geo_target.fieldwork.progress import progress_of  # noqa: PLC0415
    from tests.fieldwork.test_progress import followed  # noqa: PLC0415

    def token(done: int, planned: int) -> str:
        visits = [followed(str(at), "x", 0, closed=0 if at < done else None)
                  for at in range(planned)]  # fmt: skip
        return token_of(progress_of(visits, today=MONDAY))

    told = [token(done, 20) for done in (0, 1, 4, 5, 9, 10, 14, 15, 19, 20)]
    assert told == ["p0", "p1", "p1", "p2", "p2", "p3", "p3", "p4", "p4", "p5"]


def test_two_answers_side_by_side_and_one_is_chosen(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:1], "found_eligible", number=1)
    answer(house, visits[:1], "moved", number=2)
    browser = house.signed_in("coordinator")
    text = get(browser, f"{PAGE}?rencana={number}").text
    assert printed(visits[0].code) in text
    assert "Ditemukan, layak" in text
    assert "Pindah" in text
    assert text.count("berlaku sementara") == 1
    assert "CANARY" not in text
    standing = house.visit_outcomes.standing(number)[visits[0].code]
    other = next(k.number for k in standing.versions if k.number != standing.current.number)
    form = {"kunjungan": visits[0].code, "jawaban": str(other), "rencana": str(number)}
    assert sent(browser, f"{PAGE}/berlaku", f"{PAGE}?rencana={number}", **form).status_code == 303
    settled = house.visit_outcomes.standing(number)[visits[0].code]
    assert settled.current.number == other
    assert not settled.is_conflict
    assert "Tidak ada jawaban yang bertentangan" in get(browser, PAGE).text


def test_an_answer_without_a_visit_is_given_to_one_or_set_aside(house: House) -> None:
    number, visits = add_plan(house)
    unknown = new_codes(2, taken=[visit.code for visit in visits])
    house.visit_outcomes.take(
        [Outcome(f"x-{code}", code, "found_eligible", "keyboard") for code in unknown],
        by=COORDINATOR,
    )
    browser = house.signed_in("coordinator")
    assert "2 jawaban belum punya kunjungan" in get(browser, "/lapangan").text
    text = get(browser, PAGE).text
    assert "kode kunjungannya tidak dikenal" in text
    first, second = (one.number for one in house.visit_outcomes.orphans())
    wrong = sent(browser, f"{PAGE}/tanpa-kunjungan", PAGE, jawaban=str(first), action="take",
                 kunjungan="AAAA-AAAA")  # fmt: skip
    assert wrong.status_code == 422
    assert "salah tulis" in wrong.text
    taken = sent(browser, f"{PAGE}/tanpa-kunjungan", PAGE, jawaban=str(first), action="take",
                 kunjungan=printed(visits[3].code))  # fmt: skip
    assert taken.status_code == 303
    assert house.visit_outcomes.standing(number).keys() == {visits[3].code}
    sent(browser, f"{PAGE}/tanpa-kunjungan", PAGE, jawaban=str(second), action="dismiss")
    assert house.visit_outcomes.orphans() == []


def test_conflicts_and_orphans_of_elsewhere_are_not_shown(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:1], "found_eligible", number=1)
    answer(house, visits[:1], "moved", number=2)
    unknown = new_codes(1, taken=[visit.code for visit in visits])
    house.visit_outcomes.take([Outcome("x", unknown[0], "moved", "keyboard")], by=COORDINATOR)
    browser = house.signed_in("officer-2")
    assert visits[0].target.village_code == VILLAGE != OTHER_DISTRICT
    text = get(browser, PAGE).text
    assert printed(visits[0].code) not in text
    assert printed(unknown[0]) not in text
    standing = house.visit_outcomes.standing(number)[visits[0].code]
    form = {"kunjungan": visits[0].code, "jawaban": str(standing.versions[0].number)}
    assert sent(browser, f"{PAGE}/berlaku", "/akun", **form).status_code == 422
    orphan = house.visit_outcomes.orphans()[0].number
    form = {"jawaban": str(orphan), "action": "dismiss"}
    assert sent(browser, f"{PAGE}/tanpa-kunjungan", "/akun", **form).status_code == 422
    assert len(house.visit_outcomes.orphans()) == 1


def test_what_an_answer_corrects_is_named_and_not_told(house: House) -> None:
    number, visits = add_plan(house)
    answer(house, visits[:1], "moved")
    told = Outcome("y", visits[0].code, "found_eligible", "odk", note="rumah biru",
                   corrected={"head_name": "Ibu Rahasia", "rt": "009"})  # fmt: skip
    house.visit_outcomes.take([told], by=COORDINATOR)
    text = get(house.signed_in("coordinator"), f"{PAGE}?rencana={number}").text
    assert "nama kepala keluarga, RT" in text
    assert "rumah biru" in text
    assert "Ibu Rahasia" not in text
