"""What everybody may see: bands by village, of the run that a second person has published."""

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, abort, render_template

from geo_target.web.access import Access, shows
from geo_target.web.districts import districts_of
from geo_target.web.indicators import INDICATORS
from geo_target.web.pages import public_page, public_store
from geo_target.web.replies import send
from geo_target.web.store import NoSnapshotError, NotPublishedError, Served, Snapshot
from geo_target.web.views.files import layer_reply, script_reply
from geo_target.web.wording import program_names, register_name, village_kind

bp = Blueprint("public", __name__, url_prefix="/publik")


@bp.get("")
@shows(Access.PUBLISHED)
def show() -> Response:
    """Map and table of bands."""
    _shown()  # before the page that was made of a run that has been withdrawn
    return public_page("public", make)


@bp.get("/layers/<run_id:run_id>/<name>.json")
@shows(Access.PUBLISHED)
def layer(run_id: str, name: str) -> Response:
    """A layer of the public's map."""
    found = _published(run_id).layers.get(name)
    return send(layer_reply(found)) if found else abort(404)


@bp.get("/map/<run_id:run_id>/<name>")
@shows(Access.PUBLISHED)
def script(run_id: str, name: str) -> Response:
    """The script of the public's map."""
    snapshot = _published(run_id)
    return send(script_reply(snapshot.map_script)) if name == snapshot.map_name else abort(404)


def _published(run_id: str) -> Snapshot:
    """The published run, and no other: one that was withdrawn is gone."""
    snapshot = _shown()
    return snapshot if snapshot.run_id == run_id else abort(404)


def _shown() -> Snapshot:
    try:
        return public_store().current().snapshot
    except NoSnapshotError:
        raise NotPublishedError from None


def make(served: Served) -> str:
    """The page of a published snapshot."""
    snapshot = served.snapshot
    count = Counter(village["class"] for village in snapshot.villages.values())
    return render_template(
        "public/index.html",
        snapshot=snapshot,
        summary=snapshot.summary,
        totals=snapshot.summary["totals"],
        villages=list(snapshot.villages.values()),
        districts=districts_of(snapshot, INDICATORS[:1]),
        classes=_classes(snapshot, count),
        others=count,
        register=register_name(snapshot.summary),
        programs=program_names(snapshot.summary),
        kind=village_kind(snapshot.villages),
    )


def _classes(snapshot: Snapshot, count: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Band, class and number of villages, the most families first."""
    bands = snapshot.summary["bands"]
    numbered = [(band, f"c{number}") for number, band in enumerate(bands, start=1)]
    return [(band, token, count[token]) for band, token in reversed(numbered)]
