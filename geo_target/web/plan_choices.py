"""What may be chosen for a plan, with how many families each choice holds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """All that may be ticked; of what has no family there is nothing to tick."""

    clusters: Sequence[Choice]
    districts: Sequence[DistrictChoice]
    states: Mapping[str, int]
    reasons: Mapping[str, int]
    families: int


def choices_of(targets: Sequence[Target], snapshot: Snapshot) -> Choices:
    """Count the families that may be visited by all that they may be chosen by."""
    by_village = Counter(target.village_code for target in targets)
    by_cluster = Counter(target.cluster_id for target in targets if target.cluster_id)
    return Choices(
        clusters=_clusters(by_cluster, snapshot),
        districts=_districts(by_village, snapshot),
        states=Counter(target.coverage_state for target in targets),
        reasons=Counter(target.reason for target in targets if target.reason),
        families=len(targets),
    )


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
        if counts.get(code):
            district = (str(record["district_code"]), str(record["district_name"]))
            named = Choice(code, str(record["village_name"]), counts[code])
            villages.setdefault(district, []).append(named)
    return [
        DistrictChoice(Choice(code, name, sum(one.families for one in within)), within)
        for (code, name), within in villages.items()
    ]
