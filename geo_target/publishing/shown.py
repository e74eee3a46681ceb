"""All that the audience `meeting` ever gets: tables, layers and the map's script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from geo_target.intake.lists import AgencyList, newest_day
from geo_target.intake.profiles import profile_named
from geo_target.places import gazetteer
from geo_target.programs import programs
from geo_target.publishing import layers
from geo_target.publishing.archive import Draft
from geo_target.publishing.audiences import MEETING, Audience
from geo_target.publishing.balance import balance_rows
from geo_target.publishing.coverage_chosen import settle
from geo_target.publishing.coverage_release import (
    CoverageRelease,
    coverage_seen_by,
    remember_coverage,
)
from geo_target.publishing.disclosure import (
    publish_districts,
    publish_number,
    publish_totals,
    publish_villages,
    suppress_villages,
    withhold_everything,
    withholds_books,
)
from geo_target.publishing.drawing import Layer
from geo_target.publishing.geopackage import write_geopackage
from geo_target.publishing.interval_attack import GateError, Release, Suppression
from geo_target.publishing.releases import (
    file_of,
    files_of,
    is_all_withheld,
    recall,
    remember,
    seen_by,
)
from geo_target.publishing.results import Results, Targets
from geo_target.publishing.rw_memory import left_out_before, remember_left_out, without
from geo_target.publishing.shown_access import publish_access
from geo_target.publishing.shown_books import publish_balance, publish_list
from geo_target.publishing.shown_clusters import (
    publish_parts,
    publish_scattered,
    publish_sensitivity,
    publish_unmatched,
)
from geo_target.publishing.shown_coverage import publish_coverage
from geo_target.publishing.shown_facilities import facility_layers
from geo_target.publishing.shown_files import folder_of, records, write_json, write_layers
from geo_target.publishing.shown_gate import judge, written_release
from geo_target.publishing.shown_priorities import publish_official_list, publish_priorities
from geo_target.publishing.shown_programs import told_of_programs
from geo_target.publishing.shown_public import write_public
from geo_target.publishing.shown_registers import publish_registers, shown_summary
from geo_target.publishing.shown_waterfall import Waterfall
from geo_target.publishing.small_areas import large_rw, publish_clusters, publish_rw, told_of_rw
from geo_target.publishing.visit_effects import count_disagreements
from geo_target.targeting.point_clusters import count_cells
from geo_target.targeting.priority import columns_of
from geo_target.targeting.priority_classes import HELD, leading_villages
from geo_target.targeting.welfare import rule_words


@dataclass(frozen=True)
class MeetingTables:
    """What the meeting is shown, before any of it is written."""

    release: Release
    villages: gpd.GeoDataFrame
    rw: pd.DataFrame
    clusters: gpd.GeoDataFrame
    unmatched: gpd.GeoDataFrame
    scattered: pd.DataFrame
    totals: dict[str, int | None]
    districts: list[dict[str, Any]]


def write_shown(
    results: Results,
    draft: Draft,
    balance: Mapping[str, int],
    now: datetime,
    *,
    changes: Mapping[str, Any] | None,
    waterfall: Waterfall | None = None,
) -> dict[str, Any]:
    """Write ``shown/meeting/`` and ``shown/public/``; all has gone through the one door.

    Parameters
    ----------
    changes
        As the manifest has them; the exact tables are in the draft already.
    waterfall
        The steps from the run before; None where there is none of the same question.

    Returns
    -------
    dict
        ``public`` for the manifest: ``{}``, or ``{"refused": CODE}`` where the public can be
        shown nothing; ``last_look``, see `coverage_release.CoverageRelease.looked`.

    Raises
    ------
    GateError
        A withheld count could be worked out from what was about to be written: a fault of
        the program, nothing is published.
    """
    meeting, coverage, covered = _village_table_and_coverage(results, draft)
    shapes = _shapes(results, meeting)
    summary = _summary(results, meeting, balance, MEETING)
    summary |= {"run_id": draft.run_id, "created_at": now.isoformat(timespec="seconds")}
    if (disagreeing := count_disagreements(results)) is not None:
        summary["visits"] = {"disagreements": publish_number(disagreeing, MEETING)}
    summary["map"] = {"first": "districts" if "outlines" in shapes else "villages"}
    registers = publish_registers(
        draft.folder / "exact", MEETING, summary=summary, changes=changes, waterfall=waterfall,
        previous=shown_summary(draft.archive, changes["previous"], MEETING) if changes else {},
        tables=_both_months(draft, changes, meeting.release), told=told_of_programs(coverage),
    )  # fmt: skip
    if any(told["unlinked"] is None for told in registers["matches"]):
        # The others of its lists would tell it.
        summary["totals"]["unlinked_enrollments"] = None

    ranked, summary["priority"] = publish_priorities(
        meeting.villages, results.targets, meeting.totals["uncovered_families"]
    )
    by_village: dict[str, list[dict[str, Any]]] = {}
    for row in records(meeting.rw):
        by_village.setdefault(row.pop("village_code"), []).append(row)
    tables = {
        "kelurahan": records(ranked), "kecamatan": meeting.districts,
        "klaster": records(meeting.clusters),
    }  # fmt: skip
    write_json(draft, MEETING, "tables/villages.json", tables["kelurahan"])
    write_json(draft, MEETING, "tables/clusters.json", tables["klaster"])
    write_json(draft, MEETING, "tables/unmatched_clusters.json", records(meeting.unmatched))
    write_json(draft, MEETING, "tables/scattered.json", records(meeting.scattered))
    write_json(draft, MEETING, "tables/rw.json", by_village)
    write_json(draft, MEETING, "tables/registers.json", registers)
    write_json(draft, MEETING, "tables/coverage.json", coverage)
    access = publish_access(results, MEETING, meeting.villages)
    write_json(draft, MEETING, "tables/access.json", access)
    if (official := results.targets.ordering.official) is not None:
        told_list = publish_official_list(ranked, official)
        write_json(draft, MEETING, "tables/official_list.json", told_list)
    clusters = layers.cluster_layer(meeting.clusters, meeting.villages)
    drawn = {**shapes, "clusters": clusters, **facility_layers(results.facilities)}
    if len(meeting.unmatched):
        drawn["unmatched"] = layers.cluster_layer(meeting.unmatched, meeting.villages)
    write_layers(draft, MEETING, meeting.villages, drawn)
    write_geopackage(
        draft.path(f"{folder_of(MEETING)}/takeaway/peta.gpkg"), drawn, tables, made=now,
        source=f"{summary['area']['name']}, {summary['as_of']}, {draft.run_id}",
    )  # fmt: skip
    write_json(draft, MEETING, "summary.json", summary)
    remember(meeting.release, draft, MEETING)
    remember_coverage(covered, draft, MEETING)
    if not is_all_withheld(meeting.release):
        large = large_rw(results.targets.poor, MEETING)
        remember_left_out(without(large, meeting.rw), draft, MEETING)
    return {
        "public": write_public(results.targets.villages, draft, meeting.release, summary, shapes),
        "last_look": dict(covered.looked),
    }


def _both_months(
    draft: Draft, changes: Mapping[str, Any] | None, now: Release
) -> tuple[Release, Release] | None:
    """The village table of the run before, as it was shown, and of this one."""
    if not changes or file_of(MEETING) not in files_of(draft.archive, changes["previous"]):
        return None
    return recall(draft.archive, changes["previous"], MEETING), now


def _village_table_and_coverage(
    results: Results, draft: Draft
) -> tuple[MeetingTables, dict[str, Any], CoverageRelease]:
    own = results.targets.villages.index
    # A run of another area tells nothing of this one.
    earlier = [r for r in seen_by(draft.archive, MEETING) if r.table.index.isin(own).any()]
    seen = coverage_seen_by(draft.archive, MEETING)
    left_out = left_out_before(draft.archive, MEETING)

    def show_table(keep: Suppression | None) -> tuple[MeetingTables, Release]:
        meeting = meeting_tables(results.targets, earlier, keep=keep, left_out=left_out)
        return meeting, meeting.release

    def show_coverage(meeting: MeetingTables) -> tuple[dict[str, Any], CoverageRelease]:
        return publish_coverage(
            draft.folder / "exact", MEETING, results.settings, villages=meeting.villages,
            totals=meeting.totals, districts=meeting.districts,
            eligible=results.assessment.eligible, current=results.assessment.current,
            earlier=seen[-1] if seen else None, older=seen[:-1],
        )  # fmt: skip

    return settle(show_table, show_coverage)


def meeting_tables(
    targets: Targets,
    earlier: Sequence[Release],
    *,
    keep: Suppression | None = None,
    left_out: pd.DataFrame | None = None,
) -> MeetingTables:
    """Choose what is withheld, show the rest, and hold all that will be written to the gate.

    Parameters
    ----------
    earlier
        What the meeting has seen before, oldest first.
    keep
        What is withheld of the village table in any case.
    left_out
        See `rw_memory.left_out_before`.

    Raises
    ------
    GateError
        A withheld count could be worked out from what would be written.
    """
    try:
        release = suppress_villages(targets.villages, MEETING, earlier=earlier, keep=keep)
    except GateError:
        # Whatever is withheld now, what was seen before tells: a table that tells nothing adds
        # nothing to it.
        release = withhold_everything(targets.villages)
    villages = publish_villages(targets.villages, MEETING, release.suppression)
    rw = publish_rw(targets.poor, MEETING, villages, left_out=left_out)
    details = targets.details
    cells = _cells(targets, targets.clusters, targets.cluster_of)
    totals = publish_totals(targets.villages, villages, MEETING, release.suppression)
    clusters = publish_clusters(
        targets.clusters, cells, MEETING, targets.crs, villages=villages, rw=rw,
        is_share_told=None not in (totals["covered_families"], totals["uncovered_families"]),
    )  # fmt: skip
    clusters = clusters.assign(parts=publish_parts(details.parts, clusters, MEETING))
    unmatched = publish_unmatched(
        details.unmatched, _cells(targets, details.unmatched, details.unmatched_of), MEETING,
        targets.crs, villages=villages, rw=rw, shown=clusters,
    )  # fmt: skip
    scattered = publish_scattered(clusters, villages)
    districts = publish_districts(targets.villages, release.suppression)
    written = written_release(release.table, villages, districts, totals)
    known = [] if is_all_withheld(written) else [*earlier]
    also = told_of_rw(rw, villages, release=len(known))
    judge([*known, written], MEETING, also_shown=also[0], also_sums=also[1])
    return MeetingTables(written, villages, rw, clusters, unmatched, scattered, totals, districts)


def _shapes(results: Results, meeting: MeetingTables) -> dict[str, Layer]:
    """Layers without a figure, the same for every audience."""
    drawn = layers.shape_layers(meeting.villages)
    if not results.boundaries.surroundings.empty:
        surroundings = results.boundaries.surroundings
        drawn["neighbors"] = layers.neighbor_layer(surroundings, meeting.villages)
    return drawn


def _cells(targets: Targets, clusters: pd.DataFrame, members: pd.Series) -> pd.DataFrame:
    """Families of each cluster of points in the cells that it is drawn as."""
    found = targets.poor.join(members, how="inner").dropna(subset=["lon", "lat"])
    points = clusters.loc[clusters["kind"] == "points", "cluster_id"]
    return count_cells(found[found["cluster_id"].isin(points)], targets.crs)


def _summary(
    results: Results, meeting: MeetingTables, balance: Mapping[str, int], audience: Audience
) -> dict[str, Any]:
    """What the pages say above and below the map; counts through the door."""
    settings = results.settings
    base = profile_named(settings.registry.base)
    shown = meeting.totals
    closed = withholds_books(meeting.villages, meeting.release.suppression)
    covered, uncovered = shown["covered_families"], shown["uncovered_families"]
    poor = shown["extreme_poor_families"]
    compared = None if covered is None or uncovered is None else covered + uncovered
    unlinked = int(results.coverage.unlinked.frame()["enrollments"].sum())
    lists = [
        publish_list(balance_rows([listed]), audience, closed=closed) for listed in results.lists
    ]
    books = publish_balance(
        balance, audience, lists=lists, villages=meeting.villages, closed=closed,
        hides_located=shown["located_families"] is None,
    )  # fmt: skip
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
            "as_of": newest_day(results.lists, base.name).isoformat(),
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
            "families": books["families"],
            **shown,
            "matched_share": compared / poor if compared is not None and poor else None,
            "exclusion_error": uncovered / compared if uncovered is not None and compared else None,
            "villages": len(results.targets.villages),
            "leading_villages": leading_villages(
                columns_of(meeting.villages, ["uncovered_families"])["uncovered_families"],
                uncovered,
            ),
            "leading_share": HELD[0],
            "unlinked_enrollments": publish_number(unlinked, audience),
            "clusters_unmatched": len(meeting.unmatched),
            "clusters_points": int((meeting.clusters["kind"] == "points").sum()),
            "clusters_rw": int((meeting.clusters["kind"] == "rw").sum()),
        },
        "clusters": {
            **settings.clusters.model_dump(
                include={
                    "distance_m",
                    "smallest",
                    "smallest_rw",
                    "false_discovery_rate",
                    "excess_over",
                    "smallest_unmatched_share",
                    "split_load",
                },
            ),
            "sensitivity": publish_sensitivity(
                results.targets.details.sensitivity,
                results.targets.clusters,
                meeting.clusters,
                audience,
            ),
        },
        "all_withheld": is_all_withheld(meeting.release),
        "districts": meeting.districts,
        "balance": books,
        "sources": [
            {**_source_entry(listed), **counts}
            for listed, counts in zip(results.lists, lists, strict=True)
        ],
    }


def _source_entry(listed: AgencyList) -> dict[str, Any]:
    return {
        "profile": listed.report.profile,
        "title": listed.profile.title.model_dump(),
        "as_of": listed.as_of.isoformat(),
        "file": listed.report.file,
    }
