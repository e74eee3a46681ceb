"""Recipients whose number no register has: nobody of the district is a digit off by that name."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo_target.demo.columns import Flags
from geo_target.demo.strangers import unmistakable
from tests.builders import nik
from tests.demo.worlds import rows_of, small

#: Of 6,000 families, so that there is somebody to be taken for another.
WORLD = {"families": 6_000, "unmatched": 0.5}


def people_by_district(
    names: "pd.Series[str]", numbers: "pd.Series[str]", place: "pd.Series[str]"
) -> pd.DataFrame:
    """A row a word of the name of who has a usable number."""
    people = pd.DataFrame({
        "words": names.str.split(), "nik": numbers,
        "district": place.str.upper(),
    })  # fmt: skip
    return people[people["nik"].str.fullmatch(r"\d{16}")].explode("words").drop_duplicates()


def mistyped(one: "pd.Series[str]", other: "pd.Series[str]") -> Flags:
    """One digit is another, or two have changed places."""
    first, second = (np.array([*numbers], dtype="S16").view("S1").reshape(-1, 16)
                     for numbers in (one, other))  # fmt: skip
    differing = (first != second).sum(axis=1)
    is_reordered = (np.sort(first, axis=1) == np.sort(second, axis=1)).all(axis=1)
    return np.asarray((differing == 1) | (differing == 2) & is_reordered)


@pytest.fixture(scope="module")
def known() -> tuple["pd.Series[str]", pd.DataFrame]:
    """Numbers of all members of DTSEN, and its people by district."""
    folder = small(**WORLD)
    families = rows_of(folder, "dtsen_keluarga").drop(columns="nik")
    members = rows_of(folder, "dtsen_anggota").merge(families, on="no_kk")
    return members["nik"], people_by_district(members["nama"], members["nik"], members["kecamatan"])


@pytest.mark.parametrize(
    ("file", "name", "nik", "place"),
    [
        ("siks_pkh", "NAMA PENERIMA", "NIK KTP", "NM KEC"),
        ("siks_sembako", "NAMA PENERIMA", "NIK KTP", "NM KEC"),
        ("bpjs_pbi", "NAMA", "NIK", "KECAMATAN"),
    ],
)
def test_nobody_is_taken_for_a_namesake(
    known: tuple["pd.Series[str]", pd.DataFrame], file: str, name: str, nik: str, place: str
) -> None:
    numbers, people = known
    # A recipient who is listed twice has a digit wrong on purpose.
    rows = rows_of(small(**WORLD), file)
    rows = rows[~rows.duplicated([c for c in rows if c not in {nik, name}], keep=False)]
    rows = people_by_district(rows[name], rows[nik], rows[place])
    rows = rows[~rows["nik"].isin(numbers)]

    namesakes = rows.merge(people, on=["district", "words"], suffixes=("", " of another"))

    assert len(namesakes) > 500
    assert not mistyped(namesakes["nik"], namesakes["nik of another"]).any()


@pytest.mark.parametrize(
    ("name", "said"),
    [("Nurdin", "out"), ("Nurudin", "out"), ("Ahmad Noerdin", "out"), ("Basuni", "in")],
)
def test_whose_name_a_register_may_write_as_theirs_is_left_out(name: str, said: str) -> None:
    number = nik(1)
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    world: Any = SimpleNamespace(
        people=pd.DataFrame({
            "family": [0, 1], "village": [0, 0], "name": ["Nurdin", name],
            "nik": [number, other], "lacks_nik": [False, False],
        }),
        families=pd.DataFrame({"stated": [0, 0]}),
        plan=SimpleNamespace(villages=pd.DataFrame({"district_code": ["36.73.02"]})),
        strangers=np.array([], dtype=np.int64),
    )  # fmt: skip
    # Only who is without a number in every register is sought by another.
    assert unmistakable(world, keyless=np.array([True, False])).tolist() == [said == "in", True]
    assert unmistakable(world, keyless=np.array([False, False])).all()
