"""Which pairs of people of two lists are compared at all: those that share a block.

Of 50,000 x 3,300,000 pairs nearly all are nobody's business. A pair is looked at if it shares
a KK, or a word of the name or the year of birth in a village, or more in a district, or a word
and the day of birth anywhere. Who shares no block is never a pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from geo_target.registry.names import COMMON_WORDS, name_words_sql
from geo_target.workbench import Table, query

#: Pairs of these come first where a pair shares several: it is what the reason says.
BLOCKS = (
    "card",
    "village and word",
    "village and year of birth",
    "district and name",
    "district, word and year of birth",
    "district and birth date",
    "birth date and word",
)

_COMMON = ", ".join(f"'{word}'" for word in COMMON_WORDS)
#: SQL: the words of a name as `prepared` writes it.
_WORDS = "string_split(name, ' ')"

#: Pseudo-rows that a share is counted with, and how many of them are alike: in a register of
#: ten families a name that is there once is not borne by one in ten.
_PSEUDO_ROWS, _PSEUDO_HITS = 20_000, 1
#: Shares of names, words and dates are counted so; those of places as they are.
COUNTED = {"name": "name", "birth_date": "date", "card": "card"}
PLACES = ("village", "district")


def prepared(people: Table) -> Table:
    """People as they are compared.

    Parameters
    ----------
    people
        ``id`` (unique), ``name``, ``birth_date``, ``sex`` as written, ``family_card_number``,
        ``rt``, ``rw``, ``neighborhood``, ``village_code`` (of one system in both lists).

    Returns
    -------
    Table
        ``number``, ``id``, ``name`` (its words, folded and sorted), ``birth_date``, ``sex``
        (m, f), ``card``, ``rt``, ``rw``, ``hamlet``, ``village``, ``district``; null where
        nothing usable is written.
    """
    named = query(
        f"""select name as written, array_to_string({name_words_sql("name")}, ' ') as name
            from (select distinct name from people where name is not null)""",
        people=people,
    )
    prepared = query(
        """select row_number() over () as number, id, named.name,
                birth_date, case when regexp_matches(lower(trim(sex)), '^(l|1|pria)') then 'm'
                    when regexp_matches(lower(trim(sex)), '^(p|2|w)') then 'f' end as sex,
                family_card_number as card,
                nullif(ltrim(rt, '0 '), '') as rt, nullif(ltrim(rw, '0 '), '') as rw,
                nullif(regexp_replace(lower(neighborhood), '[^a-z0-9]', '', 'g'), '') as hamlet,
                village_code as village,
                nullif(left(village_code, length(village_code)
                    - if(contains(village_code, '.'), 5, 4)), '') as district
            from people left join named on people.name = named.written""",
        people=people, named=named,
    )  # fmt: skip
    people.bench.drop(named)
    return prepared


@dataclass(frozen=True)
class Shares:
    """How many of a register have the same value: a table a column, and its share by value.

    `least` is the share of a value that nobody has; of a place that is one row of the register.
    """

    counts: Mapping[str, Table]
    least: Mapping[str, float]

    def drop(self) -> None:
        """Free the tables."""
        for table in self.counts.values():
            table.bench.drop(table)


def shares_of(register: Table) -> Shares:
    """Shares of names, words, dates, cards and places in a register, as `prepared` makes it."""
    total = max(1, len(register))
    counted = {
        column: query(
            f"""select {column}, (count(*) + {_PSEUDO_HITS}) / ({total} + {_PSEUDO_ROWS}) as share
                from register where {column} is not null group by 1""",
            register=register,
        )
        for column in COUNTED
    }
    placed = {
        column: query(
            f"""select {column}, count(*) / {total} as share
                from register where {column} is not null group by 1""",
            register=register,
        )
        for column in PLACES
    }
    # A name is split once, however many bear it.
    words = query(
        f"""select word, (sum(bearers) + {_PSEUDO_HITS}) / ({total} + {_PSEUDO_ROWS}) as share
            from (select unnest({_WORDS}) as word, count(*) as bearers from register
                where name is not null group by name)
            group by 1""",
        register=register,
    )
    least = _PSEUDO_HITS / (total + _PSEUDO_ROWS)
    return Shares(
        counts={**counted, **placed, "word": words},
        least={**dict.fromkeys((*COUNTED, "word"), least), **dict.fromkeys(PLACES, 1 / total)},
    )


def with_shares(people: Table, shares: Shares) -> Table:
    """Add ``words`` of the name, and shares of a register: what few people have says much.

    They are of who has the same name, its rarest word, date, card and place. `people` are as
    `prepared` makes them.
    """
    least = shares.least
    rarest = query(
        f"""with names as (select distinct name from people where name is not null)
            select name, min(coalesce(share, {least["word"]})) as share
            from (select name, unnest({_WORDS}) as word from names) left join borne using (word)
            group by 1""",
        people=people, borne=shares.counts["word"],
    )  # fmt: skip
    columns = (*COUNTED, *PLACES)
    joins = " ".join(
        f"left join {column}_counts on {column}_counts.{column} = people.{column}"
        for column in columns
    )
    added = ", ".join(
        f"coalesce({column}_counts.share, {least[column]}) as {column}_share" for column in columns
    )
    result = query(
        f"""select people.*, string_split(people.name, ' ') as words, {added},
                rarest.share as word_share
            from people {joins} left join rarest on rarest.name = people.name""",
        people=people, rarest=rarest,
        **{f"{column}_counts": shares.counts[column] for column in columns},
    )  # fmt: skip
    people.bench.drop(rarest)
    return result


def pairs_sharing_a_block(left: Table, right: Table) -> Table:
    """Numbers of the pairs to be compared: ``left_number``, ``right_number``, ``block``."""
    keys = query(f"select number, unnest({_KEYS}, recursive := true) from left_people "
                 f"union all {_WORD_KEYS.format(people='left_people')}",
                 left_people=left)  # fmt: skip
    found = query(
        f"""select keys.number as left_number, others.number as right_number,
                min(keys.block) as block
            from keys join (
                select number, unnest({_KEYS}, recursive := true) from right_people
                union all {_WORD_KEYS.format(people="right_people")}
            ) others using (block, key)
            where keys.key is not null
            group by all""",
        keys=keys, right_people=right,
    )  # fmt: skip
    left.bench.drop(keys)
    return found


def _key(*parts: str) -> str:
    known = " and ".join(f"{part} is not null" for part in parts)
    return f"case when {known} then hash({', '.join(parts)}) end"


_KEYS = "[" + ", ".join(
    f"{{'block': {block}::utinyint, 'key': {_key(*parts)}}}"
    for block, parts in {
        0: ("card",),
        2: ("village", "year(birth_date)"),
        3: ("district", "name"),
        5: ("district", "birth_date"),
    }.items()
) + "]"  # fmt: skip
_WORD_KEYS = (
    "select number, unnest(["
    + ", ".join(
        f"{{{{'block': {block}::utinyint, 'key': {_key(*parts)}}}}}"
        for block, parts in {
            1: ("village", "word"),
            4: ("district", "word", "year(birth_date)"),
            6: ("birth_date", "word"),
        }.items()
    )
    + "], recursive := true) from (select number, village, district, birth_date, "
    f"unnest(if(len(rare) > 0, rare, words)) as word from (select *, {_WORDS} as words, "
    f"list_filter(words, lambda word: word not in ({_COMMON})) as rare from {{people}}))"
)
