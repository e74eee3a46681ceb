"""The CSV of KoboToolbox with 'XML values and headers': semicolons, ``group/field``.

Headers as src/formpack/reporting/export.py and schema/fields.py of kobotoolbox/formpack write
them: over a point stands its bare name, over the point's parts their group.
"""

from collections.abc import Iterator, Mapping, Sequence

from geo_target.fieldwork.answer_rows import point_text, raw_of
from geo_target.fieldwork.form_fields import FormField, Kind, choice_lists, form_fields
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.return_tables import renamed, written

SOURCE = "kobo"
SUBMITTED, UUID, ROOT, VALIDATION = (
    "_submission_time",
    "_uuid",
    "meta/rootUuid",
    "_validation_status",
)
_LAST = ("_id", UUID, SUBMITTED, VALIDATION, "_notes", "_status", "_submitted_by", "__version__",
         "_tags", ROOT, "_index")  # fmt: skip
_POINT = {"latitude": "lat", "longitude": "lon", "altitude": "", "precision": "accuracy_m"}
_SERVERS_OWN = {SUBMITTED: "submitted_at", UUID: "uuid", ROOT: "root", VALIDATION: "validation"}
#: What Kobo calls an answer that a reviewer has not let pass, as value and as label.
_NOT_APPROVED = frozenset({"validation_status_not_approved", "not approved"})


def is_header(header: Sequence[str]) -> bool:
    """Whether these are columns of Kobo."""
    return UUID in header and SUBMITTED in header


def columns_of(header: Sequence[str]) -> list[str]:
    """What each column is, by name of `answers.read_answer`; empty for what is not read.

    Without groups, and with labels for headers, too: Kobo asks how to write them.
    """
    names: dict[str, str] = {}
    for field in form_fields().values():
        for start, said in (
            ("", field.id),
            ("", field.en),
            ("", field.name),
            (_start(field), field.name),
        ):
            names.update(dict(_columns(field, start, said)))
    return renamed(header, names | _SERVERS_OWN)


def raw_answer(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Cells of a row by name, with the id that stays the same when an answer is edited."""
    raw = {**cells, "submission_id": root_id(cells.get("root", ""), cells.get("uuid", ""))}
    status = cells.get("validation", "")
    return {**raw, "status": status} if status.casefold() in _NOT_APPROVED else raw


def root_id(root: str, uuid: str) -> str:
    """Id of a submission; Kobo writes one with a prefix and the other without."""
    return (root or uuid).strip().removeprefix("uuid:")


def write_kobo_csv(outcomes: Sequence[Outcome]) -> bytes:
    """The file that Kobo would write of these."""
    fields = form_fields().values()
    columns = [column for field in fields for column in _columns(field, _start(field), field.name)]
    chosen = [choice.name for choice in choice_lists()["program"]]
    header = [name for name, _ in columns]
    at = header.index("aid/programs") + 1
    header[at:at] = [f"aid/programs/{name}" for name in chosen]
    rows = []
    for number, outcome in enumerate(outcomes, start=1):
        raw = raw_of(outcome)
        raw["point"] = point_text(raw)
        cells = [raw.get(name, "") for _, name in columns]
        said = raw.get("programs", "").split()
        cells[at:at] = [str(int(name in said)) if said else "" for name in chosen]
        rows.append([*cells, *_server_cells(raw, number)])
    return written([*header, *_LAST], rows, ending="\r\n", delimiter=";", is_quoted=True)


def time_text(raw: Mapping[str, str]) -> str:
    """When Kobo's server took it: UTC, which it does not say."""
    return raw.get("submitted_at", "").removesuffix("Z").removesuffix(".000")


def _server_cells(raw: Mapping[str, str], number: int) -> list[str]:
    own = {"_id": str(number), UUID: raw["submission_id"], SUBMITTED: time_text(raw),
           "_status": "submitted_via_web", ROOT: f"uuid:{raw['submission_id']}",
           "_index": str(number)}  # fmt: skip
    return [own.get(column, "") for column in _LAST]


def _start(field: FormField) -> str:
    return f"{field.group}/" if field.group else ""


def _columns(field: FormField, start: str, said: str) -> Iterator[tuple[str, str]]:
    """Headers of a field that is called `said`, and what each column holds."""
    if field.kind is not Kind.POINT:
        yield f"{start}{said}", field.name
        return
    yield said, field.name
    yield from ((f"{start}_{said}_{part}", name) for part, name in _POINT.items())
