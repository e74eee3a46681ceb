"""Packages for phones: a form and its list of visits, for ODK Central or for KoboToolbox.

A server keeps what is uploaded to it: visits are named by their code, and a NIK or KK number is
in neither package but for its last four digits.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import xlsxwriter

from geo_target.errors import NotFoundError
from geo_target.fieldwork.carried_visits import NOTHING_TO_CARRY, CarriedVisit, walk
from geo_target.fieldwork.form_readme import KOBO, ODK
from geo_target.fieldwork.survey_rows import (
    ID,
    LIST,
    Row,
    choice_rows,
    entity_rows,
    saved_properties,
    survey_rows,
)
from geo_target.fieldwork.visit_codes import printed
from geo_target.fieldwork.visits import Officer
from geo_target.spreadsheet_cells import harmless

_FORM, _README = "form.xlsx", "BACA-DULU.txt"
_TITLE = "Pemutakhiran data keluarga"
#: What names a family: left out where a package is to go to a server abroad.
_PERSONAL = frozenset({"given_head_name", "given_address", "given_members",
                       "given_head_national_id", "given_family_card_number"})  # fmt: skip


def odk_package(
    visits: Iterable[CarriedVisit],
    officers: Sequence[Officer],
    *,
    made: datetime,
    programs: Sequence[str] | None = None,
    with_names: bool = True,
) -> bytes:
    """ZIP for ODK Central: the form, and the visits as a list of entities that it updates.

    Parameters
    ----------
    visits
        Those of `officers` are taken. Every phone holds the whole list and shows an officer's
        own: make one package an officer where they may not hold each other's.
    officers
        Who may sign an answer.
    made
        Version of the form, aware of its zone; the same content gives the same bytes.
    programs
        Codes that are asked for; all that have not ended where it is None.
    with_names
        Whether the list has names, addresses and the last four digits of numbers.

    Raises
    ------
    NotFoundError
        ``E-CARRY-NONE``: no visit is of these officers.
    """
    own = _of_officers(visits, officers)
    form = xlsform(officers, made=made, programs=programs, with_entities=True)
    # Central itself gives an entity its id; any column that is no property it would refuse.
    rows = [_item(one, with_names=with_names) for one in own]
    entities = _csv(["label", *saved_properties()], rows)
    return _zip({_FORM: form, f"{LIST}.csv": entities, _README: ODK.encode()})


def kobo_package(
    visits: Iterable[CarriedVisit],
    officers: Sequence[Officer],
    *,
    made: datetime,
    programs: Sequence[str] | None = None,
    with_names: bool = False,
) -> bytes:
    """ZIP for KoboToolbox: the form, the visits as a file beside it, and a warning.

    Kobo keeps no entities. Its public servers are abroad: names are left out unless they are
    asked for. Else as `odk_package`.
    """
    own = _of_officers(visits, officers)
    form = xlsform(officers, made=made, programs=programs, with_entities=False)
    rows = [{"name": one.code, **_item(one, with_names=with_names)} for one in own]
    file = _csv(["name", "label", *saved_properties()], rows)
    return _zip({_FORM: form, f"{LIST}.csv": file, _README: KOBO.encode()})


def xlsform(
    officers: Sequence[Officer],
    *,
    made: datetime,
    programs: Sequence[str] | None = None,
    with_entities: bool,
) -> bytes:
    """The form as XLSX; see `odk_package` and `survey_rows.survey_rows`."""
    sheets = {
        "survey": survey_rows(with_entities=with_entities),
        "choices": choice_rows(officers, programs),
        **({"entities": entity_rows()} if with_entities else {}),
        "settings": [{
            "form_title": _TITLE, "form_id": LIST, "default_language": ID,
            "version": f"{made.astimezone(UTC):%Y%m%d%H%M}",
        }],
    }  # fmt: skip
    return form_workbook(sheets, made=made)


def form_workbook(sheets: Mapping[str, Sequence[Row]], *, made: datetime) -> bytes:
    """XLSX of rows by sheet; columns in the order in which rows first have them."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": _TITLE,
                             "created": made.astimezone(UTC).replace(tzinfo=None)})  # fmt: skip
        head = book.add_format({"bold": True})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            columns = list(dict.fromkeys(column for row in rows for column in row))
            for at, column in enumerate(columns):
                page.write_string(0, at, column, head)
                for number, row in enumerate(rows, start=1):
                    if said := row.get(column):
                        page.write_string(number, at, said)
            page.set_column(0, len(columns), 24)
            page.freeze_panes(1, 0)
    return content.getvalue()


def _of_officers(
    visits: Iterable[CarriedVisit], officers: Sequence[Officer]
) -> Sequence[CarriedVisit]:
    names = {officer.name for officer in officers}
    own = sorted((one for one in visits if one.visit.officer in names), key=walk)
    if not own:
        raise NotFoundError(NOTHING_TO_CARRY)
    return own


def _item(one: CarriedVisit, *, with_names: bool) -> dict[str, str]:
    """A visit as an item of the list that a phone shows."""
    given = {
        "given_head_name": one.head_name,
        "given_address": one.address,
        "given_neighborhood": one.neighborhood,
        "given_rt": one.rt,
        "given_rw": one.rw,
        "given_members": "" if one.members is None else str(one.members),
        "given_head_national_id": one.national_id_masked,
        "given_family_card_number": one.family_card_number_masked,
    }
    told = {name: said for name, said in given.items() if with_names or name not in _PERSONAL}
    return {"label": _label(one), "visit_code": one.code,
            "officer": one.visit.officer or "", **told}  # fmt: skip


def _label(one: CarriedVisit) -> str:
    return f"{printed(one.code)} · RT {one.rt or '-'}/RW {one.rw or '-'} · {one.village_name}"


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(row.get(column, "")) for column in columns] for row in rows)
    return out.getvalue().encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in files.items():
            # A zip says when each part was written; the same visits are to be the same bytes.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, part)
    return content.getvalue()
