"""One family across registers: what each lists, and the keys that name it.

A register is one or two lists: its families, and their members. Rows of one register that
are one family are so first (registry/twins.py). The families of the base register are the
first; a family of another register attaches to the one that shares a key with it or, where
one of the two has no usable NIK, is by far the likeliest, and is a family of its own where
none is (registry/ladder.py). Where two or more may be it, it is doubtful: nothing joins by
itself, and it stays apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo_target.registry.ladder import attach
from geo_target.registry.listings import Known, Listing, known_of, read_listing, union_all
from geo_target.registry.members import distinct_members, type_of_words
from geo_target.registry.rulings import SETTLED
from geo_target.registry.twins import Twins, find_twins
from geo_target.workbench import Table, filled, query


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
        ``family_id``, ``in_base`` and the columns of the registers, the base's first;
        ``recorded_on`` (the day the record stood), ``ranking_decile`` and ``in_ranking`` (what
        RANKING_REGISTER says, and whether it has a row of the family).
    keys
        ``family_id``, ``kind`` (nik, kk), ``value``, ``is_head``: every usable number.
    members
        ``family_id``, ``person_id``, ``name``, ``national_id``, and as the first list that knows
        it writes it ``birth_date``, ``sex``, ``relation``, ``occupation``, ``disability``: a row
        a listed person, and the head of a list of families without persons.
    family_keys
        ``register``, ``register_family_id``, ``family_id``, ``matched_by`` (nik, kk, name,
        decision; twin: an earlier row of the register is the same family; null where the row
        is the first of its family).
    doubtful
        ``family_id``, ``is_apart``: families that may be another one, or one of two or more
        (they stay apart), and those: all are in doubt until it is settled.
    pairs
        ``register``, ``register_family_id``, ``other_register``, ``other_register_family_id``
        (the candidate's first row), ``family_id`` (the candidate), ``state`` (matched,
        doubtful, unmatched), ``weight`` (bits; null if not by name), ``probability``,
        ``reason``, ``matched_by``: every pair of families that was looked at, of one register
        too.
    unlinked_persons
        Persons of no family of their register.
    relisted_families
        Rows whose family an earlier file of the same register has listed: counted once.
    id_conflicts
        Rows whose id an earlier file has given to another family: each a family of its own.
    twice_listed
        Rows whose family an earlier row of the same register lists under another id.
    nobodys_numbers
        NIK and KK that more than listings.MANY rows of a register bear: they prove nothing.
    twice_placed
        Those that state another village than the first row, whose statement stands.
    corrected
        ``family_id``, ``columns``, ``corrected_on``: rows of the base that visits have corrected,
        see `corrections.Corrected`; None where there are none.
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
    twice_listed: int = 0
    twice_placed: int = 0
    nobodys_numbers: int = 0
    corrected: Table | None = None


#: Whose deciles rank families for programs: by Inpres 4/2025 DTSEN is the base of targeting,
#: whatever register a run counts its families by.
RANKING_REGISTER = "dtsen"

#: What the families of all registers may know; the first register that knows it is kept.
_KNOWN = (
    "head_name", "head_birth_date", "address", "family_card_number", "head_national_id",
    "stated_village_code", "neighborhood", "rt", "rw", "lon", "lat", "decile",
    "income_rupiah_per_month", "civil_registry", "recorded_on",
)  # fmt: skip


def link_registers(
    base: Register,
    others: Sequence[Register],
    settled: Table | None = None,
    *,
    also: Sequence[str] = (),
) -> Registry:
    """Join registers by decision, NIK, KK and likelihood, `base` first, `others` in their order.

    Parameters
    ----------
    settled
        What people have decided, columns of rulings.SETTLED. A decision on a family that no
        register lists says nothing.
    also
        Further columns of schemas.FAMILIES that its families shall have.

    Returns
    -------
    Registry
        Every family of `base` under its own id, that of its first row; every family of
        another register that attaches to none under ``<register>:<id>``.
    """
    if settled is None:
        settled = base.families.bench.take_rows(SETTLED, [])
    facts = [fact for fact in dict.fromkeys((*_KNOWN, *also)) if fact != "members"]
    words = type_of_words([each.persons for each in (base, *others)])
    listing, twins = _listed_once(base, settled, words)
    known, found, pairs = known_of(listing), [twins], [twins.pairs_under(listing)]
    for register in others:
        listing, twins = _listed_once(register, settled, words)
        listing, looked_at = attach(listing, known, settled, twins.apart)
        known = known.knowing(listing)
        found.append(twins)
        pairs += [looked_at, twins.pairs_under(listing)]
    looked_at, family_keys = union_all(pairs), known.family_keys
    joined = query(
        "select distinct family_id from family_keys where matched_by is not null",
        family_keys=family_keys,
    )
    families = _merged(known, joined, facts)
    for each in known.listings:  # 15 million numbers of a province, where `known` has its own
        if each.keys not in known.keys.under:
            each.families.bench.drop(each.keys)
    return Registry(
        families=families,
        keys=known.keys,
        members=distinct_members(known.listings, joined),
        family_keys=family_keys,
        doubtful=_doubtful(looked_at, family_keys),
        pairs=looked_at,
        unlinked_persons=sum(each.unlinked for each in known.listings),
        relisted_families=sum(register.relisted_families for register in (base, *others)),
        id_conflicts=sum(register.id_conflicts for register in (base, *others)),
        twice_listed=sum(each.count for each in found),
        twice_placed=sum(each.moved for each in found),
        nobodys_numbers=sum(each.nobodys for each in known.listings),
    )


def _listed_once(register: Register, settled: Table, words: str) -> tuple[Listing, Twins]:
    """The register with each row under the first row of its family, and what was looked at."""
    name, families, persons = register.name, register.families, register.persons
    listing = read_listing(name, families, persons, words=words)
    twins = find_twins(listing, settled)
    if twins.count and listing.unlinked:  # they may be of a card that is listed twice
        listing = read_listing(name, families, persons, twins.listed, words=words)
    return replace(listing, listed=twins.listed), twins


def _doubtful(pairs: Table, family_keys: Table) -> Table:
    """Both sides of every pair in doubt, each once; the later stays apart from the earlier."""
    return query(
        """
        with sides as (
            select own.family_id, true as is_apart
            from pairs join family_keys own using (register, register_family_id)
            where pairs.state = 'doubtful'
            union all select family_id, false from pairs where state = 'doubtful'
        )
        select family_id, bool_or(is_apart) as is_apart from sides group by 1""",
        pairs=pairs, family_keys=family_keys,
    )  # fmt: skip


def _entries(listing: Listing, facts: Sequence[str]) -> Table:
    """The register's families under their ids, with how many members it lists at least.

    Whoever is listed without the head among them is not the only one: a wife, whom an
    only-member's NIK would else speak for.
    """
    sources = {fact: "as_of" if fact == "recorded_on" else fact for fact in facts}
    carried = {*filled(listing.families), "stated_village_code", "decile"}
    known = "".join(f", families.{c} as {fact}" for fact, c in sources.items() if c in carried)
    counted = query(
        """select register_family_id, count(*) + if(bool_or(is_head), 0, 1) as listed_members
            from persons where is_listed and register_family_id is not null group by 1""",
        persons=listing.persons,
    )
    return listing.families.bench.view(
        f"""select coalesce(moved.family_id, families.family_id) as family_id,
            families.row as register_row, families.village_basis {known},
            {listing.name == RANKING_REGISTER} as is_ranking,
            greatest(families.members, counted.listed_members) as members
        from families left join moved on moved.register_family_id = families.family_id
            left join counted on counted.register_family_id = families.family_id""",
        moved=listing.moved, families=listing.families, counted=counted,
    )  # fmt: skip


def _merged(known: Known, joined: Table, facts: Sequence[str]) -> Table:
    """One row a family: each fact from the first register that knows it.

    `joined` are the families of more than one row; of the others there is nothing to choose.
    """
    parts = {f"part_{i}": _entries(each, facts) for i, each in enumerate(known.listings)}
    carried = {name: [f for f in facts if f in set(p.columns)] for name, p in parts.items()}
    told = [fact for fact in facts if any(fact in one for one in carried.values())]
    entries = query(
        " union all by name ".join(
            f"select *, {i} as register_order from {name} semi join joined using (family_id)"
            for i, name in enumerate(parts)
        ),
        joined=joined,
        **parts,
    )
    firsts = ", ".join(
        f"first({fact} order by register_order, register_row) filter ({fact} is not null) as {fact}"
        for fact in told
    )
    merged = query(
        " union all by name ".join(
            f"""select family_id, {i} = 0 as in_base, {", ".join(carried[name])}, members,
                if(stated_village_code is null, 'none', village_basis) as village_basis,
                if(is_ranking, decile, null) as ranking_decile, is_ranking as in_ranking
            from {name} anti join joined using (family_id)"""
            for i, name in enumerate(parts)
        )
        + f""" union all by name
            select family_id, min(register_order) = 0 as in_base, {firsts},
                max(members) as members,
                coalesce(first(village_basis order by register_order, register_row)
                    filter (stated_village_code is not null), 'none') as village_basis,
                arg_min(decile, register_row) filter (is_ranking) as ranking_decile,
                bool_or(is_ranking) as in_ranking
            from entries group by family_id""",
        joined=joined, entries=entries, **parts,
    )  # fmt: skip
    types = known.listings[0].families.types() | {"recorded_on": "date"}
    untold = "".join(f", null::{types.get(f, 'varchar')} as {f}" for f in facts if f not in told)
    return merged.bench.view(f"select * {untold} from merged", merged=merged)
