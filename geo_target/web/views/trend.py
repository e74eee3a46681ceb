"""The months of an area beside each other; official rates and targets, in a panel of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import cast

from flask import Blueprint, Response, current_app, render_template
from flask_babel import format_date  # type: ignore[import-untyped]
from flask_babel import gettext as _

from geo_target.publishing.figure_ledger import PublishedFigure
from geo_target.web.access import Access, shows
from geo_target.web.coverage_words import confidence_words
from geo_target.web.figures import Figure, Record, State
from geo_target.web.history import Month, months_of
from geo_target.web.language import day, percent, period, whole
from geo_target.web.line_charts import Point, Series, lines
from geo_target.web.official_rates import Drawn, panels_of, span_of, written
from geo_target.web.pages import page, store
from geo_target.web.store import Served
from geo_target.web.views.registers import words_of

bp = Blueprint("trend", __name__)


@dataclass(frozen=True)
class ChangeRow:
    """Uncovered families from one month to the next: of aid, of the list, and of the data.

    Each is a gain and a loss; None is withheld, and so is a sum with a withheld part.
    """

    month: Month
    before: Month
    told: Record | None
    aid: tuple[int | None, int | None]
    listed: tuple[int | None, int | None]
    data: tuple[int | None, int | None]


@bp.get("/tren")
@shows(Access.AGGREGATES)
def show() -> Response:
    """Every kept month of the area of the snapshot, up to the one that is shown."""
    return page("trend", _make)


def _make(served: Served) -> str:
    summary = served.snapshot.summary
    past = list(store().history(served.snapshot.run_id))
    months = months_of(past, summary)
    ledger = cast(Sequence[PublishedFigure], current_app.extensions["geo_target.ledger"])
    return render_template(
        "trend/show.html",
        **words_of(served),
        months=months,
        broken=sum(one is None for one in past),
        charts=[_chart(name, title, months) for name, title in _titles().items()],
        changed=_changed(months),
        changes=_change_rows(months),
        panels=panels_of(summary["area"]["code"], ledger),
        period=period,
        written=written,
        span=span_of,
        confidence_words=confidence_words(),
    )


def _titles() -> dict[str, str]:
    return {
        "uncovered": _("Keluarga belum tersentuh (KK)"),
        "rate": _("Tingkat terlewat (persen dari keluarga yang padan)"),
        "matched": _("Padan (persen dari keluarga sasaran)"),
        "located": _("Punya titik (persen dari keluarga sasaran)"),
    }


def _changed(months: Sequence[Month]) -> list[tuple[str, str]]:
    """Days since which something is asked otherwise, and what."""
    words = {
        "list": _("daftar sasarannya"),
        "target": _("aturan siapa yang menjadi sasaran"),
        "programs": _("program yang dihitung"),
        "members": _("apakah satu anggota cukup bagi keluarganya"),
    }
    return [
        (month.as_of, ", ".join(words[name] for name in month.changed))
        for month in months if month.changed
    ]  # fmt: skip


def _chart(name: str, title: str, months: Sequence[Month]) -> Drawn:
    write = whole if name == "uncovered" else percent
    places = [float(date.fromisoformat(month.as_of).toordinal()) for month in months]
    points = [
        _point(x, month.figures[name], day(month.as_of), is_count=name == "uncovered")
        for x, month in zip(places, months, strict=True)
    ]
    breaks = frozenset(x for x, month in zip(places, months, strict=True) if month.changed)
    chart = lines(
        [Series(title, "first", points, breaks)], write, least=1 if name == "uncovered" else 0.01,
        at=list(zip(places, _short([month.as_of for month in months]), strict=True)),
    )  # fmt: skip
    said = [f"{point.at}: {point.words}" for point in (points[:1] + points[1:][-1:])]
    return Drawn(title, chart, "; ".join(said) + ".")


def _point(x: float, figure: Figure, at: str, *, is_count: bool) -> Point:
    if figure.state in (State.VALUE, State.ZERO):
        value = float(figure.value or 0)
        return Point(x, value, whole(value) if is_count else percent(value), at)
    if figure.state is State.WITHHELD:
        return Point(x, None, _("tidak ditampilkan"), at, "withheld")
    if figure.state is State.SMALL:  # too few for a percentage
        few = _(
            "%(part)s dari %(base)s KK", part=whole(figure.part or 0), base=whole(figure.base or 0)
        )
        return Point(x, None, few, at, "none")
    return Point(x, None, _("tidak ada data"), at, "none")


def _short(days: Sequence[str]) -> list[str]:
    """Days as short as they are told apart: ``Okt 25``, or ``15 Okt 25``."""
    is_monthly = len({text[:7] for text in days}) == len(days)
    pattern = "MMM yy" if is_monthly else "d MMM yy"
    return [str(format_date(date.fromisoformat(text), pattern, rebase=False)) for text in days]


def _change_rows(months: Sequence[Month]) -> list[ChangeRow]:
    return [
        ChangeRow(
            month, before, month.changes,
            aid=(_sum(month.changes, "gains", "lost"), _sum(month.changes, "losses", "covered")),
            listed=(_sum(month.changes, "gains", "new"), _sum(month.changes, "losses", "gone")),
            data=(_of_data(month.changes, "gains"), _of_data(month.changes, "losses")),
        )
        for before, month in pairwise(months)
    ]  # fmt: skip


def _of_data(changes: Record | None, side: str) -> int | None:
    return _sum(changes, side, "re_matched", "re_classified", "re_placed")


def _sum(changes: Record | None, side: str, *causes: str) -> int | None:
    """Families of some causes, where each of them is shown."""
    parts = [changes[side][cause] for cause in causes] if changes else [None]
    shown = [part for part in parts if part is not None]
    return sum(shown) if len(shown) == len(parts) else None
