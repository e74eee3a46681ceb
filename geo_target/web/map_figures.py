"""The figures of all indicators in one compact file, for a map that changes without a request.

It has the counts, and how each indicator is made of them (`Indicator.figure`); the browser
divides (static/figures.js). A test holds every figure of the two against each other.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from geo_target.web.districts import comes_by_district, district_records
from geo_target.web.figures import Record, State, count_of
from geo_target.web.indicators import Indicator, Measure, edges_of, indicators_of, told_villages
from geo_target.web.reach import LISTED, UNMATCHED
from geo_target.web.store import Snapshot

#: In place of a count: null where it is withheld.
NO_DATA = -1


def map_figures(snapshot: Snapshot) -> bytes:
    """JSON of one run, without a word of a language.

    ``indicators`` tells of each key its measure, the columns of its part and of its base and its
    tone; ``edges`` the legends of a measure; ``villages`` and ``districts`` the codes, and a list
    of counts for each column; ``compared`` which columns are the unmatched and all listed
    families; ``stale`` the villages whose evidence is.
    """
    indicators = indicators_of(snapshot)
    names = {name: place for place, name in enumerate(_columns(indicators))}
    villages = told_villages(snapshot)
    told = {
        "indicators": {one.key: _recipe(one, names) for one in indicators},
        "edges": {str(measure): edges_of(measure) for measure in Measure},
        "compared": [names[UNMATCHED], names[LISTED]],
        "villages": _values(villages, [*names]),
        "districts": _values(
            district_records(snapshot) if comes_by_district(snapshot) else {}, [*names]
        ),
        "stale": [code for code, record in villages.items() if record.get("is_stale")],
    }
    return json.dumps(told, separators=(",", ":"), allow_nan=False).encode()


def _columns(indicators: Sequence[Indicator]) -> list[str]:
    return [*dict.fromkeys([UNMATCHED, LISTED, *(n for one in indicators for n in one.columns)])]


def _recipe(one: Indicator, names: Mapping[str, int]) -> list[Any]:
    part, base = ([names[name] for name in some] for some in (one.subject.part, one.base))
    return [str(one.measure), part, base, one.tone]


def _values(records: Mapping[str, Record], names: Sequence[str]) -> Record:
    columns = [[_value(record, name) for record in records.values()] for name in names]
    return {"codes": [*records], "columns": columns}


def _value(record: Record, name: str) -> float | None:
    figure = count_of(record, name)
    if figure.state is State.WITHHELD:
        return None
    return NO_DATA if figure.value is None else figure.value
