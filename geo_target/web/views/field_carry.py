"""What is carried to the door: packs, sheets, map files and packages for phones."""

import io
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, render_template, request

from geo_target.errors import BusyError, Fault
from geo_target.fieldwork.map_files import visits_geopackage, visits_gpx, visits_kml
from geo_target.fieldwork.packs import check_printing, officer_pack
from geo_target.fieldwork.visit_sheets import visit_sheet
from geo_target.fieldwork.visits import Officer
from geo_target.fieldwork.xlsforms import kobo_package, odk_package
from geo_target.papers import names_refusal
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_papers import (
    NAMED,
    PLACED,
    Bundle,
    carried_of,
    errand_here,
    outlines_of,
    tell_carried,
)
from geo_target.web.field_scope import SeenPlan, officer_key, plan_seen
from geo_target.web.field_words import page_words, words_of
from geo_target.web.pages import store
from geo_target.web.store import Snapshot

bp = Blueprint("field_carry", __name__)

_TYPES = {
    "pdf": "application/pdf",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_MAPS: Mapping[str, Callable[..., bytes]] = {
    "gpx": visits_gpx, "kml": visits_kml, "gpkg": visits_geopackage,
}  # fmt: skip
#: What names the families of one officer; the zip is for ODK, where a phone holds all it is given.
_NAMING = ("pdf", "zip")
_PACKAGES = ("odk", "kobo")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: A day's packs are many pages, and the processor is shared with whoever looks at the map.
_packing = threading.Lock()


@dataclass(frozen=True)
class OfficerDays:
    """What an officer may carry: key, name, and how many visits on which day."""

    key: str
    name: str
    days: Sequence[tuple[date | None, int, int]]
    """Day, visits, and how many of them have a point."""


@bp.get("/lapangan/rencana/<int:plan_id>/bekal")
@shows(Access.PLANS)
def show(plan_id: int) -> str:
    """What there is to be carried."""
    plan, served = plan_seen(plan_id), store().current()
    officers = {one.name: one for one in visitors.doors().field_officers.all()}
    villages = Counter(each.visit.target.village_code for each in plan.open)
    days = sorted({each.visit.day for each in plan.open if each.visit.day and each.visit.officer})
    day = _chosen_day(request.args.get("hari", ""), days)
    refused = names_refusal(served.snapshot.manifest, date.today())
    return render_template(
        "fieldwork_pages/carry.html",
        **page_words(served),
        plan=plan,
        rows=[row for row in _rows(plan, officers) if any(on == day for on, _, _ in row.days)],
        day=day,
        undated=any(each.visit.officer and each.visit.day is None for each in plan.open),
        by_village=sorted(villages.items()),
        days=days,
        conflicts=len(plan.conflicts),
        refused=words_of(refused) if refused else None,
    )


@bp.get("/lapangan/rencana/<int:plan_id>/bekal/<officer>/<day>.<kind>")
@shows(Access.CARRY)
def of_officer(plan_id: int, officer: str, day: str, kind: str) -> Response:
    """An officer's pack, map or package for ODK, of one day or of all days."""
    if kind not in {*_NAMING, *_MAPS}:
        abort(404)
    snapshot, on = store().current().snapshot, _on(day)
    if kind == "pdf":
        check_printing()
    bundle = carried_of(snapshot, plan_id, officer=officer, day=on)
    name, now = str(bundle.visits[0].visit.officer), visitors.doors().clock()
    if kind == "pdf":
        made = _pack(snapshot, bundle, _officer(name), on)
    elif kind == "zip":
        made = odk_package(bundle.visits, [_officer(name)], made=now)
    else:
        made = _MAPS[kind](bundle.visits, made=now)
    tell_carried(bundle, f"{plan_id}-{kind}", NAMED + PLACED if kind in _NAMING else PLACED)
    return _attachment(made, kind, f"{plan_id}-{name}-{day}")


@bp.get("/lapangan/rencana/<int:plan_id>/bekal/hari/<day>.zip")
@shows(Access.PACKS)
def of_day(plan_id: int, day: str) -> Response:
    """The packs of all officers of a day."""
    snapshot, on = store().current().snapshot, _on(day)
    check_printing()
    bundle = carried_of(snapshot, plan_id, day=on, is_given=True)
    names = sorted({one.visit.officer for one in bundle.visits if one.visit.officer})
    if not _packing.acquire(blocking=False):
        raise BusyError(_PACKING)
    try:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:  # PDF is packed already
            for name in names:
                packed.writestr(f"{name}.pdf", _pack(snapshot, bundle, _officer(name), on))
    finally:
        _packing.release()
    tell_carried(bundle, f"{plan_id}-zip", NAMED + PLACED)
    return _attachment(content.getvalue(), "zip", f"{plan_id}-{day}")


@bp.get("/lapangan/rencana/<int:plan_id>/bekal/kelurahan/<village_code:village_code>.xlsx")
@shows(Access.PACKS)
def of_village(plan_id: int, village_code: str) -> Response:
    """The sheet of a village, to be filled in; no names."""
    snapshot = store().current().snapshot
    bundle = carried_of(snapshot, plan_id, village=village_code)
    made = visit_sheet(bundle.visits, village_code, made=visitors.doors().clock())
    tell_carried(bundle, f"{plan_id}-xlsx", PLACED)
    return _attachment(made, "xlsx", f"{plan_id}-{village_code}")


@bp.get("/lapangan/rencana/<int:plan_id>/bekal/<package>.zip")
@shows(Access.PACKS)
def package(plan_id: int, package: str) -> Response:
    """The form and the list of visits for phones."""
    if package not in _PACKAGES:
        abort(404)
    snapshot = store().current().snapshot
    bundle = carried_of(snapshot, plan_id, is_given=True)
    make = odk_package if package == "odk" else kobo_package
    names = {str(one.visit.officer) for one in bundle.visits if one.visit.officer}
    officers = [_officer(name) for name in sorted(names)]
    made = make(bundle.visits, officers, made=visitors.doors().clock())
    # What is for servers abroad names nobody.
    fields = NAMED + PLACED if package == "odk" else PLACED
    tell_carried(bundle, f"{plan_id}-{package}", fields)
    return _attachment(made, "zip", f"{plan_id}-{package}")


def _pack(snapshot: Snapshot, bundle: Bundle, officer: Officer, day: date | None) -> bytes:
    return officer_pack(
        bundle.visits,
        errand_here(snapshot, officer),
        day=day,
        outlines=outlines_of(snapshot, bundle.visits),
    )


def _officer(name: str) -> Officer:
    """The officer of this name; one who was removed still has the visits."""
    return visitors.doors().field_officers.get(name) or Officer(name, name)


def _rows(plan: SeenPlan, officers: Mapping[str, Officer]) -> list[OfficerDays]:
    found: dict[str, Counter[date | None]] = {}
    points: dict[tuple[str, date | None], int] = {}
    for each in plan.open:
        visit = each.visit
        if visit.officer is not None:
            found.setdefault(visit.officer, Counter())[visit.day] += 1
            at = (visit.officer, visit.day)
            points[at] = points.get(at, 0) + (visit.target.lon is not None)
    return [
        OfficerDays(
            officer_key(name),
            officers[name].display_name if name in officers else name,
            [(day, count, points[name, day])
             for day, count in sorted(days.items(), key=lambda item: item[0] or date.max)],
        )
        for name, days in sorted(found.items())
    ]  # fmt: skip


def _chosen_day(asked: str, days: Sequence[date]) -> date | None:
    """The day that the address asks for, else the next one; None is what has no day yet."""
    if asked == "tanpa":
        return None
    today = visitors.doors().clock().date()
    coming = [day for day in days if day >= today]
    known = {day.isoformat(): day for day in days}
    return known.get(asked) or next(iter([*coming, *reversed(days)]), None)


def _on(day: str) -> date | None:
    """A day of the address; None is all of them."""
    if day == "semua":
        return None
    try:
        return date.fromisoformat(day) if _DAY.fullmatch(day) else abort(404)
    except ValueError:
        abort(404)


def _attachment(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="kunjungan-{name}.{kind}"'
    return response


_PACKING = Fault(
    "E-CARRY-BUSY",
    id="bekal lain sedang dibuat; coba lagi sebentar lagi",
    en="other packs are being made; try again in a moment",
)
