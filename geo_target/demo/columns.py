"""Columns of text and numbers: the few operations that every list of the demo needs."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]

#: A column of text: Arrow-backed, so that millions of rows stay small and quick.
Text = Any  # pandas-stubs cannot tell the operations of text columns from those of others


def text(values: npt.ArrayLike, *, width: int = 0) -> Text:
    """Whole numbers or words as a column of text, zero-padded to `width`."""
    array = np.asarray(values)
    arrow = pa.array(array.tolist() if array.dtype == object else array)
    written = pc.cast(arrow, pa.large_string())
    if width:
        written = pc.utf8_lpad(written, width, "0")
    return pd.Series(written, dtype="str")


def words(choices: tuple[str, ...] | list[str], index: npt.NDArray[np.integer[Any]]) -> Text:
    """The words that `index` points at, as a column of text."""
    taken = pa.array(choices, pa.large_string()).take(pa.array(index))
    return pd.Series(taken, dtype="str")


def pick(
    rng: np.random.Generator,
    choices: tuple[str, ...] | list[str],
    size: int,
    weights: npt.ArrayLike | None = None,
) -> Text:
    """Words drawn with replacement, all alike or by weight."""
    return words(choices, draw(rng, len(choices), size, weights))


def draw(
    rng: np.random.Generator, count: int, size: int, weights: npt.ArrayLike | None = None
) -> Ints:
    """Whole numbers below `count`, drawn with replacement, all alike or by weight."""
    if weights is None:
        return rng.integers(0, count, size)
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right")
    return np.minimum(drawn, count - 1)


def heavy_tail(count: int) -> Floats:
    """Weights of a few common and many rare words (Zipf)."""
    return np.asarray(1.0 / (np.arange(count) + 3.0), dtype=np.float64)


def either(condition: npt.ArrayLike, yes: Text | str, no: Text | str) -> Text:
    """`yes` where the condition holds, `no` elsewhere."""
    flags = np.asarray(condition, dtype=np.bool_)
    chosen = pc.if_else(pa.array(flags), _arrow(yes), _arrow(no))
    return pd.Series(chosen, dtype="str")


def day_text(days: Days, *, pattern: str = "%Y-%m-%d") -> Text:
    """Days as text."""
    arrow = pa.array(days.astype("datetime64[D]"))
    return pd.Series(
        pc.cast(pc.strftime(arrow.cast(pa.timestamp("s")), pattern), pa.large_string()), dtype="str"
    )


def matches(column: Text, pattern: str) -> Flags:
    """Cells in which the pattern (RE2) is found; a null is none."""
    found = pc.match_substring_regex(_arrow(column), pattern)
    return np.asarray(found.fill_null(fill_value=False), dtype=np.bool_)


def among(column: Text, known: Text) -> Flags:
    """Cells that are among those of `known`; a null is none."""
    found = pc.is_in(_arrow(column), value_set=_arrow(known), skip_nulls=True)
    return np.asarray(found, dtype=np.bool_)


def rows(column: Text, index: npt.NDArray[Any]) -> Text:
    """Rows of a column by position, with a new index from 0."""
    return column.take(index).reset_index(drop=True)


def subset(frame: pd.DataFrame, index: npt.NDArray[Any]) -> pd.DataFrame:
    """Rows of a table by position, with a new index from 0."""
    return frame.take(index).reset_index(drop=True)


def _arrow(value: Text | str) -> Any:
    if isinstance(value, str):
        return pa.scalar(value, pa.large_string())
    return pa.array(value, pa.large_string())
