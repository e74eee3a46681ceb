import numpy as np
import pandas as pd
import pytest

from geo_target.demo.columns import Days, Text, text
from geo_target.demo.mistakes import (
    hard_list,
    missing,
    mistaken_dates,
    one_wrong_digit,
    people_for_linkage,
)
from geo_target.demo.spoiling import listed_again
from tests.builders import nik


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def days(*written: str) -> Days:
    return np.array(written, dtype="datetime64[D]")


NONE = {"missing": 0.0, "january": 0.0, "swapped": 0.0, "year": 0.0, "day": 0.0}


@pytest.mark.parametrize(
    ("kind", "date", "possible"),
    [
        ("missing", "1980-05-07", {"NaT"}),
        ("january", "1980-05-07", {"1980-01-01"}),
        ("swapped", "1980-05-07", {"1980-07-05"}),
        ("swapped", "1980-12-12", {f"1980-12-{day:02}" for day in range(1, 29)} - {"1980-12-12"}),
        ("swapped", "1980-05-13", {f"1980-05-{day:02}" for day in range(1, 29)} - {"1980-05-13"}),
        ("year", "1980-05-07", {"1979-05-07", "1981-05-07"}),
        ("day", "1980-02-29", {f"1980-02-{day:02}" for day in range(1, 29)}),
        ("january", "1980-01-01", {f"1980-01-{day:02}" for day in range(2, 29)}),
    ],
)
def test_a_date_is_mistaken_in_one_way(kind: str, date: str, possible: set[str]) -> None:
    written = mistaken_dates(rng(), days(*[date] * 200), **{**NONE, kind: 1.0})

    assert set(written.astype(str)) <= possible
    assert len(set(written.astype(str))) > min(1, len(possible) - 1)


def test_shares_of_mistaken_dates() -> None:
    # A day that is not 1 January and may be swapped with its month.
    dates = days(*["1975-03-09"] * 20_000)

    written = pd.Series(mistaken_dates(rng(), dates).astype(str)).value_counts(normalize=True)

    assert written["1975-03-09"] == pytest.approx(0.68, abs=0.01)
    assert written["NaT"] == pytest.approx(0.10, abs=0.01)
    assert written["1975-01-01"] == pytest.approx(0.10, abs=0.01)
    assert written["1975-09-03"] == pytest.approx(0.05, abs=0.01)
    assert written[["1974-03-09", "1976-03-09"]].sum() == pytest.approx(0.04, abs=0.01)


def test_no_date_is_made_where_none_was_and_none_is_lost() -> None:
    dates = days("NaT", "1975-03-31", "2000-02-29")

    written = mistaken_dates(rng(), dates, **NONE)

    assert written.astype(str).tolist() == dates.astype(str).tolist()
    assert np.isnat(mistaken_dates(rng(), days(*["NaT"] * 50), **{**NONE, "day": 1.0})).all()


def differing(left: Text, right: Text) -> list[int]:
    return [
        sum(a != b for a, b in zip(x, y, strict=True)) for x, y in zip(left, right, strict=True)
    ]


def test_one_digit_is_wrong_after_the_region() -> None:
    numbers = text([nik(number) for number in range(1_000)])

    written = one_wrong_digit(rng(), numbers, share=0.3)

    wrong = differing(numbers, written)
    assert set(wrong) == {0, 1}
    assert np.mean(wrong) == pytest.approx(0.3, abs=0.05)
    assert (written.str[:6] == numbers.str[:6]).all()
    assert written.str.fullmatch(r"\d{16}").all()


def test_what_is_no_number_gets_no_wrong_digit() -> None:
    cells = text(["", "KOSONG", "3.67E+15", "12"]).mask([False, False, False, True])

    written = one_wrong_digit(rng(), cells, share=1.0)

    assert written.fillna("?").tolist() == ["", "KOSONG", "3.67E+15", "?"]


def test_cells_are_left_out() -> None:
    left = missing(rng(), text(["001"] * 4_000), share=0.25)

    assert left.isna().mean() == pytest.approx(0.25, abs=0.03)
    assert set(left.dropna()) == {"001"}


def test_a_person_listed_twice_follows_himself_and_is_never_somebody_else() -> None:
    count = 2_000
    table = pd.DataFrame(
        {"NAMA": ["SARMIN HIDAYAT"] * count, "NIK": [nik(n) for n in range(count)]}
    )
    taken = text(table["NIK"].tolist())

    again = listed_again(rng(), table, name="NAMA", nik="NIK", taken=taken)

    misspelled = again["NAMA"] != "SARMIN HIDAYAT"
    # Never both: a number that is off and a name that is off might be anybody's.
    assert not (misspelled & ~again["NIK"].isin(taken)).any()
    added = again.index[misspelled | ~again["NIK"].isin(taken)]
    assert len(added) == len(again) - count == round(0.003 * count)
    before = again.loc[added - 1]
    wrong = differing(text(before["NIK"].tolist()), text(again.loc[added, "NIK"].tolist()))
    assert set(wrong) == {0, 1}
    is_wrong = np.array(wrong) == 1
    others = again.loc[added[is_wrong], "NIK"]
    assert not others.isin(taken).any()
    # The number is still a NIK: else there would be nothing but a name.
    assert others.str[:12].tolist() == before.loc[is_wrong, "NIK"].str[:12].tolist()
    assert not others.str.endswith("0000").any()
    assert again.drop(added)["NIK"].tolist() == table["NIK"].tolist()
    # With every other number taken, a digit is never wrong.
    everyone = text([*taken, *again["NIK"]])
    careful = listed_again(rng(), table, name="NAMA", nik="NIK", taken=everyone)
    assert careful["NIK"].isin(taken).all()


@pytest.fixture(scope="module")
def heads() -> pd.DataFrame:
    return people_for_linkage(rng(), 30_000)


def test_a_crowd_is_a_province_of_heads(heads: pd.DataFrame) -> None:
    assert len(heads) == heads["family_card_number"].nunique() == 30_000
    assert set(heads["relation"]) == {"KEPALA KELUARGA"}
    assert heads["village_code"].nunique() > 1_500
    assert (heads["sex"] == "L").mean() == pytest.approx(0.85, abs=0.05)
    assert (~heads["name"].str.contains(" ")).mean() == pytest.approx(0.35, abs=0.02)
    assert heads["family_card_number"].str[6:].str.len().eq(10).all()
    by_rw = heads.groupby(["village_code", "rw"])["neighborhood"].nunique()
    assert (by_rw == 1).all()


def test_a_crowd_of_whole_families_shares_card_and_home() -> None:
    people = people_for_linkage(rng(), 2_000, per_family=3.6, area="36.73")

    assert len(people) == 7_200
    one = people.groupby("family_id")[["family_card_number", "rt", "rw", "village_code"]].nunique()
    assert (one == 1).all(axis=None)
    assert (people.groupby("family_id")["relation"].first() == "KEPALA KELUARGA").all()
    assert people["person_id"].is_unique


def test_a_hard_list_is_as_hard_as_the_trial(heads: pd.DataFrame) -> None:
    sent = hard_list(rng(2), heads, rows=10_000)
    known = sent.merge(
        heads, left_on="true_person_id", right_on="person_id", suffixes=("", "_true")
    )

    assert len(sent) == 10_000
    assert sent["true_person_id"].isna().mean() == pytest.approx(0.12, abs=0.015)
    assert (known["name"] == known["name_true"]).mean() == pytest.approx(0.465, abs=0.02)
    same_day = (known["birth_date"] == known["birth_date_true"]).mean()
    assert same_day == pytest.approx(0.68, abs=0.02)
    assert known["family_card_number"].isna().mean() == pytest.approx(0.60, abs=0.02)
    assert known["rt"].isna().mean() == pytest.approx(0.25, abs=0.02)
    same_card = known["family_card_number"] == known["family_card_number_true"]
    assert same_card[known["family_card_number"].notna()].mean() == pytest.approx(0.98, abs=0.01)
    moved = known["village_code"] != known["village_code_true"]
    assert moved.mean() == pytest.approx(0.02, abs=0.01)
    assert (known["village_code"].str[:8] == known["village_code_true"].str[:8]).all()
    assert (known["family_id"] == known["true_family_id"]).all()
    assert known["true_person_id"].is_unique


def test_strangers_of_a_hard_list_carry_no_number_of_the_register(heads: pd.DataFrame) -> None:
    sent = hard_list(rng(2), heads, rows=5_000)
    strangers = sent[sent["true_person_id"].isna()]

    assert strangers["family_card_number"].notna().any()
    assert not strangers["family_card_number"].isin(heads["family_card_number"]).any()
    assert strangers["true_family_id"].isna().all()


def test_children_are_on_no_hard_list() -> None:
    people = people_for_linkage(rng(), 1_000, per_family=3.6, area="36.73")

    sent = hard_list(rng(2), people, rows=1_000)

    drawn = people.set_index("person_id").loc[sent["true_person_id"].dropna()]
    assert drawn["birth_date"].max() < pd.Timestamp("2006-08-31")


def test_one_seed_is_one_list(heads: pd.DataFrame) -> None:
    one, two, other = (hard_list(rng(seed), heads, rows=500) for seed in (5, 5, 6))

    assert one.equals(two)
    assert not one["name"].equals(other["name"])
    assert people_for_linkage(rng(), 30_000).equals(heads)
