"""The folder of what officers of a plan carry: papers, sheets, maps and forms."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from geo_target.deliveries.private_files import make_folder, write_bytes
from geo_target.errors import DataRefusedError, Fault, NotFoundError
from geo_target.field_desk import Desk
from geo_target.fieldwork.carried_visits import NOTHING_TO_CARRY, CarriedVisit
from geo_target.fieldwork.errands import Errand
from geo_target.fieldwork.map_files import visits_geopackage, visits_gpx, visits_kml
from geo_target.fieldwork.packs import check_printing, officer_pack
from geo_target.fieldwork.visit_sheets import visit_sheet
from geo_target.fieldwork.visits import Officer
from geo_target.fieldwork.xlsforms import kobo_package, odk_package
from geo_target.operations.audit import Actor, AuditLog, Entry, local_now
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible_to
from geo_target.web.names import NamesRefusedError
from geo_target.web.paper_visits import NAMED, PLACED, bundle_of, errand_of, outlines_of
from geo_target.web.store import Snapshot

PLAN_FILE = "rencana.csv"
_PLAN_COLUMNS = ("visit_code", "family_id", "village_code", "officer", "day", "return_of")
_MAPS = {"gpx": visits_gpx, "kml": visits_kml, "gpkg": visits_geopackage}


def carry_plan(desk: Desk, number: int, folder: Path, *, by: Actor) -> list[Path]:
    """Write all that officers of a plan carry into a new folder, mode 0700.

    ``petugas/NAME-DAY.pdf`` and its maps where points are known, ``petugas/NAME-odk.zip``,
    ``kelurahan/CODE.xlsx``, ``odk.zip``, ``kobo.zip``, and ``rencana.csv``: which visit is to
    which family.

    Raises
    ------
    ConfigError
        ``E-PACK-EXTRA``.
    NotFoundError
        ``E-CARRY-NONE``: the plan has no open visit of theirs.
    DataRefusedError
        ``E-CARRY-FOLDER``, or if names may not be shown today.
    """
    check_printing()
    snapshot, now = desk.snapshot(), local_now()
    within = visible_to(by, Verb.CARRY_VISITS)
    chosen = desk.plans.visits(plan_id=number, open_only=True, within=within)
    if not chosen:
        raise NotFoundError(NOTHING_TO_CARRY)
    if folder.exists() and any(folder.iterdir()):
        raise DataRefusedError(_folder(folder))
    try:
        bundle = bundle_of(snapshot, chosen, desk.key)
    except NamesRefusedError as error:
        raise DataRefusedError(error.fault) from None
    AuditLog(desk.database).append(
        Entry(
            actor=by, verb=Verb.CARRY_VISITS, object_type="visits", object_id=f"{number}-folder",
            fields=NAMED + PLACED, subjects=tuple(sorted(set(bundle.subjects))),
            persons=len(bundle.visits), run_id=bundle.run_id,
        )
    )  # fmt: skip
    officers = {one.name: one for one in desk.officers.all()}
    return list(_written(folder, snapshot, bundle.visits, officers, by=by, now=now))


def _written(
    folder: Path,
    snapshot: Snapshot,
    visits: Sequence[CarriedVisit],
    officers: Mapping[str, Officer],
    *,
    by: Actor,
    now: datetime,
) -> Iterator[Path]:
    make_folder(folder)
    yield _file(folder / PLAN_FILE, _plan_list(visits))
    given = [one for one in visits if one.visit.officer is not None]
    names = sorted({str(one.visit.officer) for one in given})
    sent = [officers.get(name) or Officer(name, name) for name in names]
    for officer in sent:
        own = [one for one in given if one.visit.officer == officer.name]
        errand = errand_of(snapshot, officer, by=by.name, at=now)
        theirs = make_folder(folder / "petugas")
        yield from _of_officer(theirs, snapshot, own, errand)
        package = odk_package(own, [officer], made=now)  # a phone holds all that it is given
        yield _file(theirs / f"{officer.name}-odk.zip", package)
    for code in sorted({one.visit.target.village_code for one in visits}):
        sheet = visit_sheet(visits, code, made=now)
        yield _file(make_folder(folder / "kelurahan") / f"{code}.xlsx", sheet)
    if given:
        yield _file(folder / "odk.zip", odk_package(given, sent, made=now))
        yield _file(folder / "kobo.zip", kobo_package(given, sent, made=now))


def _of_officer(
    folder: Path, snapshot: Snapshot, own: Sequence[CarriedVisit], errand: Errand
) -> Iterator[Path]:
    officer, now = errand.officer, errand.printed_at
    days = sorted({one.visit.day for one in own}, key=lambda day: day or date.max)
    for day in days:
        of_day = [one for one in own if one.visit.day == day]
        name = f"{officer.name}-{day.isoformat() if day else 'tanpa-hari'}"
        pack = officer_pack(of_day, errand, day=day, outlines=outlines_of(snapshot, of_day))
        yield _file(folder / f"{name}.pdf", pack)
        if any(one.visit.target.lon is not None for one in of_day):
            for kind, made in _MAPS.items():
                yield _file(folder / f"{name}.{kind}", made(of_day, made=now))


def _plan_list(visits: Sequence[CarriedVisit]) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(_PLAN_COLUMNS)
    for one in visits:
        visit, day = one.visit, one.visit.day
        of_family = (visit.target.family_id, visit.target.village_code)
        whose = (visit.officer or "", day or "", visit.return_of or "")
        lines.writerow([visit.code, *of_family, *whose])
    return out.getvalue().encode()


def _file(file: Path, content: bytes) -> Path:
    write_bytes(file, content)
    return file


def _folder(folder: Path) -> Fault:
    return Fault(
        "E-CARRY-FOLDER",
        id="folder ini sudah berisi; sebut folder baru, supaya kertas lama tidak tercampur",
        en="this folder is not empty; name a new one, so that no old papers are among the new",
        file=str(folder),
    )
