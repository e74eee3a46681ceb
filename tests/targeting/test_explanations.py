import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.errors import Language
from geo_target.targeting.explanations import Setting, explain, number, text_of
from geo_target.targeting.indicators import read_indicators

OURS = read_indicators()
SETTING = Setting(ranked_villages=67, register="P3KE")
ROW: dict[str, Any] = {
    "village_name": "Banten", "district_name": "Kasemen", "priority_rank": 3, "is_tied": False,
    "uncovered_families": 1_120, "covered_families": 1_827, "unmatched_families": 15,
    "exclusion_error": 1_120 / 2_947, "smoothed_exclusion_error": 0.371, "priority_score": 0.713,
    "priority_class": "I", "contribution_burden": 0.42, "contribution_missed": 0.2,
    "contribution_per_family": 0.093, "contribution_density": 0.0, "first_share": 0.94,
    "rank_low": 2, "rank_high": 7,
}  # fmt: skip


def told(language: Language = "id", /, **changes: Any) -> str:
    return text_of(explain({**ROW, **changes}, SETTING, OURS, language))


def test_a_paragraph_in_indonesian() -> None:
    assert told() == (
        "Banten (Kecamatan Kasemen) berada di urutan ke-3 dari 67 desa/kelurahan (kelas I): "
        "1.120 keluarga terdaftar P3KE belum tersentuh (38 % dari yang padan); "
        "setelah dihaluskan 37 %. Selain itu 15 keluarga belum padan: mereka mungkin "
        "juga belum tersentuh. Skornya 0,71, terutama dari: Keluarga belum "
        "tersentuh (0,42), Tingkat terlewat, dihaluskan (0,20). Dalam 94 % dari 1.000 simulasi "
        "desa/kelurahan ini masuk 10 besar; dalam 90 % simulasi urutannya antara 2 dan 7."
    )


def test_the_same_in_english() -> None:
    assert told("en") == (
        "Banten (Kasemen district) ranks 3rd of 67 villages (class I): 1,120 uncovered "
        "families on the P3KE list (38 % of those that could be compared); smoothed, 37 %. Another "
        "15 families could not be compared, and may be uncovered too. Its score is 0.71, most of "
        "it from: Uncovered families (0.42), Exclusion error, smoothed (0.20). In "
        "94 % of 1,000 simulations it is among the first 10; in 90 % of them its rank is between "
        "2 and 7."
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_number_is_linked_to_its_column(language: Language) -> None:
    parts = explain({**ROW, "village_name": "Desa 7"}, SETTING, OURS, language)
    words = [part.text.replace("P3KE", "") for part in parts if not part.column]
    assert not [text for text in words if re.search(r"\d", text)]
    known = {*ROW, *vars(SETTING)}
    assert {part.column for part in parts} - known == {""}
    by_column = {part.column: part.text for part in parts}
    assert by_column["priority_rank"] == {"id": "3", "en": "3rd"}[language]
    assert by_column["uncovered_families"] == {"id": "1.120", "en": "1,120"}[language]


def test_a_withheld_number_is_called_not_shown_and_nothing_that_follows_from_it_is_said() -> None:
    paragraph = told(uncovered_families=pd.NA)
    assert paragraph == (
        "Banten (Kecamatan Kasemen) tidak diurutkan, sebab ada angkanya yang tidak ditampilkan "
        "atau tidak dapat dihitung: jumlah keluarga terdaftar P3KE yang belum tersentuh tidak "
        "ditampilkan. Selain itu 15 keluarga belum padan: mereka mungkin juga belum "
        "tersentuh."
    )
    english = told("en", uncovered_families=None)
    assert "the number of uncovered families on the P3KE list is not shown" in english
    assert "3rd" not in english


def test_the_share_of_the_compared_gives_the_covered_away() -> None:
    paragraph = told(covered_families=float("nan"))
    assert "1.120 keluarga" in paragraph
    assert "38 %" not in paragraph
    assert "37 %" not in paragraph
    assert "simulasi" not in paragraph
    assert "Seberapa pasti urutan ini tidak dihitung" in paragraph


def test_how_sure_it_is_rests_on_the_unmatched() -> None:
    paragraph = told(unmatched_families=pd.NA)
    assert "Jumlah keluarga yang belum padan tidak ditampilkan" in paragraph
    assert "94 %" not in paragraph


SIZED = re.compile(
    r"\b(few|small|less|fewer|at most|at least|under|below|between 1|sedikit|kurang|kecil|paling "
    r"banyak|1 sampai|hanya)\b"
)


@pytest.mark.parametrize("column", ["uncovered_families", "covered_families", "unmatched_families"])
@given(one=st.integers(1, 4), other=st.integers(1, 4))
def test_no_word_depends_on_what_is_withheld(column: str, one: int, other: int) -> None:
    for language in ("id", "en"):
        texts = set()
        for true_count in (one, other):
            withheld = {**ROW, column: true_count}
            compared = withheld["uncovered_families"] + withheld["covered_families"]
            withheld["exclusion_error"] = withheld["uncovered_families"] / compared
            withheld["first_share"] = withheld["unmatched_families"] / 100
            if column == "uncovered_families":
                withheld |= {"priority_rank": 10 * true_count, "priority_score": true_count / 10}
                withheld |= {"contribution_burden": true_count / 10, "priority_class": "I" * one}
            withheld[column] = pd.NA
            texts.add(told(language, **withheld))
        assert len(texts) == 1
        assert not SIZED.search(texts.pop())


def test_where_all_were_compared_nobody_is_called_unmatched() -> None:
    assert "dicocokkan: mereka" not in told(unmatched_families=0)
    assert "94 %" in told(unmatched_families=0)


def test_ties_are_said() -> None:
    assert ", bersama desa/kelurahan lain yang skornya sama" in told(is_tied=True)
    assert ", with others of the same score" in told("en", is_tied=True)


def test_an_override_is_told_with_reason_and_name() -> None:
    locked: dict[str, Any] = {"is_locked": True, "final_rank": 1, "override_by": "Siti Aminah",
              "override_on": "2025-09-01", "override_reason": "banjir"}  # fmt: skip
    assert told(**locked).endswith(
        ". Urutan akhirnya ke-1, ditetapkan oleh Siti Aminah pada 2025-09-01, dengan alasan: "
        "banjir."
    )
    assert "final rank" in told("en", **locked)
    assert "akhir" not in told(is_locked=False, final_rank=3)
    assert ". Urutan akhirnya ke-4, sebab urutan desa/kelurahan lain ditetapkan." in told(
        is_locked=False, final_rank=4
    )


def test_a_rank_that_is_not_the_final_one_is_told_as_computed() -> None:
    assert "menurut hitungan berada di urutan ke-3 dari 67" in told(final_rank=4)
    assert "by computation ranks 3rd of 67" in told("en", final_rank=4)
    assert "hitungan" not in told(final_rank=3)


def test_a_locked_village_without_a_rank_is_told_its_place() -> None:
    text = told(uncovered_families=None, is_locked=True, final_rank=5, override_by="Siti Aminah",
                override_on="2025-09-01", override_reason="banjir")  # fmt: skip
    assert "tidak diurutkan" in text
    assert "Urutan akhirnya ke-5, ditetapkan oleh Siti Aminah" in text
    assert "ke-3" not in text


def test_a_decree_is_named() -> None:
    decree = {"sk_number": "050/12", "sk_date": "1 Februari 2025"}
    assert told(**decree).endswith(". Disebut di SK 050/12 tanggal 1 Februari 2025.")
    assert told("en", **decree, sk_order=2).endswith(
        ". Decree 050/12 of 1 Februari 2025 names it in place 2."
    )
    assert "SK" not in told(sk_order=None)


def test_under_another_rule_families_are_targets() -> None:
    text = text_of(explain(ROW, Setting(67), OURS, "id"))
    assert "1.120 keluarga sasaran belum tersentuh" in text
    assert "uncovered families of the target group" in text_of(
        explain(ROW, Setting(67), OURS, "en")
    )


def test_one_family_is_one_in_english() -> None:
    text = told("en", uncovered_families=1, unmatched_families=1)
    assert "1 uncovered family on the P3KE list" in text
    assert "Another 1 family could" in text


def test_a_score_of_nothing_names_no_part() -> None:
    nothing: dict[str, Any] = {name: 0.0 for name in ROW if name.startswith("contribution_")}
    assert "Skornya" not in told(priority_score=0.0, **nothing)


@pytest.mark.parametrize(
    ("rank", "ordinal"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (111, "111th"), (1_002, "1,002nd")],
)  # fmt: skip
def test_english_ordinals(rank: int, ordinal: str) -> None:
    assert f"ranks {ordinal} of" in told("en", priority_rank=rank)


@pytest.mark.parametrize(
    ("share", "text"), [(0.004, "< 1 %"), (0.999, "> 99 %"), (1.0, "100 %"), (0.0, "0 %")]
)
def test_a_share_is_all_or_nothing_only_where_it_is(share: float, text: str) -> None:
    assert f"Dalam {text} dari" in told(first_share=share)


def test_numbers_as_each_language_writes_them() -> None:
    assert number(1_234.5, "id", decimals=1) == "1.234,5"
    assert number(1_234.5, "en", decimals=1) == "1,234.5"
    assert number(12, "id") == "12"
