"""Geometry of charts, of tables that a person can count."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.web.charts import WIDTH, Combination, Item, bars, overlaps, steps, ticks
from geo_target.web.line_charts import Goal, Point, Series, lines


def item(label: str, value: float | None, **others: str) -> Item:
    return Item(label, value, "tidak ditampilkan" if value is None else f"{value:g}", **others)


def series(*values: float | None, name: str = "satu", breaks: tuple[float, ...] = ()) -> Series:
    points = [Point(x, value, f"{value}", f"hari {x}") for x, value in enumerate(values)]
    return Series(name, "first", points, frozenset(breaks))


def write(value: float) -> str:
    return f"{value:g}"


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (3784, [0, 1000, 2000, 3000, 4000]),
        (4000, [0, 1000, 2000, 3000, 4000]),
        (4001, [0, 2000, 4000, 6000]),
        (7, [0, 2, 4, 6, 8]),
        (0.43, [0, 0.2, 0.4, 0.6]),
        (1.5, [0, 0.5, 1, 1.5]),
        (0, [0, 1]),
    ],
)
def test_ticks_are_round(most: float, expected: list[float]) -> None:
    assert ticks(most) == pytest.approx(expected)


def test_families_are_not_halved_by_ticks() -> None:
    assert ticks(1, least=1) == [0, 1]
    assert ticks(0, least=1) == [0, 1]
    assert ticks(0.012, least=0.01) == [0, 0.01, 0.02]


@given(st.floats(1e-6, 1e9))
def test_ticks_reach_every_value_and_are_few(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most * (1 - 1e-6)
    assert 2 <= len(found) <= 6


def test_bars_are_as_long_as_their_counts() -> None:
    chart = bars([item("A", 100), item("B", 50), item("C", 0), item("D", None)])
    a, b, c, d = chart.bars
    assert b.width == pytest.approx(a.width / 2)
    assert c.width == 0
    assert 0 < d.width < a.width
    assert [bar.value.words for bar in chart.bars] == ["100", "50", "0", "tidak ditampilkan"]
    assert a.y < b.y < c.y < d.y < chart.height


def test_a_withheld_bar_is_of_one_length_whatever_it_hides() -> None:
    """Neither the other bars nor the scale tell it."""
    few, many = (bars([item("A", most), item("B", None)]).bars[1].width for most in (10, 10_000))
    assert few == many


def test_charts_side_by_side_share_a_scale() -> None:
    alone = bars([item("A", 50)]).bars[0]
    beside = bars([item("A", 50)], most=100).bars[0]
    assert beside.width == pytest.approx(alone.width / 2)


def test_groups_have_one_head_each() -> None:
    chart = bars([item("A", 1, group="X"), item("B", 2, group="X"), item("A", 3, group="Y")])
    assert [text.words for text in chart.texts if text.key == "head"] == ["X", "Y"]


def test_a_long_label_has_lines_of_its_own_and_an_end() -> None:
    chart = bars([item("kata " * 60, 1), item("pendek", 2)])
    labels = [text.words for text in chart.texts if text.key == "label"]
    assert len(labels) == 3
    assert labels[1].endswith("…")
    assert max(map(len, labels)) <= 48


@given(st.lists(st.none() | st.integers(0, 10**7), max_size=12))
def test_nothing_is_drawn_outside(values: list[int | None]) -> None:
    chart = bars([item(f"Kecamatan {number}", value) for number, value in enumerate(values)])
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert bar.y + bar.height <= chart.height
    assert all(0 <= text.y <= chart.height for text in chart.texts)


def test_overlaps_stand_over_the_sets_that_they_are_of() -> None:
    chart = overlaps(
        ["DTSEN", "P3KE"],
        [Combination(["DTSEN"], item("DTSEN", 80)),
         Combination(["DTSEN", "P3KE"], item("DTSEN + P3KE", 20)),
         Combination(["P3KE"], item("P3KE", None))],
        write,
    )  # fmt: skip
    one, both, held = chart.bars
    assert one.height == pytest.approx(both.height * 4)
    assert held.value.words == ""
    assert held.item.words == "tidak ditampilkan"
    there = {(dot.x, dot.y) for dot in chart.dots if dot.is_there}
    assert len(chart.dots) == 6
    assert len(there) == 4
    assert len(chart.links) == 1  # of the one that is in both
    assert chart.links[0][0] == both.value.x
    assert one.x + one.width < both.x


def test_a_line_ends_at_a_gap_and_at_a_break() -> None:
    chart = lines([series(1, 2, None, 4, 3, 5, breaks=(5,))], write, at=[])
    parts = [len(part.split()) for part in chart.lines[0].parts]
    assert parts == [2, 2, 1]
    assert [gap.point.x for gap in chart.gaps] == [2]
    dots = chart.lines[0].dots
    assert [dot.point.x for dot in dots] == [0, 1, 3, 4, 5]
    (broken,) = chart.breaks
    assert broken == pytest.approx((dots[3].x + dots[4].x) / 2)


def test_a_line_begins_at_zero() -> None:
    low, high = lines([series(10, 20)], write, at=[]).lines[0].dots
    chart = lines([series(10, 20)], write, at=[])
    assert chart.foot - high.y == pytest.approx((chart.foot - low.y) * 2)


def test_one_point_is_a_point_in_the_middle() -> None:
    chart = lines([series(7)], write, at=[(0, "Okt")])
    assert len(chart.lines[0].dots) == 1
    assert chart.left < chart.lines[0].dots[0].x < chart.right
    assert {"7", "Okt"} <= {text.words for text in chart.texts}


def test_no_point_at_all_is_an_empty_field() -> None:
    chart = lines([series(None)], write, at=[(0, "Okt")])
    assert chart.lines[0].parts == []
    assert len(chart.gaps) == 1
    assert lines([], write, at=[]).lines == []


def test_of_many_points_the_first_and_last_are_written() -> None:
    chart = lines([series(*range(1, 11))], write, at=[(x, str(x)) for x in range(10)])
    assert [text.words for text in chart.texts if text.key == "value"] == ["1", "10"]


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30))
def test_places_are_written_as_far_as_there_is_room(places: list[float]) -> None:
    chart = lines([series(1, 2)], write, at=[(x, "15 Okt 25") for x in places])
    below = [text for text in chart.texts if text.y > chart.foot + 10]
    assert 1 <= len(below) <= 5
    assert all(one.x + 7 * len(one.words) < next_.x for one, next_ in pairwise(below))


def test_goals_are_part_of_the_scale() -> None:
    goals = [Goal(9, 4.5, 20, "RPJMN", "4,5 % – 20 %")]
    chart = lines([series(1, 2)], write, at=[], goals=goals)
    x, high, low, _goal = chart.goals[0]
    assert x > chart.lines[0].dots[-1].x
    assert chart.top <= high < low < chart.foot


@given(st.lists(st.none() | st.floats(0, 1e7), min_size=1, max_size=40))
def test_every_point_of_a_line_is_inside(values: list[float | None]) -> None:
    chart = lines([series(*values)], write, at=[(x, "Okt") for x in range(len(values))])
    for part in chart.lines[0].parts:
        for x, y in re.findall(r"([\d.]+),([\d.]+)", part):
            assert chart.left <= float(x) <= chart.right
            assert chart.top - 0.1 <= float(y) <= chart.foot + 0.1
    assert sum(len(part.split()) for part in chart.lines[0].parts) + len(chart.gaps) == len(values)


def test_a_step_begins_where_the_one_before_it_ended() -> None:
    """10 less 4, and 2 more, is 8."""
    chart = steps(item("dulu", 10), [item("kurang", -4), item("lebih", 2)], item("kini", 8))
    first, less, more, last = chart.bars
    unit = first.width / 10
    assert [bar.width / unit for bar in chart.bars] == pytest.approx([10, 4, 2, 8])
    assert (first.x, last.x) == (0, 0)
    assert less.x / unit == pytest.approx(6)
    assert more.x / unit == pytest.approx(6)
    assert all(bar.value.x + 7.2 * len(bar.value.words) <= WIDTH for bar in chart.bars)


def test_steps_of_nobody_are_drawn_too() -> None:
    chart = steps(item("dulu", 0), [], item("kini", 0))
    assert [bar.width for bar in chart.bars] == [0, 0]
