"""Where to go first, how sure that is, and what it would be under other weights."""

from collections.abc import Mapping, Sequence
from itertools import count

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.access import Access, shows
from geo_target.web.figures import Figure, Record, count_of, exclusion_of
from geo_target.web.language import percent, whole
from geo_target.web.line_charts import LineChart, Point, Series, lines
from geo_target.web.pages import page, store
from geo_target.web.priority_table import (
    BUDGETS,
    Curve,
    Ordered,
    Row,
    in_days,
    leaders,
    of_clusters,
    order,
    stacked,
)
from geo_target.web.priority_weights import are_alike, indicators_of, with_weights
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
from geo_target.web.wording import run_words, village_kind

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
        return page("priority", lambda served: make(served, {}, shows_all=shows_all),
                    asked={_ALL: "ya"} if shows_all else {})  # fmt: skip
    # Not kept: there is no end of weights.
    return make_response(make(store().current(), asked, shows_all=shows_all))


def make(served: Served, asked: Mapping[str, str], *, shows_all: bool) -> str:
    """The page of a snapshot, under the weights that are asked for."""
    snapshot = served.snapshot
    told = snapshot.summary.get("priority")
    words = {
        **run_words(served),
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
    orders = _orders(snapshot.official)
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
        orders=orders,
        capture=_capture(found.curves, orders) if found.curves else None,
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


def _orders(official: Record | None) -> list[tuple[str, str]]:
    """Orders that the curve compares, and what they are called."""
    decree = [
        ("official", _("Daftar resmi, SK %(number)s", number=official["sk_number"]))
    ] if official else []  # fmt: skip
    return [
        ("ahead", _("Urutan ini")),
        *decree,
        ("perfect", _("Urutan terbaik yang mungkin")),
        ("random", _("Urutan acak")),
    ]


def _capture(curves: Mapping[str, Curve], orders: Sequence[tuple[str, str]]) -> LineChart:
    """Shares of families over shares of villages; dots where the table has its rows."""
    series = []
    for name, words in orders:
        reached = zip(BUDGETS, curves[name].reached, strict=True)
        dots = [Point(x, y, percent(y), f"{words}, {percent(x)}") for x, y in reached]
        line = [Point(x, y, "", "") for x, y in curves[name].points]
        series += [Series(words, name, line), Series("", name, dots, has_line=False)]
    places = [(step / 4, percent(step / 4)) for step in range(5)]
    return lines(series, percent, at=places, least=0.25, most=1, guides=[BUDGETS[1]])


def _is_empty(snapshot: Snapshot, column: str) -> bool:
    return all(village.get(column) is None for village in snapshot.villages.values())
