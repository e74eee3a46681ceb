"""Doubtful pairs side by side: which come first, and what of them agrees."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_target.publishing import review
from geo_target.publishing.review import (
    DOUBTS,
    Agreement,
    DoubtfulPair,
    Side,
    compared,
    doubtful_pairs,
)
from geo_target.registry.fingerprints import FACTS
from geo_target.schemas import SNAPSHOT_PAIR_SIDES, SNAPSHOT_PAIRS

PACKAGE = Path(review.__file__).parents[1]
WEAK = "weak: name: alike, birth date: missing, sex: same, card: unlike, place: rw"

#: Reasons that have words before the registry gives them.
NEW_REASONS = {"very many bear the number"}


def pair(one: Side, other: Side, **more: Any) -> DoubtfulPair:
    about: dict[str, Any] = {
        "probability": 0.5,
        "reason": WEAK,
        "matched_by": "name",
        "is_reopened": False,
    }
    return DoubtfulPair(
        one=one, other=other, family_ids=("a", "b"), fingerprint="f" * 64, **(about | more)
    )


def sides(field: str, one: Any, other: Any) -> tuple[Side, Side]:
    more: dict[str, Any] = {"has_national_id": True}
    return (
        Side("p3ke", "P1", **{field: one}, **more),
        Side("dtsen", "D1", **{field: other}, **more),
    )


def agreement(field: str, one: Any, other: Any, **more: Any) -> Agreement:
    found = compared(pair(*sides(field, one, other), **more))
    return next(each.agreement for each in found if each.field == field)


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("head_name", "SITI  AMINAH", "Siti Aminah.", "same"),
        ("head_name", "SITI AMINAH", "SITI AMNAH", "alike"),
        ("head_name", "SITI", None, "unknown"),
        ("birth_date", date(1980, 5, 1), date(1980, 5, 1), "same"),
        ("birth_date", date(1980, 5, 1), date(1981, 5, 1), "different"),
        ("sex", "L", "1", "same"),
        ("sex", "Laki-laki", "P", "different"),
        ("sex", "perempuan", "wanita", "same"),
        ("sex", "pria", "?", "unknown"),
        ("national_id_masked", "••7001", "••7001", "alike"),
        ("national_id_masked", "••7001", "••7002", "different"),
        ("national_id_masked", "••7001", None, "unknown"),
        ("family_card_number_masked", "••7001", "••7001", "alike"),
        ("family_card_number_masked", "••7001", "••7002", "different"),
        ("village_code", "36.73.01.1001", "36.73.01.1002", "different"),
        ("address", "Jl. Mawar no. 3", "JL MAWAR NO 3", "same"),
        ("members", 4, 5, "different"),
        ("members", None, None, "unknown"),
    ],
)
def test_how_far_a_field_agrees(field: str, one: Any, other: Any, expected: str) -> None:
    assert agreement(field, one, other) == expected


def test_rt_and_rw_are_one_field() -> None:
    one, other = Side("p3ke", "P1", rt="001", rw="002"), Side("dtsen", "D1", rw="002")
    (found,) = [each for each in compared(pair(one, other)) if each.field == "rt_rw"]
    assert (found.one, found.other, found.agreement) == ("001/002", "–/002", "different")


@pytest.mark.parametrize(
    ("field", "more", "expected"),
    [
        ("national_id_masked", {"matched_by": "nik"}, "same"),
        ("national_id_masked", {"matched_by": "kk"}, "alike"),
        ("family_card_number_masked", {"matched_by": "kk"}, "same"),
        ("family_card_number_masked", {"reason": WEAK.replace("unlike", "same")}, "same"),
    ],
)
def test_four_digits_are_the_number_only_where_the_run_says_so(
    field: str, more: Any, expected: str
) -> None:
    assert agreement(field, "••7001", "••7001", **more) == expected


def test_a_card_with_one_other_digit_is_alike() -> None:
    reason = WEAK.replace("card: unlike", "card: one digit")
    assert agreement("family_card_number_masked", "••7001", "••7002", reason=reason) == "alike"


def test_a_nik_that_is_not_usable_says_nothing() -> None:
    one, other = Side("p3ke", "P1", national_id_masked="••7001"), Side("dtsen", "D1")
    (found,) = [e for e in compared(pair(one, other)) if e.field == "national_id_masked"]
    assert found.agreement == "unknown"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("rival: name: same", "hampir sama cocoknya"),
        (WEAK, "sedikit data"),
        ("name: name: unlike", "namanya berbeda"),
        ("several families share a number", "ada pada beberapa keluarga lain"),
        ("very many bear the number", "sangat banyak keluarga"),
        ("settled before, the data have changed", "datanya sudah berubah"),
        ("the names on the card are unlike", "tidak ada nama yang cocok"),
        ("settled by people, and not alike", "bertentangan"),
        ("what nobody has thought of", "tidak dapat memastikannya"),
    ],
)
def test_why_it_is_doubtful(reason: str, words: str) -> None:
    found = pair(Side("p3ke", "P1"), Side("dtsen", "D1"), reason=reason).doubt
    assert words in found.words["id"]
    assert found.words["en"]


def test_every_doubt_that_has_words_is_one_of_the_registry() -> None:
    texts = "".join(file.read_text("utf-8") for file in (PACKAGE / "registry").glob("*.py"))
    without = {doubt.reason for doubt in DOUBTS if f"'{doubt.reason}" not in texts}
    assert without <= NEW_REASONS


def test_the_page_of_the_docs_says_which_data_a_decision_holds_for() -> None:
    text = " ".join((PACKAGE.parent / "docs" / "review.md").read_text("utf-8").split())
    (told,) = re.findall(r"A decision holds \*\*as long as (.*?)\*\* of both sides", text)
    words = {
        "head_name": "the head's name", "head_national_id": "NIK", "birth_date": "birth date",
        "sex": "sex", "family_card_number": "KK", "stated_village_code": "village",
        "neighborhood": "lingkungan", "rt": "RT", "rw": "RW",
    }  # fmt: skip
    assert {*FACTS, "birth_date", "sex"} == set(words)
    assert re.split(r", | and ", told.removesuffix(" stay the same")) == list(words.values())


def test_only_what_holds_for_the_data_of_today_was_decided() -> None:
    reasons = ("settled by people, and not alike", "settled before, the data have changed")
    found = [
        pair(Side("p3ke", "P1"), Side("dtsen", "D1"), reason=reason, matched_by="decision")
        for reason in reasons
    ]
    assert [each.was_decided for each in found] == [True, False]


def test_the_smaller_side_comes_first_in_the_key() -> None:
    key = ("dtsen", "D1", "p3ke", "P1")
    assert pair(Side("p3ke", "P1"), Side("dtsen", "D1")).key == key
    assert pair(Side("dtsen", "D1"), Side("p3ke", "P1")).key == key
    assert pair(Side("p3ke", "P2"), Side("p3ke", "P1")).key == ("p3ke", "P1", "p3ke", "P2")


def test_village_by_village_the_likeliest_first(tmp_path: Path) -> None:
    rows = [  # family, village, state, probability
        ("1", "36.73.01.1002", "doubtful", 0.9),
        ("2", None, "doubtful", 0.9),
        ("3", "36.73.01.1001", "doubtful", 0.2),
        ("4", "36.73.01.1001", "doubtful", 0.8),
        ("5", "36.73.01.1001", "doubtful", None),
        ("6", "36.73.01.1001", "matched", 0.99),
        ("7", "36.73.01.1001", "unmatched", 0.01),
    ]
    write(tmp_path, rows)
    found = doubtful_pairs(tmp_path)
    assert [each.one.register_family_id for each in found] == ["P5", "P4", "P3", "P1", "P2"]
    assert found[0].one.head_name == "A5"
    assert found[0].other == Side("dtsen", "D5")  # the papers allow no names


def write(exact: Path, rows: list[tuple[str, str | None, str, float | None]]) -> None:
    """Pairs and sides with every column that the schemas name."""
    pairs = [
        {
            "register": "p3ke", "register_family_id": f"P{number}", "other_register": "dtsen",
            "other_register_family_id": f"D{number}", "family_id": f"p{number}",
            "other_family_id": f"d{number}", "state": state, "weight": None,
            "probability": probability, "reason": WEAK, "matched_by": "name",
            "fingerprint": number * 64, "is_reopened": False,
        }
        for number, _, state, probability in rows
    ]  # fmt: skip
    empty = dict.fromkeys(SNAPSHOT_PAIR_SIDES.names)
    told = [
        empty | {"register": "p3ke", "register_family_id": f"P{number}", "village_code": village,
                 "head_name": f"A{number}", "has_national_id": False}
        for number, village, _, _ in rows
    ]  # fmt: skip
    assert set(pairs[0]) == set(SNAPSHOT_PAIRS.names)
    pq.write_table(pa.Table.from_pylist(pairs), exact / "pairs.parquet")
    pq.write_table(pa.Table.from_pylist(told), exact / "pair_sides.parquet")
