import pytest

from geo_target.crs import metric_crs


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [(106.15, -6.12, 32748), (105.9, 5.5, 32648), (-179.9, 10, 32601), (180, -10, 32760)],
)
def test_the_zone_of_a_place(lon: float, lat: float, epsg: int) -> None:
    assert metric_crs(lon, lat).to_epsg() == epsg


@pytest.mark.parametrize(("lon", "lat"), [(622_000, 9_322_000), (106, -85), (float("nan"), 0)])
def test_no_zone_for_what_is_no_place(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="no UTM zone"):
        metric_crs(lon, lat)
