"""Linkage by plain Python on all pairs: slow, and written apart from the SQL that it is held to.

The numbers stand here again on purpose: who changes a weight changes it in two places.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import log2
from typing import Any

from rapidfuzz.distance import JaroWinkler

from geo_target.registry.names import name_words

Person = Mapping[str, Any]
Pair = tuple[str, str]


class Register:
    """The register's people, and which share of them has something."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people

    def counted(self, matches: Iterable[bool]) -> float:
        return (sum(matches) + 1) / (len(self.people) + 20_000)

    def name(self, words: Sequence[str]) -> float:
        return self.counted(name_words(p["name"] or "") == words for p in self.people)

    def rarest_word(self, words: Sequence[str]) -> float:
        return min(
            self.counted(word in name_words(p["name"] or "") for p in self.people) for word in words
        )

    def same(self, column: str, value: Any) -> float:
        return self.counted(p[column] == value for p in self.people)

    def place(self, start: str) -> float:
        hits = sum((p["village_code"] or "").startswith(start) for p in self.people)
        return float(max(1, hits) / max(1, len(self.people)))


def pairs_of(
    left: Sequence[Person], right: Sequence[Person], *, least: float
) -> dict[Pair, tuple[float, bool, str]]:
    """Weight, whether the names agree, and block of every pair that is one."""
    register = Register(right)
    found = {}
    for one, other in product(left, right):
        block = block_of(one, other)
        if block is None:
            continue
        name = name_bits(one, other, register)
        weight = (
            log2(0.9 / max(len(left), len(right)))
            + name
            + date_bits(one, other, register)
            + sex_bits(one, other)
            + home_bits(one, other, register)
        )
        if weight >= least:
            found[one["id"], other["id"]] = (weight, name not in {0, log2(0.04 / 0.95)}, block)
    return found


def block_of(one: Person, other: Person) -> str | None:
    shared = set(_sought(one)) & set(_sought(other))
    village = _equal(one, other, "village_code")
    district = bool(one["village_code"] and other["village_code"]) and (
        one["village_code"][:8] == other["village_code"][:8]
    )
    date = _equal(one, other, "birth_date")
    known = one["birth_date"] and other["birth_date"]
    year = bool(known) and one["birth_date"].year == other["birth_date"].year
    words = name_words(one["name"] or ""), name_words(other["name"] or "")
    name = bool(words[0]) and words[0] == words[1]
    for block, holds in {
        "card": _equal(one, other, "family_card_number"),
        "village and word": village and shared,
        "village and year of birth": village and year,
        "district and name": district and name,
        "district, word and year of birth": district and shared and year,
        "district and birth date": district and date,
        "birth date and word": date and shared,
    }.items():
        if holds:
            return block
    return None


def _sought(person: Person) -> Sequence[str]:
    words = name_words(person["name"] or "")
    return [word for word in words if word not in {"muhamad", "siti"}] or words


def _equal(one: Person, other: Person, column: str) -> bool:
    return one[column] is not None and one[column] == other[column]


def name_bits(one: Person, other: Person, register: Register) -> float:
    ours, theirs = (name_words(p["name"] or "") for p in (one, other))
    if not ours or not theirs:
        return 0
    names = max(register.name(ours), register.name(theirs))
    shorter = ours if len(ours) <= len(theirs) else theirs
    likeness = JaroWinkler.similarity(" ".join(ours), " ".join(theirs))
    if ours == theirs:
        return log2(0.60 / min(0.4, register.name(ours)))
    if len(ours) == len(theirs) and likeness >= 0.92:
        return log2(0.16 / min(0.2, max(0.001, names)))
    if set(ours) <= set(theirs) or set(theirs) <= set(ours):
        return log2(0.15 / min(0.2, max(0.001, names, register.rarest_word(shorter))))
    if set(ours) & set(theirs) or likeness >= 0.85:
        return log2(0.03 / 0.045)
    return log2(0.04 / 0.95)


def date_bits(one: Person, other: Person, register: Register) -> float:
    ours, theirs = one["birth_date"], other["birth_date"]
    if not ours or not theirs:
        return 0
    share = register.same("birth_date", ours)
    same_year = ours.year == theirs.year
    first = (1, 1) in {(ours.month, ours.day), (theirs.month, theirs.day)}
    same_day = (ours.month, ours.day) == (theirs.month, theirs.day)
    if ours == theirs:
        return log2(0.70 / min(0.015, share))
    if same_year and (ours.month, ours.day) == (theirs.day, theirs.month):
        return log2(0.04 / min(0.001, max(0.0001, share)))
    if same_year and first:
        return log2(0.10 / 0.003)
    close = same_day and not first and abs(ours.year - theirs.year) <= 10
    if close or (same_year and ours.month == theirs.month):
        return log2(0.08 / 0.006)
    return log2(0.03 / 0.02) if same_year else log2(0.05 / 0.97)


def sex_bits(one: Person, other: Person) -> float:
    if not one["sex"] or not other["sex"]:
        return 0
    return log2(0.98 / 0.6) if one["sex"] == other["sex"] else log2(0.02 / 0.4)


def home_bits(one: Person, other: Person, register: Register) -> float:
    """Card and place: whoever shares a card shares the place."""
    ours, theirs = one["family_card_number"], other["family_card_number"]
    if ours and ours == theirs:
        return log2(0.80 / min(0.001, register.same("family_card_number", ours)))
    return card_bits(ours, theirs) + place_bits(one, other, register)


def card_bits(ours: str | None, theirs: str | None) -> float:
    if not ours or not theirs:
        return 0
    wrong = sum(a != b for a, b in zip(ours, theirs, strict=True))
    return log2(0.05 / 0.0001) if wrong == 1 else log2(0.15)


def place_bits(one: Person, other: Person, register: Register) -> float:
    here, there = one["village_code"], other["village_code"]
    if not here or not there:
        return 0
    if here[:8] != there[:8]:
        return log2(0.04)
    if here != there:
        return log2(0.03 / min(0.7, max(0.0005, register.place(here[:8]))))
    return within_bits(one, other, register.place(here))


def within_bits(one: Person, other: Person, share: float) -> float:
    """Places of one village, in which `share` of the register lives."""
    rw_known = bool(one["rw"] and other["rw"])
    hamlet_known = bool(one["neighborhood"] and other["neighborhood"])
    same_rw, same_hamlet = _equal(one, other, "rw"), _equal(one, other, "neighborhood")
    if same_rw and _equal(one, other, "rt"):
        return log2(0.70 / (0.03 * share))
    if same_rw or (same_hamlet and not rw_known):
        return log2(0.14 / (0.10 * share))
    if rw_known or (hamlet_known and not same_hamlet):
        return log2(0.14 / (0.83 * share))
    return log2(0.93 / share)


def states_of(
    pairs: Mapping[Pair, tuple[float, bool]], *, threshold: float, margin: float
) -> dict[Pair, tuple[str, str]]:
    """State of each pair of a weight and whether the names agree, and why."""
    weights = {pair: weight for pair, (weight, _) in pairs.items()}
    matched = {
        pair for pair, weight in weights.items()
        if weight >= threshold and pairs[pair][1] and all(
            rival <= weight - margin for other, rival in weights.items()
            if other != pair and (other[0] == pair[0] or other[1] == pair[1])
        )
    }  # fmt: skip
    lefts, rights = {left for left, _ in matched}, {right for _, right in matched}
    free = {
        pair: weight for pair, weight in weights.items()
        if pair[0] not in lefts and pair[1] not in rights
    }  # fmt: skip
    states = {}
    for pair, weight in weights.items():
        if pair in matched:
            states[pair] = ("matched", "clear")
        elif pair not in free:
            states[pair] = ("unmatched", "taken")
        elif weight <= (best := max(w for p, w in free.items() if p[0] == pair[0])) - margin:
            states[pair] = ("unmatched", "beaten")
        elif best < 0:  # more likely another than the same
            states[pair] = ("unmatched", "unlikely")
        elif weight < threshold:
            states[pair] = ("doubtful", "weak")
        else:
            states[pair] = ("doubtful", "rival" if pairs[pair][1] else "name")
    return states
