"""Files of answers into the database, and how far the visits of a plan are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from geo_target.errors import DataRefusedError, Fault, Language
from geo_target.field_desk import Desk, village_names
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.progress import Followed, progress_by
from geo_target.fieldwork.returns import Returns, read_returns
from geo_target.operations.audit import Actor, local_now
from geo_target.operations.outcome_batch import Taken
from geo_target.operations.visit_rows import PlannedVisit, Status
from geo_target.web.village_reach import reach_of


@dataclass(frozen=True)
class Imported:
    """What became of files: of each its books, of all of them what the database took."""

    files: Sequence[Mapping[str, Any]]
    taken: Taken
    faults: Sequence[Fault] = field(default_factory=tuple)

    def to_json(self, language: Language) -> dict[str, Any]:
        """As one JSON object."""
        taken = self.taken
        return {
            "files": [dict(one) for one in self.files],
            "given": taken.given,
            "new": taken.new,
            "repeated": taken.repeated,
            "versions": taken.versions,
            "conflicts": list(taken.conflicts),
            "orphans": [[one.submission_id, one.visit_code, str(one.reason)]
                        for one in taken.orphans],
            "warnings": dict(taken.warnings),
            "faults": [fault.text(language) for fault in self.faults],
        }  # fmt: skip


def import_returns(desk: Desk, files: Iterable[Path], *, by: Actor) -> Imported:
    """Read files of answers, and keep what is in them; a file is kept before the next is read.

    A file that is half of one, or none of the kinds, is refused whole and the others are taken.

    Raises
    ------
    NotFoundError
        If there is no run.
    VisitError
        ``E-VISIT-ROLE``.
    """
    reach = reach_of(desk.snapshot())
    villages = {each.visit.code: each.visit.target.village_code for each in desk.plans.visits()}
    books: list[Mapping[str, Any]] = []
    faults: list[Fault] = []
    taken = Taken()
    for file in files:
        try:
            found = read_returns(
                file, name=file.name, received_at=local_now(), villages=villages, village_of=reach
            )
        except DataRefusedError as error:
            faults += error.faults
            continue
        except OSError:
            faults.append(_missing(file))
            continue
        taken += desk.outcomes.take(_unique(found.outcomes), by=by)
        books.append(_books(file, found))
        faults += found.faults
    return Imported(books, taken, faults)


def status_of(desk: Desk, number: int, *, by_village: bool) -> list[dict[str, Any]]:
    """Of each officer or village of a plan: visits, how many are done, how many are late."""
    standing = desk.outcomes.standing(number)
    visits = desk.plans.visits(plan_id=number)
    followed = [
        _followed(each, is_answered=each.visit.code in standing)
        for each in visits if each.status is not Status.WITHDRAWN
    ]  # fmt: skip
    names = village_names(desk.snapshot()) if by_village else {}

    def who(one: Followed) -> str:
        code = one.visit.target.village_code
        return names.get(code, code) if by_village else one.visit.officer or "-"

    found = progress_by(followed, who, today=date.today())
    answered = {code: each for code, each in standing.items() if each.is_conflict}
    return [
        {"who": name, "all": told.planned, "done": told.done, "late": told.overdue,
         "conflicts": sum(one.visit.code in answered for one in followed if who(one) == name)}
        for name, told in sorted(found.items())
    ]  # fmt: skip


def _followed(each: PlannedVisit, *, is_answered: bool) -> Followed:
    closed = each.closed_at.astimezone().date() if each.closed_at else None
    # Ending a plan closes what nobody has answered: that is not done.
    is_done = each.status is Status.CLOSED and is_answered
    return Followed(each.visit, closed_on=closed if is_done else None)


def _unique(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """A form's server may put the same answer into a file twice."""
    return list({(one.submission_id, repr(one)): one for one in outcomes}.values())


def _books(file: Path, found: Returns) -> dict[str, Any]:
    return {
        "file": file.name, "kind": found.kind, "rows": found.rows, "taken": len(found.outcomes),
        "refused": found.refused, "unanswered": found.unanswered,
    }  # fmt: skip


def _missing(file: Path) -> Fault:
    return Fault(
        "E-RETURN-FILE",
        id="berkas tidak ada atau tidak dapat dibaca; periksa letaknya",
        en="the file is missing or cannot be read; check where it lies",
        file=file.name,
    )
