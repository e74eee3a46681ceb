"""The map's script, written once at publication; the only importer of folium and branca.

Of folium's page only the script is published: its own page brings ten files from four
hosts, inline styles and jQuery. The script holds where the map looks and which layers it
has, never a word or a number of the data: those come as plain JSON that the browser
fetches, and own JavaScript writes them as text.
"""

import re
from collections.abc import Sequence
from typing import cast

import folium
from branca.element import Figure, MacroElement
from folium.template import Template

from geo_target.errors import Fault, GeoTargetError

#: Id of the element that the page has ready for the map, behind folium's prefix ``map_``.
MAP_ID = "overview"

_LAYER = re.compile(r"[a-z]{1,20}")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://|(?<![:\w])//[\w-]+\.[a-z]", re.IGNORECASE)
_CORNERS = 4


class MapError(GeoTargetError):
    """A map's script would hold what it must not."""


class FetchedLayer(MacroElement):
    """A layer that the browser fetches and own JavaScript draws."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoTarget.draw({{ this._parent.get_name() }}, {{ this.layer|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, layer: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # of branca
        self._name = "fetched_layer"
        self._id = layer
        self.layer = layer


class Frame(MacroElement):
    """The bounds that the map opens with, and comes back to."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "geoTarget.frame({{ this._parent.get_name() }}, {{ this.corners|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, corners: Sequence[Sequence[float]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # of branca
        self._name = "frame"
        self._id = MAP_ID
        self.corners = corners


def map_script(bounds: Sequence[float], layers: Sequence[str]) -> str:
    """Write the script of a map without a base map; the same input gives the same bytes.

    Parameters
    ----------
    bounds
        West, south, east, north in degrees: what the map shows at first.
    layers
        Names of the layers to fetch, lowest first, such as ``villages``.

    Raises
    ------
    MapError
        If a layer's name is not plain lower case, the bounds are not four numbers, or
        the script would hold an address of another host.
    """
    if len(bounds) != _CORNERS or not all(_LAYER.fullmatch(layer) for layer in layers):
        raise _refused("batas atau nama lapisan tidak sah", "the bounds or a layer's name are bad")
    west, south, east, north = (round(float(edge), 5) for edge in bounds)
    drawn = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_control="topright",
        control_scale=False,  # folium's scale shows miles; the page draws one in meters
        max_zoom=18,
        min_zoom=7,
        zoom_snap=0.25,
        zoom_delta=0.5,
        attribution_control=False,
        box_zoom=False,
    )
    # With tiles=None folium hands max_zoom to no layer, and Leaflet then has none.
    drawn.options["maxZoom"] = 18
    drawn.options["minZoom"] = 7
    drawn._id = MAP_ID
    drawn.add_child(Frame([[south, west], [north, east]]))
    for layer in layers:
        drawn.add_child(FetchedLayer(layer))
    figure = cast(Figure, drawn.get_root())
    figure.render()
    return _own_host_only(str(figure.script.render()))


def _own_host_only(script: str) -> str:
    found = _ADDRESS.search(script)
    if found:
        raise _refused("naskah peta memuat alamat lain", "the map's script holds another address")
    return script


def _refused(words_id: str, words_en: str) -> MapError:
    return MapError(
        Fault("E-MAP", id=f"{words_id}; laporkan kepada pengembang", en=f"{words_en}; report it")
    )
