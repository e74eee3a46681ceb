"""Places of a list's records: the village each states, and residents by village."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo_target.intake.lists import AgencyList
from geo_target.places.addresses import parse_addresses
from geo_target.places.codes import CodeSystem, find_stated_villages
from geo_target.workbench import query


def state_villages(
    listed: AgencyList, gazetteer: pd.DataFrame, *, code_system: CodeSystem | None
) -> AgencyList:
    """Find the stated village of each record, and RT and RW in its address.

    A village code that nobody knows is set aside with ``E-VILLAGE-CODE``; the record keeps
    the village of its names, or none.

    Raises
    ------
    DataRefusedError
        If the codes are another system's than declared, see `codes.find_stated_villages`.
    """
    if listed.profile.role not in {"families", "population"}:
        return listed
    stated = find_stated_villages(
        listed.table, gazetteer, file=listed.report.file, code_system=code_system
    )
    unknown = query(
        """select row, 'village_code' as "column", 'E-VILLAGE-CODE' as code,
                village_code as value_masked
            from stated where village_code is not null and village_basis <> 'code'""",
        stated=stated,
    )
    if "address" in stated.columns:
        stated = parse_addresses(stated)
    if not len(unknown):
        return replace(listed, table=stated)
    faults = query(
        'from (from faults union all by name from unknown) order by row, "column"',
        faults=listed.faults, unknown=unknown,
    )  # fmt: skip
    set_aside = {**listed.report.set_aside, "E-VILLAGE-CODE": len(unknown)}
    return replace(
        listed, table=stated, faults=faults, report=replace(listed.report, set_aside=set_aside)
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
