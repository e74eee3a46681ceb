"""What visits found, as lists that the next run reads: profiles ``visits`` and ``proposals``.

Only what was corrected is written, never what a list had said: the run has the lists. A visit
whose answers contradict each other is in neither list before somebody has decided.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TextIO

from geo_target.fieldwork.answer_doubts import MOCK
from geo_target.fieldwork.form_fields import NO_PROGRAM
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.outcomes import CORRECTABLE, PROPOSED, Outcome
from geo_target.fieldwork.visit_codes import read_code
from geo_target.spreadsheet_cells import harmless

VISIT_COLUMNS = (
    "visit_code", "family_id", "visited_on", "result", "verdict", "programs", "lon", "lat",
    "accuracy_m", *CORRECTABLE, "same_as", "submitted_at",
)  # fmt: skip
PROPOSAL_COLUMNS = ("proposal_id", "as_of", *PROPOSED, "lon", "lat")


@dataclass(frozen=True)
class Finding:
    """The answer that stands for a visit, and what it is about.

    `family_id` is the id under which the base register lists the family, `received_at` the
    server's time: the day of the visit where the answer names none.
    """

    outcome: Outcome
    family_id: str
    received_at: datetime

    @property
    def day(self) -> date:
        """The day of the visit; nobody has been there after the answer came."""
        came = self.received_at.astimezone().date()
        return min(self.outcome.visited_on or came, came)


def write_visits(findings: Iterable[Finding], file: TextIO, *, ids: Mapping[str, str]) -> int:
    """Write the visits that somebody made to a listed family, by visit code.

    Parameters
    ----------
    file
        Open for text with ``newline=""``.
    ids
        The base register's id of a family by visit code, and by its id in the archive: what
        `Outcome.duplicate_of` may say.

    Returns
    -------
    int
        How many there were.
    """
    rows = [_visit(one, ids) for one in findings if codes()[one.outcome.outcome].result is not None]
    return _write(file, VISIT_COLUMNS, sorted(rows, key=_when))


def write_proposals(findings: Iterable[Finding], file: TextIO) -> int:
    """Write families that were met and that no list has, by the id of their answer.

    Returns
    -------
    int
        How many there were.
    """
    rows = [_proposal(one) for one in findings if codes()[one.outcome.outcome].is_proposal]
    return _write(file, PROPOSAL_COLUMNS, sorted(rows, key=lambda row: row["proposal_id"]))


def _when(row: Mapping[str, str]) -> tuple[str, str]:
    return row["visit_code"], row["submitted_at"]


def _visit(one: Finding, ids: Mapping[str, str]) -> dict[str, str]:
    found, code = one.outcome, codes()[one.outcome.outcome]
    return {
        "visit_code": found.visit_code,
        "family_id": one.family_id,
        "visited_on": one.day.isoformat(),
        "result": code.result or "",
        "verdict": code.verdict or "",
        "programs": _programs(found),
        **_point(found),
        "accuracy_m": _number(found.accuracy_m),
        **{name: harmless(found.corrected.get(name, "")) for name in CORRECTABLE},
        "same_as": _same_as(found.duplicate_of or "", ids),
        "submitted_at": one.received_at.isoformat(),
    }


def _proposal(one: Finding) -> dict[str, str]:
    found = one.outcome
    return {
        "proposal_id": found.submission_id,
        "as_of": one.day.isoformat(),
        **{name: harmless(found.corrected.get(name, "")) for name in PROPOSED},
        **_point(found),
    }


def _programs(found: Outcome) -> str:
    """Empty where it was not asked: that is another thing than receiving none."""
    if found.programs is None:
        return ""
    return " ".join(found.programs) or NO_PROGRAM


def _same_as(said: str, ids: Mapping[str, str]) -> str:
    """The other family by its id, or by a visit code as paper shows it or a hand writes it."""
    return ids.get(said) or ids.get(read_code(said) or "", "")


def _point(found: Outcome) -> dict[str, str]:
    """Empty where the phone made its place up: nobody has measured it."""
    is_made_up = MOCK in found.warnings
    return {name: "" if is_made_up else _number(at)
            for name, at in (("lon", found.lon), ("lat", found.lat))}  # fmt: skip


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _write(file: TextIO, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> int:
    names, written = list(columns), list(rows)
    lines = csv.DictWriter(file, names, lineterminator="\n")
    lines.writeheader()
    lines.writerows(written)
    return len(written)
