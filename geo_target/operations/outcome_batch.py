"""Outcomes that are kept in one transaction: what each of them is to what is there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from geo_target.fieldwork.outcomes import Outcome
from geo_target.operations.kept_outcomes import (
    Answered,
    KeptOutcome,
    asks_for_return,
    is_proposal,
    kept_outcomes,
)
from geo_target.operations.outcome_rows import clean, outcome_values
from geo_target.operations.tables import VISIT_OUTCOMES, VISIT_PLANS, VISITS
from geo_target.operations.taken_outcomes import Orphaned, OrphanReason, Taken
from geo_target.operations.visibility import Visible
from geo_target.operations.visit_records import content_hash, plain
from geo_target.operations.visit_states import close_visits, settle_states

__all__ = ["Batch", "OrphanReason", "Orphaned", "Taken"]


class Batch:
    """Some outcomes, beside what the database knows of their visits and submissions."""

    def __init__(
        self,
        connection: Connection,
        outcomes: Sequence[Outcome],
        *,
        by: str,
        key: bytes,
        within: Visible,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._by, self._within, self._now = by, within, now
        self._incoming = [clean(each, key) for each in outcomes]
        self._known = self._submissions()
        self._visits = self._visits_of()
        self._answered = self._answered_codes()
        self._villages = self._own_villages()
        self._rows: list[dict[str, Any]] = []
        self._adopted: list[int] = []
        self._accepted: dict[str, Outcome] = {}
        self._moved: set[str] = set()
        self._deeds: Counter[str] = Counter()
        self._orphans: list[Orphaned] = []
        self._warnings: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._incoming)

    def save(self) -> Taken:
        """Add what is new, close and reopen the visits; says what became of the outcomes."""
        for outcome in self._incoming:
            self._deeds[self._one(outcome)] += 1
        if self._rows:
            self._connection.execute(insert(VISIT_OUTCOMES), self._rows)
        self._adopt()
        standing = self._settle()
        conflicts = (code for code in self._accepted if code in standing)
        return Taken(
            self._deeds["new"],
            self._deeds["repeated"],
            self._deeds["version"],
            tuple(code for code in conflicts if standing[code].is_conflict),
            tuple(self._orphans),
            self._warnings,
        )

    def _settle(self) -> dict[str, Answered]:
        """Close and reopen visits; what stands of those that had an answer before."""
        touched = (self._accepted.keys() & self._answered) | self._moved
        first = {
            code for code, outcome in self._accepted.items()
            if code not in touched and not asks_for_return(outcome) and not is_proposal(outcome)
        }  # fmt: skip
        # Nearly all visits have one answer, that need not be read back: 50,000 take seconds less.
        close_visits(self._connection, first & self._visits.keys(), now=self._now)
        return settle_states(self._connection, touched & self._visits.keys(), now=self._now)

    def _adopt(self) -> None:
        if self._adopted:
            resolved = {"is_orphan": False, "resolution": "taken", "resolved_by": self._by,
                        "resolved_at": self._now}  # fmt: skip
            rows = VISIT_OUTCOMES.c.id.in_(self._adopted)
            self._connection.execute(update(VISIT_OUTCOMES).where(rows).values(resolved))

    def only_code(self) -> str:
        """Code of the visit where the batch is of one that there is; else nothing."""
        codes = {each.visit_code for each in self._incoming}
        return min(codes) if len(codes) == 1 and codes <= self._visits.keys() else ""

    def families(self) -> set[str]:
        """Ids of the families whose visits were answered."""
        codes = self._accepted.keys() & self._visits.keys()
        return {str(self._visits[code]["family_id"]) for code in codes}

    def _one(self, outcome: Outcome) -> str:
        """Place one outcome among those that there are."""
        answers = plain(outcome)
        hash_ = content_hash(answers)
        versions = self._known.setdefault(outcome.submission_id, {})
        known = versions.get(hash_)
        if known is not None and not (known.is_orphan and known.resolution is None):
            return "repeated"
        reason = self._reason(outcome, versions)
        kept = self._kept(outcome, hash_, reason)
        if known is None:
            self._rows.append(outcome_values(kept, answers))
        elif reason is None:
            self._adopted.append(known.number)
        if reason is not None:
            self._orphans.append(Orphaned(outcome.submission_id, outcome.visit_code, reason))
            versions.setdefault(hash_, kept)
            return "orphan"
        return self._accept(kept, versions)

    def _accept(self, kept: KeptOutcome, versions: dict[str, KeptOutcome]) -> str:
        outcome, earlier = kept.outcome, _newest(versions)
        if outcome.visit_code in self._accepted:
            self._answered.add(outcome.visit_code)
        self._accepted[outcome.visit_code] = outcome
        if earlier is not None:
            self._moved |= {earlier.outcome.visit_code, outcome.visit_code}
        # Last in the dict is newest: an orphan that is taken now is newer than what was there.
        versions.pop(kept.content_hash, None)
        versions[kept.content_hash] = kept
        self._warnings.update(outcome.warnings)
        return "new" if earlier is None else "version"

    def _kept(self, outcome: Outcome, hash_: str, reason: OrphanReason | None) -> KeptOutcome:
        """As it will be kept; without a number until it has one."""
        return KeptOutcome(
            number=0, outcome=outcome, submission_id=outcome.submission_id, content_hash=hash_,
            received_by=self._by, received_at=self._now, is_orphan=reason is not None,
            orphan_reason=None if reason is None else reason.value,
        )  # fmt: skip

    def _reason(self, outcome: Outcome, versions: Mapping[str, KeptOutcome]) -> OrphanReason | None:
        """Why it is an orphan; None: it is an answer, or a proposal."""
        earlier = _newest(versions)
        if earlier is not None and not self._is_theirs(earlier.outcome):
            return OrphanReason.FOREIGN  # of somebody whose submission it claims to be
        if outcome.visit_code not in self._visits:
            is_placed = not outcome.visit_code and is_proposal(outcome) and _village(outcome)
            if not is_placed:
                return OrphanReason.UNKNOWN
        if not self._is_theirs(outcome):
            return OrphanReason.FOREIGN
        visit = self._visits.get(outcome.visit_code)
        if visit is None:
            return None
        if visit["status"] == "withdrawn":
            return OrphanReason.WITHDRAWN
        return OrphanReason.CLOSED if visit["plan_closed_at"] is not None else None

    def _is_theirs(self, outcome: Outcome) -> bool:
        visit = self._visits.get(outcome.visit_code)
        if visit is not None:
            district = str(visit["village_code"]).rpartition(".")[0]
            return self._within.holds_visit(visit["officer"], district)
        village = _village(outcome)
        return village in self._villages or self._within.holds(village.rpartition(".")[0])

    def _submissions(self) -> dict[str, dict[str, KeptOutcome]]:
        """Versions by submission and content, oldest first."""
        ids = {each.submission_id for each in self._incoming}
        found: dict[str, dict[str, KeptOutcome]] = {}
        for kept in kept_outcomes(self._connection, VISIT_OUTCOMES.c.submission_id.in_(ids)):
            found.setdefault(kept.submission_id, {})[kept.content_hash] = kept
        return found

    def _visits_of(self) -> dict[str, RowMapping]:
        codes = {each.visit_code for each in self._incoming}
        codes |= {k.outcome.visit_code for known in self._known.values() for k in known.values()}
        columns = (VISITS.c.code, VISITS.c.family_id, VISITS.c.village_code, VISITS.c.officer,
                   VISITS.c.status, VISIT_PLANS.c.closed_at.label("plan_closed_at"))  # fmt: skip
        found = select(*columns).join(VISIT_PLANS).where(VISITS.c.code.in_(sorted(codes)))
        return {row["code"]: row for row in self._connection.execute(found).mappings()}

    def _answered_codes(self) -> set[str]:
        """Codes of visits that have an answer already."""
        column = VISIT_OUTCOMES.c.visit_code
        found = select(column).where(column.in_(sorted(self._visits))).distinct()
        return set(self._connection.scalars(found))

    def _own_villages(self) -> set[str]:
        """Villages in which whoever records by assignment has, or had, a visit."""
        known = (kept.outcome for versions in self._known.values() for kept in versions.values())
        if self._within.visits_of is None or not any(map(is_proposal, (*self._incoming, *known))):
            return set()
        theirs = select(VISITS.c.village_code).where(VISITS.c.officer == self._within.visits_of)
        return set(self._connection.scalars(theirs.distinct()))


def _newest(versions: Mapping[str, KeptOutcome]) -> KeptOutcome | None:
    """Newest version that is no orphan."""
    return next((kept for kept in reversed(list(versions.values())) if not kept.is_orphan), None)


def _village(outcome: Outcome) -> str:
    """Village of a family that is not listed."""
    return outcome.corrected.get("village_code") or outcome.given.get("village_code") or ""
