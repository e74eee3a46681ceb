"""Which family a family of another register is: by decision, by NIK, by KK, by likelihood.

The rungs of the ladder, from the surest down; who stands on one never falls to the next:

0. What a person has settled: the same joins whatever else is said, and another one never
   joins, nor is it a candidate.
1. An exact NIK of any member, shared with one family alone.
2. An exact KK alone, unless the names of the two families are known and unlike.
3. Name, birth date, card and place of the heads: where at least one of the two families has
   no usable NIK, and neither is tied by a number to anybody.

Two or more candidates never join by themselves.
"""

from dataclasses import replace

from geo_target.registry.heads import judge_names
from geo_target.registry.listings import Known, Listing, known_of
from geo_target.registry.namesakes import settled_by_name
from geo_target.registry.rulings import ruled_across
from geo_target.workbench import Table, query

#: Columns of the pairs of families that are looked at, see `families.Registry`.
PAIRS = {
    "register": "varchar", "register_family_id": "varchar", "other_register": "varchar",
    "other_register_family_id": "varchar", "family_id": "varchar", "state": "varchar",
    "weight": "double", "probability": "double", "reason": "varchar", "matched_by": "varchar",
}  # fmt: skip


def attach(listing: Listing, known: Known, settled: Table, apart: Table) -> tuple[Listing, Table]:
    """Attach the families of a register to those that are known.

    Parameters
    ----------
    listing
        The register; `listed` says under which of its rows each of its families stands.
    settled
        Columns of rulings.SETTLED.
    apart
        ``one_id``, ``other_id``, both ways: rows of the register that a person has settled not
        to be one family.

    Returns
    -------
    Listing
        The register, each row under the family that it is: ``<register>:<id>`` if it is none
        of those that are known.
    Table
        Columns of PAIRS: all pairs that were looked at. With one family at most a row is
        matched.
    """
    family_keys = known.family_keys
    ours = known_of(listing)
    said = _settled_by_decision(ruled_across(settled, listing, family_keys))
    by_key = _settled_by_key(ours, known, said)
    tied = query("from said union all by name from by_key", said=said, by_key=by_key)
    by_name = settled_by_name(ours, known, tied)
    found = query("from tied union all by name from by_name", tied=tied, by_name=by_name)
    if len(apart):
        found = _kept_apart(found, apart)
    pairs = query(
        f"""select {", ".join(f"{column}::{kind} as {column}" for column, kind in PAIRS.items())}
            from (
                select $1 as register, first.register as other_register,
                    first.register_family_id as other_register_family_id, found.*
                from found join family_keys first using (family_id)
                where first.matched_by is null
            )""",
        [listing.name],
        found=found, family_keys=family_keys,
    )  # fmt: skip
    prefix = _own_prefix(listing, family_keys)
    return replace(listing, listed=_listed(listing, pairs, prefix)), pairs


def _listed(listing: Listing, pairs: Table, prefix: str) -> Table:
    return query(
        """select listed.register_family_id,
                coalesce(pairs.family_id, $1 || listed.family_id) as family_id,
                coalesce(listed.matched_by, pairs.matched_by) as matched_by
            from listed left join (from pairs where state = 'matched') pairs
                on pairs.register_family_id = listed.family_id""",
        [prefix],
        listed=listing.listed, pairs=pairs,
    )  # fmt: skip


def _own_prefix(listing: Listing, family_keys: Table) -> str:
    """What the ids of its own families begin with: no known id does."""
    prefix = f"{listing.name}:"
    sql = f"select 1 from {family_keys.name} where starts_with(family_id, ?) limit 1"
    while family_keys.bench.execute(sql, [prefix]):
        prefix += ":"
    return prefix


def _settled_by_decision(said: Table) -> Table:
    """Pairs that a person has settled: one and the same is one alone, else doubtful.

    So is a pair that was settled when the rows said something else.
    """
    return query(
        """select register_family_id, family_id, 'decision' as matched_by,
                case when coalesce(is_same, is_other) is null then 'doubtful'
                    when not is_same then 'unmatched'
                    when is_other or count_if(is_same) over of_ours > 1 then 'doubtful'
                    else 'matched' end as state,
                case when coalesce(is_same, is_other) is null
                        then 'settled before, the data have changed'
                    when state = 'doubtful' then 'settled by people, and not alike'
                    else 'settled by a person' end as reason
            from said window of_ours as (partition by register_family_id)""",
        said=said,
    )


def _settled_by_key(ours: Known, known: Known, said: Table) -> Table:
    """Pairs that share a number: of one alone matched, of several and of other names doubtful.

    Who is settled to be one family is no other, and two that both may be it are two candidates.
    """
    shared = query(
        """
        with shared as (
            select ours.family_id as register_family_id, keys.family_id,
                bool_or(kind = 'nik') as by_nik
            from ours join keys using (kind, value) group by 1, 2
        ), found as (
            select register_family_id, count_if(state = 'matched') > 0 as is_found,
                count_if(state = 'doubtful') as candidates
            from said group by 1
        )
        select shared.*, coalesce(is_found, false) as is_found,
            count(*) over (partition by register_family_id) + coalesce(candidates, 0)
                as candidates
        from shared anti join said using (register_family_id, family_id)
            left join found using (register_family_id)""",
        ours=ours.keys, keys=known.keys, said=said,
    )  # fmt: skip
    cards = query(
        """select register_family_id as one_id, family_id as other_id from shared
            where candidates = 1 and not by_nik and not is_found""",
        shared=shared,
    )
    return query(
        """select register_family_id, family_id, if(by_nik, 'nik', 'kk') as matched_by,
                coalesce(not is_alike, false) as is_unlike,
                case when is_found then 'unmatched'
                    when candidates > 1 or is_unlike then 'doubtful' else 'matched' end as state,
                case when is_found then 'a person has settled that it is another'
                    when candidates > 1 then 'several families share a number'
                    when is_unlike then 'the names on the card are unlike'
                    else 'one family shares a number' end as reason
            from shared left join names on one_id = register_family_id and other_id = family_id""",
        shared=shared, names=judge_names(cards, ours.listings, known.listings),
    )  # fmt: skip


def _kept_apart(pairs: Table, apart: Table) -> Table:
    """Two that a person has settled not to be one do not join the same family.

    Who joins it by a decision stays, if the other does not.
    """
    return query(
        """
        with matched as (from pairs where state = 'matched'),
        clashing as (
            select one.register_family_id, one.family_id,
                bool_or(other.matched_by = 'decision') as is_told
            from matched one join apart on one_id = one.register_family_id
                join matched other on other.register_family_id = other_id
            where one.family_id = other.family_id group by 1, 2
        )
        select pairs.* replace (
            case when clashing.family_id is null then state
                when is_told = (matched_by = 'decision') then 'doubtful'
                when is_told then 'unmatched' else state end as state,
            if(clashing.family_id is null or matched_by = 'decision' and not is_told, reason,
                'a person has settled that it is not one with another of this family') as reason)
        from pairs left join clashing using (register_family_id, family_id)""",
        pairs=pairs, apart=apart,
    )  # fmt: skip
