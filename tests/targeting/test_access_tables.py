"""What is told of access: enough families behind each mean, and villages far away."""

import numpy as np
import pandas as pd
import pytest

from geo_target.targeting.access import measure_access
from geo_target.targeting.access_tables import (
    access_minutes,
    mean_by_district,
    shown_access,
)
from tests.targeting.test_access import CRS, PLACES, TRAVEL, VILLAGES, families, measured

KINDS = ["mean_m", "p90_m", "mean_minutes", "p90_minutes"]


def access(**rows: tuple[object, ...]) -> pd.DataFrame:
    """Of one type: located, reached, mean_m, mean_minutes, beyond, by village."""
    return pd.DataFrame(
        [(*own[:2], own[2], own[2], own[3], own[3], 0.0, 9_000.0, 0.0, 36.0, own[4])
         for own in rows.values()],
        columns=["located_families", "reached_families", "mean_m", "p90_m", "mean_minutes",
                 "p90_minutes", "least_m", "most_m", "least_minutes", "most_minutes", "beyond"],
        index=pd.MultiIndex.from_product([rows, ["rs"]], names=["village_code", "type"]),
    )  # fmt: skip


def district(table: pd.DataFrame) -> dict[str, float]:
    (own,) = table.reset_index().to_dict("records")
    assert (own.pop("district_code"), own.pop("type")) == ("D", "rs")
    return {str(name): float(value) for name, value in own.items()}


def villages(**located: int | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "located_families": pd.Series(list(located.values()), dtype="Int64").array,
            "district_code": "D",
        },
        index=pd.Index(list(located), name="village_code"),
    )


def test_a_mean_needs_five_families_and_the_percentile_five_beyond_it() -> None:
    exact = access(A=(4, 4, 1_240.0, 7.2, "maybe"), B=(5, 5, 1_240.0, 7.2, "maybe"),
                   C=(40, 40, 1_240.0, 7.2, "maybe"), D=(41, 41, 1_260.0, 7.2, "maybe"),
                   E=(9, 4, 1_240.0, 7.2, "maybe"))  # fmt: skip
    shown = shown_access(exact, villages(A=4, B=5, C=40, D=41, E=9)).droplevel("type")
    assert shown["mean_m"].tolist() == pytest.approx([np.nan, 1_000, 1_000, 1_500, 1_000],
                                                     nan_ok=True)  # fmt: skip
    assert shown["mean_minutes"].tolist() == pytest.approx([np.nan, 8, 8, 8, np.nan], nan_ok=True)
    assert shown["p90_m"].notna().tolist() == [False, False, False, True, False]
    assert shown[["least_m", "most_m", "least_minutes", "most_minutes", "beyond"]].equals(
        exact.droplevel("type")[["least_m", "most_m", "least_minutes", "most_minutes", "beyond"]]
    )
    assert not {"located_families", "reached_families"} & set(shown.columns)
    assert (
        shown_access(exact, villages(A=4, B=5, C=40, D=41, E=9), smallest=4)["mean_m"].notna().all()
    )


def test_minutes_of_a_straight_line_tell_no_more_than_its_meters() -> None:
    # All told as 1,000 m. Minutes of their own, rounded to 2, would part 2.93 to 3 from the rest.
    told = [
        shown_access(
            access(A=(50, 50, meters, meters * 0.0039, "maybe")), villages(A=50),
            minutes_per_m=0.0039,
        )
        for meters in range(751, 1_250, 7)
    ]  # fmt: skip
    for one in told[1:]:
        pd.testing.assert_frame_equal(one, told[0])
    assert told[0]["mean_minutes"].tolist() == pytest.approx([3.9])
    assert told[0]["p90_minutes"].tolist() == pytest.approx([3.9])


def test_where_the_count_is_withheld_no_mean_stands() -> None:
    exact = access(A=(50, 50, 1_240.0, 7.2, "maybe"), B=(50, 50, 1_240.0, 7.2, "maybe"),
                   C=(50, 50, 1_240.0, 7.2, "maybe"))  # fmt: skip
    shown = shown_access(exact, villages(A=50, B=None)).droplevel("type")  # C is not there
    assert shown["mean_m"].notna().tolist() == [True, False, False]
    assert shown[KINDS].loc[["B", "C"]].isna().to_numpy().all()


def test_what_a_withheld_village_has_moves_nothing_that_is_shown() -> None:
    own = access(A=(50, 50, 1_240.0, 7.2, "maybe"), B=(50, 50, 1_240.0, 7.2, "maybe"))
    other = access(A=(50, 50, 1_240.0, 7.2, "maybe"), B=(7, 3, 8_000.0, 40.0, "maybe"))
    table = villages(A=50, B=None)
    shown = shown_access(own, table)
    pd.testing.assert_frame_equal(shown, shown_access(other, table))
    pd.testing.assert_frame_equal(
        mean_by_district(shown, table), mean_by_district(shown_access(other, table), table)
    )


def test_one_family_is_told_by_no_mean() -> None:
    one = families(("F1", "A", 123, 456))
    moved = families(("F1", "A", 987, 654))
    table = villages(A=1, B=0, C=0)
    pd.testing.assert_frame_equal(
        shown_access(measured(one, PLACES).villages, table),
        shown_access(measured(moved, PLACES).villages, table),
    )


def test_the_order_of_villages_goes_by_the_farthest_place_outward_to_a_tenth() -> None:
    exact = access(A=(0, 0, np.nan, np.nan, "maybe"), B=(9, 9, 100.0, 1.0, "maybe"))
    exact.loc[("A", "rs"), "most_minutes"] = 36.01
    exact.loc[("B", "rs"), "most_minutes"] = np.nan
    codes = pd.Index(["B", "A", "C"])
    of_hospitals = access_minutes(exact, codes)
    assert of_hospitals.isna().all()  # of another type than the indicator's
    exact = exact.rename(index={"rs": "puskesmas"}, level="type")
    shown = shown_access(exact, villages(A=None, B=9))
    for table in (exact, shown):
        found = access_minutes(table, codes)
        assert found["A"] == pytest.approx(36.1)
        assert found.isna().to_dict() == {"B": True, "A": False, "C": True}
    assert access_minutes(None, codes).isna().all()


def test_which_are_beyond_goes_by_the_limit_and_the_default_speed() -> None:
    # 2 km are 7.8 minutes, at 20 km/h and 1.3 times the straight line.
    rs = PLACES[:1].assign(type="rs")
    people = families(("F1", "A", 500, 500))
    for limit, codes in ((30.0, []), (7.0, ["C", "B"]), (4.0, ["B", "C", "A"])):
        found = measure_access(people, VILLAGES, rs, CRS, limit_minutes=limit).villages
        far = found[found["beyond"].isin(["beyond", "maybe"])].droplevel("type")
        assert sorted(far.index) == sorted(codes)
    assert far.loc["B", "least_minutes"] == pytest.approx(1_000 * 1.3 * 0.06 / 20, rel=1e-4)
    assert TRAVEL.detour_factor == 1  # the one above is not the default


def test_a_district_is_the_mean_of_its_families_where_counts_are_there() -> None:
    exact = access(A=(10, 10, 1_000.0, 4.0, "maybe"), B=(30, 30, 2_000.0, 8.0, "maybe"),
                   C=(99, 99, 9_000.0, 36.0, "maybe"),
                   D=(0, 0, np.nan, np.nan, "maybe"))  # fmt: skip
    found = district(mean_by_district(exact, villages(A=10, B=30, C=None, D=0)))
    assert found == {"mean_m": 1_750.0, "mean_minutes": 7.0, "villages": 2}
    nobody = district(mean_by_district(exact, villages(C=None, D=0)))
    assert np.isnan(nobody["mean_m"])
    assert nobody["villages"] == 0
