"""What a run finds of families beyond covered or not: programs, reasons, strategies, evidence.

Each table by village counts every family once, those of no village too, so that its rows add up
to the run's families or to its extreme-poor ones.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from geo_target.programs import programs
from geo_target.registry.families import Registry
from geo_target.schemas import COVERAGE_STATES
from geo_target.settings import Settings
from geo_target.targeting.convergence import (
    count_convergence,
    find_convergence,
    find_double_aid,
)
from geo_target.targeting.coverage import CoverageResult
from geo_target.targeting.eligibility import ending_found, ruled_programs
from geo_target.targeting.evidence import find_evidence, summarize_evidence
from geo_target.targeting.facts import family_facts, person_facts
from geo_target.targeting.lenses import count_lenses
from geo_target.targeting.matches import programs_on
from geo_target.targeting.own_flags import count_flags
from geo_target.targeting.program_states import (
    ProgramStates,
    count_states,
    find_program_states,
    long_states,
)
from geo_target.targeting.reasons import Grounds, count_reasons, find_reasons
from geo_target.targeting.verified_errors import find_errors
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class Assessment:
    """What a run finds of families beyond covered or not.

    Attributes
    ----------
    coverage, person_coverage
        schemas.SNAPSHOT_COVERAGE and schemas.SNAPSHOT_PERSON_COVERAGE: whoever is enrolled in a
        program, or may be by its rule.
    states
        ``family_id`` and a column of states for each named definition.
    profiles
        ``family_id``, ``reason``, ``reason_office``, ``strategies``, ``programs``,
        ``evidence_on``, ``is_verified``.
    double_aid
        Families that one list pays twice for a program, see `convergence.find_double_aid`.
    by_village
        Tables by village, by the name of their schema: schemas.BY_VILLAGE.
    eligible
        Extreme-poor families that may get each program of which anything is known, carried by
        a list or not.
    current
        Programs that anybody is enrolled in on the day: of others the lists are of other days.
    """

    coverage: Table
    person_coverage: Table
    states: Table
    profiles: Table
    double_aid: Table
    by_village: Mapping[str, Table]
    eligible: Mapping[str, int]
    current: Collection[str]


def assess_families(
    registry: Registry,
    families: Table,
    coverage: CoverageResult,
    visits: Table,
    settings: Settings,
    *,
    listed_on: date,
    flagged: Collection[int] = (),
) -> Assessment:
    """Assess the families of a run.

    Parameters
    ----------
    registry
        Its families and members.
    families
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``, ``ended_by``:
        one row each.
    visits
        See `registry.visits.Visits.latest`.
    listed_on
        The day of the base register's list.
    flagged
        Numbers of recipient lists of flags.
    """
    on = settings.coverage.on
    has_ranking = bool(len(query("select 1 from t where in_ranking limit 1", t=registry.families)))
    persons = person_facts(registry.members, on)
    places = query("select family_id, village_code from families", families=families)
    welfare = query("select family_id, welfare_class from families", families=families)
    facts = family_facts(registry.families, persons, places, welfare, on, has_ranking=has_ranking)
    villages = _enum_of(families, "village_code")
    placed = query(
        f"""select facts.*, families.village_code::{villages} as village_code,
                families.welfare_class = 'extreme_poor' as is_poor,
                {ending_found("families.ended_by")} as visit_found
            from facts join families using (family_id)""",
        facts=sure_of_ranking(facts, coverage.proofs, coverage.doubts), families=families,
    )  # fmt: skip
    ruled = ruled_programs(programs(), on)
    states = find_program_states(placed, persons, coverage, ruled)
    families.bench.drop(facts, persons, places, welfare)
    grounds = Grounds(
        facts=placed, families=registry.families, proofs=coverage.proofs,
        eligible=states.eligible, enrolled=coverage.families, visits=visits,
        has_ranking=has_ranking,
    )  # fmt: skip
    uncovered = query(
        """select family_id from families
            where welfare_class = 'extreme_poor' and coverage_state = 'uncovered'""",
        families=families,
    )
    reasons = find_reasons(uncovered, grounds, settings.coverage.programs, ruled)
    convergence = find_convergence(families, coverage.families)
    evidence = find_evidence(
        registry.families, visits, settings.evidence, on=on, listed_on=listed_on
    )
    return Assessment(
        coverage=_coverage(states, coverage),
        person_coverage=_person_coverage(states, coverage),
        states=coverage.by_definition,
        profiles=_profiles(families, reasons, convergence, evidence),
        double_aid=find_double_aid(coverage.matches, flagged=flagged),
        by_village={
            "program_villages": count_states(states.families, states.programs, "families"),
            "program_persons": count_states(states.persons, states.person_programs, "persons"),
            "definition_villages": count_definitions(
                coverage.by_definition, families, settings.definitions
            ),
            "reason_villages": count_reasons(reasons, families),
            "lens_villages": count_lenses(placed, families),
            "convergence_villages": count_convergence(convergence, families),
            "evidence_villages": summarize_evidence(families, evidence, settings.evidence),
            "flag_villages": count_flags(registry.families, families, listed_on=listed_on),
            "verified_errors": find_errors(families, visits),
        },
        eligible=_eligible(states.eligible, placed),
        current=programs_on(coverage.matches, on),
    )


def sure_of_ranking(facts: Table, proofs: Table, doubts: Table) -> Table:
    """Facts where DTSEN has no row of a family only if it could have been found there.

    They are worked out when they are asked.
    """
    return facts.bench.view(
        """select * replace (if(in_dtsen or (family_id in (select family_id from proofs)
                    and family_id not in (select family_id from doubts where program is null)),
                in_dtsen, null) as in_dtsen)
            from facts""",
        facts=facts, proofs=proofs, doubts=doubts,
    )  # fmt: skip


def _enum_of(table: Table, column: str) -> str:
    """A DuckDB type of the words in a column: two bytes each, where millions of rows repeat few."""
    name = f"{table.name}_{column}"
    table.bench.execute(
        f"""create type memory.main.{name} as enum (
            select distinct {column} from {table.name} where {column} is not null order by 1)"""
    )
    return f"memory.main.{name}"


def _coverage(states: ProgramStates, coverage: CoverageResult) -> Table:
    """Worked out when it is asked, which is once: as it is written."""
    return states.families.bench.view(
        """select coalesce(states.family_id, e.family_id) as family_id,
                coalesce(states.program, e.program) as program,
                coalesce(state, 'enrolled_not_counted') as state, valid_from, valid_to, matched_by
            from states full join e on e.family_id = states.family_id
                and e.program = states.program""",
        states=long_states(states.families, states.programs, "family_id"), e=coverage.families,
    )  # fmt: skip


def _person_coverage(states: ProgramStates, coverage: CoverageResult) -> Table:
    """Of programs for families a person's enrollment alone is told: 'covered' is the family.

    Worked out when it is asked.
    """
    return states.persons.bench.view(
        """select coalesce(states.person_id, e.person_id) as person_id,
                coalesce(states.family_id, e.family_id) as family_id,
                coalesce(states.program, e.program) as program,
                coalesce(state, if(is_active, 'covered', 'enrolled_not_counted')) as state,
                valid_from, valid_to, matched_by
            from states full join e on e.person_id = states.person_id
                and e.family_id = states.family_id and e.program = states.program""",
        states=long_states(states.persons, states.person_programs, "person_id, family_id"),
        e=coverage.persons,
    )  # fmt: skip


def count_definitions(states: Table, families: Table, names: Collection[str]) -> Table:
    """Extreme-poor families by village and definition, in their three states."""
    counted = query(
        "select village_code, count(*) as how_many"
        + "".join(f', states."{name}"' for name in names)
        + """ from states join families using (family_id)
            where welfare_class = 'extreme_poor' group by all""",
        states=states, families=families,
    )  # fmt: skip
    sums = ", ".join(
        f"coalesce(sum(how_many) filter (state = '{state}'), 0)::bigint as {state}_families"
        for state in COVERAGE_STATES
    )
    parts = " union all ".join(
        f"""select village_code, '{name}' as definition, "{name}" as state, how_many
            from counted"""
        for name in names
    )
    return query(
        f"""select village_code, definition, sum(how_many)::bigint as families, {sums}
            from ({parts}) group by all order by all""",
        counted=counted,
    )


def _profiles(families: Table, reasons: Table, convergence: Table, evidence: Table) -> Table:
    return query(
        """select families.family_id, reason, office as reason_office, strategies,
                convergence.programs, evidence_on, is_verified
            from families join convergence using (family_id) join evidence using (family_id)
                left join reasons using (family_id)""",
        families=families, reasons=reasons, convergence=convergence, evidence=evidence,
    )  # fmt: skip


def _eligible(eligible: Table, facts: Table) -> dict[str, int]:
    """Extreme-poor families that may get each program of which anything is known."""
    codes = [name for name in eligible.columns if name != "family_id"]
    counts = ", ".join(f'count(*) filter ("{code}"), count("{code}")' for code in codes) or "0"
    found = query(
        f"select {counts} from eligible join facts using (family_id) where is_poor",
        eligible=eligible, facts=facts,
    )  # fmt: skip
    (row,) = eligible.bench.execute(f"from {found.name}")
    told = zip(codes, row[::2], row[1::2], strict=False)
    return {code: int(may) for code, may, known in told if known}
