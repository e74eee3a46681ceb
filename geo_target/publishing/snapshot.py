"""The files of a snapshot: exact tables for the few, shown ones for each audience."""

from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from geo_target import papers, schemas, sealed_numbers
from geo_target.intake import hygiene
from geo_target.intake.lists import AgencyList
from geo_target.intake.quarantine import quarantine_csv, quarantine_xlsx
from geo_target.places.boundaries import Boundaries
from geo_target.places.suggestions import suggestions_csv
from geo_target.publishing.archive import Draft, read_key
from geo_target.publishing.assessment_files import write_assessment, write_table
from geo_target.publishing.balance import (
    balance_assessment,
    balance_families,
    balance_registers,
    balance_rows,
    balance_villages,
)
from geo_target.publishing.changes import balance_changes, find_changes, is_same_question
from geo_target.publishing.identities import head_numbers, identities
from geo_target.publishing.manifest import called_in, manifest_of
from geo_target.publishing.pairs import pair_table, side_table
from geo_target.publishing.results import Results
from geo_target.publishing.shown import write_shown
from geo_target.publishing.shown_waterfall import Waterfall
from geo_target.publishing.visit_effects import count_effects
from geo_target.publishing.waterfall import balance_waterfall, find_waterfall, joint_counts
from geo_target.registry.overlaps import count_overlaps
from geo_target.registry.reviews import count_pairs
from geo_target.settings import Settings, Source
from geo_target.targeting.cluster_ids import last_numbers
from geo_target.targeting.match_rates import match_totals
from geo_target.targeting.priority import visiting_order
from geo_target.workbench import query


def write_snapshot(results: Results, draft: Draft, config: Path, now: datetime) -> dict[str, Any]:
    """Write every file of the snapshot, seal it, and give the run's report.

    Raises
    ------
    BalanceError, ContractError
        If the books do not balance or a table breaks its schema: nothing is published.
    """
    rows = balance_rows(results.lists)
    registers = balance_registers(results.lists, results.registry)
    families = balance_families(results.families, results.targets.villages)
    balance_villages([*results.boundaries.villages.index], results.targets.villages)
    balance_assessment(
        results.families, results.targets.villages, results.assessment,
        own=results.settings.coverage.name,
    )  # fmt: skip
    given = _papers(results.settings, config, now)
    _write_exact(results, draft, config, names_allowed=papers.are_all_valid(given))
    changed, waterfall = _write_changes(results, draft)
    _write_comparisons(results, draft, config)
    pairs = count_pairs(results.review)
    visited = count_effects(results)
    told = write_shown(results, draft, {**families, **rows}, now, changes=changed,
                       waterfall=waterfall)  # fmt: skip
    balance = {**families, **registers, **rows}
    manifest = manifest_of(results, config, now, balance) | papers.manifest_entries(given)
    manifest |= results.guarded.entries
    before = results.previous.clusters.numbers if results.previous else {}
    manifest |= {
        "memory": results.previous and results.previous.entry(),
        "changes": changed,
        "waterfall": waterfall and waterfall.counts,
        "visits": visited,
        "cluster_numbers": last_numbers(
            results.targets.details.unmatched, last_numbers(results.targets.clusters, before)
        ),
    }
    snapshot = draft.publish(manifest | told)
    unlinked = results.coverage.unlinked.frame()["enrollments"].sum()
    targets = results.targets
    return {
        "run_id": draft.run_id,
        "as_of": results.settings.coverage.on.isoformat(),
        "definition": results.settings.coverage.model_dump(mode="json"),
        "intake": [
            _intake_entry(listed, results.numbers[results.numbers["list"] == number])
            for number, listed in enumerate(results.lists)
        ],
        "hygiene": hygiene.by_agency(results.lists, results.numbers),
        "families": {
            **families,
            **registers,
            **{key: int(targets.villages[f"{key}_families"].sum()) for key in
               ("extreme_poor", "covered", "uncovered", "unmatched")},
            "unlinked_enrollments": int(unlinked),
            "doubtful": len(results.registry.doubtful.frame().query("is_apart")),
            "id_conflicts": results.registry.id_conflicts,
            "twice_listed": results.registry.twice_listed,
            "twice_placed": results.registry.twice_placed,
            "nobodys_numbers": results.registry.nobodys_numbers,
            "unlinked_persons": results.registry.unlinked_persons,
            "visits_unlinked": results.visits.unlinked,
            "points_disagreeing": results.located.disagreeing,
            "points_unlinked": results.located.unlinked_points,
            "points_refused": results.located.points_refused,
        },
        "villages": len(targets.villages),
        "clusters": {
            "points": int((targets.clusters["kind"] == "points").sum()),
            "rw": int((targets.clusters["kind"] == "rw").sum()),
            "unmatched": len(targets.details.unmatched),
            "scattered_families": int(targets.details.scattered["scattered_families"].sum()),
            "sensitivity": targets.details.sensitivity.to_dict("records"),
        },
        "priority": visiting_order(targets.villages, by="final_rank"),
        "boundaries": _boundary_entry(results.boundaries),
        "changes": changed,
        "waterfall": waterfall and waterfall.counts,
        "visits": visited,
        "records": results.records.counts,
        "pairs": pairs,
        "match_rates": _match_entries(results),
        "papers": papers.states(given),
        "public": told["public"],
        "snapshot": str(snapshot.resolve()),
    }  # fmt: skip


def _write_exact(results: Results, draft: Draft, config: Path, *, names_allowed: bool) -> None:
    bench = results.families.bench
    targets = results.targets
    details = targets.details
    joined = pd.DataFrame(
        {
            "cluster_id": pd.concat([targets.cluster_of, details.unmatched_of]),
            "cluster_part": details.part_of,
        }
    ).rename_axis("family_id").reset_index()  # fmt: skip
    types = {"family_id": "str", "cluster_id": "str", "cluster_part": "Int64"}
    cluster_of = bench.take(joined.astype(types))
    families = bench.view(
        """select * from families join profiles using (family_id)
                left join cluster_of using (family_id)""",
        families=results.families, profiles=results.assessment.profiles, cluster_of=cluster_of,
    )  # fmt: skip
    write_table(draft, "families", families, schemas.SNAPSHOT_FAMILIES)
    write_assessment(results.assessment, draft)
    write_table(draft, "family_keys", results.records.rows, schemas.FAMILY_KEYS)
    write_table(
        draft, "pairs", pair_table(results.review, results.records.rows), schemas.SNAPSHOT_PAIRS
    )
    write_table(
        draft, "pair_sides", side_table(results.review, allowed=names_allowed),
        schemas.SNAPSHOT_PAIR_SIDES,
    )  # fmt: skip
    key = read_key(config.resolve().parent)
    write_table(
        draft, "identities",
        identities(results.registry, results.families, key, allowed=names_allowed),
        schemas.IDENTITIES,
    )  # fmt: skip
    if names_allowed and results.settings.access.reveal_numbers:
        numbers = head_numbers(results.registry, results.families)
        draft.write(sealed_numbers.FILE, sealed_numbers.sealed(numbers, key), rows=len(numbers))
    villages = targets.villages.reset_index()
    _write_geography(draft, "villages", villages, schemas.SNAPSHOT_VILLAGES, bench)
    _write_geography(draft, "clusters", targets.clusters, schemas.SNAPSHOT_CLUSTERS, bench)
    _write_access(results, draft)
    _write_geography(
        draft, "unmatched_clusters", details.unmatched, schemas.SNAPSHOT_UNMATCHED_CLUSTERS, bench
    )
    scattered = bench.take(details.scattered.reset_index())
    write_table(draft, "scattered", scattered, schemas.SNAPSHOT_SCATTERED)
    tried = bench.take(details.sensitivity)
    write_table(draft, "cluster_sensitivity", tried, schemas.SNAPSHOT_SENSITIVITY)
    lines, content = quarantine_csv(results.lists)
    draft.write("exact/quarantine.csv", content, rows=lines)
    if (book := quarantine_xlsx(results.lists)) is not None:
        draft.write("exact/quarantine.xlsx", book, rows=lines)
    unknown = results.unknown_villages
    draft.write("exact/village_suggestions.csv", suggestions_csv(unknown), rows=len(unknown))
    of_villages = hygiene.by_village(results.numbers)
    draft.write(
        "exact/hygiene.csv", of_villages.to_csv(index=False).encode(), rows=len(of_villages)
    )


def _write_access(results: Results, draft: Draft) -> None:
    """Facilities, and how far villages are from them; nothing where none could be placed."""
    found, access = results.facilities, results.targets.access
    if found is None or access is None:
        return
    bench = results.families.bench
    codes = found.faults.groupby(["list", "row"])["code"].agg(list).to_dict()
    rows = zip(found.places["list"], found.places["row"], strict=True)
    faults = pd.Series([codes.get(row, []) for row in rows], found.places.index, dtype=object)
    facilities = found.places.assign(list=found.places["list"] + 1, faults=faults)
    for name, frame, schema in (
        ("facilities", facilities, schemas.SNAPSHOT_FACILITIES),
        ("access", access.reset_index(), schemas.SNAPSHOT_ACCESS),
    ):
        table = pa.Table.from_pandas(frame[schema.names], preserve_index=False)
        write_table(draft, name, bench.take(table), schema)


def _write_changes(
    results: Results, draft: Draft
) -> tuple[dict[str, Any] | None, Waterfall | None]:
    """What has changed since the run before; None where there is none, or nothing is left of it.

    The waterfall stands only between runs of the same question: else its steps are of rules.
    """
    previous = results.previous
    if previous is None:
        return None, None
    keys = query("select * from t where is_listed", t=results.records.rows)
    changes = find_changes(results.families, keys, previous.families, previous.memory)
    after = int(results.targets.villages["uncovered_families"].sum())
    counts = balance_changes(changes, previous.families, after)
    write_table(draft, "changes", changes, schemas.SNAPSHOT_CHANGES)
    same = is_same_question(results.settings.model_dump(mode="json"), previous.settings)
    changed = {"previous": previous.run_id, "same_question": same, **counts}
    if not same:
        return changed, None
    steps = find_waterfall(results.families, keys, previous.families, previous.memory)
    told = {"previous": previous.run_id, **balance_waterfall(steps, previous.families, after)}
    write_table(draft, "waterfall", steps, schemas.SNAPSHOT_WATERFALL)
    return changed, Waterfall(told, joint_counts(changes, steps))


def _write_comparisons(results: Results, draft: Draft, config: Path) -> None:
    """Which registers list a family, and how many recipients of each list are families."""
    overlaps = count_overlaps(results.registry.family_keys, results.families)
    write_table(draft, "overlaps", overlaps, schemas.SNAPSHOT_OVERLAPS)
    folder = config.resolve().parent
    columns = {"list": "bigint", "file": "varchar", "profile": "varchar", "agency": "varchar"}
    sources = results.families.bench.take_rows(
        columns,
        [(number, called_in(source, folder), source.profile, _agency(source))
         for number, source in enumerate(results.settings.source, start=1)],
    )  # fmt: skip
    rates = query(
        "from rates join sources using (list)", rates=results.match_rates, sources=sources
    )
    write_table(draft, "match_rates", rates, schemas.SNAPSHOT_MATCH_RATES)


def _match_entries(results: Results) -> list[dict[str, Any]]:
    """Sums of each recipient list; by village they are in exact/ alone."""
    totals = match_totals(results.match_rates)
    sources = enumerate(results.settings.source, start=1)
    return [
        {"file": source.called, "profile": source.profile, "agency": _agency(source),
         **totals[number]}
        for number, source in sources if number in totals
    ]  # fmt: skip


def _agency(source: Source) -> str | None:
    return source.basis.agency if source.basis else None


def _write_geography(
    draft: Draft, name: str, frame: gpd.GeoDataFrame, schema: schemas.Schema, bench: Any
) -> None:
    checked = schemas.check(bench.take(pd.DataFrame(frame[schema.names])), schema).frame()
    path = draft.path(f"exact/{name}.parquet", rows=len(frame))
    gpd.GeoDataFrame(
        checked, geometry=gpd.GeoSeries(frame.geometry.to_numpy(), crs=frame.crs)
    ).to_parquet(path, compression="zstd")


def _papers(settings: Settings, config: Path, now: datetime) -> list[papers.Paper]:
    folder = config.resolve().parent
    named = [(called_in(source, folder), source) for source in settings.source]
    return papers.papers_of(named, now.astimezone().date())


def _intake_entry(listed: AgencyList, counted: pd.DataFrame) -> dict[str, Any]:
    report = listed.report
    return {
        "file": report.file, "profile": report.profile, "rows": report.rows,
        "accepted": report.accepted, "quarantined": report.quarantined,
        "duplicates": report.duplicates, "blank": report.blank,
        "set_aside": dict(report.set_aside), "reasons": dict(report.reasons),
        "notices": {
            "id": [notice.text("id") for notice in report.notices],
            "en": [notice.text("en") for notice in report.notices],
        },
        "hygiene": hygiene.by_column(counted),
    }  # fmt: skip


def _boundary_entry(boundaries: Boundaries) -> dict[str, Any]:
    report = boundaries.report
    return {
        "schematic": boundaries.schematic,
        "repaired": report.is_repaired,
        "changed_villages": len(report.area_changes),
        "largest_change_share": report.largest_change.moved_share if report.largest_change else 0.0,
    }
