"""A field officer's own visits: the day's list, one visit, and what it found. Then it is closed."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, g, jsonify, make_response, render_template, request

from geo_target.fieldwork.form_fields import Choice, FormField, choice_lists, fields_of
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.visit_codes import read_code
from geo_target.fieldwork.visits import Visit
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_scope import officer_key
from geo_target.web.names import LookedUpTooOftenError, NamesRefusedError
from geo_target.web.own_visits import (
    OwnVisit,
    days_of,
    may_read_own,
    named,
    own_planned,
    own_visit,
)
from geo_target.web.pages import store
from geo_target.web.recording import Recorded, is_asked_for_json, keep, listed, new_submission_id
from geo_target.web.said_answers import NotWholeError, Said, said
from geo_target.web.store import Served
from geo_target.web.wording import run_words

bp = Blueprint("visits", __name__)

_NO_DAY = "tanpa"
#: What is carried of a day; maps where a family of it has a point.
_KINDS = (("pdf", "PDF"), ("gpx", "GPX"), ("kml", "KML"), ("gpkg", "GeoPackage"))
#: Corrections that are numbers, for the keys that a phone shows.
_NUMERIC = ("rt", "rw", "members", "head_national_id", "family_card_number")


@bp.get("/kunjungan")
@shows(Access.VISITS)
def index() -> Response:
    """The open visits of a day: the asked one, else the first that has any."""
    return _list()


@bp.get("/kunjungan/<visit_code>")
@shows(Access.VISITS)
def show(visit_code: str) -> Response:
    """One visit: what the list says, and the form for what was found."""
    return _form(visit_code, {})


@bp.post("/kunjungan/<visit_code>/hasil")
@shows(Access.RECORD)
def record(visit_code: str) -> Response:
    """Keep what a visit found; the same answer sent again is the same answer."""
    try:
        answer = said()
    except NotWholeError:
        abort(400)
    answer["visit_code"] = read_code(visit_code) or visit_code[:20]
    recorded = keep(answer)
    if is_asked_for_json() or not may_read_own():
        return make_response(jsonify(recorded.told()), recorded.status)
    if recorded.faults:
        return _form(visit_code, answer, recorded)
    return _list(recorded)


def _list(recorded: Recorded | None = None) -> Response:
    """The day's list; after an answer, what became of it above the list."""
    served, planned = store().current(), own_planned()
    days = days_of([each.visit for each in planned])
    day = _asked_day([each for each, _count in days])
    of_day = [each for each in planned if each.visit.day == day]
    visits = [each.visit for each in of_day]
    page = render_template(
        "visits/index.html",
        **run_words(served),
        plans=sorted({each.plan_id for each in of_day}),
        kinds=_KINDS if any(visit.target.lon is not None for visit in visits) else _KINDS[:1],
        officer=officer_key(visitors.actor().name),
        rows=_rows(served, visits, day, is_kept=recorded is not None),
        days=days,
        day=day,
        recorded=recorded,
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )
    return make_response(page, recorded.status if recorded else 200)


def _rows(
    served: Served, visits: Sequence[Visit], day: date | None, *, is_kept: bool
) -> list[OwnVisit] | None:
    """The day by name; None where names are refused just after an answer was kept.

    Whoever sent it is told that it is there, not that they come too often.
    """
    try:
        return named(served, visits, object_id=day.isoformat() if day else _NO_DAY)
    except (LookedUpTooOftenError, NamesRefusedError):
        if is_kept:
            return None
        raise


def _form(visit_code: str, values: Said, recorded: Recorded | None = None) -> Response:
    """One's own open visit with its form, filled in as far as it was."""
    visit, served = own_visit(visit_code), store().current()
    (row,) = named(served, [visit], object_id=visit.code)
    g.asks_where = True
    page = render_template(
        "visits/show.html",
        **run_words(served),
        row=row,
        listed=listed(served, visit),
        values=values,
        chosen=values.get("programs", "").split(),
        faults=recorded.faults if recorded else (),
        submission_id=values.get("submission_id") or new_submission_id(),
        lists={**choice_lists(), "outcome": _outcomes()},
        corrected=_corrected(),
        signs=fields_of("signs"),
        house=fields_of("house"),
        numeric=_NUMERIC,
        today=visitors.doors().clock().date(),
        user=visitors.user(),
        opened=visitors.doors().clock(),
    )
    return make_response(page, recorded.status if recorded else 200)


def _outcomes() -> list[Choice]:
    """What a visit may end in; a family that is not listed is no answer to it."""
    return [c for c in choice_lists()["outcome"] if not codes()[c.name].is_proposal]


def _corrected() -> list[FormField]:
    """Fields for what is otherwise than listed; a family that moved is an outcome of its own."""
    return [
        field for field in fields_of("correction")
        if field.name.startswith("corrected_") and field.name != "corrected_village_code"
    ]  # fmt: skip


def _asked_day(days: list[date | None]) -> date | None:
    """The day of the address where it has visits, else the first that does."""
    asked = request.args.get("hari", "")
    names = {each.isoformat() if each else _NO_DAY: each for each in days}
    if asked in names:
        return names[asked]
    return days[0] if days else None
