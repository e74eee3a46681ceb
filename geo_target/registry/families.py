"""One family across registers: what each lists, and the keys that name it.

A register is one or two lists: its families, and their members. The rows of the base
register are the families; a family of another register attaches to the one family that
shares a key with it or, without a usable NIK, is by far the likeliest, and is a family of
its own where none is (registry/ladder.py). Where two or more may be it, it is doubtful:
nothing joins by itself, and it stays apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo_target.registry.ladder import PAIRS, Attached, Listing, attach
from geo_target.workbench import Table, query


@dataclass(frozen=True)
class Register:
    """A register's lists, their villages found and addresses parsed.

    `families` has the columns of schemas.FAMILIES and ``stated_village_code``,
    ``village_basis``; `persons` those of schemas.PERSONS.
    """

    name: str
    families: Table
    persons: Table | None = None
    relisted_families: int = 0
    id_conflicts: int = 0


@dataclass(frozen=True)
class Registry:
    """All families of a run.

    Attributes
    ----------
    families
        ``family_id``, ``in_base`` and the columns of the registers, the base's first.
    keys
        ``family_id``, ``kind`` (nik, kk), ``value``, ``is_head``: every usable number.
    members
        ``family_id``, ``person_id``, ``name``, ``national_id``: a row a listed person.
    family_keys
        ``register``, ``register_family_id``, ``family_id``.
    doubtful
        ``family_id``, ``is_apart``: families of other registers that may be two or more, or
        may be one (they stay apart), and those: all are in doubt until it is settled.
    pairs
        ``register``, ``register_family_id``, ``family_id``, ``state`` (matched, doubtful,
        unmatched), ``weight`` (bits; null by a key), ``probability``, ``reason``,
        ``matched_by`` (nik, kk, name): every pair of families that was looked at.
    unlinked_persons
        Persons of no family of their register.
    relisted_families
        Rows whose family an earlier file of the same register has listed: counted once.
    id_conflicts
        Rows whose id an earlier file has given to another family: each a family of its own.
    """

    families: Table
    keys: Table
    members: Table
    family_keys: Table
    doubtful: Table
    pairs: Table
    unlinked_persons: int = 0
    relisted_families: int = 0
    id_conflicts: int = 0


#: What the families of all registers may know; the first register that knows it is kept.
_KNOWN = (
    "head_name", "address", "family_card_number", "head_national_id",
    "stated_village_code", "neighborhood", "rt", "rw", "lon", "lat", "decile",
    "income_rupiah_per_month", "members",
)  # fmt: skip


def link_registers(base: Register, others: Sequence[Register]) -> Registry:
    """Join registers by NIK, KK and likelihood, `base` first, then `others` in their order.

    Returns
    -------
    Registry
        Every family of `base` under its own id; every family of another register that
        attaches to none under ``<register>:<id>``.
    """
    persons, own = _persons_and_keys(base)
    listed = query(
        "select family_id as register_family_id, family_id from families",
        families=base.families,
    )
    entries = [_entries(base, listed, persons, order=0)]
    keys = _keys(own, listed)
    members = [_members(persons, listed)]
    family_keys = [_named(base, listed)]
    unlinked = _unlinked(persons)
    known = [Listing(base.families, persons, listed)]
    attached = []
    for order, register in enumerate(others, start=1):
        persons, own = _persons_and_keys(register)
        listing = Listing(register.families, persons)
        attached.append(attach(register.name, own, listing, keys=keys, known=known))
        listed = attached[-1].listed
        known.append(replace(listing, listed=listed))
        entries.append(_entries(register, listed, persons, order=order))
        keys = query(
            # Who is head in one register is head: their NIK alone never proves a miss.
            """select family_id, kind, value, bool_or(is_head) as is_head
                from (from keys union all by name from more) group by all""",
            keys=keys, more=_keys(own, listed),
        )  # fmt: skip
        members.append(_members(persons, listed))
        unlinked += _unlinked(persons)
        family_keys.append(_named(register, listed))
    none = _nothing_attached(base)
    return Registry(
        families=_merged(_union(entries)),
        keys=keys,
        members=_distinct_members(_union(members)),
        family_keys=_union(family_keys),
        doubtful=_union([none.doubtful, *(each.doubtful for each in attached)]),
        pairs=_union([none.pairs, *(each.pairs for each in attached)]),
        unlinked_persons=unlinked,
        relisted_families=sum(register.relisted_families for register in (base, *others)),
        id_conflicts=sum(register.id_conflicts for register in (base, *others)),
    )


def _union(tables: Sequence[Table]) -> Table:
    named = {f"part_{i}": table for i, table in enumerate(tables)}
    return query(" union all by name ".join(f"from {name}" for name in named), **named)


#: Relations that are surely no head's, in words or codes of SHDK. Any other word may be the
#: head's: unless the head's NIK is known, such a person's NIK alone proves no miss.
_MEMBER_WORDS = (
    r"^(istri|isteri|suami|anak|menantu|cucu|orang\s*tua|mertua|famili|saudara|kakak|adik|"
    r"keponakan|pembantu|lain|wife|husband|child|spouse|[2-9]$|1[0-9]$)"
)


def _persons_and_keys(register: Register) -> tuple[Table, Table]:
    persons = _register_persons(register)
    return persons, _register_keys(register, persons)


def _register_persons(register: Register) -> Table:
    """Persons with the id of their family in the register, by its id or its KK number."""
    if register.persons is None:
        return query(
            """select family_id as register_family_id, cast(null as varchar) as person_id,
                head_national_id as national_id, head_name as name, true as is_head,
                cast(null as date) as birth_date, cast(null as varchar) as sex,
                false as is_listed
                from families""",
            families=register.families,
        )
    return query(
        f"""select coalesce(by_id.family_id, by_card.family_id) as register_family_id,
                persons.person_id, persons.national_id, persons.name, persons.birth_date,
                persons.sex, true as is_listed,
                case when relation ilike 'kepala%' then true
                    when regexp_matches(lower(relation), '{_MEMBER_WORDS}') then false
                    else coalesce(persons.national_id
                        = coalesce(by_id.head_national_id, by_card.head_national_id), true)
                    end as is_head
            from persons left join families by_id on by_id.family_id = persons.family_id
            left join (
                select family_card_number, min(family_id) as family_id,
                    min(head_national_id) as head_national_id
                from families where family_card_number is not null
                group by 1 having count(*) = 1
            ) by_card on by_id.family_id is null
                and persons.family_card_number = by_card.family_card_number""",
        persons=register.persons, families=register.families,
    )  # fmt: skip


def _register_keys(register: Register, persons: Table) -> Table:
    """Every usable number of the register's families: ``register_family_id``, kind, value."""
    return query(
        """
        with numbers as (
            select family_id as register_family_id, 'nik' as kind, head_national_id as value,
                true as is_head from families
            union all select family_id, 'kk', family_card_number, false from families
            union all select register_family_id, 'nik', national_id, is_head from persons
        )
        select register_family_id, kind, value, bool_or(is_head) as is_head
        from numbers where value is not null and register_family_id is not null
        group by all""",
        families=register.families, persons=persons,
    )  # fmt: skip


def _keys(own: Table, listed: Table) -> Table:
    return query(
        """select family_id, kind, value, bool_or(is_head) as is_head
            from own join listed using (register_family_id) group by all""",
        own=own, listed=listed,
    )  # fmt: skip


def _nothing_attached(base: Register) -> Attached:
    take_rows = base.families.bench.take_rows
    return Attached(
        listed=take_rows({"register_family_id": "varchar", "family_id": "varchar"}, []),
        doubtful=take_rows({"family_id": "varchar", "is_apart": "boolean"}, []),
        pairs=take_rows(PAIRS, []),
    )


def _entries(register: Register, listed: Table, persons: Table, *, order: int) -> Table:
    """The register's families under their ids, with how many members it lists."""
    return query(
        """
        with counted as (
            select register_family_id, count(*) as listed_members
            from persons where is_listed group by 1
        )
        select listed.family_id, $1 as register_order, families.row as register_row,
            families.* exclude (family_id, members, row),
            greatest(families.members, counted.listed_members) as members
        from listed join families on families.family_id = listed.register_family_id
            left join counted using (register_family_id)""",
        [order],
        listed=listed, families=register.families, persons=persons,
    )  # fmt: skip


def _named(register: Register, listed: Table) -> Table:
    return query(
        "select $1 as register, register_family_id, family_id from listed",
        [register.name],
        listed=listed,
    )


def _unlinked(persons: Table) -> int:
    return len(query("select 1 from persons where register_family_id is null", persons=persons))


def _members(persons: Table, listed: Table) -> Table:
    return query(
        """select listed.family_id, persons.person_id, persons.name, persons.national_id
            from persons join listed using (register_family_id)""",
        persons=persons, listed=listed,
    )  # fmt: skip


def _distinct_members(members: Table) -> Table:
    """A person once: the same NIK in the same family of two registers is one person."""
    return query(
        """select family_id,
                coalesce(min(person_id), family_id || '#' || row_number() over (
                    partition by family_id order by min(name))) as person_id,
                min(name) as name, national_id
            from members where national_id is not null group by family_id, national_id
            union all select family_id, person_id, name, national_id from members
            where national_id is null and person_id is not null""",
        members=members,
    )


def _merged(entries: Table) -> Table:
    """One row a family: each fact from the first register that knows it."""
    firsts = ", ".join(
        f"first({column} order by register_order, register_row) "
        f"filter ({column} is not null) as {column}"
        for column in _KNOWN
        if column != "members"
    )
    return query(
        f"""select family_id, min(register_order) = 0 as in_base, {firsts},
                max(members) as members,
                coalesce(first(village_basis order by register_order, register_row)
                    filter (stated_village_code is not null), 'none') as village_basis
            from entries group by family_id""",
        entries=entries,
    )
