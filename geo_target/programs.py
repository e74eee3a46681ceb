"""The catalogue of programs: who may get what, since when, from whom, and how sure that is.

Ours is geodata/programs.toml; a configuration adds local ones in files of its own
(docs/programs.md). A rule is a condition over facts of families and persons; what no column can
decide stands beside it in words, and an amount that nobody has published stays unknown.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from geo_target.errors import ConfigError, Fault
from geo_target.expressions import Kind, RuleError, sql_of
from geo_target.resources import profile_folders

#: Where it was read: with whoever said it, with somebody who quotes them, or nowhere.
Confidence = Literal["seen", "secondary", "memory", "unknown"]
Funding = Literal["apbn", "apbd-province", "apbd-regency", "village-fund", "non-state"]

#: What a rule may ask of a family, and of the family of a person.
FAMILY_FACTS: Mapping[str, Kind] = {
    "decile": "number", "members": "number", "is_listed": "flag", "in_dtsen": "flag",
    "welfare_class": "word", "village_kind": "word",
    "head_is_woman": "flag", "head_age": "number", "elderly": "number", "disabled": "number",
    "children_under_7": "number", "pupils_sd": "number", "pupils_smp": "number",
    "pupils_sma": "number", "informal_workers": "number", "fishers_or_laborers": "number",
}  # fmt: skip
#: ... and of a person.
PERSON_FACTS: Mapping[str, Kind] = {
    **FAMILY_FACTS, "age": "number", "sex": "word", "is_disabled": "flag",
    "is_informal_worker": "flag",
}  # fmt: skip


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Entry):
    """Words to show, in both languages."""

    id: str
    en: str


def _in_both(source: object) -> object:
    return {"id": source, "en": source} if isinstance(source, str) else source


class Amount(_Entry):
    """What is paid: for one component of a family, or for all of it."""

    component: str | None = None
    rupiah: Annotated[int, Field(gt=0)]
    per: Literal["month", "quarter", "year", "once"]
    confidence: Confidence = "seen"


class Rule(_Entry):
    """Who may get a program, from a day to a day."""

    first_day: date
    last_day: date | None = None
    eligible: str | None = None
    """A condition, see `expressions`; None where nobody has published who may get it."""
    max_decile: Annotated[int, Field(ge=1, le=10)] | None = None
    village_kind: Literal["desa", "kelurahan"] | None = None
    manual: Words | None = None
    """What no column can decide: who fits the rule may still not be eligible."""
    amounts: tuple[Amount, ...] = ()
    quota: Annotated[int, Field(gt=0)] | None = None
    confidence: Confidence
    source: Annotated[Words, BeforeValidator(_in_both)]
    """In one language where that is the same in both."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("last_day is before first_day")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def condition(self) -> str | None:
        """All of the rule as one condition; None where nothing is known."""
        parts = [f"({self.eligible})"] if self.eligible else []
        parts += [f"decile <= {self.max_decile}"] if self.max_decile else []
        parts += [f"village_kind == '{self.village_kind}'"] if self.village_kind else []
        return " and ".join(parts) or None


class Program(_Entry):
    """A program by which aid reaches families."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,39}$")]
    aliases: tuple[str, ...] = ()
    name: str
    short_name: str
    agency: str
    office: str | None = None
    """Who of the region brings it about that somebody gets it; None means the agency."""
    level: Literal["pusat", "provinsi", "kabkota", "desa"]
    unit: Literal["family", "person", "group", "village", "house"]
    strategy: Literal[1, 2, 3]
    funding: tuple[Funding, ...] = ()
    area: Annotated[str, Field(pattern=r"^\d{2}(\.\d{2}){0,2}$")] | None = None
    """Kemendagri code of the only area that it is for."""
    historic: bool = False
    """Ended: it is never coverage, whatever a list says."""
    rules: tuple[Rule, ...] = ()

    @property
    def facts(self) -> Mapping[str, Kind]:
        """What its rules may ask: of persons, or of families."""
        return PERSON_FACTS if self.unit == "person" else FAMILY_FACTS

    @model_validator(mode="after")
    def _readable(self) -> Self:
        for number, rule in enumerate(self.rules, start=1):
            if rule.condition is not None:
                try:
                    sql_of(rule.condition, self.facts)
                except RuleError as error:
                    raise ValueError(f"rule {number}: {error}") from None
        days = sorted((rule.first_day, rule.last_day or date.max) for rule in self.rules)
        if any(last >= first for (_, last), (first, _) in pairwise(days)):
            raise ValueError("two rules hold on one day")
        return self

    @property
    def spellings(self) -> tuple[str, ...]:
        """What lists call it."""
        return (self.code, self.name, *self.aliases)

    def rule_on(self, day: date) -> Rule | None:
        """The rule in force on a day; None where none is known."""
        return next((rule for rule in self.rules if rule.holds_on(day)), None)


#: Files with the time of their last change.
_Files = tuple[tuple[Path, int], ...]


def programs() -> dict[str, Program]:
    """Programs by code, ours first; those in the folder programs/ of own profiles count too.

    Raises
    ------
    ConfigError
        As `read_programs`, or ``E-PROGRAM-FILE`` if a code or a spelling is another's already.
    """
    return _catalogue(_files())


def _files() -> _Files:
    ours, *own = profile_folders()
    files = [ours.parent / "programs.toml"]
    files += [file for folder in own for file in sorted((folder / "programs").glob("*.toml"))]
    return tuple((file, file.stat().st_mtime_ns) for file in files)


@cache
def _catalogue(files: _Files) -> dict[str, Program]:
    found: dict[str, Program] = {}
    for number, (file, _) in enumerate(files):
        spelled = {_folded(word) for program in found.values() for word in program.spellings}
        for program in read_programs(file):
            words = set(map(_folded, program.spellings))
            if program.code in found or (number and words & spelled):
                line = _line_of(file.read_text("utf-8"), f'code = "{program.code}"')
                raise ConfigError(_unusable(file, line, f"{program.code}: known already"))
            found[program.code] = program
    return found


def program_code_of(text: str) -> str | None:
    """Code of the program that an agency writes as `text`; None if nobody knows it."""
    return _codes_by_spelling(_files()).get(_folded(text))


@cache
def _codes_by_spelling(files: _Files) -> dict[str, str]:
    catalogue = _catalogue(files).values()
    return {_folded(word): program.code for program in catalogue for word in program.spellings}


def check_programs(codes: Iterable[str]) -> None:
    """Refuse a definition that names a program which is unknown or long ended.

    Raises
    ------
    ConfigError
        Naming the code and the nearest known ones.
    """
    faults = []
    for code in dict.fromkeys(codes):
        program = programs().get(code)
        near = ", ".join(get_close_matches(code, programs(), n=3, cutoff=0.4)) or ", ".join(
            list(programs())[:5]
        )
        if program is None:
            faults.append(
                Fault(
                    "E-PROGRAM-UNKNOWN",
                    id=f"program {code} tidak ada di katalog; mungkin maksudnya: {near}",
                    en=f"program {code} is not in the catalogue; perhaps you mean: {near}",
                    column="coverage.programs",
                )
            )
        elif program.historic:
            faults.append(
                Fault(
                    "E-PROGRAM-HISTORIC",
                    id=f"program {code} sudah berakhir dan tidak dihitung; hapus dari daftar",
                    en=f"program {code} has ended and is never counted; take it off the list",
                    column="coverage.programs",
                )
            )
    if faults:
        raise ConfigError(*faults)


def read_programs(file: Path) -> Sequence[Program]:
    """Programs of a file.

    Raises
    ------
    ConfigError
        ``E-PROGRAM-FILE`` with the line, if a program or a rule cannot be read.
    """
    try:
        text = file.read_text("utf-8")
        raw = tomllib.loads(text)
        entries = raw.pop("program")
        if raw or not isinstance(entries, list):
            raise ValueError(f"only [[program]] is known here, not {', '.join(raw)}")
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(_unusable(file, None, str(error))) from None
    return [_program(entry, file, text) for entry in entries]


def _program(entry: Mapping[str, Any], file: Path, text: str) -> Program:
    try:
        return Program.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        code = entry.get("code")
        line = _line_of(text, f'code = "{code}"')
        rule = next((part for part in first["loc"] if isinstance(part, int)), None)
        if number := re.search(r"rule (\d+):", first["msg"]):
            rule = int(number[1]) - 1
        for _ in range(0 if rule is None else rule + 1):
            line = _line_of(text, "[[program.rules]]", after=(line or 0) + 1) or line
        named = [str(part) for part in first["loc"] if isinstance(part, str) and part != "rules"]
        for part in (*named, "eligible" if number else ""):
            line = _line_of(text, part, after=line) or line
        where = ".".join(str(part) for part in (code, *first["loc"]) if part is not None)
        raise ConfigError(_unusable(file, line, f"{where}: {first['msg']}")) from None


def _line_of(text: str, part: str, *, after: int | None = None) -> int | None:
    """The line (from 1) in which a part of the file stands first; None where it does not."""
    for number, line in enumerate(text.splitlines(), start=1):
        if number >= (after or 1) and part and part in line:
            return number
    return None


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _unusable(file: Path, line: int | None, wrong: str) -> Fault:
    return Fault(
        "E-PROGRAM-FILE",
        id=f"daftar program ini tidak dapat dipakai ({wrong}); perbaiki menurut docs/programs.md",
        en=f"this list of programs cannot be used ({wrong}); mend it as docs/programs.md says",
        file=f"{file.parent.name}/{file.name}",
        row=line,
    )
