"""Returns on paper, entered by keyboard: a code, one key, Enter; and what was just entered."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from geo_target.errors import Fault
from geo_target.fieldwork.answer_rows import raw_of
from geo_target.fieldwork.visit_codes import printed
from geo_target.fieldwork.visits import Officer
from geo_target.operations.kept_outcomes import KeptOutcome
from geo_target.operations.own_entries import TAKEN_BACK
from geo_target.operations.refusals import VisitError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.own_visits import own_visits
from geo_target.web.pages import store
from geo_target.web.recording import (
    Recorded,
    is_asked_for_json,
    keep,
    new_submission_id,
    outcome_words,
    words_of,
)
from geo_target.web.said_answers import (
    NotWholeError,
    Said,
    outcome_keys,
    program_keys,
    said,
    typed,
)
from geo_target.web.store import Served
from geo_target.web.wording import run_words

bp = Blueprint("returns", __name__)

#: So many of today's entries stand below the form.
_SHOWN = 50
#: What a typist does not enter again for every paper.
_STAYS = ("visited_on", "officer")
#: Fields beyond code, outcome, day and officer: they open the part of the form that is folded.
_FOLDED_IN = {"submission_id", "visit_code", "outcome_key", *_STAYS}
#: What an answer sent from the page of a visit may hold, and this page has no field for.
_UNSEEN = frozenset({
    "end", "respondent", "is_mocked", "corrected_neighborhood", "corrected_members",
    "corrected_head_national_id", "corrected_family_card_number",
})  # fmt: skip


@dataclass(frozen=True)
class Entered:
    """A line of the list below the form."""

    submission_id: str
    printed: str
    words: str
    state: str
    """kept, orphan or taken-back."""


@bp.get("/lapangan/isi")
@shows(Access.RECORD)
def keyboard() -> Response:
    """The form, empty, or with one's own entry that is to be changed."""
    asked = request.args.get("ubah", "")
    kept = visitors.doors().own_entries.entry(asked, by=_name()) if asked else None
    return _page(_values_of(kept) if kept else {})


@bp.post("/lapangan/isi")
@shows(Access.RECORD)
def record() -> Response:
    """Keep one return; day and officer stay for the next."""
    try:
        entered, answer = said(), typed()
    except NotWholeError:
        abort(400)
    recorded = keep(_unseen(answer["submission_id"]) | answer, is_typed=True)
    if is_asked_for_json():
        return make_response(jsonify(recorded.told()), recorded.status)
    if recorded.faults:
        return _page(entered, recorded)
    return _page({name: entered[name] for name in _STAYS if name in entered}, recorded)


@bp.post("/lapangan/isi/batalkan")
@shows(Access.RECORD)
def take_back() -> Response:
    """Let an entry of one's own count no more."""
    fault: Fault | None = None
    try:
        visitors.doors().own_entries.take_back(
            request.form.get("submission_id", ""), by=visitors.actor()
        )
    except VisitError as error:
        fault = replace(error.faults[0], column="")
    if is_asked_for_json():
        told = {"message": words_of(fault) if fault else ""}
        return make_response(jsonify(told), 409 if fault else 200)
    return _page({}, fault=fault)


def _page(values: Said, recorded: Recorded | None = None, fault: Fault | None = None) -> Response:
    served = store().current()
    page = render_template(
        "returns/keyboard.html",
        **run_words(served),
        values=values,
        is_wide=bool(values.keys() - _FOLDED_IN),
        recorded=recorded,
        fault=words_of(fault) if fault else None,
        submission_id=new_submission_id(),
        outcome_keys=outcome_keys(),
        program_keys=program_keys(),
        officers=_officers(),
        villages=_villages(served),
        entered=[_entered(each) for each in _today()[:_SHOWN]],
        all=len(_today()),
    )
    status = 409 if fault else recorded.status if recorded else 200
    return make_response(page, status)


def _today() -> list[KeptOutcome]:
    now: datetime = visitors.doors().clock()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return visitors.doors().own_entries.since(midnight, by=_name())


def _entered(kept: KeptOutcome) -> Entered:
    code = kept.outcome.visit_code
    is_back = kept.orphan_reason == TAKEN_BACK
    return Entered(
        kept.submission_id,
        printed(code) if code else "–",
        outcome_words(kept.outcome.outcome),
        TAKEN_BACK if is_back else "orphan" if kept.is_orphan else "kept",
    )


def _officers() -> list[Officer]:
    """Whose name may stand on a paper; a field officer brings in the own ones alone."""
    found = visitors.doors().field_officers.all()
    bounds = visible(visitors.user(), Verb.RECORD_VISITS)
    return [each for each in found if bounds.visits_of in {None, each.name}]


def _villages(served: Served) -> list[tuple[str, str]]:
    """Villages in which this user may enter a family that is not listed, by name."""
    bounds = visible(visitors.user(), Verb.RECORD_VISITS)
    own = {visit.target.village_code for visit in own_visits()}
    found = [
        (str(code), str(village["village_name"]))
        for code, village in served.snapshot.villages.items()
        if code in own or bounds.holds(str(code).rpartition(".")[0])
    ]
    return sorted(found, key=lambda each: (each[1], each[0]))


def _values_of(kept: KeptOutcome) -> Said:
    """An entry as it stands in the form, under its own id: saved, it is a new version."""
    told = kept.outcome
    programs = told.programs or (("none",) if told.programs == () else ())
    keys = {choice.name: key for key, choice in outcome_keys().items()}
    by_program = {choice.name: key for key, choice in program_keys().items()}
    values = {
        "submission_id": kept.submission_id,
        "visit_code": told.visit_code,
        "outcome_key": keys[told.outcome],
        "visited_on": told.visited_on.isoformat() if told.visited_on else "",
        "officer": told.officer or "",
        "program_keys": "".join(by_program.get(each, "") for each in programs),
        "duplicate_of": told.duplicate_of or "",
        "note": told.note or "",
        **{name: str(value) for name in ("lat", "lon", "accuracy_m")
           if (value := getattr(told, name)) is not None},
        **{f"corrected_{name}": value for name, value in told.corrected.items()},
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _unseen(submission_id: str) -> Said:
    """What stays of an own entry that is changed here, for it was entered on another page."""
    kept = visitors.doors().own_entries.entry(submission_id, by=_name())
    told = raw_of(kept.outcome) if kept else {}
    return {name: said for name, said in told.items()
            if name in _UNSEEN or name.startswith(("sign_", "house_"))}  # fmt: skip


def _name() -> str:
    return visitors.actor().name
