"""What an audience is shown of the way to facilities: no family's distance."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.places.facilities import Facilities, facility_types
from geo_target.places.facility_reports import remark_facilities
from geo_target.publishing.audiences import Audience
from geo_target.publishing.results import Results
from geo_target.publishing.shown_facilities import layer_names
from geo_target.publishing.shown_files import records
from geo_target.settings import Settings
from geo_target.targeting.access_tables import mean_by_district, shown_access
from geo_target.targeting.travel_times import travel_of

#: Ends of intervals are told to so many units, or parts of one, outward.
_STEPS = (("m", 10, 1), ("minutes", 1, 10))
#: So many rows of a fault are named.
_ROWS = 20
_SHOWN = ["least_m", "most_m", "least_minutes", "most_minutes", "mean_m", "mean_minutes", "beyond"]


def publish_access(results: Results, audience: Audience, villages: pd.DataFrame) -> dict[str, Any]:
    """Means of what the audience is shown, and intervals that tell nothing of families.

    Parameters
    ----------
    villages
        That audience's own table, see `disclosure.publish_villages`.

    Returns
    -------
    dict
        ``state``: ``measured``; ``schematic``, where no place is looked up on the layer of
        villages; ``none``, where no list has facilities. ``travel``: how minutes were found.
        Where measured, too: ``types``, ``villages`` by code and type, ``districts`` by type,
        ``other_kinds`` (of how many unknown kinds nothing was measured, and how many facilities
        have them) and ``faults`` of the lists.
    """
    settings, access, facilities = results.settings, results.targets.access, results.facilities
    told = {"state": _state(results.lists, facilities), "travel": _travel(settings)}
    if access is None or facilities is None:
        return told
    straight = None if settings.travel.roads else travel_of(settings.travel).minutes_per_m
    shown = shown_access(access, villages, smallest=audience.smallest, minutes_per_m=straight)
    by_district = mean_by_district(shown, villages)
    return {
        **told,
        "types": _types(facilities),
        "other_kinds": _other_kinds(facilities),
        "villages": _by(_outward(shown)[_SHOWN], "village_code", "type"),
        "districts": _by(by_district.round(1), "type", "district_code"),
        "faults": _faults(results.lists, facilities),
    }


def _state(lists: Sequence[AgencyList], facilities: Facilities | None) -> str:
    if facilities is not None:
        return "measured"
    listed = any(one.profile.role == "facilities" for one in lists)
    return "schematic" if listed else "none"


def _travel(settings: Settings) -> dict[str, Any]:
    travel = settings.travel.model_dump(mode="json")
    return {**travel, "roads": settings.travel.roads.name if settings.travel.roads else None}


def _types(facilities: Facilities) -> list[dict[str, Any]]:
    """Measured types: known ones in the order of their file, then the others by name."""
    known, drawn = facility_types(), layer_names(facilities)
    order = {code: place for place, code in enumerate(known)}
    counts = facilities.counts[facilities.counts["is_measured"]]
    return [
        {
            "type": code,
            "title": known[code].title.model_dump() if code in known else None,
            "facilities": int(row["facilities"]),
            "usable_facilities": int(row["usable_facilities"]),
            "layer": drawn.get(str(code)),
        }
        for code, row in sorted(
            counts.iterrows(), key=lambda each: (order.get(str(each[0]), len(order)), str(each[0]))
        )
    ]


def _other_kinds(facilities: Facilities) -> dict[str, int]:
    named = facilities.counts[facilities.counts.index.notna()]
    others = named[~named["is_measured"]]
    return {"kinds": len(others), "facilities": int(others["facilities"].sum())}


def _outward(shown: pd.DataFrame) -> pd.DataFrame:
    """Ends of intervals rounded so that no place falls out of one."""
    ends = {}
    for suffix, step, parts in _STEPS:
        for end, rounded in (("least", np.floor), ("most", np.ceil)):
            values = shown[f"{end}_{suffix}"].astype("float64")
            ends[f"{end}_{suffix}"] = rounded(values * parts / step) * step / parts
    return shown.assign(**ends, mean_minutes=shown["mean_minutes"].astype("float64").round(1))


def _by(table: pd.DataFrame, outer: str, inner: str) -> dict[str, dict[str, Any]]:
    """Rows by two of their columns."""
    found: dict[str, dict[str, Any]] = {}
    for row in records(table.reset_index()):
        found.setdefault(row.pop(outer), {})[row.pop(inner)] = row
    return found


def _faults(lists: Sequence[AgencyList], facilities: Facilities) -> list[dict[str, Any]]:
    """One a list and code: how many facilities, and the first rows."""
    groups = facilities.faults.groupby(["list", "code"], sort=True)
    remarks = remark_facilities(lists, facilities)
    return [
        {
            "code": remark.code,
            "file": remark.file,
            "facilities": len(rows),
            "rows": rows["row"].drop_duplicates().sort_values().head(_ROWS).astype(int).tolist(),
            "words": {"id": remark.id, "en": remark.en},
        }
        for remark, (_, rows) in zip(remarks, groups, strict=True)
    ]
