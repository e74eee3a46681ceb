"""Districts of a map that begins with them: their figures from the audience's own table."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.web.figures import Figure, Record, count_of, exclusion_of, located_of
from geo_target.web.indicators import Indicator, Legend, legend_of
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
    records = _records(snapshot)
    legends = tuple(legend_of(indicator, records) for indicator in indicators)
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


def _records(snapshot: Snapshot) -> dict[str, Record]:
    """By code what is told of a district; a share or a sum of what is withheld is withheld."""
    own: dict[str, list[Record]] = defaultdict(list)
    for village in snapshot.villages.values():
        own[str(village["district_code"])].append(village)
    return {
        str(told["district_code"]): _record(told, own[str(told["district_code"])])
        for told in snapshot.summary["districts"]
    }


def _record(told: Record, villages: Sequence[Record]) -> Record:
    uncovered, covered = told["uncovered_families"], told["covered_families"]
    located = [village.get("located_families") for village in villages]
    is_compared = uncovered is not None and covered is not None
    withheld = [*told["withheld"]]
    withheld += [] if is_compared else ["exclusion_error"]
    withheld += ["located_families"] if None in located else []
    return {
        **told,
        "regency_name": villages[0]["regency_name"],
        "exclusion_error": uncovered / (uncovered + covered)
        if is_compared and uncovered + covered
        else None,
        "located_families": None if None in located else sum(located),
        "withheld": withheld,
    }
