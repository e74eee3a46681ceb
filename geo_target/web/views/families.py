"""The families of a village by name, for whoever may see them: each page view is audited."""

import re
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.publishing.by_name import families_of_village
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.names import names_of, subjects_of, tell
from geo_target.web.pages import store
from geo_target.web.store import Served
from geo_target.web.wording import program_names, register_name, village_kind

bp = Blueprint("families", __name__)

ON_A_PAGE = 25
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")

#: Words of the address for each state.
_STATES = {"belum": "uncovered", "belum-padan": "unmatched", "tersentuh": "covered"}
_FIELDS = (
    "name", "address", "national_id_masked", "family_card_number_masked", "coverage_state",
    "reason",
)  # fmt: skip


@bp.get("/kelurahan/<village_code:village_code>/keluarga")
@shows(Access.BY_NAME)
def show(village_code: str) -> Response:
    """Extreme-poor families of a village in one state, 25 a page."""
    served = store().current()
    village = _visible_village(served, village_code)
    word, number = _asked()
    found = families_of_village(names_of(served.snapshot), village_code, state=_STATES[word])
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    if not shown and number > 1:
        raise _NO_PAGE
    tell(
        Verb.READ_NAMES, object_type="village", object_id=village_code, fields=_FIELDS,
        subjects=[s for one in shown for s in subjects_of(one.family_id, one.national_id_key)],
        persons=len(shown), run_id=served.snapshot.run_id,
    )  # fmt: skip
    page = render_template(
        "families/show.html",
        snapshot=served.snapshot,
        summary=served.snapshot.summary,
        degraded=served.degraded,
        village=village,
        families=shown,
        all=len(found),
        first=(number - 1) * ON_A_PAGE + 1,
        number=number,
        pages=max(1, -(-len(found) // ON_A_PAGE)),
        word=word,
        reason_words=reason_words(),
        words=list(_STATES),
        user=visitors.user(),
        opened=visitors.doors().clock(),
        register=register_name(served.snapshot.summary),
        programs=program_names(served.snapshot.summary),
        kind=village_kind([village_code]),
    )
    return make_response(page)


def _visible_village(served: Served, village_code: str) -> Any:
    """The village, or the same 404 for one that is not theirs as for one that is none."""
    village = served.snapshot.villages.get(village_code)
    if village is None or not visible(visitors.user()).holds(str(village["district_code"])):
        visitors.deny(village_code, object_type="village", verb="family.read")
        raise _NO_PAGE
    return village


def _asked() -> tuple[str, int]:
    word = request.args.get("keadaan", "belum")
    number = request.args.get("halaman", "1")
    if word not in _STATES or not _PAGE_NUMBER.fullmatch(number):
        raise _NO_PAGE
    return word, int(number)


_NO_PAGE = NotFoundError(Fault("E-VILLAGE", id="tidak ada halaman ini", en="there is no such page"))
