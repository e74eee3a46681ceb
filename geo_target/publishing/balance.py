"""The books: rows and families that went in came out, at every stage and level."""

from collections.abc import Sequence

import pandas as pd

from geo_target.errors import BalanceError, Fault
from geo_target.intake.lists import AgencyList
from geo_target.registry.families import Registry
from geo_target.targeting.assessment import Assessment
from geo_target.targeting.program_states import STATES
from geo_target.workbench import Table, query

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


def balance_assessment(
    families: Table, villages: pd.DataFrame, assessment: Assessment, *, own: str
) -> None:
    """Hold the tables by village to the families themselves, village by village and in all.

    Parameters
    ----------
    families
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``.
    villages
        The village table, indexed by ``village_code``: every village of the area.
    own
        Name of the run's definition.

    Raises
    ------
    BalanceError
        If a village is missing, or a sum is broken.
    """
    counted = _by_village(query(_COUNTED, families=families))
    placed = counted.drop(index=_NOWHERE, errors="ignore")
    for name in counted.columns:
        _hold_each(name, placed[name], villages[name])
    tables = {name: _by_village(table) for name, table in assessment.by_village.items()
              if "village_code" in table.columns}  # fmt: skip
    poor, uncovered = counted["extreme_poor_families"], counted["uncovered_families"]

    programs = tables["program_villages"]
    _hold_parts(programs, [f"{state}_families" for state in STATES], "families")
    persons = tables["program_persons"]
    _hold_parts(persons, [f"{state}_persons" for state in STATES], "persons")
    for code, rows in programs.groupby("program"):
        _hold_each(f"program {code}", counted["families"], rows["families"])
        _hold_each(f"program {code}, is_poor", poor, rows[rows["is_poor"]]["families"])

    definitions = tables["definition_villages"]
    _hold_parts(definitions, _STATES, "families")
    for one, rows in definitions.groupby("definition"):
        _hold_each(f"definition {one}", poor, rows["families"])
    for state in _STATES:
        rows = definitions[definitions["definition"] == own]
        _hold_each(f"definition {own}, {state}", counted[state], rows[state])

    reasons = tables["reason_villages"]
    _hold_each("reasons", uncovered, reasons["families"])
    offices = query(
        """select reason_office as office, count(*) as families
            from profiles where reason_office is not null group by all""",
        profiles=assessment.profiles,
    ).frame().set_index("office")  # fmt: skip
    asked = reasons.groupby("office")["families"].sum()
    _hold_each("office", offices["families"], asked)

    lenses = tables["lens_villages"]
    _hold_parts(lenses, _STATES, "families")
    for lens, rows in lenses.groupby("lens"):
        _hold_each(f"lens {lens}", poor, rows["extreme_poor_families"])
    _hold_each("convergence", poor, tables["convergence_villages"]["families"])
    _hold_each("evidence", poor, tables["evidence_villages"]["families"])


#: Stands for the village of families that have none.
_NOWHERE = "-"
_COUNTED = """
    select village_code, count(*) as families,
        count(*) filter (welfare_class = 'extreme_poor') as extreme_poor_families,
        count(*) filter (welfare_class = 'extreme_poor' and coverage_state = 'covered')
            as covered_families,
        count(*) filter (welfare_class = 'extreme_poor' and coverage_state = 'uncovered')
            as uncovered_families,
        count(*) filter (welfare_class = 'extreme_poor' and coverage_state = 'unmatched')
            as unmatched_families
    from families group by village_code
"""


def _by_village(table: Table) -> pd.DataFrame:
    frame = table.frame()
    return frame.assign(village_code=frame["village_code"].fillna(_NOWHERE)).set_index(
        "village_code"
    )


def _hold_parts(rows: pd.DataFrame, parts: Sequence[str], whole: str) -> None:
    """Each row: parts add up to the whole."""
    _hold_each(" + ".join(parts), rows[whole], rows[list(parts)].sum(axis=1))


def _hold_each(what: str, whole: "pd.Series[int]", parts: "pd.Series[int]") -> None:
    """Hold sums by village, or by whatever the index is."""
    sums = [one.groupby(level=0).sum() for one in (whole, parts)]
    both = pd.concat(sums, axis=1, keys=["whole", "parts"]).fillna(0).astype("int64")
    for place, row in both[both["whole"] != both["parts"]].iterrows():
        _hold(f"{what} ({place})", row["whole"], row["parts"])


def balance_villages(area: Sequence[str], villages: pd.DataFrame) -> None:
    """Hold the village table to the villages of the area: none is missing, none is twice.

    Raises
    ------
    BalanceError
        If it has others.
    """
    _hold_each("villages", pd.Series(1, index=list(area)), pd.Series(1, index=list(villages.index)))


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
