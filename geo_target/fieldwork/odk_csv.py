"""The CSV of ODK Central: ``group-field`` over its columns, the server's own around them.

Headers as lib/data/briefcase.js of getodk/central-backend writes them.
"""

from collections.abc import Iterator, Mapping, Sequence

from geo_target.fieldwork.answer_rows import raw_of
from geo_target.fieldwork.form_fields import FormField, Kind, form_fields
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_tables import renamed, written

SOURCE = "odk"
SUBMITTED, KEY = "SubmissionDate", "KEY"
_LAST = (KEY, "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected",
         "Status", "ReviewState", "DeviceID", "Edits", "FormVersion")  # fmt: skip
#: Parts of a point, in order, and what they are called here.
_POINT = {"Latitude": "lat", "Longitude": "lon", "Altitude": "", "Accuracy": "accuracy_m"}
_SERVERS_OWN = {SUBMITTED: "submitted_at", KEY: "submission_id", "Status": "status",
                "ReviewState": "review"}  # fmt: skip


def is_header(header: Sequence[str]) -> bool:
    """Whether these are columns of ODK Central."""
    return SUBMITTED in header and KEY in header


def columns_of(header: Sequence[str]) -> list[str]:
    """What each column is, by name of `answers.read_answer`; empty for what is not read.

    Without group names too, as Central leaves them out when it is asked to.
    """
    names = {f"{written}{end}": name
             for field in form_fields().values()
             for written in (field.odk, field.name)
             for end, name in _parts(field)}  # fmt: skip
    return renamed(header, names | _SERVERS_OWN)


def raw_answer(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Cells of a row by name; what a reviewer has rejected is held back."""
    if cells.get("review") == "rejected" and "status" not in cells:
        return {**cells, "status": "rejected"}
    return cells


def write_odk_csv(outcomes: Sequence[Outcome]) -> bytes:
    """The file that Central would write of these."""
    columns = [(f"{field.odk}{end}", name)
               for field in form_fields().values()
               for end, name in _parts(field)]  # fmt: skip
    header = [SUBMITTED, *(column for column, _ in columns), *_LAST]
    rows = []
    for outcome in outcomes:
        raw = raw_of(outcome)
        asked = [raw.get(name, "") for _, name in columns]
        rows.append([raw.get("submitted_at", ""), *asked, *_server_cells(raw)])
    return written(header, rows)


def _server_cells(raw: Mapping[str, str]) -> list[str]:
    own = {KEY: raw["submission_id"], "AttachmentsPresent": "0", "AttachmentsExpected": "0",
           "Edits": "0"}  # fmt: skip
    return [own.get(column, "") for column in _LAST]


def _parts(field: FormField) -> Iterator[tuple[str, str]]:
    """Endings of the columns of a field, and what each holds."""
    if field.kind is not Kind.POINT:
        yield "", field.name
        return
    yield from ((f"-{part}", name) for part, name in _POINT.items())
