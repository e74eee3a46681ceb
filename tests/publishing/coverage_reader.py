"""Somebody who knows all that is shown of coverage, and works out what is withheld.

The reader's unknowns are, by village, the families of each combination of programs and state;
what is shown are sums of them. Counts are whole and not negative: a count is told if its least and
its greatest value, by integer programming, are small counts both.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo_target.programs import programs
from geo_target.publishing.audiences import COUNTS
from geo_target.settings import Coverage
from tests.publishing.coverage_worlds import FLAG, LENS, Family, Told, World

STATES = ("covered", "uncovered", "unmatched")
#: A sum of unknowns, by their number.
Count = dict[int, float]


class Reader:
    """Unknown counts, and what is known of sums of them."""

    def __init__(
        self, world: World, told: Told, smallest: int, before: "Reader | None" = None
    ) -> None:
        self.world, self.told, self.smallest = world, told, smallest
        self.many: int = before.many if before else 0
        self.known: list[tuple[Count, float, float]] = [*before.known] if before else []
        #: What a withheld count, or a difference, is made of, by its name and place.
        self.asked: dict[tuple[str, str], Count] = {}
        (self.own, *_) = world.definitions.values()
        self.sets = [
            frozenset(some)
            for size in range(len(world.carried) + 1)
            for some in combinations(world.carried, size)
        ]
        self.atoms = {
            village: {
                (some, state): self._new()
                for some in self.sets
                for state in STATES
                if not _contradicts(some, state, self.own)
            }
            for village in world.districts
        }
        self._read_village_table()
        self._read_columns()
        self._read_convergence()
        self._read_reasons()
        if before:
            self._remember(before)

    # -- months

    def _remember(self, before: "Reader") -> None:
        """Of counts that are the same in both months the reader knows that they are."""
        exact = [_exact_of(told) for told in (before.told, self.told)]
        for key, count in self.asked.items():
            if key in before.asked and exact[0].get(key, -1) == exact[1].get(key, -2):
                self.known.append((_less(count, before.asked[key]), 0, 0))
        self.asked |= {
            (f"before: {name}", place): count for (name, place), count in before.asked.items()
        }

    # -- unknowns

    def _new(self) -> int:
        self.many += 1
        return self.many - 1

    def _part_of(self, atoms: Sequence[int]) -> list[int]:
        """Some of each of the families, nobody knows how many."""
        parts = []
        for atom in atoms:
            part = self._new()
            self.known.append(({part: 1, atom: -1}, -np.inf, 0))
            parts.append(part)
        return parts

    def _told(self, name: str, place: str, count: Count, value: Any) -> None:
        if value is not None and value == value:  # noqa: PLR0124  (NaN)
            self.known.append((count, float(value), float(value)))
        self.asked[name, place] = count

    # -- what is shown

    def _read_village_table(self) -> None:
        by_place: dict[str, dict[str, Count]] = {}
        for village, atoms in self.atoms.items():
            counts = {
                f"{state}_families": _sum(n for (_, of), n in atoms.items() if of == state)
                for state in STATES
            }
            counts["extreme_poor_families"] = _sum(atoms.values())
            by_place[village] = counts
        for village, counts in by_place.items():
            for name in COUNTS:
                value = self.told.villages.at[village, name]
                self._told(name, village, counts[name], None if value is pd.NA else value)
        for row in [*self.told.districts, {**self.told.area, "district_code": None}]:
            inside = self._villages_of(row["district_code"])
            for name in COUNTS:
                parts = [by_place[village][name] for village in inside]
                self._told(name, str(row["district_code"]), _added(parts), row[name])

    def _sums(self) -> dict[str, Any]:
        """What is shown of the whole area, by the names of columns."""
        coverage = self.told.coverage
        sums: dict[str, Any] = {}
        for one in coverage["programs"]:
            for kind in ("enrolled", "uncovered", "excluded"):
                sums[f"{kind} {one['code']}"] = one[f"{kind}_families"]
        for one in coverage["definitions"]:
            for kind in ("covered", "uncovered", "unmatched"):
                sums[f"{kind} {one['name']}"] = one[f"{kind}_families"]
        for one in coverage["lenses"]:
            sums |= {f"all {one['lens']}": one["families"], one["lens"]: one["uncovered_families"]}
        sums |= {name: coverage["evidence"][f"{name}_families"] for name in ("verified", "stale")}
        for one in coverage["flags"]:
            sums[f"flagged {one['program']}"] = one["flagged_families"]
            sums[f"flagged covered {one['program']}"] = one["flagged_covered_families"]
        return sums

    def _read_columns(self) -> None:
        sums = self._sums()
        for village, atoms in self.atoms.items():
            row = self.told.coverage["villages"][village]
            for name, count in self._columns(atoms):
                self._told(name, village, count, row.get(name))
        for name in {name for name, place in self.asked if place in self.atoms}:
            if name not in COUNTS:
                parts = [self.asked[name, village] for village in self.atoms]
                self._told(name, "None", _added(parts), sums.get(name))

    def _columns(self, atoms: dict[Any, int]) -> Iterator[tuple[str, Count]]:
        """Each count of a village, and each difference of two of its sets of families."""
        whole = _sum(atoms.values())
        covered: dict[str, Count] = {"all": whole}
        by_programs: dict[str, Coverage] = {}
        for code in self.world.carried:
            inside = [n for (some, _), n in atoms.items() if code in some]
            outside = [n for (some, _), n in atoms.items() if code not in some]
            covered[f"enrolled {code}"] = _sum(inside)
            by_programs[f"enrolled {code}"] = Coverage(programs=(code,), on=self.own.on)
            uncovered = _sum(self._part_of(outside))
            yield f"uncovered {code}", uncovered
            yield f"excluded {code}", _sum(self._part_of(inside))
            yield f"rest of {code}", _less(_sum(outside), uncovered)
        for name, one in self.world.definitions.items():
            if one is self.own:
                covered[f"covered {name}"] = _sum(
                    n for (_, of), n in atoms.items() if of == "covered"
                )
                by_programs[f"covered {name}"] = one
                continue
            reached = self._reached(one, atoms)
            left = self._part_of([*atoms.values()])
            for part, atom in zip(left, atoms.values(), strict=True):
                self.known.append(({part: 1, **_only(reached, atom), atom: -1}, -np.inf, 0))
            covered[f"covered {name}"] = _added([*reached.values()])
            by_programs[f"covered {name}"] = one
            yield f"uncovered {name}", _sum(left)
            yield f"unmatched {name}", _less(_less(whole, covered[f"covered {name}"]), _sum(left))
        for name, count in covered.items():
            if name != "all":
                yield name, count
                yield f"not {name}", _less(whole, count)
        for first, second in permutations(by_programs, 2):
            one, other = by_programs[first], by_programs[second]
            if _simple(one) and _simple(other):
                only = _sum(
                    n for (some, _), n in atoms.items()
                    if _reach(some, one) and not _reach(some, other)
                )  # fmt: skip
                yield f"{first}, not {second}", only
                yield f"{first}, and {second}", _less(covered[first], only)
            elif _within(other, one):
                yield f"{first}, not {second}", _less(covered[first], covered[second])
        of = {state: [n for (_, is_of), n in atoms.items() if is_of == state] for state in STATES}
        lens = {state: _sum(self._part_of(of[state])) for state in STATES}
        yield f"all {LENS}", _added([*lens.values()])
        yield LENS, lens["uncovered"]
        yield "of the lens, not uncovered", _less(_added([*lens.values()]), lens["uncovered"])
        yield "uncovered, not of the lens", _less(_sum(of["uncovered"]), lens["uncovered"])
        flagged = {state: _sum(self._part_of(of[state])) for state in STATES}
        yield f"flagged {FLAG}", _added([*flagged.values()])
        yield f"flagged covered {FLAG}", flagged["covered"]
        yield "flagged, not covered", _less(_added([*flagged.values()]), flagged["covered"])
        verified, stale = self._new(), self._new()
        self.known.append(({**whole, verified: -1, stale: -1}, 0, np.inf))
        yield "verified", {verified: 1}
        yield "stale", {stale: 1}
        yield "neither verified nor stale", {**whole, verified: -1, stale: -1}

    def _reached(self, one: Coverage, atoms: dict[Any, int]) -> dict[int, Count]:
        """Of each kind of families those whom a definition covers; of some not known how many."""
        found: dict[int, Count] = {}
        for (some, _), atom in atoms.items():
            if _reach(some, one, surely=True):
                found[atom] = {atom: 1}
            elif _reach(some, one):
                found[atom] = _sum(self._part_of([atom]))
        return found

    def _read_convergence(self) -> None:
        convergence = self.told.coverage["convergence"]
        parts = [one["strategies"] for one in convergence["strategies"]]
        for part, one in zip(parts, convergence["strategies"], strict=True):
            self._of_sets(f"strategies {part}", _strategies, part, None, one["families"])
            for district, row in convergence["districts"].items():
                value = row[parts.index(part)]
                self._of_sets(f"strategies {part}", _strategies, part, district, value)
        for sets in self.sets:  # strategies that nobody has are not in the table
            if _strategies(sets) not in parts:
                count = _sum(n for atoms in self.atoms.values() for (some, _), n in atoms.items()
                             if some == sets)  # fmt: skip
                self.known.append((count, 0, 0))
        for number, value in convergence["programs"].items():
            self._of_sets(f"programs {number}", _how_many, int(number), None, value)

    def _of_sets(self, name: str, of: Any, is_of: Any, district: str | None, value: Any) -> None:
        count = _sum(
            n for village in self._villages_of(district)
            for (some, _), n in self.atoms[village].items() if of(some) == is_of
        )  # fmt: skip
        self._told(name, str(district), count, value)

    def _read_reasons(self) -> None:
        reasons = self.told.coverage["reasons"]
        by_district: dict[str, list[int]] = {}
        for district, row in reasons["districts"].items():
            by_district[district] = [self._new() for _ in row]
            for one, number, value in zip(reasons["rows"], by_district[district], row, strict=True):
                self._told(f"reason {one['reason']}", district, {number: 1}, value)
            whole = self.asked["uncovered_families", district]
            self.known.append((_less(_sum(by_district[district]), whole), 0, 0))
        for place, one in enumerate(reasons["rows"]):
            count = _sum(row[place] for row in by_district.values())
            self._told(f"reason {one['reason']}", "None", count, one["families"])

    def _villages_of(self, district: str | None) -> list[str]:
        return [v for v, of in self.world.districts.items() if district in {None, of}]

    # -- what follows

    def narrow(self) -> list[tuple[str, str, float, float]]:
        """Counts of which the reader knows that they are small: name, place, least, greatest."""
        rows = [
            (row, number, sign)
            for row, (count, _, _) in enumerate(self.known)
            for number, sign in count.items()
        ]
        at, numbers, signs = zip(*rows, strict=True)
        matrix = csr_array((signs, (at, numbers)), (len(self.known), self.many))
        low, high = (np.array([one[i] for one in self.known]) for i in (1, 2))
        self._equations = LinearConstraint(matrix, low, high)
        open_ones = [*self.asked.items()]
        found = []
        solutions = [self._solve(np.zeros(self.many))]
        for key, count in open_ones:
            if not count or any(self._is_harmless(count, one) for one in solutions):
                continue
            goal = np.zeros(self.many)
            goal[[*count]] = [*count.values()]
            least = self._solve(goal)
            solutions.append(least)
            if self._is_harmless(count, least):
                continue
            most = self._solve(-goal)
            solutions.append(most)
            if not self._is_harmless(count, most):
                found.append((*key, _value(count, least), _value(count, most)))
        return found

    def _is_harmless(self, count: Count, solution: Any) -> bool:
        return not 1 <= _value(count, solution) < self.smallest

    def _solve(self, goal: Any) -> Any:
        solved = milp(goal, constraints=self._equations, bounds=Bounds(0, 10_000),
                      integrality=np.ones(self.many), options={"mip_rel_gap": 0.0})  # fmt: skip
        assert solved.success, solved.message
        return np.round(solved.x)


def _exact_of(told: Told) -> dict[tuple[str, str], int]:
    """Counts by village and of the area as they are, by name and place."""
    counts = told.release.counts
    rows = {**counts.to_dict("index"), "None": counts.sum().to_dict()}
    return {
        (str(name), str(place)): count
        for place, row in rows.items() for name, count in row.items()
    }  # fmt: skip


def _value(count: Count, solution: Any) -> float:
    return float(sum(sign * solution[number] for number, sign in count.items()))


def _sum(numbers: Any) -> Count:
    return dict.fromkeys(numbers, 1.0)


def _added(counts: Sequence[Count]) -> Count:
    found: Count = {}
    for count in counts:
        for number, sign in count.items():
            found[number] = found.get(number, 0) + sign
    return found


def _less(one: Count, other: Count) -> Count:
    return _added([one, {number: -sign for number, sign in other.items()}])


def _only(found: dict[int, Count], atom: int) -> Count:
    return {number: 1.0 for number in found.get(atom, {}) if number != atom}


def _simple(one: Coverage) -> bool:
    return one.member_counts_for_family


def _reach(some: frozenset[str], one: Coverage, *, surely: bool = False) -> bool:
    """Whether a definition covers, or may cover, families with these programs."""
    return any(
        code in some and not (surely and not one.member_counts_for_family
                              and programs()[code].unit == "person")
        for code in one.programs
    )  # fmt: skip


def _within(one: Coverage, other: Coverage) -> bool:
    """`one` asks for all members, or not more programs than `other`."""
    if other.member_counts_for_family:
        return {*one.programs} <= {*other.programs}
    return all(
        code in other.programs and programs()[code].unit != "person" for code in one.programs
    )


def _contradicts(some: frozenset[str], state: str, own: Coverage) -> bool:
    return _reach(some, own) != (state == "covered")


def _strategies(some: frozenset[str]) -> str:
    return Family("", some).strategies


def _how_many(some: frozenset[str]) -> int:
    return min(len(some), 3)
