"""What may be carried away: every table and layer of the page, in the audience's own figures."""

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]

from geo_target.operations.audit import Entry, local_now
from geo_target.operations.refusals import AuditError
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.carried import View, carried_page
from geo_target.web.language import day, moment, own, whole
from geo_target.web.pages import base_map, is_published, page, public_store, store
from geo_target.web.store import NoSnapshotError, Served, Snapshot
from geo_target.web.takeaway_files import Origin, to_csv, to_geojson, to_xlsx
from geo_target.web.takeaway_layers import LAYERS, shapes_of
from geo_target.web.takeaway_tables import NAMES, Table, table_named
from geo_target.web.views import about, overview, priorities, public
from geo_target.web.views.files import figures_reply
from geo_target.web.wording import program_names, run_words

bp = Blueprint("takeaway", __name__)

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
}


@bp.get("/unduh")
@shows(Access.AGGREGATES)
def show() -> Response:
    """The files there are."""
    # A run may be published, or withdrawn, while the page is at hand.
    return page("takeaway", _make, "published" if is_published() else "")


@bp.get("/unduh/<run_id:run_id>/<name>.<kind>")
@shows(Access.AGGREGATES)
def file(run_id: str, name: str, kind: str) -> Response:
    """One table or layer; with doors it is written down before it is sent."""
    snapshot = _kept(run_id)
    code = secrets.token_hex(4)
    content = _content(name, kind, snapshot, code) or abort(404)
    _tell(run_id, f"{name}.{kind}", code)
    return _attachment(content, _TYPES[kind], snapshot, name, kind)


@bp.get("/unduh/izin")
@shows(Access.AGGREGATES)
def permit() -> Response:
    """What a script of ours must bring to ask for `picture`; no page that is kept has it."""
    response = jsonify(token=generate_csrf() if _has_doors() else "")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/unduh/<run_id:run_id>/gambar")
@shows(Access.AGGREGATES)
def picture(run_id: str) -> Response:
    """What a picture says of itself, written down first; the browser draws it of its own map."""
    snapshot = _kept(run_id)
    code = secrets.token_hex(4)
    _tell(run_id, "peta.png", code)
    above = {_("Tersentuh")}  # the page says it over its map: there it may be another definition
    facts = [f"{name}: {told}" for name, told in _facts(snapshot, code) if name not in above]
    response = jsonify(code=code, facts=facts)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/unduh/bekal-<audience>.html")
@shows(Access.AGGREGATES)
def carried(audience: str) -> Response:
    """One file of pages for a room without a network; the public's is of what is published."""
    if audience not in ("rapat", "publik"):
        abort(404)
    served = _published() if audience == "publik" else store().current()
    snapshot = served.snapshot
    code = secrets.token_hex(4)
    views = _public_views(served) if audience == "publik" else _meeting_views(served)
    facts = _facts(snapshot, code, is_public=audience == "publik")
    figures = None if audience == "publik" else figures_reply(snapshot).plain
    content = carried_page(views, snapshot, facts, code=code, figures=figures).encode()
    _tell(snapshot.run_id, f"bekal-{audience}.html", code)
    return _attachment(content, "text/html; charset=utf-8", snapshot, f"bekal-{audience}", "html")


def _kept(run_id: str) -> Snapshot:
    store().current()  # after a start the run of an open page may not be read yet
    return store().kept(run_id) or abort(404)


def _published() -> Served:
    try:
        return public_store().current()
    except NoSnapshotError:
        abort(404)


def _public_views(served: Served) -> list[View]:
    return [View(url_for("public.show"), _("Peta"), public.make(served))]


def _meeting_views(served: Served) -> list[View]:
    return [
        View(url_for("overview.show"), _("Peta"), overview.make(served)),
        View(url_for("priorities.show"), _("Prioritas"),
             priorities.make(served, {}, shows_all=True)),
        View(url_for("about.show"), _("Tentang angka"), about.make(served)),
    ]  # fmt: skip


def _make(served: Served) -> str:
    snapshot = served.snapshot
    return render_template(
        "takeaway/show.html",
        **run_words(served),
        tables=[table for name in NAMES if (table := table_named(name, snapshot))],
        kinds_of=_kinds_of,
        published=is_published(),
        has_base_map=base_map() is not None,
    )


def _attachment(
    content: bytes, content_type: str, snapshot: Snapshot, name: str, kind: str
) -> Response:
    response = Response(content, content_type=content_type)
    named = f"{snapshot.summary['area']['code']}-{name}-{snapshot.summary['as_of']}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="geo_target-{named}"'
    response.headers["Cache-Control"] = "no-store"  # each has a code of its own
    return response


def _kinds_of(name: str) -> tuple[str, ...]:
    return ("csv", "xlsx", "geojson") if name in LAYERS else ("csv", "xlsx")


def _content(name: str, kind: str, snapshot: Snapshot, code: str) -> bytes | None:
    """A file; None if there is no such one."""
    if made := snapshot.takeaway.get(f"{name}.{kind}"):
        return made.body
    table = table_named(name, snapshot)
    if table is None or kind not in _kinds_of(name):
        return None
    origin = _origin(snapshot, table, code)
    if kind == "csv":
        return to_csv(table, origin)
    if kind == "xlsx":
        return to_xlsx(table, origin, words=_sheet_words())
    return to_geojson(table, shapes_of(name, snapshot), LAYERS[name], origin)


def _sheet_words() -> Mapping[str, str]:
    return {
        "columns": _("Arti kolom"),
        "about": _("Keterangan"),
        "name": _("Nama kolom"),
        "title": _("Arti"),
        "unit": _("Satuan"),
        "source": _("Sumber"),
    }


def _origin(snapshot: Snapshot, table: Table, code: str) -> Origin:
    summary = snapshot.summary
    line = _("%(area)s, keadaan %(day)s, hasil %(run)s, unduhan %(code)s",
             area=summary["area"]["name"], day=day(summary["as_of"]), run=snapshot.run_id,
             code=code)  # fmt: skip
    demo = [_("DATA CONTOH")] if summary["demo"] else []
    return Origin(
        ": ".join([*demo, line]),
        [(_("Isi"), str(table.title)), *_facts(snapshot, code, has_cells=True)],
    )


def _facts(
    snapshot: Snapshot, code: str, *, is_public: bool = False, has_cells: bool = False
) -> list[tuple[str, str]]:
    """What a file says of itself."""
    summary = snapshot.summary
    reached = _("terdaftar di %(programs)s pada %(on)s", programs=program_names(summary),
                on=day(summary["definition"]["on"]))  # fmt: skip
    smallest = whole(summary["smallest"])
    withheld = _("jumlah di bawah %(smallest)s KK, atau yang dapat membuka angka lain",
                 smallest=smallest)  # fmt: skip
    if has_cells:
        withheld = _("jumlah di bawah %(smallest)s KK, atau yang dapat membuka angka lain: selnya "
                     "kosong, nama kolomnya di kolom terakhir", smallest=smallest)  # fmt: skip
    facts = [
        (_("Wilayah"), summary["area"]["name"]),
        (_("Keadaan pada"), day(summary["as_of"])),
        (_("Daftar dasar"), f"{own(summary['base']['title'])}, {day(summary['base']['as_of'])}"),
        (_("Tersentuh"), reached),
        (_("Tidak ditampilkan"), withheld),
        (_("Untuk"), _("umum") if is_public else _("rapat, jangan disebarkan")),
        (_("Hasil"), snapshot.run_id),
        (_("Kode unduhan"), code),
        (_("Diunduh"), moment(visitors.doors().clock() if _has_doors() else local_now())),
    ]
    if who := visitors.user():
        facts.append((_("Oleh"), who.name))
    if summary["demo"]:
        facts.insert(0, (_("DATA CONTOH"), _("Data contoh, bukan data sebenarnya")))
    return facts


def _tell(run_id: str, name: str, code: str) -> None:
    """Write down what is carried away; on a full disk in the log of the service.

    It names nobody, and holds no more than the map that stays open: a meeting whose disk has
    run full still gets its table, and who took it is told elsewhere.
    """
    if not _has_doors():
        return  # one laptop: whoever holds it holds the data, and no log would say more
    entry = Entry(
        actor=visitors.actor(), verb="table.export", object_type="table", object_id=code,
        fields=(name,), run_id=run_id,
    )  # fmt: skip
    try:
        visitors.doors().audit.append(entry)
    except AuditError:
        told = "not in the audit log: table.export %s %s %s by %s session %s"
        who = entry.actor
        current_app.logger.warning(told, name, run_id, code, who.name, who.session)


def _has_doors() -> bool:
    return current_app.extensions["geo_target.doors"] is not None
