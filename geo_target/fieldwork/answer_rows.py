"""An outcome as the cells of a form: what `answers.read_answer` reads, written."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from geo_target.fieldwork.answer_doubts import MOCK
from geo_target.fieldwork.form_fields import NO_PROGRAM
from geo_target.fieldwork.outcome_codes import housing
from geo_target.fieldwork.outcomes import Outcome


def raw_of(outcome: Outcome) -> dict[str, str]:
    """Text by name of `form_fields`, as a form writes it; what was not answered is left out.

    Beside them ``submission_id``, ``submitted_at``, and the point as ``lon``, ``lat`` and
    ``accuracy_m``.
    """
    return {name: said for name, said in _cells(outcome) if said}


def point_text(raw: dict[str, str]) -> str:
    """The point as forms write it: latitude, longitude, altitude, accuracy."""
    if "lat" not in raw:
        return ""
    ending = f" 0 {raw['accuracy_m']}" if "accuracy_m" in raw else ""
    return f"{raw['lat']} {raw['lon']}{ending}"


def utc_text(moment: datetime | None) -> str:
    """Date and time in UTC to the millisecond, as ODK Central's server writes it."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cells(outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield "submission_id", outcome.submission_id
    yield "submitted_at", utc_text(outcome.submitted_at)
    yield "end", outcome.device_at.isoformat() if outcome.device_at else ""
    yield "visit_code", outcome.visit_code
    yield "visited_on", outcome.visited_on.isoformat() if outcome.visited_on else ""
    yield "outcome", outcome.outcome
    for name in ("officer", "duplicate_of", "respondent", "note"):
        yield name, getattr(outcome, name) or ""
    if outcome.lon is not None and outcome.lat is not None:
        yield "lon", _decimal(outcome.lon)
        yield "lat", _decimal(outcome.lat)
        yield "accuracy_m", "" if outcome.accuracy_m is None else _decimal(outcome.accuracy_m)
        yield "is_mocked", "yes" if MOCK in outcome.warnings else ""
    if outcome.programs is not None:
        yield "programs", " ".join(outcome.programs) or NO_PROGRAM
    for part, values in (("given", outcome.given), ("corrected", outcome.corrected)):
        yield from ((f"{part}_{name}", said) for name, said in values.items())
    yield from ((f"sign_{name}", "yes" if is_there else "no")
                for name, is_there in outcome.signs.items())  # fmt: skip
    yield from ((f"house_{name}", _choice(name, word)) for name, word in outcome.housing.items())


def _decimal(number: float) -> str:
    """Plain decimal, to about a centimeter where it is in degrees."""
    return f"{number:.7f}".rstrip("0").rstrip(".")


@cache
def _choice(name: str, word: str) -> str:
    return next((c for c, w in housing()[name].choice_names.items() if w == word), word)
