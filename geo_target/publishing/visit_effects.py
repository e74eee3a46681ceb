"""How much of a run rests on visits, for its report and its manifest: exact counts."""

from typing import Any

from geo_target.publishing.results import Results
from geo_target.registry.corrections import count_corrections
from geo_target.targeting.answers import count_told
from geo_target.targeting.endings import count_endings


def count_disagreements(results: Results) -> int | None:
    """Families that a list covers and that say that they receive nothing; None without visits."""
    if not _has_visits(results):
        return None
    return count_told(results.coverage.by_visit)["disagrees"]


def _has_visits(results: Results) -> bool:
    return any(listed.profile.role == "visits" for listed in results.lists)


def count_effects(results: Results) -> dict[str, Any] | None:
    """Families by what visits changed of them; None where no list has visits.

    Returns
    -------
    dict
        ``visited`` families; ``ended`` by why; ``answers`` (``covered``, ``uncovered``: states
        that rest on one; ``visit_disagreements``: a list covers the family and it says that it
        receives none); ``located`` by a visit's point; ``corrections``: rows of the base by
        corrected column.
    """
    if not _has_visits(results):
        return None
    told = dict(count_told(results.coverage.by_visit))
    families = results.families
    sql = f"select count(*) from {families.name} where location_level = 'visit'"
    return {
        "visited": len(results.visits.latest),
        "ended": dict(count_endings(families)),
        "visit_disagreements": told.pop("disagrees"),
        "answers": told,
        "located": int(families.bench.execute(sql)[0][0]),
        "corrections": dict(count_corrections(results.registry.corrected)),
    }
