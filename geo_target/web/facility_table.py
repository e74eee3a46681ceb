"""Villages by their way to the nearest facility of a type, of an audience's own table.

Records in, rows out. An interval is of any place of the village, and tells nothing of families;
a mean is of the families with a point, and stands only where their number is shown.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geo_target.web.figures import Figure, Record, State, count_of

#: Every place of a village is beyond the limit, some may be, none is; '' where nothing is known.
BEYOND, MAYBE, WITHIN, UNKNOWN = "beyond", "maybe", "within", ""
_ORDER = (BEYOND, MAYBE, UNKNOWN, WITHIN)


@dataclass(frozen=True)
class Ends:
    """From which number to which; `most` is None where there is no such bound."""

    least: float
    most: float | None


@dataclass(frozen=True)
class Row:
    """A village and its way to a type of facility."""

    record: Record
    state: str
    kilometers: Ends | None
    minutes: Ends | None
    mean_km: Figure
    mean_minutes: Figure


@dataclass(frozen=True)
class DistrictRow:
    """How many villages of a district are beyond, may be, and are there at all; its mean."""

    name: str
    beyond: int
    maybe: int
    villages: int
    mean_km: Figure
    mean_minutes: float | None
    counted: int
    """Villages that the mean is of."""


def rows_of(villages: Iterable[Record], access: Record, kind: str) -> list[Row]:
    """Beyond first, then those that may be; of either the most uncovered first, then by code."""
    ways = access["villages"]
    rows = [row_of(village, ways.get(village["village_code"], {}).get(kind, {}))
            for village in villages]  # fmt: skip
    return sorted(
        rows,
        key=lambda row: (
            _ORDER.index(row.state),
            -(row.record["uncovered_families"] or 0),
            row.record["village_code"],
        ),
    )


def row_of(village: Record, way: Record) -> Row:
    """A village with what is told of its way to one type; an empty `way` is not known."""
    return Row(
        village,
        way.get("beyond") or UNKNOWN,
        ends(way, "m", 1_000),
        ends(way, "minutes", 1),
        mean_of(village, way, "mean_m", 1_000),
        mean_of(village, way, "mean_minutes", 1),
    )


def ends(way: Record, suffix: str, unit: float) -> Ends | None:
    """The interval in `unit`; None where nothing is known."""
    least, most = way.get(f"least_{suffix}"), way.get(f"most_{suffix}")
    return None if least is None else Ends(least / unit, None if most is None else most / unit)


def mean_of(village: Record, way: Record, column: str, unit: float) -> Figure:
    """The mean of located families: withheld where their number is, or where they are few."""
    mean = way.get(column)
    if mean is not None:
        return Figure(State.VALUE, mean / unit)
    located = count_of(village, "located_families")
    if way.get("least_m") is None or located.state in (State.ZERO, State.NO_DATA):
        return Figure(State.NO_DATA)
    return Figure(State.WITHHELD)


def by_district(rows: Sequence[Row], means: Mapping[str, Record]) -> list[DistrictRow]:
    """Districts in the order of their names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row.record["district_code"]), []).append(row)
    found = []
    for code, own in groups.items():
        mean = means.get(code, {})
        meters = mean.get("mean_m")
        found.append(
            DistrictRow(
                name=str(own[0].record["district_name"]),
                beyond=sum(row.state == BEYOND for row in own),
                maybe=sum(row.state == MAYBE for row in own),
                villages=len(own),
                mean_km=_mean_in(own, None if meters is None else meters / 1_000),
                mean_minutes=mean.get("mean_minutes"),
                counted=mean.get("villages", 0),
            )
        )
    return sorted(found, key=lambda district: district.name)


def _mean_in(rows: Iterable[Row], mean: float | None) -> Figure:
    """The mean of a district: without one it is withheld where that of one of its villages is."""
    if mean is not None:
        return Figure(State.VALUE, mean)
    is_withheld = any(row.mean_km.state is State.WITHHELD for row in rows)
    return Figure(State.WITHHELD if is_withheld else State.NO_DATA)


def uncovered_in(rows: Iterable[Row]) -> tuple[int, bool]:
    """Uncovered families of rows that are shown, and whether some are not."""
    counts = [row.record["uncovered_families"] for row in rows]
    return sum(count for count in counts if count is not None), None in counts


def scale_of(rows: Sequence[Row], limit: float) -> float:
    """Minutes that a drawing of all rows is wide: at least twice the limit."""
    ends = [e for row in rows if row.minutes for e in (row.minutes.least, row.minutes.most)]
    return max([2 * limit, *(end for end in ends if end is not None)])


def outward(found: Ends, parts: int = 1) -> tuple[float, float | None]:
    """Ends in whole units, or in so many parts of one, so that no place falls out."""
    most = None if found.most is None else math.ceil(round(found.most * parts, 6)) / parts
    return math.floor(round(found.least * parts, 6)) / parts, most


def minutes_of(found: Ends, limit: float) -> tuple[float, float | None]:
    """Ends in whole minutes; the near one in tenths where whole ones would hide that it is beyond.

    What is 30.4 minutes away at the nearest is not told as 30 where the limit is 30.
    """
    near, most = outward(found)
    return (outward(found, 10)[0] if near <= limit < found.least else near), most
