"""Total rows: the first filled cell of the first three says so."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geo_target.intake.columns import raw_table
from geo_target.intake.readers import Body

CELLS = st.sampled_from(
    ["", " ", None, ":", "*.", "Jumlah", "TOTAL :", "sub total", "Subtotal", "grand TOTAL", "Siti",
     "Jumlahan", "Total Sejahtera", "..jumlah keseluruhan", "7", "É", "12 jumlah"]
)  # fmt: skip
TOTALS = {"jumlah", "total", "sub total", "subtotal", "grand total", "jumlah keseluruhan"}


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_the_first_filled_cell_tells_a_total_row(rows: list[tuple[str | None, ...]]) -> None:
    words = [[(cell or "").strip(" :.*").lower() for cell in row[:3]] for row in rows]
    expected = [next((w for w in row if w), "") in TOTALS for row in words]
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    body = Body(columns, np.arange(2, len(rows) + 2))
    raw = raw_table(body, {}, ["a", "b", "c", "d"])
    found = raw.column("is_total").to_pylist() if "is_total" in raw.column_names else []
    assert found == (expected if any(expected) else [])
