"""Places above a village: their figures from the audience's own table, and the way down to one.

What derives from a withheld cell is withheld; a sum is told only where each of its parts is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext as _  # type: ignore[import-untyped]

from geo_target.web.figures import Figure, Record, State, added, count_of, share_of, sum_of
from geo_target.web.language import whole
from geo_target.web.store import Snapshot

#: Levels of the codes: how many parts, divided by dots, a code of one has.
PROVINCE, REGENCY, DISTRICT, VILLAGE = range(1, 5)

_NAMES = {REGENCY: "regency", DISTRICT: "district", VILLAGE: "village"}
_PAGES = {REGENCY: "regencies.show", DISTRICT: "districts.show", VILLAGE: "villages.show"}

COUNTS = (
    "families", "extreme_poor_families", "covered_families", "uncovered_families",
    "unmatched_families", "located_families",
)  # fmt: skip
_NOTHING: Record = MappingProxyType({})


@dataclass(frozen=True)
class Crumb:
    """A step on the way to a place; without an address it is the page itself."""

    words: str
    address: str | None = None


@dataclass(frozen=True)
class Shape:
    """A part of a place on its drawing: where it leads, what it says, and its class."""

    code: str
    address: str
    title: str
    mark: str
    token: str


def in_kk(families: Figure) -> str:
    """Families in words: how many, or why that is not said."""
    if families.state is State.WITHHELD:
        return str(_("tidak ditampilkan"))
    return str(_("tidak ada data")) if families.value is None else f"{whole(families.value)} KK"


def level_of(code: str) -> int:
    """Level of a code: `PROVINCE` to `VILLAGE`."""
    return code.count(".") + 1


def trail(
    snapshot: Snapshot, record: Record | None = None, level: int = PROVINCE, here: str = ""
) -> tuple[Crumb, ...]:
    """The way from the area of a run down to a place.

    Parameters
    ----------
    record
        A row that names the regency, district and village that the way goes through, as far as
        `level`.
    level
        Where the way ends: the last step is the page itself, unless `here` is.
    here
        What the page itself is called, where it is no place but lies in one.
    """
    area = snapshot.summary["area"]
    steps = [Crumb(str(area["name"]), url_for("overview.show"))]
    for each, name in _NAMES.items():
        if (
            record is not None
            and each <= level
            and (each > level_of(area["code"]) or each == level)
        ):
            code = {f"{name}_code": record[f"{name}_code"]}
            steps.append(Crumb(str(record[f"{name}_name"]), url_for(_PAGES[each], **code)))
    last = Crumb(here) if here else Crumb(steps.pop().words)
    return (*steps, last)


def villages_of(snapshot: Snapshot, column: str, code: str) -> list[Record]:
    """Villages of a ``district_code`` or ``regency_code``, in the order of visiting."""
    return [one for one in snapshot.villages.values() if one[column] == code]


def district_record(snapshot: Snapshot, code: str) -> Record:
    """What is told of a district."""
    return together(villages_of(snapshot, "district_code", code), DISTRICT, told_of(snapshot, code))


def told_of(snapshot: Snapshot, district: str) -> Record:
    """The counts that a run tells of a district by itself; older runs tell none."""
    rows = snapshot.summary.get("districts", ())
    return next((row for row in rows if row["district_code"] == district), {})


def regency_record(districts: Sequence[Record]) -> Record:
    """What follows for a regency from its districts."""
    return together(districts, REGENCY)


def sum_over(parts: Iterable[Record], column: str) -> Figure:
    """A count of all parts together: withheld, or without data, where one of them is."""
    return added([count_of(part, column) for part in parts])


def matched_of(record: Record) -> Figure:
    """Share of the listed families that could be compared."""
    compared = sum_of(record, ("covered_families", "uncovered_families"))
    return share_of(compared, count_of(record, "extreme_poor_families"))


def together(
    parts: Sequence[Record], level: int, told: Record = _NOTHING, columns: Sequence[str] = COUNTS
) -> Record:
    """One record of several; counts that are told of the whole stand before sums.

    Parameters
    ----------
    parts
        Rows of villages, or of districts.
    level
        Of the whole.
    columns
        What is summed besides `COUNTS`.
    """
    figures = {
        name: count_of(told, name) if name in told else sum_over(parts, name)
        for name in dict.fromkeys((*COUNTS, *columns))
    }
    counts = {name: figure.value for name, figure in figures.items()}
    covered, uncovered = counts["covered_families"], counts["uncovered_families"]
    withheld = [name for name, figure in figures.items() if figure.state is State.WITHHELD]
    if {"covered_families", "uncovered_families"} & {*withheld}:
        withheld.append("exclusion_error")
    compared = None if covered is None or uncovered is None else covered + uncovered
    names = [_NAMES[each] for each in _NAMES if each <= level]
    return {
        **{f"{name}_{what}": parts[0][f"{name}_{what}"] for name in names
           for what in ("code", "name") if f"{name}_{what}" in parts[0]},
        **counts,
        "exclusion_error": uncovered / compared if compared and uncovered is not None else None,
        "withheld": withheld,
    }  # fmt: skip


def parts_of(
    told: Record | None, table: str, rows: str, districts: Sequence[str]
) -> list[tuple[Record, Figure]]:
    """Rows of a table of coverage.json, each with its families in these districts together.

    None where the run has no such table, or does not name one of the districts in it.
    """
    if told is None or not all(code in told[table]["districts"] for code in districts):
        return []
    own = [told[table]["districts"][code] for code in districts]
    return [
        (row, _told(parts))
        for row, parts in zip(told[table][rows], zip(*own, strict=True), strict=True)
    ]


def _told(parts: Sequence[int | None]) -> Figure:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return Figure(State.WITHHELD)
    return Figure(State.VALUE if sum(known) else State.ZERO, sum(known))
