"""August 2023 and its visits: what there is to find, and lists that cannot be held together."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo_target.demo.calibration import LISTED_FAMILIES, UNCOVERED_FAMILIES, plan_world
from geo_target.demo.findings import FATES, FIRST_DAYS, MET, MISSED, RETURN_DAYS, fates
from geo_target.demo.month import read_findings
from geo_target.demo.world import write_demo
from geo_target.fieldwork.outcome_codes import codes
from geo_target.fieldwork.visits import OfficerKind
from geo_target.officer_list import read_officers
from tests.demo.test_folder import sums
from tests.demo.worlds import rows_of, small, truth_of

FAMILIES = 3_000


@pytest.fixture(scope="module")
def august() -> Path:
    return small(families=FAMILIES, before_visits=True)


@pytest.fixture(scope="module")
def visits(august: Path) -> pd.DataFrame:
    return read_findings(august).families


def test_each_listed_family_has_one_fate_and_the_uncovered_are_found_so(
    visits: pd.DataFrame,
) -> None:
    plan = plan_world("36.73", families=FAMILIES)

    fate = visits.fate.value_counts()
    assert fate.sum() == len(visits) == visits.family_id.nunique() == plan.listed_families == 440
    assert fate["uncovered"] == plan.uncovered_families == 189
    assert set(fate.index) <= {"uncovered", *FATES}
    assert sum(FATES.values()) == pytest.approx(1)


def families(count: int, uncovered: int, *, villages: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "is_uncovered": np.arange(count) < uncovered,
            "stated": np.arange(count) % villages,
            "p3ke_id": [f"F{number}" for number in range(count)],
        }
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_of_the_published_families_exactly_the_untouched_are_found_untouched(seed: int) -> None:
    mine = families(LISTED_FAMILIES, UNCOVERED_FAMILIES, villages=67)

    fate, same_as = fates(np.random.default_rng(seed), mine)

    count = Counter[str](fate)
    assert count["uncovered"] == 3_784
    assert count.total() == 8_799
    # 5,015 others, by the shares that are written down.
    assert (count["better_off"], count["moved"], count["died"]) == (502, 251, 100)
    assert sum(count[code] for code in MISSED) == 60 + 40 + 25
    assert same_as.notna().sum() == count["duplicate"] + count["part_of_other"] == 75 + 50


def test_who_is_listed_twice_is_somebody_of_the_same_village_who_is_met() -> None:
    mine = families(400, 100, villages=3)

    fate, same_as = fates(np.random.default_rng(5), mine)

    by_id = mine.assign(fate=fate).set_index("p3ke_id")
    joined = mine.assign(fate=fate, same_as=same_as).dropna(subset="same_as")
    assert set(joined.fate) == {"duplicate", "part_of_other"}
    assert set(by_id.fate[joined.same_as]) <= {"covered", "uncovered"}
    assert (by_id.stated[joined.same_as].to_numpy() == joined.stated.to_numpy()).all()


def test_nobody_is_listed_twice_where_there_is_nobody_else() -> None:
    fate, same_as = fates(np.random.default_rng(5), families(400, 0, villages=400))

    assert "duplicate" not in set(fate)
    assert same_as.isna().all()


def test_families_tell_the_programs_that_they_are_in(visits: pd.DataFrame) -> None:
    counted = visits.programs.fillna("").str.contains("PKH|SEMBAKO|PBI_JK")

    assert not counted[visits.fate == "uncovered"].any()
    assert counted[visits.fate.isin(["covered", "better_off"])].all()
    assert visits.programs.isna().equals(~visits.fate.isin(MET))


def test_who_is_not_met_is_gone_to_again_a_week_later(visits: pd.DataFrame) -> None:
    again = visits.returned_on.notna()

    assert again.equals(visits.first_outcome.isin(MISSED))
    assert (visits.outcome == visits.first_outcome)[~again].all()
    assert visits.visited_on.isin(FIRST_DAYS.astype("datetime64[s]")).all()
    assert ((visits.returned_on - visits.visited_on)[again] >= pd.Timedelta(days=7)).all()
    assert (RETURN_DAYS.min() - FIRST_DAYS.max()).astype(int) == 7
    assert 0.05 < again[visits.fate.isin(MET)].mean() < 0.25


def test_the_truth_before_the_visits_is_of_the_listed_families(
    august: Path, visits: pd.DataFrame
) -> None:
    truth = truth_of(august)

    assert truth.index.tolist() == visits.family_id.tolist()
    assert set(truth.coverage_state) == {"unmatched"}
    assert not truth.has_point.any()


def test_points_are_of_families_that_were_met(visits: pd.DataFrame) -> None:
    has = visits.lon.notna()

    assert not has[~visits.fate.isin(MET)].any()
    assert has[visits.fate.isin(MET)].mean() > 0.85
    assert visits.accuracy_m.dropna().isin([*range(3, 16), 5_000]).all()


def test_only_those_found_eligible_are_corrected(visits: pd.DataFrame) -> None:
    corrected = visits[["rt", "rw", "head_national_id", "family_card_number"]].notna()

    assert not corrected[~visits.fate.isin(["covered", "uncovered"])].any(axis=None)
    assert corrected.rt.equals(corrected.rw)
    assert corrected.head_national_id.equals(corrected.family_card_number)
    assert corrected.any().all()


def test_no_number_of_the_list_can_be_read_and_no_recipient_is_named(august: Path) -> None:
    listed = rows_of(august, "p3ke_keluarga")
    persons = rows_of(august, "p3ke_individu")

    for numbers in (listed["NIK Kepala Keluarga"], persons["NIK"]):
        assert not numbers.str.fullmatch("[0-9]{16}").any()
    assert not {file.stem for file in (august / "lists").iterdir()} & {
        "dtsen_keluarga", "dtsen_anggota", "titik", "kunjungan", "paket_sembako", "bpjs_bpu",
    }  # fmt: skip
    for name, column in (("siks_pkh", "NAMA PENERIMA"), ("bpjs_pbi", "NAMA")):
        assert column in rows_of(small(families=FAMILIES), name)
        assert column not in rows_of(august, name)
    assert set(rows_of(august, "siks_pkh").TAHAP) == {"1", "2", "3"}
    began = pd.to_datetime(rows_of(august, "bpjs_pbi").TMT, format="%d/%m/%Y")
    assert began.max() < pd.Timestamp("2023-08-01")


def test_the_list_of_visits_says_what_is_true(august: Path, visits: pd.DataFrame) -> None:
    listed = pd.read_csv(august / "returns" / "kunjungan.csv", dtype=str, keep_default_na=False)

    assert len(listed) == len(visits) + visits.returned_on.notna().sum()
    last = listed.drop_duplicates("family_id", keep="last").set_index("family_id")
    true = visits.set_index("family_id").loc[last.index]
    assert (
        last.result == true.outcome.map({c: about.result for c, about in codes().items()})
    ).all()
    assert (last.programs == true.programs.fillna("")).all()
    assert (last.same_as == true.same_as.fillna("")).all()
    first = listed[listed.duplicated("family_id", keep="last")]
    assert set(first.result) == {"empty", "not_found", "refused"}
    assert (first[["programs", "lon", "rt", "verdict"]] == "").all(axis=None)


def test_same_arguments_give_the_same_bytes_and_another_demo_takes_them_away(
    tmp_path: Path,
) -> None:
    for name in ("a", "b"):
        write_demo(tmp_path / name, families=600, lists="csv", before_visits=True)
    assert sums(tmp_path / "a") == sums(tmp_path / "b")

    write_demo(tmp_path / "a", families=600, lists="csv")
    assert sums(tmp_path / "a") == sums(small())
    assert not (tmp_path / "a" / "returns").exists()


def test_an_officer_for_each_village_and_facilitators_beside_them(august: Path) -> None:
    villages = [*plan_world("36.73").villages["village_code"]]

    officers = read_officers(august / "petugas.csv", villages)

    operators = [one for one in officers if one.kind is OfficerKind.OPERATOR]
    assert (len(operators), len(officers)) == (67, 87)
    assert [(*one.villages,) for one in operators] == [(code,) for code in villages]
    assert all(one.home_village_code for one in officers)
    assert 0 < sum(bool(one.days_off) for one in officers) < 40
