"""What papers of visits say, out of a snapshot: names, programs, outlines, and whose they are.

Who may carry them is not asked here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo_target.fieldwork.carried_visits import CarriedVisit, VillageNames, carried
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.sketches import VillageOutline
from geo_target.fieldwork.visits import Officer
from geo_target.operations.numbers import subject_id
from geo_target.operations.visit_rows import PlannedVisit
from geo_target.publishing.by_name import families_by_id, programs_by_family
from geo_target.web.locator import features_of
from geo_target.web.names import names_of
from geo_target.web.store import ShownFile, Snapshot

_COVERAGE = "exact/coverage.parquet"
#: What papers say of a family, for the log.
NAMED = ("address", "family_card_number_masked", "name", "national_id_masked", "programs")
PLACED = ("neighborhood", "point", "rt", "rw")


@dataclass(frozen=True)
class Bundle:
    """Open visits as they are carried, and whose they are in the log."""

    visits: Sequence[CarriedVisit]
    subjects: Sequence[str]
    run_id: str


def bundle_of(snapshot: Snapshot, chosen: Sequence[PlannedVisit], key: bytes) -> Bundle:
    """Visits as they are carried.

    Parameters
    ----------
    key
        The archive's key, for ids in the log.

    Raises
    ------
    NamesRefusedError
        If the run's names may be shown to nobody.
    """
    has_coverage = _COVERAGE in snapshot.manifest["files"]
    exact = names_of(snapshot, more=[_COVERAGE])
    ids = [each.visit.target.family_id for each in chosen]
    named = families_by_id(exact, ids)
    programs = _programs(exact, ids, snapshot) if has_coverage else {}
    visits = [
        carried(
            each.visit,
            named.get(each.visit.target.family_id),
            _names(snapshot, each.visit.target.village_code),
            programs=programs.get(each.visit.target.family_id, ()),
        )
        for each in chosen
    ]
    keys = (one.national_id_key for one in named.values())
    subjects = [*(subject_id(family_id, key) for family_id in ids), *filter(None, keys)]
    return Bundle(visits, subjects, snapshot.run_id)


def errand_of(snapshot: Snapshot, officer: Officer, *, by: str, at: datetime) -> Errand:
    """For whom a paper is printed, by whom and when."""
    is_schematic = snapshot.summary["boundaries"]["schematic"]
    area = str(snapshot.summary["area"]["name"])
    return Errand(
        officer=officer,
        printed_at=at,
        printed_by=by,
        office=area,
        outline_note="Batas skematik, bukan batas resmi." if is_schematic else "",
    )


def outlines_of(snapshot: Snapshot, visits: Sequence[CarriedVisit]) -> list[VillageOutline]:
    """Outlines of the villages of the districts of some visits."""
    layers = snapshot.layers
    districts = {_district_of(one.visit.target.village_code) for one in visits}
    files = {layers.get(f"villages-{code}", layers["villages"]) for code in sorted(districts)}
    return [
        outline for file in files for outline in _outlines(file)
        if _district_of(outline.code) in districts
    ]  # fmt: skip


@lru_cache(maxsize=16)
def _outlines(file: ShownFile) -> tuple[VillageOutline, ...]:
    return tuple(
        VillageOutline(
            str(f["properties"]["village_code"]),
            str(f["properties"]["village_name"]),
            [[(p[0], p[1]) for p in polygon[0]] for polygon in _polygons(f["geometry"])],
            (f["properties"]["label"][0], f["properties"]["label"][1]),
        )
        for f in features_of(file)
        if "village_code" in f["properties"] and "label" in f["properties"]
    )


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    polygons = geometry["coordinates"]
    return [polygons] if geometry["type"] == "Polygon" else list(polygons)


def _programs(exact: Path, ids: Sequence[str], snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    told = snapshot.summary["definition"]["programs"]
    short = {str(one["code"]): str(one["short_name"]) for one in told}
    found = programs_by_family(exact, ids)
    return {id_: tuple(short.get(code, code) for code in codes) for id_, codes in found.items()}


def _names(snapshot: Snapshot, code: str) -> VillageNames:
    village = snapshot.villages.get(code)
    if village is None:
        return VillageNames(code, _district_of(code))
    return VillageNames(str(village["village_name"]), str(village["district_name"]))


def _district_of(village_code: str) -> str:
    return village_code.rpartition(".")[0]
