"""The card of a village: one sheet to print, or those of a whole district at once."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.errors import Fault, NotFoundError
from geo_target.web.access import Access, shows
from geo_target.web.figures import State
from geo_target.web.locator import village_plan
from geo_target.web.pages import page, store
from geo_target.web.places import DISTRICT, VILLAGE, trail, villages_of
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.villages import told_of_village, words_of_village

bp = Blueprint("village_card", __name__)


@bp.get("/kelurahan/<village_code:village_code>/kartu")
@shows(Access.AGGREGATES)
def show(village_code: str) -> Response:
    """One village on one sheet: nothing that its page does not tell."""
    if village_code not in store().current().snapshot.villages:
        raise NotFoundError(
            Fault("E-VILLAGE", id="tidak ada kelurahan ini", en="there is no such village")
        )
    return page("card", lambda served: _make(served, [village_code]), village_code)


@bp.get("/kelurahan/kartu")
@shows(Access.AGGREGATES)
def district() -> Response:
    """The cards of the district ``?kec=``, in the order of visiting, each on its own sheet."""
    code = request.args.get("kec", "")
    own = villages_of(store().current().snapshot, "district_code", code) or abort(404)
    codes = [str(one["village_code"]) for one in own]
    return page("cards", lambda served: _make(served, codes), asked={"kec": code})


def _make(served: Served, codes: Sequence[str]) -> str:
    snapshot = served.snapshot
    first = snapshot.villages[codes[0]]
    district, is_one = str(first["district_code"]), len(codes) == 1
    return render_template(
        "village_card/show.html",
        **words_of_village(served),
        trail=trail(snapshot, first, VILLAGE, here=_("Kartu")) if is_one
        else trail(snapshot, first, DISTRICT, here=_("Semua kartu")),
        district=first,
        is_one=is_one,
        plan=village_plan(snapshot, district),
        sheets=[_sheet(snapshot, code) for code in codes],
    )  # fmt: skip


def _sheet(snapshot: Snapshot, code: str) -> dict[str, Any]:
    """What the page of a village tells, with the most burdened first."""
    told = told_of_village(snapshot, code)
    reasons = sorted(told["reasons"], key=lambda part: -(part[1].value or 0))  # withheld ones last
    return {
        **told,
        "rw": sorted(told["rw"], key=lambda row: (row[2].value is None, -(row[2].value or 0))),
        "reasons": [part for part in reasons if part[1].state is not State.ZERO],
    }
