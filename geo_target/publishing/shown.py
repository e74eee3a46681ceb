"""All that the audience `meeting` ever gets: tables, layers and the map's script."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.intake.profiles import profile_named
from geo_target.parameters import programs
from geo_target.places import gazetteer
from geo_target.publishing import layers
from geo_target.publishing.archive import Draft
from geo_target.publishing.disclosure import (
    MEETING,
    Audience,
    publish_clusters,
    publish_number,
    publish_rw,
    publish_sum,
    publish_totals,
    publish_villages,
)
from geo_target.publishing.maps import map_script
from geo_target.publishing.results import Results
from geo_target.targeting.point_clusters import count_cells
from geo_target.targeting.villages import fewest_villages
from geo_target.targeting.welfare import rule_words

#: The share of the uncovered that the headline's villages hold.
HEADLINE_SHARE = 0.8

_HIDDEN_COLUMNS = ["geometry"]


def write_shown(
    results: Results, draft: Draft, balance: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """Write ``shown/meeting/``; everything in it has gone through the one door.

    Returns
    -------
    dict
        The exact totals of the run, for its own report.
    """
    targets = results.targets
    villages = publish_villages(targets.villages, MEETING)
    members = targets.poor.join(targets.cluster_of, how="inner").dropna(subset=["lon", "lat"])
    members = members[members["cluster_id"].isin(_points_ids(targets.clusters))]
    cells = count_cells(members, targets.crs)
    clusters = publish_clusters(targets.clusters, cells, MEETING, targets.crs)
    rw = publish_rw(targets.poor, MEETING)
    totals = _totals(targets.villages)

    _write_json(draft, "tables/villages.json", _records(villages.sort_values("priority_rank")))
    _write_json(draft, "tables/clusters.json", _records(clusters))
    by_village: dict[str, list[dict[str, Any]]] = {}
    for row in _records(rw):
        by_village.setdefault(row.pop("village_code"), []).append(row)
    _write_json(draft, "tables/rw.json", by_village)
    drawn = {
        "villages": layers.village_layer(villages),
        "districts": layers.district_layer(villages),
        "clusters": layers.cluster_layer(clusters, villages),
    }
    if not results.boundaries.surroundings.empty:
        drawn["neighbors"] = layers.neighbor_layer(results.boundaries.surroundings, villages)
    for name, layer in drawn.items():
        draft.write(f"shown/meeting/layers/{name}.json.gz", layers.compress(layer))
    script = map_script(villages.total_bounds.tolist(), list(drawn)).encode()
    draft.write(f"shown/meeting/map.{hashlib.sha256(script).hexdigest()[:16]}.js", script)
    summary = _summary(results, villages, totals, balance, MEETING)
    summary |= {"run_id": draft.run_id, "created_at": now.isoformat(timespec="seconds")}
    summary["totals"] |= {
        "clusters_points": int((clusters["kind"] == "points").sum()),
        "clusters_rw": int((clusters["kind"] == "rw").sum()),
    }
    _write_json(draft, "summary.json", summary)
    return totals


def _points_ids(clusters: pd.DataFrame) -> pd.Series:
    return clusters.loc[clusters["kind"] == "points", "cluster_id"]


def _totals(villages: pd.DataFrame) -> dict[str, int]:
    names = [
        "extreme_poor_families", "covered_families", "uncovered_families",
        "unmatched_families", "located_families", "located_uncovered_families",
    ]  # fmt: skip
    return {name: int(villages[name].sum()) for name in names}


def _leading_villages(shown: pd.Series) -> int | None:
    """Fewest villages of the headline, of what is shown; None where that cannot tell."""
    known = shown.dropna().astype("int64")
    most = int(known.sum()) + (MEETING.smallest - 1) * int(shown.isna().sum())
    fewest = fewest_villages(known, share=HEADLINE_SHARE)
    held = known.nlargest(fewest).sum()
    return fewest if held >= HEADLINE_SHARE * most else None


def _summary(
    results: Results,
    villages: pd.DataFrame,
    totals: Mapping[str, int],
    balance: Mapping[str, int],
    audience: Audience,
) -> dict[str, Any]:
    """What the pages say above and below the map; counts through the door."""
    settings = results.settings
    base = profile_named(settings.registry.base)
    shown = publish_totals(totals, audience)
    covered, uncovered = shown["covered_families"], shown["uncovered_families"]
    poor = shown["extreme_poor_families"]
    compared = None if covered is None or uncovered is None else covered + uncovered
    unlinked = int(results.coverage.unlinked.frame()["enrollments"].sum())
    return {
        "as_of": settings.coverage.on.isoformat(),
        "area": {"code": settings.area.code, "name": gazetteer.area_name(settings.area.code)},
        "demo": settings.area.synthetic,
        "boundaries": {
            "schematic": results.boundaries.schematic,
            "repaired": results.boundaries.report.is_repaired,
            "file": settings.boundaries.file.name if settings.boundaries.file else None,
        },
        "base": {
            "profile": base.name,
            "title": base.title.model_dump(),
            "as_of": _base_day(results.lists, base.name),
        },
        "definition": {
            "programs": [
                programs()[code].model_dump(include={"code", "short_name", "name"})
                for code in settings.coverage.programs
            ],
            "on": settings.coverage.on.isoformat(),
            "member_counts_for_family": settings.coverage.member_counts_for_family,
        },
        "welfare": {
            "rule": settings.welfare.rule,
            **rule_words(settings.welfare, base.title.model_dump()),
        },
        "smallest": audience.smallest,
        "totals": {
            "families": publish_number(balance["total"], audience),
            **shown,
            "matched_share": compared / poor if compared is not None and poor else None,
            "exclusion_error": uncovered / compared if uncovered is not None and compared else None,
            "villages": len(results.targets.villages),
            "leading_villages": _leading_villages(villages["uncovered_families"]),
            "leading_share": HEADLINE_SHARE,
            "unlinked_enrollments": publish_number(unlinked, audience),
        },
        "balance": _shown_balance(balance, audience),
        "sources": [_source_entry(listed, audience) for listed in results.lists],
    }


def _shown_balance(balance: Mapping[str, int], audience: Audience) -> dict[str, int | None]:
    """The books: each sum so that no part of it can be taken from the others."""
    by_point = {name: balance[name] for name in ("located", "unlocated", "outside")}
    by_village = {name: balance[name] for name in ("in_villages", "unplaced")}
    rows = {name: balance[name] for name in ("accepted", "quarantined", "duplicates", "blank")}
    return {
        "families": publish_number(balance["total"], audience),
        **publish_sum(by_point, audience),
        **publish_sum(by_village, audience),
        "rows": balance["rows"],
        **publish_sum(rows, audience),
        "set_aside": publish_number(balance["set_aside"], audience),
    }


def _base_day(lists: Sequence[AgencyList], profile: str) -> str:
    return max(listed.as_of for listed in lists if listed.profile.name == profile).isoformat()


def _source_entry(listed: AgencyList, audience: Audience) -> dict[str, Any]:
    """A list and its rows; a row or cell of which few went wrong may be one person's."""
    report = listed.report
    return {
        "profile": report.profile,
        "title": listed.profile.title.model_dump(),
        "as_of": listed.as_of.isoformat(),
        "file": report.file,
        "rows": report.rows,
        **publish_sum(
            {
                "accepted": report.accepted,
                "quarantined": report.quarantined,
                "duplicates": report.duplicates,
                "blank": report.blank,
            },
            audience,
        ),
        "set_aside": publish_number(sum(report.set_aside.values()), audience),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON values: <NA> and NaN are null, the geometry stays out."""
    columns = [name for name in table.columns if name not in _HIDDEN_COLUMNS]
    frame = pd.DataFrame(table)[columns]
    if frame.index.name is not None:
        frame = frame.reset_index()
    plain = frame.astype(object).where(frame.notna(), None)
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in plain.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _write_json(draft: Draft, name: str, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    rows = len(content) if isinstance(content, list) else None
    draft.write(f"shown/meeting/{name}", text.encode(), rows=rows)
