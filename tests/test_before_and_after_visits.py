"""Kota Serang in August 2023: a run of its lists, and one of what its visits found."""

import pandas as pd
import pytest

from geo_target import pipeline
from geo_target.demo.month import AFTER_FILE, read_findings
from tests.demo.runs import Ran, ran


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return ran(tmp_path_factory.mktemp("agustus"), before_visits=True, lists="parquet")


@pytest.fixture(scope="module")
def after(before: Ran) -> Ran:
    return Ran(before.folder, pipeline.run(before.folder / AFTER_FILE).report)


def states(run: Ran) -> dict[str, int]:
    counts = run.report["families"]
    names = ("extreme_poor", "covered", "uncovered", "unmatched")
    return {name: counts[name] for name in names}


def test_before_the_visits_all_may_be_untouched_and_after_them_3784_are(
    before: Ran, after: Ran
) -> None:
    """8,799 = 3,784 untouched + 3,912 reached + 978 that no longer count + 125 met by nobody."""
    assert states(before) == {
        "extreme_poor": 8_799, "covered": 0, "uncovered": 0, "unmatched": 8_799,
    }  # fmt: skip
    nothing = before.report["families"]
    assert (nothing["located"], nothing["doubtful"], nothing["total"]) == (0, 0, 8_799)
    assert states(after) == {
        "extreme_poor": 7_821, "covered": 3_912, "uncovered": 3_784, "unmatched": 125,
    }  # fmt: skip


def test_each_family_is_found_as_it_is(after: Ran) -> None:
    truth = read_findings(after.folder).families.set_index("family_id")
    found = after.exact("families").set_index("family_id").loc[truth.index]

    poor = found[found.welfare_class == "extreme_poor"]
    met_nobody = ("empty_house", "not_found", "refused")
    meant = truth.fate.replace(dict.fromkeys(met_nobody, "unmatched"))[poor.index]
    assert (poor.coverage_state == meant).all()
    ended = found[found.welfare_class == "other"]
    words = {"part_of_other": "merged"}
    assert (ended.ended_by == truth.fate.replace(words)[ended.index]).all()
    assert len(poor) + len(ended) == len(truth) == 8_799


def test_the_steps_from_8799_to_3784_sum_and_none_is_a_change_of_aid(after: Ran) -> None:
    """Nobody's aid began or ended between the runs: visits have told what was so already."""
    steps = after.report["waterfall"]

    told = {cause: count for cause, count in steps["losses"].items() if count}
    # Of those reached, a list shows some: their NIK has been put right.
    reached = told.pop("visit_covered") + told.pop("re_matched")
    assert (steps["before"], steps["after"], reached) == (8_799, 3_784, 3_912)
    assert told == {
        "better_off": 502, "died": 100, "moved": 251, "duplicate": 75, "merged": 50,
        "unmatched": 125,
    }  # fmt: skip
    assert not any(steps["gains"].values())
    assert 8_799 - reached - sum(told.values()) == 3_784


def test_points_of_visits_are_where_families_live(after: Ran) -> None:
    truth = read_findings(after.folder).families.set_index("family_id")
    found = after.exact("families").set_index("family_id").loc[truth.index]

    # Some phones knew their place to 5 km: that is no point of a home.
    assert (truth.accuracy_m > 100).any()
    assert (found.location_level == "visit").equals(truth.accuracy_m <= 100)
    kept = found.lon.notna()
    pd.testing.assert_series_equal(found.lon[kept], truth.lon[kept])


def test_new_families_are_families_of_their_own_and_change_no_headline(after: Ran) -> None:
    keys = after.exact("family_keys")
    proposed = keys[keys.register == "usulan"]

    assert len(proposed) == 44
    own = after.exact("families").set_index("family_id").loc[proposed.family_id]
    assert set(own.welfare_class) == {"unknown"}
