"""How far a binary sheet reaches is the same in any chunks, and as record by record says."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake.binary_sheets import END_OF_RECORDS, BinarySheet


def record(kind: int, body: bytes) -> bytes:
    """A record with its type and length in 7 bits a byte."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 0x7F | 0x80,
                                                              len(body) >> 7])  # fmt: skip
    return head + length + body


NUMBER = st.integers(0, 20_000).map(lambda number: number.to_bytes(4, "little"))
BODY = st.one_of(NUMBER, st.builds(lambda n, more: n + more, NUMBER, st.binary(max_size=300)),
                 st.binary(max_size=3))  # fmt: skip
RECORDS = st.lists(st.tuples(st.one_of(st.integers(0, 12), st.integers(100, 5000)), BODY))


def reach(records: list[tuple[int, bytes]]) -> tuple[int, int]:
    """Rows and columns up to the last, of records that are told apart already."""

    def numbers(kinds: range) -> Iterator[int]:
        return (int.from_bytes(body[:4], "little") + 1
                for kind, body in records if kind in kinds and len(body) >= 4)  # fmt: skip

    return max(numbers(range(1)), default=0), max(numbers(range(1, 12)), default=0)


@given(RECORDS, st.integers(1, 40))
def test_a_sheet_in_any_chunks_reaches_as_far_as_its_records_say(
    records: list[tuple[int, bytes]], size: int
) -> None:
    content = b"".join(record(kind, body) for kind, body in records)
    sheet = BinarySheet()
    for at in range(0, len(content), size):
        sheet.take(content[at : at + size])
    sheet.take(END_OF_RECORDS)
    assert (sheet.rows, sheet.columns) == reach(records)
    assert not sheet.is_storm


@given(st.binary(max_size=400), st.integers(1, 50))
def test_bytes_that_are_no_records_end(content: bytes, size: int) -> None:
    sheet = BinarySheet()
    for at in range(0, len(content), size):
        sheet.take(content[at : at + size])
    sheet.take(END_OF_RECORDS)


@pytest.mark.parametrize(("chunk", "storm"), [(bytes(100), True),
                                              (record(2, bytes(12)) * 10, False)])  # fmt: skip
def test_records_with_nothing_in_them_are_a_storm(chunk: bytes, *, storm: bool) -> None:
    sheet = BinarySheet()
    for _ in range(20_000):
        sheet.take(chunk)
    assert sheet.is_storm is storm
