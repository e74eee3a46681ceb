"""Looking for numbers of persons takes no longer than reading, whatever is typed."""

import pytest

from geo_target.operations.numbers import holds_number, mask_numbers
from tests.builders import nik
from tests.quickness import fastest

LONG = {
    "gaps": "1-" * 50_000,
    "blanks": "1 " * 50_000,
    "digits": "1" * 100_000,
    "groups": "1234-" * 20_000,
    "wide groups": "1234 - " * 14_000,
    "wide gaps": ("1234" + " " * 3) * 2 + " " * 90_000,
    "one short": ("1-" * 14 + "x") * 3_500,
    "nothing": " " * 100_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_text_is_looked_through_in_a_moment(text: str) -> None:
    def look() -> None:
        mask_numbers(text)
        holds_number(text)

    assert fastest(look) < 2


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\ufeff", " ", "-"])
def test_no_sign_hides_a_number(sign: str) -> None:
    number = nik(1)
    assert holds_number(sign.join(number))
    assert mask_numbers(sign.join(number)) == "•" * 12 + number[-4:]
