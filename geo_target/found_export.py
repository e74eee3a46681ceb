"""What visits found, out of the database into the two lists that the next run reads."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from geo_target.field_desk import Desk
from geo_target.fieldwork.visit_lists import Finding, write_proposals, write_visits
from geo_target.operations.audit import Actor
from geo_target.operations.kept_outcomes import KeptOutcome
from geo_target.operations.numbers import keyed_id, subject_id

#: What is added to the name of the list of decisions.
_VISITS, _PROPOSALS = "-kunjungan", "-usulan"
#: Whoever sits at the machine: the log cannot know more.
_OPERATOR = Actor(name="command-line", role="admin")


@dataclass(frozen=True)
class FoundList:
    """A list as a run reads it: its file, its profile, how many rows."""

    file: Path
    profile: str
    content: bytes
    rows: int
    subjects: tuple[str, ...] = ()
    """Ids under which its families are found again in the audit log."""


@dataclass(frozen=True)
class Found:
    """Lists that have a row, and what is in none of them."""

    lists: tuple[FoundList, ...] = ()
    undecided: int = 0
    """Visits whose answers contradict each other: nobody has said which of them stands."""
    unlisted: int = 0
    """Visits to families that no register lists any more."""
    last: int = 0
    """Number up to which every answer is told, see `VisitOutcomes.mark_exported`."""


def find_findings(desk: Desk, beside: Path) -> Found:
    """Gather what stands of all visits, under the ids of the registers.

    Parameters
    ----------
    beside
        The list of decisions: these two lie beside it, and are called after it.

    Raises
    ------
    NotFoundError
        If there are answers and no run.
    DataRefusedError
        If the persons of the run may not be used today.
    """
    standing, proposals = desk.outcomes.standing(), desk.outcomes.proposals()
    if not standing and not proposals:
        return Found()
    visited = {each.visit.code: each.visit.target.family_id for each in desk.plans.visits()}
    ids = desk.base_ids(desk.snapshot(), asked=set(visited.values()))
    families = {code: ids[family] for code, family in visited.items() if family in ids}
    decided = {code: each for code, each in standing.items() if not each.is_conflict}
    told = [_finding(each.current, families[c]) for c, each in decided.items() if c in families]
    disputed = [v.number for c, each in standing.items() if c not in decided for v in each.versions]
    kept = [each.current.number for each in decided.values()]
    kept += [each.number for each in proposals]
    told_of = {subject_id(visited[code], desk.key) for code in decided if code in families}
    new = {keyed_id(nik, desk.key) for each in proposals if (nik := _nik(each))}
    visits = _visits(_called(beside, _VISITS), told, {**ids, **families})
    usulan = _proposals(_called(beside, _PROPOSALS), [_finding(each, "") for each in proposals])
    lists = (
        replace(visits, subjects=tuple(sorted(told_of))),
        replace(usulan, subjects=tuple(sorted(new))),
    )
    return Found(
        tuple(one for one in lists if one.rows),
        undecided=len(standing) - len(decided),
        unlisted=len(decided) - len(told),
        last=min([max(kept, default=0), *(number - 1 for number in disputed)]),
    )


def mark_found(desk: Desk, found: Found) -> None:
    """Note that these answers left for a run; from then on retention may take them.

    Answers that contradict each other, and what came after them, are not marked: they are still
    to be told.
    """
    if found.last > 0:
        desk.outcomes.mark_exported(found.last, by=_OPERATOR)


def _called(beside: Path, ending: str) -> Path:
    return beside.with_name(f"{beside.stem}{ending}.csv")


def _visits(file: Path, findings: Iterable[Finding], ids: Mapping[str, str]) -> FoundList:
    out = io.StringIO(newline="")
    rows = write_visits(findings, out, ids=ids)
    return FoundList(file, "visits", out.getvalue().encode(), rows)


def _proposals(file: Path, findings: Iterable[Finding]) -> FoundList:
    out = io.StringIO(newline="")
    rows = write_proposals(findings, out)
    return FoundList(file, "proposals", out.getvalue().encode(), rows)


def _nik(kept: KeptOutcome) -> str | None:
    return kept.outcome.corrected.get("head_national_id")


def _finding(kept: KeptOutcome, family_id: str) -> Finding:
    return Finding(kept.outcome, family_id, kept.received_at)
