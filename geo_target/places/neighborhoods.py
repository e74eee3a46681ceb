"""RT and RW that families state, against a list of the RT that a village has."""

from collections.abc import Sequence
from dataclasses import replace

from geo_target.errors import Fault
from geo_target.intake.lists import AgencyList
from geo_target.workbench import Table, query


def remark_neighborhoods(lists: Sequence[AgencyList]) -> list[AgencyList]:
    """The lists in their order; those of families say how many state an RT that there is not.

    Parameters
    ----------
    lists
        Of any role, their villages found. Those of role neighborhoods are the RT that there
        are; without one, and of villages that none of them has, nothing is said.
    """
    known = [listed.table for listed in lists if listed.profile.role == "neighborhoods"]
    if not known:
        return list(lists)
    there = _union(known)
    return [
        _remarked(listed, there) if listed.profile.role == "families" else listed
        for listed in lists
    ]


def notice_of_neighborhoods(stated: Table, there: Table, file: str) -> list[Fault]:
    """Families whose RW, or RT of an RW, is not in the list (``W-NEIGHBORHOOD``).

    Parameters
    ----------
    stated
        ``row``, ``stated_village_code``, ``rw``, ``rt``; a family without an RW states none.
    there
        ``stated_village_code``, ``rw``, ``rt`` of every RT that there is.
    """
    strangers = query(
        """select row from stated
            where rw is not null
                and stated_village_code in (select stated_village_code from there)
                and not exists (from there
                    where there.stated_village_code = stated.stated_village_code
                        and there.rw = stated.rw
                        and (stated.rt is null or there.rt = stated.rt))""",
        stated=stated,
        there=there,
    )
    rows, first = strangers.bench.execute(f"select count(*), min(row) from {strangers.name}")[0]
    if not rows:
        return []
    return [
        Fault(
            "W-NEIGHBORHOOD",
            id=f"{rows} keluarga, mulai baris ini, menyebut RT/RW yang tidak ada di tabel KK per "
            "RT; periksa alamatnya, atau lengkapi tabel itu",
            en=f"{rows} families, from this row on, state an RT/RW that the list of families by RT "
            "does not have; look at their address, or complete that list",
            file=file,
            row=first,
        )
    ]


def _remarked(listed: AgencyList, there: Table) -> AgencyList:
    notices = notice_of_neighborhoods(listed.table, there, listed.report.file)
    report = replace(listed.report, notices=[*listed.report.notices, *notices])
    return replace(listed, report=report)


def _union(tables: Sequence[Table]) -> Table:
    parts = {f"part_{i}": table for i, table in enumerate(tables)}
    columns = "select stated_village_code, rw, rt"
    return query(" union all ".join(f"{columns} from {name}" for name in parts), **parts)
