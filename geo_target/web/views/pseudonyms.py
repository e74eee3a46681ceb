"""Families under pseudonyms, for the analyst: a village on a page, a district as a file."""

import re
from dataclasses import asdict
from datetime import date

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.operations.audit import Entry
from geo_target.operations.roles import Verb
from geo_target.publishing.by_pseudonym import PseudonymousFamily, families_under_pseudonyms
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.language import day
from geo_target.web.names import NO_PAGE, names_of, subjects_of, visible_village
from geo_target.web.pages import store
from geo_target.web.places import villages_of
from geo_target.web.store import Served
from geo_target.web.takeaway_files import Origin, to_csv
from geo_target.web.takeaway_tables import Column, Kind, Table
from geo_target.web.wording import program_names, village_kind

bp = Blueprint("pseudonyms", __name__)

ON_A_PAGE = 100
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_FIELDS = (
    "coverage_state", "pseudonym", "point_rounded", "reason", "rw", "welfare_class",
)  # fmt: skip
_TEXTS = ("pseudonym", "village_code", "rw", "welfare_class", "coverage_state", "reason",
          "reason_office", "location_level")  # fmt: skip
_COLUMNS = [
    *(Column(name, name, Kind.TEXT) for name in _TEXTS),
    *(Column(name, name, Kind.NUMBER, "degree") for name in ("lon", "lat")),
]


@bp.get("/kelurahan/<village_code:village_code>/samaran")
@shows(Access.PSEUDONYMS)
def show(village_code: str) -> str:
    """Families of a village, 100 a page."""
    served = store().current()
    village = visible_village(served, village_code, Verb.READ_PSEUDONYMS)
    found = _found(served, village_code)
    number = request.args.get("halaman", "1")
    if not _PAGE_NUMBER.fullmatch(number):
        raise NO_PAGE
    first = (int(number) - 1) * ON_A_PAGE
    shown = found[first : first + ON_A_PAGE]
    if not shown and first:
        raise NO_PAGE
    subjects = [each for one in shown for each in subjects_of(one.family_id, None)]
    _tell(served, Verb.READ_PSEUDONYMS, village_code, shown, subjects)
    return render_template(
        "families/pseudonyms.html",
        snapshot=served.snapshot,
        summary=served.snapshot.summary,
        programs=program_names(served.snapshot.summary),
        degraded=served.degraded,
        village=village,
        families=shown,
        all=len(found),
        first=first + 1,
        number=int(number),
        pages=max(1, -(-len(found) // ON_A_PAGE)),
        reason_words=reason_words(),
        kind=village_kind([village_code]),
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )


@bp.get("/kecamatan/<district_code:district_code>/samaran.csv")
@shows(Access.PSEUDONYM_FILES)
def file(district_code: str) -> Response:
    """All families of a district, to be counted elsewhere; nobody's name is in it."""
    served = store().current()
    if not villages_of(served.snapshot, "district_code", district_code):
        visitors.deny(district_code, object_type="district", verb=Verb.EXPORT_PSEUDONYMS)
        raise NO_PAGE
    found = _found(served, district_code)
    rows = [[asdict(one)[column.name] for column in _COLUMNS] for one in found]
    table = Table("samaran", "samaran", _COLUMNS, rows)
    snapshot = served.snapshot
    line = _("%(area)s, keadaan %(day)s, hasil %(run)s, samaran: untuk %(name)s, jangan disebarkan",
             area=snapshot.summary["area"]["name"], day=day(snapshot.summary["as_of"]),
             run=snapshot.run_id, name=visitors.actor().name)  # fmt: skip
    content = to_csv(table, Origin(line, []))
    _tell(served, Verb.EXPORT_PSEUDONYMS, district_code, found, [])
    response = Response(content, content_type="text/csv; charset=utf-8")
    named = f"geo_target-{district_code}-samaran-{date.fromisoformat(snapshot.summary['as_of'])}"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}.csv"'
    return response


def _found(served: Served, place: str) -> list[PseudonymousFamily]:
    """What no valid paper covers is looked at by nobody, with names or without."""
    exact = names_of(served.snapshot)
    return families_under_pseudonyms(exact, place, key=visitors.doors().key)


def _tell(
    served: Served, verb: Verb, place: str, shown: list[PseudonymousFamily], subjects: list[str]
) -> None:
    """Written down first. No limit of an hour holds: it is counting that they are for."""
    visitors.doors().audit.append(
        Entry(
            actor=visitors.actor(), verb=verb, object_type="place", object_id=place,
            fields=_FIELDS, subjects=tuple(sorted(set(subjects))), persons=len(shown),
            run_id=served.snapshot.run_id,
        )
    )  # fmt: skip
