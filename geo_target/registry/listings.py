"""What a register lists: its families, their persons, and every number that names a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from geo_target.registry.listed_persons import heads_alone, persons_of
from geo_target.workbench import Table, query

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
    """One register as all that is known.

    Its numbers are asked where they lie: fifteen million of a province are a gigabyte. Only
    those of families of several rows are gathered.
    """
    several = query(
        """select register_family_id, family_id
            from listed semi join moved using (family_id)""",
        listed=listing.listed, moved=listing.moved,
    )  # fmt: skip
    gathered = query(
        """select family_id, kind, value, bool_or(is_head) as is_head
            from keys join several using (register_family_id) group by all""",
        keys=listing.keys, several=several,
    )  # fmt: skip
    keys = listing.keys.bench.view(
        """select register_family_id as family_id, kind, value, is_head
                from keys anti join several using (register_family_id)
            union all by name from gathered""",
        keys=listing.keys, several=several, gathered=gathered,
    )  # fmt: skip
    return Known([listing], keys)


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
        heads_alone(families, words)
        if persons is None
        else persons_of(families, persons, listed, words)
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


def _keys(families: Table, persons: Table) -> Table:
    """Columns of `Listing.keys`; a family has one KK, so that only NIK are to be grouped."""
    return query(
        """
        with numbers as (
            select family_id as register_family_id, head_national_id as value,
                true as is_head, true as is_called_head, 0 as time from families
            union all select register_family_id, national_id, is_head, is_called_head, 1
                from persons
        )
        select register_family_id, 'nik' as kind, value, bool_or(is_head) as is_head,
            bool_or(is_called_head) as is_called_head, sum(time)::integer as times
        from numbers where value is not null and register_family_id is not null
        group by all
        union all select family_id, 'kk', family_card_number, false, false, 0::integer
        from families where family_card_number is not null and family_id is not null""",
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
