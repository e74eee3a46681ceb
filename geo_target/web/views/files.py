"""Files that pages ask for: layers and the map's script of a run, styles and scripts."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from flask import Blueprint, Response, abort, current_app

from geo_target.web.access import Access, shows
from geo_target.web.pages import store
from geo_target.web.replies import Reply, pack, send, unpack
from geo_target.web.store import ShownFile, Snapshot

bp = Blueprint("files", __name__)


@bp.get("/layers/<run_id:run_id>/<name>.json")
@shows(Access.AGGREGATES)
def layer(run_id: str, name: str) -> Response:
    """A layer of the map, packed at publication."""
    found = _kept(run_id).layers.get(name)
    return send(layer_reply(found)) if found else abort(404)


@bp.get("/map/<run_id:run_id>/<name>")
@shows(Access.AGGREGATES)
def script(run_id: str, name: str) -> Response:
    """The map's script, written at publication."""
    snapshot = _kept(run_id)
    return send(script_reply(snapshot.map_script)) if name == snapshot.map_name else abort(404)


@bp.get("/assets/<name>")
@shows(Access.PUBLIC)
def asset(name: str) -> Response:
    """A style or a script, the same for every run."""
    assets = cast(Mapping[str, Reply], current_app.extensions["geo_target.assets"])
    found = assets.get(name)
    return send(found) if found else abort(404)


@bp.get("/favicon.ico")
@shows(Access.PUBLIC)
def favicon() -> Response:
    """The mark that browsers ask for by themselves."""
    return asset("mark.svg")


def _kept(run_id: str) -> Snapshot:
    store().current()  # after a start the run of an open page may not be read yet
    return store().kept(run_id) or abort(404)


@lru_cache(maxsize=32)
def layer_reply(file: ShownFile) -> Reply:
    """A layer, unpacked once."""
    return unpack(file.body, file.sha256, "application/geo+json; charset=utf-8")


@lru_cache(maxsize=8)
def script_reply(file: ShownFile) -> Reply:
    """A script, packed once."""
    return pack(file.body, "text/javascript; charset=utf-8")
