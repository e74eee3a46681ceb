"""What visits have corrected of families, in the place of what the base register's rows say.

The lists stay as they were given; the run reads the corrected values. A number that is no usable
NIK or KK was set aside when its list was read, and corrects nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo_target.intake.lists import AgencyList
from geo_target.registry.families import Register
from geo_target.registry.visit_versions import last_told
from geo_target.workbench import Table, query

CORRECTABLE = ("head_name", "address", "neighborhood", "rt", "rw", "members",
               "head_national_id", "family_card_number")  # fmt: skip
#: Of these a family is known by: a correction may join it with what it was not joined with.
_NUMBERS = ("head_national_id", "family_card_number")


@dataclass(frozen=True)
class Corrected:
    """A register as corrected.

    `rows` has ``register_family_id``, ``columns`` (those that were replaced by another value)
    and ``corrected_on`` (day of the newest visit that replaced a number; null where none did).
    """

    register: Register
    rows: Table | None = None


def gather_corrections(lists: Sequence[AgencyList]) -> Table | None:
    """The newest corrected value of each thing, by the base register's id of the row.

    Returns
    -------
    Table
        ``family_id``, CORRECTABLE (null: not corrected), ``numbered_on`` (day of the newest
        visit that has a number). None where no visit corrects anything. What an address tells
        of RT, RW and lingkungan corrects them too, see `places.records.state_villages`.
    """
    parts = {
        f"part_{i}": listed for i, listed in enumerate(lists) if listed.profile.role == "visits"
    }
    if not any(map(_corrects, parts.values())):
        return None
    age = """(visited_on, coalesce(try_cast(submitted_at as timestamp), timestamp '1970-01-01'),
        list, row)"""
    newest = ", ".join(f"arg_max({c}, {age}) as {c}" for c in CORRECTABLE)
    some = " or ".join(f"{c} is not null" for c in CORRECTABLE)
    number = " or ".join(f"{c} is not null" for c in _NUMBERS)
    told = last_told(
        f"""select family_id, visited_on, submitted_at, {", ".join(CORRECTABLE)}, visit_code,
                {i} as list, row, date '{listed.as_of}' as told_on from {name}
            where family_id is not null and visited_on is not null"""
        for i, (name, listed) in enumerate(parts.items())
    )
    found = query(
        f"""select family_id, {newest}, max(visited_on) filter ({number}) as numbered_on
            from ({told}) where {some} group by family_id""",
        **{name: listed.table for name, listed in parts.items()},
    )
    return found if len(found) else None


def correct_register(register: Register, corrections: Table | None) -> Corrected:
    """A register in which corrected values stand; the head's and the card's in its persons too.

    What the civil registry is said to know of a NIK says nothing of the one in its place.
    """
    if corrections is None:
        return Corrected(register)
    named = ", ".join(
        f"if(c.{name} is not null and c.{name} is distinct from f.{name}, '{name}', null)"
        for name in CORRECTABLE
    )
    given = query(
        f"""select f.family_id, f.head_national_id as old_nik, f.family_card_number as old_kk,
                c.* exclude (family_id), [{named}]::varchar[] as told,
                [one for one in told if one is not null] as columns
            from families f join corrections c using (family_id)""",
        families=register.families, corrections=corrections,
    )  # fmt: skip
    replaced = ", ".join(f"coalesce(c.{name}, f.{name}) as {name}" for name in CORRECTABLE)
    families = query(
        f"""select f.* replace ({replaced}, if(c.head_national_id is distinct from
                f.head_national_id and c.head_national_id is not null, null, f.civil_registry)
                as civil_registry)
            from families f left join c using (family_id)""",
        families=register.families, c=given,
    )  # fmt: skip
    numbers = " or ".join(f"list_contains(columns, '{name}')" for name in _NUMBERS)
    rows = query(
        f"""select family_id as register_family_id, columns,
                if({numbers}, numbered_on, null) as corrected_on
            from c where len(columns) > 0""",
        c=given,
    )
    persons = register.persons and _persons(register.persons, given)
    return Corrected(replace(register, families=families, persons=persons), rows)


def under_families(rows: Table | None, family_keys: Table, *, base: str) -> Table | None:
    """`Corrected.rows` by ``family_id``."""
    if rows is None:
        return None
    return query(
        """select keys.family_id, rows.* from rows
            join keys on keys.register = $1 and keys.register_family_id = rows.register_family_id
            order by keys.family_id, rows.register_family_id""",
        [base],
        rows=rows, keys=family_keys,
    )  # fmt: skip


def count_corrections(rows: Table | None) -> Mapping[str, int]:
    """How many rows of the base have another value than their list gives, by column."""
    counts = dict.fromkeys(CORRECTABLE, 0)
    if rows is not None:
        counts |= dict(
            rows.bench.execute(
                f"select c, count(*) from (select unnest(columns) as c from {rows.name}) group by 1"
            )
        )
    return counts


def _persons(persons: Table, given: Table) -> Table:
    """A person of the family who has the given number has the corrected one."""
    return query(
        """select p.* replace (
                if(p.national_id = c.old_nik and c.head_national_id is not null,
                    c.head_national_id, p.national_id) as national_id,
                if(p.family_card_number = coalesce(c.old_kk, k.old_kk)
                        and coalesce(c.family_card_number, k.family_card_number) is not null,
                    coalesce(c.family_card_number, k.family_card_number), p.family_card_number)
                    as family_card_number)
            from persons p left join given c on c.family_id = p.family_id
                left join (from given where old_kk is not null
                    qualify count(*) over (partition by old_kk) = 1) k
                    on p.family_id is null and k.old_kk = p.family_card_number""",
        persons=persons, given=given,
    )  # fmt: skip


def _corrects(listed: AgencyList) -> bool:
    return not {*listed.report.columns}.isdisjoint(CORRECTABLE)
