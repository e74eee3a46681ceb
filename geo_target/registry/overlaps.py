"""Which registers list a family: every combination of registers, and its families."""

from geo_target.workbench import Table, query

#: Between the names of registers, in the order of the alphabet: ``dtks+p3ke``.
JOINT = "+"


def count_overlaps(family_keys: Table, families: Table) -> Table:
    """Families by the registers that list them, all and by village.

    Parameters
    ----------
    family_keys
        ``register``, ``family_id``.
    families
        ``family_id``, ``village_code`` (null where unplaced).

    Returns
    -------
    Table
        Columns of schemas.SNAPSHOT_OVERLAPS. Rows without a village are of all families, those
        of no village among them. A combination that no family has is not there.
    """
    return query(
        """
        select village_code, registers, count(*) as families
        from listed join families using (family_id)
        group by grouping sets ((village_code, registers), (registers))
        having grouping(village_code) = 1 or village_code is not null
        order by all nulls first""",
        listed=_listed(family_keys), families=families,
    )  # fmt: skip


def _listed(family_keys: Table) -> Table:
    """``family_id`` and ``registers``: every family once."""
    bench = family_keys.bench
    names = [
        name
        for (name,) in bench.execute(f"select distinct register from {family_keys.name} order by 1")
    ]
    # A bit a register: to sort the names of each family takes ten times as long.
    sums = query(
        """select family_id, bit_or(1 << (list_position($1, register) - 1)) as bits
            from family_keys group by 1""",
        [names],
        family_keys=family_keys,
    )
    words = bench.take_rows(
        {"bits": "bigint", "registers": "varchar"},
        [
            (bits, JOINT.join(name for i, name in enumerate(names) if bits >> i & 1))
            for (bits,) in bench.execute(f"select distinct bits from {sums.name}")
        ],
    )
    return query(
        "select family_id, registers from sums join words using (bits)", sums=sums, words=words
    )
