import numpy as np
import pytest
import shapely

from geo_target.places.boundaries import read_boundaries
from geo_target.places.gazetteer import villages_of
from tests.demo.worlds import rows_of, small, truth_of


@pytest.mark.parametrize("area", ["36.73", "36.73.02", "36.01"])
def test_everybody_lives_inside_their_village(area: str) -> None:
    truth = truth_of(small(area=area))
    shapes = read_boundaries(None, area=area).villages.geometry

    mine = np.asarray(shapes.loc[truth.true_village_code])
    assert shapely.contains_xy(mine, truth.lon.to_numpy(), truth.lat.to_numpy()).all()


def test_a_few_state_another_village_of_the_same_district() -> None:
    truth = truth_of(small(families=6_000))
    moved = truth[truth.true_village_code != truth.stated_village_code]

    assert len(moved) / len(truth) == pytest.approx(0.02, abs=0.01)
    assert (moved.true_village_code.str[:8] == moved.stated_village_code.str[:8]).all()


@pytest.mark.parametrize(("share", "points"), [(1.0, 88), (0.4, 35), (0.013, 1)])
def test_points_are_of_the_world_and_of_nobody_else(share: float, points: int) -> None:
    folder = small(located=share)
    truth, written = truth_of(folder), rows_of(folder, "titik").set_index("id_keluarga_p3ke")

    assert len(written) == points
    assert set(written.index) == set(truth.index[truth.has_point])
    mine = truth.loc[written.index]
    lon, lat = written.bujur.astype(float), written.lintang.astype(float)
    meters = np.hypot((lon - mine.lon) * 110_700, (lat - mine.lat) * 110_600)
    assert meters.max() < 25
    assert (written.bujur.str.split(".").str[1].str.len() == 6).all()
    shapes = read_boundaries(None, area="36.73").villages.geometry
    homes = np.asarray(shapes.loc[mine.true_village_code])
    assert shapely.contains_xy(homes, lon.to_numpy(), lat.to_numpy()).all()


def test_without_points_there_is_no_list_of_them() -> None:
    folder = small(located=0.0)

    assert not truth_of(folder).has_point.any()
    assert not list((folder / "lists").glob("titik.*"))
    assert "titik.csv" not in (folder / "geo-target.toml").read_text("utf-8")


def test_points_and_spoiled_keys_leave_the_world_as_it_is() -> None:
    plain = truth_of(small())
    changed = truth_of(small(located=1.0, unmatched=0.17)).loc[plain.index]

    assert plain.drop(columns=["has_point", "coverage_state"]).equals(
        changed.drop(columns=["has_point", "coverage_state"])
    )


def test_hamlets_are_small_and_apart() -> None:
    folder = small(families=2_000, area="36.73.06")
    truth = truth_of(folder)
    poor = truth[(truth.welfare_class == "extreme_poor") & truth.hamlet_id.notna()]
    longest = [
        np.hypot(rows.lon - rows.lon.mean(), rows.lat - rows.lat.mean()).max() * 110_700
        for _, rows in poor.groupby("hamlet_id")
    ]

    assert np.median(longest) < 400


def test_an_rw_is_one_place() -> None:
    truth = truth_of(small(families=6_000))
    deviation = truth.groupby(["true_village_code", "rw"])[["lon", "lat"]].std().max(axis=1)
    village = truth.groupby("true_village_code")[["lon", "lat"]].std().max(axis=1)

    assert deviation.median() < village.median()
    assert len(village) == len(villages_of("36.73"))
