"""What each program is to each family and person, against a reference that a person can read.

Small worlds at random: who lives together, who knows their NIK, what lists say, what rules ask,
what is in doubt. The reference goes through them one family and one person at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_target.programs import Rule, Words, programs
from geo_target.settings import Coverage
from geo_target.targeting.coverage import CoverageResult, find_coverage
from geo_target.targeting.eligibility import RuledProgram
from geo_target.targeting.program_states import (
    KEPT,
    STATES,
    ProgramStates,
    count_states,
    find_program_states,
    long_states,
)
from geo_target.workbench import Table, Workbench

ON = date(2025, 10, 1)
FOR_FAMILIES, FOR_PERSONS, OLD = ("PKH", "KUBE"), ("PBI_JK", "KUR"), "BST"
AREA = "36.73"
VILLAGES = {"36.73.01.1001": "kelurahan", "36.04.01.2001": "desa", "36.739.01.2001": "desa"}

Row = dict[str, Any]
#: Not known is None, and stays so unless the rest decides.
Truth = bool | None


def both(*parts: Truth) -> Truth:
    """All of them: false wins, then what is not known."""
    return False if False in parts else None if None in parts else True


def either(*parts: Truth) -> Truth:
    """Any of them: true wins, then what is not known."""
    return True if True in parts else None if None in parts else False


def _is(value: Any, holds: Callable[[Any], bool]) -> Truth:
    return None if value is None else holds(value)


#: Conditions as rules write them, and what they mean.
ASKED: Mapping[str, Callable[[Row], Truth]] = {
    "in_dtsen": lambda one: one["in_dtsen"],
    "elderly > 0 or not in_dtsen": lambda one: either(
        _is(one["elderly"], lambda n: n > 0), _is(one["in_dtsen"], lambda listed: not listed)
    ),
}
ASKED_OF_PERSONS: Mapping[str, Callable[[Row], Truth]] = {
    "is_informal_worker": lambda one: one["is_informal_worker"],
    "age >= 60 and in_dtsen": lambda one: both(_is(one["age"], lambda n: n >= 60), one["in_dtsen"]),
}

maybe = st.sampled_from([True, False, None])
number = st.one_of(st.none(), st.integers(1, 5))
person = st.fixed_dictionaries(
    {"nik": number, "is_head": st.booleans(), "age": st.sampled_from([30, 60, None]),
     "is_informal_worker": maybe}
)  # fmt: skip
family = st.fixed_dictionaries(
    {"people": st.lists(person, max_size=3), "kk": number, "more": st.integers(0, 1),
     "is_doubtful": st.sampled_from([False, False, True]),
     "decile": st.sampled_from([1, 5, None]), "in_dtsen": maybe,
     "elderly": st.sampled_from([0, 1, None]), "village_code": st.sampled_from([*VILLAGES, None]),
     "is_poor": st.booleans(),
     "visit_found": st.sampled_from([None, None, "complete", "moved", "unfit"])}
)  # fmt: skip
enrollment = st.fixed_dictionaries(
    {"program": st.sampled_from([*FOR_FAMILIES, *FOR_PERSONS, OLD, None]), "nik": number,
     "kk": number, "status": st.sampled_from([None, "active", "inactive", "unknown"]),
     "valid": st.booleans(),
     # Which family and which of its members the row is, or may be, by name.
     "named": st.sampled_from([None, (0, 0), (0, 1), (1, 0)]), "is_doubtful": st.booleans()}
)  # fmt: skip


def _rules(asked: Mapping[str, Any]) -> st.SearchStrategy[Row | None]:
    rule = st.fixed_dictionaries(
        {"eligible": st.sampled_from([None, *asked]), "max_decile": st.sampled_from([None, 4]),
         "village_kind": st.sampled_from([None, "desa"]), "area": st.sampled_from([None, AREA])}
    )  # fmt: skip
    return st.one_of(st.none(), rule)


worlds = st.fixed_dictionaries(
    {"families": st.lists(family, min_size=1, max_size=4),
     "rows": st.lists(enrollment, max_size=6),
     "rules": st.fixed_dictionaries(
         {**{code: _rules(ASKED) for code in FOR_FAMILIES},
          **{code: _rules({**ASKED, **ASKED_OF_PERSONS}) for code in FOR_PERSONS}}
     )}
)  # fmt: skip


# ---------------------------------------------------------------- the reference


def by_rule(rule: Row | None, one: Row) -> Truth:
    """Whether a rule of a program makes somebody with these facts eligible."""
    if rule is None:
        return None
    village = one["village_code"]
    parts: list[Truth] = []
    if rule["eligible"]:
        parts.append({**ASKED, **ASKED_OF_PERSONS}[rule["eligible"]](one))
    if rule["max_decile"]:
        parts.append(_is(one["decile"], lambda n: n <= rule["max_decile"]))
    if rule["village_kind"]:
        parts.append(_is(village, lambda code: VILLAGES[code] == rule["village_kind"]))
    said = both(*parts) if parts else None
    here = _is(village, lambda code: code.split(".")[:2] == AREA.split("."))
    if not rule["area"]:
        here = True
    ends = {"moved", "dead", "merged", "duplicate", "unfit"}
    is_there = None if one["visit_found"] in ends else True
    return both(said, here, is_there)


def crossed(coverage: str, eligible: Truth) -> str:
    """The table of `program_states`, row by row."""
    return {
        ("covered", True): "covered",
        ("covered", None): "covered_undecided",
        ("covered", False): "enrolled_not_eligible",
        ("uncovered", True): "uncovered",
        ("unmatched", True): "unmatched",
        ("uncovered", False): "not_eligible",
        ("unmatched", False): "not_eligible",
        ("uncovered", None): "undecided",
        ("unmatched", None): "undecided",
    }[coverage, eligible]


@dataclass(frozen=True)
class Listed:
    """What the lists say of one program."""

    rows: list[Row]

    @property
    def counted(self) -> list[Row]:
        return [r for r in self.rows if r["valid"] and r["status"] in {None, "active"}]

    def carry(self, kind: str) -> bool:
        return any(r[kind] is not None for r in self.rows)

    def certain(self, place: int, one: Row) -> list[Row]:
        """Rows that are of a family."""
        niks = {p["nik"] for p in one["people"]} - {None}
        return [
            r for r in self.rows
            if r["nik"] in niks or (r["kk"] is not None and r["kk"] == one["kk"])
            or (r["named"] is not None and r["named"][0] == place and not r["is_doubtful"])
        ]  # fmt: skip

    def is_in_doubt(self, place: int, one: Row) -> bool:
        """Whether a miss of the family proves nothing, whatever was compared."""
        perhaps = [
            r for r in self.rows
            if r["is_doubtful"] and r["named"] is not None and r["named"][0] == place
        ]  # fmt: skip
        return (
            one["is_doubtful"]
            or any(r["status"] == "unknown" for r in self.certain(place, one) + perhaps)
            or any(r in self.counted for r in perhaps)
        )

    def of_family(self, place: int, one: Row) -> str:
        """Covered, uncovered or unmatched."""
        if any(r in self.counted for r in self.certain(place, one)):
            return "covered"
        heads = {p["nik"] for p in one["people"] if p["is_head"]}
        niks = {p["nik"] for p in one["people"]} - {None}
        is_alone = len(one["people"]) + one["more"] == 1
        is_compared = (self.carry("kk") and one["kk"] is not None) or (
            self.carry("nik") and any(is_alone or nik not in heads for nik in niks)
        )
        is_proof = is_compared and not self.is_in_doubt(place, one)
        return "uncovered" if is_proof else "unmatched"

    def of_person(self, place: int, number_: int, one: Row) -> str:
        """The same of one member: by the own NIK, or by name."""
        nik = one["people"][number_]["nik"]
        if any(
            (nik is not None and r["nik"] == nik)
            or (r["named"] == (place, number_) and not r["is_doubtful"])
            for r in self.counted
        ):
            return "covered"
        is_proof = nik is not None and self.carry("nik") and not self.is_in_doubt(place, one)
        return "uncovered" if is_proof else "unmatched"


def reference(world: Row) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """State by (family, program), and by (person, program)."""
    families, persons = {}, {}
    for code in {r["program"] for r in world["rows"]} - {None, OLD}:
        listed = Listed([r for r in world["rows"] if r["program"] == code])
        rule = world["rules"][code]
        for place, one in enumerate(world["families"]):
            each = [by_rule(rule, {**one, **member}) for member in one["people"]]
            if one["more"]:  # who is not listed may be eligible
                each = [*each, None]
            eligible = either(*each) if one["people"] else None
            if code in FOR_FAMILIES:
                eligible = by_rule(rule, one)
            else:
                for n, may_get in enumerate(each[: len(one["people"])]):
                    found = listed.of_person(place, n, one)
                    persons[f"F{place}p{n}", code] = crossed(found, may_get)
            families[f"F{place}", code] = crossed(listed.of_family(place, one), eligible)
    return families, persons


# ---------------------------------------------------------------- the same as tables


@dataclass(frozen=True)
class World:
    """A world as tables; `cover` finds coverage by definitions."""

    bench: Workbench
    families: Table
    facts: Table
    persons: Table
    cover: Callable[..., CoverageResult]
    ruled: Mapping[str, RuledProgram]

    def states(self) -> ProgramStates:
        coverage = self.cover(Coverage(programs=("PKH",), on=ON))
        return find_program_states(self.facts, self.persons, coverage, self.ruled)


@contextmanager
def laid_out(world: Row) -> Iterator[World]:
    """A world as tables on a workbench."""
    text, numbered = "varchar", list(enumerate(world["families"]))
    members = [
        (f"F{place}p{n}", f"F{place}", one["nik"], one)
        for place, family_ in numbered
        for n, one in enumerate(family_["people"])
    ]
    keys: dict[tuple[str, str, str], bool] = {}
    for place, one in numbered:
        if one["kk"] is not None:
            keys[f"F{place}", "kk", str(one["kk"])] = False
        for each in one["people"]:
            if each["nik"] is not None:
                key = (f"F{place}", "nik", str(each["nik"]))
                keys[key] = keys.get(key, False) or each["is_head"]
    with Workbench() as bench:
        families = bench.take_rows(
            {"family_id": text, "members": "int"},
            [(f"F{place}", len(one["people"]) + one["more"]) for place, one in numbered],
        )
        known = bench.take_rows(
            {"family_id": text, "kind": text, "value": text, "is_head": "boolean"},
            [(*key, is_head) for key, is_head in keys.items()],
        )
        rows = bench.take_rows(
            {"enrollment": "bigint", "list": "bigint", "program": text, "national_id": text,
             "family_card_number": text, "family_id": text, "village_name": text,
             "status": text, "valid_from": "date", "valid_to": "date"},
            [(n, 1, r["program"], _text(r["nik"]), _text(r["kk"]), None, None, r["status"],
              None, None if r["valid"] else date(2025, 9, 30))
             for n, r in enumerate(world["rows"])],
        )  # fmt: skip
        listed = bench.take_rows(
            {"person_id": text, "family_id": text, "national_id": text},
            [(person_id, family_id, _text(nik)) for person_id, family_id, nik, _ in members],
        )
        by_name = bench.take_rows(
            {"enrollment": "bigint", "family_id": text, "person_id": text,
             "national_id": text, "is_doubtful": "boolean"},
            [(n, f"F{place}", f"F{place}p{which}", _nik_of(world, place, which), r["is_doubtful"])
             for n, r in enumerate(world["rows"]) if r["named"] is not None
             for place, which in [r["named"]] if place < len(numbered)],
        )  # fmt: skip
        doubtful = bench.take_rows(
            {"family_id": text},
            [(f"F{place}",) for place, one in numbered if one["is_doubtful"] for _ in range(2)],
        )

        def cover(
            definition: Coverage, others: Mapping[str, Coverage] | None = None
        ) -> CoverageResult:
            return find_coverage(
                families, known, listed, rows, definition,
                others=others, by_name=by_name, doubtful=doubtful,
            )  # fmt: skip

        yield World(
            bench=bench,
            families=families,
            facts=bench.take_rows(
                {"family_id": text, "village_code": text, "village_kind": text,
                 "is_poor": "boolean", "visit_found": text, "decile": "int",
                 "in_dtsen": "boolean", "elderly": "int", "members": "int"},
                [(f"F{place}", one["village_code"], VILLAGES.get(one["village_code"]),
                  one["is_poor"], one["visit_found"], one["decile"], one["in_dtsen"],
                  one["elderly"], len(one["people"]) + one["more"]) for place, one in numbered],
            ),
            persons=bench.take_rows(
                {"person_id": text, "family_id": text, "has_national_id": "boolean",
                 "age": "int", "is_informal_worker": "boolean"},
                [(person_id, family_id, nik is not None, one["age"], one["is_informal_worker"])
                 for person_id, family_id, nik, one in members],
            ),
            cover=cover,
            ruled={code: ruled(code, **rule) for code, rule in world["rules"].items() if rule},
        )  # fmt: skip


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _nik_of(world: Row, place: int, which: int) -> str | None:
    people = world["families"][place]["people"]
    return _text(people[which]["nik"]) if which < len(people) else None


def ruled(code: str, *, area: str | None = None, **rule: Any) -> RuledProgram:
    """A program of the catalogue under another rule."""
    given_ = Rule(
        first_day=date(2025, 1, 1),
        confidence="seen",
        source=Words(id="a test", en="a test"),
        **rule,
    )
    program = programs()[code].model_copy(update={"rules": (given_,), "area": area})
    return RuledProgram(program, given_)


def long(wide: Table, codes: tuple[str, ...], who: str) -> dict[tuple[str, str], str]:
    """State by (who, program)."""
    return {(row[who], code): row[code] for row in wide.rows() for code in codes}


# ---------------------------------------------------------------- held against each other


@settings(max_examples=100, deadline=None)
@given(worlds)
def test_every_family_and_person_of_every_small_world(world: Row) -> None:
    families, persons = reference(world)
    with laid_out(world) as tables:
        states = tables.states()
        assert long(states.families, states.programs, "family_id") == families
        assert long(states.persons, states.person_programs, "person_id") == persons
        kept = long_states(states.families, states.programs, "family_id").rows()
    assert {(r["family_id"], r["program"]): r["state"] for r in kept} == {
        key: state for key, state in families.items() if state in KEPT
    }
    assert len(kept) == len({(r["family_id"], r["program"]) for r in kept})


@settings(max_examples=25, deadline=None)
@given(worlds)
def test_counts_are_of_those_families(world: Row) -> None:
    families, _ = reference(world)
    facts = {f"F{place}": one for place, one in enumerate(world["families"])}
    with laid_out(world) as tables:
        states = tables.states()
        counted = count_states(states.families, states.programs, "families").rows()
    assert sum(row["families"] for row in counted) == len(families)
    for row in counted:
        assert sum(row[f"{state}_families"] for state in STATES) == row["families"] > 0
        for state in STATES:
            assert row[f"{state}_families"] == sum(
                code == row["program"] and each == state
                and facts[who]["village_code"] == row["village_code"]
                and facts[who]["is_poor"] == row["is_poor"]
                for (who, code), each in families.items()
            )  # fmt: skip
