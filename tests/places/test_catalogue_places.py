"""The catalogue of bad inputs, places (entries 79 to 100): what becomes of each, and of its row.

Rows are numbered as a spreadsheet shows them. A fault sets aside a cell; the row stays, so the
books read accepted for every row here but those that hold nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from geopandas import GeoDataFrame

from geo_target.errors import DataRefusedError
from geo_target.intake.lists import AgencyList, IntakeReport, read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.crosswalk import CHANGE_COLUMNS, Crosswalk, read_crosswalk
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.point_reports import report_points
from geo_target.places.records import state_villages
from geo_target.places.settling import locate_families
from geo_target.places.suggestions import suggest_villages
from geo_target.workbench import Workbench
from tests.builders import point_at, row_of_villages, rows_by, table, write_csv

AS_OF = date(2025, 9, 1)
CIPARE, SUKAWANA = "36.73.01.1002", "36.73.04.1007"
HEAD = "family_id | village_code | kabupaten | kecamatan | kelurahan | rt | rw | address\n"


def placed(
    bench: Workbench,
    file: Path,
    lines: Sequence[str],
    crosswalk: Crosswalk | None = None,
    as_of: date = AS_OF,
) -> AgencyList:
    """A list of families (code, regency, district, village, ...), their villages found."""
    rows = "\n".join(f"K{number} | {line}" for number, line in enumerate(lines, start=1))
    columns = HEAD.count("|")
    padded = "\n".join(row + " |" * (columns - row.count("|")) for row in rows.splitlines())
    write_csv(file, HEAD + padded)
    listed = read_list(bench, file, profile=profile_named("families"), as_of=as_of)
    found = state_villages(
        listed, read_gazetteer("36"), code_system=None, crosswalk=crosswalk, area_code="36.73"
    )
    assert_balanced(found.report, len(lines))
    return found


def assert_balanced(report: IntakeReport, rows: int) -> None:
    out = report.accepted + report.quarantined + report.duplicates + report.blank
    assert (report.rows, report.accepted) == (out, rows)


def villages(listed: AgencyList) -> list[str | None]:
    return [row["stated_village_code"] for row in sorted(listed.table.rows(), key=_row)]


def _row(row: dict[str, int]) -> int:
    return row["row"]


def cells(listed: AgencyList) -> list[tuple[int, str, str]]:
    return [(row["row"], row["column"], row["code"]) for row in listed.faults.rows()]


def notices(listed: AgencyList) -> dict[str, int | None]:
    return {n.code: n.row for n in listed.report.notices if n.code != "W-ADDRESS"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "daftar.csv"


# ------------------------------------------------------------------------- codes and names


def test_079_codes_of_the_other_system_refuse_the_file(bench: Workbench, file: Path) -> None:
    gazetteer = read_gazetteer("36")
    bps = gazetteer.loc["36.73.01.1001":"36.73.01.1012", "bps_village_code"]
    lines = [f"K{number} | {code} | | | | | |" for number, code in enumerate(bps)]
    write_csv(file, HEAD + "\n".join(lines))
    listed = read_list(bench, file, profile=profile_named("families"), as_of=AS_OF)
    with pytest.raises(DataRefusedError) as caught:
        state_villages(listed, gazetteer, code_system="kemendagri")
    assert [fault.code for fault in caught.value.faults] == ["E-CODE-SYSTEM"]
    assert "Kemendagri 0, BPS 12" in caught.value.text("en")


def test_080_dots_or_none_are_the_same(bench: Workbench, file: Path) -> None:
    found = placed(bench, file, [CIPARE, CIPARE.replace(".", "")])
    assert villages(found) == [CIPARE, CIPARE]
    assert cells(found) == []


def test_081_a_code_stays_text(bench: Workbench, file: Path) -> None:
    # 36.10 read as a number would be 36.1: here it is what was written, and no village.
    found = placed(bench, file, [CIPARE] * 25 + ["36.10"])
    assert villages(found) == [CIPARE] * 25 + [None]
    assert cells(found) == [(27, "village_code", "E-VILLAGE-CODE")]


def test_082_a_number_cell_is_the_same_code(bench: Workbench, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "daftar.xlsx")
    sheet = book.add_worksheet()
    for number, row in enumerate([("family_id", "village_code"), ("K1", 3673011002)]):
        sheet.write_row(number, 0, row)
    book.close()
    listed = read_list(
        bench, tmp_path / "daftar.xlsx", profile=profile_named("families"), as_of=AS_OF
    )
    found = state_villages(listed, read_gazetteer("36"), code_system=None)
    assert villages(found) == [CIPARE]
    assert villages(placed(bench, tmp_path / "a.csv", ["3673011002.0"])) == [CIPARE]


@pytest.mark.parametrize(
    ("name", "village"),
    [
        ("Kel. Cipare", CIPARE), ("CIPARE ", CIPARE), ("Ciparé", CIPARE), ("Desa Cipare", CIPARE),
        # a kampung is a part of a village, and its name may be another's: a person decides
        ("Kp. Cipare", None), ("Ciapre", None),
    ],
)  # fmt: skip
def test_084_a_spelling_joins_or_waits_for_a_person(
    bench: Workbench, file: Path, name: str, village: str | None
) -> None:
    found = placed(bench, file, [f" | Kota Serang | Serang | {name}"])
    assert villages(found) == [village]
    suggested = suggest_villages([found], read_gazetteer("36"))
    assert [(s["rows"], s["village_name"], s["code_1"]) for s in suggested] == (
        [] if village else [(1, name, CIPARE)]
    )


def test_084_every_spelling_of_the_real_crosswalk_joins(bench: Workbench, file: Path) -> None:
    aliases = read_crosswalk("36").aliases
    lines = [f" | {a.regency_name} | {a.district_name} | {a.village_name}"
             for a in aliases.itertuples()]  # fmt: skip
    assert villages(placed(bench, file, lines)) == aliases["village_code"].tolist()
    assert len(aliases[aliases["district_name"] != "Grogol"]) == 43


def test_085_a_name_of_two_districts_needs_its_district(bench: Workbench, file: Path) -> None:
    found = placed(
        bench, file, [" | Kota Serang | Curug | Sukawana", " | Kota Serang | | Sukawana"]
    )
    assert villages(found) == [SUKAWANA, None]
    suggested = suggest_villages([found], read_gazetteer("36"))[0]
    assert {suggested["code_1"], suggested["code_2"]} == {SUKAWANA, "36.73.01.1008"}


def test_085_a_name_of_two_regencies_needs_its_regency(bench: Workbench, file: Path) -> None:
    # The same district and village name twice in the province: only the regency tells them apart.
    gazetteer = read_gazetteer("36")
    names = ["district_name", "village_name"]
    twins = gazetteer[gazetteer.duplicated(names, keep=False)].sort_values(names)
    assert len(twins) >= 2
    lines = [f" | | {one.district_name} | {one.village_name}" for one in twins.itertuples()]
    assert villages(placed(bench, file, lines)) == [None] * len(twins)
    told = [f" | {one.regency_name} | {one.district_name} | {one.village_name}"
            for one in twins.itertuples()]  # fmt: skip
    assert villages(placed(bench, file, told)) == twins.index.tolist()


def changed(*rows: str) -> Crosswalk:
    """Changes: old code, its name, last day, successor."""
    parts = [row.split() for row in rows]
    frame = pd.DataFrame(
        [(old, "", "Kota Serang", "Serang", name, "", last, new) for old, name, last, new in parts],
        columns=list(CHANGE_COLUMNS),
    )
    return Crosswalk(changes=frame)


OLD = "36.73.01.1099"


def test_086_an_ended_code_leads_to_its_one_successor(bench: Workbench, file: Path) -> None:
    known = changed(f"{OLD} Lama 2025-12-31 {CIPARE}")
    lines = [OLD, OLD, CIPARE, " | Kota Serang | Serang | Lama"]
    for as_of in (AS_OF, date(2026, 5, 1)):  # of an old list, and of one that uses old codes
        found = placed(bench, file, lines, known, as_of)
        assert villages(found) == [CIPARE] * 4  # the parent had four families, and has four
        assert cells(found) == []


def test_086_a_change_of_a_change_is_followed(bench: Workbench, file: Path) -> None:
    known = changed(f"{OLD} Lama 2020-12-31 36.73.01.1098",
                    f"36.73.01.1098 Antara 2023-12-31 {CIPARE}")  # fmt: skip
    assert villages(placed(bench, file, [OLD, CIPARE], known)) == [CIPARE, CIPARE]


def test_086_the_code_of_a_split_village_is_set_aside(bench: Workbench, file: Path) -> None:
    known = changed(f"{OLD} Lama 2025-12-31 {CIPARE}", f"{OLD} Lama 2025-12-31 {SUKAWANA}")
    found = placed(bench, file, [CIPARE, f"{OLD} | Kota Serang | Serang | Cipare"], known)
    assert villages(found) == [CIPARE, None]
    assert cells(found) == [(3, "village_code", "E-VILLAGE-SPLIT")]


def test_086_a_parent_that_keeps_its_code_is_doubtful_in_older_lists(
    bench: Workbench, file: Path
) -> None:
    known = changed(
        f"{CIPARE} Cipare 2025-12-31 {CIPARE}", f"{CIPARE} Cipare 2025-12-31 {SUKAWANA}"
    )
    assert villages(placed(bench, file, [CIPARE, SUKAWANA], known)) == [None, SUKAWANA]
    newer = placed(bench, file, [CIPARE, SUKAWANA], known, date(2026, 1, 1))
    assert villages(newer) == [CIPARE, SUKAWANA]


def test_087_a_village_that_moved_is_found_where_it_is(bench: Workbench, file: Path) -> None:
    # Cikaratuan went from Cijaku to Cigemblong in 2026.
    lines = ["36.02.16.2018", " | Kabupaten Lebak | Cijaku | Cikaratuan"]
    assert villages(placed(bench, file, lines)) == ["36.02.28.2009"] * 2


def test_088_places_outside_are_counted_by_regency(bench: Workbench, file: Path) -> None:
    # Another regency of the province is known, and counts in no village of the area; of
    # another province only the code is set aside, the family stays.
    found = placed(bench, file, [CIPARE, "36.04.05.2001", "36.04.05.2002", "32.01.01.1001"])
    assert villages(found) == [CIPARE, "36.04.05.2001", "36.04.05.2002", None]
    assert cells(found) == [(5, "village_code", "E-OUT")]
    outside = next(n for n in found.report.notices if n.code == "W-OUTSIDE")
    assert "Kabupaten Serang 2" in outside.en


def test_089_the_code_stands_where_the_name_differs(bench: Workbench, file: Path) -> None:
    found = placed(
        bench, file, [CIPARE, f"{CIPARE} | Kota Serang | Curug | Sukawana",
                      f"{CIPARE} | Kota Serang | Serang | Cipare"]
    )  # fmt: skip
    assert villages(found) == [CIPARE] * 3
    assert notices(found) == {"W-VILLAGE-NAME": 3}
    assert cells(found) == []


@pytest.mark.parametrize(
    ("written", "found", "faults"),
    [
        ("5 | 2 |", ("005", "002"), []),
        ("005 | 002 |", ("005", "002"), []),
        (" | | Lk. Sukajaya RT 005/002", ("005", "002"), []),
        (" | | RT 5 RW 2", ("005", "002"), []),
        ("005/002 | |", ("005", "002"), []),
        ("5/2 | 002 |", ("005", "002"), []),
        ("5 / 2 | 5 / 2 |", ("005", "002"), []),
        (" | 005/002 |", ("005", "002"), []),
        ("RT.005/RW.002 | |", ("005", "002"), []),
        ("RT 5 RW 2 | |", ("005", "002"), []),
        # both columns of their own say otherwise: nobody knows which of the two is meant
        ("005/002 | 003 |", (None, "003"), [(2, "rt", "E-RTRW")]),
        ("005-002 | |", (None, None), [(2, "rt", "E-RTRW")]),
        ("000 | - |", (None, None), []),
        ("000/000 | |", (None, None), []),
        ("05-Feb | |", (None, None), [(2, "rt", "E-RTRW")]),
        ("05-Feb | | RT 5/2", ("005", "002"), [(2, "rt", "E-RTRW")]),
    ],
)
def test_090_rt_and_rw(
    bench: Workbench,
    file: Path,
    written: str,
    found: tuple[str | None, str | None],
    faults: list[tuple[int, str, str]],
) -> None:
    listed = placed(bench, file, [f"{CIPARE} | | | | {written}"])
    (row,) = listed.table.rows()
    assert (row["rt"], row["rw"]) == found
    assert [(r, listed.report.columns.get(c, c), code) for r, c, code in cells(listed)] == faults


def test_090_one_column_of_both(bench: Workbench, file: Path) -> None:
    cells = ["005/002", "5/2", "RT 005 / RW 002", "RT/RW 005/002", "", "-", "5", "05-Feb"]
    rows = [f"K{number} | {CIPARE} | {cell} |" for number, cell in enumerate(cells)]
    write_csv(file, "\n".join(["family_id | village_code | RT/RW | x", *rows]))
    listed = read_list(bench, file, profile=profile_named("families"), as_of=AS_OF)
    assert_balanced(listed.report, len(cells))
    found = [(r["rt"], r["rw"]) for r in sorted(listed.table.rows(), key=_row)]
    assert found == [("005", "002")] * 4 + [(None, None)] * 4
    # one number alone may be either
    assert listed.report.columns["rt_rw"] == "RT/RW"
    assert [(r["row"], r["column"], r["code"]) for r in listed.faults.rows()] == [
        (8, "rt_rw", "E-RTRW"), (9, "rt_rw", "E-RTRW")]  # fmt: skip


def test_090_what_a_column_of_its_own_says_stands(bench: Workbench, file: Path) -> None:
    text = f"family_id | village_code | RT/RW | RT\nK1 | {CIPARE} | 005/002 | 5\n"
    write_csv(file, text + f"K2 | {CIPARE} | 005/002 | 7\nK3 | {CIPARE} | | 7")
    listed = read_list(bench, file, profile=profile_named("families"), as_of=AS_OF)
    assert_balanced(listed.report, 3)
    found = [(r["rt"], r["rw"]) for r in sorted(listed.table.rows(), key=_row)]
    assert found == [("005", "002"), ("007", None), ("007", None)]
    assert cells(listed) == [(3, "rt_rw", "E-RTRW")]


# ---------------------------------------------------------------------------------- points

VILLAGES = row_of_villages("A", "B")
LON, LAT = point_at(500, 500)


@dataclass(frozen=True)
class Located:
    status: dict[str, str]
    village: dict[str, str | None]
    """Where the point lies."""
    counted: dict[str, tuple[str | None, float | None]]
    """The village that the family counts in, and how far from it the point is, in meters."""
    listed: AgencyList


def located(
    bench: Workbench,
    file: Path,
    *points: tuple[object, object],
    stated: str = "A",
    layer: GeoDataFrame = VILLAGES,
) -> Located:
    """Families F1, F2, ... that state a village, and a list of points for them."""
    lines = [f"F{n} | {lon} | {lat}" for n, (lon, lat) in enumerate(points, start=1)]
    listed = read_list(
        bench,
        write_csv(file, "\n".join(["family_id | lon | lat", *lines])),
        profile=profile_named("points"),
        as_of=AS_OF,
    )
    rows = "\n".join(f"F{n} {stated} code - - - - -" for n in range(1, len(points) + 1))
    head = "family_id stated_village_code village_basis rt rw neighborhood lon lat\n"
    families = table(bench, head + rows, {"lon": "double", "lat": "double"})
    result = locate_families(families, [listed], layer, usable=True)
    (reported,) = report_points([listed], result.faulty_points)
    assert len(result.families) == len(points)
    out = reported.report
    assert out.rows == out.accepted + out.quarantined + out.duplicates + out.blank
    return Located(
        rows_by(result.families, "family_id", "location_status"),
        rows_by(result.families, "family_id", "point_village_code"),
        {
            row["family_id"]: (row["village_code"], row["location_distance_m"])
            for row in result.families.rows()
        },
        reported,
    )


@pytest.mark.parametrize(
    ("point", "stated", "status", "codes"),
    [
        ((LAT, LON), "A", "located", {"W-POINT-SWAPPED": 2}),  # 91
        ((LAT, LON), "B", "outside", [(2, "lon", "E-POINT-AXES")]),  # 91
        ((LAT, LON), "-", "outside", [(2, "lon", "E-POINT-AXES")]),  # 91
        ((LON, -LAT), "A", "outside", [(2, "lon", "E-POINT-MINUS")]),  # 92
        ((LON + 6, LAT), "A", "outside", [(2, "lon", "E-POINT-ZONE")]),  # 94
        ((LON - 6, LAT), "B", "outside", [(2, "lon", "E-POINT-ZONE")]),  # 94
        ((0, 0), "A", "unlocated", [(2, "lon", "E-POINT-ZERO")]),  # 97
        # a point far off without such a sign is counted as outside, and nothing is guessed
        ((110.5, -7.5), "A", "outside", []),  # 100
    ],
)
def test_091_092_094_097_a_wrong_point(  # noqa: PLR0917
    bench: Workbench,
    file: Path,
    point: tuple[float, float],
    stated: str,
    status: str,
    codes: object,
) -> None:
    found = located(bench, file, point, stated=stated)
    assert found.status == {"F1": status}
    assert (cells(found.listed) or notices(found.listed) or []) == codes


def test_091_a_swapped_point_is_shown_where_it_is(bench: Workbench, file: Path) -> None:
    assert located(bench, file, (LAT, LON), (LON, LAT)).village == {"F1": "A", "F2": "A"}


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        ("622000", "9322000", "E-COORDINATE-UTM"),
        ("NaN", "-6.1", "E-COORDINATE"),
        ("inf", "-6.1", "E-COORDINATE"),
    ],
)
def test_093_097_what_is_no_degree_is_set_aside(
    bench: Workbench, file: Path, lon: str, lat: str, code: str
) -> None:
    found = located(bench, file, (lon, lat))
    assert found.status == {"F1": "unlocated"}
    assert (2, "lon", code) in cells(found.listed)


def test_097_a_family_without_a_point_counts_by_its_village(bench: Workbench, file: Path) -> None:
    assert located(bench, file, ("", "")).status == {"F1": "unlocated"}


def dms(degrees: float, positive: str, negative: str) -> str:
    seconds = round(abs(degrees) * 36_000)
    whole, rest = divmod(seconds, 36_000)
    return (
        f"{whole}°{rest // 600:02d}'{rest % 600 / 10:.1f}\"{positive if degrees > 0 else negative}"
    )


@pytest.mark.parametrize(
    ("number", "lon", "lat"),
    [
        (95, f"{LON:.6f}".replace(".", ","), f"{LAT:.6f}".replace(".", ",")),
        (95, dms(LON, "E", "W"), dms(LAT, "N", "S")),
        (96, "", f"{LAT:.6f}, {LON:.6f}"),
        (96, f"{LON:.6f} {LAT:.6f}", ""),
    ],
)
def test_095_096_other_ways_to_write_a_point(
    bench: Workbench, file: Path, number: int, lon: str, lat: str
) -> None:
    assert located(bench, file, (lon, lat)).village == {"F1": "A"}


@pytest.mark.parametrize(("families", "code"), [(5, {}), (6, {"W-STACK": 2})])
def test_098_many_families_on_one_point_are_flagged(
    bench: Workbench, file: Path, families: int, code: dict[str, int]
) -> None:
    found = located(bench, file, *[(LON, LAT)] * families)
    assert set(found.status.values()) == {"located"}
    assert notices(found.listed) == code
    assert cells(found.listed) == []


def test_099_the_statement_stands_against_the_point(bench: Workbench, file: Path) -> None:
    found = located(bench, file, point_at(1_500, 500), point_at(500, 500))
    assert found.village == {"F1": "B", "F2": "A"}
    assert found.status == {"F1": "located", "F2": "located"}
    village, meters = found.counted["F1"]
    assert village == "A"
    assert meters == pytest.approx(500, abs=2)
    assert found.counted["F2"] == ("A", None)


def test_100_a_point_is_in_one_village_or_in_none(bench: Workbench, file: Path) -> None:
    # A gap or an overlap is no matter of points: a layer with one is refused or repaired.
    west, south, east, _ = VILLAGES.geometry["B"].bounds
    corner = VILLAGES.geometry["A"].intersection(VILLAGES.geometry["B"])
    lon, lat = corner.coords[0]
    edge = located(bench, file, (repr(lon), repr(lat)), (repr(west), south - 1), (east + 1, south))
    assert edge.village == {"F1": "A", "F2": None, "F3": None}
    assert edge.status == {"F1": "located", "F2": "outside", "F3": "outside"}


def test_091_the_point_of_a_familys_own_row_is_named_by_that_row(
    bench: Workbench, file: Path
) -> None:
    lines = [
        "family_id | kecamatan | kelurahan | lon | lat",
        f"F1 | Serang | Cipare | {LON} | {LAT}",
        f"F2 | Serang | Cipare | {LON} | {-LAT}",
    ]
    listed = read_list(
        bench, write_csv(file, "\n".join(lines)), profile=profile_named("families"), as_of=AS_OF
    )
    head = "family_id stated_village_code village_basis rt rw neighborhood lon lat\n"
    rows = f"F1 A code - - - {LON} {LAT}\nF2 A code - - - {LON} {-LAT}"
    families = table(bench, head + rows, {"lon": "double", "lat": "double"})
    result = locate_families(families, [listed], VILLAGES, usable=True)
    (reported,) = report_points([listed], result.faulty_points)
    assert cells(reported) == [(3, "lon", "E-POINT-MINUS")]
    assert reported.report.set_aside == {"E-POINT-MINUS": 1}


def test_the_share_of_readable_addresses_is_reported(bench: Workbench, file: Path) -> None:
    addresses = ["Lk. Sukajaya RT 1 RW 2", "RW 3", "Jl. Ciwaru", ""]
    found = placed(bench, file, [f"{CIPARE} | | | | | | {text}" for text in addresses])
    (notice,) = [n for n in found.report.notices if n.code == "W-ADDRESS"]
    assert notice.en.startswith(
        "of 3 addresses RT is readable in 33 %, RW in 67 %, lingkungan in 33 %"
    )
