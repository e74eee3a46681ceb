"""Families that one register lists twice: rows with other ids that are one family.

What two rows of a register share, and what that makes of them, the first line that holds:

============================================================ ======== =========== ========
shared by two rows of one register                            families pair        doubt
============================================================ ======== =========== ========
a person has settled it, and the data have changed            two      doubtful    yes
a person has settled that they are one                        one      matched     no
a person has settled that they are not                        two      unmatched   no
two people have settled both                                  two      doubtful    yes
the head's NIK; the names are unlike, the cards not the same  two      doubtful    yes
the head's NIK                                                one      matched     no
the KK, and any NIK                                           one      matched     no
the KK; the head of one is by name somebody of the other      one      matched     no
the KK; the names are unlike                                  two      doubtful    yes
the KK; the names of one are not known                        two      doubtful    yes
a NIK that is not the head's in both: a split card            two      unmatched   no
only names, dates or places, or a number that is nobody's     two      none        no
============================================================ ======== =========== ========

Who is one with one of them is one with all, unless a person has settled that two of these are
not: then none of them joins, and all are doubtful. The first row's id is the family's, and
what it states stands, its village too. A doubt makes a family that no program reaches
unmatched; a split card is none, for it is known who they are.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo_target.registry.heads import judge_names
from geo_target.registry.listings import Listing
from geo_target.registry.rulings import ruled_within
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class Twins:
    """Rows of one register that are one family.

    Attributes
    ----------
    listed
        ``register_family_id``, ``family_id`` (of the family's first row), ``matched_by``
        (twin, decision; null of the first row): every row of the register.
    pairs
        ``register_family_id``, ``other_id`` (an earlier row), ``state``, ``reason``,
        ``matched_by`` (nik, kk, twin, decision): what was looked at.
    moved
        Rows that state another village than the first row of their family.
    """

    listed: Table
    pairs: Table
    moved: int

    @property
    def count(self) -> int:
        """Rows that are a family which an earlier row lists."""
        return len(query("from listed where matched_by is not null", listed=self.listed))

    @property
    def apart(self) -> Table:
        """``one_id``, ``other_id``, both ways: first rows that a person says are not one."""
        return query(
            """
            with told as (
                select one.family_id as one_id, other.family_id as other_id
                from pairs join listed one using (register_family_id)
                    join listed other on other.register_family_id = other_id
                where state = 'unmatched' and pairs.matched_by = 'decision'
            )
            from told union select other_id, one_id from told""",
            pairs=self.pairs, listed=self.listed,
        )  # fmt: skip

    def pairs_under(self, listing: Listing) -> Table:
        """The pairs with the columns of ladder.PAIRS, by the families that they are at last.

        Of rows that are one family by others there is nothing to say.
        """
        return query(
            """select $1 as register, register_family_id, $1 as other_register,
                    other_id as other_register_family_id, other.family_id, state,
                    null::double as weight, null::double as probability, reason,
                    pairs.matched_by
                from pairs join listed one using (register_family_id)
                    join listed other on other.register_family_id = other_id
                where state = 'matched' or one.family_id <> other.family_id""",
            [listing.name],
            pairs=self.pairs, listed=listing.listed,
        )  # fmt: skip


def find_twins(listing: Listing, settled: Table) -> Twins:
    """Find the families that a register lists more than once.

    Parameters
    ----------
    listing
        The register, each row a family of its own.
    settled
        Columns of rulings.SETTLED.
    """
    shared = _sharing(listing)
    named = query(
        """select register_family_id as one_id, other_id from shared
            where by_card and not by_nik or by_head and not is_same_card""",
        shared=shared,
    )
    said = ruled_within(settled, listing)
    judged = _judged(shared, judge_names(named, [listing], [listing]), said)
    parts = _parts(judged)
    pairs = _unless_parted(judged, parts)
    listed = _listed(pairs, parts, listing.families)
    return Twins(listed, pairs, _moved(listed, listing.families))


def _sharing(listing: Listing) -> Table:
    """Pairs of rows that share a number."""
    return query(
        """
        with borne as (
            select kind, value, keys.register_family_id, is_called_head, row,
                family_card_number as card
            from keys semi join repeated using (kind, value)
                join families on families.family_id = keys.register_family_id
        )
        select later.register_family_id, earlier.register_family_id as other_id,
            bool_or(kind = 'nik') as by_nik, bool_or(kind = 'kk') as by_card,
            bool_or(kind = 'nik' and later.is_called_head and earlier.is_called_head) as by_head,
            coalesce(any_value(later.card = earlier.card), false) as is_same_card
        from borne as later join borne as earlier using (kind, value)
        where earlier.row < later.row
        group by 1, 2""",
        keys=listing.keys, repeated=listing.repeated, families=listing.families,
    )  # fmt: skip


def _judged(shared: Table, names: Table, said: Table) -> Table:
    """What is made of each pair of rows: the table above, line by line."""
    return query(
        """
        with judged as (
            select register_family_id, other_id, coalesce(is_other, false) as is_parted,
                case when is_same and is_other
                        then ('doubtful', 'decision', 'settled by two people, and not alike')
                    when is_same then ('matched', 'decision', 'settled by a person')
                    when is_other then ('unmatched', 'decision', 'settled by a person')
                    when is_said
                        then ('doubtful', 'decision', 'settled before, the data have changed')
                    when by_head and not is_same_card and not is_alike
                        then ('doubtful', 'nik', 'one NIK, but other names and not one card')
                    when by_head then ('matched', 'twin', 'the NIK of the head is the same')
                    when by_card and by_nik
                        then ('matched', 'twin', 'the card and a NIK are the same')
                    when by_card and is_alike
                        then ('matched', 'twin', 'the card and the name are the same')
                    when by_card and not is_alike
                        then ('doubtful', 'kk', 'the names on the card are unlike')
                    when by_card then ('doubtful', 'kk', 'a name on the card is not known')
                    else ('unmatched', 'nik', 'split: a person of two cards') end as made
            from shared full join said using (register_family_id, other_id)
                left join names on names.one_id = register_family_id and names.other_id = other_id
        )
        select register_family_id, other_id, is_parted, made[1] as state,
            made[2] as matched_by, made[3] as reason from judged""",
        shared=shared, names=names, said=said,
    )  # fmt: skip


def _parts(judged: Table) -> Table:
    """``register_family_id``, ``part``: rows that pairs hold together, directly or not."""
    edges = judged.bench.arrays(
        f"select register_family_id, other_id from {judged.name} where state = 'matched'"
    )
    ids, ends = np.unique(np.concatenate([*edges.values()]).astype(str), return_inverse=True)
    one, other = ends.reshape(2, -1)
    joined = coo_array((np.ones(len(one)), (one, other)), shape=(len(ids), len(ids)))
    parts = connected_components(joined, directed=False)[1] if len(ids) else one
    return judged.bench.take(
        pa.table({"register_family_id": pa.array(ids, pa.string()), "part": parts})
    )


def _unless_parted(judged: Table, parts: Table) -> Table:
    """The pairs; those of a part of which a person has said that two are not one, doubtful."""
    return query(
        """
        with placed as (
            select judged.*, one.part, one.part = other.part and is_parted as is_broken
            from judged left join parts one using (register_family_id)
                left join parts other on other.register_family_id = other_id
        ), broken as (
            select *, coalesce(bool_or(is_broken) over (partition by part), false)
                and state = 'matched' as is_open from placed
        )
        select register_family_id, other_id, matched_by, if(is_open, 'doubtful', state) as state,
            if(is_open, 'others have been settled apart', reason) as reason
        from broken""",
        judged=judged, parts=parts,
    )  # fmt: skip


def _listed(pairs: Table, parts: Table, families: Table) -> Table:
    """The first row of each row's family, and what ties them."""
    return query(
        """
        with tied as (
            select id, min(matched_by) as matched_by  -- decision before twin
            from (
                select register_family_id as id, matched_by from pairs where state = 'matched'
                union all select other_id, matched_by from pairs where state = 'matched'
            ) group by 1
        ), firsts as (
            select register_family_id, tied.matched_by, first_value(register_family_id) over (
                partition by part order by row) as first_id
            from parts join tied on tied.id = register_family_id
                join families on families.family_id = register_family_id
        )
        select families.family_id as register_family_id,
            coalesce(first_id, families.family_id) as family_id,
            if(first_id <> register_family_id, matched_by, null) as matched_by
        from families left join firsts on register_family_id = families.family_id""",
        pairs=pairs, parts=parts, families=families,
    )  # fmt: skip


def _moved(listed: Table, families: Table) -> int:
    return len(
        query(
            """select 1 from listed join families twin on twin.family_id = register_family_id
                    join families first on first.family_id = listed.family_id
                where twin.stated_village_code <> first.stated_village_code""",
            listed=listed, families=families,
        )
    )  # fmt: skip
