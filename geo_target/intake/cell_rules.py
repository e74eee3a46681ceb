"""The rules of a list's columns, as columns to add and as SQL over a piece of its rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo_target.intake import coordinates
from geo_target.intake.family_flags import fold_flags
from geo_target.intake.identity import BLANK_WORDS, bare_number, identity_fault, masked
from geo_target.intake.note_rows import note_code, sound_keys
from geo_target.intake.parsed_columns import ParsedColumns
from geo_target.intake.plain_numbers import plain_numbers
from geo_target.intake.profiles import Profile
from geo_target.intake.rt_rw_pairs import with_halves
from geo_target.intake.signatures import signature_code
from geo_target.schemas import ROLES, Schema

#: Columns of the file that no profile names begin so: read only to tell copies apart.
UNREAD = "unread_"
#: Beside a column of NIK or KK: its plain numbers as such, 0 where a cell is not plain.
VALUE = "__value"
IDENTITY_COLUMNS: Mapping[str, Literal["NIK", "KK"]] = {
    "national_id": "NIK",
    "head_national_id": "NIK",
    "family_card_number": "KK",
}
#: A row with none of these filled says nothing of anybody.
_ANYTHING = {
    "families": ("family_id", "family_card_number", "head_national_id", "village_code",
                 "village_name"),
    "persons": ("national_id", "family_id", "family_card_number"),
    "enrollments": ("national_id", "family_card_number", "family_id", "name"),
    "points": ("family_id",),
    "population": ("village_code", "village_name"),
    "facilities": ("name",),
    "neighborhoods": ("village_code", "village_name", "rt", "address"),
    "decisions": ("register_family_id", "other_register_family_id"),
    "visits": ("family_id",),
}  # fmt: skip
#: The columns that say on which days an enrollment counts.
_DAYS = ("period", "valid_from", "valid_to")


@dataclass(frozen=True)
class Rules:
    """What holds for the rows of one list.

    Beside a column with a fault somewhere stand ``<column>__code`` and ``<column>__masked``,
    what a faulty cell looks like; ``<column>__plain`` says of an identity number that no
    rule can object to it. `row_code` says why nothing can be used of a row.
    """

    profile: Profile
    file: str
    program: str | None

    @property
    def schema(self) -> Schema:
        """The canonical columns of the list's role."""
        return ROLES[self.profile.role]

    def has_ids(self, present: Collection[str]) -> bool:
        """Whether the list itself gives ids of families, which may be given twice."""
        return self.profile.role == "families" and "family_id" in present

    def columns(self, raw: pa.Table, parsed: ParsedColumns) -> pa.Table:
        """A piece with the values of its parsed columns, and what is plain in it."""
        raw = with_halves(_with_pairs_shared(raw))
        found: dict[str, Any] = {}
        for name in raw.column_names:
            if name.startswith(UNREAD) or name.endswith("__number"):
                continue
            column = raw.column(name).combine_chunks()
            if parsed.parses(name):
                blank = "E-PERIOD" if name == "period" and self.profile.period else None
                found |= parsed.parse(name, column, blank=blank)
                continue
            found[name] = column
            if name in IDENTITY_COLUMNS:
                found |= _identity_marks(raw, name, column)
        if self.profile.role == "families":
            found = fold_flags(found, self.profile.flag)
        return pa.table(found)

    def doubtful(self, piece: pa.Table) -> npt.NDArray[np.bool_]:
        """Which rows of a piece must be looked at: in the others no rule can find a fault."""
        names = piece.column_names
        marks = [pc.invert(piece.column(name)) for name in names if name.endswith("__plain")]
        marks += [piece.column(name).is_valid() for name in names if name.endswith("__code")]
        marks += [piece.column(name) for name in names if name in {"is_total", "is_numbering"}]
        if self.has_ids(names):
            marks.append(piece.column("family_id").is_null())
        telling = [name for name in _ANYTHING[self.profile.role] if name in names]
        by_number = IDENTITY_COLUMNS.keys() & {*_ANYTHING[self.profile.role]}
        if not by_number or not any(name.endswith("__plain") for name in names):
            # nothing may be in such a row
            marks += [piece.column(name).is_null() for name in telling]
        found = np.full(len(piece), not telling and not self.profile.number_rows)
        for mark in marks:
            found |= mark.to_numpy()
        return found

    def clear(self, piece: pa.Table) -> str:
        """SQL: the rows that are not `doubtful`, in their types."""
        named = {n for n in piece.column_names if not n.endswith("__code")}
        selected = self._selected(self._filled(named))
        return f"select row, {selected} from rows where not doubtful"

    def accepted(self, piece: pa.Table) -> str:
        """SQL over ``judged``: of its rows those of which something can be used, in their types.

        What the layout itself says is filled in: the program of the list, the days of its
        period, and for a family without an id its file and row, so that it stays visible.
        A program that is named but unknown stays null, and an enrollment whose days cannot
        be read gets the status 'unknown': neither may count as something that nobody wrote.
        """
        present = set(piece.column_names)
        filled = self._filled(present)
        for column in set(IDENTITY_COLUMNS) & set(filled) & present:
            filled[column] = f'if("{column}__code" is null, "{column}", null)'
        selected = self._selected(filled)
        return f"select row, {selected} from judged where row_code is null"

    def _filled(self, present: Collection[str]) -> dict[str, str]:
        """SQL of each canonical column; what the layout itself says is filled in."""
        columns = [c.name for c in self.schema.columns]
        filled = {name: f'"{name}"' if name in present else "null" for name in columns}
        if self.profile.role == "enrollments":
            filled |= self._enrollment(filled, present)
        if self.profile.role == "families":
            own = "family_id" if "family_id" in present else "null"
            filled["family_id"] = f"coalesce({own}, {_quoted(self.file)} || '#' || row)"
        return filled

    def _selected(self, filled: Mapping[str, str]) -> str:
        """SQL of the columns that the list has something of: the others would cost as much."""
        columns = [c for c in self.schema.columns if filled[c.name] != "null"]
        return ", ".join(f'cast({filled[c.name]} as {c.type}) as "{c.name}"' for c in columns)

    def whole(self, present: Collection[str]) -> str:
        """SQL over ``accepted``, which has columns `present`: all those of its role."""
        selected = ", ".join(
            f'"{c.name}"' if c.name in present else f'cast(null as {c.type}) as "{c.name}"'
            for c in self.schema.columns
        )
        return f"select row, {selected} from accepted"

    def nothing(self) -> str:
        """SQL: no row, with the columns that `accepted` gives."""
        columns = ", ".join(f'cast(null as {c.type}) as "{c.name}"' for c in self.schema.columns)
        return f"select cast(0 as bigint) as row, {columns} where false"

    def faults(self, piece: pa.Table) -> str:
        """SQL over ``judged``: a line for each quarantined row, and for each set-aside cell."""
        parts = [
            f"""select row, '{c}', "{c}__code", {_masked(c)} from judged
                where row_code is null and "{c}__code" is not null"""
            for c in self._coded(piece)
        ]
        rows = "select row, null, row_code, null from judged where row_code is not null"
        return " union all ".join([rows, *parts])

    def judged(self, piece: pa.Table) -> str:
        """SQL over ``rows``: with bare identity numbers, the code of each cell, ``row_code``."""
        present = piece.column_names
        identity = [c for c in IDENTITY_COLUMNS if c in present]
        bare = [f'if("{c}__plain", "{c}", {_bare(c, present)}) as "{c}"' for c in identity]
        codes = [_identity_code(c, present) for c in identity] + self._of_ids(present)
        replaced = f"* replace ({', '.join(bare)})" if bare else "*"
        added = "".join(f", {sql}" for sql in (*codes, f"{self._row_code(present)} as row_code"))
        return f"select *{added} from (select {replaced} from rows)"

    def _of_ids(self, present: Collection[str]) -> list[str]:
        if not self.has_ids(present):
            return []
        return ["if(family_id is null, 'E-ID-BLANK', null) as family_id__code",
                "cast(null as varchar) as family_id__masked"]  # fmt: skip

    def _coded(self, piece: pa.Table) -> list[str]:
        present = piece.column_names
        coded = [c.removesuffix("__code") for c in present if c.endswith("__code")]
        coded += [c for c in IDENTITY_COLUMNS if c in present]
        return [*coded, "family_id"] if self.has_ids(present) else coded

    def _row_code(self, present: Collection[str]) -> str:
        """SQL: why nothing can be used of a row; null where something can."""
        total = "is_total" if "is_total" in present else "false"
        numbering = "is_numbering" if "is_numbering" in present else "false"
        named = [f'"{c}" is null' for c in _ANYTHING[self.profile.role] if c in present]
        nothing = " and ".join(named) or "true"
        if self.profile.number_rows and "family_id" not in present:
            nothing = "false"
        read = [c for c in (*(c.name for c in self.schema.columns), "period") if c in present]
        identity = [c for c in IDENTITY_COLUMNS if c in present]
        keys = sound_keys(present, identity)
        known = " or ".join(keys[c] for c in identity) or "false"
        # A person's name may be a word of totals.
        return f"""case when {total} and not ({known}) then 'E-TOTALROW'
            when {numbering} then 'E-NOTE'
            else coalesce({signature_code(self.schema, present, keys)},
                if({nothing}, 'E-NOTHING', {note_code(read, present, identity)})) end"""

    def _enrollment(self, filled: Mapping[str, str], present: Collection[str]) -> dict[str, str]:
        own, status = _quoted(self.program), filled["status"]
        named = "program__code is not null" if "program__code" in present else "false"
        # Status is there in every piece, for those in which a day cannot be read.
        found = {
            "program": f"if({named}, null, coalesce({filled['program']}, {own}))",
            "status": f"cast({status} as varchar)",
        }
        unclear = [f'"{c}__code"' for c in _DAYS if f"{c}__code" in present]
        if unclear:
            found["status"] = (
                f"if(coalesce({', '.join(unclear)}) is null, {status}, "
                f"coalesce(nullif({status}, 'active'), 'unknown'))"
            )
        if "period" in present:
            found |= {"valid_from": "period[1]", "valid_to": "period[2]"}
        return found


def _identity_marks(raw: pa.Table, name: str, column: pa.Array) -> dict[str, Any]:
    mark = f"{name}__number"
    numbers = None
    if mark in raw.column_names:
        numbers = raw.column(mark).to_numpy(zero_copy_only=False)
    plain = plain_numbers(column, IDENTITY_COLUMNS[name], numbers)
    found = {f"{name}__plain": pa.array(plain.plain), f"{name}{VALUE}": pa.array(plain.numbers)}
    return found if numbers is None else found | {mark: pa.array(numbers, pa.bool_())}


def _with_pairs_shared(raw: pa.Table) -> pa.Table:
    """Both coordinates of one cell under each of the two columns, where the other is empty."""
    if not {"lon", "lat"} <= set(raw.column_names):
        return raw
    lon, lat = raw.column("lon"), raw.column("lat")
    alone = np.asarray(pc.xor(lon.is_null(), lat.is_null()))
    if not alone.any():
        return raw
    for name, own, other in (("lon", lon, lat), ("lat", lat, lon)):
        is_pair = pc.match_substring_regex(other, coordinates.PAIR_PATTERN)
        shared = pc.if_else(
            pc.and_(own.is_null(), pc.fill_null(is_pair, pa.scalar(value=False))), other, own
        )
        raw = raw.set_column(raw.column_names.index(name), name, shared)
    return raw


def _identity_code(column: str, present: Collection[str]) -> str:
    fault = identity_fault(
        f'"{column}"', kind=IDENTITY_COLUMNS[column], number_cell=_number_cell(column, present)
    )
    return f'case when "{column}__plain" then null else {fault} end as "{column}__code"'


def _masked(column: str) -> str:
    return masked(f'"{column}"') if column in IDENTITY_COLUMNS else f'"{column}__masked"'


def _bare(column: str, present: Collection[str]) -> str:
    fillers = ", ".join(f"'{word}'" for word in BLANK_WORDS)
    # In a number that a program wrote a dot is no padding: it parts decimals.
    return f"""case when {_number_cell(column, present)} then "{column}"
        when upper("{column}") in ({fillers}) then null
        else {bare_number(f'"{column}"')} end"""


def _number_cell(column: str, present: Collection[str]) -> str:
    mark = f"{column}__number"
    return f'coalesce("{mark}", false)' if mark in present else "false"


def _quoted(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"
