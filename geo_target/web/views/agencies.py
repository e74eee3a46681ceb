"""Each agency's own: the same totals above, and beneath what that agency alone can mend."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _  # type: ignore[import-untyped]
from flask_babel import ngettext

from geo_target.agencies import Agency, agencies
from geo_target.web.access import Access, shows
from geo_target.web.figures import Record, State
from geo_target.web.finding import Finding, Unit
from geo_target.web.findings import findings_of
from geo_target.web.pages import page
from geo_target.web.priority_words import called
from geo_target.web.store import Served
from geo_target.web.views.registers import words_of

bp = Blueprint("agencies", __name__)

#: How many villages a finding names; its table has all of them.
FIRST = 10


@dataclass(frozen=True)
class AgencyRow:
    """An agency, what is its own to mend, and the uncovered families whose reason is its own."""

    agency: Agency
    open: list[Finding]

    @property
    def largest(self) -> Finding | None:
        """Of most families, as far as is told."""
        told = [one for one in self.open if one.unit is Unit.FAMILIES]
        return next((one for one in told if one.figure.state is State.VALUE), None)


@bp.get("/lembaga")
@shows(Access.AGGREGATES)
def index() -> Response:
    """All agencies, and the offices of reasons that have no page."""
    return page("agencies", _make_index)


@bp.get("/lembaga/<agency>")
@shows(Access.AGGREGATES)
def show(agency: str) -> Response:
    """What one agency can mend."""
    found = agencies().get(agency) or abort(404)
    return page("agency", lambda served: _make(served, found), agency)


def _make_index(served: Served) -> str:
    return render_template(
        "agencies/index.html",
        **_words(served),
        rows=[AgencyRow(one, _open(findings_of(one, served.snapshot))) for one in _listed()],
        others=_others(served),
    )


def _make(served: Served, agency: Agency) -> str:
    findings = findings_of(agency, served.snapshot)
    mine = _open(findings)
    return render_template(
        "agencies/show.html",
        **_words(served),
        agency=agency,
        agencies=_listed(),
        families=[one for one in mine if one.unit is Unit.FAMILIES],
        data=[one for one in mine if one.unit is not Unit.FAMILIES],
        settled=[one for one in findings if not one.is_open],
        largest=AgencyRow(agency, mine).largest,
        first=FIRST,
    )


def _words(served: Served) -> dict[str, Any]:
    words = words_of(served)
    return {
        **words,
        "called": called,
        "totals": served.snapshot.summary["totals"],
        "unit_of": lambda one: _unit(one.unit, int(one.figure.value), words["kind"]),
    }


def _unit(unit: Unit, count: int, kind: str) -> str:
    """What is counted, in words."""
    words = {
        Unit.FAMILIES: "KK",
        Unit.ROWS: ngettext("baris", "baris", count),
        Unit.CELLS: ngettext("sel", "sel", count),
        Unit.VILLAGES: kind,
        Unit.CLUSTERS: _("klaster"),
        Unit.PROGRAMS: ngettext("program", "program", count),
        Unit.FACILITIES: ngettext("fasilitas", "fasilitas", count),
        Unit.LAYERS: ngettext("lapisan", "lapisan", count),
        Unit.DAYS: _("hari"),
    }
    return str(words[unit])


def _listed() -> list[Agency]:
    return [*agencies().values()]


def _open(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.is_open]


def _others(served: Served) -> list[Record]:
    """Offices that reasons name and that no agency is."""
    told = served.snapshot.coverage
    known = {office for one in _listed() for office in one.offices}
    return [row for row in told["reasons"]["offices"] if row["office"] not in known] if told else []
