"""Who visits: added, changed, taken in many at a time, and removed."""

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from geo_target.errors import Fault, GeoTargetError
from geo_target.fieldwork.visits import Officer, OfficerKind
from geo_target.operations.refusals import AccountError, VisitError
from geo_target.operations.roles import Role
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_scope import may_change, officer_by_key, officer_key, officers_seen, seen
from geo_target.web.field_words import kind_words, page_words, words_of
from geo_target.web.officer_form import Filled, filled_in, filled_of
from geo_target.web.pages import store

bp = Blueprint("field_officers", __name__)


@bp.get("/lapangan/petugas")
@shows(Access.PLANS)
def show() -> Response:
    """Everybody who visits in the districts of whoever asks, and the form for one of them."""
    name = officer_by_key(request.args.get("ubah", ""), [one.name for one in _changeable()])
    officer = next((one for one in _changeable() if one.name == name), None)
    return _page(filled_of(officer) if officer else None)


@bp.post("/lapangan/petugas")
@shows(Access.PLANS)
def save() -> Response | BaseResponse:
    """Add an officer, or change one."""
    filled = filled_in(request.form)
    officer = filled.officer()
    there = visitors.doors().field_officers.get(filled.name)
    if isinstance(officer, Fault):
        return _page(filled, fault=officer, status=422)
    if not may_change(officer, seen()) or (there and not may_change(there, seen())):
        visitors.deny(filled.name, object_type="officer", verb="officer.save")
        return _page(filled, fault=_ELSEWHERE, status=422)
    try:
        visitors.doors().field_officers.save(officer, by=visitors.actor())
    except (VisitError, AccountError) as error:
        return _page(filled, fault=error, status=422)
    return redirect(url_for("field_officers.show", berhasil="save", nama=officer_key(officer.name)),
                    code=303)  # fmt: skip


@bp.post("/lapangan/petugas/hapus")
@shows(Access.PLANS)
def remove() -> Response | BaseResponse:
    """Take somebody out; their open visits wait to be given to others."""
    key = request.form.get("petugas", "")
    name = officer_by_key(key, [one.name for one in _changeable()])
    if name is None:
        return _page(None, fault=_ELSEWHERE, status=422)
    left = sum(_open_visits(name).values())
    try:
        visitors.doors().field_officers.remove(name, by=visitors.actor())
    except VisitError as error:
        return _page(None, fault=error, status=422)
    return redirect(url_for("field_officers.show", berhasil="remove", sisa=left), code=303)


def _page(
    filled: Filled | None, *, fault: Fault | GeoTargetError | None = None, status: int = 200
) -> Response:
    served, within = store().current(), seen()
    officers = officers_seen()
    load = _loads()
    page = render_template(
        "fieldwork_pages/officers.html",
        **page_words(served),
        rows=[(officer_key(one.name), one, load.get(one.name, 0), may_change(one, within))
              for one in officers],
        filled=filled,
        accounts=_accounts({one.name for one in officers}),
        kind_words=kind_words(),
        kinds=list(OfficerKind),
        here=[(code, str(v["village_name"]), str(v["district_name"]))
              for code, v in sorted(served.snapshot.villages.items())
              if within.holds(str(v["district_code"]))],
        done=request.args.get("berhasil"),
        left=request.args.get("sisa", "0"),
        plans=_plans_of_nobody(),
        fault=words_of(fault) if fault else None,
    )  # fmt: skip
    return make_response(page, status)


def _changeable() -> list[Officer]:
    within = seen()
    return [one for one in officers_seen() if may_change(one, within)]


def _accounts(there: set[str]) -> list[tuple[str, str]]:
    """Accounts that may be made officers: name and display name."""
    users = visitors.doors().accounts.users()
    return [(one.name, one.display_name) for one in users
            if one.role == Role.FIELD_OFFICER and one.disabled_at is None
            and one.name not in there]  # fmt: skip


def _loads() -> Mapping[str | None, int]:
    open_ = visitors.doors().visit_plans.visits(open_only=True, within=seen())
    return Counter(each.visit.officer for each in open_)


def _open_visits(name: str) -> Mapping[int, int]:
    """Open visits of an officer by plan."""
    plans = visitors.doors().visit_plans
    found = plans.visits(officer=name, open_only=True, within=seen())
    return Counter(each.plan_id for each in found)


def _plans_of_nobody() -> list[tuple[int, int]]:
    """Plans with open visits of somebody who was removed: number and visits."""
    everybody = {one.name for one in visitors.doors().field_officers.all()}
    open_ = visitors.doors().visit_plans.visits(open_only=True, within=seen())
    found = Counter(each.plan_id for each in open_ if each.visit.officer not in {None, *everybody})
    return sorted(found.items())


_ELSEWHERE = Fault(
    "E-OFFICER-SCOPE",
    id="petugas ini juga memegang kelurahan di luar kecamatan Anda, atau tidak memegang satu pun; "
    "pilih kelurahan di kecamatan Anda, atau minta koordinator",
    en="this officer keeps villages outside your districts too, or none at all; choose villages of "
    "your districts, or ask a coordinator",
)
