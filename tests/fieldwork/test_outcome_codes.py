"""Codes of outcomes, and the words that people use for them."""

import tomllib

import pytest

from geo_target.fieldwork import outcome_codes
from geo_target.fieldwork.outcome_codes import code_of, codes, housing, housing_word, signs
from geo_target.resources import resource_dir
from geo_target.schemas import VISIT_RESULTS
from geo_target.targeting import welfare_signs

#: Results of a visit that the list of visits has no word for.
_NEW_RESULTS = {"empty"}


@pytest.mark.parametrize(
    ("word", "verdict", "code"),
    [
        ("found_eligible", "", "found_eligible"),
        ("  Ditemukan,  LAYAK ", "", "found_eligible"),
        ("Found, eligible", "", "found_eligible"),
        ("tdk layak", "", "better_off"),
        ("Rumah tangga mampu", "", "better_off"),
        ("2", "", "not_found"),
        ("3", "", "moved"),
        ("4", "", "part_of_other"),
        ("5", "", "refused"),
        ("6", "", "duplicate"),
        ("Usulan Baru", "", "new_family"),
        ("Data Ganda", "", "duplicate"),
        # Who was met says nothing until somebody has judged.
        ("1", "", None),
        ("Ditemukan", "", None),
        ("1", "layak", "found_eligible"),
        ("Selesai dicacah", "Layak dengan intervensi", "eligible_with_intervention"),
        ("Ditemukan", "Ya (mampu)", "better_off"),
        ("Ditemukan", "Tidak (tidak mampu)", "found_eligible"),
        # What nobody has said is nothing.
        ("", "", None),
        ("7", "", None),
        ("layak?", "", None),
        ("sudah", "", None),
    ],
)
def test_words_of_outcomes(word: str, verdict: str, code: str | None) -> None:
    assert code_of(word, verdict) == code


def test_each_code_knows_its_own_words() -> None:
    for code, one in codes().items():
        for word in (code, one.id, one.en, *one.words):
            assert code_of(word) == code


def test_no_word_is_said_of_two_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"a": outcome_codes.OutcomeCode("a", "Satu", "One"),
            "b": outcome_codes.OutcomeCode("b", "Dua", "Two", words=["satu"])}  # fmt: skip
    monkeypatch.setattr(outcome_codes, "codes", lambda: both)
    with pytest.raises(ValueError, match="satu is said of two codes"):
        outcome_codes._by_word.__wrapped__()


def test_results_are_those_of_the_list_of_visits() -> None:
    assert {one.result for one in codes().values()} <= {None, *VISIT_RESULTS, *_NEW_RESULTS}
    assert {one.verivali for one in codes().values()} == {None, 1, 2, 3, 4, 5, 6}


def test_signs_are_those_by_which_families_are_judged() -> None:
    judged = [(sign.columns[0], sign.id, sign.en) for sign in welfare_signs.SIGNS]
    assert [(sign.name, sign.id, sign.en) for sign in signs().values()] == judged
    values = {s.name: s.column_value for s in signs().values() if s.column_value is not None}
    assert values == welfare_signs._ANSWERS


@pytest.mark.parametrize("source", ["dtsen-2025", "regsosek-2022"])
def test_words_of_houses_are_those_of_the_code_lists(source: str) -> None:
    text = (resource_dir("geodata") / "code_lists" / f"{source}.toml").read_text("utf-8")
    listed = tomllib.loads(text)["list"]
    for name in set(housing()) & set(listed):
        assert set(housing()[name].words) == set(listed[name].values())


@pytest.mark.parametrize(
    ("name", "said", "word"),
    [
        ("floor", "Semen/Bata Merah", "semen/bata merah"),
        ("floor", "semen_bata_merah", "semen/bata merah"),
        ("floor", "earth", "tanah"),
        ("toilet", "MCK umum", "MCK umum"),
        ("power", "1_300_watt", "1.300 watt"),
        ("floor", "karpet", None),
    ],
)
def test_words_of_houses(name: str, said: str, word: str | None) -> None:
    assert housing_word(name, said) == word
