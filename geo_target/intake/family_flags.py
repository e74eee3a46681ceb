"""Flags of programs in a list of families, folded into one column: what the list says, no more."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from geo_target.intake.parsing import AND
from geo_target.intake.profiles import Flag
from geo_target.programs import programs


def fold_flags(columns: Mapping[str, Any], flags: Sequence[Flag]) -> dict[str, Any]:
    """`columns` with ``flagged_programs`` in place of ``flag_0``, ``flag_1`` ...

    A program of which any flag says yes is among them, in the order of the catalogue. A row of
    which no flag says anything is null: not even that there are none.

    Parameters
    ----------
    columns
        Of a piece; a flag is yes, no or null.
    flags
        Of the profile: ``flag_0`` is the first.
    """
    said = {i: name for i in range(len(flags)) if (name := f"flag_{i}") in columns}
    if not said:
        return {**columns}
    named = [code for code in programs() if any(flags[i].program == code for i in said)]
    # A bit a program, so that each of the few combinations is put into words once.
    bits = np.zeros(len(columns[next(iter(said.values()))]), dtype=np.int64)
    known = np.zeros(len(bits), dtype=np.bool_)
    for i, name in said.items():
        flag = columns[name].cast(pa.bool_())
        known |= flag.is_valid().to_numpy(zero_copy_only=False)
        bits |= _yes(flag).astype(np.int64) << named.index(flags[i].program)
    encoded = pa.array(bits, mask=~known).dictionary_encode()
    words = [
        AND.join(code for place, code in enumerate(named) if combination >> place & 1)
        for combination in encoded.dictionary.to_pylist()
    ]
    left = {name: column for name, column in columns.items() if name not in said.values()}
    return {**left, "flagged_programs": pa.array(words, pa.string()).take(encoded.indices)}


def _yes(flag: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    yes: np.ndarray[Any, np.dtype[np.bool_]] = flag.fill_null(fill_value=False).to_numpy(
        zero_copy_only=False
    )
    return yes
