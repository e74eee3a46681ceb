"""One village: its figures with their definitions, its RW, its clusters."""

from flask import Blueprint, Response, render_template

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.facility_table import row_of
from geo_target.web.figures import Record, count_of, exclusion_of, located_of
from geo_target.web.language import language
from geo_target.web.locator import drawing_of
from geo_target.web.pages import page, store
from geo_target.web.priority_paragraph import decreed, explained
from geo_target.web.priority_table import indicators_of
from geo_target.web.priority_words import (
    between,
    called,
    chance,
    class_words,
    decimal,
    denominator_word,
    hot_spot_words,
    neighbor_words,
    quadrant_words,
    sure,
)
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.facilities import types_of, words_of_access
from geo_target.web.visitors import user
from geo_target.web.wording import program_names, register_name, register_of_target, village_kind

bp = Blueprint("villages", __name__)

_COUNTS = (
    "families", "extreme_poor_families", "covered_families", "uncovered_families",
    "unmatched_families", "located_families", "located_uncovered_families",
)  # fmt: skip
#: What has a line of its own among the numbers that a village's place rests on.
_PRIORITY = (
    "priority_score", "first_share", "hot_spot", "local_moran", "uncovered_per_1000_families",
    "uncovered_per_km2",
)  # fmt: skip


@bp.get("/kelurahan/<village_code:village_code>")
@shows(Access.AGGREGATES)
def show(village_code: str) -> Response:
    """All that audience `meeting` gets of a village."""
    village = store().current().snapshot.villages.get(village_code)
    if village is None:
        raise NotFoundError(
            Fault("E-VILLAGE", id="tidak ada kelurahan ini", en="there is no such village")
        )
    district = str(village["district_code"])
    names = visible(user()).holds(district)
    exact = visible(user(), Verb.EXACT_COUNTS).holds(district)
    return page(
        "village",
        lambda served: _make(served, village_code, may_name=names, may_count=exact),
        village_code,
        "names" if names else "",
        "exact" if exact else "",
    )


def _make(served: Served, village_code: str, *, may_name: bool, may_count: bool) -> str:
    snapshot = served.snapshot
    record = snapshot.villages[village_code]
    rw = snapshot.rw.get(village_code, ())
    return render_template(
        "village/show.html",
        snapshot=snapshot,
        summary=snapshot.summary,
        degraded=served.degraded,
        village=record,
        counts={column: count_of(record, column) for column in _COUNTS},
        exclusion=exclusion_of(record),
        smoothed=exclusion_of(record, "smoothed_exclusion_error"),
        matched=count_of(record, "matched_share"),
        located=located_of(record),
        rw=[
            (row, count_of(row, "extreme_poor_families"), count_of(row, "uncovered_families"))
            for row in rw
        ],
        scattered=(snapshot.scattered or {}).get(village_code),
        clusters=[c for c in snapshot.clusters if village_code in c["village_codes"]],
        priority=_priority(snapshot, record),
        **words_of_access(),
        access=_access(snapshot, record),
        drawing=drawing_of(snapshot),
        register=register_name(snapshot.summary),
        programs=program_names(snapshot.summary),
        kind=village_kind([village_code]),
        may_name=may_name,
        may_count=may_count,
    )


def _access(snapshot: Snapshot, record: Record) -> Record | None:
    """Its way to facilities of each type; runs of older versions lack it."""
    told = snapshot.access
    if told is None:
        return None
    ways = told.get("villages", {}).get(record["village_code"], {})
    return {
        "limit": told.get("travel", {}).get("limit_minutes", 0),
        "rows": [(one, row_of(record, ways.get(one["type"], {}))) for one in types_of(told)],
    }


def _priority(snapshot: Snapshot, record: Record) -> Record | None:
    """Where the village is in the order, why, and how sure; runs of older versions lack it."""
    told = snapshot.summary.get("priority")
    if told is None:
        return None
    villages = snapshot.villages.values()
    ranked = sum(each["priority_rank"] is not None for each in villages)
    placed = sum(each.get("final_rank", each["priority_rank"]) is not None for each in villages)
    official = decreed(snapshot, record)
    parts = record["contributions"]
    return {
        "told": told,
        "ranked": ranked,
        "placed": placed,
        "official": official,
        "paragraph": explained(
            {**record, **official}, told, ranked, "en" if language() == "en" else "id",
            register=register_of_target(snapshot.summary),
        ),
        "figures": {column: count_of(record, column) for column in _PRIORITY},
        "parts": [
            (one.key, called(one.title), one.weight, part)
            for one, part in zip(indicators_of(told), parts, strict=True)
        ] if parts else [],
        "rate": decimal,
        "chance": chance,
        "sure": sure,
        "between": between,
        "denominator": denominator_word(told["denominator"]),
        "class_words": class_words(told, village_kind([record["village_code"]])),
        "quadrant_words": quadrant_words(),
        "hot_spot_words": hot_spot_words(),
        "neighbor_words": neighbor_words(),
    }  # fmt: skip
