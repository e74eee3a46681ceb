"""The books: rows and families that went in came out, at every stage and level."""

from collections.abc import Sequence

import pandas as pd

from geo_target.errors import BalanceError, Fault
from geo_target.intake.lists import AgencyList
from geo_target.registry.families import Registry
from geo_target.workbench import Table

_STATES = ["covered_families", "uncovered_families", "unmatched_families"]


def balance_rows(lists: Sequence[AgencyList]) -> dict[str, int]:
    """Rows of all lists by what became of them; a list checks its own sum when it is read."""
    names = ("rows", "accepted", "quarantined", "duplicates", "blank")
    sums = {name: sum(getattr(listed.report, name) for listed in lists) for name in names}
    set_aside = sum(sum(listed.report.set_aside.values()) for listed in lists)
    return {**sums, "set_aside": set_aside}


def balance_registers(lists: Sequence[AgencyList], registry: Registry) -> dict[str, int]:
    """Accepted rows of families: each in some family, or a family that was listed before.

    Raises
    ------
    BalanceError
        If a row of a register is in no family.
    """
    accepted = sum(listed.report.accepted for listed in lists if listed.profile.role == "families")
    named, relisted = len(registry.family_keys), registry.relisted_families
    _hold("family_keys + relisted", accepted, named + relisted)
    attached = named - len(registry.families)
    return {"register_rows": accepted, "relisted": relisted, "attached": attached}


def balance_families(families: Table, villages: pd.DataFrame) -> dict[str, int]:
    """Families by location and by village, held to their total.

    Returns
    -------
    dict
        ``total`` = ``located`` + ``unlocated`` + ``outside`` = ``in_villages`` +
        ``unplaced``.

    Raises
    ------
    BalanceError
        If a sum is broken, or the villages do not add up to the families in them.
    """
    names = ("total", "located", "unlocated", "outside", "in_villages", "unplaced")
    row = families.bench.execute(
        f"""select count(*), count(*) filter (location_status = 'located'),
            count(*) filter (location_status = 'unlocated'),
            count(*) filter (location_status = 'outside'),
            count(village_code), count(*) filter (village_code is null) from {families.name}"""
    )[0]
    counts = dict(zip(names, map(int, row), strict=True))
    _hold(
        "located + unlocated + outside",
        counts["total"],
        counts["located"] + counts["unlocated"] + counts["outside"],
    )
    _hold("in_villages + unplaced", counts["total"], counts["in_villages"] + counts["unplaced"])
    _hold("villages", counts["in_villages"], int(villages["families"].sum()))
    by_district = villages.groupby("district_code")["families"].sum()
    _hold("districts", counts["in_villages"], int(by_district.sum()))
    _hold(
        "covered + uncovered + unmatched",
        int(villages["extreme_poor_families"].sum()),
        int(villages[_STATES].to_numpy().sum()),
    )
    return counts


def _hold(what: str, whole: int, parts: int) -> None:
    if whole != parts:
        raise BalanceError(
            Fault(
                "E-BALANCE",
                id=f"jumlah keluarga tidak seimbang: {what} = {parts}, seharusnya {whole}; "
                "tidak ada yang diterbitkan; laporkan kepada pengembang",
                en=f"the families do not balance: {what} = {parts}, not {whole}; "
                "nothing is published; report it to the developers",
            )
        )
