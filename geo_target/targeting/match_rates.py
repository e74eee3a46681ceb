"""How many recipients of each list are a family of the registers, and by what key."""

from collections.abc import Mapping

from geo_target.workbench import Table, query

#: An enrollment is in one of these: the first key that names a family, or none.
WAYS = ("nik", "kk", "family_id", "unlinked")
#: What a row says of its place.
PLACE = ("regency_name", "district_name", "village_name", "village_code")
COUNTS = ("enrollments", *(f"{way}_enrollments" for way in WAYS))


def count_matches(families: Table, keys: Table, lists: Mapping[int, Table]) -> Table:
    """Enrollments of each list by written place and by the key that names a family.

    Parameters
    ----------
    families
        ``family_id`` as the lists know it.
    keys
        ``kind`` (nik, kk), ``value``: usable numbers of all families.
    lists
        Recipient lists by number: columns of schemas.ENROLLMENTS.

    Returns
    -------
    Table
        ``list`` (its number), `PLACE` as written, and `COUNTS`, of which the first is the sum
        of the others.
    """
    if not lists:
        texts = dict.fromkeys(PLACE, "varchar")
        columns = {"list": "bigint", **texts, **dict.fromkeys(COUNTS, "bigint")}
        return families.bench.take_rows(columns, [])
    place = ", ".join(PLACE)
    parts = {f"part_{number}": table for number, table in lists.items()}
    rows = query(
        " union all ".join(
            f"""select {number} as list, {place}, national_id, family_card_number, family_id
                from part_{number}"""
            for number in lists
        ),
        **parts,
    )
    counted = ", ".join(f"count(*) filter (way = '{way}') as {way}_enrollments" for way in WAYS)
    return query(
        f"""
        with matched as (
            select list, {place},
                case when national_id in (select value from keys where kind = 'nik') then 'nik'
                    when family_card_number in (select value from keys where kind = 'kk') then 'kk'
                    when family_id in (select family_id from families) then 'family_id'
                    else 'unlinked' end as way
            from rows
        )
        select list, {place}, count(*) as enrollments, {counted}
        from matched group by all""",
        rows=rows, keys=keys, families=families,
    )  # fmt: skip


def sum_by_village(counts: Table) -> Table:
    """`count_matches` with ``stated_village_code``, by ``list`` and ``village_code``.

    Without a village are the rows whose place is none.
    """
    return query(
        f"""select list, stated_village_code as village_code, {_SUMS}
            from counts group by list, stated_village_code""",
        counts=counts,
    )


def match_totals(counts: Table) -> dict[int, dict[str, int]]:
    """Sums of a list, by its number."""
    found = counts.bench.execute(f"select list, {_SUMS} from {counts.name} group by 1 order by 1")
    return {row[0]: dict(zip(COUNTS, map(int, row[1:]), strict=True)) for row in found}


_SUMS = ", ".join(f"sum({name}) as {name}" for name in COUNTS)
