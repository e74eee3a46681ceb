"""The persons of all registers, each once in a family, and what lists say of them in words."""

from collections.abc import Sequence

from geo_target.registry.listings import Listing, union_all
from geo_target.workbench import Table, query

#: What a list may say of a person; the first that knows it is kept.
_FACTS = ("birth_date", "sex", "relation", "occupation", "disability")
#: ... in words, of which there are few.
_IN_WORDS = _FACTS[1:]
#: A column of more words than that is no column of words.
_MOST_WORDS = 2**16


def type_of_words(lists: Sequence[Table | None]) -> str:
    """DuckDB type of the words in lists of persons: a byte or two each, where text takes twenty."""
    named = {f"part_{i}": table for i, table in enumerate(lists) if table}
    if not named:
        return "varchar"
    words = query(
        " union ".join(f"select {column} as word from {name} where {column} is not null"
                       for name in named for column in _IN_WORDS) + " order by word",
        **named,
    )  # fmt: skip
    if len(words) > _MOST_WORDS:
        return "varchar"
    name = f"{words.name}_words"
    words.bench.execute(
        f"create type memory.main.{name} as enum (select word from memory.main.{words.name})"
    )
    return name


def distinct_members(listings: Sequence[Listing], joined: Table) -> Table:
    """A person once: the same NIK in the same family of two rows is one person.

    Whom no list gives an id gets one of the family's.

    Parameters
    ----------
    joined
        ``family_id`` of families of more than one row: of the others only those persons are
        looked at whom one row has twice.
    """
    members = _members(listings)
    facts = ", ".join(_FACTS)
    firsts = ", ".join(
        f"arg_min({fact}, (register_order::bigint << 48) + place) as {fact}" for fact in _FACTS
    )
    repeated = _repeated(members, listings, joined)
    named = f"family_id, person_id, name, national_id, {facts}"
    others = query(
        f"""
        with others as (
            select {named} from members anti join repeated using (sum)
            where national_id is not null and person_id is null
            union all select family_id, min(person_id), min(name), national_id, {firsts}
            from members semi join repeated using (sum) group by family_id, national_id
        )
        select family_id, coalesce(person_id, family_id || '#' || row_number() over (
                partition by family_id order by name, national_id)) as person_id,
            name, national_id, {facts} from others""",
        members=members, repeated=repeated,
    )  # fmt: skip
    # Nearly all have an id and are there once: they are asked where they lie.
    return members.bench.view(
        f"""select {named} from members anti join repeated using (sum)
                where person_id is not null
            union all by name from others""",
        members=members, repeated=repeated, others=others,
    )  # fmt: skip


def _members(listings: Sequence[Listing]) -> Table:
    """Those of each register, ``register_order``, and a short ``sum`` of family and NIK."""
    parts = {f"part_{i}": each.members for i, each in enumerate(listings)}
    return listings[0].persons.bench.view(
        " union all by name ".join(
            f"""select *, {i} as register_order,
                if(national_id is null, null, hash(family_id, national_id)) as sum from {name}"""
            for i, name in enumerate(parts)
        ),
        **parts,
    )


def _repeated(members: Table, listings: Sequence[Listing], joined: Table) -> Table:
    """Short sums of family and NIK of the persons who are there more than once, and of few more."""
    twice = union_all(
        [
            query(
                """select coalesce(moved.family_id, register_family_id) as family_id, national_id
                    from twice left join moved using (register_family_id)""",
                twice=each.twice, moved=each.moved,
            )
            for each in listings
        ]
    )  # fmt: skip
    return query(
        """select hash(family_id, national_id) as sum from twice
            union select sum from members semi join joined using (family_id)
            where sum is not null group by 1 having count(*) > 1""",
        twice=twice, members=members, joined=joined,
    )  # fmt: skip
