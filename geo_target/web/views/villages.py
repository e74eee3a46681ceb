"""One village: its figures with their definitions, its RW, its clusters."""

from typing import Any

from flask import Blueprint, Response, render_template

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.facility_glyphs import kinds_on_map
from geo_target.web.facility_table import row_of
from geo_target.web.figures import Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import told_villages
from geo_target.web.language import language
from geo_target.web.locator import drawing_of
from geo_target.web.pages import page, store
from geo_target.web.places import VILLAGE, in_kk, matched_of, parts_of, trail
from geo_target.web.priority_paragraph import decreed, explained
from geo_target.web.priority_weights import indicators_of
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
from geo_target.web.village_programs import evidence_of, program_rows
from geo_target.web.visitors import user
from geo_target.web.wording import program_names, register_name, register_of_target, village_kind

bp = Blueprint("villages", __name__)

#: So many types of facilities the link to the map switches on.
_ON_MAP = 3

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
    nameless = visible(user(), Verb.READ_PSEUDONYMS).holds(district)
    return page(
        "village",
        lambda served: _make(
            served, village_code, may_name=names, may_count=exact, may_analyze=nameless
        ),
        village_code,
        "names" if names else "",
        "exact" if exact else "",
        "pseudonyms" if nameless else "",
    )


def _make(
    served: Served, village_code: str, *, may_name: bool, may_count: bool, may_analyze: bool
) -> str:
    snapshot = served.snapshot
    before, after = _beside(snapshot, village_code)
    return render_template(
        "village/show.html",
        **words_of_village(served),
        **told_of_village(snapshot, village_code),
        trail=trail(snapshot, snapshot.villages[village_code], VILLAGE),
        before=before,
        after=after,
        drawing=drawing_of(snapshot),
        may_name=may_name,
        may_count=may_count,
        may_analyze=may_analyze,
    )


def words_of_village(served: Served) -> dict[str, Any]:
    """What pages of villages need besides figures."""
    return {
        "snapshot": served.snapshot,
        "summary": served.snapshot.summary,
        "degraded": served.degraded,
        "register": register_name(served.snapshot.summary),
        "programs": program_names(served.snapshot.summary),
        "in_kk": in_kk,
        "reason_words": reason_words(),
        **words_of_access(),
    }


def told_of_village(snapshot: Snapshot, code: str) -> dict[str, Any]:
    """All that audience `meeting` gets of a village, for its page and its card."""
    record = told_villages(snapshot)[code]
    district = str(record["district_code"])
    return {
        "village": record,
        "counts": {column: count_of(record, column) for column in _COUNTS},
        "exclusion": exclusion_of(record),
        "smoothed": exclusion_of(record, "smoothed_exclusion_error"),
        "matched": matched_of(record),
        "located": located_of(record),
        "rw": [
            (row, count_of(row, "extreme_poor_families"), count_of(row, "uncovered_families"))
            for row in snapshot.rw.get(code, ())
        ],
        "scattered": (snapshot.scattered or {}).get(code),
        "clusters": [c for c in snapshot.clusters if code in c["village_codes"]],
        "priority": _priority(snapshot, record),
        "access": _access(snapshot, record),
        "by_program": program_rows(snapshot.coverage, record),
        "reasons": parts_of(snapshot.coverage, "reasons", "rows", [district]),
        "evidence": evidence_of(snapshot.coverage, record),
        "kind": village_kind([code]),
    }


def _beside(snapshot: Snapshot, code: str) -> tuple[Record | None, Record | None]:
    """The villages before and after one in the order of visiting; of those without a place none."""
    placed = [
        one
        for one in snapshot.villages.values()
        if one.get("final_rank", one["priority_rank"]) is not None
    ]
    here = next((at for at, one in enumerate(placed) if one["village_code"] == code), None)
    if here is None:
        return None, None
    return placed[here - 1] if here else None, placed[here + 1] if here + 1 < len(placed) else None


def _access(snapshot: Snapshot, record: Record) -> Record | None:
    """Its way to facilities of each type; runs of older versions lack it."""
    told = snapshot.access
    if told is None:
        return None
    ways = told.get("villages", {}).get(record["village_code"], {})
    return {
        "limit": told.get("travel", {}).get("limit_minutes", 0),
        "rows": [(one, row_of(record, ways.get(one["type"], {}))) for one in types_of(told)],
        "code": record["village_code"],
        "on_map": ",".join(one.key for one in kinds_on_map(snapshot)[:_ON_MAP]),
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
