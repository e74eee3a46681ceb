"""Who has how many visits where, and how far each load is from the mean."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo_target.fieldwork.visits import Officer, Visit

#: Share by which a load may differ from the mean before that is said.
TOLERANCE = 0.15


class Balance(StrEnum):
    """How a load stands to those of others."""

    FAIR = "fair"
    OVER = "over"
    UNDER = "under"
    GONE = "gone"
    """Whoever has it does not visit any more."""


@dataclass(frozen=True)
class LoadRow:
    """An officer's visits by village."""

    name: str
    officer: Officer | None
    """None of somebody who was removed in the middle of the plan."""
    cells: Mapping[str, int]
    load: int
    locked: int
    days: int
    """Different days on which they visit."""
    difference: float | None
    """From what is expected of them, a share; None where nothing is."""

    @property
    def balance(self) -> Balance:
        """In a word."""
        if self.officer is None:
            return Balance.GONE
        if self.difference is None or abs(self.difference) <= TOLERANCE + 1e-9:
            return Balance.FAIR
        return Balance.OVER if self.difference > 0 else Balance.UNDER


@dataclass(frozen=True)
class LoadMatrix:
    """Rows by name, and the visits of nobody."""

    rows: Sequence[LoadRow]
    nobody: Mapping[str, int]
    by_village: Mapping[str, int]
    mean: float | None
    """Visits of an officer who has any."""

    def of(self, villages: Collection[str]) -> Sequence[LoadRow]:
        """Rows with a visit in one of some villages."""
        return [row for row in self.rows if any(code in row.cells for code in villages)]


def matrix_of(visits: Iterable[Visit], officers: Sequence[Officer]) -> LoadMatrix:
    """Count the visits of officers by village.

    Expected of an officer is the part of all visits that is as large as the part of their
    visits a day in those of everybody who has any.
    """
    given: dict[str, list[Visit]] = {}
    nobody: Counter[str] = Counter()
    for visit in visits:
        if visit.officer is None:
            nobody[visit.target.village_code] += 1
        else:
            given.setdefault(visit.officer, []).append(visit)
    known = {officer.name: officer for officer in officers}
    pace = {name: known[name].visits_per_day for name in given if name in known}
    shared = sum(len(given[name]) for name in pace)
    expected = {name: shared * rate / sum(pace.values()) for name, rate in pace.items()}
    rows = [_row(name, given[name], known.get(name), expected.get(name)) for name in sorted(given)]
    by_village = nobody.copy()
    for row in rows:
        by_village.update(row.cells)
    mean = shared / len(pace) if pace else None
    return LoadMatrix(rows, nobody, by_village, mean)


def _row(
    name: str, visits: Sequence[Visit], officer: Officer | None, expected: float | None
) -> LoadRow:
    return LoadRow(
        name=name,
        officer=officer,
        cells=Counter(visit.target.village_code for visit in visits),
        load=len(visits),
        locked=sum(visit.is_locked for visit in visits),
        days=len({visit.day for visit in visits if visit.day}),
        difference=len(visits) / expected - 1 if expected else None,
    )
