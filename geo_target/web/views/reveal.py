"""One whole NIK, of one family, for a reason: written down first, thirty an hour at most."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template, request

from geo_target.errors import Fault
from geo_target.operations.audit import Entry
from geo_target.operations.numbers import said_line
from geo_target.operations.roles import Verb
from geo_target.publishing.by_name import STATES, NamedFamily, families_of_village
from geo_target.sealed_numbers import FILE, check_sealing, opened
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.names import (
    NO_PAGE,
    LookedUpTooOftenError,
    NamesRefusedError,
    family_key,
    names_of,
    subjects_of,
    visible_village,
)
from geo_target.web.pages import store
from geo_target.web.wording import run_words

bp = Blueprint("reveal", __name__)

MOST_AN_HOUR = 30
_SHORTEST, _LONGEST = 10, 200


@bp.post("/kelurahan/<village_code:village_code>/keluarga/nik")
@shows(Access.REVEAL)
def show(village_code: str) -> Response:
    """The NIK of the head of one family, on a page that is kept nowhere."""
    served = store().current()
    snapshot = served.snapshot
    village = visible_village(served, village_code, Verb.REVEAL_NATIONAL_ID)
    exact = names_of(snapshot, more=(FILE,))
    family = _chosen(_families(exact, village_code), request.form.get("keluarga", ""))
    if family is None or FILE not in snapshot.manifest["files"]:
        raise NO_PAGE
    reason = said_line(request.form.get("alasan", ""), _LONGEST)
    number, is_said = None, len(reason) >= _SHORTEST
    if is_said:
        check_sealing()
        _tell(village_code, family, reason, snapshot.run_id)
        try:
            number = opened(exact.parent / FILE, village_code, visitors.doors().key).get(
                family.family_id
            )
        except ValueError:
            raise NamesRefusedError(_BROKEN) from None
    page = render_template(
        "families/reveal.html",
        **run_words(served),
        village=village,
        family=family,
        key=family_key(family.family_id),
        number=number,
        reason=reason,
        is_said=is_said,
        user=visitors.user(),
        opened=visitors.doors().clock(),
        run_id=snapshot.run_id,
    )
    return make_response(page, 200 if is_said else 422)


def _families(exact: Path, village_code: str) -> list[NamedFamily]:
    """Extreme-poor families of a village, of every state."""
    return [one for state in STATES
            for one in families_of_village(exact, village_code, state=state)]  # fmt: skip


def _chosen(families: list[NamedFamily], key: str) -> NamedFamily | None:
    return next((one for one in families if family_key(one.family_id) == key), None)


def _tell(village_code: str, family: NamedFamily, reason: str, run_id: str) -> None:
    doors = visitors.doors()
    entry = Entry(
        actor=visitors.actor(), verb=Verb.REVEAL_NATIONAL_ID, object_type="village",
        object_id=village_code, fields=("national_id",), reason=reason, persons=1, run_id=run_id,
        subjects=tuple(sorted(subjects_of(family.family_id, family.national_id_key))),
    )  # fmt: skip
    hour_ago = doors.clock() - timedelta(hours=1)
    if not doors.audit.append_within(entry, most=MOST_AN_HOUR, since=hour_ago, is_of_verb=True):
        visitors.deny(village_code, object_type="village", verb=Verb.REVEAL_NATIONAL_ID)
        raise LookedUpTooOftenError(MOST_AN_HOUR, are_numbers=True)


_BROKEN = Fault(
    "E-REVEAL-BROKEN",
    id="NIK tersegel dari hasil ini tidak dapat dibuka dengan kunci arsip; jalankan geo-target "
    "run sekali lagi",
    en="the sealed NIK of this run do not open with the key of the archive; run geo-target run "
    "again",
    file=FILE,
)
