"""The overview: where the families are that nobody reaches, and where to go first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.districts import districts_of
from geo_target.web.figures import Figure, Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import INDICATORS, Legend, legend_of
from geo_target.web.pages import page
from geo_target.web.store import Served, Snapshot
from geo_target.web.wording import program_names, register_name, village_kind

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
    return page("overview", _make)


def _make(served: Served) -> str:
    snapshot = served.snapshot
    legends = [legend_of(indicator, snapshot.villages) for indicator in INDICATORS]
    rows = _rows(snapshot, legends)
    return render_template(
        "overview/index.html",
        snapshot=snapshot,
        summary=snapshot.summary,
        totals=snapshot.summary["totals"],
        degraded=served.degraded,
        legends=legends,
        rows=rows,
        districts=districts_of(snapshot, INDICATORS),
        most=max((row.uncovered.value or 0 for row in rows), default=0),
        register=register_name(snapshot.summary),
        programs=program_names(snapshot.summary),
        kind=village_kind(snapshot.villages),
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
