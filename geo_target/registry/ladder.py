"""Which family a family of another register is: by NIK, by KK with the name, by likelihood.

The steps of the ladder, from the surest down; who stands on one never falls to the next:

1. An exact NIK of any member, shared with one family alone.
2. An exact KK alone, unless the names of the two families are known and unlike.
3. Name, birth date, card and place of the heads: only for a family of the other register
   that shares no key and has no usable NIK.

Two or more candidates never join by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from geo_target.registry.linkage import find_pairs, settle
from geo_target.registry.names import name_words_sql
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class Listing:
    """A register's families and persons.

    `families` has the columns of schemas.FAMILIES and ``stated_village_code``; `persons`
    ``register_family_id``, ``national_id``, ``name``, ``birth_date``, ``sex``; `listed`
    ``register_family_id``, ``family_id`` once it is known which families they are.
    """

    families: Table
    persons: Table
    listed: Table | None = None

    @property
    def ids(self) -> Table:
        """`listed`; each family under its own id as long as that is not known."""
        if self.listed is not None:
            return self.listed
        return query(
            "select family_id as register_family_id, family_id from families",
            families=self.families,
        )


@dataclass(frozen=True)
class Attached:
    """What the ladder makes of a register's families.

    Attributes
    ----------
    listed
        ``register_family_id``, ``family_id``: every family of the register.
    doubtful
        ``family_id``, ``is_apart``: the doubtful of both sides.
    pairs
        ``register``, ``register_family_id``, ``family_id`` (the candidate), ``state``,
        ``weight`` (bits), ``probability``, ``reason``, ``matched_by``.
    """

    listed: Table
    doubtful: Table
    pairs: Table


#: Columns of `Attached.pairs`.
PAIRS = {
    "register": "varchar", "register_family_id": "varchar", "family_id": "varchar",
    "state": "varchar", "weight": "double", "probability": "double", "reason": "varchar",
    "matched_by": "varchar",
}  # fmt: skip
_FACTS = ("name", "birth_date", "sex", "family_card_number", "rt", "rw", "neighborhood",
          "village_code")  # fmt: skip


def attach(
    name: str, own: Table, listing: Listing, *, keys: Table, known: Sequence[Listing]
) -> Attached:
    """Attach the families of the register `name` to those that are known.

    Parameters
    ----------
    own
        ``register_family_id``, ``kind`` (nik, kk), ``value`` of the register's families.
    keys
        ``family_id``, ``kind``, ``value`` of all known families.
    known
        The registers before, whose families are known; the first that knows a fact is asked.
    """
    by_key = _settled_by_key(own, listing, keys=keys, known=known)
    by_name = _settled_by_name(own, listing, by_key, known=known)
    pairs = query(
        f"""select {", ".join(f"{column}::{kind} as {column}" for column, kind in PAIRS.items())}
            from (select $1 as register, * from (from by_key union all by name from by_name))""",
        [name],
        by_key=by_key, by_name=by_name,
    )  # fmt: skip
    listed = query(
        """select families.family_id as register_family_id,
                coalesce(pairs.family_id, $1 || ':' || families.family_id) as family_id
            from families left join pairs
                on pairs.register_family_id = families.family_id and pairs.state = 'matched'""",
        [name],
        families=listing.families, pairs=pairs,
    )  # fmt: skip
    doubtful = query(
        """select $1 || ':' || register_family_id as family_id, true as is_apart
                from pairs where state = 'doubtful'
            union select family_id, false from pairs where state = 'doubtful'""",
        [name],
        pairs=pairs,
    )
    return Attached(listed, doubtful, pairs)


def _settled_by_key(
    own: Table, listing: Listing, *, keys: Table, known: Sequence[Listing]
) -> Table:
    """Pairs that share a number: of one alone matched, of several and of other names doubtful."""
    shared = query(
        """select register_family_id, family_id, bool_or(kind = 'nik') as by_nik,
                count(*) over (partition by register_family_id) as candidates
            from own join keys using (kind, value) group by 1, 2""",
        own=own, keys=keys,
    )  # fmt: skip
    cards = query("from shared where candidates = 1 and not by_nik", shared=shared)
    unlike = _unlike_in_name(cards, listing, known) if len(cards) else cards
    return query(
        """select register_family_id, family_id, if(by_nik, 'nik', 'kk') as matched_by,
                unlike.family_id is not null as is_unlike,
                if(candidates = 1 and not is_unlike, 'matched', 'doubtful') as state,
                case when candidates > 1 then 'several families share a number'
                    when is_unlike then 'the names on the card are unlike'
                    else 'one family shares a number' end as reason
            from shared left join (select register_family_id, family_id from unlike_pairs) unlike
                using (register_family_id, family_id)""",
        shared=shared, unlike_pairs=unlike,
    )  # fmt: skip


def _unlike_in_name(cards: Table, listing: Listing, known: Sequence[Listing]) -> Table:
    """Pairs that share but a card, and whose heads are in no name of the other family's."""
    ours = _names(listing, "register_family_id")
    theirs = _all_known([_names(each, "family_id") for each in known])
    return query(
        """
        with crossed as (
            select register_family_id, family_id, ours.words as one, theirs.words as other
            from cards join ours on ours.id = register_family_id
                join theirs on theirs.id = family_id
            where ours.is_head or theirs.is_head
        )
        select register_family_id, family_id from crossed group by 1, 2
        having not bool_or(list_has_all(one, other) or list_has_all(other, one)
            or jaro_winkler_similarity(array_to_string(one, ' '), array_to_string(other, ' '))
                >= 0.85)""",
        cards=cards, ours=ours, theirs=theirs,
    )  # fmt: skip


def _names(listing: Listing, id_column: str) -> Table:
    """``id``, ``words``, ``is_head``: of the head and of all members whose name is known."""
    return query(
        f"""select {id_column} as id, {name_words_sql("name")} as words, is_head
            from (
                select family_id as register_family_id, head_name as name, true as is_head
                from families
                union all select register_family_id, name, false from persons
            ) join listed using (register_family_id)
            where words is not null""",
        families=listing.families, persons=listing.persons, listed=listing.ids,
    )  # fmt: skip


def _all_known(tables: Sequence[Table]) -> Table:
    named = {f"known_{i}": table for i, table in enumerate(tables)}
    return query(
        " union all ".join(f"select *, {i} as register_order from known_{i}"
                           for i in range(len(tables))),
        **named,
    )  # fmt: skip


def _settled_by_name(
    own: Table, listing: Listing, by_key: Table, *, known: Sequence[Listing]
) -> Table:
    """Pairs of families without a NIK that share no number, settled by likelihood."""
    left = query(
        """select family_id as id from families where head_name is not null
                and family_id not in (select register_family_id from own where kind = 'nik')
                and family_id not in (select register_family_id from by_key)""",
        own=own, families=listing.families, by_key=by_key,
    )  # fmt: skip
    if not len(left):
        return left.bench.take_rows({c: kind for c, kind in PAIRS.items() if c != "register"}, [])
    right = query(
        """select distinct family_id as id
            from known where family_id not in (select family_id from by_key)""",
        by_key=by_key, known=_all_known([each.ids for each in known]),
    )  # fmt: skip
    heads = _heads(listing, "register_family_id")
    found = find_pairs(
        query("select heads.* from heads join left_ids using (id)", heads=heads, left_ids=left),
        query(
            "select heads.* from heads join right_ids using (id)",
            heads=_first_known([_heads(each, "family_id") for each in known]), right_ids=right,
        ),
    )  # fmt: skip
    return query(
        """select left_id as register_family_id, right_id as family_id, state, weight,
                probability, why || ': ' || agrees as reason, 'name' as matched_by
            from settled""",
        settled=settle(found),
    )


def _heads(listing: Listing, id_column: str) -> Table:
    """The head of each family, with the columns that `find_pairs` asks for."""
    return query(
        f"""
        with described as (
            select families.family_id, min(persons.birth_date) as birth_date,
                min(persons.sex) as sex
            from families join persons on persons.register_family_id = families.family_id
            where persons.national_id = families.head_national_id
                or persons.name = families.head_name
            group by 1
        )
        select listed.{id_column} as id, families.row as register_row, head_name as name,
            birth_date, sex, family_card_number, rt, rw, neighborhood,
            stated_village_code as village_code
        from families join listed on listed.register_family_id = families.family_id
            left join described on described.family_id = families.family_id""",
        families=listing.families, persons=listing.persons,
        listed=listing.ids,
    )  # fmt: skip


def _first_known(heads: Sequence[Table]) -> Table:
    """One row a family: each fact from the first register that knows it."""
    firsts = ", ".join(
        f"first({fact} order by register_order, register_row) filter ({fact} is not null) as {fact}"
        for fact in _FACTS
    )
    return query(f"select id, {firsts} from heads group by id", heads=_all_known(heads))
