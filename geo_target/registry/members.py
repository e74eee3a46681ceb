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


def distinct_members(listings: Sequence[Listing]) -> Table:
    """A person once: the same NIK in the same family of two rows is one person.

    Nearly all are there once, which short sums of them tell sooner than they themselves. Whom
    no list gives an id gets one of the family's.
    """
    members = union_all([each.members for each in listings], numbered=True)
    facts = ", ".join(_FACTS)
    firsts = ", ".join(
        f"arg_min({fact}, (register_order::bigint << 48) + place) as {fact}" for fact in _FACTS
    )
    is_repeated = "hash(family_id, national_id) in (from repeated)"
    distinct = query(
        f"""
        with repeated as (
            select hash(family_id, national_id) as sum from members
            where national_id is not null group by 1 having count(*) > 1
        ), others as (
            select family_id, person_id, name, national_id, {facts} from members
            where national_id is not null and person_id is null and not {is_repeated}
            union all select family_id, min(person_id), min(name), national_id, {firsts}
            from members where national_id is not null and {is_repeated}
            group by family_id, national_id
        )
        select family_id, person_id, name, national_id, {facts} from members
            where person_id is not null and (national_id is null or not {is_repeated})
        union all select family_id, coalesce(person_id, family_id || '#' || row_number() over (
                partition by family_id order by name, national_id)), name, national_id, {facts}
            from others""",
        members=members,
    )
    members.bench.drop(members)
    return distinct
