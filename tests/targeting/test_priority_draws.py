import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.targeting.indicators import read_indicators, reweighted
from geo_target.targeting.priority import columns_of
from geo_target.targeting.priority_draws import Draws, _posterior, _smoothed, _World, rank_draws
from geo_target.targeting.rates import smoothed_rates
from tests.quickness import fastest

OURS = read_indicators()


def villages(
    uncovered: list[float | None], covered: list[float | None], unmatched: list[float | None]
) -> pd.DataFrame:
    table = pd.DataFrame(
        {"uncovered_families": uncovered, "covered_families": covered,
         "unmatched_families": unmatched},
        index=pd.Index([f"36.{place:04d}" for place in range(len(uncovered))], name="village_code"),
        dtype="Int64",
    )  # fmt: skip
    compared = table["uncovered_families"] + table["covered_families"]
    return table.assign(
        smoothed_exclusion_error=smoothed_rates(
            table["uncovered_families"].astype("Float64"), compared.astype("Float64")
        )
    )


def world(size: int, times: int = 1, unmatched: int = 0) -> pd.DataFrame:
    """Villages of 10 compared families, `times` as many, from few uncovered to most."""
    uncovered = [times * (1 + 8 * place // size) for place in range(size)]
    covered = [times * 10 - count for count in uncovered]
    return villages([*uncovered], [*covered], [unmatched] * size)


def test_who_is_far_ahead_is_always_first() -> None:
    table = villages([500, 10, 9, 8, 7], [20, 200, 200, 200, 200], [0] * 5)
    found = rank_draws(table, OURS, draws=Draws(first=1))
    assert found["first_share"].tolist() == [1, 0, 0, 0, 0]
    assert (found["rank_low"].iloc[0], found["rank_high"].iloc[0]) == (1, 1)
    assert (found["rank_low"] <= found["rank_high"]).all()


def test_shares_add_up_to_the_first_places() -> None:
    found = rank_draws(world(12, times=10), OURS, draws=Draws(first=3))
    assert found["first_share"].sum() >= 3 - 1e-9  # more where equals share the third place
    assert found["first_share"].sum() < 3.6
    assert found["first_share"].between(0, 1).all()


def test_stability_falls_with_small_counts() -> None:
    first = {
        times: rank_draws(world(20, times), OURS)["first_share"].nlargest(10).mean()
        for times in (1, 10, 100)
    }
    assert first[1] < first[10] < first[100]
    wide = {
        times: (found["rank_high"] - found["rank_low"]).mean()
        for times in (1, 10, 100)
        for found in [rank_draws(world(20, times), OURS)]
    }
    assert wide[1] > wide[10] > wide[100]


def test_what_could_not_be_compared_is_doubt() -> None:
    known, doubtful = (
        rank_draws(world(20, times=30, unmatched=unmatched), OURS) for unmatched in (0, 300)
    )
    width = [(found["rank_high"] - found["rank_low"]).mean() for found in (known, doubtful)]
    assert width[1] > 1.3 * width[0]
    assert doubtful["first_share"].max() < known["first_share"].max()


def test_weights_that_are_less_sure_make_ranks_less_sure() -> None:
    # Many families, few of them missed, against few families, most of them missed.
    table = villages([3_000, 2_000, 100], [7_000, 1_500, 10], [0] * 3)
    sure, unsure = (
        rank_draws(table, reweighted(OURS, {"burden": 1, "missed": 1}),
                   draws=Draws(first=1, concentration=concentration))["first_share"]
        for concentration in (1e6, 2.0)
    )  # fmt: skip
    assert sure.max() > unsure.max()
    assert unsure.min() > sure.min()


def test_a_weight_of_0_stays_0() -> None:
    table = world(8, times=1_000).assign(access_minutes=[80.0, *[0.0] * 7])
    found = rank_draws(table, OURS, draws=Draws(first=1))
    assert found["first_share"].iloc[0] == 0


def test_what_no_count_enters_is_not_drawn() -> None:
    by_access = reweighted(OURS, {"burden": 0, "missed": 0, "per_family": 0, "access": 1})
    table = world(4).assign(access_minutes=[10.0, 40.0, 20.0, 30.0])
    found = rank_draws(table, by_access, draws=Draws(first=1))
    assert found["rank_low"].tolist() == found["rank_high"].tolist() == [4, 1, 3, 2]


def test_counts_per_something_are_drawn_with_what_they_are_per() -> None:
    by_density = reweighted(OURS, {"burden": 0, "missed": 0, "per_family": 0, "density": 1})
    km2 = pd.Series([1.0, 100.0, 4.0, 0.0], index=world(4).index)
    table = world(4, times=5).assign(uncovered_per_km2=[5.0, 0.15, 6.25, 0.0])
    held, drawn = (
        rank_draws(table, by_density, per, draws=Draws(first=1))
        for per in (None, {"uncovered_per_km2": km2})
    )
    assert held["first_share"].tolist() == [0, 0, 1, 0]
    assert 0 < drawn["first_share"].iloc[0] < drawn["first_share"].iloc[2] <= 1
    assert drawn["rank_low"].iloc[1] >= 2


def test_the_order_of_rows_and_the_run_change_nothing() -> None:
    table = world(15, times=3, unmatched=4)
    found = rank_draws(table, OURS)
    shuffled = table.sample(frac=1, random_state=3)
    again = rank_draws(shuffled, OURS)
    assert again.index.tolist() == shuffled.index.tolist()
    pd.testing.assert_frame_equal(again.sort_index(), found, check_exact=True)
    other = rank_draws(table, OURS, draws=Draws(seed=5))
    assert not other.equals(found)


def test_a_village_that_is_not_ranked_is_as_if_it_were_not_there() -> None:
    table = world(9, times=3, unmatched=4)
    whole = [*table["uncovered_families"]]
    for true_count in (1, 4):
        withheld = villages(
            [*whole, None], [*table["covered_families"], 20], [*[4.0] * 9, true_count]
        )
        found = rank_draws(withheld, OURS)
        assert found.iloc[-1].isna().all()
        without = rank_draws(withheld.iloc[:-1], OURS)
        pd.testing.assert_frame_equal(found.iloc[:-1], without, check_exact=True)


def test_who_is_ranked_and_lacks_a_count_stands_as_it_is_without_a_result() -> None:
    table = villages([50, 500, 10, 20], [40, 20, 90, 80], [0, None, 0, 0])
    found = rank_draws(table, OURS, draws=Draws(first=1))
    assert found.iloc[1].isna().all()
    # It is first in every draw, so the others are not.
    assert found["first_share"].dropna().tolist() == [0, 0, 0]
    assert found["rank_low"].dropna().min() == 2


def test_nobody_at_all() -> None:
    empty = villages([], [], [])
    assert rank_draws(empty, OURS).empty
    withheld = villages([None, None], [3, 4], [0, 0])
    assert rank_draws(withheld, reweighted(OURS, {"missed": 0})).isna().all(axis=None)


PLACES = st.lists(
    st.integers(0, 60).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))),
    min_size=1,
    max_size=8,
)


@given(PLACES)
def test_rates_of_a_draw_are_smoothed_as_those_of_the_table(places: list[tuple[int, int]]) -> None:
    events, base = (np.array(numbers, dtype=np.float64) for numbers in zip(*places, strict=True))
    expected = smoothed_rates(pd.Series(events), pd.Series(base)).fillna(0).to_numpy()
    drawn = _smoothed(np.array([events, base - events]), base)
    assert drawn[0] == pytest.approx(expected)
    # A village's share is drawn from between its own and the area's.
    alpha, beta = _posterior(events, base)
    mean = events.sum() / max(base.sum(), 1)
    own = np.where(base > 0, events / np.maximum(base, 1), mean)
    share = alpha / (alpha + beta)
    assert (share >= np.minimum(own, mean) - 1e-5).all()
    assert (share <= np.maximum(own, mean) + 1e-5).all()


def test_counts_are_drawn_around_what_was_counted() -> None:
    # 30 of 100 and 70 of 100, and up to 20 more: 10 on average.
    table = villages([30, 70], [70, 30], [20, 20])
    drawn = _World.of(table, {}).drawn(np.random.default_rng(1), 20_000)["uncovered_families"]
    assert drawn.mean(axis=0).tolist() == pytest.approx([40, 80], abs=1.5)
    # Binomial twice (of the share, and of the count), and uniform.
    assert drawn.std(axis=0).tolist() == pytest.approx([(2 * 21 + 36.7) ** 0.5] * 2, rel=0.1)
    assert drawn.min() >= 0
    assert drawn.max() <= 120


def test_a_thousand_draws_of_a_province() -> None:
    generator = np.random.default_rng(1)
    base = generator.integers(1, 400, 1_552)
    uncovered = generator.binomial(base, generator.beta(4, 6, 1_552))
    table = villages([*uncovered], [*(base - uncovered)], [*generator.integers(0, 60, 1_552)])
    assert fastest(lambda: rank_draws(table, OURS)) < 2
    found = rank_draws(table, OURS)
    assert found["first_share"].sum() == pytest.approx(10, abs=0.5)
    assert columns_of(found, ["rank_low"])["rank_low"].min() == 1
