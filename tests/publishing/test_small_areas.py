"""What is shown below the village tells nothing of it that is withheld, and leaves no few."""

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import pytest

from geo_target.crs import WGS84
from geo_target.publishing.archive import Archive, Draft
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.interval_attack import GateError, Sum, interval_attack
from geo_target.publishing.rw_memory import (
    file_of,
    left_out_before,
    remember_left_out,
    without,
)
from geo_target.publishing.small_areas import large_rw, publish_clusters, publish_rw, told_of_rw
from geo_target.targeting.excess import EXCESS_COLUMNS
from tests.builders import UTM_48S

CRS = pyproj.CRS(UTM_48S)
RW_COLUMNS = ["rw", "extreme_poor_families", "uncovered_families"]


def no_rw() -> pd.DataFrame:
    columns = ["village_code", "rw", "neighborhood", "extreme_poor_families"]
    return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})


def open_villages(*codes: str, poor: int | None = 900, uncovered: int | None = 400) -> pd.DataFrame:
    """Villages of which nothing, or the total or the uncovered, is withheld."""
    counts = {
        "extreme_poor_families": pd.array([poor] * len(codes), dtype="Int64"),
        "uncovered_families": pd.array([uncovered] * len(codes), dtype="Int64"),
        "covered_families": pd.array([400] * len(codes), dtype="Int64"),
        "unmatched_families": pd.array([100] * len(codes), dtype="Int64"),
        "located_families": pd.array([300] * len(codes), dtype="Int64"),
        "located_uncovered_families": pd.array([200] * len(codes), dtype="Int64"),
        "village_name": [f"Desa {code}" for code in codes],
    }
    return pd.DataFrame(counts, index=pd.Index(codes, name="village_code"))


def rw_of(*rows: tuple[str, int, int], village: pd.DataFrame | None = None) -> list[Any]:
    """RW, all and uncovered families of village A; what is shown of it."""
    families = [
        ("A", name, state)
        for name, poor, uncovered in rows
        for state in ["uncovered"] * uncovered + ["covered"] * (poor - uncovered)
    ]
    frame = pd.DataFrame(families, columns=["village_code", "rw", "coverage_state"])
    villages = open_villages("A") if village is None else village
    shown = publish_rw(frame.assign(neighborhood=None), MEETING, villages)
    return shown[RW_COLUMNS].astype(object).replace({pd.NA: None}).to_numpy().tolist()


def test_rows_of_few_families_are_left_out() -> None:
    rows = (("001", 11, 6), ("002", 4, 4), ("003", 7, 2), ("004", 8, 6))
    # A row of 003 would say that 1 to 4 are uncovered, one of 004 that as few are not.
    assert rw_of(*rows) == [["001", 11, 6]]
    assert rw_of(("001", 11, 11), ("002", 12, 0)) == [["001", 11, 11], ["002", 12, 0]]


def test_rows_of_a_village_that_is_withheld_are_left_out() -> None:
    row = ("001", 40, 20)
    assert rw_of(row) == [["001", 40, 20]]
    assert rw_of(row, village=open_villages("A", poor=None)) == []
    assert rw_of(row, village=open_villages("A", uncovered=None)) == []


def test_a_row_that_is_left_out_does_not_follow_from_the_village() -> None:
    # 20 uncovered in all, 17 of them in RW 001: RW 002 would have no more than 3.
    rows = (("001", 30, 17), ("002", 30, 3))
    assert rw_of(*rows, village=open_villages("A", uncovered=20)) == []
    village = open_villages("A", uncovered=26)  # 6 elsewhere: RW 002 has 0 to 9
    assert rw_of(*rows, village=village) == [["001", 30, 17]]


def test_what_the_rows_leave_of_the_village_is_never_few() -> None:
    # 52 families, 50 of them in two RW: two are left, in an RW that is too small to show.
    village = open_villages("A", poor=52, uncovered=27)
    rows = (("001", 20, 10), ("002", 30, 15), ("003", 2, 2))
    assert rw_of(*rows, village=village) == [["002", 30, 15]]
    # 42 - 30 leaves twelve.
    assert rw_of(rows[1], village=open_villages("A", poor=42, uncovered=20)) == [["002", 30, 15]]


def families_of(*rows: tuple[str, int, int]) -> pd.DataFrame:
    families = [
        ("A", name, state) for name, poor, uncovered in rows
        for state in ["uncovered"] * uncovered + ["covered"] * (poor - uncovered)
    ]  # fmt: skip
    frame = pd.DataFrame(families, columns=["village_code", "rw", "coverage_state"])
    return frame.assign(neighborhood=None)


def months_of_rw(tmp_path: Path) -> list[list[str]]:
    """RW that are shown in two months; 003 is the largest in the first, and the smallest after."""
    archive, shown_rows = Archive(tmp_path), []
    for number, third in enumerate([(30, 15), (18, 9)], start=1):
        families = families_of(("001", 10, 3), ("002", 20, 10), ("003", *third))
        village = open_villages("A", poor=30 + third[0], uncovered=13 + third[1])
        before = left_out_before(archive, MEETING)
        rows = publish_rw(families, MEETING, village, left_out=before)
        draft = Draft(archive, f"00000{number}-20261001T000000Z", None)
        remember_left_out(without(large_rw(families, MEETING), rows), draft, MEETING)
        manifest = json.dumps({"files": {file_of(MEETING): {}}})
        (draft.folder / "manifest.json").write_text(manifest, "utf-8")
        draft.folder.rename(tmp_path / draft.run_id)
        shutil.rmtree(tmp_path / ".work")
        shown_rows.append(rows["rw"].tolist())
    return shown_rows


def test_an_rw_that_protected_another_one_is_not_told_a_month_later(tmp_path: Path) -> None:
    # 28 uncovered less the 15 of 003 left 13 in 001 and 002: 10 in 002 would leave 3.
    assert months_of_rw(tmp_path) == [["003"], ["003"]]
    families = families_of(("001", 10, 3), ("002", 20, 10), ("003", 18, 9))
    village = open_villages("A", poor=48, uncovered=22)
    assert publish_rw(families, MEETING, village)["rw"].tolist() == ["002"]  # by itself


def test_rw_of_few_families_are_not_remembered(tmp_path: Path) -> None:
    months_of_rw(tmp_path)  # 001 has 3 uncovered families: that keeps it out
    assert set(left_out_before(Archive(tmp_path), MEETING)["rw"]) == {"002"}


def test_a_lost_memory_of_rw_is_not_passed_over(tmp_path: Path) -> None:
    months_of_rw(tmp_path)
    (file,) = tmp_path.glob(f"000001*/{file_of(MEETING)}")
    file.unlink()
    with pytest.raises(GateError, match="E-RELEASE-LOST"):
        left_out_before(Archive(tmp_path), MEETING)


def test_shown_rows_stand_the_attack() -> None:
    families = [("A", f"{n:03d}", s) for n in range(19) for s in
                ["uncovered"] * (n % 7) + ["covered"] * (n * 5 % 11)]  # fmt: skip
    frame = pd.DataFrame(families, columns=["village_code", "rw", "coverage_state"])
    poor, uncovered = len(frame), int((frame["coverage_state"] == "uncovered").sum())
    village = open_villages("A", poor=poor, uncovered=uncovered)
    shown = publish_rw(frame.assign(neighborhood=None), MEETING, village)
    assert len(shown) > 1
    cells, sums = told_of_rw(shown, village)
    keys = [(0, "village", "A", name) for name in ("extreme_poor_families", "uncovered_families")]
    index = pd.MultiIndex.from_tuples(keys, names=cells.index.names)
    rest = {  # whoever is in no row, and is uncovered or not
        name: (0, "rw", "A", f"rest.{name}") for name in ("all", "uncovered", "others")
    }
    own = {"all": keys[0], "uncovered": keys[1], "others": (0, "rw", "A", "others")}
    exact = [Sum(rest["all"], [rest["uncovered"], rest["others"]])]
    for total in sums:
        if not total.exact:
            (name,) = [name for name, key in own.items() if key == total.whole]
            exact.append(Sum(total.whole, [*total.parts, rest[name]]))
    told = pd.Series([poor, uncovered, *[float("nan")] * 3], [*index, *rest.values()], dtype=float)
    told.index = pd.MultiIndex.from_tuples(told.index.tolist(), names=cells.index.names)
    left = interval_attack(pd.concat([cells, told]), [*sums, *exact])["lower"]
    assert len(left) == 3
    assert not left.between(1, 4).any()
    assert not cells.between(1, 4).any()
    assert not shown[["extreme_poor_families", "uncovered_families"]].isna().to_numpy().any()


# ---- clusters


def shown(
    *counts: tuple[int, int],
    villages: pd.DataFrame | None = None,
    rw: pd.DataFrame | None = None,
    is_share_told: bool = True,
) -> gpd.GeoDataFrame:
    """Clusters of points of village A by uncovered and compared families."""
    frame = pd.DataFrame(counts, columns=["uncovered_families", "compared_families"])
    kind = "points" if rw is None else "rw"
    ids = [f"{kind}-{number}" for number in range(len(frame))]
    clusters = gpd.GeoDataFrame(
        frame.assign(
            cluster_id=ids, kind=kind, located_families=0, name="RW 001, Desa A",
            village_codes=pd.Series([["A"] for _ in counts], dtype=object),
            expected_families=frame["compared_families"] * 0.123, p_value=1e-7, q_value=0.01,
            readable_share=0.96, located_share=None, median_age_days=100.0, radius_m=None,
        ),
        geometry=gpd.GeoSeries(index=frame.index, crs=WGS84),
    )  # fmt: skip
    cells = pd.DataFrame(
        {"cluster_id": ["none"], "east_m": 0.0, "north_m": 0.0, "uncovered_families": 0}
    )
    return publish_clusters(
        clusters, cells, MEETING, CRS,
        villages=open_villages("A") if villages is None else villages,
        rw=no_rw() if rw is None else rw,
        is_share_told=is_share_told,
    )  # fmt: skip


def row_001(families: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "village_code": ["A"],
            "rw": ["001"],
            "neighborhood": [None],
            "extreme_poor_families": pd.array([families], dtype="Int64"),
        }
    )


def test_a_cluster_of_few_families_is_not_shown() -> None:
    assert shown((5, 5), (4, 40), (30, 60))["uncovered_families"].tolist() == [30, 5]


def test_few_covered_do_not_follow_from_the_compared() -> None:
    assert shown((8, 8), (8, 13))["compared_families"].tolist() == [8, 13]
    found = shown((8, 8), (8, 9), (8, 13))
    # The others of the village could tell it: none of them is shown.
    assert found["compared_families"].isna().all()
    assert found["withheld"].tolist() == [["compared_families", *EXCESS_COLUMNS]] * 3


def test_what_tells_the_compared_goes_with_them() -> None:
    told = ["expected_families", "p_value", "q_value", "readable_share"]
    assert shown((8, 8), (8, 9), (8, 13))[told].isna().all(axis=None)
    found = shown((8, 13))[told]
    # Rounded: whole families of the addresses do not follow from a share.
    assert found.astype(float).to_numpy().tolist() == [[1.6, 0.0, 0.01, 0.95]]


def test_what_was_expected_does_not_tell_a_withheld_sum_of_the_area() -> None:
    # 2.5 of 20 are expected: 1 in 8 of the area, of whose compared the uncovered are withheld.
    (row,) = shown((8, 13), is_share_told=False).to_dict("records")
    assert [name for name in EXCESS_COLUMNS if pd.isna(row[name])] == EXCESS_COLUMNS
    assert row["withheld"] == EXCESS_COLUMNS
    assert row["compared_families"] == 13


def test_a_cluster_of_a_village_that_is_withheld_is_not_shown() -> None:
    assert len(shown((30, 60), villages=open_villages("A", uncovered=None))) == 0
    assert len(shown((30, 60), villages=open_villages("A", poor=None))) == 0
    assert len(shown((30, 60), villages=open_villages("B"))) == 0


@pytest.mark.parametrize("name", ["located_families", "located_uncovered_families"])
def test_a_cluster_bounds_no_withheld_located_families(name: str) -> None:
    villages = open_villages("A").assign(**{name: pd.array([pd.NA], dtype="Int64")})
    assert len(shown((30, 60), villages=villages)) == 0
    # One of an RW is shown without its located families, a part of the village's.
    (row,) = shown((30, 60), villages=villages, rw=row_001(70)).to_dict("records")
    assert row["uncovered_families"] == 30
    assert pd.isna(row["located_families"])
    assert row["withheld"] == ["located_families", "located_share"]


def test_a_cluster_of_an_rw_that_is_not_shown_is_not_shown() -> None:
    assert len(shown((30, 60), rw=no_rw())) == 0
    assert shown((30, 60), rw=row_001(70))["compared_families"].tolist() == [60]


def test_few_unmatched_do_not_follow_from_the_rw() -> None:
    assert shown((30, 60), rw=row_001(62))["compared_families"].isna().all()
