"""A definition of 'covered' as SQL over matches: who is reached, where a miss proves nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from geo_target.programs import programs
from geo_target.settings import Coverage
from geo_target.targeting.matches import counted_on
from geo_target.workbench import Table, query

#: One byte a row: there are as many columns of it as definitions and programs.
STATE = "enum('covered', 'uncovered', 'unmatched')"


@dataclass(frozen=True)
class Judged:
    """A definition as SQL; `number` makes the names of its columns."""

    number: int
    name: str
    definition: Coverage
    kinds: set[str]
    asks: bool = False
    """Whether what families said at the door (targeting/answers.py) counts too."""

    @property
    def _defined(self) -> str:
        return f"coalesce(program in ({quoted(self.definition.programs)}), false)"

    @property
    def counted(self) -> str:
        """Whether an enrollment is of the definition, and counts on its day."""
        day = f"date '{self.definition.on}'"
        return f"{self._defined} and {counted_on(day)}"

    @property
    def reached(self) -> str:
        """A program for persons counts for the family by one of them, or only by them all."""
        rest = ""
        if not self.definition.member_counts_for_family:
            rest = f" and program not in ({_for_persons(self.definition)})"
        counted = f"not is_doubtful and {self.counted}{rest}"
        return f"coalesce(bool_or({counted}), false) as reached_{self.number}"

    @property
    def unclear(self) -> str:
        """An enrollment that cannot be judged, or one that may be theirs: a miss is no proof."""
        unknown = f"{self._defined} and status = 'unknown'"
        return (
            f"coalesce(bool_or({unknown} or is_doubtful and {self.counted}), false) "
            f"as unclear_{self.number}"
        )

    @property
    def denied(self) -> str:
        """Whether the family itself has said that it receives none of the programs."""
        return f"""coalesce(answered_from <= date '{self.definition.on}'
            and answered_to >= date '{self.definition.on}' and not list_has_any(
                answered, [{quoted(self.definition.programs)}]::varchar[]), false)"""

    @property
    def state(self) -> str:
        """The column; a kind of number is compared if a list of the definition carries it."""
        reached, unclear = f"reached_{self.number}", f"unclear_{self.number}"
        if not self.definition.member_counts_for_family:
            reached = f"({reached} or is_whole_{self.number})"
        compared = " or ".join(f"by_{kind}" for kind in sorted(self.kinds)) or "false"
        asked = f"when {self.denied} then 'uncovered'" if self.asks else ""
        return f"""cast(case when {reached} then 'covered' {asked}
            when {unclear} or is_doubtful then 'unmatched'
            when {compared} then 'uncovered' else 'unmatched' end as {STATE}) as "{self.name}\""""


def wholly_enrolled(keys: Table, matches: Table, judged: Judged) -> Table:
    """Families of whom every member with a NIK is enrolled in one program for persons."""
    return query(
        f"""
        with numbers as (
            select family_id, count(distinct value) as many from keys
            where kind = 'nik' group by 1
        ), enrolled as (
            select family_id, program, count(distinct national_id) as many
            from matches where not is_doubtful and matched_by in ('nik', 'name')
                and program in ({_for_persons(judged.definition)}) and {judged.counted}
            group by all
        )
        select distinct family_id, true as is_whole_{judged.number}
        from enrolled join numbers using (family_id) where enrolled.many >= numbers.many""",
        matches=matches, keys=keys,
    )  # fmt: skip


def find_doubts(matches: Table, doubtful: Table, definition: Coverage) -> Table:
    """``family_id``, ``program`` (null: of all): where a miss proves nothing."""
    return query(
        f"""select distinct family_id, program from matches
                where program is not null
                    and (status = 'unknown' or is_doubtful and {counted_on("$1")})
            union all select distinct family_id, null from doubtful""",
        [definition.on],
        matches=matches, doubtful=doubtful,
    )  # fmt: skip


def _for_persons(definition: Coverage) -> str:
    return quoted(p for p in definition.programs if programs()[p].unit == "person")


def quoted(codes: Iterable[str]) -> str:
    """Codes as the inside of an SQL list, which is never empty."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return listed or "''"
