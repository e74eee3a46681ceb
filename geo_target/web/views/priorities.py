"""Where to go first, how sure that is, and what it would be under other weights."""

from collections.abc import Mapping, Sequence
from itertools import count

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.access import Access, shows
from geo_target.web.figures import Figure, count_of, exclusion_of
from geo_target.web.language import whole
from geo_target.web.pages import page, store
from geo_target.web.priority_table import (
    BUDGETS,
    Curve,
    Ordered,
    Row,
    are_alike,
    in_days,
    indicators_of,
    leaders,
    of_clusters,
    order,
    stacked,
    with_weights,
)
from geo_target.web.priority_words import (
    between,
    called,
    chance,
    class_words,
    decimal,
    denominator_word,
    hot_spot_words,
    quadrant_words,
    sure,
)
from geo_target.web.store import Served, Snapshot
from geo_target.web.wording import program_names, village_kind

bp = Blueprint("priorities", __name__)

#: How many villages a page begins with, in its table and in each field.
FIRST = 40
#: Words of the address that are no weights.
_ALL, _LANGUAGE = "semua", "lang"


@bp.get("/prioritas")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Ranks; ``KEY=50`` weighs an indicator in percent, ``semua`` shows every village."""
    shows_all = _ALL in request.args
    asked = {word: text for word, text in request.args.items() if word not in (_ALL, _LANGUAGE)}
    if not asked:
        return page("priority", lambda served: _make(served, {}, shows_all=shows_all),
                    asked={_ALL: "ya"} if shows_all else {})  # fmt: skip
    # Not kept: there is no end of weights.
    return make_response(_make(store().current(), asked, shows_all=shows_all))


def _make(served: Served, asked: Mapping[str, str], *, shows_all: bool) -> str:
    snapshot = served.snapshot
    told = snapshot.summary.get("priority")
    words = {
        "snapshot": snapshot,
        "summary": snapshot.summary,
        "degraded": served.degraded,
        "programs": program_names(snapshot.summary),
        "kind": village_kind(snapshot.villages),
        "told": told,
        "official": snapshot.official,
    }
    if told is None:
        return render_template("priority/none.html", **words) if not asked else abort(404)
    ours = indicators_of(told)
    indicators = with_weights(ours, asked)
    is_changed = not are_alike(ours, indicators)
    indicators = indicators if is_changed else ours
    found = order(
        snapshot.villages.values(), indicators, whole=told.get("whole"),
        by_breaks=told.get("classes") == "breaks", official=snapshot.official,
    )  # fmt: skip
    return render_template(
        "priority/show.html",
        **words,
        indicators=list(
            zip(count(), indicators, found.weights, leaders(found.rows, indicators), strict=False)
        ),
        empty={one.key for one in ours if _is_empty(snapshot, one.column)},
        is_changed=is_changed,
        asked=asked,
        found=found,
        rows=found.rows if shows_all else found.rows[:FIRST],
        shows_all=shows_all,
        first=FIRST,
        budgets=BUDGETS,
        figures_of=figures_of,
        stacked=stacked,
        line_of=line_of,
        decimal=decimal,
        chance=chance,
        called=called,
        sure=sure,
        between=between,
        denominator=denominator_word(told["denominator"]),
        others=_other_units(snapshot, found),
        locked=[row for row in found.rows if row.is_locked],
        class_words=class_words(told, village_kind(snapshot.villages)),
        quadrant_words=quadrant_words(),
        hot_spot_words=hot_spot_words(),
    )


def _other_units(
    snapshot: Snapshot, found: Ordered
) -> list[tuple[str, str, Mapping[str, Curve], int]]:
    """What else an order may be measured in: its word, where it is counted, curves, how many."""
    units = []
    if per_day := snapshot.summary["priority"].get("families_per_day"):
        title = _("Hari tim, %(families)s keluarga sehari", families=whole(per_day))
        units.append((title, _("hari"), *in_days(found, per_day, snapshot.official)))
    clusters = of_clusters(snapshot.clusters, found, snapshot.official)
    units.append((_("Klaster yang angkanya ditampilkan"), _("klaster"), *clusters))
    return [unit for unit in units if unit[2]]


def figures_of(row: Row) -> dict[str, Figure]:
    """Figures of a village's row, by column."""
    record = row.record
    return {
        "uncovered": count_of(record, "uncovered_families"),
        "unmatched": count_of(record, "unmatched_families"),
        "raw": exclusion_of(record),
        "smoothed": exclusion_of(record, "smoothed_exclusion_error"),
        "per_1000": count_of(record, "uncovered_per_1000_families"),
        "per_km2": count_of(record, "uncovered_per_km2"),
        "hot_spot": count_of(record, "hot_spot"),
        "first_share": count_of(record, "first_share"),
    }


def line_of(points: Sequence[tuple[float, float]], width: int, height: int) -> str:
    """Points of an SVG line, in a field of that size, with nothing at its lower left."""
    return " ".join(f"{x * width:.1f},{(1 - y) * height:.1f}" for x, y in points)


def _is_empty(snapshot: Snapshot, column: str) -> bool:
    return all(village.get(column) is None for village in snapshot.villages.values())
