"""Data and quality: each list, how it matches, how old the evidence is, what was lost."""

from datetime import date

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.figures import located_of
from geo_target.web.lists import OLD_DAYS, lists_of
from geo_target.web.losses import largest_losses, losses_of
from geo_target.web.pages import page
from geo_target.web.reach import told_of
from geo_target.web.store import Served, Snapshot
from geo_target.web.views.registers import words_of

bp = Blueprint("quality", __name__)

#: Keys that a row may be joined by, in the order in which they are tried.
WAYS = ("nik", "kk", "family_id", "name")


@bp.get("/mutu-data")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Sources, matches, evidence, location, boundaries and books of the current snapshot."""
    return page("quality", _make)


def _make(served: Served) -> str:
    snapshot = served.snapshot
    summary = snapshot.summary
    rows = lists_of(snapshot)
    matched = [row for row in rows if row.match is not None]
    return render_template(
        "quality/show.html",
        **words_of(served),
        totals=summary["totals"],
        balance=summary["balance"],
        boundaries=summary["boundaries"],
        rows=rows,
        old=[row for row in rows if row.is_old],
        old_days=OLD_DAYS,
        matched=matched,
        ways=[way for way in WAYS if any(way in row.match["ways"] for row in matched if row.match)],
        losses=largest_losses(snapshot),
        untold=sum(loss.part.value is None for loss in losses_of(snapshot)),
        evidence=snapshot.coverage and snapshot.coverage["evidence"],
        days_since=lambda day: max(
            0, (date.fromisoformat(summary["as_of"]) - date.fromisoformat(day)).days
        ),
        located=located_of(_totals(snapshot)),
        without_bps=sum(not one.get("bps_village_code") for one in snapshot.villages.values()),
        told_of=told_of,
    )


def _totals(snapshot: Snapshot) -> dict[str, object]:
    totals = snapshot.summary["totals"]
    return {**totals, "withheld": [name for name, value in totals.items() if value is None]}
