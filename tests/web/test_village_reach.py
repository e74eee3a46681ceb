"""How far a point lies from its village: counted on a square that a person can draw."""

import pytest

from geo_target.web.village_reach import meters_to

#: A square of 0.02 degrees at the equator, with a hole of 0.01 in its middle.
OUTER = [[0.0, 0.0], [0.02, 0.0], [0.02, 0.02], [0.0, 0.02], [0.0, 0.0]]
HOLE = [[0.005, 0.005], [0.015, 0.005], [0.015, 0.015], [0.005, 0.015], [0.005, 0.005]]
DEGREE_M = 111_195.08


@pytest.mark.parametrize(
    ("lon", "lat", "meters"),
    [
        (0.001, 0.001, 0.0),
        (0.01, 0.01, 0.005 * DEGREE_M),  # in the hole
        (0.03, 0.01, 0.01 * DEGREE_M),
        (-0.003, -0.004, 0.005 * DEGREE_M),  # from a corner: 3, 4, 5
        (0.01, 0.07, 0.05 * DEGREE_M),
    ],
)
def test_meters_to_a_square_with_a_hole(lon: float, lat: float, meters: float) -> None:
    assert meters_to(lon, lat, [OUTER, HOLE]) == pytest.approx(meters, rel=1e-4, abs=0.01)
