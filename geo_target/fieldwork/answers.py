"""One answer to a visit, from its cells as text: strictly read, doubted where it must be.

A cell that is not what its column asks for is set aside with its fault, and the rest counts; only
an answer without a code, a visit or an id is none. See docs/outcomes.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geo_target.errors import Fault
from geo_target.fieldwork.answer_doubts import CLOCK, VillageOf
from geo_target.fieldwork.answer_faults import Place
from geo_target.fieldwork.answer_reading import Reading, Surroundings
from geo_target.fieldwork.outcomes import Outcome


@dataclass(frozen=True)
class Answer:
    """What was read: the outcome, and what of the row could not be.

    `outcome` is None where nothing can be kept. A page that somebody types into asks again
    wherever there is a fault; a file is taken as far as it can be read.
    """

    outcome: Outcome | None
    faults: Sequence[Fault] = ()


def read_answer(
    raw: Mapping[str, str],
    *,
    source: str,
    received_at: datetime,
    villages: Mapping[str, str] | None = None,
    village_of: VillageOf | None = None,
    place: Place = Place(),  # noqa: B008  # frozen
) -> Answer:
    """Read one answer.

    Parameters
    ----------
    raw
        Text by name of `form_fields`; instead of ``point`` also ``lon``, ``lat`` (degrees,
        EPSG:4326) and ``accuracy_m``. Besides: ``submission_id``; ``submitted_at``, time of the
        form's server; ``verdict``, where another column than the outcome's tells it; ``status``,
        where the form's server holds the answer back. What is missing or empty was not asked.
    source
        odk, kobo, xlsx or keyboard.
    received_at
        The server's time, aware of its zone. It decides wherever clocks differ, unless the
        form's server has told its own.
    villages, village_of, place
        See `Surroundings`, `VillageOf` and `Place`.

    Returns
    -------
    Answer
        Codes of its faults: ``E-OUTCOME-ID``, ``-STATUS``, ``-CODE``, ``-VISIT``, ``-PROPOSAL``
        (no outcome), ``-CELL``, ``-DIGITS``, ``-POINT``, ``-LONG`` (an outcome without that).
    """
    around = Surroundings(received_at, villages or {}, village_of)
    return answer_of(raw, source=source, around=around, place=place)


def answer_of(raw: Mapping[str, str], *, source: str, around: Surroundings, place: Place) -> Answer:
    """As `read_answer`, for many rows of one file."""
    reading = Reading(raw, source, around, place)
    if fatal := reading.fatal():
        return Answer(None, [fatal])
    return Answer(reading.outcome(), reading.faults)


def day_of(outcome: Outcome, received_at: datetime) -> date:
    """The day that counts for a visit: as said, else by the clock that can be believed."""
    if outcome.visited_on is not None:
        return outcome.visited_on
    if outcome.device_at is not None and CLOCK not in outcome.warnings:
        return outcome.device_at.date()
    return (outcome.submitted_at or received_at).astimezone(received_at.tzinfo).date()
