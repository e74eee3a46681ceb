import pytest
from folium.template import Template

from geo_target.publishing import maps
from geo_target.publishing.maps import MapError, map_script

BOUNDS = [106.0841, -6.2234, 106.2711, -5.9872]
LAYERS = ["neighbors", "villages", "districts", "clusters"]


def test_the_same_data_give_the_same_bytes() -> None:
    assert map_script(BOUNDS, LAYERS) == map_script(BOUNDS, LAYERS)


def test_the_script_names_its_layers_in_order_and_nothing_else() -> None:
    script = map_script(BOUNDS, LAYERS)
    places = [script.index(f'geoTarget.draw(map_overview, "{name}")') for name in LAYERS]
    assert places == sorted(places)
    assert script.count("geoTarget.draw") == len(LAYERS)
    assert '"maxZoom": 18' in script


def test_the_script_has_no_address_of_another_host() -> None:
    script = map_script(BOUNDS, LAYERS)
    assert "//" not in script
    assert "http" not in script


@pytest.mark.parametrize(
    "name", ["</script>", "${alert(1)}", "`", "Villages", "a b", "", "//cdn.example", "x" * 30]
)
def test_a_layer_whose_name_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(MapError):
        map_script(BOUNDS, [name])


@pytest.mark.parametrize("bounds", [[], [1.0, 2.0, 3.0]])
def test_bounds_are_four_numbers(bounds: list[float]) -> None:
    with pytest.raises(MapError):
        map_script(bounds, LAYERS)


@pytest.mark.parametrize(
    "address", ["https://tile.example/", "'//cdn.example/x.js'", "wss://x.example"]
)
def test_an_address_in_the_script_stops_the_publication(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    planted = f'{{% macro script(this, kwargs) %}}fetch("{address}"){{% endmacro %}}'
    monkeypatch.setattr(maps.FetchedLayer, "_template", Template(planted))
    with pytest.raises(MapError):
        map_script(BOUNDS, LAYERS)
