"""The heads of families, as two families are compared by them: names on a card, and facts."""

from collections.abc import Sequence

from geo_target.registry.listings import Listing, union_all
from geo_target.registry.names import name_words_sql
from geo_target.workbench import Table, query

_FACTS = ("name", "birth_date", "sex", "family_card_number", "rt", "rw", "neighborhood",
          "village_code")  # fmt: skip


def judge_names(pairs: Table, ours: Sequence[Listing], theirs: Sequence[Listing]) -> Table:
    """Whether the head of one of two families is somebody of the other, by name.

    Parameters
    ----------
    pairs
        ``one_id`` of `ours`, ``other_id`` of `theirs`: pairs of families.

    Returns
    -------
    Table
        ``one_id``, ``other_id``, ``is_alike``; without the pairs in which a side has no name.
    """
    if not len(pairs):  # no name need be read
        return pairs.bench.take_rows(
            {"one_id": "varchar", "other_id": "varchar", "is_alike": "boolean"}, []
        )
    return query(
        """
        with crossed as (
            select one_id, other_id, ours.words as one, theirs.words as other
            from pairs join ours on ours.id = one_id join theirs on theirs.id = other_id
            where ours.is_head or theirs.is_head
        )
        select one_id, other_id,
            bool_or(list_has_all(one, other) or list_has_all(other, one)
                or jaro_winkler_similarity(array_to_string(one, ' '), array_to_string(other, ' '))
                    >= 0.85) as is_alike
        from crossed group by 1, 2""",
        pairs=pairs,
        ours=_names(ours, query("select distinct one_id as id from pairs", pairs=pairs)),
        theirs=_names(theirs, query("select distinct other_id as id from pairs", pairs=pairs)),
    )  # fmt: skip


def _names(listings: Sequence[Listing], ids: Table) -> Table:
    """``id``, ``words``, ``is_head``: of the heads and of all members whose name is known."""
    # In two steps, or SQL folds the names of all the others too.
    written = union_all([_written(listing, ids) for listing in listings])
    return query(
        f"""select id, {name_words_sql("name")} as words, is_head
            from written where words is not null""",
        written=written,
    )


def _written(listing: Listing, ids: Table) -> Table:
    return query(
        """
        with wanted as (select * from listed semi join ids on ids.id = listed.family_id)
        select wanted.family_id as id, head_name as name, true as is_head
        from families join wanted on register_family_id = families.family_id
        union all select wanted.family_id, name, false
        from persons join wanted using (register_family_id)""",
        families=listing.families, persons=listing.persons, listed=listing.listed, ids=ids,
    )  # fmt: skip


def heads_of(listings: Sequence[Listing], ids: Table) -> Table:
    """The head of each family of `ids` (``id``), as `linkage.find_pairs` asks for them.

    Each fact is from the first row that knows it.
    """
    firsts = ", ".join(
        f"first({fact} order by register_order, register_row) filter ({fact} is not null) as {fact}"
        for fact in _FACTS
    )
    return query(
        f"select id, {firsts} from heads group by id",
        heads=union_all([_heads(each, ids) for each in listings], numbered=True),
    )


def _heads(listing: Listing, ids: Table) -> Table:
    known = "head_birth_date" in listing.families.columns
    born = "coalesce(birth_date, head_birth_date::date)" if known else "birth_date"
    return query(
        f"""
        with wanted as (
            select families.*, listed.family_id as id
            from families join listed on listed.register_family_id = families.family_id
                semi join ids on ids.id = listed.family_id
        ), described as (
            select wanted.family_id, min(persons.birth_date) as birth_date,
                min(persons.sex) as sex
            from wanted join persons on persons.register_family_id = wanted.family_id
            where persons.national_id = wanted.head_national_id
                or persons.name = wanted.head_name
            group by 1
        )
        select id, row as register_row, head_name as name, {born} as birth_date, sex,
            family_card_number, rt, rw, neighborhood, stated_village_code as village_code
        from wanted left join described using (family_id)""",
        families=listing.families, persons=listing.persons, listed=listing.listed, ids=ids,
    )  # fmt: skip
