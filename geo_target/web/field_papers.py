"""What is carried of a plan: its open visits with the families' names, and the log of it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo_target.errors import Fault, NotFoundError
from geo_target.fieldwork.carried_visits import CarriedVisit, VillageNames, carried
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.sketches import VillageOutline
from geo_target.fieldwork.visits import Officer
from geo_target.operations.audit import Entry
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.operations.visit_rows import PlannedVisit
from geo_target.publishing.by_name import families_by_id, programs_by_family
from geo_target.web import visitors
from geo_target.web.field_scope import district_of, officer_by_key
from geo_target.web.locator import features_of
from geo_target.web.names import names_of, subjects_of
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


def carried_of(
    snapshot: Snapshot,
    plan_id: int,
    *,
    officer: str | None = None,
    day: date | None = None,
    village: str | None = None,
    is_given: bool = False,
) -> Bundle:
    """Open visits of a plan that this request's user may carry.

    Parameters
    ----------
    officer
        Key of the officer, see `officer_key`; None is everybody.
    day, village
        Of this day or village alone.
    is_given
        Those of some officer alone.

    Raises
    ------
    NotFoundError
        ``E-CARRY-NONE``: there is none, or none of theirs.
    NamesRefusedError
        If the run's names may be shown to nobody.
    """
    within = visible(visitors.user(), Verb.CARRY_VISITS)
    found = visitors.doors().visit_plans.visits(
        plan_id=plan_id, village=village, open_only=True, within=within
    )
    name = officer_by_key(officer, {each.visit.officer for each in found}) if officer else None
    chosen = [
        each for each in found
        if (officer is None or (name is not None and each.visit.officer == name))
        and day in (None, each.visit.day)
        and (each.visit.officer is not None or not is_given)
    ]  # fmt: skip
    if not chosen:
        visitors.deny(str(plan_id), object_type="visits", verb=Verb.CARRY_VISITS)
        raise NotFoundError(_NONE)
    return _bundle(snapshot, chosen)


def tell_carried(bundle: Bundle, what: str, fields: Sequence[str]) -> None:
    """Write down what is about to be carried away; only then it is sent.

    It does not count against what an hour allows to be looked up: a day of all officers is more
    than that, and nobody carries a family that no plan has.
    """
    visitors.doors().audit.append(
        Entry(
            actor=visitors.actor(), verb=Verb.CARRY_VISITS, object_type="visits",
            object_id=f"{what}-{secrets.token_hex(4)}", fields=tuple(fields),
            subjects=tuple(sorted(set(bundle.subjects))), persons=len(bundle.visits),
            run_id=bundle.run_id,
        )
    )  # fmt: skip


def errand_of(snapshot: Snapshot, officer: Officer) -> Errand:
    """For whom a paper is printed, and by whom."""
    user = visitors.user()
    is_schematic = snapshot.summary["boundaries"]["schematic"]
    area = str(snapshot.summary["area"]["name"])
    return Errand(
        officer=officer,
        printed_at=visitors.doors().clock(),
        printed_by=user.display_name if user else "",
        office=area,
        outline_note="Batas skematik, bukan batas resmi." if is_schematic else "",
    )


def outlines_of(snapshot: Snapshot, visits: Sequence[CarriedVisit]) -> list[VillageOutline]:
    """Outlines of the villages of the districts of some visits."""
    layers = snapshot.layers
    districts = {district_of(one.visit.target.village_code) for one in visits}
    files = {layers.get(f"villages-{code}", layers["villages"]) for code in sorted(districts)}
    return [
        outline for file in files for outline in _outlines(file)
        if district_of(outline.code) in districts
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


def _bundle(snapshot: Snapshot, chosen: Sequence[PlannedVisit]) -> Bundle:
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
    keys = {family_id: one.national_id_key for family_id, one in named.items()}
    subjects = [s for family_id in ids for s in subjects_of(family_id, keys.get(family_id))]
    return Bundle(visits, subjects, snapshot.run_id)


def _programs(exact: Path, ids: Sequence[str], snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    told = snapshot.summary["definition"]["programs"]
    short = {str(one["code"]): str(one["short_name"]) for one in told}
    found = programs_by_family(exact, ids)
    return {id_: tuple(short.get(code, code) for code in codes) for id_, codes in found.items()}


def _names(snapshot: Snapshot, code: str) -> VillageNames:
    village = snapshot.villages.get(code)
    if village is None:
        return VillageNames(code, district_of(code))
    return VillageNames(str(village["village_name"]), str(village["district_name"]))


_NONE = Fault("E-CARRY-NONE", id="tidak ada kunjungan ini", en="there is no such visit")
