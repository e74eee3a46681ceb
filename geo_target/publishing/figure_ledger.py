"""The ledger of published figures, each held against our own count where that can be done.

Figures on poverty differ in unit, date, list and meaning; what differs is said, never computed
away. Ours are in geodata/published_figures.csv; a configuration adds its own in a file of the
same columns (docs/figures.md). A count of rows of a register is no count of poor people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from geo_target.publishing.quantities import Quantity, Unit, Words, difference

Reason = Literal["unit", "list", "rule", "programs", "date", "unmatched"]
Status = Literal[
    "same", "other_date", "other_definition", "other_unit", "no_own_count", "withheld"
]  # fmt: skip

STATUS_WORDS: Mapping[Status, Words] = {
    "same": {"id": "sebanding", "en": "comparable"},
    "other_date": {"id": "beda tanggal", "en": "other date"},
    "other_definition": {"id": "beda arti", "en": "other meaning"},
    "other_unit": {"id": "beda satuan", "en": "other unit"},
    "no_own_count": {"id": "tidak dihitung di sini", "en": "not counted here"},
    "withheld": {"id": "tidak ditampilkan", "en": "withheld"},
}
#: Own counts that a published figure may be held against, and their units.
OWN_COUNTS: Mapping[str, Unit] = {
    "extreme_poor_families": "family",
    "covered_families": "family",
    "uncovered_families": "family",
}
#: Above every province.
NATION = "ID"

#: Each unmatched family may be one of these.
_OF_A_STATE = {"covered_families", "uncovered_families"}
_DEFINITION_REASONS = {"list", "rule", "programs"}


@dataclass(frozen=True)
class PublishedFigure:
    """One figure as somebody published it.

    `date` is the period as far as it is known: ``2023``, ``2023-12`` or ``2023-12-18``.
    `register` is the list that it counts rows of, `programs` what 'covered' meant; both are
    empty where nobody said. `counts` is a key of `OWN_COUNTS` or empty.
    """

    id: str
    area: str
    area_name: str
    kind: Literal["survey", "count"]
    quantity: Quantity
    date: str
    publisher: str
    source: str
    register: str
    counts: str
    programs: tuple[str, ...]
    definition: Words
    why: Words


@dataclass(frozen=True)
class Comparison:
    """What our own count says beside a published figure, and all that makes them differ.

    `own` is None where there is none or it is withheld; `most` is with the unmatched families,
    and so is `most_difference`. There is no difference between units.
    """

    status: Status
    own: Quantity | None = None
    most: Quantity | None = None
    own_date: str = ""
    difference: Quantity | None = None
    most_difference: Quantity | None = None
    reasons: tuple[Reason, ...] = ()


def compare(figure: PublishedFigure, summary: Mapping[str, Any]) -> Comparison:
    """Hold a published figure against what a run has shown.

    Parameters
    ----------
    summary
        ``shown/meeting/summary.json``; empty where there is no run.
    """
    counts = _shown_counts(figure.area, summary)
    if not figure.counts or figure.counts not in counts:
        return Comparison("no_own_count")
    as_of, count = str(summary["as_of"]), counts[figure.counts]
    if count is None:
        return Comparison("withheld", own_date=as_of)
    own = Quantity(Decimal(count), OWN_COUNTS[figure.counts])
    unmatched = counts.get("unmatched_families") if figure.counts in _OF_A_STATE else 0
    most = Quantity(own.value + unmatched, own.unit) if unmatched else None
    reasons = tuple(_reasons(figure, summary, own, unmatched))
    is_same_unit = "unit" not in reasons
    return Comparison(
        status=_status(reasons),
        own=own,
        most=most,
        own_date=as_of,
        difference=difference(own, figure.quantity) if is_same_unit else None,
        most_difference=difference(most, figure.quantity) if most and is_same_unit else None,
        reasons=reasons,
    )


def _shown_counts(area: str, summary: Mapping[str, Any]) -> Mapping[str, Any]:
    """Counts of the area of the run, or of one of its districts; empty of any other."""
    if not summary:
        return {}
    if area == summary["area"]["code"]:
        return cast(Mapping[str, Any], summary["totals"])
    districts: Sequence[Mapping[str, Any]] = summary.get("districts", ())
    return next((row for row in districts if row["district_code"] == area), {})


def _reasons(
    figure: PublishedFigure, summary: Mapping[str, Any], own: Quantity, unmatched: int | None
) -> Iterator[Reason]:
    if figure.quantity.unit != own.unit:
        yield "unit"
    if figure.register != str(summary["base"]["profile"]).split("-")[0]:
        yield "list"
    if summary["welfare"]["rule"] != "listed":
        yield "rule"
    programs = {str(program["code"]) for program in summary["definition"]["programs"]}
    if figure.counts != "extreme_poor_families" and programs != set(figure.programs):
        yield "programs"
    if not str(summary["as_of"]).startswith(figure.date):
        yield "date"
    if unmatched != 0:
        yield "unmatched"


def _status(reasons: Sequence[Reason]) -> Status:
    if "unit" in reasons:
        return "other_unit"
    if _DEFINITION_REASONS & set(reasons):
        return "other_definition"
    return "other_date" if "date" in reasons else "same"


def figures_about(area: str, ledger: Iterable[PublishedFigure]) -> list[PublishedFigure]:
    """Figures of an area, of those inside it, then of those around it, outward; each by date."""

    def is_inside(one: str, other: str) -> bool:
        return other == NATION or f"{one}.".startswith(f"{other}.")

    inside = [figure for figure in ledger if is_inside(figure.area, area)]
    around = [f for f in ledger if is_inside(area, f.area) and f.area != area]
    return [
        *sorted(inside, key=lambda f: (f.area, f.date, f.id)),
        *sorted(around, key=lambda f: (-len(f.area), f.area, f.date, f.id)),
    ]
