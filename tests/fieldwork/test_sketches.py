"""Villages on paper: in the frame, to scale, and a mark only where a visit has a point."""

import math

import pytest

from geo_target.fieldwork.sketches import Sketch, VillageOutline, sketch
from tests.fieldwork.carried import on_paper

#: A hundredth of a degree: 1,112 m of latitude, and near the equator as much of longitude.
STEP_M = math.radians(0.01) * 6_371_008.8


def square(code: str, west: float, south: float = 0.0, name: str = "") -> VillageOutline:
    east, north = west + 0.01, south + 0.01
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return VillageOutline(code, name or code, [ring], (west + 0.005, south + 0.005))


def drawn(*args: object, **also: object) -> Sketch:
    found = sketch(*args, **also)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_square_village_is_square_in_the_middle_and_north_is_up() -> None:
    found = drawn([square("V", 106.0)], [on_paper("A", village_code="V")],
                  width_mm=100, height_mm=80)  # fmt: skip
    (village,) = found.villages
    (ring,) = village.rings
    assert ring[0] == pytest.approx((16, 74), abs=0.02)  # south-west
    assert ring[2] == pytest.approx((84, 6), abs=0.02)
    assert village.label == pytest.approx((50, 40), abs=0.02)
    assert village.visits == 1


def test_the_scale_is_that_of_the_drawing() -> None:
    found = drawn([square("V", 106.0)], [on_paper("A", village_code="V")],
                  width_mm=100, height_mm=80)  # fmt: skip
    assert found.scale_m == 200  # 500 m would be more than a quarter of the width
    assert found.scale_mm == pytest.approx(200 * 68 / STEP_M, abs=0.01)


def test_far_from_the_equator_a_degree_of_longitude_is_shorter() -> None:
    found = drawn([square("V", 10.0, 59.995)], [on_paper("A", village_code="V")],
                  width_mm=100, height_mm=80)  # fmt: skip
    (ring,) = found.villages[0].rings
    wide, high = ring[1][0] - ring[0][0], ring[1][1] - ring[2][1]
    assert wide / high == pytest.approx(0.5, abs=0.001)


def test_marks_are_of_visits_with_a_point_under_their_number_on_the_list() -> None:
    visits = [
        on_paper("A", village_code="V"),
        on_paper("B", village_code="V", lon=106.005, lat=0.005),
        on_paper("C", village_code="elsewhere", lon=106.005, lat=0.005),
    ]
    found = drawn([square("V", 106.0)], visits, width_mm=100, height_mm=80)
    ((x, y, number),) = found.marks
    assert (x, y) == pytest.approx((50, 40), abs=0.02)
    assert number == 2
    assert [v.visits for v in found.villages] == [2]


def test_neighbors_are_drawn_where_the_frame_shows_them() -> None:
    outlines = [square("V", 106.0), square("next", 106.01), square("far", 107.0)]
    found = drawn(outlines, [on_paper("A", village_code="V")])
    assert [(v.name, v.visits) for v in found.villages] == [("V", 1), ("next", 0)]


def test_without_an_outline_there_is_no_sketch() -> None:
    assert sketch([], [on_paper("A", village_code="V")]) is None
    assert sketch([square("W", 106.0)], [on_paper("A", village_code="V")]) is None
    empty = VillageOutline("V", "V", [], (106.0, 0.0))
    assert sketch([empty], [on_paper("A", village_code="V")]) is None


def test_a_hamlet_is_not_drawn_larger_than_400_m() -> None:
    ring = [(106.0, 0.0), (106.0001, 0.0), (106.0001, 0.0001)]
    found = drawn([VillageOutline("V", "V", [ring], ring[0])], [on_paper("A", village_code="V")],
                  width_mm=112, height_mm=112)  # fmt: skip
    assert found.scale_m == 100
    assert found.scale_mm == pytest.approx(25)


def test_vertices_that_paper_cannot_tell_apart_are_one() -> None:
    fine = [(106.0 + i * 1e-7, 0.0) for i in range(1000)]
    ring = [*fine, (106.01, 0.0), (106.01, 0.01), (106.0, 0.01)]
    found = drawn([VillageOutline("V", "V", [ring], ring[0])], [on_paper("A", village_code="V")])
    assert len(found.villages[0].rings[0]) < 10
