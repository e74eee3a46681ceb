"""What a register lists: its families, their persons, and every number that names a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from geo_target.workbench import Table, filled, kept, query

#: A number that more rows of a register bear is nobody's: it proves neither a hit nor a miss.
MANY = 9


@dataclass(frozen=True)
class Listing:
    """A register's families, persons and numbers, by the ids of its rows.

    Attributes
    ----------
    name
        The register's.
    families
        Columns of schemas.FAMILIES and ``stated_village_code``.
    persons
        ``register_family_id`` (null of no family), ``person_id``, ``national_id``, ``name``,
        ``birth_date``, ``sex``, ``relation``, ``occupation``, ``disability``, ``place`` (orders
        the rows), ``is_listed``, ``is_head`` (may be the head), ``is_called_head`` (the list
        says so).
    keys
        ``register_family_id``, ``kind`` (nik, kk), ``value``, ``is_head``,
        ``is_called_head``, ``times`` (persons of the family who bear it): every usable number.
    repeated
        ``kind``, ``value``: those of `keys` that several rows bear.
    nobodys
        Numbers that more than `MANY` rows bear: they fill a column, and are not among `keys`.
    twice
        ``register_family_id``, ``national_id``: persons whom one row's family has twice.
    listed
        ``register_family_id``, ``family_id``, ``matched_by``: the family that each row is, as
        far as known, and by what (see `families.Registry`).
    words
        DuckDB type of the words in `members`, see `members.type_of_words`.
    """

    name: str
    families: Table
    persons: Table
    keys: Table
    repeated: Table
    nobodys: int
    twice: Table
    listed: Table
    words: str = "varchar"

    @property
    def family_keys(self) -> Table:
        """``register``, ``register_family_id``, ``family_id``, ``matched_by``: each row."""
        return query("select $1 as register, * from listed", [self.name], listed=self.listed)

    @cached_property
    def moved(self) -> Table:
        """Those of `listed` that stand under another id than their own; of a base they are few."""
        return query(
            "select * from listed where family_id <> register_family_id", listed=self.listed
        )

    @property
    def numbers(self) -> Table:
        """``family_id``, ``kind``, ``value``, ``is_head``: the numbers of its families.

        Only those of families of several rows have to be gathered.
        """
        return query(
            """
            with crowded as (
                select family_id from listed semi join moved using (family_id)
                group by 1 having count(*) > 1
            ), named as (
                select coalesce(moved.family_id, register_family_id) as family_id, kind, value,
                    is_head
                from keys left join moved using (register_family_id)
            )
            from named anti join crowded using (family_id)
            union all select family_id, kind, value, bool_or(is_head)
            from named semi join crowded using (family_id) group by all""",
            keys=self.keys, listed=self.listed, moved=self.moved,
        )  # fmt: skip

    @property
    def members(self) -> Table:
        """The persons of its families, worked out when they are asked.

        Columns of `families.Registry.members`, and ``place``.
        """
        return self.persons.bench.view(
            f"""select coalesce(moved.family_id, register_family_id) as family_id, person_id,
                    name, national_id, birth_date, sex::{self.words} as sex, relation,
                    occupation, disability, place
                from persons left join moved using (register_family_id)
                where register_family_id is not null""",
            persons=self.persons, moved=self.moved,
        )  # fmt: skip

    @property
    def unlinked(self) -> int:
        """Persons of no family of the register."""
        return len(
            query("select 1 from persons where register_family_id is null", persons=self.persons)
        )


@dataclass(frozen=True)
class Known:
    """Registers whose families are known, in their order: the first that knows a fact is asked.

    `keys` has the columns of `families.Registry.keys`.
    """

    listings: Sequence[Listing]
    keys: Table

    @property
    def family_keys(self) -> Table:
        """Columns of `families.Registry.family_keys`."""
        return union_all([each.family_keys for each in self.listings])

    def knowing(self, listing: Listing) -> "Known":
        """Know one more register. Who is head in one is head: their NIK alone proves no miss."""
        shared = query(
            "select distinct family_id from listed where matched_by is not null",
            listed=listing.listed,
        )
        keys = query(
            """from keys anti join shared using (family_id)
            union all by name from more anti join shared using (family_id)
            union all by name
                select family_id, kind, value, bool_or(is_head) as is_head
                from (from keys union all by name from more) semi join shared using (family_id)
                group by all""",
            keys=self.keys, more=listing.numbers, shared=shared,
        )  # fmt: skip
        return Known([*self.listings, listing], keys)


def known_of(listing: Listing) -> Known:
    """One register as all that is known."""
    return Known([listing], listing.numbers)


def read_listing(
    name: str,
    families: Table,
    persons: Table | None,
    listed: Table | None = None,
    *,
    words: str = "varchar",
) -> Listing:
    """Read the lists of a register, each row a family of its own unless `listed` says more.

    `words` is the type of `members.type_of_words`.
    """
    if listed is None:
        listed = query(
            """select family_id as register_family_id, family_id,
                cast(null as varchar) as matched_by from families""",
            families=families,
        )
    linked = (
        _heads_alone(families, words)
        if persons is None
        else _persons(families, persons, listed, words)
    )
    keys = _keys(families, linked)
    twice = query(
        """select register_family_id, value as national_id from keys
            where kind = 'nik' and times > 1""",
        keys=keys,
    )
    repeated = _repeated(keys)
    if nobodys := len(query(f"from t where bearers > {MANY}", t=repeated)):
        keys = query(
            f"from keys anti join (from t where bearers > {MANY}) many using (kind, value)",
            keys=keys, t=repeated,
        )  # fmt: skip
        repeated = query(f"from t where bearers <= {MANY}", t=repeated)
    return Listing(name, families, linked, keys, repeated, nobodys, twice, listed, words)


def union_all(tables: Sequence[Table], *, numbered: bool = False) -> Table:
    """Rows of all tables; ``register_order`` numbers the tables if `numbered`."""
    named = {f"part_{i}": table for i, table in enumerate(tables)}
    return query(
        " union all by name ".join(
            f"select *{f', {i} as register_order' if numbered else ''} from {name}"
            for i, name in enumerate(named)
        ),
        **named,
    )


#: Relations that are surely no head's, in words or codes of SHDK. Any other word may be the
#: head's: unless the head's NIK is known, such a person's NIK alone proves no miss.
MEMBER_WORDS = (
    r"^(istri|isteri|suami|anak|menantu|cucu|orang\s*tua|mertua|famili|saudara|kakak|adik|"
    r"keponakan|pembantu|lain|wife|husband|child|spouse|[2-9]$|1[0-9]$)"
)


def _heads_alone(families: Table, words: str) -> Table:
    return families.bench.view(
        f"""select family_id as register_family_id, cast(null as varchar) as person_id,
            head_national_id as national_id, head_name as name, true as is_head,
            true as is_called_head, cast(null as date) as birth_date,
            cast(null as varchar) as sex, cast(null as {words}) as relation,
            cast(null as {words}) as occupation, cast(null as {words}) as disability,
            row as place, false as is_listed
            from families""",
        families=families,
    )


def _persons(families: Table, persons: Table, listed: Table, words: str) -> Table:
    """Persons with the id of their family in the register, by its id or its KK number.

    A card that several families have is nobody's; of one listed twice it is the first row's.
    """
    columns = filled(persons)
    place = [f"persons.{c} * {n}" for c, n in (("part", 2**32), ("row", 1)) if c in columns]
    told = [
        f"{f'persons.{c}' if c in columns else 'null'}::{kind} as {c}"
        for c, kind in (
            ("person_id", "varchar"), ("national_id", "varchar"), ("name", "varchar"),
            ("birth_date", "date"), ("sex", "varchar"), ("relation", words),
            ("occupation", words), ("disability", words),
        )
    ]  # fmt: skip
    relation = "persons.relation" if "relation" in columns else "null::varchar"
    has_ids = "family_id" in columns
    by_card = not has_ids or len(
        query("select 1 from persons anti join families using (family_id)",
              persons=persons, families=families)
    )  # fmt: skip
    found = [each for each, is_needed in (("by_id", has_ids), ("by_card", by_card)) if is_needed]
    head = ", ".join(f"{each}.head_national_id" for each in found)
    joins = {
        "by_id": "left join families by_id on by_id.family_id = persons.family_id",
        "by_card": f"""left join (
                select family_card_number, arg_min(families.family_id, row) as family_id,
                    arg_min(head_national_id, row) as head_national_id
                from families join listed on register_family_id = families.family_id
                where family_card_number is not null
                group by 1 having count(distinct listed.family_id) = 1
            ) by_card on {"by_id.family_id is null and" if has_ids else ""}
                persons.family_card_number = by_card.family_card_number""",
    }
    return kept(
        persons.bench.view(
            f"""select coalesce({", ".join(f"{each}.family_id" for each in found)})
                    as register_family_id, {", ".join(told)}, {" + ".join(place) or 0} as place,
                    true as is_listed,
                    coalesce({relation} ilike 'kepala%', false) as is_called_head,
                    case when is_called_head then true
                        when regexp_matches(lower({relation}), '{MEMBER_WORDS}') then false
                        else coalesce(persons.national_id = coalesce({head}), true) end as is_head
                from persons {" ".join(joins[each] for each in found)}""",
            persons=persons, families=families, listed=listed,
        )
    )  # fmt: skip


def _keys(families: Table, persons: Table) -> Table:
    return query(
        """
        with numbers as (
            select family_id as register_family_id, 'nik' as kind, head_national_id as value,
                true as is_head, true as is_called_head, 0 as time from families
            union all select family_id, 'kk', family_card_number, false, false, 0 from families
            union all select register_family_id, 'nik', national_id, is_head, is_called_head, 1
                from persons
        )
        select register_family_id, kind, value, bool_or(is_head) as is_head,
            bool_or(is_called_head) as is_called_head, sum(time)::integer as times
        from numbers where value is not null and register_family_id is not null
        group by all""",
        families=families, persons=persons,
    )  # fmt: skip


def _repeated(keys: Table) -> Table:
    """``kind``, ``value``, ``bearers``: numbers of several rows, which short sums find sooner."""
    return query(
        """
        with sums as (
            select hash(kind, value) as sum from keys group by 1 having count(*) > 1
        )
        select kind, value, count(*) as bearers
        from keys where hash(kind, value) in (from sums) group by all having count(*) > 1""",
        keys=keys,
    )
