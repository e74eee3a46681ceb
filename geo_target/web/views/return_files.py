"""Returns as files: sheets of villages, and what ODK Central and Kobo export.

A file is read whole or refused whole; nothing of it is stored but the outcomes in it.
"""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request

from geo_target.errors import DataRefusedError, Fault
from geo_target.fieldwork.returns import Returns, read_returns
from geo_target.long_numbers import mask_numbers
from geo_target.operations.audit import Entry
from geo_target.operations.outcome_batch import Taken
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.pages import store
from geo_target.web.recording import orphan_words, warning_words, words_of
from geo_target.web.requests import LARGEST_RETURNS
from geo_target.web.village_reach import reach_of
from geo_target.web.wording import run_words

bp = Blueprint("return_files", __name__)

_MEGABYTE = 1_000_000
_OK, _UNREADABLE, _BUSY = 200, 422, 503
#: Lines of a report that are shown.
_SHOWN = 200
#: A file may take some hundred MB while it is read: one at a time.
_reading = threading.Lock()


@dataclass(frozen=True)
class Line:
    """Where in the file something is, and what."""

    sheet: str
    row: int | None
    column: str
    words: str


@dataclass(frozen=True)
class Report:
    """What became of a file: rows = new + repeated + versions + orphans + refused + unanswered."""

    file: str
    found: Returns
    taken: Taken
    warnings: tuple[str, ...]
    orphans: tuple[Line, ...]
    faults: tuple[Line, ...]


@bp.get("/lapangan/unggah")
@shows(Access.RECORD)
def show() -> Response:
    """The form."""
    return _page()


@bp.post("/lapangan/unggah")
@shows(Access.RECORD)
def take() -> Response:
    """Read a file whole, keep its outcomes, and say what became of each row."""
    name, content = _sent()
    if not content:
        return _page(refused=[_NO_FILE], status=_UNREADABLE)
    if not _reading.acquire(blocking=False):
        return _page(refused=[_OTHER_FILE], status=_BUSY)
    try:
        return _taken(content, name)
    except DataRefusedError as error:
        return _page(
            refused=[replace(fault, file=name) for fault in error.faults], status=_UNREADABLE
        )
    finally:
        _reading.release()


def _sent() -> tuple[str, bytes]:
    """Name and bytes of the file; the copy that the server made on its disk is gone then."""
    sent = request.files.get("file")
    if sent is None:
        return "", b""
    with sent.stream:
        return _shown_name(sent.filename or ""), sent.stream.read()


def _taken(content: bytes, name: str) -> Response:
    doors, bounds = visitors.doors(), visible(visitors.user(), Verb.RECORD_VISITS)
    visits = doors.visit_plans.visits(within=bounds)
    found = read_returns(
        content, name=name, received_at=doors.clock(),
        villages={each.visit.code: each.visit.target.village_code for each in visits},
        village_of=reach_of(store().current().snapshot),
    )  # fmt: skip
    told = f"{found.kind}: outcomes={len(found.outcomes)} refused={found.refused}"
    doors.audit.append(
        Entry(actor=visitors.actor(), verb="visit.import", object_type="visit", persons=0,
              reason=told)
    )  # fmt: skip
    taken = doors.visit_outcomes.take(found.outcomes, by=visitors.actor(), bounds=bounds)
    return _page(report=_report(name, found, taken))


def _report(name: str, found: Returns, taken: Taken) -> Report:
    places = {
        each.submission_id: place for each, place in zip(found.outcomes, found.places, strict=True)
    }
    orphans = [
        Line(places[each.submission_id].sheet, places[each.submission_id].row, "",
             orphan_words(each.reason))
        for each in taken.orphans if each.submission_id in places
    ]  # fmt: skip
    faults = [
        Line(fault.sheet, fault.row, fault.column, words_of(replace(fault, column="")))
        for fault in found.faults
    ]
    warnings = [f"{warning_words(code)} ({count})" for code, count in taken.warnings.items()]
    return Report(name, found, taken, tuple(warnings), tuple(orphans), tuple(faults))


def _page(
    *, refused: Sequence[Fault] = (), report: Report | None = None, status: int = _OK
) -> Response:
    served = store().current()
    page = render_template(
        "returns/upload.html",
        **run_words(served),
        refused=[_with_file(fault) for fault in refused],
        report=report,
        shown=_SHOWN,
        largest_mb=LARGEST_RETURNS / _MEGABYTE,
    )
    return make_response(page, status)


def _with_file(fault: Fault) -> str:
    return f"{fault.file}: {words_of(fault)}" if fault.file else words_of(fault)


def _shown_name(said: str) -> str:
    """The last part of a name without numbers of persons; it is shown, and kept nowhere."""
    last = re.split(r"[/\\]", said)[-1]
    return mask_numbers("".join(c for c in last if c.isprintable()))[:80]


_NO_FILE = Fault(
    "E-RETURN-NONE",
    id="tidak ada berkas, atau berkasnya kosong; pilih berkas hasil lalu unggah",
    en="there is no file, or it is empty; choose a file of returns, then upload it",
)
_OTHER_FILE = Fault(
    "E-RETURN-BUSY",
    id="berkas lain sedang dibaca; tunggu sebentar lalu unggah lagi",
    en="another file is being read; wait a moment, then upload it again",
)
