"""Rules of programs in words, in both languages."""

import pytest
from flask import Flask

from geo_target.programs import programs
from geo_target.web.language import COOKIE
from geo_target.web.rule_words import rule_words

RULES = [
    ("decile <= 4", "desil paling tinggi 4", "decile 4 or lower"),
    ("elderly > 0", "ada lansia", "has elderly members"),
    ("elderly > 1", "banyaknya lansia > 1", "number of elderly members > 1"),
    ("decile <= 4 and (elderly >= 1 or disabled > 0)",
     "desil paling tinggi 4 dan (ada lansia atau penyandang disabilitas)",
     "decile 4 or lower and (has elderly members or members with disabilities)"),
    ("6 <= age <= 21", "6 ≤ umur dan umur ≤ 21", "6 ≤ age and age ≤ 21"),
    ("welfare_class in ['extreme_poor', 'poor']", "golongan keluarga = sasaran atau miskin",
     "group of the family = target or poor"),
    ("welfare_class not in ['other']", "golongan keluarga ≠ lainnya",
     "group of the family ≠ other"),
    ("village_kind == 'desa'", "tinggal di = desa", "lives in = desa"),
    ("not in_dtsen", "bukan (terdaftar di DTSEN)", "not (listed in DTSEN)"),
    ("head_is_woman or decile < 3", "kepala keluarganya perempuan atau desil < 3",
     "headed by a woman or decile < 3"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "indonesian", "english"), RULES, ids=[r for r, *_ in RULES])
def test_a_rule_reads_aloud(app: Flask, rule: str, indonesian: str, english: str) -> None:
    with app.test_request_context("/"):
        assert rule_words(rule) == indonesian
    with app.test_request_context("/", headers={"Cookie": f"{COOKIE}=en"}):
        assert rule_words(rule) == english


@pytest.mark.parametrize("rule", ["", "decile <=", "\0", "(" * 300])
def test_what_is_no_rule_stays_as_it_is(app: Flask, rule: str) -> None:
    with app.test_request_context("/"):
        assert rule_words(rule) == rule


def test_no_rule_of_the_catalogue_keeps_a_word_of_the_program(app: Flask) -> None:
    with app.test_request_context("/"):
        for program in programs().values():
            for rule in program.rules:
                if rule.condition:
                    assert "_" not in rule_words(rule.condition), program.code
