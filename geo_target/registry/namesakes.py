"""Families that no number ties, and of which one has no NIK: by the likelihood of their heads."""

from geo_target.registry.heads import heads_of
from geo_target.registry.linkage import find_pairs, settle
from geo_target.registry.listings import Known, union_all
from geo_target.workbench import Table, query


def settled_by_name(ours: Known, theirs: Known, looked_at: Table) -> Table:
    """Pairs that no number ties, and of which one at least has no NIK, settled by likelihood.

    Who has no NIK, the fewer, is sought among the others: ours among all of theirs, then
    theirs among those of ours that have one.

    Parameters
    ----------
    looked_at
        ``register_family_id`` (ours), ``family_id`` (theirs), ``state``: pairs that are settled
        otherwise. Who is matched or doubtful in one of them is not looked at again, nor is
        the pair.
    """
    left = _untied(ours, looked_at, "register_family_id")
    right = _untied(theirs, looked_at, "family_id")
    found = _sought(ours, _having(left, "not has_nik"), theirs, right)
    turned = _sought(theirs, _having(right, "not has_nik"), ours, _having(left, "has_nik"))
    likely = query(
        """select found.* from (from found union all by name
                select * replace (right_id as left_id, left_id as right_id) from turned) found
            anti join looked_at on left_id = register_family_id and right_id = family_id""",
        found=found, turned=turned, looked_at=looked_at,
    )  # fmt: skip
    return query(
        """select left_id as register_family_id, right_id as family_id, state, weight,
                probability, why || ': ' || agrees as reason, 'name' as matched_by
            from settled""",
        settled=settle(likely),
    )


def _untied(known: Known, looked_at: Table, column: str) -> Table:
    """``id``, ``has_nik``: families that nothing ties to anybody, not by a doubt either."""
    return query(
        f"""select distinct listed.family_id as id, niks.family_id is not null as has_nik
            from listed
                anti join (from looked_at where state <> 'unmatched') tied
                    on tied.{column} = listed.family_id
                left join (select distinct family_id from keys where kind = 'nik') niks
                    on niks.family_id = listed.family_id""",
        listed=union_all([each.listed for each in known.listings]), keys=known.keys,
        looked_at=looked_at,
    )  # fmt: skip


def _having(ids: Table, condition: str) -> Table:
    return query(f"from ids where {condition}", ids=ids)


def _sought(known: Known, ids: Table, others: Known, other_ids: Table) -> Table:
    """Likely pairs of the families of `ids` whose head has a name, and those of `other_ids`."""
    heads = query("from heads where name is not null", heads=heads_of(known.listings, ids))
    # Where nobody is sought, millions of heads need not be read.
    return find_pairs(heads, heads_of(others.listings, other_ids) if len(heads) else heads)
