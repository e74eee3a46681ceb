"""What the meeting is told of the way to facilities, as a run writes it; nobody's figures."""

from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.publishing.drawing import Layer, collection, feature

Record = dict[str, Any]

LIMIT = 30.0
#: Minutes of the nearest and the farthest place of each village, by its place in the table: the
#: first three are beyond 30, the next two may be, all others are within.
_MINUTES = {0: (31.2, 52.0), 1: (34.0, 60.0), 2: (40.0, 44.0), 3: (20.0, 35.1), 4: (0.0, 30.1)}
_OTHERS = (0.0, 18.4)
#: Straight lines at 20 km an hour, 1.3 times as long.
_MINUTES_PER_M = 0.0039


def access_of(villages: pd.DataFrame, *, hostile: str = "") -> Record:
    """Three types: health centers, schools of which none has a point, and an unknown kind."""
    other = f"rumah singgah{hostile}"
    codes = sorted(villages.index)
    return {
        "state": "measured",
        "travel": {"speed_km_per_hour": 20.0, "detour_factor": 1.3, "walking_km_per_hour": 4.5,
                   "limit_minutes": LIMIT, "near_km": 20.0, "roads": None},
        "types": [
            {"type": "puskesmas", "title": {"id": "puskesmas", "en": "community health center"},
             "facilities": 7, "usable_facilities": 6, "layer": "facilities-puskesmas"},
            {"type": "sd", "title": {"id": "SD/MI", "en": "elementary school"},
             "facilities": 2, "usable_facilities": 0, "layer": None},
            {"type": other, "title": None, "facilities": 5, "usable_facilities": 5,
             "layer": "facilities-lain-1"},
        ],
        "other_kinds": {"kinds": 2, "facilities": 3},
        "villages": {
            code: {
                "puskesmas": _way(villages.loc[code], *_MINUTES.get(place, _OTHERS)),
                "sd": _way(villages.loc[code], None, None),
                other: _way(villages.loc[code], *_OTHERS),
            }
            for place, code in enumerate(codes)
        },
        "districts": {
            name: {
                district: {"mean_m": None if name == "sd" else 2_500.0,
                           "mean_minutes": None if name == "sd" else 9.8,
                           "villages": 0 if name == "sd" else 4}
                for district in sorted(villages["district_code"].unique())
            }
            for name in ("puskesmas", "sd", other)
        },
        "faults": [
            {"code": "W-FACILITY-STACK", "file": f"fasilitas.csv{hostile}", "facilities": 2,
             "rows": [203, 204],
             "words": {"id": f"2 fasilitas sejenis di satu titik{hostile}",
                       "en": f"2 facilities of a type on one point{hostile}"}},
        ],
    }  # fmt: skip


def _way(village: pd.Series, least: float | None, most: float | None) -> Record:
    if least is None or most is None:
        return {"least_m": None, "most_m": None, "least_minutes": None, "most_minutes": None,
                "mean_m": None, "mean_minutes": None, "beyond": None}  # fmt: skip
    located = village["located_families"]
    has_mean = bool(pd.notna(located) and located >= 5)
    meters = round((least + most) / 2 / _MINUTES_PER_M / 500) * 500.0
    return {
        "least_m": least / _MINUTES_PER_M // 10 * 10, "most_m": most / _MINUTES_PER_M // 10 * 10,
        "least_minutes": least, "most_minutes": most,
        "mean_m": meters if has_mean else None,
        "mean_minutes": round(meters * _MINUTES_PER_M, 1) if has_mean else None,
        "beyond": "beyond" if least > LIMIT else "within" if most <= LIMIT else "maybe",
    }  # fmt: skip


def facility_points(villages: gpd.GeoDataFrame, *, hostile: str = "") -> dict[str, Layer]:
    """Six health centers and five places of the unknown kind, one of each without a name."""
    codes = sorted(villages.index)
    kinds = {"facilities-puskesmas": ("puskesmas", codes[:30:5]),
             "facilities-lain-1": (f"rumah singgah{hostile}", codes[1:26:5])}  # fmt: skip
    return {
        layer: collection(
            feature(
                villages.geometry[code].representative_point(),
                {"type": kind, "village_code": code,
                 "name": f"{kind} {place}{hostile}" if place else None},
            )
            for place, code in enumerate(found)
        )
        for layer, (kind, found) in kinds.items()
    }  # fmt: skip
