"""RT and RW of one cell, parted for a whole column as they would be row by row."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake.rt_rw_pairs import with_halves

NUMBERS = st.integers(1, 999)
WAYS = ["{0}/{1}", "{0:03d}/{1:03d}", "{0} / {1}", "RT {0} RW {1}", "RT.{0:02d}/RW.{1:02d}",
        "rt {0}/{1}", "RT/RW {0}/{1}", "RT{0}RW{1}", "{0}\\{1}"]  # fmt: skip
PAIRS = st.builds(lambda way, rt, rw: (way.format(rt, rw), rt, rw), st.sampled_from(WAYS),
                  NUMBERS, NUMBERS)  # fmt: skip


def number(text: str | None) -> int | None:
    return None if text is None else int(text)


@given(st.lists(PAIRS, min_size=1), st.sampled_from(["rt", "rw", "rt_rw"]))
def test_every_way_to_write_a_pair_is_the_pair(pairs: list[tuple[str, int, int]], at: str) -> None:
    found = with_halves(pa.table({at: pa.array([text for text, _, _ in pairs])}))
    assert [number(text) for text in found["rt"].to_pylist()] == [rt for _, rt, _ in pairs]
    assert [number(text) for text in found["rw"].to_pylist()] == [rw for _, _, rw in pairs]
    assert at != "rt_rw" or found["rt_rw"].null_count == len(pairs)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "5", "005", "7", "5/2", "05/02", "9/9", "x", "-", "00"]),
            st.sampled_from([None, "2", "002", "RW 2", "3", "5/2", "9/9", "x", "-", "000"]),
        ),
        min_size=1,
    )
)
def test_two_columns_are_parted_only_where_they_agree(
    rows: list[tuple[str | None, str | None]],
) -> None:
    found = with_halves(
        pa.table({name: pa.array([row[i] for row in rows], pa.string())
                  for i, name in enumerate(("rt", "rw"))})
    )  # fmt: skip
    apart = zip(found["rt"].to_pylist(), found["rw"].to_pylist(), strict=True)
    assert list(apart) == [one_by_one(*row) for row in rows]


def one_by_one(rt: str | None, rw: str | None) -> tuple[str | None, str | None]:
    """What becomes of a row, said once more and plainly."""
    for text, other, place in ((rt, rw, 1), (rw, rt, 0)):
        if text and "/" in text:
            halves = text.split("/")
            bare = (other or "").removeprefix("RW ").lstrip("0")
            if other in {None, "-", "00", "000", text} or bare == halves[place].lstrip("0"):
                return halves[0], halves[1]
    return rt, rw


def test_lists_without_such_a_column_are_left_alone() -> None:
    table = pa.table({"address": ["RT 5/2"]})
    assert with_halves(table) is table
