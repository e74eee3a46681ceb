"""Dated thresholds and the catalogue of programs, from geodata/."""

import tomllib
from difflib import get_close_matches
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from geo_target.errors import ConfigError, Fault
from geo_target.resources import resource_dir


class Threshold(BaseModel):
    """A welfare line: rupiah a month, with what it measures and who said it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    kind: Literal["extreme", "poor"]
    value: float
    measure: Literal["income", "spending"]
    basis: Literal["per-family", "per-capita"] | None = None
    year: int
    source: str


class Program(BaseModel):
    """A program by which aid reaches families."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    aliases: tuple[str, ...] = ()
    name: str
    short_name: str
    agency: str
    level: Literal["pusat", "provinsi", "kabkota", "desa"]
    unit: Literal["family", "person", "group", "village", "house"]
    strategy: Literal[1, 2, 3]
    historic: bool = False


@cache
def thresholds() -> dict[str, Threshold]:
    """Welfare lines by code."""
    raw = tomllib.loads((resource_dir("geodata") / "thresholds.toml").read_text("utf-8"))
    return {line["code"]: Threshold.model_validate(line) for line in raw["line"]}


@cache
def programs() -> dict[str, Program]:
    """Programs by code."""
    raw = tomllib.loads((resource_dir("geodata") / "programs.toml").read_text("utf-8"))
    return {entry["code"]: Program.model_validate(entry) for entry in raw["program"]}


def program_code_of(text: str) -> str | None:
    """Code of the program that an agency writes as `text`; None if nobody knows it."""
    return _codes_by_spelling().get(_folded(text))


@cache
def _codes_by_spelling() -> dict[str, str]:
    return {
        _folded(spelling): program.code
        for program in programs().values()
        for spelling in (program.code, program.name, *program.aliases)
    }


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def check_programs(codes: tuple[str, ...]) -> None:
    """Refuse a definition that names a program which is unknown or long ended.

    Raises
    ------
    ConfigError
        Naming the code and the nearest known ones.
    """
    faults = []
    for code in codes:
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
