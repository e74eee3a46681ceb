"""The overview: where the families are that nobody reaches, and where to go first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, url_for

from geo_target.web.access import Access, shows
from geo_target.web.base_map import BaseMap
from geo_target.web.districts import districts_of
from geo_target.web.facility_glyphs import kinds_on_map
from geo_target.web.figures import Figure, Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import (
    INDICATORS,
    Legend,
    Measure,
    choices_of,
    indicators_of,
    legend_of,
    told_villages,
)
from geo_target.web.pages import base_map, page
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.files import figures_reply, version_of
from geo_target.web.wording import called, run_words

bp = Blueprint("overview", __name__)


@dataclass(frozen=True)
class VillageRow:
    """A row of the ranked table; `tokens` are its classes on the map, by indicator."""

    record: Record
    uncovered: Figure
    exclusion: Figure
    located: Figure
    tokens: dict[str, str]
    clusters: int


@bp.get("/")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Map and ranked table of the current snapshot."""
    return page("overview", lambda served: make(served, base=base_map()))


def make(served: Served, *, base: BaseMap | None = None) -> str:
    """The page of a snapshot; the base map stays with the service, a carried file has none."""
    snapshot = served.snapshot
    first = INDICATORS[:1]  # the others come after the first paint
    legends = [legend_of(indicator, snapshot.villages) for indicator in first]
    rows = _rows(snapshot, legends)
    return render_template(
        "overview/index.html",
        **run_words(served),
        totals=snapshot.summary["totals"],
        legends=legends,
        rows=rows,
        districts=districts_of(snapshot, first),
        choices=choices_of(indicators_of(snapshot)),
        measures=list(Measure),
        figures_at=url_for(
            "files.figures", run_id=snapshot.run_id, v=version_of(figures_reply(snapshot))
        ),
        stale_villages=sum(bool(one.get("is_stale")) for one in told_villages(snapshot).values()),
        most=max((row.uncovered.value or 0 for row in rows), default=0),
        facilities=kinds_on_map(snapshot),
        called=called,
        base=base,
    )


def _rows(snapshot: Snapshot, legends: Sequence[Legend]) -> list[VillageRow]:
    clusters: dict[str, int] = defaultdict(int)
    for cluster in snapshot.clusters:
        for code in cluster["village_codes"]:
            clusters[code] += 1
    return [
        VillageRow(
            record=record,
            uncovered=count_of(record, "uncovered_families"),
            exclusion=exclusion_of(record),
            located=located_of(record),
            tokens={legend.indicator.key: legend.tokens[code] for legend in legends},
            clusters=clusters[code],
        )
        for code, record in snapshot.villages.items()
    ]
