"""Facilities on the map: a layer a type, text without anybody's number, none that has no place."""

import pandas as pd

from geo_target.places.facilities import Facilities
from geo_target.publishing.shown_facilities import (
    FACILITY_PROPERTIES,
    facility_layers,
    layer_names,
)
from tests.builders import nik

PLACES = pd.DataFrame(
    [  # name, type, lon, lat, is_usable
        ("Puskesmas Ciracas", "puskesmas", 106.1, -6.1, True),
        ("Puskesmas tanpa titik", "puskesmas", None, None, False),
        ("<img src=x onerror=alert(1)>", "sd", 106.2, -6.2, True),
        (f"Agen Siti {nik(1)}", "bank", 106.3, -6.3, True),
        (f"Posyandu Melati\n{nik(2)} 0812-3456-7890", "posyandu", 106.4, -6.4, True),
        (None, "rumah singgah", 106.5, -6.5, True),
        ("Bidan Siti", "praktik bidan", 106.7, -6.7, True),
        ("Pos ronda", "pos ronda", 106.6, -6.6, True),
        ("SMP tanpa titik", "smp", None, None, False),
    ],
    columns=["name", "type", "lon", "lat", "is_usable"],
).assign(list=0, row=range(2, 11), stated_village_code=None, village_code="36.73.01.1001")


def found() -> Facilities:
    """All types but one are measured."""
    counts = PLACES.groupby("type")["is_usable"].agg(["size", "sum"])
    counts.columns = pd.Index(["facilities", "usable_facilities"])
    counts["is_known"] = ~counts.index.isin(["rumah singgah", "praktik bidan", "pos ronda"])
    counts["is_measured"] = counts.index != "pos ronda"
    return Facilities(PLACES, pd.DataFrame(), counts)


def test_a_layer_of_each_type_that_has_a_point_and_its_name_is_no_text_of_a_list() -> None:
    assert layer_names(found()) == {
        "puskesmas": "facilities-puskesmas", "posyandu": "facilities-posyandu",
        "sd": "facilities-sd", "bank": "facilities-bank", "praktik bidan": "facilities-lain-1",
        "rumah singgah": "facilities-lain-2",
    }  # fmt: skip
    assert set(facility_layers(found())) == set(layer_names(found()).values())
    assert facility_layers(None) == {}


def test_a_point_tells_what_is_allowed_and_no_more() -> None:
    layers = facility_layers(found())
    (point,) = layers["facilities-puskesmas"]["features"]
    assert point["geometry"] == {"type": "Point", "coordinates": [106.1, -6.1]}
    assert tuple(point["properties"]) == FACILITY_PROPERTIES
    assert point["properties"] == {
        "type": "puskesmas", "name": "Puskesmas Ciracas", "village_code": "36.73.01.1001",
    }  # fmt: skip


def test_names_hold_no_number_of_a_person_and_persons_none_at_all() -> None:
    names = {
        name: layer["features"][0]["properties"]["name"]
        for name, layer in facility_layers(found()).items()
    }
    assert names["facilities-posyandu"] == "Posyandu Melati"
    assert names["facilities-bank"] is None
    assert names["facilities-lain-1"] is None  # a midwife's
    assert names["facilities-lain-2"] is None
    assert names["facilities-sd"] == "<img src=x onerror=alert(1)>"  # text, and written as text
