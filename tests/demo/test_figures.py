from pathlib import Path

import pytest

from geo_target.demo.calibration import POPULATION_PERSONS, apportion, plan_world
from geo_target.errors import ConfigError
from tests.demo.worlds import city, rows_of, truth_of

SEEDS = [1, 7]


@pytest.fixture(params=SEEDS)
def kota_serang(request: pytest.FixtureRequest) -> Path:
    return city(request.param)


def test_published_totals_hold_for_any_seed(kota_serang: Path) -> None:
    truth = truth_of(kota_serang)

    poor = truth[truth.welfare_class == "extreme_poor"]
    assert poor.coverage_state.value_counts().to_dict() == {"covered": 5015, "uncovered": 3784}
    assert len(truth) == 60_000
    assert set(truth.welfare_class) == {"extreme_poor", "unknown"}
    assert truth.true_village_code.nunique() == 67
    assert len(set(zip(truth.true_village_code, truth.rw, strict=True))) == 618


def test_lists_have_the_published_rows(kota_serang: Path) -> None:
    rows = {name: len(rows_of(kota_serang, name)) for name in (
        "p3ke_keluarga", "dtsen_keluarga", "dtsen_anggota", "paket_sembako", "penduduk", "titik",
    )}  # fmt: skip

    assert rows == {
        "p3ke_keluarga": 8_799,
        "dtsen_keluarga": 60_000,
        "dtsen_anggota": 202_406,
        "paket_sembako": 5_611,
        "penduduk": 67,
        "titik": round(0.4 * 8_799),
    }


def test_districts_have_their_published_shares(kota_serang: Path) -> None:
    truth = truth_of(kota_serang)
    poor = truth[truth.welfare_class == "extreme_poor"]
    district = poor.stated_village_code.str[:8]

    assert district.value_counts().to_dict() == {
        "36.73.06": 2046, "36.73.02": 1637, "36.73.04": 1535, "36.73.01": 1330,
        "36.73.03": 1228, "36.73.05": 1023,
    }  # fmt: skip
    uncovered = district[poor.coverage_state == "uncovered"].value_counts()
    assert uncovered.index[:2].tolist() == ["36.73.06", "36.73.02"]
    packages = rows_of(kota_serang, "paket_sembako").KECAMATAN.value_counts()
    assert packages[["KASEMEN", "TAKTAKAN", "CIPOCOK JAYA", "WALANTAKA"]].tolist() == [
        1300, 1000, 800, 700,
    ]  # fmt: skip


def test_residents_add_up_to_the_published_number(kota_serang: Path) -> None:
    assert rows_of(kota_serang, "penduduk").PENDUDUK.astype(int).sum() == 759_929


def test_half_the_hamlets_are_missed_and_dense_enough_to_find(kota_serang: Path) -> None:
    truth = truth_of(kota_serang)
    poor = truth[(truth.welfare_class == "extreme_poor") & truth.hamlet_id.notna()]
    uncovered = poor.coverage_state == "uncovered"

    share = uncovered.groupby(poor.hamlet_is_missed).mean()
    assert 0.08 < share[False] < 0.28
    assert 0.60 < share[True] < 0.90
    missed = uncovered[poor.hamlet_is_missed].groupby(poor.hamlet_id).sum()
    assert 35 < len(missed) < 65
    assert (missed >= 8).mean() > 0.95
    scattered = truth[truth.welfare_class == "extreme_poor"].hamlet_id.isna().mean()
    assert scattered == pytest.approx(0.12, abs=0.01)


def test_at_least_six_villages_have_points_of_most_uncovered_families(kota_serang: Path) -> None:
    truth = truth_of(kota_serang)
    uncovered = truth[
        (truth.welfare_class == "extreme_poor") & (truth.coverage_state == "uncovered")
    ]

    share = uncovered.groupby("stated_village_code").has_point.mean()

    assert (share > 0.8).sum() >= 7
    assert (share < 0.8).sum() >= 30


def test_a_province_is_the_sum_of_its_regencies() -> None:
    plan = plan_world("36")

    assert len(plan.villages) == 1552
    assert plan.villages.population_persons.sum() == sum(POPULATION_PERSONS.values())
    serang = plan.villages[plan.villages.regency_code == "36.73"]
    assert serang.listed_weight.sum() == pytest.approx(8_799)
    assert plan.uncovered_families / plan.listed_families == pytest.approx(0.43, abs=0.001)


def test_everything_scales_with_the_families() -> None:
    plan = plan_world("36.73", families=6_000)

    assert (plan.persons, plan.listed_families, plan.uncovered_families, plan.packages) == (
        20_241, 880, 378, 561,
    )  # fmt: skip
    assert plan.villages.rw_count.sum() == 618


def test_too_few_families_are_refused() -> None:
    with pytest.raises(ConfigError, match="use at least 7"):
        plan_world("36.73", families=3)


@pytest.mark.parametrize(
    ("weights", "total", "shares"),
    [
        ([2000, 1600, 1500, 1300, 1200, 1000], 8799, [2046, 1637, 1535, 1330, 1228, 1023]),
        ([1, 1, 1], 2, [1, 1, 0]),
        ([0, 0], 3, [2, 1]),
        ([5, 0], 4, [4, 0]),
    ],
)
def test_apportion_by_largest_remainder(weights: list[int], total: int, shares: list[int]) -> None:
    assert apportion(weights, total).tolist() == shares


def test_truth_names_every_family_once() -> None:
    assert truth_of(city(1)).index.is_unique
