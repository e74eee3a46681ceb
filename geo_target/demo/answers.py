"""Answers to the visits of any plan, as forms and sheets bring them in, from what there is to find.

With them comes what goes wrong on the way: an answer that is sent twice, a clock of 1970, two
officers who say different things, and answers to visits that nobody has planned.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from geo_target.demo.findings import MET, Findings
from geo_target.errors import DataRefusedError, Fault
from geo_target.fieldwork.outcomes import CORRECTABLE, PROPOSED, Outcome
from geo_target.fieldwork.visits import Visit

#: How often something goes wrong: assumptions, so that each is seen in a small world too.
SENT_TWICE, CLOCK_OF_1970, SECOND_OPINION = 0.01, 0.005, 0.1
#: Codes of no plan: one that was never given, and one with a slip in it.
STRAY_CODES = ("TKFKJQRX", "5DFYD87Y")
_IDS = UUID("6f0f4e4e-2f0c-4a51-9a5c-5a5b1b1f7a10")
#: Officers send their answers in the evening, from where there is a network.
_EVENING = time(11, 0)
#: Officers begin at 8 o'clock in Jakarta and need half an hour a visit.
_BEGIN, _VISIT = time(1, 0), timedelta(minutes=30)


def simulate_returns(
    findings: Findings, visits: Iterable[Visit], *, seed: int = 1
) -> list[Outcome]:
    """Answer each visit of a plan as the truth has it, in the order of the visits.

    A first visit finds what the first visit finds, a return (``return_of``) what is true in the
    end. New families of the villages that are visited follow, then the stray answers.

    Parameters
    ----------
    visits
        Visits with the ``family_id`` of their targets; the same ones and `seed` are answered
        the same, whatever the others are.

    Raises
    ------
    DataRefusedError
        If a visit is to a family of which this demo knows nothing.
    """
    known = {
        row["family_id"]: row for row in findings.families.to_dict("records")
    }  # fmt: skip
    planned = list(visits)
    strange = [one.code for one in planned if one.target.family_id not in known]
    if strange:
        raise _unknown(len(strange), strange[0])
    answers = [
        answer
        for visit in planned
        for answer in _answers(visit, known[visit.target.family_id], seed=seed)
    ]
    return [*answers, *_new_families(findings, planned, seed=seed), *_strays(answers, seed=seed)]


def _answers(visit: Visit, truth: Mapping[Any, Any], *, seed: int) -> Iterator[Outcome]:
    """The answer to one visit; before it another officer's, after it the same one again."""
    chance = Random(f"{seed} {visit.code}")
    answer = _answer(visit, truth, seed=seed)
    if answer.outcome == "better_off" and chance.random() < SECOND_OPINION:
        # A program reaches it either way: however it is settled, the family is not untouched.
        yield replace(
            answer, submission_id=_id(seed, visit.code, "second"), outcome="found_eligible",
            note="menurut ketua RT",
        )  # fmt: skip
    if chance.random() < CLOCK_OF_1970 and answer.device_at is not None:
        answer = replace(answer, device_at=datetime(1970, 1, 1, 0, 7, tzinfo=UTC))
    yield answer
    if chance.random() < SENT_TWICE:
        yield answer


def _answer(visit: Visit, truth: Mapping[Any, Any], *, seed: int) -> Outcome:
    is_return = visit.return_of is not None
    outcome = truth["outcome"] if is_return else truth["first_outcome"]
    day = visit.day or (truth["returned_on"] if is_return else truth["visited_on"]).date()
    told = Outcome(
        submission_id=_id(seed, visit.code),
        visit_code=visit.code,
        outcome=outcome,
        source="odk",
        visited_on=day,
        officer=visit.officer,
        device_at=_clock(day, visit.position or 1),
        submitted_at=datetime.combine(day, _EVENING, UTC),
        duplicate_of=_text(truth["same_as"]),
    )
    if truth["fate"] not in MET or outcome != truth["outcome"]:
        return told
    given = {name: truth[f"given_{name}"] for name in ("head_name", "address")}
    return replace(
        told,
        lon=_measured(truth["lon"]),
        lat=_measured(truth["lat"]),
        accuracy_m=_measured(truth["accuracy_m"]),
        programs=_programs(truth["programs"]),
        given={name: value for name, value in given.items() if value},
        corrected={name: truth[name] for name in CORRECTABLE if _text(truth[name])},
        respondent="kepala keluarga",
    )


def _new_families(findings: Findings, visits: Sequence[Visit], *, seed: int) -> Iterator[Outcome]:
    """Families that no list has, once, by whoever goes to their village first."""
    first = {
        one.target.village_code: one
        for one in reversed(visits)
        if one.return_of is None
    }  # fmt: skip
    for truth in findings.proposals.to_dict("records"):
        near = first.get(truth["village_code"])
        if near is None:
            continue
        day = near.day or truth["visited_on"].date()
        yield Outcome(
            submission_id=_id(seed, truth["proposal_id"]),
            visit_code="",
            outcome="new_family",
            source="odk",
            visited_on=day,
            officer=near.officer,
            device_at=_clock(day, 14),
            submitted_at=datetime.combine(day, _EVENING, UTC),
            lon=_measured(truth["lon"]),
            lat=_measured(truth["lat"]),
            accuracy_m=_measured(truth["accuracy_m"]),
            programs=_programs(truth["programs"]),
            corrected={name: truth[name] for name in PROPOSED},
            respondent="kepala keluarga",
        )


def _strays(answers: Sequence[Outcome], *, seed: int) -> list[Outcome]:
    """Answers to visits that are of no plan."""
    return [
        replace(like, submission_id=_id(seed, code), visit_code=code, corrected={}, given={})
        for code, like in zip(STRAY_CODES, answers, strict=False)
    ]


def _measured(value: float) -> float | None:
    """A number of a table, whose empty ones are no numbers."""
    return None if math.isnan(value) else value


def _programs(told: str) -> tuple[str, ...]:
    return () if told == "none" else tuple(told.split())


def _text(value: object) -> str | None:
    """A cell of a table of pandas, whose empty ones are of several kinds."""
    return value if isinstance(value, str) and value else None


def _clock(day: date, position: int) -> datetime:
    return datetime.combine(day, _BEGIN, UTC) + (position - 1) % 16 * _VISIT


def _id(seed: int, *words: str) -> str:
    return str(uuid5(_IDS, " ".join((str(seed), *words))))


def _unknown(count: int, code: str) -> DataRefusedError:
    return DataRefusedError(
        Fault(
            "E-DEMO-VISITS",
            id=f"{count} kunjungan (yang pertama {code}) menuju keluarga yang tidak dikenal dunia "
            "peragaan ini; pakai rencana yang dibuat dari hitungannya",
            en=f"{count} visits (the first is {code}) are to families that this demo does not "
            "know; use a plan that was made from its run",
        )
    )
