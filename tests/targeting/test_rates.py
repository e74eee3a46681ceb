import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma

from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.rates import (
    rate_intervals,
    smoothed_rates,
    spatial_rate_intervals,
    village_rates,
)
from tests.targeting.village_grids import (
    contiguity_of,
    counted,
    example_of_libpysal,
    square_of_villages,
    villages_at,
)

#: Printed in esda's documentation of Empirical_Bayes and Spatial_Empirical_Bayes.
EMPIRICAL_BAYES = [
    2.36718950e-05, 4.54539167e-05, 4.78114019e-05, 2.76907146e-05, 6.58989323e-05,
    3.66494122e-05, 5.79952721e-05, 2.03064590e-05, 3.31152999e-05, 3.02748380e-05,
]  # fmt: skip
SPATIAL_EMPIRICAL_BAYES = [
    4.01485749e-05, 3.62437513e-05, 4.93034844e-05, 5.09387329e-05, 3.72735210e-05,
    3.69333797e-05, 5.40245456e-05, 2.99806055e-05, 3.73034109e-05, 3.47270722e-05,
]  # fmt: skip


def homicides() -> tuple[pd.Series, pd.Series]:
    """Of 78 counties around St. Louis, 1979-84, and their inhabitants."""
    _, table = example_of_libpysal("stl.gal", "stl_hom.csv")
    table.index = pd.Index([f"{number:03}" for number in range(len(table))])
    return table["HC7984"].astype("int64"), table["PO7984"].astype("int64")


def test_the_printed_digits_of_empirical_bayes() -> None:
    assert smoothed_rates(*homicides())[:10].tolist() == pytest.approx(EMPIRICAL_BAYES, rel=1e-8)


def test_the_printed_digits_of_spatial_empirical_bayes() -> None:
    neighbors, _ = example_of_libpysal("stl.gal", "stl_hom.csv")
    drawn = spatial_rate_intervals(*homicides(), contiguity_of(neighbors))
    assert drawn["rate"][:10].tolist() == pytest.approx(SPATIAL_EMPIRICAL_BAYES, rel=1e-8)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
                min_size=9, max_size=9))  # fmt: skip
def test_the_same_as_esdas_spatial_empirical_bayes(places: list[tuple[int, int]]) -> None:
    from esda.smoothing import (  # type: ignore[import-untyped]  # noqa: PLC0415
        Spatial_Empirical_Bayes,
    )
    from libpysal.graph import Graph  # type: ignore[import-untyped]  # noqa: PLC0415

    contiguity = find_contiguity(square_of_villages(3))
    events, base = (pd.Series(each, contiguity.codes) for each in zip(*places, strict=True))
    found = spatial_rate_intervals(events, base, contiguity)["rate"].to_numpy()
    with np.errstate(all="ignore"):  # esda divides 0 by 0 where a neighborhood has no event
        theirs = Spatial_Empirical_Bayes(
            events.to_numpy(), base.to_numpy(), Graph.from_sparse(contiguity.matrix).to_W()
        ).r.ravel()
    assert found == pytest.approx(np.nan_to_num(theirs), abs=1e-9)


# Uncovered: 1 of 10 | 1 of 10 | 9 of 10
ROW = {"A": (0, 0), "B": (1, 0), "C": (2, 0)}


def test_a_village_is_drawn_to_its_neighbors_alone() -> None:
    events, base = pd.Series([1, 1, 9], list("ABC")), pd.Series([10, 10, 10], list("ABC"))
    drawn = spatial_rate_intervals(events, base, find_contiguity(villages_at(ROW)))
    assert drawn["rate"]["A"] == 0.1  # of A and B
    assert 0.1 < drawn["rate"]["B"] < 11 / 30  # of all three
    assert 0.5 < drawn["rate"]["C"] < 0.9  # of B and C


@pytest.mark.parametrize(("events", "base"), [(None, 10), (1, None), (0, 0)])
def test_a_neighbor_without_numbers_is_none(events: int | None, base: int | None) -> None:
    drawn = spatial_rate_intervals(
        pd.Series([1, events, 9], list("ABC"), dtype="Int64"),
        pd.Series([10, base, 10], list("ABC"), dtype="Int64"),
        find_contiguity(villages_at(ROW)),
    )
    # A and C, a kilometer apart, are neighbors then.
    expected = spatial_rate_intervals(
        pd.Series([1, 9], list("AC")),
        pd.Series([10, 10], list("AC")),
        find_contiguity(villages_at({"A": (0, 0), "C": (2, 0)})),
    )
    assert drawn.loc["B"].isna().all()
    pd.testing.assert_frame_equal(drawn.loc[["A", "C"]], expected)


def test_a_place_without_numbers_has_no_part_in_the_rates_of_others() -> None:
    events = pd.Series([2, 60, 100, None, 7], dtype="Int64")
    base = pd.Series([3, 90, 300, 40, None], dtype="Int64")
    drawn = rate_intervals(events, base)
    assert drawn.loc[[3, 4]].isna().all(axis=None)
    pd.testing.assert_frame_equal(drawn[:3], rate_intervals(events[:3], base[:3]))


def test_the_interval_is_that_of_the_rates_gamma_distribution() -> None:
    events, base = pd.Series([2.0, 60, 100]), pd.Series([3.0, 90, 300])
    mean = 162 / 393
    variance = (base * (events / base - mean) ** 2).sum() / 393 - mean / 131
    drawn = rate_intervals(events, base)
    for place in range(3):
        # Bayes' rule written out: prior Gamma(mean² / v, mean / v) times Poisson's likelihood.
        def density(rate: float, y: float = events[place], n: float = base[place]) -> float:
            prior = gamma.logpdf(rate, mean**2 / variance, scale=variance / mean)
            return math.exp(prior + y * math.log(n * rate) - n * rate - math.lgamma(y + 1))

        low, high = drawn.loc[place, ["low", "high"]]
        whole = quad(density, 1e-9, 5, limit=200)[0]
        assert quad(density, 1e-9, low)[0] / whole == pytest.approx(0.025, abs=1e-4)
        assert quad(density, 1e-9, high)[0] / whole == pytest.approx(0.975, abs=1e-4)
        weighed = quad(lambda rate: rate * density(rate), 1e-9, 5, limit=200)[0]
        assert drawn.loc[place, "rate"] == pytest.approx(weighed / whole, rel=1e-4)
    assert drawn["rate"].tolist() == smoothed_rates(events, base).tolist()


def test_places_that_share_one_rate_share_its_interval() -> None:
    # 10 of 100: Garwood's interval of a count of 10 is 4.7954 to 18.3904.
    drawn = rate_intervals(pd.Series([5, 5]), pd.Series([50, 50]))
    assert drawn["rate"].tolist() == [0.1, 0.1]
    assert drawn["low"].tolist() == pytest.approx([0.047954] * 2, abs=1e-6)
    assert drawn["high"].tolist() == pytest.approx([0.183904] * 2, abs=1e-6)


def test_no_interval_reaches_beyond_all_families() -> None:
    drawn = rate_intervals(pd.Series([9, 9]), pd.Series([10, 10]))
    assert drawn["high"].tolist() == [1, 1]


def test_nobody_uncovered_is_not_for_certain_nobody() -> None:
    drawn = rate_intervals(pd.Series([0, 0]), pd.Series([50, 50]))
    assert drawn[["rate", "low"]].to_numpy().tolist() == [[0, 0]] * 2
    assert drawn["high"].tolist() == pytest.approx([0.03688879] * 2)  # -ln 0.025 of 100


@given(st.lists(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
                min_size=1))  # fmt: skip
def test_the_interval_holds_the_rate_and_shares_are_shares(places: list[tuple[int, int]]) -> None:
    events, base = (pd.Series(each) for each in zip(*places, strict=True))
    drawn = rate_intervals(events, base)
    assert (drawn["low"] >= 0).all()
    assert (drawn["low"] <= drawn["rate"]).all()
    assert (drawn["rate"] <= drawn["high"] + 1e-12).all()
    assert (drawn["high"] <= 1).all()


def test_intervals_hold_the_true_rates() -> None:
    """Of 300 places whose true rates vary, about 95 % lie in their intervals."""
    rng = np.random.default_rng(1)
    true = rng.gamma(8, 0.02, 300)
    base = rng.integers(5, 200, 300)
    events = np.minimum(rng.poisson(true * base), base)
    _, low, high = rate_intervals(pd.Series(events), pd.Series(base)).to_numpy().T
    assert 0.92 <= np.mean((low <= true) & (true <= high)) <= 0.98


def test_rates_by_village() -> None:
    villages = counted(villages_at(ROW), [1, 1, None], [9, 9, 1])
    found = village_rates(villages, find_contiguity(villages))
    assert found.denominator == "families"
    assert found.frame["uncovered_per_km2"].tolist()[:2] == pytest.approx([1, 1], rel=1e-6)
    assert found.frame["uncovered_per_1000_families"].tolist()[:2] == [10, 10]
    assert found.frame.loc["C"].isna().all()
    assert found.frame["spatial_exclusion_error"].tolist()[:2] == [0.1, 0.1]
    low_high = found.frame[["exclusion_error_low", "exclusion_error_high"]]
    spatial = found.frame[["spatial_exclusion_error_low", "spatial_exclusion_error_high"]]
    assert list(low_high.loc["A"]) == pytest.approx([0.012110, 0.361234], abs=1e-6)
    assert list(spatial.loc["A"]) == pytest.approx([0.012110, 0.361234], abs=1e-6)


def test_one_denominator_for_all_villages() -> None:
    villages = counted(villages_at(ROW), [1, 1, 2], [9, 9, 1])
    contiguity = find_contiguity(villages)
    whole = villages.assign(population_families=pd.array([500, 0, 250], dtype="Int64"))
    partly = villages.assign(population_families=pd.array([500, None, 250], dtype="Int64"))
    found = village_rates(whole, contiguity)
    assert found.denominator == "population_families"
    assert found.frame["uncovered_per_1000_families"].fillna(-1).tolist() == [2, -1, 8]
    found = village_rates(partly, contiguity)
    assert found.denominator == "families"
    assert found.frame["uncovered_per_1000_families"].tolist() == [10, 10, 20]


def test_the_order_of_the_places_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    base = pd.Series(rng.integers(1, 500, 1_000))
    events = pd.Series(rng.binomial(base, rng.beta(2, 5, 1_000)))
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(1_000)
        shuffled = rate_intervals(events[order], base[order]).sort_index()
        pd.testing.assert_frame_equal(shuffled, rate_intervals(events, base), check_exact=True)


def test_the_order_of_the_villages_does_not_matter() -> None:
    villages = square_of_villages(4)
    rng = np.random.default_rng(2)
    villages = counted(villages, rng.integers(0, 20, 16), rng.integers(0, 60, 16))
    contiguity = find_contiguity(villages)
    found = village_rates(villages, contiguity).frame
    shuffled = villages.sample(frac=1, random_state=3)
    again = village_rates(shuffled, find_contiguity(shuffled)).frame
    pd.testing.assert_frame_equal(found, again.loc[found.index], check_exact=True)


@pytest.mark.parametrize("uncovered", [[None, None, None], [0, 0, 0]])
def test_where_nothing_was_compared_there_is_no_rate(uncovered: list[int | None]) -> None:
    villages = counted(villages_at(ROW), uncovered, [0, 0, 0])
    found = village_rates(villages, find_contiguity(villages)).frame
    assert found.filter(like="error").isna().all(axis=None)
