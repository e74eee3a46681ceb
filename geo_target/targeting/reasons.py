"""Why a family is uncovered, and which office can change it.

Of each uncovered extreme-poor family the first of these that is true, in this order:

====================== ========================================================== ================
reason                 what holds                                                 office
====================== ========================================================== ================
no_national_id         no usable NIK of any member                                Disdukcapil
not_in_civil_registry  a list says its head's NIK is not the civil registry's     Disdukcapil
not_in_register        the register that programs rest on does not list it        Dinas Sosial
above_decile           each program's limit is below its decile, or its rule      BPS
                       excludes it, and one limit does
eligible_not_enrolled  a program's rule calls it eligible; never enrolled in any  the program's
enrolled_inactive      enrolled in one, and not on the day                        the program's
moved_or_dead          a visit found it so                                        Disdukcapil
unfit_by_visit         a visit judged it unfit, or found it part of another       Dinas Sosial
never_verified         no visit found anybody                                     Dinas Sosial
unexplained            verified, and none of these                                Dinas Sosial
====================== ========================================================== ================

'Programs' are those of the run's definition. Whether a family has a point is no reason. Whom a
visit found gone or unfit a run counts as extreme poor no more (targeting/endings.py), so that its
uncovered families have neither of these two reasons any longer; older runs do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo_target.programs import Program, programs
from geo_target.targeting.eligibility import GONE, UNFIT, RuledProgram, visit_found
from geo_target.workbench import Table, query

CIVIL_REGISTRY = "Disdukcapil"
SOCIAL_AFFAIRS = "Dinas Sosial"
STATISTICS = "BPS"

#: In the order in which they are asked, with whose they are; None is the program's.
REASONS: Mapping[str, str | None] = {
    "no_national_id": CIVIL_REGISTRY,
    "not_in_civil_registry": CIVIL_REGISTRY,
    "not_in_register": SOCIAL_AFFAIRS,
    "above_decile": STATISTICS,
    "eligible_not_enrolled": None,
    "enrolled_inactive": None,
    "moved_or_dead": CIVIL_REGISTRY,
    "unfit_by_visit": SOCIAL_AFFAIRS,
    "never_verified": SOCIAL_AFFAIRS,
    "unexplained": SOCIAL_AFFAIRS,
}


@dataclass(frozen=True)
class Grounds:
    """What reasons rest on, by ``family_id``.

    Attributes
    ----------
    facts
        programs.FAMILY_FACTS.
    families
        ``civil_registry`` (matched, unmatched, missing or null).
    proofs
        ``has_nik``: see `matches.find_proofs`.
    eligible
        See `program_states.ProgramStates`.
    enrolled
        ``program``, ``is_active``: see `coverage.CoverageResult`.
    visits
        See `registry.visits.Visits.latest`.
    has_ranking
        Whether the run has the register that programs rest on; else the base stands for it.
    """

    facts: Table
    families: Table
    proofs: Table
    eligible: Table
    enrolled: Table
    visits: Table
    has_ranking: bool


def find_reasons(
    uncovered: Table, grounds: Grounds, codes: Sequence[str], ruled: Mapping[str, RuledProgram]
) -> Table:
    """Say why each family is uncovered.

    Parameters
    ----------
    uncovered
        ``family_id`` of uncovered extreme-poor families.
    codes
        Programs of the definition, in its order.
    ruled
        Programs with a rule on the day.

    Returns
    -------
    Table
        ``family_id``, ``reason``, ``office``, ``program`` (whose office it is; null where the
        reason is of no program): one row for each of `uncovered`.
    """
    known = [code for code in codes if code in ruled]
    flags = query(
        f"""
        select uncovered.family_id,
            not coalesce(has_nik, false) as no_national_id,
            coalesce(families.civil_registry in ('unmatched', 'missing'), false)
                as not_in_civil_registry,
            coalesce(not facts.{"in_dtsen" if grounds.has_ranking else "is_listed"}, false)
                as not_in_register,
            {_above_decile(codes, ruled)} as above_decile,
            {_first_eligible(known)} as may_get,
            ended.program as had,
            coalesce({visit_found("visits")} in {GONE}, false) as moved_or_dead,
            coalesce({visit_found("visits")} in {UNFIT}, false) as unfit_by_visit,
            visits.completed_on is null as never_verified
        from uncovered join facts using (family_id) join families using (family_id)
            left join eligible using (family_id)
            left join proofs on proofs.family_id = uncovered.family_id
            left join (
                select family_id, arg_min(program, list_position($1, program)) as program
                from enrolled where not is_active and list_contains($1, program)
                group by family_id
            ) ended on ended.family_id = uncovered.family_id
            left join visits on visits.family_id = uncovered.family_id""",
        [list(codes)],
        uncovered=uncovered, facts=grounds.facts, families=grounds.families,
        proofs=grounds.proofs, eligible=grounds.eligible, enrolled=grounds.enrolled,
        visits=grounds.visits,
    )  # fmt: skip
    judged = query(
        """select family_id, case
                when no_national_id then 'no_national_id'
                when not_in_civil_registry then 'not_in_civil_registry'
                when not_in_register then 'not_in_register'
                when above_decile then 'above_decile'
                when may_get is not null and had is null then 'eligible_not_enrolled'
                when had is not null then 'enrolled_inactive'
                when moved_or_dead then 'moved_or_dead'
                when unfit_by_visit then 'unfit_by_visit'
                when never_verified then 'never_verified'
                else 'unexplained' end as reason,
                case reason when 'eligible_not_enrolled' then may_get
                    when 'enrolled_inactive' then had end as program
            from flags""",
        flags=flags,
    )
    return query(
        """select judged.family_id, reason, coalesce(owned.office, owners.office) as office,
                program
            from judged left join owners using (reason) left join owned using (program)
            order by judged.family_id""",
        judged=judged,
        owners=_owners(uncovered),
        owned=_owned(uncovered, codes),
    )


def _above_decile(codes: Sequence[str], ruled: Mapping[str, RuledProgram]) -> str:
    """SQL: what keeps the family out of every program, and a decile limit is among it."""
    if not ruled.keys() >= set(codes):
        return "false"  # from a program of which no rule is known nothing keeps anybody out
    above = {
        code: f"coalesce(facts.decile > {limit}, false)"
        for code in codes
        if (limit := ruled[code].rule.max_decile)
    }
    out = (f'(not coalesce(eligible."{c}", true) or {above.get(c, "false")})' for c in codes)
    return f"(({' or '.join(above.values()) or 'false'}) and {' and '.join(out)})"


def _first_eligible(codes: Sequence[str]) -> str:
    """SQL: the first program that the family may get; null where none is known."""
    cases = "".join(f""" when eligible."{code}" then '{code}'""" for code in codes)
    return f"case{cases} end" if cases else "null::varchar"


def _owners(uncovered: Table) -> Table:
    return uncovered.bench.take_rows(
        {"reason": "varchar", "office": "varchar"}, list(REASONS.items())
    )


def _owned(uncovered: Table, codes: Sequence[str]) -> Table:
    catalogue = programs()
    return uncovered.bench.take_rows(
        {"program": "varchar", "office": "varchar"},
        [(code, office_of(catalogue[code])) for code in codes],
    )


def office_of(program: Program) -> str:
    """Who of the region brings it about that somebody gets a program."""
    return program.office or program.agency


def count_reasons(reasons: Table, families: Table) -> Table:
    """Uncovered extreme-poor families by village and reason.

    Returns
    -------
    Table
        ``village_code`` (null of those of no village), ``reason``, ``office``, ``families``.
    """
    return query(
        """select village_code, reason, office, count(*) as families
            from reasons join families using (family_id) group by all order by all""",
        reasons=reasons, families=families,
    )  # fmt: skip
