"""Districts of a map that begins with them: their figures from the audience's own table."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.web.figures import Figure, Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import (
    Indicator,
    Legend,
    indicators_of,
    legend_of,
    told_villages,
)
from geo_target.web.places import DISTRICT, together, told_of
from geo_target.web.store import Snapshot


@dataclass(frozen=True)
class DistrictRow:
    """A row of the table of districts; `tokens` are its classes on the map, by indicator."""

    record: Record
    villages: int
    uncovered: Figure
    listed: Figure
    exclusion: Figure
    located: Figure
    tokens: dict[str, str]


@dataclass(frozen=True)
class Districts:
    """Rows, the most uncovered families first, and a legend for each indicator."""

    rows: tuple[DistrictRow, ...] = ()
    legends: tuple[Legend, ...] = ()


def comes_by_district(snapshot: Snapshot) -> bool:
    """Whether the map begins with districts, as the publication has chosen by weight."""
    first: str = snapshot.summary.get("map", {}).get("first", "villages")
    return first == "districts"


def districts_of(snapshot: Snapshot, indicators: Sequence[Indicator]) -> Districts:
    """Rows and legends; none where the map begins with its villages."""
    if not comes_by_district(snapshot):
        return Districts()
    records = district_records(snapshot)
    legends = tuple(legend_of(indicator, records, "districts") for indicator in indicators)
    villages = Counter(str(v["district_code"]) for v in snapshot.villages.values())
    rows = [
        DistrictRow(
            record=record,
            villages=villages[code],
            uncovered=count_of(record, "uncovered_families"),
            listed=count_of(record, "extreme_poor_families"),
            exclusion=exclusion_of(record),
            located=located_of(record),
            tokens={legend.indicator.key: legend.tokens[code] for legend in legends},
        )
        for code, record in records.items()
    ]
    rows.sort(key=lambda row: (-(row.uncovered.value or 0), row.record["district_code"]))
    return Districts(tuple(rows), legends)


def district_records(snapshot: Snapshot, *more: str) -> dict[str, Record]:
    """By code what is told of a district; a share or a sum of what is withheld is withheld.

    Its sums of the state of families are published; others are sums of its villages, where all
    of them are told; `more` are columns besides those of the indicators.
    """
    own: dict[str, list[Record]] = defaultdict(list)
    for village in told_villages(snapshot).values():
        own[str(village["district_code"])].append(village)
    columns = sorted({*more, *(n for one in indicators_of(snapshot) for n in one.columns)})
    return {
        code: together(villages, DISTRICT, told_of(snapshot, code), columns)
        for code, villages in sorted(own.items())
    }
