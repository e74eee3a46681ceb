"""All that the audience `public` ever gets: bands in place of counts, nothing below the village."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.publishing.archive import Draft
from geo_target.publishing.audiences import COUNTS, GROUP, PUBLIC, TOTAL
from geo_target.publishing.disclosure import names_of, publish_districts, suppress_villages
from geo_target.publishing.drawing import Layer
from geo_target.publishing.interval_attack import WHOLE_AREA, GateError, Release, margins_of
from geo_target.publishing.releases import ever_published, remember
from geo_target.publishing.shown_files import records, write_json, write_layers
from geo_target.publishing.shown_gate import judge, written_release
from geo_target.publishing.suppression import BANDS, band

_NAMES = [
    "bps_village_code", "village_name", "village_kind", "district_code", "district_name",
    "regency_code", "regency_name",
]  # fmt: skip
#: Class of a village on the map by the band of its uncovered families, c1 the fewest.
_CLASSES = {words: f"c{number}" for number, words in enumerate(reversed(BANDS), start=1)}
_ZERO, _WITHHELD = "zero", "withheld"
#: What of the meeting's summary is said to everybody: no file name, no count of rows.
_SAID = ("as_of", "created_at", "run_id", "area", "demo", "base", "definition", "welfare", "map")


@dataclass(frozen=True)
class PublicTables:
    """What the public is shown: villages in order, sums, and the release they make."""

    release: Release
    villages: pd.DataFrame
    districts: list[dict[str, Any]]
    totals: dict[str, int | None]


def write_public(
    villages: gpd.GeoDataFrame,
    draft: Draft,
    meeting: Release,
    summary: Mapping[str, Any],
    shapes: Mapping[str, Layer],
) -> dict[str, str]:
    """Write ``shown/public/``, or nothing of it where the public has seen too much already.

    Parameters
    ----------
    villages
        The exact village table.
    meeting, summary
        What the meeting is shown: its release and its summary.
    shapes
        Layers without a figure.

    Returns
    -------
    dict
        Empty, or ``refused`` and the code of the fault.
    """
    try:
        public = public_tables(villages, meeting, ever_published(draft.archive, PUBLIC))
    except GateError as error:
        return {"refused": error.faults[0].code}
    rows = records(public.villages)
    write_json(draft, PUBLIC, "tables/villages.json", rows)
    write_layers(draft, PUBLIC, villages, shapes)
    write_json(draft, PUBLIC, "summary.json", _summary(summary, public))
    remember(public.release, draft, PUBLIC)
    return {}


def public_tables(
    villages: gpd.GeoDataFrame, meeting: Release, earlier: Sequence[Release]
) -> PublicTables:
    """Choose what is withheld from the public, and hold the rest to the gate.

    Raises
    ------
    GateError
        With what was published before, a withheld count could be worked out.
    """
    release = suppress_villages(villages, PUBLIC, earlier=earlier, keep=meeting.suppression)
    shown = publish_bands(villages, release)
    districts = publish_districts(villages, release.suppression)
    totals = _totals(release)
    written = written_release(release.table, shown, districts, totals)
    judge([*earlier, written], PUBLIC)
    ordered = shown.assign(order=_order(shown)).sort_values(
        ["order", "village_name"], kind="stable"
    )
    return PublicTables(written, ordered.drop(columns="order"), districts, totals)


def publish_bands(villages: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Show the bands of the counts, None where withheld.

    Returns
    -------
    DataFrame
        By ``village_code``: names, the four counts as words, ``class`` of the uncovered and
        ``withheld``.
    """
    cells = release.suppression.cells.loc[villages.index, list(COUNTS)]
    bands = {
        name: [
            # A 0 that the suppression does not withhold may be told.
            None if hidden else band(int(count), group=0 if count == 0 else int(total))
            for count, total, hidden in zip(
                villages[name], villages[TOTAL], cells[name], strict=True
            )
        ]
        for name in COUNTS
    }
    shown = pd.DataFrame(bands, villages.index, dtype=object)
    classes = [
        _WITHHELD if words is None else _CLASSES.get(words, _ZERO)
        for words in shown["uncovered_families"]
    ]
    shown["class"] = classes
    return pd.DataFrame(villages[_NAMES]).join(shown.assign(withheld=names_of(cells)))


def _totals(release: Release) -> dict[str, int | None]:
    sums = margins_of(release.table, COUNTS, GROUP).loc[WHOLE_AREA].to_dict()
    hidden = release.suppression.margins.loc[WHOLE_AREA]
    return {name: None if hidden[name] else int(sums[name]) for name in COUNTS}


def _order(shown: pd.DataFrame) -> pd.Series:
    """The most first; those that are withheld before those that have none."""
    order = {words: number for number, words in enumerate(BANDS)}
    return shown["uncovered_families"].map(
        lambda words: len(order) if words is None else order.get(words, len(order) + 1)
    )


def _summary(meeting: Mapping[str, Any], public: PublicTables) -> dict[str, Any]:
    sources = [
        {"title": source["title"], "as_of": source["as_of"]} for source in meeting["sources"]
    ]
    boundaries = {name: meeting["boundaries"][name] for name in ("schematic", "repaired")}
    return {
        **{name: meeting[name] for name in _SAID},
        "boundaries": boundaries,
        "smallest": PUBLIC.smallest,
        "bands": [*reversed(BANDS)],
        "totals": {**public.totals, "villages": len(public.villages)},
        "districts": public.districts,
        "sources": [source for n, source in enumerate(sources) if source not in sources[:n]],
    }
