"""Places of a list's records: the village each states, and residents by village."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.places.addresses import parse_addresses
from geo_target.places.codes import CodeSystem, find_stated_villages
from geo_target.places.crosswalk import Crosswalk, read_crosswalk
from geo_target.places.notices import (
    notice_of_addresses,
    notice_of_names,
    notice_of_outside,
    notice_of_registered,
)
from geo_target.workbench import Table, filled, kept, query

#: Lists of these roles state the village of each record; in the others it is not looked up.
ROLES_WITH_PLACES = frozenset({"families", "population", "facilities", "neighborhoods"})

#: What is read out of addresses and names.
_WORKED_OUT = ("rt", "rw", "neighborhood", "address_basis",
               "stated_village_code", "village_basis", "village_fault")  # fmt: skip


def state_villages(
    listed: AgencyList,
    gazetteer: pd.DataFrame,
    *,
    code_system: CodeSystem | None,
    crosswalk: Crosswalk | None = None,
    area_code: str = "",
) -> AgencyList:
    """Find the stated village of each record, and RT and RW in its address.

    Families get ``address_basis`` too, see `addresses.parse_addresses`.

    A village code that leads nowhere is set aside: ``E-VILLAGE-CODE`` if nobody knows it,
    ``E-OUT`` if it is of another province, ``E-VILLAGE-SPLIT`` if its village has become
    several; but for the last, the record keeps the village of its names, or none. Where code
    and names mean two villages the code stands.

    Parameters
    ----------
    listed
        A list of any role; those without places come back as they are, but for what a
        corrected address of a visit says of RT, RW and lingkungan.
    gazetteer
        Of the province, see `gazetteer.read_gazetteer`.
    code_system
        As declared, see `codes.find_stated_villages`.
    crosswalk
        Spellings, decisions and changes; those that we ship by default.
    area_code
        The area of the run: rows of other places are counted by regency.

    Raises
    ------
    DataRefusedError
        If the codes are another system's than declared, see `codes.find_stated_villages`.
    """
    if listed.profile.role == "visits" and "address" in listed.report.columns:
        return replace(listed, table=parse_addresses(listed.table))
    if listed.profile.role not in ROLES_WITH_PLACES:
        return listed
    stated = find_stated_villages(
        _with_villages_of_sls(listed.table)
        if listed.profile.role == "neighborhoods"
        else listed.table,
        gazetteer,
        file=listed.report.file,
        code_system=code_system,
        crosswalk=crosswalk or read_crosswalk(gazetteer.index[0][:2]),
        as_of=listed.as_of,
    )
    if {"address", "rt", "rw", "neighborhood"} <= {*stated.columns}:
        stated = parse_addresses(stated)
    stated = kept(stated, {*filled(listed.table), *_WORKED_OUT})
    file = listed.report.file
    notices = [
        *notice_of_names(stated, file, listed.report.columns.get("village_name", "")),
        *notice_of_outside(stated, gazetteer, file, area_code),
        # Of a school's address nobody needs the RT.
        *(notice_of_addresses(stated, file) if {"address", "rt"} <= {*stated.columns} else ()),
        *notice_of_registered(stated, file),
    ]
    unknown = query(
        """select row, 'village_code' as "column", village_fault as code,
                if(length(village_code) <= 13, village_code, '****' || right(village_code, 4))
                    as value_masked
            from stated where starts_with(village_fault, 'E-')""",
        stated=stated,
    )
    counts = unknown.bench.execute(
        f"select code, count(*) from {unknown.name} group by 1 order by 1"
    )
    faults = listed.faults
    if counts:
        faults = query(
            'from (from faults union all by name from unknown) order by row, "column"',
            faults=faults, unknown=unknown,
        )  # fmt: skip
    report = replace(
        listed.report,
        set_aside={**listed.report.set_aside, **dict(counts)},
        notices=[*listed.report.notices, *notices],
    )
    table = stated.bench.view("select * exclude (village_fault) from stated", stated=stated)
    return replace(listed, table=table, faults=faults, report=report)


def _with_villages_of_sls(table: Table) -> Table:
    """The village of each SLS: a code of one has 14 digits, of a part of one 16."""
    return query(
        r"""select * replace (if(regexp_full_match(village_code, '(\d{14}|\d{16})'),
                left(village_code, 10), village_code) as village_code) from listed""",
        listed=table,
    )


def population_by_village(lists: Sequence[AgencyList], area_code: str) -> pd.DataFrame | None:
    """Residents and families by ``village_code``, of the population lists; None without one.

    Of several lists the latest that has the village counts: they are of one place, not parts.
    """
    counts = [
        query(
            """select stated_village_code as village_code,
                    sum(population_persons) as population_persons,
                    sum(population_families) as population_families
                from listed where starts_with(stated_village_code, $1) group by 1 order by 1""",
            [area_code + "."],
            listed=listed.table,
        ).frame()
        for listed in sorted(lists, key=lambda listed: listed.as_of)
        if listed.profile.role == "population"
    ]
    if not counts:
        return None
    return pd.concat(counts).groupby("village_code").last().astype("Int64")
