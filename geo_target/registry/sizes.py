"""Sizes that families state, against the members that the same register lists."""

from collections.abc import Sequence
from dataclasses import replace

from geo_target.errors import Fault
from geo_target.intake.lists import AgencyList
from geo_target.workbench import Table


def remark_sizes(lists: Sequence[AgencyList]) -> list[AgencyList]:
    """The lists in their order; those of families say how many state another size.

    The larger of the two counts, see `families`: a list of members may be cut, a stated size
    old. Families of whom no member is listed are not judged.

    Parameters
    ----------
    lists
        Of any role. Members belong to a family of their register by its id, else by a KK
        number that one family has.
    """
    return [
        _remarked(listed, _members(listed, lists)) if listed.profile.role == "families" else listed
        for listed in lists
    ]


def _members(families: AgencyList, lists: Sequence[AgencyList]) -> list[Table]:
    return [
        listed.table
        for listed in lists
        if listed.profile.role == "persons"
        and listed.profile.register_name == families.profile.register_name
    ]


def _remarked(listed: AgencyList, members: Sequence[Table]) -> AgencyList:
    if not members:
        return listed
    parts = {f"part_{i}": table for i, table in enumerate(members)}
    columns = "select family_id, family_card_number, national_id, person_id"
    both = " union ".join(f"{columns} from {name}" for name in parts)
    persons = listed.table.bench.view(both, **parts)
    rows, first = _strangers(listed.table, persons)
    if not rows:
        return listed
    notices = [*listed.report.notices, _notice(listed.report.file, rows, first)]
    return replace(listed, report=replace(listed.report, notices=notices))


def _strangers(families: Table, persons: Table) -> tuple[int, int]:
    """How many families state another size than they list, and the first row of one."""
    found: tuple[int, int] = families.bench.execute(
        f"""with by_id as (
                select family_id, count(*) as listed from {persons.name}
                where family_id is not null group by 1
            ), by_card as (
                select family_card_number, count(*) as listed from {persons.name}
                where family_id is null and family_card_number is not null group by 1
            ), one_card as (
                select family_card_number from {families.name}
                where family_card_number is not null group by 1 having count(*) = 1
            )
            select count(*), min(row) from {families.name} families
            left join by_id using (family_id)
            left join (from by_card semi join one_card using (family_card_number)) by_card
                using (family_card_number)
            where families.members <> coalesce(by_id.listed, by_card.listed)"""
    )[0]
    return found


def _notice(file: str, rows: int, first: int) -> Fault:
    return Fault(
        "W-MEMBERS",
        id=f"{rows} keluarga, mulai baris ini, menyebut jumlah anggota yang berbeda dari anggota "
        "yang terdaftar; yang lebih besar dipakai; periksa apakah daftar anggotanya lengkap",
        en=f"{rows} families, from this row on, state another number of members than are listed; "
        "the larger is used; look whether the list of members is whole",
        file=file,
        row=first,
        column="members",
    )
