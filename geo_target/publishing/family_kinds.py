"""Kinds of families that a village may have, and the counts that are sums of them.

Which programs a family has, and what the run's own definition says of it, make a kind: each count
of coverage is a sum of kinds, or some of such a sum. Whoever is shown counts may solve for the
kinds; publishing/coverage_shifts.py does. All is the same for every village.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import comb

import numpy as np
import numpy.typing as npt

from geo_target.programs import programs
from geo_target.publishing.audiences import PARTS, TOTAL
from geo_target.settings import Coverage

Floats = npt.NDArray[np.float64]
#: What a program is to a family: nothing, some of its members have it, all of them have it.
_NONE, _SOME, _ALL = 0, 1, 2
#: Of more programs not every set is made that a family may have, but each of so few.
_MOST_SETS, _LEAST_TOGETHER = 256, 2
_COVERED, _UNCOVERED, _UNMATCHED = PARTS


@dataclass(frozen=True)
class Question:
    """What the counts of a release are counts of.

    Attributes
    ----------
    carried
        Programs that a list of the run has.
    definitions
        Every definition by name, the run's own first.
    """

    carried: tuple[str, ...]
    definitions: Mapping[str, Coverage]


@dataclass(frozen=True)
class Kinds:
    """Unknown numbers of families of one village, and what is made of them.

    Attributes
    ----------
    counts
        A row a name: how often each unknown is in it.
    at_most, exact
        Rows over the unknowns that are 0 at most, and that are 0.
    asked
        Rows over the unknowns: every count of families that nobody shall know to be small.
    known_by
        Of each of `asked` the names that are added and those that are taken away; None where
        no names tell it.
    """

    counts: Mapping[str, Floats]
    at_most: Floats
    exact: Floats
    asked: Floats
    known_by: Sequence[tuple[Sequence[str], Sequence[str]] | None]


@dataclass(frozen=True)
class _Kind:
    """How much of each program a family has, and which of the three states it is in."""

    has: Mapping[str, int]
    state: str

    def is_reached(self, definition: Coverage) -> bool:
        return any(
            self.has.get(code, _NONE) == _ALL
            or (self.has.get(code, _NONE) == _SOME and definition.member_counts_for_family)
            for code in definition.programs
        )

    @property
    def programs(self) -> frozenset[str]:
        return frozenset(code for code, much in self.has.items() if much)


class _Builder:
    """Unknowns of a village, added one after the other."""

    def __init__(self, kinds: Sequence[_Kind]) -> None:
        self.kinds = kinds
        self.many = len(kinds)
        self.counts: dict[str, dict[int, float]] = {}
        self.at_most: list[dict[int, float]] = []
        self.exact: list[dict[int, float]] = []

    def of(self, wanted: Sequence[bool]) -> dict[int, float]:
        """The families of some kinds."""
        return {number: 1.0 for number, is_wanted in enumerate(wanted) if is_wanted}

    def some_of(self, whole: Mapping[int, float]) -> dict[int, float]:
        """Some of these families; nobody knows which."""
        part = {self.many: 1.0}
        self.many += 1
        self.at_most.append(_added(part, whole, -1))
        return part

    def rows(self, counts: Sequence[Mapping[int, float]]) -> Floats:
        found = np.zeros((len(counts), self.many))
        for row, count in enumerate(counts):
            for number, times in count.items():
                found[row, number] = times
        return found


def family_kinds(question: Question, names: Sequence[str]) -> Kinds:
    """Make the unknowns of a village.

    Parameters
    ----------
    names
        Counts of coverage, as publishing/coverage_columns.py calls them, and ``strategies ...``,
        ``programs ...`` and ``reason ...``. Strategies that are not among them nobody has.
    """
    builder = _Builder([*_kinds(question, names)])
    states = {state: builder.of([kind.state == state for kind in builder.kinds]) for state in PARTS}
    whole = builder.of([True] * len(builder.kinds))
    builder.counts |= {**states, TOTAL: whole}
    reached = _reached(question, builder)
    for name in names:
        if name not in builder.counts:
            builder.counts[name] = _count(name, builder, reached, states)
    _add_up(builder, names, states)
    asked = [*_asked(builder.counts, reached)]
    return Kinds(
        {name: builder.rows([count])[0] for name, count in builder.counts.items()},
        builder.rows(builder.at_most),
        builder.rows(builder.exact),
        builder.rows([count for count, _ in asked]),
        [known for _, known in asked],
    )


def _kinds(question: Question, names: Sequence[str]) -> Iterator[_Kind]:
    own = next(iter(question.definitions.values()))
    strict = {
        code
        for one in question.definitions.values() if not one.member_counts_for_family
        for code in one.programs if programs()[code].unit == "person"
    }  # fmt: skip
    told = {name.removeprefix("strategies ") for name in names if name.startswith("strategies ")}
    for has in _amounts(question.carried, strict):
        kind = _Kind(has, _COVERED)
        if told and strategies_of(kind.programs) not in told:
            continue
        if kind.is_reached(own):
            yield kind
        else:
            yield from (_Kind(kind.has, state) for state in (_UNCOVERED, _UNMATCHED))


def _amounts(carried: Sequence[str], strict: Collection[str]) -> Iterator[Mapping[str, int]]:
    """What a family may have, fewest programs first; of very many programs not all at once.

    Kinds double with each program. Without some of them fewer tables agree with what is shown:
    more is withheld than need be, never less. Of many together there are those that stand beside
    each other, so that families of many programs have some kind.
    """
    made = 0
    for number in range(len(carried) + 1):
        many = comb(len(carried), number)
        if number <= _LEAST_TOGETHER or made + many <= _MOST_SETS:
            sets: Iterable[Sequence[str]] = combinations(carried, number)
        else:
            sets = ([*carried, *carried][at : at + number] for at in range(min(many, len(carried))))
        made += many
        for codes in sets:
            for much in product(*[(_SOME, _ALL) if code in strict else (_ALL,) for code in codes]):
                yield dict(zip(codes, much, strict=True))


def strategies_of(codes: frozenset[str]) -> str:
    """Strategies that some programs belong to, as convergence_villages has them."""
    return "+".join(sorted({str(programs()[code].strategy) for code in codes}))


def _reached(question: Question, builder: _Builder) -> dict[str, dict[int, float]]:
    """Families of each program and definition of the run's day, by the name of their count."""
    own, *_ = question.definitions.values()
    asked = {
        **{f"enrolled {code}": Coverage(programs=(code,), on=own.on) for code in question.carried},
        **{f"covered {name}": one for name, one in question.definitions.items()
           if one is not own},
    }  # fmt: skip
    found = {_COVERED: builder.of([kind.is_reached(own) for kind in builder.kinds])}
    for name, one in asked.items():
        if one.on == own.on:
            found[name] = builder.of([kind.is_reached(one) for kind in builder.kinds])
    return found


def _count(
    name: str,
    builder: _Builder,
    reached: Mapping[str, dict[int, float]],
    states: Mapping[str, dict[int, float]],
) -> dict[int, float]:
    """What a count is made of, or of which it is some."""
    counts, whole = builder.counts, builder.counts[TOTAL]
    sort, _, of = name.partition(" ")
    if name in reached:
        return reached[name]
    if sort in {"strategies", "programs"}:
        return builder.of([
            (strategies_of(kind.programs) if sort == "strategies"
             else str(min(len(kind.programs), 3))) == of
            for kind in builder.kinds
        ])  # fmt: skip
    if sort in {"all", "flagged"} and not name.startswith("flagged covered "):
        parts = [builder.some_of(states[state]) for state in PARTS]
        told, part = (f"flagged covered {of}", 0) if sort == "flagged" else (of, 1)
        counts[told] = parts[part]
        return _added(_added(parts[0], parts[1]), parts[2])
    if sort == "uncovered":
        wider = counts.get(f"covered {of}", counts.get(f"enrolled {of}"))
        return builder.some_of(_added(whole, wider or {}, -1))
    return builder.some_of(counts[f"enrolled {of}"] if sort == "excluded" else whole)


def _add_up(
    builder: _Builder, names: Sequence[str], states: Mapping[str, dict[int, float]]
) -> None:
    """What names are together: evidence some of all, reasons the uncovered."""
    evidence = [builder.counts[name] for name in ("verified", "stale") if name in names]
    if len(evidence) > 1:
        both = _added(evidence[0], evidence[1])
        builder.at_most.append(_added(both, builder.counts[TOTAL], -1))
    reasons = [builder.counts[name] for name in names if name.startswith("reason ")]
    if reasons:
        together = {number: much for one in reasons for number, much in one.items()}
        builder.exact.append(_added(together, states[_UNCOVERED], -1))


_Asked = tuple[dict[int, float], tuple[Sequence[str], Sequence[str]] | None]


def _asked(
    counts: Mapping[str, dict[int, float]], reached: Mapping[str, dict[int, float]]
) -> Iterator[_Asked]:
    """Each count, what it leaves of others, and those who are in two of them, or in one alone."""
    for name in counts:
        yield counts[name], ((name,), ())
    for added, taken in [*_left(counts, reached)]:
        left = counts[added[0]]
        for name in taken:
            left = _added(left, {**counts, **reached}[name], -1)
        is_told = {*added, *taken} <= counts.keys()
        yield left, (added, taken) if is_told else None
    for one, other in permutations(reached, 2):
        only = {number: 1.0 for number in reached[one] if number not in reached[other]}
        is_within = reached[other].keys() <= reached[one].keys()
        is_told = is_within and {one, other} <= counts.keys()
        if only and reached[one].keys() & reached[other].keys():
            yield only, ((one,), (other,)) if is_told else None
    for one, other in combinations(reached, 2):
        both = {number: 1.0 for number in reached[one] if number in reached[other]}
        if both and both.keys() not in (reached[one].keys(), reached[other].keys()):
            yield both, None


def _left(
    counts: Mapping[str, dict[int, float]], reached: Mapping[str, dict[int, float]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Counts that are added, and those that are taken from them."""
    for name in reached:
        yield (TOTAL,), (name,)
    for name in counts:
        sort, _, of = name.partition(" ")
        if sort == "covered" and name not in reached:
            yield (TOTAL,), (name,)
        if sort == "uncovered" and of:
            wider = f"covered {of}" if f"covered {of}" in counts else f"enrolled {of}"
            yield (TOTAL,), (wider, name)
        elif sort == "all":
            yield (name,), (of,)
            yield (_UNCOVERED,), (of,)
        elif name.startswith("flagged covered "):
            yield (name.replace("covered ", "", 1),), (name,)
    if {"verified", "stale"} <= counts.keys():
        yield (TOTAL,), ("verified", "stale")


def _added(
    one: Mapping[int, float], other: Mapping[int, float], times: float = 1.0
) -> dict[int, float]:
    found = dict(one)
    for number, much in other.items():
        found[number] = found.get(number, 0.0) + times * much
        if not found[number]:
            del found[number]
    return found
