"""Families by RT: what it says of the RT that families state, and whom it never names."""

from datetime import date
from pathlib import Path

import geopandas
import pytest
from shapely import box

from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.quarantine import quarantine_csv
from geo_target.places.gazetteer import read_gazetteer
from geo_target.places.neighborhoods import remark_neighborhoods
from geo_target.places.records import state_villages
from geo_target.schemas import NEIGHBORHOODS
from geo_target.workbench import Workbench
from tests.builders import write_csv

RT_TABLE = """kecamatan | kelurahan | rw | rt | nama ketua rt | jumlah kk
Serang | Cipare | 1 | 1 | CANARY000001X | 60
Serang | Cipare | 1 | 2 | CANARY000002X | 1.050
Serang | Cipare | 2 | 1 | CANARY000003X | 70
Serang | Cipare | 2 | x | CANARY000004X | banyak"""
FAMILIES = "family_id | kecamatan | kelurahan | rw | rt | alamat"


def listed_as(bench: Workbench, file: Path, text: str) -> AgencyList:
    listed = read_list(bench, write_csv(file, text), profile=None, as_of=date(2025, 9, 1))
    return state_villages(listed, read_gazetteer("36"), code_system=None)


def rt_table(bench: Workbench, folder: Path) -> AgencyList:
    return listed_as(bench, folder / "rt.csv", RT_TABLE)


def test_the_list_is_known_by_its_headers_and_read(bench: Workbench, tmp_path: Path) -> None:
    listed = rt_table(bench, tmp_path)
    assert listed.profile.name == "neighborhoods"
    assert sorted((r["rw"], r["rt"] or "", r["families"]) for r in listed.table.rows()) == [
        ("001", "001", 60), ("001", "002", 1050), ("002", "", None), ("002", "001", 70),
    ]  # fmt: skip
    assert {r["stated_village_code"] for r in listed.table.rows()} == {"36.73.01.1002"}
    assert listed.report.set_aside == {"E-RTRW": 1, "E-WHOLE": 1}


def test_who_leads_an_rt_is_in_nothing_that_is_kept(bench: Workbench, tmp_path: Path) -> None:
    listed = rt_table(bench, tmp_path)
    (remarked,) = remark_neighborhoods([listed])
    _, quarantine = quarantine_csv([remarked])
    kept = [remarked.table.rows(), remarked.faults.rows(), remarked.report, quarantine]
    assert "CANARY" not in " ".join(map(str, kept))
    assert "nama ketua rt" in listed.report.ignored
    assert not [name for name in NEIGHBORHOODS.names if "name" in name and not name.startswith(
        ("regency", "district", "village"))]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "is_strange"),
    [
        ("Serang | Cipare | 1 | 2 | ", False),
        ("Serang | Cipare | | | RT 1 RW 2", False),
        ("Serang | Cipare | 1 | | ", False),
        ("Serang | Cipare | | 7 | ", False),  # an RT of no RW is none in particular
        ("Serang | Cipare | 1 | 3 | ", True),
        ("Serang | Cipare | | | Kp. Baru RT 02 RW 02", True),
        ("Serang | Cipare | 9 | | ", True),
        ("Serang | Kagungan | 9 | 9 | ", False),  # the list has no RT of this village
        ("Serang | Entah | 9 | 9 | ", False),
    ],
)
def test_families_of_an_rt_that_there_is_not_are_counted(
    bench: Workbench, tmp_path: Path, *, place: str, is_strange: bool
) -> None:
    families = listed_as(bench, tmp_path / "families.csv", f"{FAMILIES}\nK1 | {place}")
    before = [notice.code for notice in families.report.notices]
    remarked, table = remark_neighborhoods([families, rt_table(bench, tmp_path)])
    more = remarked.report.notices[len(before) :]
    assert [(n.code, n.file, n.row) for n in more] == (
        [("W-NEIGHBORHOOD", "families.csv", 2)] if is_strange else []
    )
    assert table.profile.role == "neighborhoods"


def test_the_layer_of_sls_says_which_rt_there_are(bench: Workbench, tmp_path: Path) -> None:
    """Its table: the village in the code, RT and RW in the name; no leader is read."""
    village = str(read_gazetteer("36").loc["36.73.01.1002", "bps_village_code"])
    sls = geopandas.GeoDataFrame(
        {
            "idsls": [f"{village}0001", f"{village}0002", f"{village}9999"],
            "nmsls": ["RT 001 RW 003 LINGKUNGAN KEPANDEAN", "RT 02/03", "PERUMAHAN"],
            "ketua_sls": ["CANARY000001X", "CANARY000002X", "CANARY000003X"],
        },
        geometry=[box(106.1 + i, -6.1, 106.2 + i, -6.0) for i in range(3)],
        crs=4326,
    )
    sls.to_file(tmp_path / "sls.gpkg")
    listed = read_list(bench, tmp_path / "sls.gpkg", profile=None, as_of=date(2025, 9, 1))
    there = state_villages(
        listed, read_gazetteer("36"), code_system=listed.profile.code_system
    )  # fmt: skip
    assert there.profile.name == "sls"
    found = [(r["stated_village_code"], r["rw"], r["rt"], r["neighborhood"])
             for r in sorted(there.table.rows(), key=lambda row: row["row"])]  # fmt: skip
    assert found == [
        ("36.73.01.1002", "003", "001", "KEPANDEAN"), ("36.73.01.1002", "003", "002", None),
        ("36.73.01.1002", None, None, None),
    ]  # fmt: skip
    assert "CANARY" not in str(there.table.rows())
    families = listed_as(
        bench, tmp_path / "families.csv",
        f"{FAMILIES}\nK1 | Serang | Cipare | 3 | 2 | \nK2 | Serang | Cipare | 4 | 1 | ",
    )  # fmt: skip
    remarked, _ = remark_neighborhoods([families, there])
    assert remarked.report.notices[-1].code == "W-NEIGHBORHOOD"
    assert remarked.report.notices[-1].row == 3


def test_without_such_a_list_nothing_is_said(bench: Workbench, tmp_path: Path) -> None:
    text = f"{FAMILIES}\nK1 | Serang | Cipare | 9 | 9 | "
    families = listed_as(bench, tmp_path / "families.csv", text)
    assert remark_neighborhoods([families]) == [families]


def test_a_part_of_an_sls_lies_in_its_village_too(bench: Workbench, tmp_path: Path) -> None:
    """The code of an SLS has 14 digits, of a part of one 16: the village is the first ten."""
    bps = str(read_gazetteer("36").loc["36.73.01.1002", "bps_village_code"])
    for header, code in (("idsls", bps + "0001"), ("idsubsls", bps + "0001" + "00")):
        listed = listed_as(
            bench, tmp_path / f"{header}.csv", f"{header} | nmsls\n{code} | RT 001 RW 002"
        )
        assert listed.profile.name == "sls"
        (row,) = listed.table.rows()
        assert (row["stated_village_code"], row["rt"], row["rw"]) == ("36.73.01.1002", "001", "002")
