"""Whether the service lives and what it shows; no figure in it."""

from flask import Blueprint, Response, jsonify

from geo_target.web.access import Access, shows
from geo_target.web.pages import store
from geo_target.web.store import NoSnapshotError

bp = Blueprint("health", __name__)


@bp.get("/health")
@shows(Access.PUBLIC)
def show() -> Response:
    """``ok``, ``degraded`` (an older snapshot stands in) or ``empty``, and the run shown."""
    try:
        served = store().current()
    except NoSnapshotError as error:
        response = jsonify(status="degraded" if error.broken else "empty", run_id=None)
        response.status_code = 503
        return response
    status = "degraded" if served.degraded else "ok"
    return jsonify(status=status, run_id=served.snapshot.run_id)
