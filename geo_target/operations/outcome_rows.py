"""Outcomes as they may be kept: without numbers that nobody corrected, ids that fit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.kept_outcomes import KeptOutcome
from geo_target.operations.numbers import holds_number, keyed_id, mask_numbers
from geo_target.operations.visit_records import content_hash, plain

#: Corrections that are numbers; everywhere else a NIK or KK is masked before it is kept.
_NUMBERS = frozenset({"head_national_id", "family_card_number"})

_LONGEST = {"submission_id": 80, "visit_code": 20, "source": 20, "officer": 40}


def adopted(orphan: KeptOutcome, visit_code: str) -> KeptOutcome:
    """What was an orphan, as the answer to this visit."""
    outcome = replace(orphan.outcome, visit_code=visit_code)
    return replace(
        orphan, outcome=outcome, content_hash=content_hash(plain(outcome)), is_orphan=False,
        orphan_reason=None,
    )  # fmt: skip


def outcome_values(kept: KeptOutcome, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of VISIT_OUTCOMES for a version of an answer, and what `plain` tells of it."""
    outcome = kept.outcome
    return {
        "submission_id": kept.submission_id,
        "content_hash": kept.content_hash,
        "visit_code": outcome.visit_code[: _LONGEST["visit_code"]] or None,
        "code": outcome.outcome,
        "source": outcome.source[: _LONGEST["source"]],
        "answers": answers,
        "officer": outcome.officer,
        "received_by": kept.received_by,
        "received_at": kept.received_at,
        "device_at": _moment(outcome.device_at),
        "is_orphan": kept.is_orphan,
        "orphan_reason": kept.orphan_reason,
    }


def clean(outcome: Outcome, key: bytes) -> Outcome:
    """`outcome` as it may be kept: no number but a corrected one, no id that is too long."""
    officer = mask_numbers(outcome.officer)[: _LONGEST["officer"]] if outcome.officer else None
    return replace(
        outcome,
        submission_id=_id(outcome.submission_id, key),
        visit_code=mask_numbers(outcome.visit_code),
        officer=officer,
        given={name: mask_numbers(value) for name, value in outcome.given.items()},
        corrected={
            name: value if name in _NUMBERS else mask_numbers(value)
            for name, value in outcome.corrected.items()
        },
        respondent=outcome.respondent and mask_numbers(outcome.respondent),
        note=outcome.note and mask_numbers(outcome.note),
    )


def _id(submission_id: str, key: bytes) -> str:
    """An id as it is kept: a longer one than fits, or one with a number in it, is keyed."""
    is_kept = len(submission_id) <= _LONGEST["submission_id"] and not holds_number(submission_id)
    return submission_id if is_kept else keyed_id(submission_id, key)


def _moment(at: datetime | None) -> datetime | None:
    """A device's time for its column; None where no clock ever showed it."""
    try:
        return None if at is None else at.astimezone(UTC)
    except (OverflowError, OSError, ValueError):
        return None
