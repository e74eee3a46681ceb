"""What people have ruled of two families: that they are one, or that they are not."""

from geo_target.registry.listings import Listing
from geo_target.workbench import Table, query

#: Columns of a table of rulings; the two sides stand in either order. Without `is_same` it was
#: ruled of other data, and is to be asked again.
SETTLED = {
    "register": "varchar", "register_family_id": "varchar", "other_register": "varchar",
    "other_register_family_id": "varchar", "is_same": "boolean",
}  # fmt: skip


def ruled_within(settled: Table, listing: Listing) -> Table:
    """Rulings on two rows of a register; on rows that it has not, none.

    Returns
    -------
    Table
        ``register_family_id``, ``other_id`` (the earlier row), ``is_same``, ``is_other``: what
        has been said; both are true where two people have said different things, and neither is
        where it was of other data. ``is_said`` is true.
    """
    return query(
        f"""select later.family_id as register_family_id, earlier.family_id as other_id,
                {_SAID}
            from {_EITHER_WAY} as said
                join families later on later.family_id = said.register_family_id
                join families earlier on earlier.family_id = said.other_register_family_id
            where register = $1 and other_register = $1 and earlier.row < later.row
            group by 1, 2""",
        [listing.name],
        settled=settled, families=listing.families,
    )  # fmt: skip


def ruled_across(settled: Table, listing: Listing, family_keys: Table) -> Table:
    """Rulings on a family of a register and one of the registers before.

    Parameters
    ----------
    listing
        The register, `listed` under the first row of each of its families.
    family_keys
        ``register``, ``register_family_id``, ``family_id`` of the registers before.

    Returns
    -------
    Table
        ``register_family_id`` (the first row of the register's family), ``family_id`` (the
        known one), ``is_same``, ``is_other``.
    """
    return query(
        f"""select listed.family_id as register_family_id, known.family_id, {_SAID}
            from {_EITHER_WAY} as said join listed using (register_family_id)
                join known on known.register = said.other_register
                    and known.register_family_id = said.other_register_family_id
            where said.register = $1
            group by 1, 2""",
        [listing.name],
        settled=settled, listed=listing.listed, known=family_keys,
    )  # fmt: skip


_SAID = "true as is_said, bool_or(is_same) as is_same, bool_or(not is_same) as is_other"
_EITHER_WAY = """(
    select register, register_family_id, other_register, other_register_family_id, is_same
        from settled
    union all select other_register, other_register_family_id, register, register_family_id,
        is_same from settled
)"""
