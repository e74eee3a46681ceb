"""What an audience is shown of programs, definitions, reasons, strategies, and evidence.

By village: how many of its extreme-poor families a definition, a program or a group counts. By
district: reasons and strategies. All else is of the whole area. What is withheld is None.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from geo_target.programs import programs
from geo_target.publishing.audiences import TOTAL, Audience
from geo_target.publishing.coverage_backstop import withhold_more
from geo_target.publishing.coverage_chosen import Chosen, release_of
from geo_target.publishing.coverage_columns import carried_programs, coverage_columns
from geo_target.publishing.coverage_release import CoverageRelease
from geo_target.publishing.disclosure import publish_number
from geo_target.publishing.shown_columns import Shown, publish_columns
from geo_target.publishing.shown_convergence import (
    Reached,
    choose_convergence,
    publish_convergence,
)
from geo_target.publishing.shown_crosstabs import (
    KnownSum,
    by_district,
    nothing_of,
    publish_crosstab,
)
from geo_target.publishing.shown_evidence import (
    count_double_aid,
    publish_evidence,
    publish_flags,
    publish_verified,
)
from geo_target.publishing.shown_programs import publish_programs
from geo_target.settings import Coverage, Settings
from geo_target.targeting.lenses import LENSES
from geo_target.targeting.reasons import REASONS

_COVERED, _UNCOVERED = "covered_families", "uncovered_families"


def publish_coverage(
    exact: Path,
    audience: Audience,
    settings: Settings,
    *,
    villages: pd.DataFrame,
    totals: Mapping[str, Any],
    districts: Sequence[Mapping[str, Any]],
    eligible: Mapping[str, int],
    current: Collection[str],
    earlier: CoverageRelease | None = None,
    older: Sequence[CoverageRelease] = (),
) -> tuple[dict[str, Any], CoverageRelease]:
    """Show what the tables by village say, and tell what of it is withheld.

    Parameters
    ----------
    exact
        The folder exact/ of the snapshot.
    villages
        The village table as the audience is shown it, by ``village_code``.
    totals
        What the audience is shown of the whole area.
    districts
        What it is shown of each district, see `disclosure.publish_districts`.
    eligible, current
        See `shown_programs.publish_programs`.
    earlier
        What the audience was shown a month before.
    older
        What it was shown before that.
    """
    tables = {
        name: _placed(exact, name)
        for name in ("program", "definition", "reason", "lens", "convergence", "evidence", "flag")
    }
    known = villages[[TOTAL, _COVERED, _UNCOVERED]]
    by_rules, release = _chosen(
        tables, audience, settings, villages=villages, totals=totals, districts=districts
    )
    release = withhold_more(release, earlier, audience.smallest, older)
    chosen = by_rules.without(release)
    shown = _with_uncovered(Shown(chosen.columns, chosen.sums, totals, audience), known, settings)
    columns, sums = shown.villages, shown.sums
    stale = tables["evidence"].set_index("village_code")
    told = {
        "definitions": [
            _definition(name, one, shown, is_own=name == settings.coverage.name)
            for name, one in settings.definitions.items()
        ],
        "programs": publish_programs(
            tables["program"], shown, settings, eligible=eligible, current=current
        ),
        "lenses": [
            {
                "lens": lens,
                "is_known": f"all {lens}" in sums,
                "families": sums.get(f"all {lens}"),
                "uncovered_families": sums.get(lens),
                "unknown_families": _unknown(tables["lens"], lens, shown),
            }
            for lens in LENSES
        ],
        "reasons": _reasons(chosen, shown),
        "convergence": publish_convergence(chosen.convergence, totals[TOTAL]),
        "evidence": publish_evidence(stale, shown),
        "flags": publish_flags(tables["flag"], shown),
        "double_aid": publish_number(count_double_aid(exact), audience),
        "verified": publish_verified(exact, audience),
        "villages": {
            code: {**counts, "is_stale": is_stale if counts["stale"] is not None else None}
            for code, counts, is_stale in zip(
                map(str, columns.index), _plain(columns),
                stale["is_stale"].reindex(columns.index, fill_value=False).tolist(), strict=True,
            )
        },
    }  # fmt: skip
    return told, release


def _chosen(
    tables: Mapping[str, pd.DataFrame],
    audience: Audience,
    settings: Settings,
    *,
    villages: pd.DataFrame,
    totals: Mapping[str, Any],
    districts: Sequence[Mapping[str, Any]],
) -> tuple[Chosen, CoverageRelease]:
    """What the rules leave to be shown."""
    places = {str(code): str(of) for code, of in villages["district_code"].items()}
    columns, sums = publish_columns(
        [*coverage_columns(tables, settings)], villages[[TOTAL, _COVERED, _UNCOVERED]], totals,
        audience.smallest, districts=villages["district_code"].astype(str),
    )  # fmt: skip
    shown = Shown(columns, sums, totals, audience)
    sums_of_districts = pd.DataFrame(districts).set_index("district_code").sort_index()
    poor, reached = _reached(shown, settings, sums_of_districts, places)
    by_rules = Chosen(
        columns, sums, *_choose_reasons(tables["reason"], sums_of_districts, places, shown),
        choose_convergence(
            tables["convergence"], places, poor=poor, reached=reached,
            carried=[*carried_programs(tables)], audience=audience,
        ),
    )  # fmt: skip
    release = release_of(
        by_rules, tables, settings, villages=villages, districts=sums_of_districts, totals=totals
    )
    return by_rules, release


def _with_uncovered(shown: Shown, known: pd.DataFrame, settings: Settings) -> Shown:
    """Of definitions that compare every family: whoever is not covered."""
    columns, sums = shown.villages.copy(), dict(shown.sums)
    for name in settings.definitions:
        covered, uncovered = f"covered {name}", f"uncovered {name}"
        if covered in columns and uncovered not in columns:
            columns[uncovered] = known[TOTAL].astype("Int64") - columns[covered]
            sums[uncovered] = shown.rest(covered)
    return replace(shown, villages=columns, sums=sums)


def _unknown(lenses: pd.DataFrame, lens: str, shown: Shown) -> int | None:
    """Families of whom nobody has said whether they are of the group; nor are few others told.

    Where all others are of it, this would tell how many are: so it goes with their sum.
    """
    if f"all {lens}" in shown.sums and shown.sums[f"all {lens}"] is None:
        return None
    count = int(lenses.loc[lenses["lens"] == lens, "unknown_families"].sum())
    left = (shown.totals[TOTAL] or 0) - count - (shown.sums.get(f"all {lens}") or 0)
    is_told = shown.totals[TOTAL] and publish_number(left, shown.audience) is not None
    return publish_number(count, shown.audience) if is_told else None


def _placed(exact: Path, name: str) -> pd.DataFrame:
    """A table by village, without the families of no village: their sums are not shown."""
    frame: pd.DataFrame = pq.read_table(exact / f"{name}_villages.parquet").to_pandas()
    return frame.dropna(subset=["village_code"])


def _definition(name: str, one: Coverage, shown: Shown, *, is_own: bool) -> dict[str, Any]:
    covered, uncovered = f"covered {name}", f"uncovered {name}"
    if is_own:
        counts = {key: shown.totals[key] for key in (_COVERED, _UNCOVERED, "unmatched_families")}
    else:
        counts = {
            _COVERED: shown.sums[covered],
            _UNCOVERED: shown.sums[uncovered],
            "unmatched_families": shown.rest(covered, uncovered),
        }
    return {
        "name": name,
        "title": one.title,
        "programs": [
            programs()[code].model_dump(include={"code", "short_name", "name"})
            for code in one.programs
        ],
        "on": one.on.isoformat(),
        "member_counts_for_family": one.member_counts_for_family,
        "is_own": is_own,
        "families": shown.totals[TOTAL],
        **counts,
    }


def _choose_reasons(
    rows: pd.DataFrame, districts: pd.DataFrame, places: Mapping[str, str], shown: Shown
) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    """Reasons by district, each with its office, and their sums."""
    keys = rows[["reason", "office"]].drop_duplicates().itertuples(index=False)
    pairs = sorted((str(one.reason), str(one.office)) for one in keys)
    parts = pd.Series([*zip(rows["reason"], rows["office"], strict=True)], rows.index)
    counts = by_district(rows.assign(part=parts), places, pairs)
    if shown.totals[_UNCOVERED] is None:
        return nothing_of(counts)
    is_told = districts[_UNCOVERED].notna().to_numpy()
    known = [KnownSum(pairs, is_told, in_all=True)]
    # Of a row whose sum is withheld all of a place bound what is left of it.
    closed = pd.DataFrame(np.outer(~is_told, [True] * len(pairs)))
    return publish_crosstab(counts, known, shown.audience.smallest, hidden=closed)


def _reasons(chosen: Chosen, shown: Shown) -> dict[str, Any]:
    """Reasons, and whose they are: an office's where each of its reasons is told."""
    cells, sums = chosen.reasons, chosen.reason_sums
    order, pairs = [*REASONS], [(str(pair[0]), str(pair[1])) for pair in cells.columns]
    listed = [
        {"reason": reason, "office": office, "families": _whole(sums[reason, office])}
        for reason, office in sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1]))
    ]
    offices = {office: [one["families"] for one in listed if one["office"] == office]
               for office in dict.fromkeys(one["office"] for one in listed)}  # fmt: skip
    return {
        "families": shown.totals[_UNCOVERED],
        "rows": listed,
        "offices": [
            {"office": office, "families": None if None in parts else sum(parts)}
            for office, parts in offices.items()
        ],
        "districts": {
            str(district): [_whole(cells.at[district, (one["reason"], one["office"])])
                            for one in listed]
            for district in cells.index
        },
    }  # fmt: skip


def _reached(
    shown: Shown, settings: Settings, districts: pd.DataFrame, places: Mapping[str, str]
) -> tuple[Reached, dict[str, Reached]]:
    """All extreme-poor families, and those that each program and definition of the day covers."""
    own, on = settings.coverage, settings.coverage.on

    def of_districts(name: str) -> Reached:
        sums = districts[name].astype("Float64").astype(float)
        return Reached(own, sums, shown.totals[name])

    villages_of = shown.villages.index.map(places)
    found = {own.name: of_districts(_COVERED)}
    for name in shown.villages:
        kind, _, code = str(name).partition(" ")
        if kind == "enrolled":
            definition = Coverage(programs=(code,), on=on)
        elif kind == "covered" and settings.definitions[code].on == on:
            definition = settings.definitions[code]
        else:
            continue
        groups = shown.villages[name].astype("Float64").astype(float).groupby(villages_of)
        sums = groups.sum().where(groups.count() == groups.size())
        found[code] = Reached(definition, sums, shown.sums[str(name)])
    return of_districts(TOTAL), found


def _whole(count: Any) -> int | None:
    return None if count is None or pd.isna(count) else int(count)


def _plain(columns: pd.DataFrame) -> list[dict[str, int | None]]:
    """Rows as JSON has them."""
    names = [str(name) for name in columns.columns]
    rows = columns.astype(object).where(columns.notna(), None).itertuples(index=False)
    return [dict(zip(names, map(_whole, row), strict=True)) for row in rows]
