"""How likely a visit confirms an uncovered family, learned from the visits so far.

The chance is a rate of the kind of family (state, reason, how well its place is known), moved by
what its village and its RW have shown. Each rate is shrunk toward what was expected before its own
visits were looked at, the more the fewer they are: beta-binomial, with the strength of the
shrinkage learned from all groups together (Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 5;
the idea is of Efron & Morris 1975, doi:10.1080/01621459.1975.10479864).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, lgamma, log

from geo_target.fieldwork.visits import Target

Group = Hashable
#: Visits, confirmed, and the mean of what was expected before they were made.
_Known = tuple[int, int, float]

#: How families are grouped, from coarse to fine; each level moves what the one before expects.
_LEVELS: Sequence[Callable[[Target], Group]] = (
    lambda t: (t.coverage_state, t.reason, t.location_level),
    lambda t: t.village_code,
    lambda t: (t.village_code, t.rw),
)
#: The level of RW, which lie inside villages: what a village has shown, its RW have shown.
_INSIDE = 2
#: Visits that a group's expected rate may count as, each as likely as the next beforehand.
_STRENGTHS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
#: As if one visit of two had confirmed, before any was made (uniform prior).
_BEFORE = (1.0, 2.0)

_ALMOST = 1e-6


@dataclass(frozen=True)
class Met:
    """A visit that was made: whom to, and whether it confirmed an uncovered family."""

    target: Target
    is_confirmed: bool


@dataclass(frozen=True)
class Rate:
    """A chance and how many visits it is worth: a beta distribution by mean and size."""

    mean: float
    visits: float


@dataclass(frozen=True)
class Learned:
    """What visits so far tell of visits to come."""

    visits: int
    confirmed: int
    overall: Rate
    shifts: Sequence[Mapping[Group, float]] = field(default_factory=tuple)
    """By level: change of the log odds in a group that has been visited."""
    seen: Sequence[Mapping[Group, float]] = field(default_factory=tuple)
    """By level: independent visits that those of a group are worth."""
    strengths: Sequence[float] = field(default_factory=tuple)
    """By level: visits that the expected rate counts as."""


def learn(met: Sequence[Met]) -> Learned:
    """What the visits so far tell.

    Parameters
    ----------
    met
        In any order; visits that met nobody belong to them, since they take time as well.
    """
    confirmed = sum(m.is_confirmed for m in met)
    successes, tries = _BEFORE[0] + confirmed, _BEFORE[1] + len(met)
    overall = Rate(successes / tries, tries)
    expected = before = [overall.mean] * len(met)
    shifts: list[Mapping[Group, float]] = []
    strengths: list[float] = []
    for level, group_of in enumerate(_LEVELS):
        groups = [group_of(m.target) for m in met]
        of = _groups(groups, expected, met)
        looked_at = of if level < _INSIDE else _from_outside(met, before, strengths[-1])
        strength = _strength(list(looked_at.values()))
        shift = {group: _shift(*known, strength) for group, known in of.items()}
        before, expected = (
            expected,
            [_moved(e, shift[g]) for e, g in zip(expected, groups, strict=True)],
        )
        shifts.append(shift)
        strengths.append(strength)
    seen = [_worth(level, met, strengths) for level in range(len(_LEVELS))]
    return Learned(len(met), confirmed, overall, shifts, seen, strengths)


def rate_of(target: Target, learned: Learned) -> Rate:
    """The chance that a visit to `target` confirms.

    Its size, by which the interval is told, counts at each level the visits of the group itself
    and what is known from the level above; how much groups differ bounds the latter.
    """
    mean, size = learned.overall.mean, learned.overall.visits
    for level, group_of in enumerate(_LEVELS[: len(learned.shifts)]):
        group = group_of(target)
        mean = _moved(mean, learned.shifts[level].get(group, 0.0))
        # The variances add up: of what is expected of such groups, and of groups around it.
        size = 1 / (1 / size + 1 / learned.strengths[level])
        size += learned.seen[level].get(group, 0.0)
    return Rate(mean, size)


def _groups(
    groups: Sequence[Group], expected: Sequence[float], met: Sequence[Met]
) -> dict[Group, _Known]:
    """Visits, confirmed and the mean of what was expected, by group."""
    numbers: dict[Group, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        numbers[group].append(number)
    return {
        group: (
            len(theirs),
            sum(met[n].is_confirmed for n in theirs),
            sum(expected[n] for n in theirs) / len(theirs),
        )
        for group, theirs in numbers.items()
    }


def _worth(level: int, met: Sequence[Met], strengths: Sequence[float]) -> dict[Group, float]:
    """Visits of a group as so many that have nothing in common but the group.

    Ten visits to one RW say less of its village than ten to ten RW: those of a part count as at
    most its strength (the design effect of a cluster sample, with 1 / strength for the
    correlation inside).
    """
    own = _LEVELS[level]
    if level + 1 == len(_LEVELS):
        return dict(Counter(own(m.target) for m in met))
    finer = _LEVELS[level + 1]
    found: dict[Group, float] = defaultdict(float)
    parts = Counter((own(m.target), finer(m.target)) for m in met)
    for (group, _), visits in parts.items():
        found[group] += 1 / (1 / visits + 1 / strengths[level + 1])
    return dict(found)


def _from_outside(
    met: Sequence[Met], before: Sequence[float], strength: float
) -> dict[Group, _Known]:
    """Each RW with what the other RW of its village let expect of it.

    Held against a village that it is a part of itself, an RW would seem more like the others
    than it is.
    """
    village_of, rw_of = _LEVELS[_INSIDE - 1 : _INSIDE + 1]
    villages = _groups([village_of(m.target) for m in met], before, met)
    rws = _groups([rw_of(m.target) for m in met], before, met)
    inside = {rw_of(m.target): village_of(m.target) for m in met}
    return {
        rw: (visits, confirmed, _others_expect(villages[inside[rw]], rw_known, strength))
        for rw, rw_known in rws.items()
        for visits, confirmed, _ in [rw_known]
    }


def _others_expect(village: _Known, rw: _Known, strength: float) -> float:
    """The chance in an RW as what its village has shown elsewhere moves it."""
    others = village[0] - rw[0]
    if not others:
        return rw[2]
    rest = (village[0] * village[2] - rw[0] * rw[2]) / others
    return _moved(rw[2], _shift(others, village[1] - rw[1], rest, strength))


def _shift(visits: int, confirmed: int, expected: float, strength: float) -> float:
    shrunk = (strength * expected + confirmed) / (strength + visits)
    return _log_odds(shrunk) - _log_odds(expected)


def _strength(groups: Sequence[_Known]) -> float:
    """What the groups have shown of how much they differ, over all strengths that may be.

    Each counts by how little it is surprised, and their variances are averaged: few groups rule
    out little, and then much may differ.
    """
    likelihoods = [
        sum(_log_beta_binomial(*group, strength) for group in groups) for strength in _STRENGTHS
    ]
    weights = [exp(each - max(likelihoods)) for each in likelihoods]
    spread = sum(w / strength for w, strength in zip(weights, _STRENGTHS, strict=True))
    return sum(weights) / spread


def _log_beta_binomial(visits: int, confirmed: int, expected: float, strength: float) -> float:
    """Without the binomial coefficient, which is the same for every strength."""
    a, b = strength * expected, strength * (1 - expected)
    return _log_beta(a + confirmed, b + visits - confirmed) - _log_beta(a, b)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _log_odds(chance: float) -> float:
    sure = min(max(chance, _ALMOST), 1 - _ALMOST)
    return log(sure / (1 - sure))


def _moved(chance: float, shift: float) -> float:
    return 1 / (1 + exp(-(_log_odds(chance) + shift)))
