"""Parts of a cluster that one visit can do."""

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from geo_target.targeting.cluster_splits import split_cluster


def row(*east: float, village: str = "A") -> pd.DataFrame:
    """Families in a row, so many meters east."""
    return pd.DataFrame(
        {"x": [float(x) for x in east], "y": 0.0, "village_code": village, "rw": "001"},
        index=[f"F{number:02d}" for number in range(len(east))],
    )


def test_a_small_cluster_is_one_part() -> None:
    assert split_cluster(row(0, 10, 20), load=3).tolist() == [1, 1, 1]


def test_parts_are_as_few_as_the_load_allows_and_nearly_alike() -> None:
    parts = split_cluster(row(*range(10)), load=4)
    assert parts.tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_part_reaches_no_farther_than_the_radius() -> None:
    families = row(0, 10, 20, 500, 510, 520)
    assert split_cluster(families, load=9, radius_m=300).nunique() == 1
    assert split_cluster(families, load=9, radius_m=50).tolist() == [1, 1, 1, 2, 2, 2]


def test_a_district_line_parts() -> None:
    families = pd.concat([row(0, 20), row(10, 30, village="B").rename(index=lambda i: f"G{i}")])
    districts = pd.Series({"A": "D1", "B": "D2"})
    assert split_cluster(families, load=9).nunique() == 1
    assert split_cluster(families, load=9, districts=districts).tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("what", "barrier", "parts"),
    [
        ("a river across", LineString([(45, -999), (45, 999)]), [1, 1, 2, 2]),
        ("a road that ends between them", LineString([(45, -999), (45, 1)]), [1, 1, 1, 1]),
        ("a river elsewhere", LineString([(999, -999), (999, 999)]), [1, 1, 1, 1]),
        ("a broad river", Polygon([(40, -99), (50, -99), (50, 99), (40, 99)]), [1, 1, 2, 2]),
        ("a pond beside", Polygon([(40, 1), (50, 1), (50, 9), (40, 9)]), [1, 1, 1, 1]),
    ],
)
def test_a_barrier_parts_those_on_its_sides(
    what: str, barrier: LineString | Polygon, parts: list[int]
) -> None:
    families = row(0, 30, 60, 90).assign(y=[0.0, 20.0, 0.0, 20.0])
    assert split_cluster(families, load=9, barriers=[barrier]).tolist() == parts, what


def test_lines_part_together_what_one_alone_does_not() -> None:
    families = row(0, 30, 60, 90).assign(y=[0.0, 20.0, 0.0, 20.0])
    halves = [LineString([(45, -99), (45, 12)]), LineString([(45, 8), (45, 99)])]
    assert split_cluster(families, load=9, barriers=halves[:1]).nunique() == 1
    assert split_cluster(families, load=9, barriers=halves).tolist() == [1, 1, 2, 2]


def test_barriers_elsewhere_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    union = shapely.union_all

    def counted(lines: list[LineString]) -> shapely.Geometry:
        looked.append(len(lines))
        return union(lines)

    monkeypatch.setattr(shapely, "union_all", counted)
    far = [LineString([(x, 200), (x, 999)]) for x in range(1_000)]
    river = LineString([(45, -999), (45, 999)])
    assert split_cluster(row(0, 30, 60, 90), load=9, barriers=[*far, river]).nunique() == 2
    assert looked == [2]  # the river, and the rim


def test_without_points_families_go_by_rw_and_rt() -> None:
    families = row(*range(5)).assign(x=None, y=None, rt=["003", "001", "002", "001", "003"])
    assert split_cluster(families, load=2).to_dict() == {
        "F01": 1, "F03": 2, "F02": 2, "F00": 3, "F04": 3,
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    load=st.integers(1, 20),
    radius=st.sampled_from([20.0, 100.0, 1000.0]),
)
def test_every_family_is_in_one_part_that_keeps_to_the_rules(
    seed: int, load: int, radius: float
) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 90))
    places = random.uniform(0, 400, (count, 2)).round(-1)
    families = pd.DataFrame(
        {"x": places[:, 0], "y": places[:, 1], "village_code": "A", "rw": "001"},
        index=[f"F{number:02d}" for number in range(count)],
    )
    families.loc[random.random(count) < 0.2, ["x", "y"]] = None
    river = LineString([(200, -50), (203, 450)])
    parts = split_cluster(families, load=load, radius_m=radius, barriers=[river])
    assert parts.index.tolist() == families.index.tolist()
    assert sorted(parts.unique()) == list(range(1, parts.max() + 1))
    assert parts.value_counts().max() <= load
    for _, own in families.groupby(parts):
        located = own.dropna(subset=["x"])
        assert len(located) in (0, len(own))
        if len(located):
            apart = located[["x", "y"]] - located[["x", "y"]].mean()
            assert np.hypot(apart["x"], apart["y"]).max() <= radius + 1e-9
            assert (located["x"] < 200).nunique() == 1 or located["x"].between(200, 203).any()
    everyone = split_cluster(families, load=load)
    seen = int(families["x"].notna().sum())
    fewest = math.ceil(seen / load) + math.ceil((count - seen) / load)
    assert everyone.max() == fewest
    turned = split_cluster(families[::-1], load=load, radius_m=radius, barriers=[river])
    pd.testing.assert_series_equal(turned, parts)
