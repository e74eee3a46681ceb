"""How far a plan is: by officer, by village, on a map, and as points become known."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, render_template

from geo_target.fieldwork.progress import (
    Followed,
    Progress,
    located_by_day,
    progress_by,
    progress_of,
)
from geo_target.web import visitors
from geo_target.web.access import Access, shows
from geo_target.web.field_map import progress_map
from geo_target.web.field_scope import plan_seen
from geo_target.web.field_words import outcome_words, pace_words, page_words
from geo_target.web.language import day, percent
from geo_target.web.line_charts import LineChart, Point, Series, lines
from geo_target.web.pages import store
from geo_target.web.plan_again import officers_of

bp = Blueprint("field_progress", __name__)

Growth = list[tuple[date, int, int]]


@bp.get("/lapangan/rencana/<int:plan_id>/kemajuan")
@shows(Access.PLANS)
def show(plan_id: int) -> str:
    """Progress of a plan on this day."""
    plan, served = plan_seen(plan_id), store().current()
    today = visitors.doors().clock().date()
    followed = plan.followed
    by_village = progress_by(followed, lambda one: one.visit.target.village_code, today=today)
    growth = located_by_day(followed)
    return render_template(
        "fieldwork_pages/progress.html",
        **page_words(served),
        plan=plan,
        whole=progress_of(followed, today=today),
        by_officer=_lag_first(progress_by(followed, lambda one: one.visit.officer, today=today)),
        by_village=_lag_first(by_village),
        named={one.name: one.display_name for one in officers_of(plan)},
        drawing=progress_map(served.snapshot, by_village),
        growth=growth,
        known=sum(one.visit.target.lon is not None for one in followed),
        chart=_chart(followed, growth) if growth else None,
        pace_words=pace_words(),
        outcome_words=outcome_words(),
        conflicts=len(plan.conflicts),
        today=today,
    )


def _lag_first(told: "dict[str, Progress] | dict[str | None, Progress]") -> Sequence[object]:
    """Those that lag most first, then those with most to be done."""
    return sorted(told.items(), key=lambda item: (-item[1].overdue, -item[1].open, item[0] or ""))


def _chart(followed: Sequence[Followed], growth: Growth) -> LineChart:
    """Share of the plan's families that have a point, day by day; 100 % is the top."""
    whole = len(followed)
    points = [
        Point(at.toordinal(), 100 * located / whole, percent(located / whole), day(at.isoformat()))
        for at, located, _ in growth
    ]
    ends = (points[0], points[-1])
    return lines(
        [Series("", "located", points)],
        lambda value: percent(value / 100),
        at=[(one.x, one.at) for one in dict.fromkeys(ends)],
        most=100,
        least=20,
    )
