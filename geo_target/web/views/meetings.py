"""Meetings and their decisions: who does what where until when, beside what the map says now."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse

from geo_target.agencies import agencies
from geo_target.errors import Fault, GeoTargetError, NotFoundError
from geo_target.operations.meetings import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Decision,
    Meeting,
    Status,
    open_first,
)
from geo_target.operations.refusals import MeetingError, StaleMeetingError
from geo_target.web import visitors
from geo_target.web.access import Access, is_open, shows
from geo_target.web.field_words import page_words, words_of
from geo_target.web.figures import Figure, Record, State, count_of
from geo_target.web.language import own
from geo_target.web.pages import store
from geo_target.web.places import district_record
from geo_target.web.store import Snapshot
from geo_target.web.wording import program_names

bp = Blueprint("meetings", __name__)

_COLUMN = "uncovered_families"
_DECISION_FIELDS = ("apa", "tempat", "lembaga", "tenggat", "keadaan", "catatan")


@dataclass(frozen=True)
class Row:
    """A decision as a page shows it."""

    decision: Decision
    place: str
    agency: str
    now: Figure
    """Uncovered families of its place in the snapshot on view."""
    is_late: bool

    @property
    def then(self) -> int | None:
        """What the meeting was shown; not beside a figure that is withheld today."""
        is_shown = self.now.state in (State.VALUE, State.ZERO)
        return self.decision.uncovered_then if is_shown else None


@bp.get("/rapat")
@shows(Access.AGGREGATES)
def index() -> Response:
    """What is still to be done, and every meeting."""
    return _index()


@bp.get("/rapat/<int:meeting_id>")
@shows(Access.AGGREGATES)
def show(meeting_id: int) -> Response:
    """One meeting with its decisions."""
    return _show(meeting_id)


@bp.post("/rapat")
@shows(Access.MEETINGS)
def save() -> Response | BaseResponse:
    """Keep a meeting, or what was changed of it."""
    form, found, snapshot = request.form, None, store().current().snapshot
    if form.get("rapat"):
        found = _meeting(form["rapat"])
    held_on = _day(form.get("tanggal", ""))
    if held_on is None:
        return _again(found, _DAY)
    meeting = Meeting(
        meeting_id=found.meeting_id if found else None,
        held_on=held_on,
        title=form.get("nama", ""),
        place=form.get("tempat", ""),
        agencies=tuple(slug for slug in agencies() if slug in form.getlist("lembaga")),
        run_id=found.run_id if found else snapshot.run_id,
        version=_version(),
    )
    try:
        number = visitors.doors().meetings.save(meeting, by=visitors.actor())
    except MeetingError as error:
        return _again(found, error)
    about = form["untuk"] if form.get("untuk") in _places(snapshot) else None
    return redirect(url_for("meetings.show", meeting_id=number, tempat=about), code=303)


@bp.post("/rapat/<int:meeting_id>/ditarik")
@shows(Access.MEETINGS)
def withdraw(meeting_id: int) -> Response | BaseResponse:
    """Say that a meeting was written down in error, or take that back; it stays readable."""
    meeting = replace(_meeting(str(meeting_id)), version=_version())
    is_back = request.form.get("apa") == "kembalikan"
    try:
        visitors.doors().meetings.withdraw(meeting, by=visitors.actor(), is_back=is_back)
    except MeetingError as error:
        return _show(meeting_id, error)
    return redirect(url_for("meetings.show", meeting_id=meeting_id), code=303)


@bp.post("/rapat/<int:meeting_id>/keputusan")
@shows(Access.MEETINGS)
def decide(meeting_id: int) -> Response | BaseResponse:
    """Keep a decision, or what became of it."""
    form, snapshot = request.form, store().current().snapshot
    _meeting(str(meeting_id))  # before the database is asked for a number that none can hold
    before = _decision(meeting_id, form["keputusan"]) if form.get("keputusan") else None
    until, place = form.get("tenggat", ""), form.get("tempat", "")
    if place and place not in _places(snapshot):
        return _show(meeting_id, _PLACE)
    if until and _day(until) is None:
        return _show(meeting_id, _DAY)
    shown = _figure(snapshot, place).value
    then = None if shown is None else int(shown), snapshot.run_id
    if before is not None and before.place_code == place:
        then = before.uncovered_then, before.run_id
    decision = Decision(
        decision_id=before.decision_id if before else None,
        meeting_id=meeting_id,
        what=form.get("apa", ""),
        place_code=place,
        agency=form.get("lembaga", "") if form.get("lembaga") in agencies() else "",
        due_on=_day(until),
        status=_status(form.get("keadaan", "")),
        note=form.get("catatan", ""),
        uncovered_then=then[0],
        run_id=then[1],
        version=_version(),
    )
    try:
        visitors.doors().meetings.decide(decision, by=visitors.actor())
    except MeetingError as error:
        return _show(meeting_id, error)
    return redirect(url_for("meetings.show", meeting_id=meeting_id), code=303)


def _again(found: Meeting | None, fault: Fault | GeoTargetError) -> Response:
    """The page whose form was refused."""
    return _show(found.meeting_id, fault) if found and found.meeting_id else _index(fault)


def _index(fault: Fault | GeoTargetError | None = None) -> Response:
    served, log = store().current(), visitors.doors().meetings
    held = log.all()
    standing = {one.meeting_id for one in held if one.withdrawn_at is None}
    waiting = [one for one in log.decisions()
               if one.status is Status.OPEN and one.meeting_id in standing]  # fmt: skip
    counts = Counter(one.meeting_id for one in waiting)
    page = render_template(
        "meetings/index.html",
        **page_words(served), **_words(served.snapshot),
        meetings=[(one, counts[one.meeting_id or 0]) for one in held],
        rows=_rows(served.snapshot, waiting),
        typed=_typed_meeting(fault),
        about=_about(served.snapshot),
        places=_places(served.snapshot),
        fault=words_of(fault) if fault else None,
    )  # fmt: skip
    return make_response(page, 422 if fault else 200)


def _show(meeting_id: int, fault: Fault | GeoTargetError | None = None) -> Response:
    served = store().current()
    meeting = _meeting(str(meeting_id))
    decisions = open_first(visitors.doors().meetings.decisions(meeting_id))
    asked = request.values.get("keputusan", "")
    chosen = next((one for one in decisions if str(one.decision_id) == asked), None)
    is_stale, is_of_meeting = isinstance(fault, StaleMeetingError), "rapat" in request.form
    page = render_template(
        "meetings/show.html",
        **page_words(served), **_words(served.snapshot),
        meeting=meeting,
        rows=_rows(served.snapshot, decisions),
        chosen=chosen,
        theirs=_rows(served.snapshot, [chosen] if chosen else []),
        is_stale=is_stale,
        of_meeting=is_of_meeting,
        typed=_typed_decision(fault and not is_of_meeting, chosen, _about(served.snapshot)),
        typed_meeting=_typed_meeting(fault) if is_of_meeting else {
            "nama": meeting.title, "tanggal": meeting.held_on.isoformat(),
            "tempat": meeting.place, "lembaga": meeting.agencies,
        },
        places=_places(served.snapshot),
        fault=words_of(fault) if fault else None,
    )  # fmt: skip
    return make_response(page, 409 if is_stale else 422 if fault else 200)


def _version() -> int:
    """Which version the form was made of; a form that does not say was made of none."""
    text = request.form.get("versi", "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _about(snapshot: Snapshot) -> str:
    """The place that somebody came from, to decide about it; empty where none was named."""
    asked = request.values.get("untuk") or request.args.get("tempat", "")
    return asked if asked in _places(snapshot) else ""


def _typed_meeting(fault: object) -> Mapping[str, object]:
    """What the form of a meeting holds: what was typed, where it was refused."""
    form = request.form if fault else {}
    today = visitors.doors().clock().date().isoformat()
    return {
        "nama": form.get("nama", ""), "tanggal": form.get("tanggal", today),
        "tempat": form.get("tempat", ""),
        "lembaga": request.form.getlist("lembaga") if fault else (),
    }  # fmt: skip


def _typed_decision(fault: object, chosen: Decision | None, about: str) -> Mapping[str, str]:
    """What the form of a decision holds: what was typed, what is changed, or nothing yet."""
    if fault:
        return {name: request.form.get(name, "") for name in _DECISION_FIELDS}
    one = chosen or Decision(meeting_id=0, what="", place_code=about)
    due = one.due_on.isoformat() if one.due_on else ""
    told = (one.what, one.place_code, one.agency, due, one.status.value, one.note)
    return dict(zip(_DECISION_FIELDS, told, strict=True))


def _words(snapshot: Snapshot) -> dict[str, object]:
    return {
        "programs": program_names(snapshot.summary),
        "agencies": _agency_names(),
        "may_write": is_open(Access.MEETINGS),
        "statuses": {"open": _("belum selesai"), "done": _("selesai"), "dropped": _("dibatalkan")},
        "today": visitors.doors().clock().date(),
        "longest_title": LONGEST_TITLE,
        "longest_text": LONGEST_TEXT,
    }


def _rows(snapshot: Snapshot, decisions: Sequence[Decision]) -> list[Row]:
    today, places, names = visitors.doors().clock().date(), _places(snapshot), _agency_names()
    return [
        Row(
            one,
            places.get(one.place_code, one.place_code),
            names.get(one.agency, one.agency),
            _figure(snapshot, one.place_code),
            one.status is Status.OPEN and one.due_on is not None and one.due_on < today,
        )
        for one in decisions
    ]


def _agency_names() -> dict[str, str]:
    return {slug: own(one.name.model_dump()) for slug, one in agencies().items()}


def _figure(snapshot: Snapshot, code: str) -> Figure:
    """Uncovered families of a place, as this audience may see them."""
    record = _record(snapshot, code)
    return Figure(State.NO_DATA) if record is None else count_of(record, _COLUMN)


def _record(snapshot: Snapshot, code: str) -> Record | None:
    if not code:
        return {_COLUMN: snapshot.summary["totals"].get(_COLUMN)}
    if code in snapshot.villages:
        return snapshot.villages[code]
    return district_record(snapshot, code) if code in _districts(snapshot) else None


def _districts(snapshot: Snapshot) -> Mapping[str, str]:
    return {str(one["district_code"]): str(one["district_name"])
            for one in snapshot.villages.values()}  # fmt: skip


def _places(snapshot: Snapshot) -> dict[str, str]:
    """What a decision may be about, by code: the area, its districts, their villages."""
    districts = _districts(snapshot).items()
    names = {code: str(_("Kecamatan %(name)s", name=name)) for code, name in districts}
    for code, one in snapshot.villages.items():
        names[code] = f"{one['village_name']}, {one['district_name']}"
    return {"": str(snapshot.summary["area"]["name"]), **dict(sorted(names.items()))}


def _meeting(number: str) -> Meeting:
    found = visitors.doors().meetings.all()
    meeting = next((one for one in found if str(one.meeting_id) == number), None)
    if meeting is None:
        raise NotFoundError(_NONE)
    return meeting


def _decision(meeting_id: int, number: str) -> Decision:
    found = visitors.doors().meetings.decisions(meeting_id)
    decision = next((one for one in found if str(one.decision_id) == number), None)
    if decision is None:
        raise NotFoundError(_NONE)
    return decision


def _status(text: str) -> Status:
    return Status(text) if text in [each.value for each in Status] else Status.OPEN


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_NONE = Fault("E-MEETING-UNKNOWN", id="tidak ada rapat ini", en="there is no such meeting")
_DAY = Fault(
    "E-MEETING-DAY",
    id="tulis tanggalnya seperti 2026-12-24",
    en="write the day like 2026-12-24",
    column="tanggal",
)
_PLACE = Fault(
    "E-MEETING-PLACE",
    id="pilih tempatnya dari daftar",
    en="choose the place from the list",
    column="tempat",
)
