"""Which pairs of people of two lists are compared at all: those that share a block.

Of 50,000 x 3,300,000 pairs nearly all are nobody's business. A pair is looked at if it shares
a KK, or a word of the name or the year of birth in a village, or more in a district, or a word
and the day of birth anywhere. Who shares no block is never a pair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo_target.registry.names import COMMON_WORDS, name_words_sql
from geo_target.workbench import Table, filled, query

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

#: SQL: the district of a code of either system.
_DISTRICT = """nullif(left(village_code, length(village_code)
    - if(contains(village_code, '.'), 5, 4)), '')"""

#: Pseudo-rows that a share is counted with, and how many of them are alike: in a register of
#: ten families a name that is there once is not borne by one in ten.
_PSEUDO_ROWS, _PSEUDO_HITS = 20_000, 1
#: Shares of names, words and dates are counted so; those of places as they are.
COUNTED = {"name": "name", "birth_date": "date", "card": "card"}
PLACES = ("village", "district")


def names_of(people: Table) -> Table:
    """Each name once: ``written``, ``name`` as `prepared` writes it, ``bearers``, and ``sought``.

    The last are the words by which it is sought.
    """
    return query(
        f"""select written, array_to_string(words, ' ') as name, bearers,
                if(len(rare) > 0, rare, words) as sought
            from (
                select *, list_filter(words, lambda word: word not in ({_COMMON})) as rare
                from (
                    select name as written, count(*) as bearers,
                        {name_words_sql("name")} as words
                    from people where name is not null group by name
                )
            )""",
        people=people,
    )


def prepared(people: Table, names: Table) -> Table:
    """People as they are compared.

    Parameters
    ----------
    people
        ``id`` (unique), ``name``, ``birth_date``, ``sex`` as written, ``family_card_number``,
        ``rt``, ``rw``, ``neighborhood``, ``village_code`` (of one system in both lists).
    names
        Of them all, see `names_of`.

    Returns
    -------
    Table
        ``number``, ``id``, ``name`` (its words, folded and sorted), ``sought`` (words, see
        `names_of`), ``birth_date``, ``sex`` (m, f), ``card``, ``rt``, ``rw``, ``hamlet``,
        ``village``, ``district``; null where nothing usable is written.
    """
    return query(
        f"""select row_number() over () as number, id, names.name, sought,
                birth_date, case when regexp_matches(lower(trim(sex)), '^(l|1|pria)') then 'm'
                    when regexp_matches(lower(trim(sex)), '^(p|2|w)') then 'f' end as sex,
                family_card_number as card,
                nullif(ltrim(rt, '0 '), '') as rt, nullif(ltrim(rw, '0 '), '') as rw,
                nullif(regexp_replace(lower(neighborhood), '[^a-z0-9]', '', 'g'), '') as hamlet,
                village_code as village, {_DISTRICT} as district
            from people left join names on people.name = names.written""",
        people=people, names=names,
    )  # fmt: skip


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


def shares_of(register: Table, names: Table, sought: Table) -> Shares:
    """Shares of names, words, dates, cards and places in a register.

    Parameters
    ----------
    register
        People, see `prepared`.
    names
        Theirs, see `names_of`: a name is counted and split once, however many bear it.
    sought
        As `prepared` makes them. Dates and cards are only counted if one of them has the same:
        of the others nobody asks.
    """
    total = max(1, len(register))
    share = f"({{}} + {_PSEUDO_HITS}) / ({total} + {_PSEUDO_ROWS}) as share"
    of_names = query(
        f"select name, {share.format('sum(bearers)')} from names where name is not null group by 1",
        names=names,
    )
    words = query(
        f"""select word, {share.format("sum(bearers)")}
            from (select unnest({_WORDS}) as word, bearers from names where name is not null)
            group by 1""",
        names=names,
    )
    shared = {
        column: query(
            f"""select {written} as {column}, {share.format("count(*)")}
                from register semi join sought on register.{written} = sought.{column}
                group by 1""",
            register=register, sought=sought,
        )
        for column, written in {"birth_date": "birth_date", "card": "family_card_number"}.items()
    }  # fmt: skip
    villages = query(
        f"""select village_code as village, {_DISTRICT} as district, count(*) as people
            from register where village_code is not null group by all""",
        register=register,
    )
    placed = {
        column: query(
            f"""select {column}, sum(people) / {total} as share from villages
                where {column} is not null group by 1""",
            villages=villages,
        )
        for column in PLACES
    }
    register.bench.drop(villages)
    least = _PSEUDO_HITS / (total + _PSEUDO_ROWS)
    return Shares(
        counts={"name": of_names, "word": words, **shared, **placed},
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


def who_shares_a_block(register: Table, names: Table, sought: Table) -> Table:
    """People of a register, see `prepared`, without nearly all who share no block with anybody.

    Of millions only few are then prepared. `names` are those of the register, `sought` as
    `prepared` makes them.
    """
    known = _known(sought)
    wanted = query(
        f"select distinct key from ({_keys('sought', 'number', known)}) where key is not null",
        sought=sought,
    )
    met = query(
        f"""select id from (
                with thin as (
                    select id, names.name, sought, birth_date, family_card_number as card,
                        village_code as village, {_DISTRICT} as district
                    from register left join names on register.name = names.written
                ) {_keys("thin", "id", known)}
            ) semi join wanted using (key)""",
        register=register, names=names, wanted=wanted,
    )  # fmt: skip
    people = query("from register semi join met using (id)", register=register, met=met)
    register.bench.drop(wanted, met)
    return people


def pairs_sharing_a_block(left: Table, right: Table) -> Table:
    """Numbers of the pairs to be compared: ``left_number``, ``right_number``, ``block``."""
    known = _known(left)
    return query(
        f"""select keys.number as left_number, others.number as right_number,
                min(keys.block) as block
            from ({_keys("left_people", "number", known)}) keys
                join ({_keys("right_people", "number", known)}) others using (block, key)
            where keys.key is not null
            group by all""",
        left_people=left, right_people=right,
    )  # fmt: skip


def _known(people: Table) -> set[str]:
    """What somebody of `people` has, as the blocks name it."""
    columns = filled(people)
    return {"word", *columns, *(f"year({column})" for column in columns)}


def _keys(people: str, number: str, known: set[str]) -> str:
    """SQL of `number`, ``block`` and ``key`` (null where something is unknown) of `people`.

    Of blocks of what nobody knows only the first two, for the columns.
    """

    def listed(blocks: Mapping[int, Sequence[str]]) -> str:
        return ", ".join(
            f"{{'block': {block}::utinyint, 'key': {_key(*parts)}}}"
            for block, parts in blocks.items() if block in (0, 1) or known.issuperset(parts)
        )  # fmt: skip

    return f"""
        select {number}, unnest([{listed(_SHARED)}], recursive := true) from {people}
        union all select {number}, unnest([{listed(_SHARED_WORDS)}], recursive := true)
        from (select {number}, village, district, birth_date, unnest(sought) as word
            from {people})"""


def _key(*parts: str) -> str:
    known = " and ".join(f"{part} is not null" for part in parts)
    return f"case when {known} then hash({', '.join(parts)}) end"


#: What is the same in a block, by its number, and beside a word of the name.
_SHARED = {
    0: ("card",),
    2: ("village", "year(birth_date)"),
    3: ("district", "name"),
    5: ("district", "birth_date"),
}
_SHARED_WORDS = {
    1: ("village", "word"),
    4: ("district", "word", "year(birth_date)"),
    6: ("birth_date", "word"),
}
