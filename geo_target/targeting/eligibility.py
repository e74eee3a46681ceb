"""Who may get what by a program's rule of the day: true, false, or null where it is not known.

A rule is a condition over facts (targeting/facts.py); what no column can decide stands beside it
in words (`Rule.manual`), so 'eligible' means: nothing that is known speaks against it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from geo_target.expressions import sql_of
from geo_target.programs import Program, Rule

#: Begins the name of a column that says whether a person may get a program.
MAY = "may "
#: What a visit may have found after which no rule calls a family eligible; 'unfit' is a verdict.
GONE = ("moved", "dead")
UNFIT = ("unfit", "merged", "duplicate")


def visit_found(visits: str) -> str:
    """SQL: what the newest visit found, or its newest verdict where that is 'unfit'."""
    gone = ", ".join(f"'{result}'" for result in (*GONE, *UNFIT))
    return f"""case when {visits}.result in ({gone}) then {visits}.result
        when {visits}.completed_verdict = 'unfit' then 'unfit' else {visits}.result end"""


def ending_found(ended_by: str) -> str:
    """SQL: what a visit found of a family that it has ended, in the words of `visit_found`."""
    return f"""case {ended_by} when 'died' then 'dead' when 'better_off' then 'unfit'
        else {ended_by} end"""


@dataclass(frozen=True)
class RuledProgram:
    """A program with the rule that is in force on the day of the run."""

    program: Program
    rule: Rule

    @property
    def is_known(self) -> bool:
        """Whether it says anything of anybody: a program of one area says who is elsewhere."""
        return bool(self.rule.condition or self.program.area)

    @property
    def is_for_persons(self) -> bool:
        """Whether persons are enrolled, not families."""
        return self.program.unit == "person"

    @property
    def condition(self) -> str:
        """SQL over the facts, and over ``village_code`` and ``visit_found`` of the family."""
        condition = self.rule.condition
        rule = sql_of(condition, self.program.facts) if condition else "null::boolean"
        here = (
            f"starts_with(village_code || '.', '{self.program.area}.')"
            if self.program.area
            else "true"
        )
        found = ", ".join(f"'{result}'" for result in (*GONE, *UNFIT))
        there = f"if(visit_found in ({found}), null, true)"
        return f"({rule} and {here} and {there})"


def ruled_programs(catalogue: Mapping[str, Program], on: date) -> dict[str, RuledProgram]:
    """Programs that have a rule on a day, and still pay somebody, by code."""
    return {
        code: RuledProgram(program, rule)
        for code, program in catalogue.items()
        if not program.historic and (rule := program.rule_on(on)) is not None
    }


def family_conditions(ruled: Iterable[RuledProgram]) -> str:
    """SQL: a column of its code for each program that families are enrolled in."""
    return "".join(
        f', {one.condition} as "{one.program.code}"' for one in ruled if not one.is_for_persons
    )


def person_conditions(ruled: Iterable[RuledProgram]) -> str:
    """SQL: a column `may CODE` for each program that persons are enrolled in."""
    return "".join(
        f', {one.condition} as "{MAY}{one.program.code}"' for one in ruled if one.is_for_persons
    )


def of_members(ruled: Iterable[RuledProgram]) -> str:
    """SQL: of a family's listed members whether one may get it, and whether that is not known."""
    return "".join(
        f""", bool_or("{MAY}{code}") as "some {code}",
            bool_or("{MAY}{code}" is null) as "unknown {code}\""""
        for code, is_known in _for_persons(ruled)
        if is_known
    )


def of_any_member(ruled: Iterable[RuledProgram]) -> str:
    """SQL: whether any member may get it; not known while one's is not, or one is not listed."""
    return "".join(
        f""", case when "some {code}" then true
            when coalesce("unknown {code}" or listed < size, true) then null
            else false end as "{code}\""""
        if is_known
        else f', null::boolean as "{code}"'
        for code, is_known in _for_persons(ruled)
    )


def _for_persons(ruled: Iterable[RuledProgram]) -> list[tuple[str, bool]]:
    return [(one.program.code, one.is_known) for one in ruled if one.is_for_persons]
