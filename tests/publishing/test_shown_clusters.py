"""What is shown around clusters tells nothing that is withheld, and leaves no few."""

from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely

from geo_target.crs import WGS84
from geo_target.publishing.audiences import MEETING
from geo_target.publishing.cluster_remainders import telling_clusters
from geo_target.publishing.shown_clusters import (
    publish_parts,
    publish_scattered,
    publish_sensitivity,
    publish_unmatched,
)
from geo_target.publishing.small_areas import publish_clusters
from tests.builders import UTM_48S

CRS = pyproj.CRS(UTM_48S)
NO_CELLS = pd.DataFrame(
    {"cluster_id": ["none"], "east_m": 0.0, "north_m": 0.0, "uncovered_families": 0}
)
NO_RW = pd.DataFrame(
    columns=["village_code", "rw", "neighborhood", "extreme_poor_families", "uncovered_families"]
)


def villages_of(**uncovered: int | None) -> pd.DataFrame:
    """Villages of 900 poor families; all uncovered ones have a point."""
    index = pd.Index([*uncovered], name="village_code")
    counts = pd.array([*uncovered.values()], dtype="Int64")
    return pd.DataFrame(
        {
            "village_name": [f"Desa {code}" for code in uncovered],
            "extreme_poor_families": pd.array([900] * len(index), dtype="Int64"),
            "covered_families": pd.array([700] * len(index), dtype="Int64"),
            "uncovered_families": counts,
            "unmatched_families": pd.array([30] * len(index), dtype="Int64"),
            "located_families": pd.array([600] * len(index), dtype="Int64"),
            "located_uncovered_families": counts,
        },
        index=index,
    )


def clusters_of(*rows: tuple[int, str], kind: str = "points") -> gpd.GeoDataFrame:
    """Clusters by their uncovered families and the letters of their villages."""
    frame = pd.DataFrame(
        {
            "cluster_id": [f"titik-{number}" for number in range(len(rows))],
            "kind": kind,
            "name": "RW 001, Desa A",
            "uncovered_families": [count for count, _ in rows],
            "compared_families": [count + 20 for count, _ in rows],
            "located_families": [count for count, _ in rows],
            "village_codes": [list(codes) for _, codes in rows],
            "radius_m": 240.0,
            "expected_families": 9.0, "p_value": 1e-7, "q_value": 0.01, "readable_share": None,
            "located_share": 1.0, "median_age_days": 130.0,
        }
    )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(index=frame.index, crs=WGS84))


def shown(*rows: tuple[int, str], villages: pd.DataFrame) -> gpd.GeoDataFrame:
    return publish_clusters(clusters_of(*rows), NO_CELLS, MEETING, CRS, villages=villages, rw=NO_RW)


def counts(frame: pd.DataFrame) -> list[int | None]:
    return [None if pd.isna(count) else int(count) for count in frame["uncovered_families"]]


# ---- what clusters of points leave of their villages


def test_few_scattered_do_not_follow_from_a_cluster() -> None:
    # 44 are uncovered: with the cluster of 41 three would be scattered.
    assert counts(shown((41, "A"), villages=villages_of(A=51))) == [41]
    (row,) = shown((41, "A"), villages=villages_of(A=44)).to_dict("records")
    assert pd.isna(row["uncovered_families"])
    told = {"uncovered_families", "compared_families", "located_families", "located_share",
            "expected_families", "p_value", "q_value"}  # fmt: skip
    assert told <= set(row["withheld"])
    assert row["name"] == "RW 001, Desa A"


def test_the_smallest_cluster_goes_and_of_one_that_is_small_itself_all() -> None:
    assert counts(shown((41, "A"), (20, "A"), villages=villages_of(A=63))) == [41, None]
    # Eight or nine and two or one: a reader would know that few are scattered.
    assert counts(shown((41, "A"), (8, "A"), villages=villages_of(A=51))) == [41]


@pytest.mark.parametrize(
    ("whole", "least"), [(80, 70), (81, 70), (84, 70), (85, 70), (89, 80), (90, None)]
)
def test_at_least_so_many_is_told_by_the_village_alone(whole: int, least: int | None) -> None:
    """Of 80: whoever reads 70 and 84 knows that fewer than ten are left, perhaps none."""
    row = shown((80, "A"), villages=villages_of(A=whole)).iloc[0]
    assert row["uncovered_at_least"] == least if least else pd.isna(row["uncovered_at_least"])
    assert pd.isna(row["uncovered_families"]) == (least is not None)


def test_clusters_stand_in_the_order_of_what_is_told() -> None:
    """41 are withheld, of which at least 30 are told: behind 35, which are fewer."""
    found = shown((41, "A"), (35, "B"), villages=villages_of(A=44, B=90))
    assert found["cluster_id"].tolist() == ["titik-1", "titik-0"]


def test_few_left_of_villages_that_share_a_cluster() -> None:
    both = villages_of(A=60, B=60)
    assert counts(shown((40, "AB"), (30, "A"), (30, "B"), villages=both)) == [40, 30, 30]
    assert counts(shown((58, "AB"), (30, "A"), (30, "B"), villages=both)) == [58, 30, None]
    # Of A alone 2 are left, some of them in the cluster of both.
    assert counts(shown((25, "AB"), (58, "A"), villages=both)) == [None, 25]


def test_few_located_are_as_telling_as_few_uncovered() -> None:
    villages = villages_of(A=60)
    villages["located_uncovered_families"] = pd.array([43], dtype="Int64")
    assert counts(shown((41, "A"), villages=villages)) == [None]
    hidden, dropped = telling_clusters(
        clusters_of((41, "A")), pd.Series({"titik-0": 8}), villages, MEETING
    )
    # Eight cells are drawn, each of five and more: at most three are elsewhere.
    assert ([*hidden], [*dropped]) == ([], ["titik-0"])


# ---- the scattered


def test_scattered_families_follow_from_what_is_shown() -> None:
    villages = villages_of(A=60, B=50, C=7, D=None)
    villages.loc["A", "located_uncovered_families"] = 48
    seen = clusters_of((30, "A"), (10, "A"), (20, "B"))
    seen["uncovered_families"] = pd.array([30, 10, pd.NA], dtype="Int64")
    rows = publish_scattered(seen, villages).set_index("village_code")
    names = ["clusters", "clustered_families", "scattered_families", "scattered_located",
             "scattered_unlocated"]  # fmt: skip
    assert [*rows.loc["A", names]] == [2, 40, 20, 8, 12]
    assert rows.loc["B", names[1:]].isna().all()
    assert rows.loc["B", "withheld"] == names[1:]
    assert [*rows.loc["C", names]] == [0, 0, 7, 7, 0]
    assert "D" not in rows.index


def test_nothing_is_told_of_a_village_that_a_cluster_shares() -> None:
    rows = publish_scattered(clusters_of((30, "AB")), villages_of(A=60, B=60))
    assert rows["scattered_families"].isna().all()


def test_a_cluster_that_is_not_shown_is_as_if_it_were_not_there() -> None:
    """Nine, eight of them in a cluster: a row without counts would tell of it, and of the one."""
    villages = villages_of(A=9)
    left_out = shown((8, "A"), villages=villages)
    assert left_out.empty
    row = publish_scattered(left_out, villages).iloc[0]
    assert (row["clusters"], row["clustered_families"], row["scattered_families"]) == (0, 0, 9)
    assert row["withheld"] == []
    # 41 and 8 of 51: ten are in no shown cluster.
    villages = villages_of(A=51)
    row = publish_scattered(shown((41, "A"), (8, "A"), villages=villages), villages).iloc[0]
    assert (row["clusters"], row["clustered_families"], row["scattered_families"]) == (1, 41, 10)


# ---- parts, other rules, the unmatched


def test_parts_are_told_where_none_is_few() -> None:
    parts = pd.DataFrame(
        [("titik-0", 1, 20, 233.0), ("titik-0", 2, 21, 140.0), ("titik-1", 1, 40, 10.0),
         ("titik-1", 2, 3, 10.0)],
        columns=["cluster_id", "part", "uncovered_families", "radius_m"],
    )  # fmt: skip
    seen = clusters_of((41, "A"), (43, "A"))
    told, few = publish_parts(parts, seen, MEETING)
    assert told == [
        {"uncovered_families": 20, "radius_m": 230.0},
        {"uncovered_families": 21, "radius_m": 140.0},
    ]
    assert few is None
    hidden = seen.assign(uncovered_families=pd.array([pd.NA, 43], dtype="Int64"))
    assert publish_parts(parts, hidden, MEETING).tolist() == [None, None]


def test_no_parts_are_told_of_a_cluster_in_several_villages() -> None:
    """33 and 28, parted by the line between: 30 could be in the first alone, where 3 are left."""
    parts = pd.DataFrame(
        {"cluster_id": "titik-0", "part": [1, 2], "uncovered_families": [30, 8], "radius_m": 9.0}
    )
    assert publish_parts(parts, clusters_of((38, "AB")), MEETING).tolist() == [None]
    assert publish_parts(parts, clusters_of((38, "A")), MEETING).tolist() != [None]


def test_families_of_other_rules_are_told_where_all_clusters_are() -> None:
    tried = pd.DataFrame(
        {"distance_m": [100.0, 200.0], "smallest": 8, "clusters": [0, 3],
         "uncovered_families": [0, 117], "is_rule": [False, True]}
    )  # fmt: skip
    exact = clusters_of((60, "A"), (57, "A"))
    rows = publish_sensitivity(tried, exact, exact, MEETING)
    assert [row["uncovered_families"] for row in rows] == [0, 120]
    # Of the rule's own three a page that shows two would tell that one is left out.
    assert publish_sensitivity(tried, exact, exact.iloc[:1], MEETING) == []
    hidden = exact.assign(uncovered_families=pd.array([60, pd.NA], dtype="Int64"))
    assert publish_sensitivity(tried, exact, hidden, MEETING) == []


def unmatched(*rows: tuple[int, str], kind: str = "points") -> gpd.GeoDataFrame:
    frame = clusters_of(*rows, kind=kind)
    return frame.rename(columns={"uncovered_families": "unmatched_families"})


def told_unmatched(found: gpd.GeoDataFrame, **more: Any) -> list[int]:
    villages = more.get("villages", villages_of(A=60))
    table = publish_unmatched(
        found, more.get("cells", NO_CELLS), MEETING, CRS, villages=villages,
        rw=more.get("rw", NO_RW), shown=more.get("shown", clusters_of()),
    )  # fmt: skip
    assert set(table.columns) == {
        "cluster_id", "kind", "name", "unmatched_families", "village_codes", "radius_m", "geometry",
    }  # fmt: skip
    return [int(count) for count in table["unmatched_families"]]


def test_unmatched_are_shown_where_neither_they_nor_who_is_left_are_few() -> None:
    assert told_unmatched(unmatched((12, "A"))) == [12]
    assert told_unmatched(unmatched((4, "A"))) == []
    assert told_unmatched(unmatched((28, "A"))) == []  # 2 of 30 would be left
    closed = villages_of(A=60)
    closed["unmatched_families"] = pd.array([pd.NA], dtype="Int64")
    assert told_unmatched(unmatched((12, "A")), villages=closed) == []


@pytest.mark.parametrize(("others", "told"), [(12, [12]), (14, []), (30, [12])])
def test_few_covered_of_an_rw_do_not_follow_from_its_unmatched(
    others: int, told: list[int]
) -> None:
    rw = pd.DataFrame(
        {
            "village_code": ["A"], "rw": ["001"], "neighborhood": [None],
            "extreme_poor_families": pd.array([20 + others], dtype="Int64"),
            "uncovered_families": pd.array([20], dtype="Int64"),
        }
    )  # fmt: skip
    assert told_unmatched(unmatched((12, "A"), kind="rw"), rw=rw) == told
    assert told_unmatched(unmatched((12, "A"), kind="rw")) == []  # its RW is not shown


def test_unmatched_are_held_to_what_the_compared_tell() -> None:
    """Of 42 with a point who are not uncovered 20 are covered beside a cluster: 22 are left."""
    villages = villages_of(A=60)
    villages["located_families"] = pd.array([102], dtype="Int64")
    beside = clusters_of((41, "A"))  # 61 compared
    assert told_unmatched(unmatched((19, "A")), villages=villages) == [19]
    assert told_unmatched(unmatched((19, "A")), villages=villages, shown=beside) == []
    assert told_unmatched(unmatched((17, "A")), villages=villages, shown=beside) == [17]
    # In another RW 17 are covered and 10 unmatched, here 15 and 12: 8 and 8 are left of 40 and 30.
    villages = villages_of(A=60)
    villages["covered_families"] = pd.array([40], dtype="Int64")
    rw = pd.DataFrame(
        {
            "village_code": "A", "rw": ["001", "002"], "neighborhood": None,
            "extreme_poor_families": pd.array([20 + 27, 20 + 27], dtype="Int64"),
            "uncovered_families": pd.array([20, 20], dtype="Int64"),
        }
    )  # fmt: skip
    here = unmatched((12, "A"), kind="rw")
    other = clusters_of((20, "A"), kind="rw").assign(name="RW 002, Desa A")
    for compared, told in ((37, [12]), (42, []), (36, [12]), (30, [])):
        # 42: 22 covered, of 40 three are left; 30: 17 unmatched, of 30 one is left.
        beside = other.assign(compared_families=compared)
        assert told_unmatched(here, villages=villages, rw=rw, shown=beside) == told
    # Of the same RW nothing more is told.
    same = beside.assign(name="RW 001, Desa A", compared_families=35)
    assert told_unmatched(here, villages=villages, rw=rw, shown=same) == [12]


def test_radii_are_told_in_tens_of_meters() -> None:
    found = publish_clusters(
        clusters_of((41, "A")).assign(radius_m=243.6), NO_CELLS, MEETING, CRS,
        villages=villages_of(A=60), rw=NO_RW,
    )  # fmt: skip
    assert found["radius_m"].tolist() == [240.0]
    table = publish_unmatched(
        unmatched((12, "A")).assign(radius_m=243.6), NO_CELLS, MEETING, CRS,
        villages=villages_of(A=60), rw=NO_RW, shown=clusters_of(),
    )  # fmt: skip
    assert table["radius_m"].tolist() == [240.0]


# ---- what the compared leave


def test_few_covered_of_the_village_do_not_follow_from_the_compared() -> None:
    villages = villages_of(A=60)
    for covered, compared in ((23, None), (25, 61), (20, 61)):  # 20 of the compared are covered
        villages["covered_families"] = pd.array([covered], dtype="Int64")
        (row,) = shown((41, "A"), villages=villages).to_dict("records")
        assert row["uncovered_families"] == 41
        told = None if pd.isna(row["compared_families"]) else row["compared_families"]
        assert told == compared
        assert ("p_value" in row["withheld"]) == (compared is None)


@pytest.mark.parametrize(
    ("covered", "unmatched_families", "told"), [(20, 12, None), (25, 12, 37), (25, 9, None)]
)
def test_few_of_another_rw_do_not_follow_from_the_compared(
    covered: int, unmatched_families: int, told: int | None
) -> None:
    """Of 44 families of an RW 20 are uncovered, 17 covered and 7 unmatched."""
    villages = villages_of(A=30)
    villages["covered_families"] = pd.array([covered], dtype="Int64")
    villages["unmatched_families"] = pd.array([unmatched_families], dtype="Int64")
    rw = pd.DataFrame(
        {"village_code": ["A"], "rw": ["001"], "neighborhood": [None],
         "extreme_poor_families": pd.array([44], dtype="Int64"),
         "uncovered_families": pd.array([20], dtype="Int64")}
    )  # fmt: skip
    found = clusters_of((20, "A"), kind="rw").assign(compared_families=37)
    (row,) = publish_clusters(
        found, NO_CELLS, MEETING, CRS, villages=villages, rw=rw
    )["compared_families"]  # fmt: skip
    assert (None if pd.isna(row) else row) == told


def test_unmatched_are_drawn_as_cells_of_enough_of_them() -> None:
    cells = pd.DataFrame(
        {"cluster_id": "titik-0", "east_m": [500_000.0, 500_500.0], "north_m": 9_300_000.0,
         "uncovered_families": [8, 4]}
    )  # fmt: skip
    table = publish_unmatched(
        unmatched((12, "A")),
        cells,
        MEETING,
        CRS,
        villages=villages_of(A=60),
        rw=NO_RW,
        shown=clusters_of(),
    )
    (outline,) = table.to_crs(CRS).geometry
    assert shapely.area(outline) == pytest.approx(500 * 500, rel=1e-3)
