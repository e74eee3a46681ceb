"""Counts by village of definitions, programs and groups, and what each is held against.

Who is enrolled in a program is covered by each definition that has it: the two are counts of
families of whom one are some of the other, and their difference is a count as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from geo_target.programs import programs
from geo_target.publishing.audiences import TOTAL
from geo_target.publishing.shown_columns import Column
from geo_target.settings import Coverage, Settings
from geo_target.targeting.program_states import STATES

ENROLLED = [f"{state}_families" for state in STATES[:3]]
_COVERED, _UNCOVERED = "covered_families", "uncovered_families"
#: Of more parts those who are in two or more of them are mostly many.
_MOST_PARTS = 4


def coverage_columns(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Iterator[Column]:
    """Every count by village, each after those that it is held against.

    Parameters
    ----------
    tables
        Tables by village (village_schemas.BY_VILLAGE) by the first part of their name, without
        the families of no village.
    """
    own, on = settings.coverage.name, settings.coverage.on
    carried = carried_programs(tables)
    asked = {
        **{code: Coverage(programs=(code,), on=on) for code in carried},
        **settings.definitions,
    }
    names = {own: _COVERED}
    # Programs first: what has to be withheld of two columns is withheld of the rarer question.
    for code, rows in carried.items():
        enrolled = f"enrolled {code}"
        yield Column(
            enrolled, _by_village(rows, ENROLLED), **_held_against(code, enrolled, names, asked)
        )
        names[code] = enrolled
        if not is_judged(rows):
            continue
        yield Column(
            f"uncovered {code}", _by_village(rows, [_UNCOVERED]), within=(TOTAL,),
            left=(((TOTAL,), (enrolled, f"uncovered {code}")),),
        )  # fmt: skip
        yield Column(
            f"excluded {code}", _by_village(rows, ["enrolled_not_eligible_families"]),
            within=(enrolled,),
        )  # fmt: skip
    found = tables["definition"]
    before = [_UNCOVERED]
    for name in [name for name in settings.definitions if name != own]:
        rows = found[found["definition"] == name]
        covered, uncovered = f"covered {name}", f"uncovered {name}"
        yield Column(
            covered, _by_village(rows, [_COVERED]), **_held_against(name, covered, names, asked)
        )
        names[name] = covered
        if is_all_compared(rows):
            continue  # whoever is not covered is uncovered
        yield Column(
            uncovered, _by_village(rows, [_UNCOVERED]), within=(TOTAL,),
            left=(((TOTAL,), (covered, uncovered)),), apart=tuple(before),
        )  # fmt: skip
        before.append(uncovered)
    for lens, rows in tables["lens"].groupby("lens", sort=True):
        if not is_known(rows):
            continue
        yield Column(f"all {lens}", _by_village(rows, ["families"]), within=(TOTAL,))
        yield Column(str(lens), _by_village(rows, [_UNCOVERED]), within=(f"all {lens}", _UNCOVERED))
    evidence = tables["evidence"]
    yield Column("verified", _by_village(evidence, ["verified_families"]), within=(TOTAL,))
    yield Column(
        "stale", _by_village(evidence, ["stale_families"]), within=(TOTAL,),
        left=(((TOTAL,), ("verified", "stale")),),
    )  # fmt: skip
    for flag, rows in tables["flag"].groupby("program", sort=True):
        yield Column(f"flagged {flag}", _by_village(rows, ["flagged_families"]), within=(TOTAL,))
        yield Column(
            f"flagged covered {flag}", _by_village(rows, ["flagged_covered_families"]),
            within=(f"flagged {flag}", _COVERED),
        )  # fmt: skip


def carried_programs(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Counts of the extreme poor of each program that a list of the run has, by its code."""
    poor = tables["program"][tables["program"]["is_poor"]]
    return {str(code): rows for code, rows in poor.groupby("program", sort=True)}


def is_judged(program: pd.DataFrame) -> bool:
    """Whether a program's rule says yes or no of any family."""
    undecided = program[["covered_undecided_families", "undecided_families"]].sum().sum()
    return bool(program["families"].sum() > undecided)


def is_known(lens: pd.DataFrame) -> bool:
    """Whether any list says of any family whether it is of a group."""
    return bool(lens["unknown_families"].sum() < lens["extreme_poor_families"].sum())


def is_all_compared(definition: pd.DataFrame) -> bool:
    """Whether no family is unmatched by a definition."""
    return not definition["unmatched_families"].sum()


def _held_against(
    name: str, this: str, names: Mapping[str, str], definitions: Mapping[str, Coverage]
) -> dict[str, Any]:
    """What the covered of a definition are held against: those of each one that is shown.

    A definition with fewer programs is within one with more, on the same day and by the same
    rule for members, or a stricter one. Of two that are not within each other a difference
    tells nothing.
    """
    own = definitions[name]
    wider = [names[one] for one in names if _is_within(own, definitions[one])]
    narrower = [names[one] for one in names if _is_within(definitions[one], own)]
    called = {**names, name: this}
    left = [
        ([called[part] for part in parts], [called[whole]])
        for whole in called
        for parts in _made_of(whole, [*called], definitions)
        if name in {whole, *parts}
    ]
    return {"within": (TOTAL, *wider), "holding": tuple(narrower), "left": tuple(left)}


def _made_of(
    whole: str, names: Sequence[str], definitions: Mapping[str, Coverage]
) -> Iterator[tuple[str, ...]]:
    """Of definitions that are within one, each few that make it up together."""
    parts = [
        one for one in names if one != whole and _is_within(definitions[one], definitions[whole])
    ]
    reached = {one: reached_by(definitions[one]) for one in parts}
    for size in range(2, _MOST_PARTS + 1):
        for some in combinations(parts, size):
            if frozenset().union(*(reached[one] for one in some)) == reached_by(definitions[whole]):
                yield some


def _is_within(one: Coverage, other: Coverage) -> bool:
    return one.on == other.on and reached_by(one) <= reached_by(other)


def reached_by(definition: Coverage) -> frozenset[str]:
    """What covers a family: one of its programs; of programs for persons all members or any.

    Families all of whose members are enrolled are some of those any of whose members is; a
    program for families asks nothing of members.
    """
    whole = [f"{code}, all members" for code in definition.programs]
    any_member = [
        code
        for code in definition.programs
        if definition.member_counts_for_family or programs()[code].unit != "person"
    ]
    return frozenset([*whole, *any_member])


def _by_village(rows: pd.DataFrame, columns: Sequence[str]) -> "pd.Series[int]":
    return rows.groupby("village_code")[list(columns)].sum().sum(axis=1)
