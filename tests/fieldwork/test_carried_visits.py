"""What paper says of a visit, and whose visits an officer carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.fieldwork.carried_visits import VillageNames, carried, visits_of_officer
from geo_target.fieldwork.paper_text import LONGEST, breakable, date_word, day_word, plain
from geo_target.long_numbers import holds_number
from tests.builders import kk, nik
from tests.fieldwork.carried import MONDAY, TUESDAY, VILLAGE, Family, on_paper, visit


def test_a_visit_says_who_where_and_what_to_look_at() -> None:
    of_list = visit("A", rt="003", rw="010", neighborhood="Kebon", reason="no_national_id")
    found = carried(of_list, Family(), VILLAGE, programs=("PKH",), members=4)
    assert (found.code, found.head_name, found.rt, found.rw) == ("A", "ASEP", "3", "10")
    assert (found.village_name, found.district_name) == ("Kaligandu", "Serang")
    assert found.reason == "NIK belum utuh: lihat KTP dan KK"
    assert (found.programs, found.members) == (("PKH",), 4)


def test_without_names_a_paper_has_blanks() -> None:
    found = carried(visit("A"), None, VILLAGE)
    assert (found.head_name, found.address, found.national_id_masked) == ("", "", "")
    assert (found.rt, found.rw) == ("", "")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("uncovered", None, "perbarui data keluarga"),
        ("uncovered", "a new reason", "perbarui data keluarga"),
        ("uncovered", "never_verified", "belum pernah dikunjungi"),
        ("unmatched", None, "belum padan dengan daftar penerima: lihat KTP dan KK"),
        ("covered", None, "sudah menerima program: pastikan datanya"),
    ],
)
def test_the_reason_is_what_somebody_looks_at(state: str, reason: str | None, words: str) -> None:
    assert on_paper("A", coverage_state=state, reason=reason).reason == words
    again = on_paper("A", coverage_state=state, reason=reason, return_of="B").reason
    assert again == f"kunjungan ulang; {words}"


def test_numbers_in_any_text_are_masked() -> None:
    family = Family(f"ASEP {nik(1)}", f"KP {kk(2)}", nik(3), kk(4))
    names = VillageNames(nik(5), nik(6))
    found = carried(visit("A", neighborhood=nik(7)), family, names, programs=(nik(8),))
    assert not holds_number(" ".join(map(str, (
        found.head_name, found.address, found.national_id_masked, found.family_card_number_masked,
        found.village_name, found.district_name, found.neighborhood, *found.programs,
    ))))  # fmt: skip
    assert found.national_id_masked.endswith("0003")


def test_an_officer_carries_only_their_own_of_the_day_in_order() -> None:
    visits = [
        on_paper("D", day=TUESDAY),
        on_paper("B", position=2),
        on_paper("X", officer="siti"),
        on_paper("Y", officer=None),
        on_paper("A", position=1),
    ]
    assert [v.code for v in visits_of_officer(visits, "asep")] == ["A", "B", "D"]
    assert [v.code for v in visits_of_officer(visits, "asep", day=MONDAY)] == ["A", "B"]
    assert visits_of_officer(visits, "nobody") == []


def test_without_a_position_one_walks_by_rw_and_rt() -> None:
    places = {"C": ("002", "001"), "A": ("001", "002"), "B": ("001", "001"), "D": (None, None)}
    visits = [on_paper(c, position=None, rw=rw, rt=rt) for c, (rw, rt) in places.items()]
    assert [v.code for v in visits_of_officer(visits, "asep")] == ["B", "A", "C", "D"]


@given(st.text())
def test_a_plain_text_is_one_short_line_in_one_direction(text: str) -> None:
    said = plain(text)
    assert len(said) <= LONGEST
    assert said == " ".join(said.split())
    assert not set(said) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u200b\x00\n\t")
    assert plain(said) == said


def test_long_words_may_break_and_stay_the_same() -> None:
    assert breakable("pendek saja") == "pendek saja"
    assert breakable("x" * 30) == "x" * 24 + "\u200b" + "x" * 6


def test_days_in_words() -> None:
    assert day_word(MONDAY) == "Senin, 23 November 2026"
    assert date_word(TUESDAY) == "24 November 2026"
