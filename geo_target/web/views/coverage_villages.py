"""Coverage by village: exact counts, for those who may see them."""

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.publishing.coverage_tables import (
    STATES,
    TABLES,
    coverage_of_village,
    offices_of_villages,
    uncovered_of_villages,
)
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import words_of_coverage
from geo_target.web.figures import Figure, Record, State, share_of
from geo_target.web.names import is_whole
from geo_target.web.pages import store
from geo_target.web.store import NoSnapshotError, Served, Snapshot
from geo_target.web.views.registers import words_of

bp = Blueprint("coverage_villages", __name__)


@bp.get("/cakupan/kelurahan")
@shows(Access.EXACT)
def index() -> str:
    """The villages that the visitor may see: their uncovered families, by office."""
    served = store().current()
    area = visible(visitors.user(), Verb.EXACT_COUNTS)
    own = {
        code: village
        for code, village in served.snapshot.villages.items()
        if area.holds(str(village["district_code"]))
    }
    exact = _exact_of(served.snapshot)
    districts: dict[str, list[Record]] = {}
    for _code, village in sorted(own.items()):
        districts.setdefault(str(village["district_name"]), []).append(village)
    by_office = offices_of_villages(exact, own) if exact else {}
    return render_template(
        "coverage_village/index.html",
        **_words(served),
        is_told=exact is not None,
        districts=districts,
        counts=uncovered_of_villages(exact, own, _own_definition(served.snapshot)) if exact else {},
        by_office=by_office,
        offices=sorted({office for counts in by_office.values() for office in counts}),
    )


@bp.get("/kelurahan/<village_code:village_code>/cakupan")
@shows(Access.EXACT)
def show(village_code: str) -> str:
    """Exact counts of a village: definitions, programs, reasons, groups, evidence."""
    served = store().current()
    village = served.snapshot.villages.get(village_code)
    area = visible(visitors.user(), Verb.EXACT_COUNTS)
    if village is None or not area.holds(str(village["district_code"])):
        visitors.deny(village_code, object_type="village", verb=Verb.EXACT_COUNTS)
        raise NotFoundError(
            Fault("E-VILLAGE", id="tidak ada halaman ini", en="there is no such page")
        )
    exact = _exact_of(served.snapshot)
    return render_template(
        "coverage_village/show.html",
        **_words(served),
        village=village,
        found=coverage_of_village(exact, village_code) if exact else None,
        states=STATES,
        own=_own_definition(served.snapshot),
        share=_share,
        may_name=visible(visitors.user()).holds(str(village["district_code"])),
    )


def _words(served: Served) -> dict[str, Any]:
    told = served.snapshot.coverage
    return {
        **words_of(served),
        **words_of_coverage(),
        "titles": {one["name"]: one for one in told["definitions"]} if told else {},
        "short_names": {one["code"]: one["short_name"] for one in told["programs"]} if told else {},
    }


def _own_definition(snapshot: Snapshot) -> str:
    definitions = snapshot.coverage["definitions"] if snapshot.coverage else ()
    return next((str(one["name"]) for one in definitions if one["is_own"]), "")


def _share(part: int, base: int) -> Figure:
    """A share of exact counts; none of nobody."""
    return share_of(Figure(State.VALUE, part), Figure(State.VALUE, base))


def _exact_of(snapshot: Snapshot) -> Path | None:
    """The folder exact/ of a run whose tables are those that it wrote; None of an older version.

    Raises
    ------
    NoSnapshotError
        If they have been purged or changed.
    """
    files = snapshot.manifest["files"]
    names = [f"exact/{name}.parquet" for name in TABLES]
    if snapshot.coverage is None or not any(name in files for name in names):
        return None
    try:
        whole = all(is_whole(snapshot.folder / name, files[name]["sha256"]) for name in names)
    except (OSError, KeyError):
        whole = False
    if not whole:
        raise NoSnapshotError(broken=True)
    return snapshot.folder / "exact"
