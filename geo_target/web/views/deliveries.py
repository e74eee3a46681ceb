"""The files that agencies handed in for a month: taken in, looked at, and run."""

import re
from dataclasses import replace
from datetime import date

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from geo_target.deliveries import refusals
from geo_target.deliveries.delivery import Answers, Delivered
from geo_target.deliveries.refusals import DeliveryError, OffsetError
from geo_target.deliveries.running import RunState
from geo_target.errors import Fault, GeoTargetError, NotFoundError
from geo_target.operations.audit import Entry
from geo_target.operations.numbers import holds_number, one_line
from geo_target.operations.refusals import AuditError
from geo_target.operations.roles import Verb
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.doors import DeliveryRoom
from geo_target.web.language import language
from geo_target.web.month import is_busy, month_of, obstacles, persons_to_mend, version_of
from geo_target.web.requests import PIECE

bp = Blueprint("deliveries", __name__)

_NUMBER = re.compile(r"[0-9]{1,15}")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_REASON = 300


@bp.get("/bulan-baru")
@shows(Access.DELIVERIES)
def show() -> Response:
    """The files, what is unusable of them, the lists used again, and the run."""
    _room().queue.wake()
    return _page()


@bp.get("/bulan-baru/keadaan")
@shows(Access.DELIVERIES)
def state() -> Response:
    """Whether the page has changed; small, for it is asked again and again."""
    files, run = _room().deliveries.files(), _room().runner.status()
    return jsonify(
        version=version_of(files, run),
        busy=is_busy(files, run),
        files={file.id: file.state for file in files},
        run=run.state,
    )


@bp.post("/bulan-baru/berkas")
@shows(Access.DELIVERIES)
def begin() -> Response:
    """Begin to upload a file."""
    size = request.form.get("size", "")
    _tell(Verb.UPLOAD, object_type="upload")
    try:
        upload = _room().deliveries.begin_upload(
            request.form.get("name", ""), int(size) if _NUMBER.fullmatch(size) else 0, by=_name()
        )
    except DeliveryError as error:
        return _refused(error)
    return jsonify(upload=url_for("deliveries.append", upload=upload), offset=0)


@bp.post("/bulan-baru/unggahan/<upload>")
@shows(Access.DELIVERIES)
def append(upload: str) -> Response:
    """Add a piece; answers with where the next one begins, or with the file when it is whole."""
    offset = request.args.get("dari", "")
    if not _NUMBER.fullmatch(offset):
        abort(400)
    if request.mimetype != "application/octet-stream":
        abort(415)
    deliveries, piece = _room().deliveries, request.get_data(cache=False)
    began = deliveries.clock()
    try:
        told = deliveries.append(upload, int(offset), piece, by=_name())
    except OffsetError as error:
        return make_response(jsonify(offset=error.offset), 409)
    except NotFoundError as error:
        return _refused(error, 404)
    except DeliveryError as error:
        return _refused(error)
    if isinstance(told, int):
        return jsonify(offset=told)
    _tell_of_whole(told, is_new=told.at >= began)
    _room().queue.wake()
    if told.run_id is not None:  # it stands nowhere on the page
        fault = refusals.same("", told.run_id, told.answers.as_of)
        return jsonify(id=told.id, message=_words(fault))
    return jsonify(id=told.id)


@bp.post("/bulan-baru/berkas/<delivery>/jawaban")
@shows(Access.DELIVERIES)
def answer(delivery: str) -> Response | BaseResponse:
    """Say what a file is."""
    deliveries, form = _room().deliveries, request.form
    file = deliveries.file(delivery)
    as_of = _date(form.get("as_of", ""))
    if as_of is None:
        return _page(refusals.wrong_answer(file.name, "as_of"), status=422)
    answers = Answers(
        as_of=as_of,
        **{name: form.get(name, "").strip() or None
           for name in ("profile", "program", "sheet", "code_system", "replaces")},
    )  # fmt: skip
    _tell("list.answer", object_id=file.id)
    try:
        deliveries.answer(file.id, answers)
    except DeliveryError as error:
        return _page(error, status=422)
    _room().queue.wake()
    return redirect(url_for("deliveries.show", _anchor=f"file-{file.id}"), code=303)


@bp.post("/bulan-baru/berkas/<delivery>/hapus")
@shows(Access.DELIVERIES)
def remove(delivery: str) -> Response | BaseResponse:
    """Delete a file that no run has used."""
    deliveries = _room().deliveries
    file = deliveries.file(delivery)
    _tell("list.remove", object_id=file.id)
    try:
        deliveries.remove(file.id)
    except DeliveryError as error:
        return _page(error, status=422)
    return redirect(url_for("deliveries.show"), code=303)


@bp.get("/bulan-baru/berkas/<delivery>/perbaikan.xlsx")
@shows(Access.OWN_ROWS)
def repair(delivery: str) -> Response:
    """The rows to mend, for whoever handed the file in; another's look like none."""
    file = _room().deliveries.file(delivery)
    if file.by != _name() or not file.has_repair:
        visitors.deny(file.id, object_type="list", verb=Verb.OWN_QUARANTINE)
        raise refusals.no_delivery()
    _tell(Verb.OWN_QUARANTINE, object_id=file.id, persons=persons_to_mend(file))
    return send_file(
        file.repair, mimetype=_XLSX, as_attachment=True, etag=False, conditional=False,
        download_name=f"perbaikan-{file.id}.xlsx",
    )  # fmt: skip


@bp.post("/bulan-baru/jalankan")
@shows(Access.RUN)
def run() -> Response | BaseResponse:
    """Start a run on the files; with a reason, also where the guard has held one."""
    room, on = _room(), _date(request.form.get("on", ""))
    if on is None:
        return _page(refusals.wrong_answer("", "on"), status=422)
    reason = one_line(request.form.get("reason", ""))
    if holds_number(reason) or len(reason) > _LONGEST_REASON:
        return _page(refusals.bad_reason(), status=422)  # before the log would hold it
    if obstacles(room.deliveries.files()):
        return _page(status=422)  # which says them
    is_held = room.runner.status().state is RunState.HELD
    accepts = reason if is_held and reason else None
    _tell(Verb.START_RUN, object_type="run", object_id=on.isoformat(), reason=accepts or "")
    try:
        room.runner.start(on=on, by=_name(), reason=accepts)
    except GeoTargetError as error:
        return _page(error, status=422)
    return redirect(url_for("deliveries.show", _anchor="run"), code=303)


def _room() -> DeliveryRoom:
    room = visitors.doors().delivery_room
    if room is None:
        raise RuntimeError("the views are registered without a room")
    return room


def _name() -> str:
    user = visitors.user()
    if user is None:
        raise RuntimeError("the view let in somebody who is not signed in")
    return user.name


def _page(error: GeoTargetError | None = None, *, status: int = 200) -> Response:
    month = month_of(_room(), viewer=_name(), today=visitors.doors().clock().date())
    fault = _words(error.faults[0]) if error else None
    page = render_template("deliveries/show.html", month=month, fault=fault, piece=PIECE)
    return make_response(page, status)


def _words(fault: Fault) -> str:
    words = fault.id if language() == "id" else fault.en
    where = f"{fault.file}: " if fault.file else ""
    return f"{where}{words[:1].upper()}{words[1:]}."


def _refused(error: GeoTargetError, status: int = 422) -> Response:
    message = _words(replace(error.faults[0], file=""))  # the page has its name
    return make_response(jsonify(message=message), status)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tell(
    verb: str,
    *,
    object_type: str = "list",
    object_id: str = "",
    reason: str = "",
    persons: int | None = None,
) -> None:
    """Write down what is about to happen; it does not happen where that fails."""
    visitors.doors().audit.append(
        Entry(
            actor=visitors.actor(), verb=verb, object_type=object_type, object_id=object_id,
            reason=reason, persons=persons,
        )
    )  # fmt: skip


def _tell_of_whole(file: Delivered, *, is_new: bool) -> None:
    """Write down a whole file under the id that only its last byte tells; else it goes again."""
    try:
        _tell(Verb.UPLOAD, object_id=file.id)
    except AuditError:
        if is_new:
            _room().deliveries.remove(file.id)
        raise
