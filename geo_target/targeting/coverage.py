"""Which families a definition of 'covered' reaches: covered, uncovered, or unmatched.

Three states, never two. A family without a usable key cannot be found on any list, and a
plain anti-join would call it uncovered: with 17 % of NIK unusable that inflates the
uncovered by as much. And since PKH is paid to the wife or mother, a head's NIK that is on
no list proves nothing by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geo_target.errors import ConfigError, Fault
from geo_target.programs import programs
from geo_target.settings import Coverage
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class CoverageResult:
    """Coverage of a run's families.

    Attributes
    ----------
    states
        ``family_id``, ``coverage_state``: one row a family.
    families
        Family x program where enrolled: schemas.SNAPSHOT_COVERAGE.
    persons
        Person x program where enrolled: schemas.SNAPSHOT_PERSON_COVERAGE.
    unlinked
        ``program``, ``village_name``, ``enrollments``: recipients linked to no family.
    """

    states: Table
    families: Table
    persons: Table
    unlinked: Table


def check_carried(enrollments: Table, definition: Coverage) -> None:
    """Refuse a definition that names a program which no list of the run carries.

    Raises
    ------
    ConfigError
        ``E-PROGRAM-NOLIST``: every family that it reaches would be called uncovered.
    """
    sql = f"select distinct program from {enrollments.name}"
    carried = {program for (program,) in enrollments.bench.execute(sql)}
    absent = [program for program in definition.programs if program not in carried]
    if absent:
        named = ", ".join(absent)
        raise ConfigError(
            Fault(
                "E-PROGRAM-NOLIST",
                id=f"tidak satu pun daftar memuat {named}, sehingga semua penerimanya akan disebut "
                "belum tersentuh; tambahkan daftarnya atau hapus dari coverage.programs",
                en=f"no list carries {named}, so that all whom it reaches would be called "
                "uncovered; add its list or take it out of coverage.programs",
                column="coverage.programs",
            )
        )


def find_coverage(
    families: Table,
    keys: Table,
    members: Table,
    enrollments: Table,
    definition: Coverage,
    *,
    by_name: Table | None = None,
    doubtful: Table | None = None,
) -> CoverageResult:
    """Find the coverage state of every family.

    Parameters
    ----------
    families
        ``family_id``, ``members`` (persons of the family; null if unknown).
    keys
        ``family_id``, ``kind`` (nik, kk), ``value``, ``is_head``: usable numbers only.
    members
        ``family_id``, ``person_id``, ``national_id``.
    enrollments
        Rows of all recipient lists, numbered: ``enrollment``, columns of schemas.ENROLLMENTS.
    definition
        Programs, day, and whether one member counts for the family.
    by_name
        Rows that no number ties, see `registry.recipients.Recipients`: a match is an enrollment
        as any other, and a doubt about one that would count leaves a miss without proof.
    doubtful
        ``family_id`` of families that may be another: a miss of theirs proves nothing.
    """
    rows = _judged(enrollments, definition)
    found = by_name or _nobody(rows)
    matches = _matches(keys, rows, families, found)
    return CoverageResult(
        states=_states(
            families,
            keys,
            rows,
            _reached(keys, matches, definition),
            unclear=_unclear(matches, rows, found, doubtful),
        ),
        families=_family_programs(matches),
        persons=_person_programs(members, rows, found),
        unlinked=_unlinked(rows, matches),
    )


def _nobody(rows: Table) -> Table:
    texts = dict.fromkeys(("family_id", "person_id", "national_id"), "varchar")
    return rows.bench.take_rows({"enrollment": "bigint", **texts, "is_doubtful": "boolean"}, [])


def _judged(enrollments: Table, definition: Coverage) -> Table:
    """Say which rows the definition counts on its day."""
    listed = ", ".join(f"'{program}'" for program in definition.programs)
    return query(
        f"""select *, coalesce(program in ({listed}), false) as is_defined,
                is_defined
                    and coalesce(valid_from <= $1, true) and coalesce(valid_to >= $1, true)
                    and coalesce(status, 'active') = 'active' as is_counted,
                is_defined and status = 'unknown' as is_unclear
            from enrollments""",
        [definition.on],
        enrollments=enrollments,
    )


def _matches(keys: Table, rows: Table, families: Table, by_name: Table) -> Table:
    """Every enrollment with each family that it names, and what joined them."""
    return query(
        """
        select rows.enrollment, keys.family_id, 'nik' as matched_by, rows.national_id,
            program, is_counted, is_unclear, valid_from, valid_to
        from rows join keys on keys.kind = 'nik' and keys.value = rows.national_id
        union all
        select rows.enrollment, keys.family_id, 'kk', null,
            program, is_counted, is_unclear, valid_from, valid_to
        from rows join keys on keys.kind = 'kk' and keys.value = rows.family_card_number
        union all
        select rows.enrollment, families.family_id, 'family_id', null,
            program, is_counted, is_unclear, valid_from, valid_to
        from rows join families on families.family_id = rows.family_id
        union all
        select rows.enrollment, by_name.family_id, 'name', by_name.national_id,
            program, is_counted, is_unclear, valid_from, valid_to
        from rows join by_name using (enrollment) where not is_doubtful""",
        rows=rows, keys=keys, families=families, by_name=by_name,
    )  # fmt: skip


def _states(families: Table, keys: Table, rows: Table, reached: Table, *, unclear: Table) -> Table:
    return query(
        """
        with carried as (
            select 'nik' as kind from rows where is_defined and national_id is not null
            union select 'kk' from rows where is_defined and family_card_number is not null
        ), compared as (
            select distinct keys.family_id
            from keys join carried using (kind) join families using (family_id)
            where keys.kind = 'kk' or not keys.is_head or families.members = 1
        )
        select families.family_id,
            case when families.family_id in (select family_id from reached) then 'covered'
                when families.family_id in (select family_id from unclear) then 'unmatched'
                when families.family_id in (select family_id from compared) then 'uncovered'
                else 'unmatched' end as coverage_state
        from families""",
        families=families, keys=keys, rows=rows, reached=reached, unclear=unclear,
    )  # fmt: skip


def _unclear(matches: Table, rows: Table, by_name: Table, doubtful: Table | None) -> Table:
    """Families whose miss proves nothing: an enrollment that cannot be judged, or a doubt."""
    unclear = query(
        """select family_id from matches where is_unclear
            union select by_name.family_id from by_name join rows using (enrollment)
            where is_doubtful and (is_counted or is_unclear)""",
        matches=matches, by_name=by_name, rows=rows,
    )  # fmt: skip
    if doubtful is not None:
        unclear = query(
            "from unclear union select family_id from doubtful", unclear=unclear, doubtful=doubtful
        )
    return unclear


def _reached(keys: Table, matches: Table, definition: Coverage) -> Table:
    """Families that a counted enrollment reaches."""
    counted = query("from matches where is_counted", matches=matches)
    if definition.member_counts_for_family:
        return query("select distinct family_id from counted", counted=counted)
    # A program for persons then counts only where every member with a NIK is enrolled.
    for_persons = _quoted(p for p in definition.programs if programs()[p].unit == "person")
    return query(
        f"""
        with numbers as (
            select family_id, count(distinct value) as many from keys
            where kind = 'nik' group by 1
        ), enrolled as (
            select family_id, program, count(distinct national_id) as many
            from counted where matched_by in ('nik', 'name') and program in ({for_persons})
            group by all
        )
        select distinct family_id from counted where program not in ({for_persons})
        union select family_id from enrolled join numbers using (family_id)
        where enrolled.many >= numbers.many""",
        counted=counted, keys=keys,
    )  # fmt: skip


def _quoted(codes: Iterable[str]) -> str:
    listed = ", ".join(f"'{code}'" for code in codes)
    return listed or "''"


#: SQL: of several enrollments in a program the one that counts, then the one that ends last.
_LATEST = """(is_counted, coalesce(valid_to, date '9999-12-31'),
    coalesce(valid_from, date '0001-01-01'))"""
_DAYS = "arg_max({'first': valid_from, 'last': valid_to}, " + _LATEST + ")"


def _family_programs(matches: Table) -> Table:
    return query(
        f"""select * exclude (days), days.first as valid_from, days.last as valid_to from (
            select family_id, program,
                if(bool_or(is_counted), 'covered', 'enrolled_not_counted') as state,
                {_DAYS} as days,
                arg_min(matched_by, list_position(['nik', 'kk', 'family_id', 'name'], matched_by))
                    as matched_by
            from matches where program is not null group by family_id, program)""",
        matches=matches,
    )


def _person_programs(members: Table, rows: Table, by_name: Table) -> Table:
    return query(
        f"""
        with named as (
            select enrollment, members.person_id, members.family_id, 'nik' as matched_by
            from rows join members on members.national_id = rows.national_id
            union all
            select enrollment, person_id, family_id, 'name'
            from by_name where not is_doubtful and person_id is not null
        )
        select * exclude (days), days.first as valid_from, days.last as valid_to from (
            select person_id, named.family_id, program,
                if(bool_or(is_counted), 'covered', 'enrolled_not_counted') as state,
                {_DAYS} as days, max(matched_by) as matched_by
            from rows join named using (enrollment)
            where program is not null
            group by person_id, named.family_id, program)""",
        members=members, rows=rows, by_name=by_name,
    )  # fmt: skip


def _unlinked(rows: Table, matches: Table) -> Table:
    return query(
        """select program, village_name, count(*) as enrollments
            from rows where enrollment not in (select enrollment from matches)
            group by all order by all""",
        rows=rows, matches=matches,
    )  # fmt: skip
