"""The families of a village by name, for whoever may see them: each page view is audited."""

import re
from types import MappingProxyType

from flask import Blueprint, Response, make_response, render_template, request

from geo_target.operations.roles import Verb
from geo_target.publishing.by_name import families_of_village
from geo_target.sealed_numbers import FILE as SEALED
from geo_target.web import visitors
from geo_target.web.access import Access, is_open, shows
from geo_target.web.coverage_words import reason_words
from geo_target.web.names import NO_PAGE, family_key, names_of, subjects_of, tell, visible_village
from geo_target.web.pages import store
from geo_target.web.store import Served
from geo_target.web.wording import program_names, register_name, village_kind

bp = Blueprint("families", __name__)

ON_A_PAGE = 25
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,4}")

#: Words of the address for each state.
STATES = MappingProxyType(
    {"belum": "uncovered", "belum-padan": "unmatched", "tersentuh": "covered"}
)
FIELDS = (
    "name", "address", "national_id_masked", "family_card_number_masked", "coverage_state",
    "reason",
)  # fmt: skip


@bp.get("/kelurahan/<village_code:village_code>/keluarga")
@shows(Access.BY_NAME)
def show(village_code: str) -> Response:
    """Extreme-poor families of a village in one state, 25 a page."""
    return page_of(village_code)


def page_of(village_code: str, *, needs_use: bool = False) -> Response:
    """The page that the request asks for.

    Parameters
    ----------
    needs_use
        Whether a file was asked for and its use was not said.
    """
    served = store().current()
    village = visible_village(served, village_code, Verb.READ_NAMES)
    word, number = _asked()
    found = families_of_village(names_of(served.snapshot), village_code, state=STATES[word])
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    if not shown and number > 1:
        raise NO_PAGE
    tell(
        Verb.READ_NAMES, object_type="village", object_id=village_code, fields=FIELDS,
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
        words=list(STATES),
        user=visitors.user(),
        opened=visitors.doors().clock(),
        register=register_name(served.snapshot.summary),
        programs=program_names(served.snapshot.summary),
        kind=village_kind([village_code]),
        may_take=is_open(Access.NAME_FILES),
        reveal_key=family_key if _may_reveal(served) else None,
        needs_use=needs_use,
    )
    return make_response(page, 422 if needs_use else 200)


def _may_reveal(served: Served) -> bool:
    return is_open(Access.REVEAL) and SEALED in served.snapshot.manifest["files"]


def _asked() -> tuple[str, int]:
    word = request.values.get("keadaan", "belum")
    number = request.args.get("halaman", "1")
    if word not in STATES or not _PAGE_NUMBER.fullmatch(number):
        raise NO_PAGE
    return word, int(number)
