"""Facilities as points of a map, one layer a type: what each is, what it is called, and where.

Schools and health centers are public and so are their points. What their list calls them is
still somebody's text: of types whose names are people's none is told, and no number of a person.
"""

import re
from collections.abc import Mapping

import shapely

from geo_target.places.facilities import Facilities, facility_types
from geo_target.publishing.drawing import Layer, collection, feature, plain

#: All that a point of a facility carries to the browser.
FACILITY_PROPERTIES = ("type", "name", "village_code")
#: What the name of a layer of facilities begins with; its type follows.
PREFIX = "facilities-"

#: An agent of a bank is often somebody at home, and bears that person's name. So may be what we
#: do not know the type of: a midwife, a shop.
_NAMELESS = frozenset({"bank"})
#: A NIK, a KK or a telephone.
_NUMBER = re.compile(r"(?:\d[ .\-]?){8,}")
_LONGEST = 80


def layer_names(facilities: Facilities) -> dict[str, str]:
    """Layer of each type that is measured and has a point; known types first, in their order.

    A type that we do not know is in no file's name: it is called by its place.
    """
    counts = facilities.counts
    drawn = {
        str(code)
        for code in counts.index[counts["is_measured"] & (counts["usable_facilities"] > 0)]
    }
    known = [code for code in facility_types() if code in drawn]
    others = sorted(drawn.difference(known))
    return {code: PREFIX + code for code in known} | {
        code: f"{PREFIX}lain-{place}" for place, code in enumerate(others, start=1)
    }


def facility_layers(facilities: Facilities | None) -> dict[str, Layer]:
    """Usable facilities by layer, in the order of their lists; those just outside the area too."""
    if facilities is None:
        return {}
    usable = facilities.places[facilities.places["is_usable"]]
    return {
        name: collection(
            feature(shapely.Point(row["lon"], row["lat"]), _told(plain(row)))
            for row in usable[usable["type"] == code].to_dict("records")
        )
        for code, name in layer_names(facilities).items()
    }


def _told(row: Mapping[str, object]) -> dict[str, object]:
    is_named = row["type"] in facility_types() and row["type"] not in _NAMELESS
    name = row["name"] if is_named else None
    told = {**row, "name": _clean(str(name)) if name else None}
    return {column: told[column] for column in FACILITY_PROPERTIES}


def _clean(name: str) -> str | None:
    words = " ".join(_NUMBER.sub(" ", name).split())
    return words[:_LONGEST].strip() or None
