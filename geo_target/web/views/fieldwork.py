"""Plans of visits with how far they are, and what is to be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template

from geo_target.fieldwork.progress import Progress, progress_of
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_scope import SeenPlan, officers_seen, plans_seen, seen
from geo_target.web.field_words import pace_words, page_words
from geo_target.web.pages import store

bp = Blueprint("fieldwork", __name__)


@dataclass(frozen=True)
class PlanRow:
    """A plan in the list."""

    plan: SeenPlan
    progress: Progress
    conflicts: int


@bp.get("/lapangan")
@shows(Access.PLANS)
def show() -> str:
    """All plans, the newest first; before there are any, what comes first."""
    served = store().current()
    today = visitors.doors().clock().date()
    rows = [
        PlanRow(plan, progress_of(plan.followed, today=today), len(plan.conflicts))
        for plan in plans_seen()
    ]
    orphans = len(visitors.doors().visit_outcomes.orphans(within=seen()))
    officers = officers_seen()
    return render_template(
        "fieldwork_pages/index.html",
        **page_words(served),
        rows=rows,
        officers=len(officers),
        orphans=orphans,
        steps=_steps(len(officers), rows),
        pace_words=pace_words(),
    )


def _steps(officers: int, rows: Sequence[PlanRow]) -> Mapping[str, bool]:
    """Which of the steps of a month have been taken."""
    return {
        "officers": officers > 0,
        "plan": bool(rows),
        "carry": any(row.progress.done for row in rows),
        "answers": any(row.progress.done for row in rows),
        "run": False,
    }
