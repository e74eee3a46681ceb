"""Facilities of lists: types, places, faults by row; none is dropped."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.places.facilities import Facilities, facility_types, gather_facilities, type_of
from geo_target.places.facility_reports import remark_facilities
from geo_target.workbench import Workbench, query
from tests.builders import point_at, row_of_villages, write_csv

VILLAGES = row_of_villages("A", "B")  # 1 km squares: A from 0 to 1,000 m east, B to 2,000 m
HEADER = "nama | jenis | kode desa | lon | lat"

Row = tuple[str, str, str, float | None, float | None]


def listed(bench: Workbench, path: Path, *rows: Row) -> AgencyList:
    """A list of facilities: name, kind, village, meters east and north of the corner of A.

    The first row is row 2 of its file.
    """
    lines = [HEADER]
    for name, kind, village, east, north in rows:
        lon, lat = ("", "") if east is None else map(repr, point_at(east, north or 0.0))
        lines.append(f"{name} | {kind} | {village} | {lon} | {lat}")
    return stated(bench, write_csv(path, "\n".join(lines)))


def stated(bench: Workbench, file: Path) -> AgencyList:
    """The codes of these villages are in no gazetteer: they are stated as they are written."""
    found = read_list(
        bench, file, profile=profile_named("facilities"), as_of=date(2025, 9, 1)
    )  # fmt: skip
    table = query("select *, village_code as stated_village_code from l", l=found.table)
    return replace(found, table=table)


def codes(found: Facilities) -> list[tuple[int, str]]:
    return list(found.faults[["row", "code"]].itertuples(index=False, name=None))


def test_kinds_become_types_and_unknown_ones_keep_their_name(
    bench: Workbench, tmp_path: Path
) -> None:
    found = gather_facilities(
        [listed(bench, tmp_path / "f.csv",
            ("P1", "UPTD Puskesmas", "A", 100, 500), ("P2", "PKM", "A", 300, 500),
            ("T1", "Puskesmas Pembantu", "A", 500, 500), ("S1", "SD  Negeri", "B", 1_500, 500),
            ("W1", "Rumah  Singgah", "B", 1_600, 500))],
        VILLAGES,
    )  # fmt: skip
    assert found.places["type"].tolist() == ["puskesmas", "puskesmas", "pustu", "sd",
                                             "rumah singgah"]  # fmt: skip
    assert found.places["village_code"].tolist() == ["A", "A", "A", "B", "B"]
    assert found.faults.empty
    assert found.counts.to_dict("index") == {
        "puskesmas": {
            "facilities": 2,
            "usable_facilities": 2,
            "is_known": True,
            "is_measured": True,
        },
        "pustu": {"facilities": 1, "usable_facilities": 1, "is_known": True, "is_measured": True},
        "rumah singgah": {
            "facilities": 1,
            "usable_facilities": 1,
            "is_known": False,
            "is_measured": False,
        },
        "sd": {"facilities": 1, "usable_facilities": 1, "is_known": True, "is_measured": True},
    }


def test_an_unknown_kind_is_measured_where_many_have_it(bench: Workbench, tmp_path: Path) -> None:
    """Five of one, four of another, and a health center; a column of names has one each."""
    kinds = ["pesantren"] * 5 + ["warung"] * 4 + ["puskesmas"]
    rows = [(f"F{n}", kind, "A", 100.0 + n, 500.0) for n, kind in enumerate(kinds)]
    found = gather_facilities([listed(bench, tmp_path / "f.csv", *rows)], VILLAGES)
    assert found.counts["is_measured"].to_dict() == {
        "pesantren": True, "puskesmas": True, "warung": False,
    }  # fmt: skip
    assert set(found.typed["type"]) == {"pesantren", "puskesmas"}


def test_a_kind_is_spelled_as_a_whole() -> None:
    assert type_of("PUSKESMAS") == "puskesmas"
    assert type_of("puskesmas-pembantu") == "pustu"
    assert type_of("Puskesmas Keliling") == "puskesmas keliling"


def test_each_spelling_is_of_one_type() -> None:
    spelled = [
        "".join(sign for sign in word.casefold() if sign.isalnum())
        for known in facility_types().values()
        for word in {*known.spellings}
    ]
    twice = {word for word in spelled if spelled.count(word) > 1}
    assert twice == set()
    assert all(known.title.id and known.title.en for known in facility_types().values())


def test_faults_by_row_and_nobody_is_lost(bench: Workbench, tmp_path: Path) -> None:
    found = gather_facilities(
        [listed(bench, tmp_path / "f.csv",
            ("none", "puskesmas", "A", None, None),        # 2: no coordinate
            ("near", "puskesmas", "A", -5_000, 500),       # 3: 5 km outside: used, astray from A
            ("far", "puskesmas", "A", -25_000, 500),       # 4: 25 km outside: not used
            ("edge", "puskesmas", "A", 1_140, 500),        # 5: 140 m off: no disagreement
            ("off", "puskesmas", "A", 1_160, 500),         # 6: 160 m off
            ("x", "", "A", 500, 700),                      # 7: no kind
            ("S1", "SD", "A", 500, 500),                   # 8: on one point with row 9
            ("S2", "SDN", "A", 500, 500),                  # 9
            ("M1", "SMP", "A", 500, 500),                  # 10: the same point, another type
            ("Posyandu Melati", "posyandu", "A", 100, 100),  # 11: of one name with row 12
            ("POSYANDU  melati", "posyandu", "A", 900, 900),  # 12
            ("Posyandu Melati", "posyandu", "B", 1_500, 500))],  # 13: another village
        VILLAGES,
    )  # fmt: skip
    assert codes(found) == [
        (2, "E-FACILITY-POINT"), (3, "W-FACILITY-VILLAGE"), (4, "E-FACILITY-FAR"),
        (6, "W-FACILITY-VILLAGE"), (7, "E-FACILITY-KIND"), (8, "W-FACILITY-STACK"),
        (9, "W-FACILITY-STACK"), (11, "W-FACILITY-TWICE"), (12, "W-FACILITY-TWICE"),
    ]  # fmt: skip
    meters = found.faults.set_index("row")["distance_m"]
    assert meters[[3, 4, 6]].tolist() == pytest.approx([5_000, 25_000, 160], rel=1e-3)
    places = found.places.set_index("row")
    assert places.index.tolist() == list(range(2, 14))
    assert places.index[~places["is_usable"]].tolist() == [2, 4, 7]
    assert places.index[places["village_code"].isna()].tolist() == [2, 3, 4]
    faulty = found.faults[found.faults["code"].str.startswith("E-")]
    assert sorted(faulty["row"]) == [2, 4, 7]
    assert found.counts["facilities"].sum() == len(places)
    # What has a type and no usable place is told without a place, not left out.
    typed = found.typed
    assert len(typed) == 11
    assert typed.index[typed["lon"].isna()].tolist() == [0, 2]


def test_how_near_is_near_is_said(bench: Workbench, tmp_path: Path) -> None:
    one = listed(bench, tmp_path / "f.csv", ("far", "puskesmas", "", -25_000, 500))
    assert codes(gather_facilities([one], VILLAGES, near_km=24)) == [(2, "E-FACILITY-FAR")]
    assert codes(gather_facilities([one], VILLAGES, near_km=26)) == []


def test_slips_of_a_coordinate_are_named_and_swapped_ones_mended(
    bench: Workbench, tmp_path: Path
) -> None:
    lon, lat = point_at(500, 500)
    lines = [HEADER, f"S | SD | A | {lat!r} | {lon!r}", f"X | SD | B | {lat!r} | {lon!r}",
             f"M | SD | A | {lon!r} | {-lat!r}", f"Z | SD | A | {lon + 6!r} | {lat!r}",
             "O | SD | A | 0,0 | 0,0", "U | SD | A | 620500 | 9320500"]  # fmt: skip
    found = gather_facilities(
        [stated(bench, write_csv(tmp_path / "f.csv", "\n".join(lines)))], VILLAGES
    )
    assert codes(found) == [
        (2, "W-POINT-SWAPPED"), (3, "E-POINT-AXES"), (4, "E-POINT-MINUS"), (5, "E-POINT-ZONE"),
        (6, "E-FACILITY-POINT"), (7, "E-FACILITY-POINT"),
    ]  # fmt: skip
    assert found.places["is_usable"].tolist() == [True, False, False, False, False, False]
    assert found.places[["lon", "lat"]].to_numpy()[0].tolist() == [lon, lat]


def test_lists_of_other_roles_are_left_and_those_of_facilities_numbered(
    bench: Workbench, tmp_path: Path
) -> None:
    first = listed(bench, tmp_path / "f.csv", ("P1", "puskesmas", "A", 500, 500))
    families = replace(first, profile=profile_named("points"))
    third = listed(
        bench, tmp_path / "g.csv", ("P2", "puskesmas", "A", 100, 500),
        ("P1", "Puskesmas", "A", 500, 500),
    )  # fmt: skip
    found = gather_facilities([first, families, third], VILLAGES)
    assert found.places[["list", "row"]].to_numpy().tolist() == [[0, 2], [2, 2], [2, 3]]
    assert found.faults[["list", "row", "code"]].to_numpy().tolist() == [
        [0, 2, "W-FACILITY-STACK"], [0, 2, "W-FACILITY-TWICE"],
        [2, 3, "W-FACILITY-STACK"], [2, 3, "W-FACILITY-TWICE"],
    ]  # fmt: skip
    remarks = remark_facilities([first, families, third], found)
    assert [(r.code, r.file, r.row, r.column) for r in remarks] == [
        ("W-FACILITY-STACK", "f.csv", 2, "lon"), ("W-FACILITY-TWICE", "f.csv", 2, "nama"),
        ("W-FACILITY-STACK", "g.csv", 3, "lon"), ("W-FACILITY-TWICE", "g.csv", 3, "nama"),
    ]  # fmt: skip
    assert remarks[0].id.startswith("1 fasilitas, mulai baris ini: ")
    assert remarks[0].en.startswith("1 facilities, from this row on: ")


def test_every_fault_has_words(bench: Workbench, tmp_path: Path) -> None:
    one = listed(bench, tmp_path / "f.csv", ("P1", "puskesmas", "A", 500, 500))
    every = ("E-FACILITY-KIND", "E-FACILITY-POINT", "E-FACILITY-FAR", "E-POINT-AXES",
             "E-POINT-MINUS", "E-POINT-ZONE", "W-POINT-SWAPPED", "W-FACILITY-VILLAGE",
             "W-FACILITY-STACK", "W-FACILITY-TWICE")  # fmt: skip
    faults = pd.DataFrame({"list": 0, "row": 7, "column": "lon", "code": every})
    found = replace(gather_facilities([one], VILLAGES), faults=faults)
    assert sorted(r.code for r in remark_facilities([one], found)) == sorted(every)


def test_without_lists_there_is_nothing() -> None:
    found = gather_facilities([], VILLAGES)
    assert (len(found.places), len(found.faults), len(found.counts)) == (0, 0, 0)
    assert found.typed.empty
    assert remark_facilities([], found) == []


def test_all_without_coordinates(bench: Workbench, tmp_path: Path) -> None:
    one = listed(bench, tmp_path / "f.csv", ("P1", "puskesmas", "A", None, None))
    found = gather_facilities([one], VILLAGES)
    assert codes(found) == [(2, "E-FACILITY-POINT")]
    assert found.counts.to_dict("index") == {
        "puskesmas": {
            "facilities": 1,
            "usable_facilities": 0,
            "is_known": True,
            "is_measured": True,
        }
    }
