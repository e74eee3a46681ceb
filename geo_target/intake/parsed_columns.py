"""Columns that are more than text: each distinct text of them is parsed once."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from geo_target.intake import values
from geo_target.intake.spoilage import style_of_column

#: Columns of amounts, whose thousands are parted by one sign throughout.
_STYLED = {"income_rupiah_per_month", "spending_rupiah_per_month", "amount_rupiah",
           "population_persons", "population_families", "families"}  # fmt: skip
#: A column of which nearly every text is another, such as longitudes, is not remembered.
_MOST_KNOWN = 200_000
_PERIOD = pa.list_(pa.date32())

Parsed = tuple[Any, str | None]


class ParsedColumns:
    """What the texts of a list mean, piece after piece.

    The style of a column of amounts shows only when all of it was read: `learn_styles` then
    says whether the list must be read once more.
    """

    def __init__(self, parsers: Mapping[str, values.Parser]) -> None:
        self._parsers = parsers
        self._known: dict[str, dict[str, Parsed]] = {name: {} for name in parsers}
        self._seen: dict[str, Counter[values.Style]] = {name: Counter() for name in _STYLED}
        self._style: dict[str, values.Style | str] = {}

    def parses(self, name: str) -> bool:
        """Whether a column is more than text."""
        return name in self._parsers

    def parse(self, name: str, column: pa.Array, *, blank: str | None = None) -> dict[str, Any]:
        """Value of each cell of a column of text; code and shape of each that has a fault.

        Parameters
        ----------
        blank
            Code of an empty cell; none means that one has no fault.

        Returns
        -------
        columns
            ``name``; and where any cell has a fault ``name__code`` and ``name__masked``,
            which shows digits as 9 and letters as x.
        """
        encoded = column.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        if name in _STYLED:
            self._count_styles(name, encoded, texts)
        parsed = [self._parsed(name, text) for text in texts]
        kind = _PERIOD if name == "period" else None
        found = [list(v) if isinstance(v, tuple) else v for v, _ in parsed]
        columns = {name: pa.array(found, kind).take(encoded.indices)}
        if any(code for _, code in parsed) or (blank and column.null_count):
            codes = pa.array([code for _, code in parsed], pa.string()).take(encoded.indices)
            shapes = [_shape(t) if code else None
                      for t, (_, code) in zip(texts, parsed, strict=True)]  # fmt: skip
            if blank:
                codes = pc.if_else(column.is_null(), blank, codes)
            columns[f"{name}__code"] = codes
            columns[f"{name}__masked"] = pa.array(shapes, pa.string()).take(encoded.indices)
        return columns

    def learn_styles(self) -> bool:
        """Whether a column mixes styles; from now on only the one of nearly all is taken."""
        mixed = {name: seen for name, seen in self._seen.items() if len(seen) > 1}
        if self._style or not mixed:
            return False
        self._style = {name: style_of_column(seen) for name, seen in mixed.items()}
        for name in mixed:
            self._known[name].clear()
        return True

    def _parsed(self, name: str, text: str) -> Parsed:
        known = self._known[name]
        if (found := known.get(text)) is not None:
            return found
        try:
            found = self._parsers[name](text), None
        except values.ValueFault as fault:
            found = fault.instead, fault.code
        shown = values.style_of(text) if found[1] is None and name in self._style else None
        if shown not in {None, self._style.get(name)}:
            found = None, "E-STYLE"
        if len(known) < _MOST_KNOWN:
            known[text] = found
        return found

    def _count_styles(self, name: str, encoded: Any, texts: list[str]) -> None:
        styles = [values.style_of(text) for text in texts]
        if any(styles):
            counts = pc.value_counts(encoded.indices).to_pylist()
            for count in counts:
                style = styles[count["values"]] if count["values"] is not None else None
                if style:
                    self._seen[name][style] += count["counts"]


def _shape(text: str) -> str:
    return re.sub("[A-Za-z]", "x", re.sub("[0-9]", "9", text))
