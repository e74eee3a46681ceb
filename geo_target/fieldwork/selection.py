"""Who is visited: what the coordinator asks for, and who was left out and why."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from geo_target.fieldwork.outcome_codes import asking_for_a_return
from geo_target.fieldwork.visits import Target

#: 'cluster': whole clusters, the largest first; 'evidence': the oldest first; 'value': by what a
#: visit is expected to confirm an hour; 'list': by place, as lists are.
Order = Literal["cluster", "evidence", "value", "list"]

#: States that a visit can settle.
OPEN_STATES = ("uncovered", "unmatched")


@dataclass(frozen=True)
class Wanted:
    """What is asked for; an empty list asks for nothing in particular.

    Whoever is in one of `cluster_ids`, `village_codes` or `district_codes` is asked for, and
    everybody where none of the three is given. All else narrows that down.
    """

    cluster_ids: Collection[str] = ()
    """Of both kinds: clusters of points, and RW."""
    village_codes: Collection[str] = ()
    district_codes: Collection[str] = ()
    reasons: Collection[str] = ()
    states: Collection[str] = OPEN_STATES
    evidence_before: date | None = None
    """Only whom nothing newer is known of; a family without any evidence is among them."""
    not_visited_since: int = 90
    """Days within which nobody is visited twice."""
    returns_after: int = 7
    """Days after which a visit that met nobody is made again."""
    order: Order = "cluster"
    limit: int | None = None


@dataclass(frozen=True)
class Selection:
    """Targets in the order asked for, and how many were left out by reason.

    Reasons: ``state``, ``reason``, ``evidence``, ``visited`` (within `not_visited_since`),
    ``return`` (met nobody, and it is too early to come back), ``limit``. Who lives elsewhere, or
    belongs to another cluster, was not asked for and is not counted.
    """

    targets: Sequence[Target]
    skipped: Counter[str] = field(default_factory=Counter)


def select(
    targets: Sequence[Target],
    wanted: Wanted,
    *,
    today: date,
    values: Mapping[str, float] | None = None,
) -> Selection:
    """Targets that are asked for, in their order; each family once.

    Parameters
    ----------
    today
        The day that the visits are to begin.
    values
        Expected confirmations an hour by family id, for the order 'value'; without it that
        order is the one of clusters.
    """
    asked = {t.family_id: t for t in targets if _is_asked_for(t, wanted)}
    skipped: Counter[str] = Counter()
    taken = []
    for target in asked.values():
        why = _why_not(target, wanted, today)
        if why is None:
            taken.append(target)
        else:
            skipped[why] += 1
    ordered = _in_order(taken, wanted.order, values)
    if wanted.limit is not None and len(ordered) > wanted.limit:
        skipped["limit"] = len(ordered) - wanted.limit
    return Selection(ordered[: wanted.limit], skipped)


def _is_asked_for(target: Target, wanted: Wanted) -> bool:
    places = (
        (wanted.cluster_ids, target.cluster_id),
        (wanted.village_codes, target.village_code),
        (wanted.district_codes, target.district_code),
    )
    asked = [(among, of) for among, of in places if among]
    return not asked or any(of in among for among, of in asked)


def _why_not(target: Target, wanted: Wanted, today: date) -> str | None:
    if target.coverage_state not in wanted.states:
        return "state"
    if wanted.reasons and target.reason not in wanted.reasons:
        return "reason"
    before, known = wanted.evidence_before, target.evidence_on
    if before is not None and known is not None and known >= before:
        return "evidence"
    return too_early(target, wanted, today=today)


def too_early(target: Target, wanted: Wanted, *, today: date) -> str | None:
    """Why a family is not visited again yet: ``visited``, ``return``, or None when it may be."""
    if target.last_visited_on is None:
        return None
    days = (today - target.last_visited_on).days
    if target.last_result in asking_for_a_return():
        return "return" if days < wanted.returns_after else None
    return "visited" if days < wanted.not_visited_since else None


def _in_order(
    targets: Sequence[Target], order: Order, values: Mapping[str, float] | None
) -> list[Target]:
    if order == "evidence":
        return sorted(targets, key=lambda t: (t.evidence_on or date.min, by_place(t)))
    if order == "value" and values:
        return sorted(targets, key=lambda t: (-values.get(t.family_id, 0.0), by_place(t)))
    if order == "list":
        return sorted(targets, key=by_place)
    return _by_cluster(targets)


def _by_cluster(targets: Sequence[Target]) -> list[Target]:
    """Families of the largest cluster first, those of none last."""
    sizes = Counter(t.cluster_id for t in targets if t.cluster_id)
    return sorted(
        targets, key=lambda t: (-sizes[t.cluster_id or ""], t.cluster_id or "~", by_place(t))
    )


def by_place(target: Target) -> tuple[str, ...]:
    """Village, RW, RT, lingkungan, family: families without an RW or RT come last."""
    return (target.village_code, *(part or "~" for part in (target.rw, target.rt)),
            target.neighborhood or "~", target.family_id)  # fmt: skip
