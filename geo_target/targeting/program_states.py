"""What each program is to each family, and to each person whom it could enroll.

Three states of coverage (targeting/coverage.py) meet what the rule of the day says:

====================== =============================== ==========================================
state                  enrolled on the day             by the rule
====================== =============================== ==========================================
covered                yes                             eligible
covered_undecided      yes                             not known
enrolled_not_eligible  yes                             not eligible
uncovered              no: compared, and not found     eligible
unmatched              nothing could be compared       eligible
not_eligible           no, or nothing could be compared  not eligible
undecided              no, or nothing could be compared  not known
====================== =============================== ==========================================

Each family has one of them for each program that a list of the run carries, so that they add up
to all families. A program that no list carries has none: whom it reaches nobody has said. Old aid
has none either: it is never coverage.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.programs import programs
from geo_target.targeting.coverage import CoverageResult
from geo_target.targeting.eligibility import (
    MAY,
    RuledProgram,
    family_conditions,
    of_any_member,
    of_members,
    person_conditions,
)
from geo_target.workbench import Table, query

STATES = (
    "covered", "covered_undecided", "enrolled_not_eligible", "uncovered", "unmatched",
    "not_eligible", "undecided",
)  # fmt: skip
#: States that the tables of family x program keep: enrolled or eligible.
KEPT = STATES[:5]
_STATE = f"enum{STATES}"
#: SQL: what no rule says.
_NOT_KNOWN = "null::boolean"


@dataclass(frozen=True)
class ProgramStates:
    """States of families and persons by program.

    Attributes
    ----------
    eligible
        ``family_id`` and for each program with a rule a column: whether the family, or any of
        its members, may get it.
    families
        ``family_id``, ``village_code``, ``is_poor`` (extreme poor), and for each of `programs`,
        which a list carries, a column of `STATES`.
    persons
        ``person_id``, ``family_id``, ``village_code``, ``is_poor``, and the same for each of
        `person_programs`, which enroll persons.
    """

    eligible: Table
    families: Table
    persons: Table
    programs: tuple[str, ...]
    person_programs: tuple[str, ...]


def find_program_states(
    facts: Table, persons: Table, coverage: CoverageResult, ruled: Mapping[str, RuledProgram]
) -> ProgramStates:
    """Say what each program is to each family and person.

    Parameters
    ----------
    facts
        ``family_id``, ``village_code``, ``is_poor``, ``visit_found``, and
        programs.FAMILY_FACTS.
    persons
        ``person_id``, ``family_id``, ``has_national_id``, and what programs.PERSON_FACTS has
        more than that.
    coverage
        Of the same families.
    ruled
        See `eligibility.ruled_programs`.
    """
    carried = tuple(code for code in coverage.by_program.columns if code != "family_id")
    enrolling = tuple(code for code in carried if programs()[code].unit == "person")
    members = _person_states(facts, persons, coverage, ruled, enrolling)
    eligible = _eligible(facts, members, ruled)
    families = query(
        "select facts.family_id, village_code, is_poor"
        + "".join(f', {_state(code, is_ruled=code in ruled)} as "{code}"' for code in carried)
        + " from facts join states using (family_id) join eligible using (family_id)",
        facts=facts, states=coverage.by_program, eligible=eligible,
    )  # fmt: skip
    return ProgramStates(eligible, families, members, carried, enrolling)


def _eligible(facts: Table, members: Table, ruled: Mapping[str, RuledProgram]) -> Table:
    """Families by rule, or by what the rule says of their members."""
    return query(
        f"""
        with members as (
            select family_id, count(*) as listed{of_members(ruled.values())}
            from persons group by family_id
        ), families as (
            select family_id, members as size{family_conditions(ruled.values())} from facts
        )
        select families.* exclude (size){of_any_member(ruled.values())}
        from families left join members using (family_id)""",
        facts=facts, persons=members,
    )  # fmt: skip


def _state(code: str, *, is_ruled: bool) -> str:
    rule = f'eligible."{code}"' if is_ruled else _NOT_KNOWN
    return _crossed(f'states."{code}"', rule)


def _crossed(state: str, eligible: str) -> str:
    """SQL: a state of coverage and what the rule says."""
    return f"""cast(case
        when {state} = 'covered' then case when {eligible} then 'covered'
            when {eligible} is null then 'covered_undecided' else 'enrolled_not_eligible' end
        when {eligible} then {state}::varchar
        when {eligible} is null then 'undecided' else 'not_eligible' end as {_STATE})"""


def _person_states(
    facts: Table,
    persons: Table,
    coverage: CoverageResult,
    ruled: Mapping[str, RuledProgram],
    codes: tuple[str, ...],
) -> Table:
    """By a person's own NIK; while anything of the family is in doubt a miss proves nothing.

    A column `may CODE` says what the rule says of each person.
    """
    listed = ", ".join(f"'{code}'" for code in codes) or "''"
    enrolled = query(
        "select person_id, family_id"
        + "".join(
            f""", coalesce(bool_or(is_active and program = '{code}'), false) as "in_{code}\""""
            for code in codes
        )
        + f" from enrolled where program in ({listed}) group by person_id, family_id",
        enrolled=coverage.persons,
    )
    doubts = query(
        "select family_id"
        + "".join(
            f""", coalesce(bool_or(program is null or program = '{code}'), false)
                as "doubt_{code}\""""
            for code in codes
        )
        + " from doubts group by family_id",
        doubts=coverage.doubts,
    )

    def state(code: str) -> str:
        proves = f'has_national_id and not coalesce("doubt_{code}", false)'
        if "nik" not in coverage.carried[code]:
            proves = "false"
        found = (
            f"""case when "in_{code}" then 'covered' when {proves} then 'uncovered' """
            "else 'unmatched' end"
        )
        return _crossed(f"({found})", f'"{MAY}{code}"' if code in ruled else _NOT_KNOWN)

    return query(
        f"""
        with judged as (
            select person_id, family_id, has_national_id, village_code, is_poor
                {person_conditions(ruled.values())}
            from persons join facts using (family_id)
        )
        select judged.* exclude (has_national_id)"""
        + "".join(f', {state(code)} as "{code}"' for code in codes)
        + """ from judged left join enrolled using (person_id, family_id)
            left join doubts using (family_id)""",
        persons=persons, facts=facts, enrolled=enrolled, doubts=doubts,
    )  # fmt: skip


def long_states(wide: Table, codes: tuple[str, ...], who: str) -> Table:
    """One row for whoever is enrolled in a program or may be: `who`, ``program``, ``state``.

    It is worked out when it is asked.
    """
    if not codes:
        return query(f"select {who}, '' as program, '' as state from wide where false", wide=wide)
    kept = ", ".join(f"'{state}'" for state in KEPT)
    return wide.bench.view(
        " union all ".join(
            f"""select {who}, '{code}' as program, "{code}"::varchar as state
                from wide where "{code}" in ({kept})"""
            for code in codes
        ),
        wide=wide,
    )


def count_states(wide: Table, codes: tuple[str, ...], unit: str) -> Table:
    """How many are in each state, by village and program.

    Parameters
    ----------
    unit
        ``families`` or ``persons``: what is counted.

    Returns
    -------
    Table
        ``village_code`` (null of those of no village), ``program``, ``is_poor``, ``<unit>`` and
        ``<state>_<unit>`` for each of `STATES`, which add up to it.
    """
    found = query(
        f"select village_code, is_poor, count(*) as {unit}"
        + "".join(
            f""", count_if("{code}" = '{state}')::bigint as "{code} {state}\""""
            for code in codes
            for state in STATES
        )
        + " from wide group by all",
        wide=wide,
    )
    parts = [
        f"select village_code::varchar as village_code, '{code}' as program, is_poor, {unit}"
        + "".join(f', "{code} {state}" as {state}_{unit}' for state in STATES)
        + " from found"
        for code in codes
    ] or [
        f"select village_code::varchar as village_code, '' as program, is_poor, {unit}"
        + "".join(f", {unit} as {state}_{unit}" for state in STATES)
        + " from found where false"
    ]
    return query(f"from ({' union all '.join(parts)}) order by all", found=found)
