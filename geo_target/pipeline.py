"""A run, from the agencies' files to a snapshot: one function a stage, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from geo_target.checksums import sha256
from geo_target.crs import metric_crs
from geo_target.errors import Fault
from geo_target.intake.hygiene import count_numbers
from geo_target.intake.list_cache import ListCache
from geo_target.intake.lists import AgencyList, newest_day
from geo_target.intake.mending import without_mended
from geo_target.intake.profiles import Role, profile_named
from geo_target.intake.sources import read_sources, size_of
from geo_target.places import gazetteer
from geo_target.places.barriers import read_barriers
from geo_target.places.boundaries import Boundaries, read_boundaries
from geo_target.places.crosswalk import crosswalk_of
from geo_target.places.facilities import Facilities, gather_facilities
from geo_target.places.facility_reports import report_facilities
from geo_target.places.neighborhoods import remark_neighborhoods
from geo_target.places.point_reports import report_points
from geo_target.places.recipients import state_written_places
from geo_target.places.records import population_by_village, state_villages
from geo_target.places.roads import read_roads
from geo_target.places.settling import Located, locate_families
from geo_target.places.suggestions import suggest_villages
from geo_target.platform import without_collector
from geo_target.programs import check_programs
from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.guard import Acceptance, guard_lists
from geo_target.publishing.keys import check_key, read_keys
from geo_target.publishing.previous import Previous, read_previous
from geo_target.publishing.results import Results, Targets
from geo_target.publishing.snapshot import write_snapshot
from geo_target.registry.corrections import (
    correct_register,
    gather_corrections,
    under_families,
)
from geo_target.registry.decisions import hold_decisions
from geo_target.registry.families import Registry, link_registers
from geo_target.registry.memory import recall_ids, table_under_ids, under_ids
from geo_target.registry.recipients import Recipients, link_recipients, number_rows
from geo_target.registry.records import Records, keep_records, named_rows
from geo_target.registry.registers import gather_registers
from geo_target.registry.reviews import Review, review_of
from geo_target.registry.sizes import remark_sizes
from geo_target.registry.visits import Visits, latest_visits
from geo_target.sealed_numbers import check_sealing
from geo_target.settings import Settings, Source, read_settings
from geo_target.shortages import told_shortages
from geo_target.stages import Progress, Stages
from geo_target.targeting.access import measure_access
from geo_target.targeting.access_tables import access_minutes
from geo_target.targeting.answers import counted_answers
from geo_target.targeting.assessment import Assessment, assess_families
from geo_target.targeting.cluster_details import detail_clusters
from geo_target.targeting.cluster_ids import keep_ids
from geo_target.targeting.clusters import expect, find_clusters
from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.coverage import (
    CoverageResult,
    check_carried,
    find_coverage,
    remark_days,
)
from geo_target.targeting.endings import end_families
from geo_target.targeting.indicators import read_indicators
from geo_target.targeting.judged_families import judge_families, poor_families
from geo_target.targeting.match_rates import count_matches
from geo_target.targeting.ordering import Ordering, read_ordering
from geo_target.targeting.priorities import find_priorities
from geo_target.targeting.travel_times import RoadNetwork, road_network, travel_of
from geo_target.targeting.villages import summarize_villages
from geo_target.targeting.welfare import classify_welfare, needed_columns
from geo_target.workbench import Table, Workbench, let_go


@dataclass(frozen=True)
class RunResult:
    """What a run reports: the JSON of `geo-target run --json`, and its settings."""

    settings: Settings
    report: dict[str, Any]
    notices: Sequence[Fault] = ()


def run(
    config: Path,
    *,
    progress: Progress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    accepted: Acceptance | None = None,
) -> RunResult:
    """Run the pipeline on a configuration and publish its snapshot.

    `accepted` says who goes on, and why, where the guard would refuse the lists.

    Raises
    ------
    GeoTargetError
        If something is refused; the last snapshot stays as it was.
    """
    settings = read_settings(config)
    if settings.access.reveal_numbers:
        check_sealing()
    check_programs([code for one in settings.definitions.values() for code in one.programs])
    ordering = read_ordering(settings.priority, [*gazetteer.villages_of(settings.area.code).index])
    stages = Stages(progress)
    archive = Archive(settings.archive.folder)
    check_key(config.resolve().parent, archive)
    with (
        archive.open_run(now()) as draft,
        Workbench(spill=draft.spill, memory_limit=settings.archive.memory_limit) as bench,
        # within it: a workbench that is closed has no spill any more to tell of
        told_shortages(stages, draft.folder.parent, settings.archive.memory_limit),
    ):
        cache = ListCache(archive.cache, draft.aside, is_on=settings.archive.cache)
        lists = read_lists(bench, settings, stages, cache)
        guarded = guard_lists(lists, settings, archive, accepted)
        previous, notices = read_previous(archive, bench, settings, lists)
        # A row of a list is not asked any more once the registry has what it says.
        numbers = count_numbers(lists)
        unknown = suggest_villages(lists, gazetteer.read_gazetteer(settings.area.code[:2]))
        boundaries = read_places(settings, stages)
        lists, facilities, roads = find_facilities(lists, boundaries, settings, stages)
        key, *earlier = read_keys(config.resolve().parent)
        registry, review = link(lists, settings, key, stages, earlier=earlier)
        previous = previous.under_todays_key(review.sums_before) if previous else None
        lists = without_rows(lists, "persons")
        base = profile_named(settings.registry.base).register_name
        visits = latest_visits(lists, registry.family_keys, base=base)
        located = locate(registry, lists, boundaries, settings, stages, visits=visits)
        lists = without_rows(report_points(lists, located.faulty_points), "families", "points")
        recipients = match(registry, lists, settings, stages)
        lists = without_rows(lists, "enrollments")
        coverage = cover(registry, recipients, settings, stages, visits=visits)
        rates = count_matches(recipients.rows)
        registry, recipients = let_go(registry, "keys"), let_go(recipients, "rows", "by_name")
        # Only now: what names families by the base's own ids has been read.
        rows = named_rows(registry.family_keys, review.rows)
        review = let_go(review, "rows")
        ids, records = recall(rows, previous, settings, draft, stages)
        del rows
        registry, located = under_ids(registry, ids), under_ids(located, ids)
        coverage, visits = under_ids(coverage, ids), under_ids(visits, ids)
        families = judge(registry, located, coverage, settings, stages, visits=visits)
        located = let_go(located, "families")
        assessment = assess(
            registry, families, coverage, settings, stages, visits=visits, lists=lists
        )
        days = remark_days(coverage.matches, settings.definitions)
        coverage = let_go(
            coverage, "states", "by_program", "families", "persons", "doubts", "proofs", "matches"
        )
        poor = poor_families(families, assessment.profiles)
        access = reach(poor, boundaries, facilities, settings, stages, roads=roads)
        targets = target(
            families, boundaries, lists, settings, stages,
            poor=poor, ordering=ordering, previous=previous, access=access,
        )  # fmt: skip
        guarded = replace(guarded, notices=[*guarded.notices, *notices, *days])
        results = Results(
            settings, lists, numbers, unknown, boundaries, registry, located, coverage, assessment,
            families, targets, guarded, rates, previous, review, records, visits, facilities,
        )  # fmt: skip
        result = publish(results, draft, config, now(), stages)
        cache.renew()
        return result


def read_lists(
    bench: Workbench, settings: Settings, stages: Stages, cache: ListCache | None = None
) -> list[AgencyList]:
    """Intake: every list as text, each cell checked, the village of each row found."""
    places = gazetteer.read_gazetteer(settings.area.code[:2])
    crosswalk = crosswalk_of(settings.area.code[:2], settings.places.aliases)
    aliases = settings.places.aliases

    def placed(source: Source, listed: AgencyList) -> AgencyList:
        return state_villages(
            listed,
            places,
            code_system=source.code_system or listed.profile.code_system,
            crosswalk=crosswalk,
            area_code=settings.area.code,
        )

    weight = sum(map(size_of, settings.source))
    with (
        stages.stage("intake", "Membaca daftar", "Reading lists", weight) as read,
        without_collector(),
    ):
        lists = dict(
            read_sources(
                bench,
                settings.source,
                settings.database,
                placed=placed,
                also=[settings.area.code, sha256(aliases) if aliases else None],
                cache=cache,
                read=read,
            )
        )
    unmended = without_mended([lists[source] for source in settings.source])
    return remark_sizes(remark_neighborhoods(unmended))


def without_rows(lists: Sequence[AgencyList], *roles: Role) -> list[AgencyList]:
    """The lists, with nothing but what was found of those of some roles."""
    return [let_go(one, "table") if one.profile.role in roles else one for one in lists]


def read_places(settings: Settings, stages: Stages) -> Boundaries:
    """Places: village boundaries, checked, repaired where the configuration says so."""
    wanted = settings.boundaries
    with stages.stage("places", "Memeriksa batas wilayah", "Checking boundaries"):
        return read_boundaries(
            wanted.file,
            area=settings.area.code,
            code_column=wanted.code_column,
            code_system=wanted.code_system,
            faults=wanted.faults,
        )


def find_facilities(
    lists: list[AgencyList], boundaries: Boundaries, settings: Settings, stages: Stages
) -> tuple[list[AgencyList], Facilities | None, RoadNetwork | None]:
    """Places: facilities of all lists, what is wrong with them, and the roads that lead there."""
    with stages.stage("facilities", "Mencari letak fasilitas", "Locating facilities"):
        listed = any(one.profile.role == "facilities" for one in lists)
        if not listed or not _is_usable(boundaries, settings):
            return lists, None, None
        wanted = settings.travel
        found = gather_facilities(lists, boundaries.villages, near_km=wanted.near_km)
        roads = None
        if wanted.roads is not None:
            lines = read_roads(wanted.roads, boundaries.villages, near_km=wanted.near_km)
            roads = road_network(lines, travel_of(wanted), _crs_of(boundaries.villages))
        return report_facilities(lists, found), found, roads


def link(
    lists: list[AgencyList],
    settings: Settings,
    key: bytes,
    stages: Stages,
    *,
    earlier: Sequence[bytes] = (),
) -> tuple[Registry, Review]:
    """Registry: families of all registers, joined by NIK, KK, likelihood, and people's word."""
    with stages.stage("registry", "Memadankan keluarga", "Linking families"):
        given, others = gather_registers(lists, base=settings.registry.base)
        corrected = correct_register(given, gather_corrections(lists))
        base = corrected.register
        registers = [base, *others]
        decisions = hold_decisions(lists, registers, key, earlier=earlier)
        also = ("flagged_programs", *needed_columns(settings.welfare))
        registry = link_registers(base, others, decisions.settled, also=also)
        rows = under_families(corrected.rows, registry.family_keys, base=base.name)
        registry = replace(registry, corrected=rows)
        return registry, review_of(registry, registers, decisions, key, earlier=earlier)


def locate(
    registry: Registry,
    lists: list[AgencyList],
    boundaries: Boundaries,
    settings: Settings,
    stages: Stages,
    *,
    visits: Visits | None = None,
) -> Located:
    """Places: the village each family is counted in, and where its point lies."""
    with stages.stage("location", "Mencari letak keluarga", "Locating families"):
        cache = Archive(settings.archive.folder).cache if settings.archive.cache else None
        return locate_families(
            registry.families,
            lists,
            boundaries.villages,
            usable=_is_usable(boundaries, settings),
            visited=visits.points if visits else None,
            cache=cache,
        )


def _is_usable(boundaries: Boundaries, settings: Settings) -> bool:
    """A real family, or school, is never located by a layer that is not a real one."""
    return settings.area.synthetic or not boundaries.schematic


def match(
    registry: Registry, lists: list[AgencyList], settings: Settings, stages: Stages
) -> Recipients:
    """Registry: which family each recipient is, by number or by name; lists by their number."""
    with stages.stage("matching", "Memadankan penerima", "Matching recipients"):
        numbered = zip(settings.source, lists, strict=True)
        recipients = {
            number: (listed.table, source.code_system or listed.profile.code_system)
            for number, (source, listed) in enumerate(numbered, start=1)
            if listed.profile.role == "enrollments"
        }
        tables = {number: table for number, (table, _) in recipients.items()}
        stated = state_written_places(
            number_rows(registry.families.bench, tables),
            {number: system for number, (_, system) in recipients.items()},
            gazetteer.read_gazetteer(settings.area.code[:2]),
            crosswalk_of(settings.area.code[:2], settings.places.aliases),
        )
        return link_recipients(stated, registry)


def cover(
    registry: Registry,
    recipients: Recipients,
    settings: Settings,
    stages: Stages,
    *,
    visits: Visits | None = None,
) -> CoverageResult:
    """Targeting: whom the programs of the definition reach, by lists and by their own word."""
    with stages.stage("coverage", "Menghitung cakupan", "Finding coverage"):
        check_carried(recipients.rows, settings.definitions)
        days, on = settings.evidence.stale_after_days, settings.coverage.on
        return find_coverage(
            registry.families,
            registry.keys,
            registry.members,
            recipients.rows,
            settings.coverage,
            others=settings.definitions,
            by_name=recipients.by_name,
            doubtful=registry.doubtful,
            answers=counted_answers(visits.answers, on=on, days=days) if visits else None,
        )


def recall(
    rows: Table,
    previous: Previous | None,
    settings: Settings,
    draft: Draft,
    stages: Stages,
) -> tuple[Table | None, Records]:
    """Registry: ids that families had in the run before, and what became of its records."""
    with stages.stage("memory", "Mengingat keluarga", "Recalling families"):
        ids = None
        if previous is not None:
            base = profile_named(settings.registry.base).register_name
            number, _, _ = draft.run_id.partition("-")
            ids = recall_ids(rows, previous.memory, base=base, number=number)
        return ids, keep_records(
            table_under_ids(rows, ids),
            previous.memory if previous else None,
            run_id=draft.run_id,
            days=settings.retention.closed_rows_days,
        )


def judge(
    registry: Registry,
    located: Located,
    coverage: CoverageResult,
    settings: Settings,
    stages: Stages,
    *,
    visits: Visits | None = None,
) -> Table:
    """Targeting: one row a family with its village, welfare class and coverage state."""
    with stages.stage("welfare", "Menggolongkan keluarga", "Classifying families"):
        welfare = classify_welfare(registry.families, settings.welfare)
        ended = end_families(welfare, visits.endings if visits else None)
        return judge_families(located.families, coverage, ended, registry.corrected)


def assess(
    registry: Registry,
    families: Table,
    coverage: CoverageResult,
    settings: Settings,
    stages: Stages,
    *,
    visits: Visits,
    lists: list[AgencyList],
) -> Assessment:
    """Targeting: what each program is to each family, why some are uncovered, and whose it is."""
    with stages.stage("assessment", "Menilai cakupan program", "Assessing programs"):
        return assess_families(
            registry,
            families,
            coverage,
            visits.latest,
            settings,
            listed_on=newest_day(lists, settings.registry.base),
            flagged=[number for number, one in enumerate(lists, start=1) if one.profile.flag],
        )


def reach(
    poor: pd.DataFrame,
    boundaries: Boundaries,
    facilities: Facilities | None,
    settings: Settings,
    stages: Stages,
    *,
    roads: RoadNetwork | None,
) -> pd.DataFrame | None:
    """Targeting: how far villages and their located families are from facilities of each type."""
    with stages.stage("access", "Mengukur jarak ke fasilitas", "Measuring access"):
        if facilities is None:
            return None
        # No table has families by it: distances to three facilities are a place.
        return measure_access(
            poor,
            boundaries.villages,
            facilities.typed,
            _crs_of(boundaries.villages),
            travel=travel_of(settings.travel),
            roads=roads,
            limit_minutes=settings.travel.limit_minutes,
        ).villages


def _crs_of(villages: gpd.GeoDataFrame) -> pyproj.CRS:
    return metric_crs(*shapely.box(*villages.total_bounds).centroid.coords[0])


def target(
    families: Table,
    boundaries: Boundaries,
    lists: list[AgencyList],
    settings: Settings,
    stages: Stages,
    *,
    poor: pd.DataFrame,
    ordering: Ordering,
    previous: Previous | None,
    access: pd.DataFrame | None,
) -> Targets:
    """Targeting: village table, clusters of uncovered families, and the order of visits."""
    with stages.stage("targeting", "Menyusun prioritas", "Setting priorities", 2) as done:
        barriers = read_barriers(settings.clusters.barriers, boundaries.villages)
        population = population_by_village(lists, settings.area.code)
        villages = summarize_villages(families, boundaries.villages, population)
        villages = villages.assign(access_minutes=access_minutes(access, villages.index))
        contiguity = find_contiguity(villages)
        indicators = read_indicators(settings.priority.file)
        priorities = find_priorities(villages, contiguity, indicators, ordering)
        villages = priorities.villages
        done(1)
        crs = _crs_of(villages)
        asked = expect(poor, settings.clusters, crs)
        clusters, cluster_of = find_clusters(poor, villages, settings.clusters, crs, asked=asked)
        before = previous.clusters if previous else None
        if before is not None:
            clusters, cluster_of = keep_ids(clusters, cluster_of, before, poor, villages)
        details = detail_clusters(
            clusters, cluster_of, poor, villages, settings.clusters,
            crs=crs, before=before, on=settings.coverage.on, barriers=barriers,
            asked=asked,
        )  # fmt: skip
        done(1)
    return Targets(
        villages, poor, details.clusters, cluster_of, crs, contiguity, indicators, ordering,
        access, details,
    )  # fmt: skip


def publish(
    results: Results, draft: Draft, config: Path, now: datetime, stages: Stages
) -> RunResult:
    """Publishing: what each audience is shown, the exact tables, the whole snapshot."""
    with stages.stage("publishing", "Menerbitkan hasil", "Publishing"):
        report = write_snapshot(results, draft, config, now)
    timed = {**report, "seconds": stages.seconds}
    return RunResult(results.settings, timed, results.guarded.notices)
