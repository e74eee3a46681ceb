"""Lists of a run as registers: families and persons of one source, and all recipients."""

from collections.abc import Sequence

from geo_target.errors import ConfigError, Fault
from geo_target.intake.lists import AgencyList
from geo_target.intake.profiles import Role, profile_named
from geo_target.registry.families import Register
from geo_target.schemas import ENROLLMENTS
from geo_target.workbench import Table, Workbench, query


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
    registers = {name: _register(name, lists) for name in names}
    return registers.pop(profile.register_name), list(registers.values())


def gather_enrollments(bench: Workbench, lists: Sequence[AgencyList]) -> Table:
    """Rows of all recipient lists, columns of schemas.ENROLLMENTS."""
    columns = ", ".join(f'"{name}"' for name in ENROLLMENTS.names)
    parts = {
        f"part_{i}": listed.table
        for i, listed in enumerate(lists)
        if listed.profile.role == "enrollments"
    }
    if not parts:
        typed = {column.name: column.type for column in ENROLLMENTS.columns}
        return bench.take_rows(typed, [])
    return query(" union all ".join(f"select {columns} from {name}" for name in parts), **parts)


def _register(name: str, lists: Sequence[AgencyList]) -> Register:
    families = _tables(name, "families", lists)
    persons = _tables(name, "persons", lists)
    distinct = families[0] if len(families) == 1 else _distinct_families(families)
    return Register(
        name=name,
        families=distinct,
        persons=_union(persons) if persons else None,
        relisted_families=sum(map(len, families)) - len(distinct),
    )


def _distinct_families(tables: Sequence[Table]) -> Table:
    """A family that a second file of the register lists again is the same family."""
    return query(
        """select * exclude (part) from families
            qualify row_number() over (partition by family_id order by part, row) = 1""",
        families=_union(tables),
    )


def _tables(name: str, role: Role, lists: Sequence[AgencyList]) -> list[Table]:
    return [
        listed.table
        for listed in lists
        if listed.profile.register_name == name and listed.profile.role == role
    ]


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
