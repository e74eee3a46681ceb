"""RT and RW in one cell, as ``003/005``: under a header of both, or under that of one of them."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.intake.values import ValueFault

#: Column of a list whose header names both; it becomes rt and rw.
BOTH = "rt_rw"
#: A dash parts no pair: 001-003 may be three RT, and 03-05 a day.
_PAIR = re.compile(
    r"(?:RT(?:\s*[/.]\s*RW)?[\s.:]*)?(\d{1,3})(?:\s*[/\\]\s*(?:RW[\s.:]*)?|\s*RW[\s.:]*)(\d{1,3})",
    re.IGNORECASE | re.ASCII,
)
_NONE = re.compile(r"[-\s/0]*")

Texts = list[str | None]


def parse_both(text: str) -> None:
    """What is left under a header of both and is no pair: nothing, or a fault.

    One number alone may be either.
    """
    if not _NONE.fullmatch(text):
        raise ValueFault("E-RTRW")


def with_halves(raw: pa.Table) -> pa.Table:
    """Columns of text with pairs of RT and RW parted, where the other of the two does not differ.

    Where `raw` has a column of either or of both, it has ``rt`` and ``rw`` afterwards.
    """
    if not {"rt", "rw", BOTH} & set(raw.column_names):
        return raw
    for name in ("rt", "rw"):
        if name not in raw.column_names:
            raw = raw.append_column(name, pa.nulls(len(raw), pa.string()))
    for name in (BOTH, "rt", "rw"):
        if name in raw.column_names:
            raw = _parted(raw, name)
    return raw


def _parted(raw: pa.Table, name: str) -> pa.Table:
    """`raw` with the pairs of one of its columns in ``rt`` and ``rw``."""
    encoded = pc.dictionary_encode(raw.column(name).combine_chunks())
    pairs = [_PAIR.fullmatch(text) for text in encoded.dictionary.to_pylist()]
    if not any(pairs):
        return raw

    def told(part: Callable[[re.Match[str]], str | None]) -> pa.Array:
        found: Texts = [part(pair) if pair else None for pair in pairs]
        return pa.array(found, pa.string()).take(encoded.indices)

    halves = {"rt": told(lambda pair: pair[1]), "rw": told(lambda pair: pair[2])}
    agree = np.ones(len(raw), bool)
    for other in {"rt", "rw"} - {name}:
        agree &= _agrees(raw.column(other), halves[other], told(lambda pair: pair[0]))
    splits = pa.array(agree & np.asarray(halves["rt"].is_valid()))
    for column in ("rt", "rw"):
        raw = _replaced(raw, column, pc.if_else(splits, halves[column], raw.column(column)))
    if name == BOTH:
        nothing = pa.scalar(None, pa.string())
        raw = _replaced(raw, BOTH, pc.if_else(splits, nothing, raw.column(BOTH)))
    return raw


def _agrees(own: pa.ChunkedArray, half: pa.Array, whole: pa.Array) -> npt.NDArray[np.bool_]:
    """Where a column says nothing, the same number, or repeats the pair."""
    bare = pc.utf8_ltrim(own, " 0RTWrtw.:")
    agrees: npt.NDArray[np.bool_] = np.asarray(own.is_null())
    nothing = pc.equal(pc.utf8_trim(own, " -0"), "")
    for same in (nothing, pc.equal(bare, pc.utf8_ltrim(half, "0")), pc.equal(own, whole)):
        agrees = agrees | np.asarray(pc.fill_null(same, pa.scalar(value=False)))
    return agrees


def _replaced(raw: pa.Table, name: str, column: Sequence[str] | pa.ChunkedArray) -> pa.Table:
    return raw.set_column(raw.column_names.index(name), name, column)
