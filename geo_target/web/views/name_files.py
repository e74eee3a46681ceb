"""The list of a village to take away: for a stated use, stamped, masked, for seven days."""

import secrets
from datetime import timedelta

from flask import Blueprint, Response, request
from flask_babel import gettext as _  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse

from geo_target.operations.numbers import said_line
from geo_target.operations.roles import Verb
from geo_target.publishing.by_name import NamedFamily, families_of_village
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.language import day, moment
from geo_target.web.names import NO_PAGE, names_of, subjects_of, tell, visible_village
from geo_target.web.pages import store
from geo_target.web.store import Served
from geo_target.web.takeaway_files import Origin, to_xlsx
from geo_target.web.takeaway_tables import Column, Kind, Table
from geo_target.web.views import families

bp = Blueprint("name_files", __name__)

#: A list on a stick grows old, and whom it names may have moved.
GOOD_FOR = timedelta(days=7)
_SHORTEST, _LONGEST = 10, 200
_FIELDS = (*families.FIELDS, "rt", "rw", "point")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/kelurahan/<village_code:village_code>/keluarga.xlsx")
@shows(Access.NAME_FILES)
def make(village_code: str) -> Response | BaseResponse:
    """The families of one state as a workbook; nothing of it stays here."""
    served = store().current()
    village = visible_village(served, village_code, Verb.EXPORT_NAMES)
    state = families.STATES.get(request.form.get("keadaan", ""))
    use = said_line(request.form.get("keperluan", ""), _LONGEST)
    if state is None:
        raise NO_PAGE
    if len(use) < _SHORTEST:
        return families.page_of(village_code, needs_use=True)
    found = families_of_village(names_of(served.snapshot), village_code, state=state)
    code = secrets.token_hex(4)
    tell(
        Verb.EXPORT_NAMES, object_type="village", object_id=village_code, fields=_FIELDS,
        subjects=[s for one in found for s in subjects_of(one.family_id, one.national_id_key)],
        persons=len(found), run_id=served.snapshot.run_id, reason=f"{code}: {use}",
    )  # fmt: skip
    content = to_xlsx(_table(found), _origin(served, str(village["village_name"]), use, code),
                      words=_sheet_words())  # fmt: skip
    response = Response(content, content_type=_XLSX)
    named = f"geo_target-{village_code}-{request.form['keadaan']}-{code}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    return response


def _table(found: list[NamedFamily]) -> Table:
    columns = [
        Column("rw", "RW", Kind.TEXT),
        Column("rt", "RT", Kind.TEXT),
        Column("name", _("Kepala keluarga"), Kind.TEXT),
        Column("address", _("Alamat"), Kind.TEXT),
        Column("neighborhood", _("Lingkungan"), Kind.TEXT),
        Column("national_id_masked", _("NIK, empat angka terakhir"), Kind.TEXT),
        Column("family_card_number_masked", _("KK, empat angka terakhir"), Kind.TEXT),
        Column("reason", _("Sebab"), Kind.TEXT),
        Column("reason_office", _("Kantor"), Kind.TEXT),
    ]
    words = {name: told.title for name, told in reason_words().items()}
    rows = [
        [words.get(value, value) for value in (getattr(one, column.name) for column in columns)]
        for one in found
    ]
    return Table("keluarga", _("Daftar pemutakhiran data"), columns, rows)


def _origin(served: Served, village: str, use: str, code: str) -> Origin:
    now, who = visitors.doors().clock(), visitors.user()
    until = day((now + GOOD_FOR).date().isoformat())
    name = who.display_name if who else ""
    summary, run = served.snapshot.summary, served.snapshot.run_id
    line = _("Rahasia. Untuk %(name)s, %(use)s; hapus sesudah %(until)s; kode %(code)s, "
             "hasil %(run)s", name=name, use=use, until=until, code=code, run=run)  # fmt: skip
    return Origin(line, [
        (_("Isi"), _("Daftar pemutakhiran data")), (_("Kelurahan/desa"), village),
        (_("Keadaan pada"), day(summary["as_of"])), (_("Hasil"), run),
        (_("Diunduh"), moment(now)), (_("Oleh"), name), (_("Keperluan"), use),
        (_("Hapus sesudah"), until), (_("Kode unduhan"), code),
    ])  # fmt: skip


def _sheet_words() -> dict[str, str]:
    return {
        "columns": _("Arti kolom"), "about": _("Keterangan"), "name": _("Nama kolom"),
        "title": _("Arti"), "unit": _("Satuan"), "source": _("Sumber"),
    }  # fmt: skip
