"""Two layers held against each other, on squares whose cells a person can count."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_target.places.layer_comparison import compare_layers, find_swapped, summarize

CODES = ["36.73.01.1001", "36.73.01.1002", "36.73.02.1001", "36.74.01.1001"]
ONE, TWO, THREE, FOUR = CODES
Box = tuple[int, int, int, int]  # west, south, east, north in meters


def layer(boxes: Mapping[str, Box]) -> gpd.GeoSeries:
    shapes = [shapely.box(*box) for box in boxes.values()]
    return gpd.GeoSeries(shapes, index=list(boxes), crs="EPSG:32748")


# ONE loses a strip of 2 x 10 to TWO; the two were 10 x 10 each.
A = {ONE: (0, 0, 10, 10), TWO: (10, 0, 20, 10)}
B = {ONE: (0, 0, 8, 10), TWO: (8, 0, 20, 10)}


def test_a_strip_that_changes_hands() -> None:
    found = compare_layers(layer(A), layer(B), "36")

    one, two = found.villages.loc[ONE], found.villages.loc[TWO]
    assert (one["area_a_m2"], one["area_b_m2"], one["common_m2"]) == (100, 80, 80)
    assert one["iou"] == 80 / 100
    assert (one["elsewhere_share"], one["other_code"], one["other_share"]) == (0.2, TWO, 0.2)
    assert one["distance_m"] == 1
    assert (two["iou"], two["elsewhere_share"], two["other_code"]) == (100 / 120, 0, "")
    assert found.zones[["code_a", "code_b", "area_m2"]].to_numpy().tolist() == [[ONE, TWO, 20]]
    assert found.zones.geometry[0].equals(shapely.box(8, 0, 10, 10))


def test_the_same_layer_differs_nowhere() -> None:
    found = compare_layers(layer(A), layer(A), "36")

    assert found.zones.empty
    assert found.villages["iou"].tolist() == [1, 1]
    assert (found.only_a, found.only_b, found.swapped) == ([], [], [])
    assert summarize(found).loc["", "same_share"] == 1


def test_ground_that_one_layer_alone_has() -> None:
    found = compare_layers(layer(A), layer(A | {TWO: (10, 0, 18, 13)}), "36")

    zones = found.zones[["code_a", "code_b", "area_m2"]].to_numpy().tolist()
    assert zones == [["", TWO, 24], [TWO, "", 20]]
    assert found.villages.loc[TWO, "outside_share"] == 20 / 100
    assert found.villages.loc[ONE, "outside_share"] == 0


def test_a_village_that_one_layer_lacks() -> None:
    found = compare_layers(layer(A), layer({ONE: (0, 0, 20, 10), THREE: (20, 0, 30, 10)}), "36")

    assert (found.only_a, found.only_b) == ([TWO], [THREE])
    assert found.villages["iou"].dropna().to_dict() == {ONE: 100 / 200}
    assert found.villages.loc[TWO, "other_code"] == ONE
    assert summarize(found).loc["", "villages"] == 1


def test_swapped_labels_are_suspected() -> None:
    swapped = {ONE: A[TWO], TWO: A[ONE]}

    found = compare_layers(layer(A), layer(swapped), "36")

    assert found.swapped == [(ONE, TWO)]
    assert found.villages["iou"].tolist() == [0, 0]


def test_of_a_village_outside_the_area_nothing_is_suspected() -> None:
    # B gives most of ONE to FOUR, which keeps nearly all of its own, but for a strip.
    a = {ONE: (10, 0, 14, 10), FOUR: (0, 0, 10, 10)}
    b = {ONE: (0, 9, 14, 10), FOUR: (0, 0, 13, 9)}
    assert compare_layers(layer(a), layer(b), "36").swapped == []
    assert compare_layers(layer(a), layer(b), "36.73").swapped == []


def test_one_that_swallows_its_neighbor_is_not_swapped() -> None:
    # A's TWO lies in B's ONE, but A's ONE does so too.
    shared = pd.DataFrame(
        [(ONE, ONE, 50.0), (ONE, TWO, 20.0), (TWO, ONE, 90.0), (TWO, TWO, 1.0)],
        columns=["code_a", "code_b", "area_m2"],
    )

    assert find_swapped(shared).empty


def test_the_summary_counts_by_regency() -> None:
    a = A | {THREE: (0, 10, 10, 20), FOUR: (10, 10, 20, 20)}
    b = B | {THREE: (0, 10, 4, 20), FOUR: (4, 10, 20, 20)}  # THREE keeps 40 of 100

    table = summarize(compare_layers(layer(a), layer(b), "36"))

    assert table.index.tolist() == ["", "36.73", "36.74"]
    counts = table[["villages", "below_half", "below_tenth"]].to_numpy().tolist()
    assert counts == [[4, 1, 0], [3, 1, 0], [1, 0, 0]]
    assert table.loc["36.73", "median_iou"] == 0.8
    # Both give 80 + 20 + 100 + 40 to 36.73; of that 20 change hands inside it.
    assert table.loc["36.73", "same_share"] == 220 / 240
    assert table.loc["36.74", "same_share"] == 1
    assert table.loc["", "same_share"] == 320 / 400


def test_an_area_is_compared_with_what_lies_around_it() -> None:
    a = {ONE: (0, 0, 10, 10), FOUR: (10, 0, 20, 10)}
    b = {ONE: (0, 0, 8, 10), FOUR: (8, 0, 20, 15)}

    found = compare_layers(layer(a), layer(b), "36.73")

    assert found.villages.index.tolist() == [ONE]
    assert found.villages.loc[ONE, "other_code"] == FOUR
    assert found.zones["area_m2"].tolist() == [20]  # what FOUR won elsewhere is not of 36.73


def cells(box: Box) -> set[tuple[int, int]]:
    west, south, east, north = box
    return {(x, y) for x in range(west, east) for y in range(south, north)}


BOXES = st.tuples(
    *[st.integers(0, 5), st.integers(0, 5), st.integers(1, 5), st.integers(1, 5)]
).map(lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3]))
LAYERS = st.dictionaries(st.sampled_from(CODES), BOXES, min_size=1)


@given(LAYERS, LAYERS)
def test_as_counted_cell_by_cell(a: dict[str, Box], b: dict[str, Box]) -> None:
    found = compare_layers(layer(a), layer(b), "36")

    ground_a, ground_b = ({c: cells(box) for c, box in each.items()} for each in (a, b))
    all_a, all_b = set().union(*ground_a.values()), set().union(*ground_b.values())
    zones = {(i, j): len(p & q) for i, p in ground_a.items() for j, q in ground_b.items() if i != j}
    zones |= {(i, ""): len(p - all_b) for i, p in ground_a.items()}
    zones |= {("", j): len(q - all_a) for j, q in ground_b.items()}
    told = {(z.code_a, z.code_b): z.area_m2 for z in found.zones.itertuples()}
    assert told == pytest.approx({pair: m2 for pair, m2 in zones.items() if m2 > 1})
    for code in a.keys() & b.keys():
        p, q = ground_a[code], ground_b[code]
        assert found.villages.loc[code, "iou"] == pytest.approx(len(p & q) / len(p | q))
    for code, p in ground_a.items():
        others = sum(len(p & q) for j, q in ground_b.items() if j != code)
        assert found.villages.loc[code, "elsewhere_share"] == pytest.approx(others / len(p))
        assert found.villages.loc[code, "outside_share"] == pytest.approx(len(p - all_b) / len(p))
    assert np.isnan(found.villages.loc[sorted(b.keys() - a.keys()), "iou"]).all()
