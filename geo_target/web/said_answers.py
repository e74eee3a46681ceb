"""What a browser or a device says of a visit, in the fields that files of returns have too."""

import json
import re
from collections.abc import Mapping
from functools import cache

from flask import request
from werkzeug.datastructures import MultiDict

from geo_target.fieldwork.form_fields import NO_PROGRAM, Choice, Kind, choice_lists, form_fields
from geo_target.fieldwork.visit_codes import read_code

#: An id of a submission, made by our page or by a device.
_ID = re.compile(r"[0-9A-Za-z:-]{8,80}")
_KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
#: Beside the fields of forms: a point in three parts, as people type it.
_POINT = ("lat", "lon", "accuracy_m")
_LONGEST = 4_000

Said = dict[str, str]


class NotWholeError(Exception):
    """Half an answer, or none."""


def said() -> Said:
    """The fields of this request, as text; lists are joined by blanks.

    Raises
    ------
    NotWholeError
        If the body breaks off, is no answer, or has no id by which it would be known again.
    """
    values = _of_json() if request.is_json else _of_form(request.form)
    if not _ID.fullmatch(values.get("submission_id", "")):
        raise NotWholeError
    return _known(values)


def typed() -> Said:
    """The fields of the keyboard page, its keys put into words."""
    values = said()
    values["outcome"] = names_of_keys(values.pop("outcome_key", ""), outcome_keys())
    if keys := values.pop("program_keys", ""):
        values["programs"] = names_of_keys(keys, program_keys())
    return values


def names_of_keys(keys: str, known: Mapping[str, Choice]) -> str:
    """Names of the choices that these keys stand for; a key of none is kept, to be refused."""
    pressed = "".join(keys.lower().split())
    return " ".join(known[key].name if key in known else key for key in pressed)


@cache
def outcome_keys() -> Mapping[str, Choice]:
    """Outcomes by their key, in the order of papers: 1 to 9, 0, then letters."""
    return _keyed("outcome")


@cache
def program_keys() -> Mapping[str, Choice]:
    """Programs by their key."""
    return _keyed("program")


def _keyed(name: str) -> Mapping[str, Choice]:
    return dict(zip(_KEYS, choice_lists()[name], strict=False))


def _of_form(form: MultiDict[str, str]) -> Said:
    if form.get("whole") != "1":  # the last field: without it the rest is missing too
        raise NotWholeError
    return {name: " ".join(v for v in values if v) for name, values in form.lists()}


def _of_json() -> Said:
    try:
        told = json.loads(request.get_data(cache=True))
    except ValueError:
        raise NotWholeError from None
    if not isinstance(told, dict):
        raise NotWholeError
    if told.get("programs") == []:
        told["programs"] = NO_PROGRAM  # asked, and there is none
    return {str(name): _text(value) for name, value in told.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(_text(each) for each in value)
    if isinstance(value, str | int | float):
        return str(value)
    if value is None:
        return ""
    raise NotWholeError


def _known(values: Said) -> Said:
    """Fields of forms alone, each once, without those that were left empty."""
    names = {name for name, field in form_fields().items() if field.kind is not Kind.GIVEN}
    names |= {*_POINT, "submission_id", "device_at", "outcome_key", "program_keys"}
    found = {n: v.strip()[:_LONGEST] for n, v in values.items() if n in names and v.strip()}
    if code := found.get("visit_code"):
        found["visit_code"] = read_code(code) or code
    return found
