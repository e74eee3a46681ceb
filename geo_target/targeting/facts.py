"""What is known of families and persons, as the rules of programs ask for it.

What nobody knows is null, never a no: a rule says neither yes nor no to it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa

from geo_target.places.codes import village_kind_sql
from geo_target.targeting.written_words import is_disabled, is_head, sex_of, work_of
from geo_target.workbench import Table, query

_ELDERLY = 60
#: From this age on people may work (UU 20/1999), and BPS counts them as workers.
_WORKING_AGE = 15
#: Nobody is older: such a birth date is a slip.
_MOST_YEARS = 120
#: Members that rules count, and what must be known of a member to be counted.
_COUNTED = {
    "elderly": (f"age >= {_ELDERLY}", "age"),
    "disabled": ("is_disabled", "is_disabled"),
    "children_under_7": ("age < 7", "age"),
    "pupils_sd": ("age between 7 and 12", "age"),
    "pupils_smp": ("age between 13 and 15", "age"),
    "pupils_sma": ("age between 16 and 18", "age"),
    "informal_workers": ("is_informal_worker", "is_informal_worker"),
    "fishers_or_laborers": ("is_fisher_or_laborer", "is_fisher_or_laborer"),
}


def person_facts(members: Table, on: date) -> Table:
    """What is known of each member.

    Parameters
    ----------
    members
        See `registry.families.Registry.members`.
    on
        The day on which they are as old as it says.

    Returns
    -------
    Table
        ``person_id``, ``family_id``, ``has_national_id``; ``age`` (years; by birth date, else by
        NIK: of the two centuries that its two digits may mean the latest that has been), ``sex``
        (m, f; by word, else by NIK), ``is_head``, ``is_disabled``, ``is_informal_worker`` (who
        works for no employer, from 15 years on), ``is_fisher_or_laborer``: null where it is not
        known. An empty cell of a list says nothing, also of a disability.
    """
    return query(
        f"""
        with dated as (
            select members.*, {_digits("national_id")} as digits,
                {_written_born("birth_date")} as written, {_born("digits", on)} as told
            from members
        ), aged as (
            select *, coalesce({_age("written", on)}, {_age("told", on)}) as age from dated
        )
        select person_id, family_id, national_id is not null as has_national_id, age,
            coalesce(sexes.meant, {_sex("digits")})::enum('f', 'm') as sex, heads.meant as is_head,
            disabilities.meant as is_disabled,
            informal.meant and age >= {_WORKING_AGE} as is_informal_worker,
            hands.meant as is_fisher_or_laborer
        from aged left join sexes on sexes.word = aged.sex
            left join heads on heads.word = relation
            left join disabilities on disabilities.word = disability
            left join informal on informal.word = occupation
            left join hands on hands.word = occupation""",
        members=members,
        sexes=_meanings(members, "sex", sex_of, pa.string()),
        heads=_meanings(members, "relation", is_head),
        disabilities=_meanings(members, "disability", is_disabled),
        informal=_meanings(members, "occupation", lambda word: work_of(word).is_informal),
        hands=_meanings(members, "occupation", lambda word: work_of(word).is_fisher_or_laborer),
    )


def family_facts(
    families: Table,
    persons: Table,
    family_places: Table,
    welfare: Table,
    on: date,
    *,
    has_ranking: bool,
) -> Table:
    """What is known of each family.

    Parameters
    ----------
    families
        See `registry.families.Registry.families`.
    persons
        See `person_facts`.
    family_places
        ``family_id``, ``village_code``: where it is counted.
    welfare
        ``family_id``, ``welfare_class``.
    on
        The day, as of `persons`.
    has_ranking
        Whether a list of the run is of `registry.families.RANKING_REGISTER`: then deciles are its
        own, and whom it does not list has none.

    Returns
    -------
    Table
        ``family_id``, all of programs.FAMILY_FACTS and ``elderly_alone`` (the only member, of 60
        or more). A number of members counts those of whom it is known: it is null where that is
        nobody, and where one of a family of several or of unknown size is all that is listed
        (the head, by a list of families) and is none of them. The head is the one member whom
        lists call so, else known by the birth date and the NIK that the list of families gives.
    """
    counts = ", ".join(
        f"count_if({condition})::smallint as {name}" for name, (condition, _) in _COUNTED.items()
    )
    # Small states of 3.3 million families: a flag is kept in two bytes, a count in eight.
    flags = ", ".join(
        f"bool_or({fact} is not null) as knows_{fact}"
        for fact in dict.fromkeys(known for _, known in _COUNTED.values())
    )
    counted = query(
        f"""select family_id, count(*)::smallint as listed, count_if(is_head)::smallint as heads,
                max(age) filter (is_head) as age_of_head,
                bool_or(sex = 'f') filter (is_head) as woman_is_head, {counts}, {flags}
            from persons group by family_id""",
        persons=persons,
    )
    known = ", ".join(
        f"if(knows_{fact} and ({name} > 0 or listed > 1 or size = 1), {name}, null) as {name}"
        for name, (_, fact) in _COUNTED.items()
    )
    decile, in_dtsen = ("ranking_decile", "in_ranking") if has_ranking else ("decile", "null")
    born = "head_birth_date::date" if "head_birth_date" in families.columns else "null::date"
    facts = query(
        f"""
        with known as (
            select family_id, {decile} as decile, in_base, {in_dtsen}::boolean as in_dtsen,
                coalesce(members, if(listed > 1, listed, null)) as size,
                {_digits("head_national_id")} as digits, {_born("digits", on)} as told,
                {_written_born(born)} as written, if(heads = 1, age_of_head, null) as listed_age,
                if(heads = 1, woman_is_head, null) as listed_woman,
                counted.* exclude (family_id)
            from families left join counted using (family_id)
        ), facts as (
            select family_id, decile, size as members, in_base as is_listed, in_dtsen,
                coalesce(listed_woman, {_sex("digits")} = 'f') as head_is_woman,
                coalesce(listed_age, {_age("written", on)}, {_age("told", on)}) as head_age, {known}
            from known
        )
        select facts.*, nullif(welfare_class, 'unknown') as welfare_class,
            {village_kind_sql("village_code")} as village_kind,
            members = 1 and elderly > 0 as elderly_alone
        from facts left join places using (family_id) left join welfare using (family_id)""",
        families=families, counted=counted, places=family_places, welfare=welfare,
    )  # fmt: skip
    persons.bench.drop(counted)
    return facts


def _meanings(
    members: Table, column: str, meaning: Callable[[str], Any], kind: pa.DataType | None = None
) -> Table:
    """``word``, ``meant``: what each word of a column says, a flag by default."""
    words = query(
        f"""select word, row_number() over () as number
            from (select distinct {column} as word from members where {column} is not null)""",
        members=members,
    )
    written = words.bench.execute(f"select number, word from {words.name}")
    found = {
        "number": pa.array([number for number, _ in written], pa.int64()),
        "meant": pa.array([meaning(word) for _, word in written], kind or pa.bool_()),
    }
    return query(
        "select word, meant from words join found using (number)",
        words=words, found=words.bench.take(pa.table(found)),
    )  # fmt: skip


def _written_born(day: str) -> str:
    """SQL: a day as the number YYYYMMDD."""
    return f"(year({day}) * 10000 + month({day}) * 100 + day({day}))"


def _digits(national_id: str) -> str:
    """SQL: digits 7 to 12 of a NIK, DDMMYY, as a number."""
    return f"if(length({national_id}) = 16, try_cast(substr({national_id}, 7, 6) as integer), null)"


def _born(digits: str, on: date) -> str:
    """SQL: the birth day of `_digits` as YYYYMMDD, not after `on`; null if there is no such day.

    40 are added to a woman's day. From 1901 to 2099 every fourth year is a leap year.
    """
    month = f"({digits} // 100 % 100)"
    day = f"({digits} // 10000 - if({digits} // 10000 > 40, 40, 0))"
    last = f"""case {month} when 2 then if({digits} % 4 = 0, 29, 28)
        when 4 then 30 when 6 then 30 when 9 then 30 when 11 then 30 else 31 end"""
    latest = f"({on.year // 100 * 10**6} + {digits} % 100 * 10000 + {month} * 100 + {day})"
    return f"""if({month} between 1 and 12 and {day} between 1 and ({last}),
        {latest} - if({latest} > {_number(on)}, {10**6}, 0), null)"""


def _sex(digits: str) -> str:
    return f"if({digits} // 10000 > 40, 'f', if({digits} is null, null, 'm'))"


def _age(born: str, on: date) -> str:
    """SQL: years on a day of a birth day as YYYYMMDD; null if nobody can be so old."""
    years = f"(({_number(on)} - {born}) // 10000)"
    return f"if({born} <= {_number(on)} and {years} <= {_MOST_YEARS}, {years}, null)::tinyint"


def _number(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day
