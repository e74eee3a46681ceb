import pytest

from geo_target.errors import ConfigError
from geo_target.places.gazetteer import area_name, read_gazetteer, villages_of


@pytest.mark.parametrize(
    ("area", "name", "villages"),
    [("36", "Banten", 1552), ("36.73", "Kota Serang", 67), ("36.73.06", "Taktakan", 13)],
)
def test_an_area_its_name_and_its_villages(area: str, name: str, villages: int) -> None:
    assert area_name(area) == name
    assert len(villages_of(area)) == villages


def test_codes_are_text_and_name_one_village_each() -> None:
    places = read_gazetteer("36")
    assert places.index.is_unique
    assert places["bps_village_code"].is_unique
    assert places["bps_village_code"].str.fullmatch(r"\d{10}").all()
    triple = places[["regency_name", "district_name", "village_name"]]
    assert not triple.apply(lambda names: names.str.lower()).duplicated().any()


@pytest.mark.parametrize(("area", "code"), [("36.99", "E-AREA"), ("11", "E-PLACES")])
def test_what_is_unknown_is_said(area: str, code: str) -> None:
    with pytest.raises(ConfigError, match=code):
        villages_of(area)
