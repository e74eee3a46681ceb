"""The finding of a comparison in words: how many places rose or fell, and of which days."""

from collections.abc import Mapping

from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.changes import SAME, Change, ChangeLegend
from geo_target.web.compared_sides import Side
from geo_target.web.comparison import Question
from geo_target.web.language import day, whole
from geo_target.web.runs import Run


def tally_of(
    legend: ChangeLegend,
    changes: Mapping[str, Change],
    kind: str,
    is_over_time: bool,  # noqa: FBT001
) -> str:
    """In how many places it rose, fell, stayed or cannot be told; what is nowhere is left out."""
    rises, falls = (sum(one.places for one in way) for way in (legend.rises, legend.falls))
    same = legend.count[SAME]
    ways = (
        (_("naik di %(places)s"), _("turun di %(places)s"), _("tetap di %(places)s"))
        if is_over_time
        else (
            _("lebih besar di %(places)s"),
            _("lebih kecil di %(places)s"),
            _("sama di %(places)s"),
        )
    )
    parts = zip(
        (*ways, _("%(places)s tidak dapat dibandingkan")),
        (rises, falls, same, len(changes) - rises - falls - same),
        strict=True,
    )
    told = [(words, places) for words, places in parts if places]
    return ", ".join(
        words % {"places": whole(places) if number else f"{whole(places)} {kind}"}
        for number, (words, places) in enumerate(told)
    )


def totals_of(question: Question, left: Side, right: Side) -> tuple[int, int] | None:
    """Uncovered families of the whole area on both sides, where these are compared and shown."""
    is_backwards = left.run.as_of > right.run.as_of
    if right.indicator.key != "uncovered" or question.district is not None or is_backwards:
        return None
    before, after = (
        side.snapshot.summary["totals"]["uncovered_families"] for side in (left, right)
    )
    return None if before is None or after is None else (before, after)


def days_of(left: Run, right: Run) -> tuple[str, str]:
    """The days of two sides; with the number of the run only where the days are one."""
    is_told = left == right or left.as_of != right.as_of
    return (day(left.as_of), day(right.as_of)) if is_told else (numbered(left), numbered(right))


def numbered(run: Run) -> str:
    """A day with the number of its run, where a day has several."""
    number = run.run_id.split("-")[0]
    return str(_("%(day)s, hasil %(run)s", day=day(run.as_of), run=number))
