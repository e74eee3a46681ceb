"""Faulty points back into the reports of the lists that they came from."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from geo_target.errors import Fault
from geo_target.intake.lists import AgencyList
from geo_target.workbench import Table, query

_NOTICES = {
    "W-POINT-SWAPPED": (
        "{n} titik tertukar lintang dan bujurnya, mulai baris ini; dibalik karena lalu jatuh di "
        "desa/kelurahan yang tertulis; perbaiki di berkas asal",
        "{n} points have latitude and longitude swapped, from this row on; turned round, since "
        "they then lie in the village that is stated; mend the source",
    ),
    "W-STACK": (
        "{n} keluarga berada di titik yang dipakai lebih dari 5 keluarga, mulai baris ini; "
        "periksa apakah itu titik kantor, bukan rumah",
        "{n} families are on points that more than 5 families share, from this row on; look "
        "whether that is an office and not their home",
    ),
}


def report_points(lists: Sequence[AgencyList], faulty: Table) -> list[AgencyList]:
    """Add what was found of points to the reports of their lists.

    Parameters
    ----------
    lists
        All lists of the run.
    faulty
        ``family_id``, ``point_list`` (place in `lists`), ``point_row``, ``code``, see
        `settling.Located`; list and row are null where the family's own row has the point.

    Returns
    -------
    list
        `lists` in their order. Points that are not used are set-aside cells of column lon;
        of the others a notice says how many, and the first row. No row is lost or doubled.
    """
    if not len(faulty):
        return list(lists)
    return [_reported(listed, number, faulty) for number, listed in enumerate(lists)]


def _reported(listed: AgencyList, number: int, faulty: Table) -> AgencyList:
    role = listed.profile.role
    if role not in {"families", "points", "visits"} or "lon" not in listed.table.columns:
        return listed
    found = query(
        # A visit may name its family by the id of any of its rows.
        f"""select row, code from listed join faulty
                on {"true" if role == "visits" else "listed.family_id = faulty.family_id"}
            where listed.lon is not null and if($1 = 'families', point_list is null,
                point_list = $2 and point_row = row)
            order by row""",
        [role, number],
        listed=listed.table, faulty=faulty,
    )  # fmt: skip
    frame = found.frame()
    if frame.empty:
        return listed
    cells = query(
        """select row, 'lon' as "column", code, cast(null as varchar) as value_masked
            from found where starts_with(code, 'E-')""",
        found=found,
    )
    faults = query(
        'from (from faults union all by name from cells) order by row, "column"',
        faults=listed.faults, cells=cells,
    )  # fmt: skip
    counts = frame[frame["code"].str.startswith("E-")]["code"].value_counts().sort_index()
    report = replace(
        listed.report,
        set_aside={**listed.report.set_aside, **{str(c): int(n) for c, n in counts.items()}},
        notices=[*listed.report.notices, *_notices(frame, listed)],
    )
    return replace(listed, faults=faults, report=report)


def _notices(found: pd.DataFrame, listed: AgencyList) -> list[Fault]:
    report = listed.report
    return [
        Fault(
            code,
            id=words[0].format(n=len(rows)),
            en=words[1].format(n=len(rows)),
            file=report.file,
            sheet=report.sheet,
            row=int(rows.min()),
            column=report.columns.get("lon", "lon"),
        )
        for code, words in _NOTICES.items()
        if len(rows := found["row"][found["code"] == code])
    ]
