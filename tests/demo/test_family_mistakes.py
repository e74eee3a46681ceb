"""Families of which registers lack every key, or that one register lists twice."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from geo_target.demo.world import write_demo
from geo_target.registry.names import name_words
from geo_target.resources import resource_dir
from tests.demo.worlds import FEW, rows_of, small, truth_of

LISTED = 88
ID, NAME, NIK, CODE = (
    "ID Keluarga P3KE", "Nama Kepala Keluarga", "NIK Kepala Keluarga", "Kode Kemdagri",
)  # fmt: skip


def usable(numbers: "pd.Series[str]") -> "pd.Series[bool]":
    return numbers.str.fullmatch(r"\d{16}")


def p3ke(folder: Path) -> pd.DataFrame:
    return rows_of(folder, "p3ke_keluarga").set_index(ID)


def twins_of(truth: pd.DataFrame) -> "pd.Series[str]":
    """P3KE id by id of the DTSEN record."""
    twins = truth["twin_of"].dropna()
    return twins.set_axis(twins.index.str.removeprefix("dtsen:"))


def test_unmatched_families_have_no_key_in_any_register() -> None:
    folder, plain = small(unmatched=0.17), small()
    truth = truth_of(folder)
    keyless = truth.index[(truth["coverage_state"] == "unmatched") & truth["twin_of"].isna()]
    twins = twins_of(truth)
    people = rows_of(folder, "p3ke_individu")
    was, now = (rows_of(place, "dtsen_keluarga").set_index("id_keluarga")
                for place in (plain, folder))  # fmt: skip
    members = rows_of(folder, "dtsen_anggota").set_index("idsemesta")
    of_twins = (
        rows_of(plain, "dtsen_anggota")
        .set_index("idsemesta")["no_kk"]
        .isin(was.loc[twins.index, "no_kk"])
    )

    assert len(keyless) == len(twins) == round(0.17 * LISTED)
    assert set(twins) == set(keyless)
    assert set(truth.loc[truth["twin_of"].notna(), "coverage_state"]) == {"unmatched"}
    assert not usable(p3ke(folder).loc[keyless, NIK]).any()
    assert not usable(people.loc[people[ID].isin(keyless), "NIK"]).any()
    assert not usable(now.loc[twins.index, "nik"]).any()
    assert not usable(now.loc[twins.index, "no_kk"]).any()
    assert not usable(members.loc[of_twins, "nik"]).any()
    assert not usable(members.loc[of_twins, "no_kk"]).any()
    # Nobody else loses anything, and names and places stay.
    others = rows_of(plain, "dtsen_anggota").set_index("idsemesta")
    assert members[~of_twins].equals(others[~of_twins])
    assert now.drop(columns=["nik", "no_kk"]).equals(was.drop(columns=["nik", "no_kk"]))


def test_a_spoiled_base_leaves_dtsen_and_the_state_as_they_are() -> None:
    folder, plain = small(spoiled_base=0.25), small()
    truth, was = truth_of(folder), truth_of(plain)
    spoiled = truth.index[truth["base_spoiled"]]
    people = rows_of(folder, "p3ke_individu")
    twins = truth[truth["twin_of"].notna()]

    assert len(spoiled) == round(0.25 * LISTED)
    assert truth["coverage_state"].loc[was.index].equals(was["coverage_state"])
    assert set(truth.loc[spoiled, "coverage_state"]) == {"covered", "uncovered"}
    assert not usable(p3ke(folder).loc[spoiled, NIK]).any()
    assert not usable(people.loc[people[ID].isin(spoiled), "NIK"]).any()
    assert set(twins["twin_of"]) == set(spoiled)
    same = ["coverage_state", "stated_village_code", "lon", "lat"]
    assert twins[same].to_numpy().tolist() == truth.loc[twins["twin_of"], same].to_numpy().tolist()
    assert set(twins["welfare_class"]) == {"unknown"}
    for name in ("dtsen_keluarga", "dtsen_anggota", "siks_pkh", "siks_sembako", "bpjs_pbi"):
        assert rows_of(folder, name).equals(rows_of(plain, name))


@pytest.fixture(scope="module")
def twice() -> pd.DataFrame:
    """A row a family that is listed twice: both of its rows, and which mistake it is."""
    folder = small(relisted=0.35, families=6_000)
    rows, truth = p3ke(folder), truth_of(folder)
    again = truth["also_listed_as"].dropna()
    first = rows.loc[again.index].reset_index()
    both = first.join(rows.loc[again].reset_index().add_suffix(" again"))
    both["kind"] = "misspelled"
    both.loc[both["NO KK"] != both["NO KK again"], "kind"] = "moved"
    both.loc[~usable(both[f"{NIK} again"]), "kind"] = "without NIK"
    return both


def test_a_third_of_second_listings_has_each_mistake(twice: pd.DataFrame) -> None:
    folder = small(relisted=0.35, families=6_000)
    assert len(twice) == round(0.35 * 880) == len(p3ke(folder)) - 880
    # 308 = 103 + 103 + 102.
    assert sorted(twice["kind"].value_counts()) == [102, 103, 103]
    assert p3ke(folder).index.is_unique
    assert set(twice.columns) >= {"NO KK", "NO KK again"}


def test_what_two_listings_of_a_family_share(twice: pd.DataFrame) -> None:
    """By mistake, the columns that hold the same in all, some or none of the rows."""
    found = {}
    for column in (NIK, "NO KK", NAME, CODE, "Alamat", "Tanggal Lahir Kepala Keluarga"):
        same = (twice[column] == twice[f"{column} again"]).groupby(twice["kind"]).mean()
        found[column] = same[["misspelled", "without NIK", "moved"]].round(1).tolist()

    assert found == {
        NIK: [1.0, 0.0, 1.0],
        "NO KK": [1.0, 1.0, 0.0],
        NAME: [0.0, 0.0, 1.0],
        CODE: [1.0, 1.0, 0.0],
        "Alamat": [1.0, 1.0, 0.0],
        "Tanggal Lahir Kepala Keluarga": [1.0, 1.0, 1.0],
    }
    assert usable(twice[NIK]).all()
    assert usable(twice["NO KK"]).all()
    # Without its NIK a family is told by KK and name: the name is alike to the letter.
    alike = twice[twice["kind"] == "without NIK"]
    assert [name_words(name) for name in alike[NAME]] == [
        name_words(name) for name in alike[f"{NAME} again"]
    ]
    # They move within their district, as those do that state another village.
    assert twice["Kecamatan"].equals(twice["Kecamatan again"].rename("Kecamatan"))


def test_a_second_listing_repeats_all_members(twice: pd.DataFrame) -> None:
    people = rows_of(small(relisted=0.35, families=6_000), "p3ke_individu")
    members = dict(iter(people.groupby(ID)))

    assert people["ID Individu"].is_unique
    for first, again, kind in twice[[ID, f"{ID} again", "kind"]].itertuples(index=False):
        one, other = (members[family].reset_index(drop=True) for family in (first, again))
        differing = [column for column in one if not one[column].equals(other[column])]
        head = one["Hubungan dengan Kepala Keluarga"] == "KEPALA KELUARGA"
        assert one.loc[~head, ["Nama", "NIK"]].equals(other.loc[~head, ["Nama", "NIK"]])
        expected = {ID, "ID Individu"} | {
            "misspelled": {"Nama"},
            "without NIK": {"Nama", "NIK", "Padan Dukcapil"},
            "moved": {"Desa/Kelurahan", "Kode Kemdagri", "Alamat"},
        }[kind]
        assert expected - {"Padan Dukcapil"} <= set(differing) <= expected


def test_both_workbooks_of_p3ke_say_the_same_of_a_head_listed_twice() -> None:
    folder = small(relisted=0.35, families=6_000)
    people = rows_of(folder, "p3ke_individu")
    heads = people[people["Hubungan dengan Kepala Keluarga"] == "KEPALA KELUARGA"]
    families = rows_of(folder, "p3ke_keluarga")

    for mine, theirs in ((ID, ID), ("Nama", NAME), ("NIK", NIK), (CODE, CODE)):
        assert heads[mine].tolist() == families[theirs].tolist()


def test_second_listings_come_last_and_change_nothing_else() -> None:
    folder, plain = small(relisted=0.35), small()
    truth = truth_of(folder)
    again = truth["also_listed_as"].notna()

    assert again.sum() == round(0.35 * LISTED)
    assert truth.drop(columns="also_listed_as").equals(
        truth_of(plain).drop(columns="also_listed_as")
    )
    assert p3ke(folder).drop(columns="NO KK")[:LISTED].equals(p3ke(plain))
    for name in ("dtsen_keluarga", "dtsen_anggota", "siks_pkh", "siks_sembako", "titik"):
        assert rows_of(folder, name).equals(rows_of(plain, name))


def test_the_kk_of_p3ke_has_a_layout_beside_the_configuration(tmp_path: Path) -> None:
    write_demo(tmp_path, families=FEW, lists="csv", relisted=0.1)

    own = tomllib.loads((tmp_path / "profiles" / "p3ke-family.toml").read_text("utf-8"))
    usual = tomllib.loads(
        (resource_dir("geodata") / "profiles" / "p3ke-family.toml").read_text("utf-8")
    )
    assert own["columns"].pop("family_card_number") == ["NO KK"]
    assert own == usual
    # A demo without such a column takes it away, and leaves layouts of others.
    other = tmp_path / "profiles" / "kota.toml"
    other.touch()
    write_demo(tmp_path, families=FEW, lists="csv")
    assert list((tmp_path / "profiles").iterdir()) == [other]


def test_a_family_has_one_mistake_at_most() -> None:
    folder = small(unmatched=0.2, spoiled_base=0.2, split=0.2, relisted=0.2, families=6_000)
    truth = truth_of(folder)
    families = rows_of(folder, "dtsen_keluarga")
    added = families[families["id_keluarga"].str[4] == "5"]
    people = rows_of(folder, "p3ke_individu")
    split = people.loc[people["NIK"].isin(added["nik"]), ID]
    mistaken = [
        set(truth.index[(truth["coverage_state"] == "unmatched") & truth["twin_of"].isna()]),
        set(truth.index[truth["base_spoiled"]]),
        set(split),
        set(truth.index[truth["also_listed_as"].notna()]),
    ]

    assert [len(families) for families in mistaken] == [round(0.2 * 880)] * 4
    assert len(set.union(*mistaken)) == 4 * 176


def test_more_mistakes_than_families_are_as_many_as_there_are() -> None:
    truth = truth_of(small(unmatched=0.75, spoiled_base=0.75))

    assert truth["base_spoiled"].sum() == LISTED - round(0.75 * LISTED)
