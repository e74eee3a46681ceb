"""Which families and persons the rows of recipient lists name, and what a miss would prove."""

from datetime import date

from geo_target.workbench import Table, query


def match_families(keys: Table, enrollments: Table, families: Table, by_name: Table) -> Table:
    """Every enrollment with each family that it names, or may name.

    Parameters
    ----------
    keys
        ``family_id``, ``kind`` (nik, kk), ``value``: usable numbers only.
    enrollments
        ``enrollment`` and the columns of schemas.ENROLLMENTS.
    families
        ``family_id``.
    by_name
        As `registry.recipients.Recipients.by_name`.

    Returns
    -------
    Table
        ``enrollment``, ``family_id``, ``matched_by`` (nik, kk, family_id, name), ``national_id``
        (where it names a person), ``list``, ``program``, ``status``, ``valid_from``,
        ``valid_to``, ``is_doubtful``: it may name this family, or another.
    """
    said = "list, program, status, valid_from, valid_to"
    return query(
        f"""
        select enrollment, keys.family_id, 'nik' as matched_by, e.national_id, {said},
            false as is_doubtful
        from e join keys on keys.kind = 'nik' and keys.value = e.national_id
        union all
        select enrollment, keys.family_id, 'kk', null, {said}, false
        from e join keys on keys.kind = 'kk' and keys.value = e.family_card_number
        union all
        select enrollment, families.family_id, 'family_id', null, {said}, false
        from e join families on families.family_id = e.family_id
        union all
        select enrollment, by_name.family_id, 'name', by_name.national_id, {said}, is_doubtful
        from e join by_name using (enrollment)""",
        e=enrollments, keys=keys, families=families, by_name=by_name,
    )  # fmt: skip


def match_persons(members: Table, enrollments: Table, by_name: Table) -> Table:
    """Every enrollment with the person whom it names by NIK or by name.

    Returns
    -------
    Table
        ``person_id``, ``family_id``, ``matched_by`` (nik, name), ``program``, ``status``,
        ``valid_from``, ``valid_to``.
    """
    said = "program, status, valid_from, valid_to"
    return query(
        f"""
        select members.person_id, members.family_id, 'nik' as matched_by, {said}
        from e join members on members.national_id = e.national_id
        union all
        select by_name.person_id, by_name.family_id, 'name', {said}
        from e join by_name using (enrollment)
        where not is_doubtful and by_name.person_id is not null""",
        e=enrollments, members=members, by_name=by_name,
    )  # fmt: skip


def unlinked_enrollments(enrollments: Table, matches: Table) -> Table:
    """Recipients linked to no family: ``program``, ``village_name``, ``enrollments``."""
    return query(
        """select program, village_name, count(*) as enrollments from e
            where enrollment not in (select enrollment from matches where not is_doubtful)
            group by all order by all""",
        e=enrollments, matches=matches,
    )  # fmt: skip


def carried_kinds(enrollments: Table) -> dict[str, set[str]]:
    """Kinds of numbers (nik, kk) that the lists of each program carry."""
    found = enrollments.bench.execute(
        f"""select program, count(national_id) > 0, count(family_card_number) > 0
            from {enrollments.name} where program is not null group by 1 order by 1"""
    )
    return {
        program: {kind for kind, is_there in (("nik", has_nik), ("kk", has_kk)) if is_there}
        for program, has_nik, has_kk in found
    }


def find_proofs(families: Table, keys: Table) -> Table:
    """Whether a miss would prove anything of a family, by the kind of number that is compared.

    A nomor KK does, and the NIK of a member who is not the head, or of an only member: PKH is
    paid to the wife or mother, and a head without a hit proves nothing.

    Returns
    -------
    Table
        ``family_id``, ``by_nik``, ``by_kk``, ``has_nik``; families without any number are not
        there.
    """
    return query(
        """
        with numbered as (
            select family_id, bool_or(kind = 'kk') as by_kk, bool_or(kind = 'nik') as has_nik,
                bool_or(kind = 'nik' and not is_head) as by_member
            from keys group by family_id
        )
        select family_id, by_kk, has_nik, by_member
                or has_nik and coalesce(families.members = 1, false) as by_nik
            from numbered join families using (family_id)""",
        keys=keys, families=families,
    )  # fmt: skip


def programs_on(matches: Table, day: date) -> frozenset[str]:
    """Programs that anybody is enrolled in on a day: the lists of others are of other days."""
    sql = f"""select distinct program from {matches.name}
        where not is_doubtful and program is not null and {counted_on("$1")}"""
    return frozenset(code for (code,) in matches.bench.execute(sql, [day]))


def counted_on(day: str) -> str:
    """SQL: an enrollment is active on a day (a SQL expression), and valid."""
    return (
        f"coalesce(valid_from <= {day}, true) and coalesce(valid_to >= {day}, true) "
        "and coalesce(status, 'active') = 'active'"
    )
