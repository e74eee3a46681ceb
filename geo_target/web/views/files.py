"""Files that pages ask for: layers and the map's script of a run, styles and scripts."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from flask import Blueprint, Response, abort, current_app, request

from geo_target.web.access import Access, shows
from geo_target.web.base_map import kind_of, tag_of
from geo_target.web.map_figures import map_figures
from geo_target.web.pages import base_map, store
from geo_target.web.replies import Reply, pack, send, unpack
from geo_target.web.store import ShownFile, Snapshot

bp = Blueprint("files", __name__)

_A_DAY_S = 24 * 3600


@bp.get("/layers/<run_id:run_id>/<name>.json")
@shows(Access.AGGREGATES)
def layer(run_id: str, name: str) -> Response:
    """A layer of the map, packed at publication."""
    found = _kept(run_id).layers.get(name)
    return send(layer_reply(found)) if found else abort(404)


@bp.get("/angka/<run_id:run_id>.json")
@shows(Access.AGGREGATES)
def figures(run_id: str) -> Response:
    """The figures of every indicator; by an address that names their sum they are kept for good."""
    reply = figures_reply(_kept(run_id))
    response = send(reply)
    if request.args.get("v") == version_of(reply):
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@bp.get("/map/<run_id:run_id>/<name>")
@shows(Access.AGGREGATES)
def script(run_id: str, name: str) -> Response:
    """The map's script, written at publication."""
    snapshot = _kept(run_id)
    return send(script_reply(snapshot.map_script)) if name == snapshot.map_name else abort(404)


@bp.get("/peta-dasar/<int:zoom>/<int:column>/<int:row>")
@shows(Access.AGGREGATES)
def base_tile(zoom: int, column: int, row: int) -> Response:
    """A tile of the base map; none is an empty reply, which no browser calls a fault."""
    below = base_map() or abort(404)
    tile = below.tile(zoom, column, row)
    kind = kind_of(tile) if tile else None
    if tile is None or kind is None:
        response = Response(status=204)
    else:
        response = Response(tile, content_type=kind)
        response.set_etag(tag_of(tile))
    response.headers["Cache-Control"] = f"private, max-age={_A_DAY_S}"
    response.make_conditional(request)
    return response


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


@lru_cache(maxsize=4)
def figures_reply(snapshot: Snapshot) -> Reply:
    """The figures of a run, made once."""
    return pack(map_figures(snapshot), "application/json; charset=utf-8")


def version_of(reply: Reply) -> str:
    """What an address names that is good for as long as the content is this."""
    return reply.tag[:16]


@lru_cache(maxsize=8)
def script_reply(file: ShownFile) -> Reply:
    """A script, packed once."""
    return pack(file.body, "text/javascript; charset=utf-8")
