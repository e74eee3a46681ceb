"""Something to mend: how much of it, in what unit, where, and the table that tells more."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo_target.web.figures import Figure, Record, State, added, count_of
from geo_target.web.reach import told_of


class Unit(StrEnum):
    """What is counted; two units are never in one table with bars."""

    FAMILIES = "families"
    ROWS = "rows"
    CELLS = "cells"
    VILLAGES = "villages"
    CLUSTERS = "clusters"
    PROGRAMS = "programs"
    FACILITIES = "facilities"
    LAYERS = "layers"
    DAYS = "days"


@dataclass(frozen=True)
class Place:
    """A village or a district, and how much of a finding it has."""

    code: str
    name: str
    within: str
    figure: Figure


@dataclass(frozen=True)
class Finding:
    """Something that an agency can mend.

    Attributes
    ----------
    key
        Its anchor on the page.
    title, step
        What it is, and what to do about it.
    figure
        How much: none where `why` says why nothing can be counted.
    link, meaning
        The table that tells more, and where on the page about figures its definition stands.
    districts, villages
        Where, most first; those that are withheld last.
    """

    key: str
    title: str
    step: str
    unit: Unit
    figure: Figure
    link: str
    meaning: str = ""
    why: str = ""
    districts: Sequence[Place] = ()
    villages: Sequence[Place] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is something to mend, as far as is told."""
        return self.figure.state in (State.VALUE, State.WITHHELD)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Most first, those withheld last: their place tells nothing. Of one unit only."""
    return sorted(findings, key=lambda one: _place(one.figure))


def villages_of(villages: Mapping[str, Record], count: Callable[[Record], Figure]) -> list[Place]:
    """Villages that have some of it, or may have: those of none are left out."""
    places = [
        Place(code, str(one["village_name"]), str(one["district_name"]), count(one))
        for code, one in villages.items()
    ]
    return _ordered(places)


def districts_of(
    villages: Mapping[str, Record], count: Callable[[Record], Figure], columns: Sequence[str]
) -> list[Place]:
    """Districts, counted from the sums of their villages; withheld where one of these is."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for one in villages.values():
        groups[str(one["district_code"])].append(one)
    return _ordered(
        Place(code, *_named(group), count(_sums(group, columns))) for code, group in groups.items()
    )


def districts_told(villages: Mapping[str, Record], counts: Mapping[str, int | None]) -> list[Place]:
    """Districts of which a table tells itself."""
    names = {str(one["district_code"]): _named([one]) for one in villages.values()}
    return _ordered(
        Place(code, *names.get(code, (code, "")), told_of(count)) for code, count in counts.items()
    )


def _sums(group: Sequence[Record], columns: Sequence[str]) -> Record:
    sums = {name: added([count_of(one, name) for one in group]) for name in columns}
    withheld = [name for name, figure in sums.items() if figure.state is State.WITHHELD]
    return {**{name: figure.value for name, figure in sums.items()}, "withheld": withheld}


def _named(group: Sequence[Record]) -> tuple[str, str]:
    return str(group[0]["district_name"]), str(group[0]["regency_name"])


def _ordered(places: Iterable[Place]) -> list[Place]:
    some = [one for one in places if one.figure.state in (State.VALUE, State.WITHHELD)]
    return sorted(some, key=lambda one: (*_place(one.figure), one.code))


def _place(figure: Figure) -> tuple[bool, float]:
    return figure.state is State.WITHHELD, -(figure.value or 0)
