"""What the search for families' places in texts notices."""

import json

import numpy as np
import pytest

from tests.publishing.told_places import exact_degrees, hits, is_chance, places_in

FAMILIES = np.random.default_rng(1).uniform((106.1, -6.2), (106.2, -6.1), (900, 2)).round(6)
DRAWN = np.random.default_rng(2).uniform((106.1, -6.2), (106.2, -6.1), (4_000, 2)).round(5)


@pytest.mark.parametrize(
    "text",
    [
        "[[106.12345,-6.12345],[106.2,-6.3]]", "106.12345;-6.12345\n106.2;-6.3",
        "<c><v>-6.12345</v></c><c><v>106.12345</v></c> <c>-6.3</c><c>106.2</c>",
        '{"lon": 106.12345, "n": 3, "lat": -6.12345} L 106.2 -6.3',
    ],
)  # fmt: skip
def test_however_they_are_written(text: str) -> None:
    found = {tuple(place) for place in places_in(text).tolist()}
    assert {(106.12345, -6.12345), (106.2, -6.3)} <= found


def test_what_is_drawn_without_families_is_near_them_by_chance_alone() -> None:
    assert is_chance(*hits(places_in(json.dumps(DRAWN.tolist())), FAMILIES))


@pytest.mark.parametrize("decimals", [5, 6])
def test_a_few_places_of_families_among_thousands_are_noticed(decimals: int) -> None:
    told = np.concatenate([DRAWN, FAMILIES[:12].round(decimals)])
    assert not is_chance(*hits(places_in(json.dumps(told.tolist())), FAMILIES))


def test_columns_of_exact_degrees_are_noticed() -> None:
    text = json.dumps({"lon": FAMILIES[:9, 0].tolist(), "lat": FAMILIES[:9, 1].tolist()})
    assert len(exact_degrees(text, FAMILIES)) >= 15  # but for those that end in a nought
    assert not exact_degrees(json.dumps(DRAWN.tolist()), FAMILIES)
