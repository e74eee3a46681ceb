"""Lists of a run as registers: families and persons of one source, and all recipients."""

from collections.abc import Sequence

from geo_target.errors import ConfigError, Fault
from geo_target.intake.lists import AgencyList
from geo_target.intake.profiles import Role, profile_named
from geo_target.registry.families import Register
from geo_target.workbench import Table, query

#: Families that visits found: their ids are of answers, and each export tells of all of them.
_PROPOSED = "usulan"


def gather_registers(lists: Sequence[AgencyList], *, base: str) -> tuple[Register, list[Register]]:
    """The base register, and the others in the order of their first list.

    Parameters
    ----------
    lists
        All lists of the run.
    base
        Profile of the list whose rows are the families.

    Raises
    ------
    ConfigError
        ``E-BASE`` if no list has the base's profile, or it lists no families.
    """
    profile = profile_named(base)
    names = list(
        dict.fromkeys(
            listed.profile.register_name for listed in lists if listed.profile.role == "families"
        )
    )
    if profile.role != "families" or profile.register_name not in names:
        raise ConfigError(
            Fault(
                "E-BASE",
                id=f"tidak ada [[source]] dengan profil {base}, padahal itu daftar dasarnya; "
                "tambahkan sumbernya atau ganti registry.base",
                en=f"there is no [[source]] with profile {base}, which is the base register; "
                "add the source or change registry.base",
                column="registry.base",
            )
        )
    _check_persons(lists, names)
    registers = {name: _register(name, lists) for name in names}
    return registers.pop(profile.register_name), list(registers.values())


def _check_persons(lists: Sequence[AgencyList], registers: Sequence[str]) -> None:
    """A list of persons whose families no list holds would be read for nothing."""
    alone = {
        listed.profile.name
        for listed in lists
        if listed.profile.role == "persons" and listed.profile.register_name not in registers
    }
    if alone:
        named = ", ".join(sorted(alone))
        raise ConfigError(
            Fault(
                "E-PERSONS",
                id=f"daftar anggota {named} tidak punya daftar keluarga dari register yang sama; "
                "tambahkan daftar keluarganya atau hapus sumber ini",
                en=f"the persons list {named} has no list of families of the same register; "
                "add that list or take this source out",
                column="source.profile",
            )
        )


def _register(name: str, lists: Sequence[AgencyList]) -> Register:
    families = _tables(name, "families", lists)
    persons = _tables(name, "persons", lists)
    if len(families) == 1:
        return Register(name, families[0], _union(persons) if persons else None)
    # Of an answer that was mended since, the last export has the newest words.
    is_retold = name == _PROPOSED
    judged = _judged_families(families[::-1] if is_retold else families, is_retold=is_retold)
    distinct = query(
        """select * exclude (part, number, same, ending, own_id, first_part, first_head,
                first_card, first_village)
                replace (own_id as family_id, row_number() over (order by part, row) as row)
            from judged where not same""",
        judged=judged,
    )
    return Register(
        name=name,
        families=distinct,
        persons=_union(persons) if persons else None,
        relisted_families=len(judged) - len(distinct),
        id_conflicts=len(query("from judged where not same and number > 1", judged=judged)),
    )


def _judged_families(tables: Sequence[Table], *, is_retold: bool) -> Table:
    """Whether a family of a further file is one that an earlier file has listed.

    It is where id, NIK of the head and KK agree, and all of one family must: with the same
    id and another NIK it is another family, and keeps its place under an id of its own. In a
    register that each file tells anew (`is_retold`) the id alone says so.
    """
    return query(
        # An id of file and row, which only a family without one has, is never another's.
        f"""select *, number > 1 and position('#' in family_id) = 0
                and ({is_retold} and part <> first_part
                    or head_national_id is not distinct from first_head
                    and family_card_number is not distinct from first_card
                    and stated_village_code is not distinct from first_village) as same,
                case when number = 1 or same then family_id
                    when family_id || ending in (select family_id from families)
                        then family_id || '~' || ending  -- somebody is called so already
                    else family_id || ending end as own_id
            from (
                select *, ' (' || (part + 1) || ')' as ending,
                    row_number() over listed as number,
                    first_value(part) over listed as first_part,
                    first_value(head_national_id) over listed as first_head,
                    first_value(family_card_number) over listed as first_card,
                    first_value(stated_village_code) over listed as first_village
                from families window listed as (partition by family_id order by part, row)
            )""",
        families=_union(tables),
    )


def _tables(name: str, role: Role, lists: Sequence[AgencyList]) -> list[Table]:
    """Of one register; those of proposals by their day, for the last one holds."""
    found = [
        listed
        for listed in lists
        if listed.profile.register_name == name and listed.profile.role == role
    ]
    if name == _PROPOSED:
        found.sort(key=lambda listed: listed.as_of)
    return [listed.table for listed in found]


def _union(tables: Sequence[Table]) -> Table:
    """Rows of all tables; `part` numbers the tables where there are several."""
    if len(tables) == 1:
        return tables[0]
    parts = {f"part_{i}": table for i, table in enumerate(tables)}
    return query(
        " union all by name ".join(
            f"select *, {i} as part from {name}" for i, name in enumerate(parts)
        ),
        **parts,
    )
