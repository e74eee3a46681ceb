from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.registry.linkage import find_pairs, settle
from geo_target.registry.probability import FIELDS, Field
from geo_target.workbench import Table, Workbench
from tests.builders import kk, table, workbench
from tests.registry.linkage_reference import pairs_of, states_of

COLUMNS = {
    "id": "varchar", "name": "varchar", "birth_date": "date", "sex": "varchar",
    "family_card_number": "varchar", "rt": "varchar", "rw": "varchar", "neighborhood": "varchar",
    "village_code": "varchar",
}  # fmt: skip
VILLAGES = ["36.73.01.1001", "36.73.01.1002", "36.73.02.1001"]


def people(bench: Workbench, rows: list[dict[str, Any]]) -> Table:
    kinds = {"varchar": pa.string(), "date": pa.date32()}
    schema = pa.schema([(column, kinds[kind]) for column, kind in COLUMNS.items()])
    return bench.take(pa.Table.from_pylist([{**dict.fromkeys(COLUMNS), **r} for r in rows], schema))


def crowd(count: int = 2000) -> list[dict[str, Any]]:
    """Others, so that a name or a date says something: nobody of them is like anybody below."""
    letters = "bcgklnrsw"
    return [
        {
            "id": f"x{n}",
            "name": "".join(letters[n // 9**digit % 9] + "aueio"[digit] for digit in range(4)),
            "birth_date": date(1930 + n % 50, 2 + n % 11, 2 + n % 27),
            "village_code": f"36.01.{1 + n % 28:02}.2{n % 10:03}",
        }
        for n in range(count)
    ]


SUHENDI = {
    "name": "MUH. SOEHENDI", "birth_date": date(1983, 4, 7), "sex": "L",
    "family_card_number": kk(1), "rt": "002", "rw": "005", "neighborhood": "Kemang",
    "village_code": VILLAGES[0],
}  # fmt: skip


def settled(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> dict[Any, str]:
    with workbench() as bench:
        pairs = settle(find_pairs(people(bench, left), people(bench, right + crowd())))
        return {(r["left_id"], r["right_id"]): r["state"] for r in pairs.rows()}


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "matched"),
        ({"name": "Suhendi, Muhammad"}, "matched"),
        ({"name": "H. SUHENDI"}, "matched"),
        ({"family_card_number": None, "rt": None, "rw": None}, "matched"),
        ({"family_card_number": None, "birth_date": date(1983, 7, 4)}, "matched"),
        ({"family_card_number": None, "birth_date": date(1983, 1, 1)}, "matched"),
        ({"family_card_number": None, "birth_date": None, "sex": None}, "matched"),
        ({"birth_date": None, "village_code": None}, "matched"),
        # A card is shared by a family: another name on it is somebody else's.
        ({"name": "Jumenah", "birth_date": date(1985, 3, 12), "sex": "P"}, None),
        ({"name": "Jumenah", "birth_date": None, "sex": None}, "unmatched"),
        ({"family_card_number": None, "village_code": VILLAGES[2], "birth_date": None}, None),
        ({"name": "Basuni", "family_card_number": None}, "doubtful"),
        ({"name": None, "birth_date": None, "family_card_number": None}, None),
    ],
)
def test_what_may_differ(change: dict[str, Any], state: str | None) -> None:
    found = settled([{"id": "a", **SUHENDI, **change}], [{"id": "b", **SUHENDI}])
    assert found.get(("a", "b")) == state


def test_two_candidates_never_join_by_themselves() -> None:
    twin = {"family_card_number": None}
    assert settled(
        [{"id": "a", **SUHENDI, **twin}],
        [{"id": "b", **SUHENDI, **twin}, {"id": "c", **SUHENDI, **twin}],
    ) == {("a", "b"): "doubtful", ("a", "c"): "doubtful"}
    assert settled([{"id": "a", **SUHENDI}, {"id": "z", **SUHENDI}], [{"id": "b", **SUHENDI}]) == {
        ("a", "b"): "doubtful",
        ("z", "b"): "doubtful",
    }


def test_what_agrees_is_said_without_a_value(bench: Workbench) -> None:
    other = {**SUHENDI, "birth_date": date(1983, 1, 1), "family_card_number": None, "rt": "003"}
    pairs = find_pairs(
        people(bench, [{"id": "a", **other}]), people(bench, [{"id": "b", **SUHENDI}])
    )
    (row,) = pairs.rows()
    assert row["agrees"] == (
        "name: same, birth date: 1 January, sex: same, card: missing, place: rw"
    )
    assert row["reason"] == "village and word"
    assert row["probability"] == pytest.approx(1 / (1 + 2 ** -row["weight"]))


def test_a_list_of_nobody_finds_nobody(bench: Workbench) -> None:
    some, none = people(bench, [{"id": "a", **SUHENDI}]), people(bench, [])
    assert settle(find_pairs(some, none)).rows() == []
    assert settle(find_pairs(none, some)).rows() == []


def test_slices_do_not_change_what_is_found(bench: Workbench) -> None:
    left = people(bench, [{"id": f"a{n}", **SUHENDI, "rw": f"{n:03}"} for n in range(7)])
    right = people(bench, [{"id": f"b{n}", **SUHENDI, "rw": f"{n:03}"} for n in range(7)])
    assert find_pairs(left, right, slice_rows=2).rows() == find_pairs(left, right).rows()


# ------------------------------------------------------------------- settling, pair by pair

SETTLED = """
left_id  right_id  weight  is_named  state      why
one      P         9       yes       matched    clear
one      Q         4       yes       unmatched  taken
two      P         3       yes       unmatched  taken
two      R         1       yes       doubtful   rival
two      S         -3.5    yes       doubtful   weak
two      T         -4      yes       unmatched  beaten
three    U         8       yes       doubtful   rival
three    V         3.5     no        doubtful   name
four     W         8       yes       doubtful   rival
five     W         7       yes       doubtful   rival
six      X         0.5     no        doubtful   weak
seven    Y         1       yes       matched    clear
eight    Z         9       no        doubtful   name
nine     A         -0.5    yes       unmatched  unlikely
nine     B         -6      yes       unmatched  beaten
"""


def test_what_is_made_of_pairs(bench: Workbench) -> None:
    wanted = table(bench, SETTLED, {"weight": "double", "is_named": "boolean"})
    pairs = bench.query("select * exclude (state, why) from wanted", wanted=wanted)
    key = ("left_id", "right_id", "weight", "state", "why")
    made = settle(pairs, threshold=1, margin=5)
    assert {tuple(r[c] for c in key) for r in made.rows()} == {
        tuple(r[c] for c in key) for r in wanted.rows()
    }


_IDS = st.integers(0, 4)
_WEIGHTS = st.sampled_from([-5.0, -4.0, 0.0, 0.5, 1.0, 2.0, 5.5, 6.0, 7.0, 11.0, 12.0])


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.tuples(_IDS, _IDS), st.tuples(_WEIGHTS, st.booleans()), max_size=14))
def test_pairs_are_settled_as_a_plain_reading_of_the_rule(
    given_pairs: dict[tuple[int, int], tuple[float, bool]],
) -> None:
    named = {(f"a{left}", f"b{right}"): pair for (left, right), pair in given_pairs.items()}
    with workbench() as bench:
        columns = {"left_id": "varchar", "right_id": "varchar", "weight": "double",
                   "is_named": "boolean"}  # fmt: skip
        pairs = bench.take_rows(columns, [[*pair, *known] for pair, known in named.items()])
        made = settle(pairs, threshold=1, margin=5).rows()
    assert {(r["left_id"], r["right_id"]): (r["state"], r["why"]) for r in made} == states_of(
        named, threshold=1, margin=5
    )
    matched = [r for r in made if r["state"] == "matched"]
    assert len({r["left_id"] for r in matched}) == len(matched)
    assert len({r["right_id"] for r in matched}) == len(matched)


# -------------------------------------------------------- the whole, against plain Python

_PERSON = st.fixed_dictionaries(
    {
        "name": st.sampled_from([
            None, "Suhendi", "SOEHENDY", "Muh. Suhendi", "Suhenda", "Muhamad", "M. Ali",
            "Siti Aminah", "Aminah", "Aminnah Siti", "Siti", "Ahmad Hidayat", "Hidayat Amad",
            "Ahmadi Hidayat", "Drs.",
        ]),
        "birth_date": st.sampled_from([
            None, date(1980, 1, 1), date(1980, 4, 7), date(1980, 7, 4), date(1980, 4, 9),
            date(1980, 12, 30), date(1984, 4, 7), date(1984, 1, 1), date(1955, 4, 7),
        ]),
        "sex": st.sampled_from([None, "L", "P"]),
        "family_card_number": st.sampled_from([None, None, kk(1), kk(2), kk(35)]),
        "rt": st.sampled_from([None, "001", "002"]),
        "rw": st.sampled_from([None, "001", "002"]),
        "neighborhood": st.sampled_from([None, "Kemang", "Kebon"]),
        "village_code": st.sampled_from([None, *VILLAGES]),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(_PERSON, max_size=9), st.lists(_PERSON, min_size=1, max_size=9))
def test_pairs_and_states_are_those_of_plain_python_on_all_pairs(
    left: list[dict[str, Any]], right: list[dict[str, Any]]
) -> None:
    left = [{"id": f"a{n}", **row} for n, row in enumerate(left)]
    right = [{"id": f"b{n}", **row} for n, row in enumerate(right)]
    expected = pairs_of(left, right, least=-5)
    with workbench() as bench:
        pairs = find_pairs(people(bench, left), people(bench, right))
        made = settle(pairs, threshold=1, margin=5).rows()
        order = [(r["left_id"], -r["weight"], r["right_id"]) for r in pairs.rows()]
    assert order == sorted(order)
    found = {(r["left_id"], r["right_id"]): r for r in made}
    assert {pair: r["reason"] for pair, r in found.items()} == {
        pair: block for pair, (_, _, block) in expected.items()
    }
    for pair, (weight, _, _) in expected.items():
        assert found[pair]["weight"] == pytest.approx(weight), pair
    weights = {pair: (r["weight"], expected[pair][1]) for pair, r in found.items()}
    assert {pair: (r["state"], r["why"]) for pair, r in found.items()} == states_of(
        weights, threshold=1, margin=5
    )


# ------------------------------------------------------------- a worse level weighs no more

_SHARE = st.floats(1e-9, 1.0)
_SHARED = ("name", "word", "birth_date", "card", "village", "district")


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({f"{side}_{of}": _SHARE for side in "lr" for of in _SHARED}))
def test_a_worse_agreement_never_weighs_more(shares: dict[str, float]) -> None:
    sides = {
        side: {f"{of}_share": shares[f"{side}_{of}"] for of in _SHARED} | {"words": ["a"]}
        for side in "lr"
    }
    # A district is lived in by all of its villages.
    sides["l"]["district_share"] = max(shares["l_district"], shares["l_village"])
    with workbench() as bench:
        for field in FIELDS:
            bits = _weights(bench, field, sides)
            assert all(better >= worse for better, worse in pairwise(bits)), (field.name, bits)


def _weights(bench: Workbench, field: Field, sides: dict[str, Any]) -> list[float]:
    weights = ", ".join(level.weight for level in field.levels)
    ((row),) = bench.execute(
        f"select {weights} from (select unnest(?)) as l, (select unnest(?)) as r",
        [sides["l"], sides["r"]],
    )
    return list(row)
