"""What has changed since the run before: from possibly untouched to uncovered, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template

from geo_target.web.access import Access, shows
from geo_target.web.charts import Item, steps
from geo_target.web.figures import Record
from geo_target.web.pages import page
from geo_target.web.step_words import Step, item_of, sentence_of, steps_of
from geo_target.web.store import Served
from geo_target.web.views.registers import words_of

bp = Blueprint("changes", __name__)


@bp.get("/perubahan")
@shows(Access.AGGREGATES)
def show() -> Response:
    """The steps that audience `meeting` is shown."""
    return page("changes", _make)


@dataclass(frozen=True)
class _Part:
    """Steps of one kind: of aid, of data, or what nobody knows."""

    kind: str
    steps: Sequence[Step]


def _make(served: Served) -> str:
    told = served.snapshot.registers
    found: Record | None = told.get("waterfall") if told else None
    is_told = found is not None and found["losses"]["all"] is not None
    told_steps = steps_of(found) if found is not None and is_told else []
    # That aid began or ended for nobody says something; that nobody was re-placed says little.
    rows = [step for step in told_steps if step.value or step.kind == "real"]
    return render_template(
        "changes/show.html",
        **words_of(served),
        found=found,
        is_told=is_told,
        parts=[
            part for kind in ("real", "data", "unknown")
            if (part := _Part(kind, [row for row in rows if row.kind == kind])).steps
        ],
        none_of=[step.label for step in told_steps if step not in rows],
        chart=_chart(found, rows) if found is not None and is_told else None,
        chart_says=sentence_of(rows),
    )  # fmt: skip


def _chart(found: Record, rows: Sequence[Step]) -> Any:
    ends = item_of(found["before"], is_first=True), item_of(found["after"], is_first=False)
    drawn = [Item(row.label, float(row.value), row.words, key=row.kind) for row in rows
             if row.value]  # fmt: skip
    return steps(ends[0], drawn, ends[1])
