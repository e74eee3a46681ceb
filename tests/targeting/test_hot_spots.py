import time
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.sparse import csr_array

from geo_target.places.boundaries import read_boundaries
from geo_target.targeting.contiguity import Contiguity, find_contiguity
from geo_target.targeting.hot_spots import (
    FEWEST_VILLAGES,
    HotSpots,
    HotSpotSummary,
    _statistics,
    find_hot_spots,
    global_p_value,
    neighbor_p_values,
)
from tests.targeting.village_grids import (
    contiguity_of,
    counted,
    example_of_libpysal,
    square_of_villages,
    villages_at,
)

SIDE = 10
#: Nine villages in the middle of a hundred. Of the eight neighbors of its corners only three
#: belong to it, which is not rare; the other five have at least five.
BLOCK = [f"{north:02}.{east:02}" for north in (4, 5, 6) for east in (4, 5, 6)]
CROSS = {"04.05", "05.04", "05.05", "05.06", "06.05"}


@pytest.fixture(scope="module")
def squares() -> gpd.GeoDataFrame:
    return square_of_villages(SIDE)


@pytest.fixture(scope="module")
def contiguity(squares: gpd.GeoDataFrame) -> Contiguity:
    return find_contiguity(squares)


def world(squares: gpd.GeoDataFrame, seed: int, *, share: float, block: float) -> gpd.GeoDataFrame:
    """Each village compares 20 to 300 families, of which about `share` are uncovered."""
    rng = np.random.default_rng(seed)
    compared = rng.integers(20, 300, len(squares))
    shares = np.where(squares.index.isin(BLOCK), block, share)
    uncovered = rng.binomial(compared, shares)
    return counted(squares, uncovered, compared - uncovered)


def codes(found: HotSpots, column: str, label: str) -> set[str]:
    return set(found.frame.index[found.frame[column] == label])


# What others have published


def test_the_printed_gi_star_of_esda() -> None:
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    apart = np.hypot(*(points[:, None] - points).T)
    matrix = csr_array(((apart > 0) & (apart <= 15)).astype(int))
    values = np.array([2, 3, 3.2, 5, 8, 7])
    found = _statistics(values, values, values + 1, matrix)
    assert found.g_star.tolist() == pytest.approx(
        [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331], abs=5e-9
    )


def test_the_printed_morans_i_of_rates_of_esda() -> None:
    neighbors, table = example_of_libpysal("sids2.gal", "sids2.dbf")
    events, base = table[["SID79", "BIR79"]].to_numpy(dtype=float).T
    found = _statistics(events / base, events, base, contiguity_of(neighbors).matrix)
    assert f"{found.morans_i:6.4f}" == "0.1662"
    numbers = {"high-high": 1, "low-high": 2, "low-low": 3, "high-low": 4}
    assert [numbers[each] for each in found.quadrants[:10]] == [2, 4, 3, 1, 2, 1, 1, 4, 2, 4]


def test_p_values_are_those_of_esda_on_both_sides() -> None:
    """Of its own permutations esda counts the smaller side; where nothing is equal we double it."""
    from esda import G_Local, Moran_Local  # type: ignore[import-untyped]  # noqa: PLC0415
    from esda.crand import vec_permutations  # type: ignore[import-untyped]  # noqa: PLC0415

    neighbors, table = example_of_libpysal("stl.gal", "stl_hom.txt")
    rates = table["HR8893"].to_numpy(dtype=float)
    matrix = contiguity_of(neighbors).matrix
    most = int(np.diff(matrix.indptr).max())
    ours = neighbor_p_values(rates, matrix, vec_permutations(most, len(rates), 999, 12345))
    with pytest.warns(DeprecationWarning, match="alternative"):
        local = Moran_Local(rates, neighbors, permutations=999, seed=12345)
    with pytest.warns(DeprecationWarning, match="alternative"):
        g_star = G_Local(
            rates, neighbors, transform="B", star=True, permutations=999, seed=12345, n_jobs=1
        )
    for theirs in (local.p_sim, g_star.p_sim):
        # Two equal sums: which side is the smaller is then a matter of one of 999.
        assert ours == pytest.approx(np.minimum(2 * theirs, 1), abs=2 / 1000 + 1e-9)
        assert np.mean(np.isclose(ours, np.minimum(2 * theirs, 1))) > 0.9


# Permutations


def test_p_values_of_all_arrangements() -> None:
    # A row of five; the last has a 9. Of all arrangements of the others, counted out.
    matrix = csr_array(np.eye(5, k=1, dtype=int) + np.eye(5, k=-1, dtype=int))
    values = np.array([1.0, 2, 3, 4, 9])
    drawn = np.array(list(permutations(range(4), 2)))
    found = neighbor_p_values(values, matrix, drawn)
    # The fourth has 3 and 9 beside it: of 1, 2, 3, 9 only that gives 12, in 2 of 12 orders.
    assert found[3] == 2 * (2 + 1) / 13
    # The first has 2: a quarter of 2, 3, 4, 9 is at most that.
    assert found[0] == 2 * (3 + 1) / 13
    for village in range(5):
        others = np.delete(values, village)
        beside = [at for at in (village - 1, village + 1) if 0 <= at < 5]
        sums = [others[list(row[: len(beside)])].sum() for row in drawn]
        above = sum(each >= values[beside].sum() for each in sums)
        below = sum(each <= values[beside].sum() for each in sums)
        assert found[village] == min(1, 2 * (min(above, below) + 1) / 13)


def test_what_is_equal_is_not_rarer() -> None:
    """Most villages have 0: to have neighbors with 0 is nothing."""
    matrix = csr_array(np.eye(20, k=1, dtype=int) + np.eye(20, k=-1, dtype=int))
    values = np.zeros(20)
    values[[3, 4]] = 1
    rng = np.random.default_rng(1)
    drawn = np.array([rng.choice(19, 2, replace=False) for _ in range(999)])
    assert neighbor_p_values(values, matrix, drawn)[10] == 1


@pytest.mark.parametrize("beside", [[0.2, 0.4, 0.3], [0.1, 0.4, 0.2]])
def test_the_same_numbers_in_another_order_are_equal(beside: list[float]) -> None:
    # 0.2 + 0.4 + 0.3 is more than 0.3 + 0.4 + 0.2, and 0.1 + 0.4 + 0.2 less than the reverse.
    everybody = csr_array(1 - np.eye(4, dtype=int))
    drawn = np.array(list(permutations(range(3))))
    assert neighbor_p_values(np.array([0.9, *beside]), everybody, drawn)[0] == 1


@pytest.mark.parametrize("asked", [1, 511, 512, 1300])
def test_the_global_p_value_is_that_of_one_permutation_after_the_other(asked: int) -> None:
    matrix = csr_array(np.eye(9, k=1, dtype=int) + np.eye(9, k=-1, dtype=int))
    values = np.array([1.0, 2, 2, 3, 9, 4, 7, 7, 6])
    centered, rng = values - values.mean(), np.random.default_rng(5)

    def of(draw: npt.NDArray[np.float64]) -> float:
        beside = [[at for at in (own - 1, own + 1) if 0 <= at < 9] for own in range(9)]
        return float(sum(draw[own] * draw[near].mean() for own, near in enumerate(beside)))

    simulated = np.array([of(rng.permutation(centered)) for _ in range(asked)])
    above = (simulated >= of(centered) - 1e-9).sum()
    below = (simulated <= of(centered) + 1e-9).sum()
    expected = min(1, 2 * (min(above, below) + 1) / (asked + 1))
    assert global_p_value(values, matrix, asked, np.random.default_rng(5)) == expected


# Where it is hot


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_block_is_found(
    squares: gpd.GeoDataFrame, contiguity: Contiguity, seed: int
) -> None:
    found = find_hot_spots(world(squares, seed, share=0.2, block=0.5), contiguity)
    hot, both_high = codes(found, "hot_spot", "hot"), codes(found, "local_moran", "high-high")
    assert hot >= CROSS
    assert both_high >= CROSS
    # A neighbor of the block has high neighbors too; nothing farther away is hot.
    beside = contiguity.matrix[contiguity.codes.isin(BLOCK)].sum(axis=0)
    rim = set(contiguity.codes[beside > 0])
    assert hot <= rim | set(BLOCK)
    assert found.summary.morans_i is not None
    assert found.summary.morans_i > 0.2
    assert found.summary.morans_i_p == 2 / 10_000


def test_a_cold_block_is_found(squares: gpd.GeoDataFrame, contiguity: Contiguity) -> None:
    found = find_hot_spots(world(squares, 1, share=0.5, block=0.15), contiguity)
    assert codes(found, "hot_spot", "cold") >= CROSS
    assert codes(found, "local_moran", "low-low") >= CROSS
    assert not codes(found, "hot_spot", "hot") & set(BLOCK)


def test_a_low_village_in_a_high_block(squares: gpd.GeoDataFrame, contiguity: Contiguity) -> None:
    villages = world(squares, 1, share=0.2, block=0.6)
    villages.loc["05.05", "uncovered_families"] = 5
    villages.loc["05.05", "covered_families"] = 200
    found = find_hot_spots(villages, contiguity)
    assert found.frame["local_moran"]["05.05"] == "low-high"


def test_a_few_families_make_no_hot_spot(squares: gpd.GeoDataFrame, contiguity: Contiguity) -> None:
    """All 18 families of a block of nine villages are uncovered, two in each."""
    villages = world(squares, 1, share=0.2, block=0.2)
    villages.loc[BLOCK, "uncovered_families"] = 2
    villages.loc[BLOCK, "covered_families"] = 0
    assert codes(find_hot_spots(villages, contiguity), "hot_spot", "hot") & set(BLOCK) == set()
    villages.loc[BLOCK, "uncovered_families"] = 40
    assert codes(find_hot_spots(villages, contiguity), "hot_spot", "hot") >= CROSS


def test_a_pocket_in_a_province() -> None:
    """A village among 1,552, its neighbors and theirs."""
    squares = read_boundaries(None, area="36").villages
    contiguity = find_contiguity(squares)
    middle = contiguity.codes.get_loc("36.01.04.2001")
    assert isinstance(middle, int)
    first = contiguity.matrix[[middle]].indices
    second = contiguity.matrix[first].indices
    pocket = contiguity.codes[np.unique([*first, *second, middle])]
    rng = np.random.default_rng(1)
    compared = rng.integers(20, 300, len(squares))
    uncovered = rng.binomial(compared, np.where(squares.index.isin(pocket), 0.5, 0.2))
    began = time.process_time()
    found = find_hot_spots(counted(squares, uncovered, compared - uncovered), contiguity)
    assert time.process_time() - began < 10
    hot = codes(found, "hot_spot", "hot")
    within = set(contiguity.codes[[middle, *first]])
    assert len(within & hot) >= 0.8 * len(within)
    assert len(hot - set(pocket)) <= 5


@pytest.mark.parametrize("share", [0.1, 0.4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_one_share_is_everywhere_hardly_anything_is_flagged(
    squares: gpd.GeoDataFrame, contiguity: Contiguity, seed: int, share: float
) -> None:
    found = find_hot_spots(world(squares, seed, share=share, block=share), contiguity)
    assert (found.frame["hot_spot"] != "").sum() <= 3
    assert (found.frame["local_moran"] != "").sum() <= 3
    assert found.summary.villages == 100


def test_of_forty_worlds_without_any_pattern_few_have_a_flag() -> None:
    """A false discovery rate of 5 % where nothing is to be found: a flag in 5 % of worlds."""
    squares = square_of_villages(6)
    contiguity = find_contiguity(squares)
    flagged = []
    for seed in range(40):
        # Villages differ, and neighbors are no more alike than others.
        rng = np.random.default_rng(seed)
        uncovered = rng.binomial(200, rng.beta(4, 12, len(squares)))
        villages = counted(squares, uncovered, 200 - uncovered)
        found = find_hot_spots(villages, contiguity, permutations=1_999).frame
        flagged.append([(found[name] != "").any() for name in ("hot_spot", "local_moran")])
    assert np.mean(flagged, axis=0).max() <= 0.1, flagged


# What is not there

WITHHELD = ["05.05", "00.00"]


def test_too_few_villages(squares: gpd.GeoDataFrame, contiguity: Contiguity) -> None:
    few = counted(squares.iloc[:FEWEST_VILLAGES], [9] * 7 + [None], [9] * 8)
    found = find_hot_spots(few, contiguity)
    assert found.frame.isna().all(axis=None)
    assert found.summary == HotSpotSummary(7, 9_999, 1, None, None, None, None)


@pytest.mark.parametrize(("uncovered", "covered"), [(0, 10), (10, 0), (5, 10)])
def test_where_all_rates_are_alike_nothing_is_hot(
    squares: gpd.GeoDataFrame, contiguity: Contiguity, uncovered: int, covered: int
) -> None:
    villages = counted(squares, [uncovered] * 100, [covered] * 100)
    found = find_hot_spots(villages, contiguity, permutations=99)
    assert set(found.frame["hot_spot"]) == set(found.frame["local_moran"]) == {""}
    assert (found.frame[["hot_spot_p", "local_moran_p"]] == 1).all(axis=None)
    assert (found.summary.morans_i, found.summary.morans_i_p) == (None, None)


@pytest.mark.parametrize("withheld", ["uncovered_families", "covered_families"])
def test_a_withheld_count_is_of_no_consequence(
    squares: gpd.GeoDataFrame, contiguity: Contiguity, withheld: str
) -> None:
    villages = world(squares, 1, share=0.2, block=0.5)
    other = {"uncovered_families": "covered_families"}.get(withheld, "uncovered_families")
    results = []
    for count in (0, 1, 100):
        villages.loc[WITHHELD, other] = count
        villages.loc[WITHHELD, withheld] = pd.NA
        results.append(find_hot_spots(villages, contiguity, permutations=999))
    assert results[0].frame.loc[WITHHELD].isna().all(axis=None)
    assert results[0].summary.villages == 98
    assert_same(results[0], results[1])
    assert_same(results[0], results[2])
    absent = villages.drop(index=WITHHELD)
    alone = find_hot_spots(absent, find_contiguity(absent), permutations=999)
    pd.testing.assert_frame_equal(
        alone.frame, results[0].frame.drop(index=WITHHELD), check_exact=True
    )


def test_a_village_that_nobody_was_compared_in_is_no_neighbor() -> None:
    # B lies between A and the others, and compares nobody.
    places = {letter: (east, 0) for east, letter in enumerate("ABCDEFGHIJ")}
    villages = counted(villages_at(places), [9, 0, 9, 8, 7, 1, 1, 1, 2, 1], [1, 0, *[9] * 8])
    found = find_hot_spots(villages, find_contiguity(villages), permutations=99)
    assert found.summary.villages == 9
    assert found.frame.loc["B"].isna().all()
    assert found.frame.drop(index="B").notna().all(axis=None)


# The same again


def assert_same(one: HotSpots, other: HotSpots) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame, check_exact=True)
    assert one.summary == other.summary


def test_the_order_of_the_villages_does_not_matter(
    squares: gpd.GeoDataFrame, contiguity: Contiguity
) -> None:
    villages = world(squares, 1, share=0.2, block=0.5)
    found = find_hot_spots(villages, contiguity, permutations=999)
    shuffled = villages.sample(frac=1, random_state=1)
    again = find_hot_spots(shuffled, find_contiguity(shuffled), permutations=999)
    assert again.frame.index.equals(shuffled.index)
    pd.testing.assert_frame_equal(found.frame, again.frame.loc[found.frame.index], check_exact=True)
    assert found.summary == again.summary


def shared_generator() -> str:
    """NumPy's old generator, which all threads share, and esda starts anew."""
    return repr(np.random.get_state(legacy=False)["state"]["key"].tolist())  # noqa: NPY002


def test_many_threads_find_the_same(squares: gpd.GeoDataFrame, contiguity: Contiguity) -> None:
    villages = world(squares, 1, share=0.2, block=0.5)
    before = shared_generator()
    alone = find_hot_spots(villages, contiguity, permutations=499)
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(
            lambda _: find_hot_spots(villages, contiguity, permutations=499), range(8)
        ):
            assert_same(found, alone)
    assert shared_generator() == before


def test_another_seed_asks_other_permutations(
    squares: gpd.GeoDataFrame, contiguity: Contiguity
) -> None:
    villages = world(squares, 1, share=0.2, block=0.5)
    one, other = (
        find_hot_spots(villages, contiguity, permutations=99, seed=seed) for seed in (1, 2)
    )
    assert not one.frame["hot_spot_p"].equals(other.frame["hot_spot_p"])
    assert one.summary.morans_i == other.summary.morans_i
