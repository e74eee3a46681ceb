"""Side by side: two months, programs or definitions on one legend, and what lies between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.access import Access, shows
from geo_target.web.atlas import atlas_of
from geo_target.web.changes import SAME, Change, changes_of, legend_of_changes
from geo_target.web.compared_sides import Side, called, is_alike, side_of
from geo_target.web.compared_words import days_of, numbered, tally_of, totals_of
from geo_target.web.comparison import Question, question_of, small_sides
from geo_target.web.figures import Figure
from geo_target.web.indicators import Indicator, indicators_of
from geo_target.web.language import day, signed
from geo_target.web.pages import page
from geo_target.web.run_differences import (
    asks_alike,
    causes_of,
    definition_of,
    differences_of,
    registers_of,
)
from geo_target.web.runs import runs_beside
from geo_target.web.store import Served
from geo_target.web.subjects import Group
from geo_target.web.wording import program_names, village_kind

bp = Blueprint("compare", __name__)

_WORDS = ("kiri", "kanan", "bulan_kiri", "bulan_kanan", "tampil", "deret", "kec")


@dataclass(frozen=True)
class Row:
    """A place in the table; a figure is None where its run does not know the place."""

    code: str
    name: str
    within: str
    left: Figure | None
    right: Figure | None
    change: Change


@bp.get("/banding")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Two maps, the map of changes, or small maps, as the address asks."""
    asked = {word: request.args[word] for word in _WORDS if request.args.get(word)}
    return page("compare", lambda served: _make(served, asked), asked=asked)


def _make(served: Served, asked: Mapping[str, str]) -> str:
    current = served.snapshot
    question = question_of(asked, runs_beside(current), current) or abort(404)
    snapshot = question.right[1]
    words = {
        "question": question,
        "snapshot": snapshot,
        "summary": snapshot.summary,
        "degraded": served.degraded,
        "programs": program_names,
        "place_kind": _kind(question),
        "within": _district_name(question),
        "groups": _groups(question),
        "run_names": _run_names(question),
        "current": current.summary,
        "called": called,
        "definition_of": definition_of,
    }  # fmt: skip
    if question.view == "kecil":
        return render_template("compare/small.html", **words, **_small(question, served))
    return render_template("compare/show.html", **words, **_pair(question, served))


def _pair(question: Question, served: Served) -> dict[str, Any]:
    asked = (question.level, question.district)
    left, right = (side_of(*chosen, *asked) for chosen in (question.left, question.right))
    changes = changes_of(left.figures, right.figures, question.steps())
    legend = legend_of_changes(changes, question.steps())
    is_over_time = left.indicator.key == right.indicator.key
    atlas = atlas_of([left.snapshot, right.snapshot], *asked)
    return {
        "left": left,
        "right": right,
        "atlas": atlas,
        "change_tokens": {code: change.token for code, change in changes.items()},
        "gone": {code: shape for code, shape in atlas.sheets[0].items()
                 if code not in atlas.sheets[1]},
        "change_legend": legend,
        "tally": tally_of(legend, changes, _kind(question), is_over_time),
        "totals": totals_of(question, left, right) if is_over_time else None,
        "days": days_of(left.run, right.run),
        "rows": _rows(question, left, right, changes),
        "differences": differences_of(left, right, atlas),
        "causes": causes_of(left, right),
        "registers": registers_of(left, right),
        "is_same": left.run == right.run and left.indicator.key == right.indicator.key,
        "is_over_time": is_over_time,
        "is_current": right.run.run_id == served.snapshot.run_id,
        "change_words": change_words,
    }  # fmt: skip


def _kind(question: Question) -> str:
    villages = question.right[1].villages
    return str(_("kecamatan") if question.level == "districts" else village_kind(villages))


def _small(question: Question, served: Served) -> dict[str, Any]:
    sides, more = small_sides(question, served.snapshot)
    names = _names(question, sides)
    chosen = side_of(*question.right, question.level, question.district)
    return {
        "sides": sides,
        "chosen": chosen,
        "asks_alike": [asks_alike(side.snapshot, chosen.snapshot) for side in sides],
        "more": more,
        "series": _series(question),
        "atlas": atlas_of([side.snapshot for side in sides], question.level, question.district),
        "rows": [(code, *names[code]) for code in sorted(names, key=lambda code: names[code])],
    }


def _rows(question: Question, left: Side, right: Side, changes: Mapping[str, Change]) -> list[Row]:
    """The largest changes first, whichever way they go; last what cannot be compared."""
    names = _names(question, [left, right])
    rows = [
        Row(code, *names[code], left.figures.get(code), right.figures.get(code), change)
        for code, change in changes.items()
    ]
    return sorted(
        rows,
        key=lambda row: (-abs(row.change.value) if row.change.value is not None else 1, row.name),
    )


def _names(question: Question, sides: list[Side]) -> dict[str, tuple[str, str]]:
    """Name of each place, and of what it lies in; the newest run's."""
    by_district = question.level == "districts"
    own, around = ("district", "regency") if by_district else ("village", "district")
    return {
        str(village[f"{own}_code"]): (str(village[f"{own}_name"]), str(village[f"{around}_name"]))
        for side in sides
        for village in side.snapshot.villages.values()
        if village[f"{own}_code"] in side.figures
    }


def _district_name(question: Question) -> str | None:
    villages = question.right[1].villages.values()
    return next(
        (str(v["district_name"]) for v in villages if v["district_code"] == question.district), None
    )


def _groups(question: Question) -> list[tuple[str, list[Any]]]:
    """Figures to choose from, by group, each said with its measure."""
    groups: dict[Group, list[Any]] = {}
    for one in question.kinds:
        groups.setdefault(one.subject.group, []).append(one)
    return [(group.words, own) for group, own in groups.items()]


def _series(question: Question) -> list[tuple[str, str, bool]]:
    """Kinds of figures that small maps can show of one run: in words, the first, whether chosen."""
    shown = question.right[2]
    firsts: list[Indicator] = []
    for one in indicators_of(question.right[1]):
        if one.measure is shown.measure and not any(is_alike(one, first) for first in firsts):
            firsts.append(one)
    return [(_series_words(one), one.key, is_alike(one, shown)) for one in firsts]


def _series_words(one: Indicator) -> str:
    if one.subject.group is Group.PROGRAMS:
        is_reached = one.subject.tone == "enrolled"
        return str(_("program: penerima") if is_reached else _("program: layak, belum terdaftar"))
    words = {
        Group.LENSES: _("kelompok keluarga"),
        Group.QUALITY: _("mutu data"),
    }
    return str(words.get(one.subject.group, _("definisi tersentuh")))


def _run_names(question: Question) -> dict[str, str]:
    """Runs by their day; with the number of the run where a day has several."""
    days = Counter(run.as_of for run in question.runs)
    return {
        run.run_id: day(run.as_of) if days[run.as_of] == 1 else numbered(run)
        for run in question.runs
    }


def change_words(change: Change, indicator: Indicator, is_over_time: bool) -> str:  # noqa: FBT001
    """A change with its sign, and its way in words: not by color or sign alone."""
    if change.value is None:
        return ""
    if change.token == SAME:
        return str(_("tetap") if is_over_time else _("sama"))
    rises = change.value > 0
    if is_over_time:
        way = _("naik") if rises else _("turun")
    else:
        way = _("kanan lebih besar") if rises else _("kanan lebih kecil")
    if indicator.is_share:
        return str(_("%(points)s poin, %(way)s", points=signed(change.value * 100), way=way))
    return f"{signed(change.value)}, {way}"
