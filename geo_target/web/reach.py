"""What the coverage page is asked to show, and the figures of villages and of the area for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geo_target.web.figures import Figure, Record, State, count_of, share_of, sum_of

#: What the map is colored by, besides the name of a lens.
DEFINITION, ENROLLED, UNCOVERED = "definition", "enrolled", "uncovered"
#: Families that the register lists, and those of them that no list could be compared with.
LISTED, UNMATCHED = "extreme_poor_families", "unmatched_families"


@dataclass(frozen=True)
class Column:
    """A column of the matrix: a count by village, and the counts that it is a share of.

    Of a program whose list is not for the day (``not_current``) or whose rule judges nobody
    (``not_judged``) the column says so, and has no counts.
    """

    name: str
    base: Sequence[str]
    measure: str
    program: str | None = None
    title: str = ""
    lacks: Literal["", "not_current", "not_judged"] = ""

    @property
    def tone(self) -> str:
        """Colors of what reaches families, or of what does not."""
        return ENROLLED if self.name.startswith(("covered", ENROLLED)) else UNCOVERED


@dataclass(frozen=True)
class Cell:
    """A count and its share."""

    count: Figure
    share: Figure


@dataclass(frozen=True)
class View:
    """A question that this run can answer; `columns` begins with covered and uncovered."""

    definition: Record
    measure: str
    program: str | None
    shown: Column
    columns: Sequence[Column]


def view_of(told: Record, asked: Mapping[str, str]) -> View | None:
    """Understand ``definisi``, ``ukuran`` and ``program``; None for what the run does not know."""
    definitions = {one["name"]: one for one in told["definitions"]}
    carried = {one["code"]: one for one in told["programs"] if one["is_carried"]}
    lenses = [one["lens"] for one in told["lenses"]]
    definition = definitions.get(asked.get("definisi", next(iter(definitions))))
    measure = asked.get("ukuran", DEFINITION)
    program = asked.get("program", next(iter(carried), None))
    if (
        definition is None
        or measure not in (DEFINITION, ENROLLED, UNCOVERED, *lenses)
        or (program not in carried and (carried or "program" in asked))
    ):
        return None
    state = ENROLLED if measure == DEFINITION else measure
    columns = [
        *_states(definition),
        *(lens_column(lens) for lens in lenses if measure in lenses),
        *(_program_column(state, one) for one in carried.values() if measure not in lenses),
    ]  # fmt: skip
    shown = [one for one in columns[1:]
             if one.measure == measure and one.program in (None, program)]  # fmt: skip
    return View(definition, measure, program, shown[0], columns) if shown else None


def _states(definition: Record) -> list[Column]:
    """Shares are of the compared families, as everywhere else."""
    end = "_families" if definition["is_own"] else f" {definition['name']}"
    names = [f"{state}{end}" for state in ("covered", "uncovered")]
    return [Column(name, names, DEFINITION) for name in names]


def _program_column(state: str, program: Record) -> Column:
    lacks: Literal["", "not_current", "not_judged"] = ""
    if not program["is_current"]:
        lacks = "not_current"
    elif state == UNCOVERED and not program["is_judged"]:
        lacks = "not_judged"
    code = program["code"]
    return Column(f"{state} {code}", (LISTED,), state, code, program["short_name"], lacks)


def records_of(villages: Mapping[str, Record], told: Record) -> dict[str, Record]:
    """Villages with what coverage.json adds; what has no number there is withheld."""
    return {
        code: _with(village, told["villages"].get(code, {})) for code, village in villages.items()
    }


def unmatched_of(record: Record, definition: Record) -> Figure:
    """Listed families that a definition neither covers nor not, where all three are told."""
    names = [column.name for column in _states(definition)]
    whole = sum_of(record, (LISTED, *names))
    if whole.value is None:
        return whole
    return told_of(record[LISTED] - sum(record[name] for name in names))


def area_of(totals: Record, told: Record, definition: Record) -> Record:
    """The whole area with the columns of a village."""
    sums: dict[str, Any] = {name: totals[name] for name in (LISTED, UNMATCHED)}
    for column, state in zip(_states(definition), ("covered", "uncovered"), strict=True):
        sums[column.name] = definition[f"{state}_families"]
    for one in told["programs"]:
        for state in (ENROLLED, UNCOVERED):
            sums[f"{state} {one['code']}"] = one[f"{state}_families"]
    for one in told["lenses"]:
        if one["is_known"]:  # else no list says it of anybody
            sums |= {f"all {one['lens']}": one["families"], one["lens"]: one["uncovered_families"]}
    return _with({"withheld": ()}, sums)


def _with(record: Record, counts: Record) -> Record:
    hidden = [name for name, value in counts.items() if value is None]
    return {**counts, **record, "withheld": [*record["withheld"], *hidden]}


def cell_of(record: Record, column: Column) -> Cell:
    """The count of a column, and its share of the base where both are told.

    Where no family could be compared with a list, nobody enrolled is no share, nor is nobody
    left out.
    """
    if column.lacks:
        return Cell(Figure(State.NO_DATA), Figure(State.NO_DATA))
    count = count_of(record, column.name)
    if count.state is State.ZERO and not is_compared(record):
        return Cell(count, Figure(State.NO_DATA))
    return Cell(count, share_of(count, sum_of(record, column.base)))


def is_compared(record: Record) -> bool:
    """Whether any listed family could be compared with a list, as far as that is told."""
    unmatched, listed = (count_of(record, name) for name in (UNMATCHED, LISTED))
    return listed.value is None or unmatched.value != listed.value


def lens_column(lens: str) -> Column:
    """Uncovered families of a group, of all of it."""
    return Column(lens, (f"all {lens}",), lens)


def told_of(value: int | None) -> Figure:
    """A number of the whole area: one that is none is withheld."""
    if value is None:
        return Figure(State.WITHHELD)
    return Figure(State.VALUE if value else State.ZERO, value)
