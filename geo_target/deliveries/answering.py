"""Answers on a file: the first guess, what its report proposes, and what may be said."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date
from typing import get_args

from geo_target.deliveries import refusals
from geo_target.deliveries.file_days import day_in_name
from geo_target.deliveries.proposals import keyed_sources, propose
from geo_target.deliveries.records import Answers, Delivered, State
from geo_target.intake.profiles import profiles
from geo_target.operations.numbers import holds_number
from geo_target.programs import programs
from geo_target.settings import CodeSystem, Settings

_LONGEST_SHEET = 100


def first_answers(name: str, settings: Settings | None, today: date) -> Answers:
    """What the name alone tells: enough to read the file."""
    if settings is None:
        found = day_in_name(name)
        return Answers(profile=None, as_of=min(found or today, today))
    return propose(name, None, settings, today)


def proposed_answers(
    file: Delivered, settings: Settings, today: date, taken: Collection[str | None]
) -> Answers:
    """What the report proposes beside what a person has said.

    Parameters
    ----------
    taken
        Keys of lists that other files replace.
    """
    is_read = ((file.report or {}).get("en") or {}).get("profile") is not None
    if not is_read and file.answers.profile is not None:  # nothing was learnt of it
        return file.answers
    found = propose(file.name, file.report, settings, today, taken=taken)
    return replace(found, **{name: getattr(file.answers, name) for name in file.said})


def said_of(file: Delivered, answers: Answers) -> tuple[str, ...]:
    """Names of the answers that are a person's own words now.

    Beside a report all are: whoever sends the form has seen them. Of a file that could not
    be read only what was changed is: the rest of its form nobody had to look at.
    """
    names = [field.name for field in fields(Answers)]
    if file.state is State.READ:
        return tuple(names)
    return tuple(
        name
        for name in names
        if name in file.said or getattr(answers, name) != getattr(file.answers, name)
    )


def check_answers(name: str, answers: Answers, settings: Settings, today: date) -> None:
    """Refuse answers that no person can mean.

    Raises
    ------
    DeliveryError
        ``E-DELIVERY-ANSWER``, naming the first wrong one.
    """
    sheet = answers.sheet or ""
    wrong = {
        "profile": answers.profile is not None and answers.profile not in profiles(),
        "as_of": answers.as_of > today,
        "program": answers.program is not None and answers.program not in programs(),
        "sheet": len(sheet) > _LONGEST_SHEET or not sheet.isprintable() or holds_number(sheet),
        "code_system": answers.code_system not in {None, *get_args(CodeSystem)},
        "replaces": answers.replaces is not None
        and answers.replaces not in keyed_sources(settings),
    }
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise refusals.wrong_answer(name, what)
