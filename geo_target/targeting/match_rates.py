"""How many recipients of each list are a family of the registers, and by what key."""

from geo_target.registry.recipients import WAYS
from geo_target.workbench import Table, query

COUNTS = ("enrollments", *(f"{way}_enrollments" for way in WAYS))


def count_matches(rows: Table) -> Table:
    """Enrollments of each list by stated village and by what ties them to a family.

    Parameters
    ----------
    rows
        ``list`` (its number), ``stated_village_code``, ``way``: see
        `registry.recipients.Recipients`.

    Returns
    -------
    Table
        ``list``, ``village_code`` (null of the rows whose place is no village), and `COUNTS`,
        of which the first is the sum of the others.
    """
    counted = ", ".join(f"count(*) filter (way = '{way}') as {way}_enrollments" for way in WAYS)
    return query(
        f"""select list, stated_village_code as village_code, count(*) as enrollments, {counted}
            from rows group by all""",
        rows=rows,
    )


def match_totals(counts: Table) -> dict[int, dict[str, int]]:
    """Sums of a list, by its number."""
    sums = ", ".join(f"sum({name})" for name in COUNTS)
    found = counts.bench.execute(f"select list, {sums} from {counts.name} group by 1 order by 1")
    return {row[0]: dict(zip(COUNTS, map(int, row[1:]), strict=True)) for row in found}
