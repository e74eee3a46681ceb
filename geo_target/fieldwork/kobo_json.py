"""Kobo's JSON: a page of the API, or its list of submissions, with ``group/field`` as keys."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.answer_rows import point_text, raw_of
from geo_target.fieldwork.form_fields import form_fields
from geo_target.fieldwork.kobo_csv import ROOT, SUBMITTED, UUID, VALIDATION, root_id, time_text
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_tables import cut
from geo_target.fieldwork.return_walls import check_parts

#: A submission has some six objects and lists and a hundred values.
_MOST_OBJECTS, _MOST_VALUES = 2_000_000, 10_000_000
_RESULTS, _NEXT, _PLACE = "results", "next", "_geolocation"
_NOT_APPROVED = "validation_status_not_approved"


def submissions(text: str, place: Place) -> tuple[Sequence[Mapping[str, Any]], bool]:
    """Submissions of a file, and whether Kobo has more pages of them.

    Raises
    ------
    DataRefusedError
        ``E-RETURN-CUT`` if it is no whole JSON, ``E-RETURN-KIND`` if it holds no submissions,
        ``E-SIZE`` if it holds more than answers could have.
    """
    check_parts(text, "{[", _MOST_OBJECTS, place)
    check_parts(text, ",", _MOST_VALUES, place)
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise cut(place) from None
    has_more = isinstance(found, dict) and bool(found.get(_NEXT))
    listed = found.get(_RESULTS) if isinstance(found, dict) else found
    if not isinstance(listed, list) or not all(_is_submission(one) for one in listed):
        raise place.refused(
            "E-RETURN-KIND",
            "JSON ini bukan kiriman Kobo: tidak ada daftar 'results' dengan _uuid",
            "this JSON holds no submissions of Kobo: there is no list 'results' with _uuid",
        )
    return listed, has_more


def raw_answer(submission: Mapping[str, Any]) -> Mapping[str, str]:
    """Cells of a submission by name of `answers.read_answer`."""
    raw = dict(_answers(submission))
    raw["submission_id"] = root_id(_text(submission.get(ROOT)), _text(submission.get(UUID)))
    raw["submitted_at"] = _text(submission.get(SUBMITTED))
    status = submission.get(VALIDATION)
    if isinstance(status, dict) and status.get("uid") == _NOT_APPROVED:
        raw["status"] = _NOT_APPROVED
    where = submission.get(_PLACE)
    if "point" not in raw and isinstance(where, list) and len(where) == 2:  # noqa: PLR2004
        raw["lat"], raw["lon"] = map(_text, where)
    return raw


def write_kobo_json(outcomes: Sequence[Outcome]) -> bytes:
    """The page that Kobo's API would give of these."""
    results = [_submission(outcome, number) for number, outcome in enumerate(outcomes, start=1)]
    page = {"count": len(results), _NEXT: None, "previous": None, _RESULTS: results}
    return json.dumps(page, ensure_ascii=False).encode()


def _submission(outcome: Outcome, number: int) -> Mapping[str, Any]:
    raw = raw_of(outcome)
    raw["point"] = point_text(raw)
    asked = {field.kobo: raw[name] for name, field in form_fields().items() if raw.get(name)}
    return {
        "_id": number,
        **asked,
        "meta/instanceID": f"uuid:{outcome.submission_id}",
        ROOT: f"uuid:{outcome.submission_id}",
        UUID: outcome.submission_id,
        _PLACE: [outcome.lat, outcome.lon],
        SUBMITTED: time_text(raw),
        VALIDATION: {},
        "_tags": [],
        "_notes": [],
        "_status": "submitted_via_web",
        "_submitted_by": None,
    }


def _answers(submission: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in submission.items():
        name = key.rpartition("/")[2]
        if name in form_fields() and (said := _text(value)):
            yield name, said


def _text(value: Any) -> str:
    """A value as the text of a cell; lists and objects are no answers of ours."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _is_submission(one: object) -> bool:
    return isinstance(one, dict) and (UUID in one or ROOT in one)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity are no JSON
