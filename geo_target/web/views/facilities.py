"""How far it is to schools, health centers and offices, and for which villages too far."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.access import Access, shows
from geo_target.web.facility_glyphs import kinds_on_map, places_of
from geo_target.web.facility_table import (
    BEYOND,
    MAYBE,
    by_district,
    minutes_of,
    outward,
    rows_of,
    scale_of,
    uncovered_in,
)
from geo_target.web.figures import Record, count_of
from geo_target.web.pages import page, store
from geo_target.web.priority_words import decimal
from geo_target.web.store import Served
from geo_target.web.wording import called, program_names, register_of_target, village_kind

bp = Blueprint("facilities", __name__)

#: How many villages a page begins with.
FIRST = 40
#: The type that is asked about where the address names none, if the lists have it.
_USUAL = "puskesmas"


@bp.get("/akses")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Villages by their way to the nearest of a type (``?jenis=``); ``semua`` shows every one."""
    told = store().current().snapshot.access
    kind, shows_all = request.args.get("jenis"), "semua" in request.args
    if kind is not None and kind not in [one["type"] for one in types_of(told)]:
        abort(404)
    asked = {**({"jenis": kind} if kind else {}), **({"semua": "ya"} if shows_all else {})}
    return page("access", lambda served: _make(served, kind, shows_all=shows_all), asked=asked)


def types_of(told: Record | None) -> list[Record]:
    """Types that were measured, with how many facilities; none where nothing was."""
    return list(told.get("types", ())) if told else []


def words_of_access() -> dict[str, Any]:
    """What every page that tells of ways needs."""
    return {
        "called": called,
        "decimal": decimal,
        "outward": outward,
        "minutes_of": minutes_of,
        "state_words": {
            BEYOND: _("seluruhnya di luar batas"),
            MAYBE: _("mungkin sebagian di luar batas"),
            "within": _("seluruhnya dalam batas"),
            "": _("tidak diketahui"),
        },
    }


def _make(served: Served, asked: str | None, *, shows_all: bool) -> str:
    snapshot = served.snapshot
    told = snapshot.access
    kinds = types_of(told)
    words = {
        **words_of_access(),
        "snapshot": snapshot,
        "summary": snapshot.summary,
        "degraded": served.degraded,
        "programs": program_names(snapshot.summary),
        "kind": village_kind(snapshot.villages),
        "told": told,
    }
    if told is None or not kinds:
        return render_template("access/none.html", **words)
    chosen = asked or (_USUAL if _USUAL in [one["type"] for one in kinds] else kinds[0]["type"])
    rows = rows_of(snapshot.villages.values(), told, chosen)
    far = [row for row in rows if row.state in (BEYOND, MAYBE)]
    listed = rows if shows_all else far[:FIRST]
    on_map = next((one for one in kinds_on_map(snapshot) if one.told["type"] == chosen), None)
    places = places_of(on_map, snapshot) if on_map else []
    return render_template(
        "access/show.html",
        **words,
        register=register_of_target(snapshot.summary),
        kinds=kinds,
        chosen=next(one for one in kinds if one["type"] == chosen),
        rows=listed,
        all_rows=rows,
        on_map=on_map,
        places=places if shows_all else places[:FIRST],
        all_places=len(places),
        far=far,
        beyond=[row for row in far if row.state == BEYOND],
        uncovered=uncovered_in(row for row in far if row.state == BEYOND),
        districts=by_district(rows, told["districts"].get(chosen, {})),
        scale=scale_of(listed, told["travel"]["limit_minutes"]),
        shows_all=shows_all,
        count_of=count_of,
    )
