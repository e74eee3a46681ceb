"""Rows of registers as the next months know them again: by a keyed sum of what they say.

A sum tells that a row has changed, or is the same under another id, and nothing else: it is
HMAC-SHA256 in effect, under the archive's key, since a plain hash of a NIK is guessed in minutes.
"""

from collections.abc import Sequence

from geo_target.registry.families import Register
from geo_target.workbench import Table, query

#: What says who a family is and where it lives: a row is the same while these are.
FACTS = ("head_name", "head_national_id", "family_card_number", "stated_village_code",
         "neighborhood", "rt", "rw")  # fmt: skip
#: Ids that no register has given: file and row, or what an id was called that came twice.
GIVEN_BY_US = r"#\d+$| \(\d+\)$"


def fingerprint_rows(registers: Sequence[Register], key: bytes) -> Table:
    """Sums of every row of families of the registers.

    Returns
    -------
    Table
        ``register``, ``register_family_id``, ``fingerprint`` (of `FACTS`; 64 hex digits), and
        ``number_key`` (of the head's NIK, else of the KK) where the register gave no id of its
        own: by it the row is found again in another file.
    """
    number = "coalesce('nik ' || head_national_id, 'kk ' || family_card_number)"
    parts = [
        query(
            f"""select $1 as register, family_id as register_family_id,
                    {keyed_sql(_text_sql(FACTS), "$2")} as fingerprint,
                    case when regexp_matches(family_id, '{GIVEN_BY_US}')
                        then {keyed_sql(number, "$2")} end as number_key
                from families""",
            [register.name, key.hex()],
            families=register.families,
        )
        for register in registers
    ]
    named = {f"part_{i}": part for i, part in enumerate(parts)}
    return query(" union all ".join(f"from {name}" for name in named), **named)


def describe_rows(registers: Sequence[Register], wanted: Table, key: bytes) -> Table:
    """What rows of registers say of their families, for somebody who compares two of them.

    Parameters
    ----------
    wanted
        ``register``, ``register_family_id``.

    Returns
    -------
    Table
        These, ``head_name``, ``birth_date``, ``sex``, ``head_national_id``,
        ``family_card_number``, ``stated_village_code``, ``address``, ``neighborhood``, ``rt``,
        ``rw``, ``members``, and ``fingerprint``: of `FACTS`, birth date and sex.
    """
    parts = [_described(register, wanted, key) for register in registers]
    named = {f"part_{i}": part for i, part in enumerate(parts)}
    return query(" union all ".join(f"from {name}" for name in named), **named)


def _described(register: Register, wanted: Table, key: bytes) -> Table:
    columns = """register, register_family_id, head_name, birth_date, sex, head_national_id,
        family_card_number, stated_village_code, address, neighborhood, rt, rw, members"""
    known = "head_birth_date" in register.families.columns
    born = "coalesce(birth_date, head_birth_date::date)" if known else "birth_date"
    persons = register.persons
    if persons is None:
        persons = wanted.bench.take_rows(
            {"family_id": "varchar", "family_card_number": "varchar", "national_id": "varchar",
             "name": "varchar", "birth_date": "date", "sex": "varchar"}, [],
        )  # fmt: skip
    return query(
        f"""
        with found as (
            select families.* from families
                join wanted on wanted.register = $1 and register_family_id = families.family_id
        ), members as (
            select found.family_id, persons.* exclude (family_id)
            from found join persons using (family_id)
            union all select found.family_id, persons.* exclude (family_id)
            from found join persons using (family_card_number)
        ), heads as (
            select family_id, min(birth_date) as birth_date, min(sex) as sex
            from members join found using (family_id)
            where members.national_id = head_national_id or members.name = head_name group by 1
        ), described as (
            select $1 as register, found.family_id as register_family_id,
                {born} as birth_date, sex,
                found.* exclude (family_id)
            from found left join heads using (family_id)
        )
        select {columns}, {keyed_sql(_text_sql((*FACTS, "birth_date", "sex")), "$2")}
            as fingerprint from described""",
        [register.name, key.hex()],
        families=register.families, wanted=wanted, persons=persons,
    )  # fmt: skip


def pair_sql(one: str, other: str) -> str:
    """SQL of the sum of a pair from those of its sides, whichever comes first."""
    return f"sha256(least({one}, {other}) || greatest({one}, {other}))"


def keyed_sql(text: str, key: str) -> str:
    """SQL of the keyed sum of a text: null where that is null."""
    return f"sha256({key} || sha256({key} || {text}))"


def _text_sql(columns: Sequence[str]) -> str:
    written = ", ".join(f"coalesce({column}::varchar, '')" for column in columns)
    return f"concat_ws(chr(31), {written})"
