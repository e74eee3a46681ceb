"""A slip of the pen is told from another visit's code."""

import random
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.fieldwork.visit_codes import (
    ALPHABET,
    LENGTH,
    check_sign,
    new_codes,
    printed,
    read_code,
)

SIGNS = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_codes_are_new_and_differ() -> None:
    taken = set(new_codes(50, taken=(), rng=random.Random(1)))
    again = new_codes(100, taken=taken, rng=random.Random(1))
    assert len(set(again) | taken) == 150
    assert all(read_code(code) == code for code in again)


def test_codes_come_from_the_system_unless_a_test_says_otherwise() -> None:
    assert new_codes(3, taken=()) != new_codes(3, taken=())


@pytest.mark.parametrize("place", range(LENGTH + 1))
def test_any_other_sign_at_any_place_is_found(place: int) -> None:
    for code in new_codes(20, taken=(), rng=random.Random(place)):
        slips = [code[:place] + s + code[place + 1 :] for s in ALPHABET if s != code[place]]
        assert [read_code(slip) for slip in slips] == [None] * 31


@pytest.mark.parametrize("place", range(LENGTH))
def test_any_two_neighbors_that_changed_places_are_found(place: int) -> None:
    """All 32 x 32 pairs at each place; the other signs only add the same to both sums."""
    for first in ALPHABET:
        for second in ALPHABET:
            if place < LENGTH - 1:
                signs = "0" * place + first + second + "0" * (LENGTH - 2 - place)
                code = signs + check_sign(signs)
            else:
                code = next(c for c in _ending_in(second) if c[-2] == first)
            slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert (read_code(slip) is None) == (code[place] != code[place + 1])


@cache
def _ending_in(last: str) -> list[str]:
    """Codes with each sign before the check sign `last`."""
    codes = [("0" * 5 + a + b) for a in ALPHABET for b in ALPHABET]
    return [signs + last for signs in codes if check_sign(signs) == last]


@given(SIGNS)
def test_a_code_is_read_however_it_is_written(signs: str) -> None:
    code = signs + check_sign(signs)
    written = printed(code).lower().replace("0", "o").replace("1", "l")
    assert read_code(f" {written} ") == code
    assert read_code(code.replace("1", "I")) == code


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_nothing(text: str) -> None:
    read = read_code(text)
    assert read is None or len(read) == LENGTH + 1


def test_a_code_is_printed_in_two_halves() -> None:
    assert printed("4K7QW2ZN") == "4K7Q-W2ZN"


def test_no_code_is_the_next_one_after_another() -> None:
    """Nothing of the order of visits is in the codes."""
    codes = new_codes(200, taken=(), rng=random.Random(7))
    rising = sum(a < b for a, b in pairwise(codes))
    assert 70 < rising < 130
