"""Visits that somebody chooses on a page, and what is done with them by hand."""

import re
from collections.abc import Sequence

from flask import request

from geo_target.errors import Fault
from geo_target.fieldwork.visit_codes import read_code
from geo_target.fieldwork.visits import Visit
from geo_target.operations.numbers import said_line
from geo_target.operations.refusals import VisitError
from geo_target.web import visitors
from geo_target.web.field_scope import SeenPlan, officer_by_key, officers_seen

#: What may be done, by the value of the button.
ACTIONS = ("assign", "unlock", "unassign", "withdraw")
_LONGEST_REASON = 300


def chosen_visits(plan: SeenPlan) -> list[Visit]:
    """Open visits that the form names: by code, or a village, or an RW of it."""
    form = request.form
    codes = {*form.getlist("kunjungan"), *_codes(form.get("kode", ""))}
    village, _, rw = form.get("bagian", "").partition("/")
    return [
        each.visit for each in plan.open
        if each.visit.code in codes
        or (village and each.visit.target.village_code == village
            and (not rw or (each.visit.target.rw or "-") == rw))
    ]  # fmt: skip


def act(action: str, chosen: Sequence[Visit]) -> None:
    """Do one of `ACTIONS` with visits.

    Raises
    ------
    VisitError
        ``E-OFFICER-CHOICE``, or as `VisitPlans.assign` and `withdraw`.
    """
    plans, by, form = visitors.doors().visit_plans, visitors.actor(), request.form
    codes = [visit.code for visit in chosen]
    if action == "withdraw":
        reason = said_line(form.get("alasan", ""), _LONGEST_REASON)
        plans.withdraw(codes, by=by, reason=reason)
    elif action == "assign":
        name = officer_by_key(form.get("petugas_baru", ""), [one.name for one in officers_seen()])
        if name is None:
            raise VisitError(_NOBODY)
        plans.assign(codes, name, lock=True, by=by)
    elif action == "unassign":
        plans.assign(codes, None, lock=False, by=by)
    else:
        for name in sorted({visit.officer or "" for visit in chosen}):
            theirs = [visit.code for visit in chosen if (visit.officer or "") == name]
            plans.assign(theirs, name or None, lock=False, by=by)


def _codes(text: str) -> set[str]:
    """Codes that somebody typed; what holds a slip is left out."""
    return {code for word in re.split(r"[\s,;]+", text) if (code := read_code(word))}


_NOBODY = Fault(
    "E-OFFICER-CHOICE",
    id="pilih petugas yang akan mendapat kunjungan",
    en="choose the officer who gets the visits",
)
