"""What may be chosen for a plan, with how many families each choice holds."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geo_target.fieldwork.selection import Wanted, too_early
from geo_target.fieldwork.visits import Target
from geo_target.web.store import Snapshot


@dataclass(frozen=True)
class Choice:
    """Something to tick; `value` is what the address says."""

    value: str
    name: str
    families: int
    kind: str = ""
    """Of a cluster: ``points`` or ``rw``."""


@dataclass(frozen=True)
class DistrictChoice:
    """A district and its villages, each with its families."""

    district: Choice
    villages: Sequence[Choice]


@dataclass(frozen=True)
class Choices:
    """All that may be ticked; of what has no family only what has been ticked already."""

    clusters: Sequence[Choice]
    districts: Sequence[DistrictChoice]
    states: Mapping[str, int]
    reasons: Mapping[str, int]
    families: int
    waiting: Mapping[str, int]
    """Families that were visited of late, by `too_early`; no other figure here counts them."""


def choices_of(
    targets: Sequence[Target],
    snapshot: Snapshot,
    wanted: Wanted,
    *,
    planned: Collection[str],
    starts_on: date,
) -> Choices:
    """Count the families that may be visited by all that they may be chosen by.

    Parameters
    ----------
    wanted
        What has been ticked stays to be seen, and how soon families may be visited again.
    planned
        Ids of families in plans that are open: they are not counted.
    starts_on
        The day that the visits are to begin: who may not be visited then is waiting.
    """
    free = [target for target in targets if target.family_id not in planned]
    why = [too_early(target, wanted, today=starts_on) for target in free]
    due = [target for target, reason in zip(free, why, strict=True) if reason is None]
    clusters, villages, reasons = (
        _counts(due, targets, ticked, name)
        for name, ticked in (
            ("cluster_id", wanted.cluster_ids),
            ("village_code", wanted.village_codes),
            ("reason", wanted.reasons),
        )
    )
    return Choices(
        clusters=_clusters(clusters, snapshot),
        districts=_districts(villages, snapshot),
        states=Counter(target.coverage_state for target in due),
        reasons=reasons,
        families=len(due),
        waiting=Counter(reason for reason in why if reason),
    )


def _counts(
    due: Sequence[Target], known: Sequence[Target], ticked: Collection[str], name: str
) -> Mapping[str, int]:
    """By a field of theirs; what was ticked too, or the next question would ask for all."""
    counted = Counter(of for target in due if (of := getattr(target, name)))
    there = {getattr(target, name) for target in known} if ticked else set()
    return {**{of: 0 for of in ticked if of in there}, **counted}


def _clusters(counts: Mapping[str, int], snapshot: Snapshot) -> list[Choice]:
    """The largest first; one that the meeting is not shown goes by its id."""
    shown = {str(one["cluster_id"]): one for one in snapshot.clusters}
    found = [
        Choice(
            cluster_id,
            str(shown[cluster_id]["name"]) if cluster_id in shown else cluster_id,
            count,
            str(shown[cluster_id]["kind"]) if cluster_id in shown else "",
        )
        for cluster_id, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.families, one.name))


def _districts(counts: Mapping[str, int], snapshot: Snapshot) -> list[DistrictChoice]:
    villages: dict[tuple[str, str], list[Choice]] = {}
    for code, record in sorted(snapshot.villages.items()):
        if code in counts:
            district = (str(record["district_code"]), str(record["district_name"]))
            named = Choice(code, str(record["village_name"]), counts[code])
            villages.setdefault(district, []).append(named)
    return [
        DistrictChoice(Choice(code, name, sum(one.families for one in within)), within)
        for (code, name), within in villages.items()
    ]
