"""What is plain has no fault: the rules of `identity` are the reference."""

from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.intake.identity import identity_fault
from geo_target.intake.plain_numbers import plain_numbers
from geo_target.workbench import Workbench
from tests.builders import kk, nik

Kind = Literal["NIK", "KK"]

#: Digits that come near to every rule, and signs that are none.
NUMBERS = st.one_of(
    st.text("0123456789", min_size=16, max_size=16),
    st.builds(
        lambda region, day, month, year, serial: f"{region}{day:02}{month:02}{year:02}{serial}",
        st.sampled_from(["367398", "000000", "123456"]), st.integers(0, 80),
        st.integers(0, 14), st.integers(0, 99), st.sampled_from(["0000", "0001", "3673", "9999"]),
    ),
    st.builds(lambda part, more: (part * 16)[:16] + more,
              st.text("0123456789", min_size=1, max_size=10), st.sampled_from(["", "0", " "])),
    st.text("0189:/ e.Eé", min_size=0, max_size=17),
    st.none(),
)  # fmt: skip


def codes(bench: Workbench, numbers: list[str | None], kind: Kind) -> list[str | None]:
    table = bench.take(pa.table({"i": range(len(numbers)), "n": pa.array(numbers, pa.string())}))
    rule = identity_fault("n", kind=kind)
    return [c for (c,) in bench.execute(f"select {rule} from {table.name} order by i")]


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["NIK", "KK"]))
def test_plain_numbers_have_no_fault(numbers: list[str | None], kind: Kind) -> None:
    plain = plain_numbers(pa.array(numbers, pa.string()), kind, None).plain
    with Workbench() as bench:
        found = codes(bench, numbers, kind)
    assert not [n for n, is_plain, code in zip(numbers, plain, found, strict=True)
                if is_plain and (code or n is None)]  # fmt: skip


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["NIK", "KK"]))
def test_a_plain_cell_is_the_number_that_it_holds(numbers: list[str | None], kind: Kind) -> None:
    found = plain_numbers(pa.array(numbers, pa.string()), kind, None)
    assert found.numbers.tolist() == [
        int(n) if is_plain and n else 0 for n, is_plain in zip(numbers, found.plain, strict=True)
    ]


@pytest.mark.parametrize(
    ("tail", "is_plain"),
    [
        ("0101900001", True), ("4112909999", True), ("6801900001", True),
        ("0101900000", False),  # no serial
        ("0001900001", False), ("2901900001", False), ("6901900001", False),  # the day
        ("0100900001", False), ("0113900001", False),  # the month
        ("01019O0001", False), ("010190000", False),
    ],
)  # fmt: skip
def test_what_may_be_wrong_in_a_nik_is_looked_at(tail: str, *, is_plain: bool) -> None:
    column = pa.array([f"367398{tail}", nik(1)])
    assert plain_numbers(column, "NIK", None).plain.tolist() == [is_plain, True]


def test_a_number_that_comes_back_to_its_first_digits_is_looked_at() -> None:
    repeated = pa.array(["01" * 8, "1234567890" + "123456", "12010101" * 2])
    assert plain_numbers(repeated, "KK", None).plain.tolist() == [False, False, True]
    assert not plain_numbers(repeated, "NIK", None).plain.any()


@pytest.mark.parametrize("kind", ["NIK", "KK"])
def test_nearly_all_numbers_are_plain(kind: Kind) -> None:
    numbers = [(nik if kind == "NIK" else kk)(n) for n in range(1, 500)]
    whole = pa.array([None, "KOSONG", *numbers])
    for column in (whole, whole[1:]):  # a part of a column begins elsewhere in its bytes
        plain = plain_numbers(column, kind, None).plain
        assert plain.sum() == len(numbers)
        assert plain[-len(numbers) :].all()


def test_a_number_cell_is_never_plain() -> None:
    found = plain_numbers(pa.array([nik(1), nik(2)]), "NIK", np.array([True, False]))
    assert found.numbers.tolist() == [0, int(nik(2))]
    assert found.plain.tolist() == [False, True]
