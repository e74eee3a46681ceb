"""Profiles: how a layout's headers and words map to the canonical columns.

A profile is a TOML file in geodata/profiles, or one of the user's own beside the
configuration; docs/profiles.md says how to add one.
"""

import tomllib
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo_target.errors import ConfigError, Fault
from geo_target.intake.code_lists import code_lists
from geo_target.programs import programs
from geo_target.resources import profile_folders, resource_dir

Role = Literal[
    "families", "persons", "enrollments", "points", "population", "facilities", "neighborhoods",
    "decisions", "visits",
]  # fmt: skip

#: What a unit of a column is in the unit of its schema.
UNITS = {"rupiah": 1.0, "thousand_rupiah": 1e3, "million_rupiah": 1e6}


_OURS = resource_dir("geodata") / "profiles"


class Title(BaseModel):
    """A name to show, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    en: str


class Flag(BaseModel):
    """A column that says whether a person or family is in a program.

    In a list of recipients it is an enrollment of its period; in a list of families it is kept
    apart as what the list says, and is never coverage.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    program: str
    header: tuple[str, ...]
    period: tuple[str, ...] = ()
    """Headers of the days it counts for, in a list of recipients."""


class Profile(BaseModel):
    """A layout of an agency's list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    register_name: str = Field(alias="register")
    role: Role
    title: Title
    columns: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    code_system: Literal["kemendagri", "bps"] | None = None
    period: Literal["quarter", "month"] | None = None
    program: str | None = None
    needed: tuple[str, ...] = ()
    """Columns that must be there besides those that the role needs."""
    signs: tuple[str, ...] = ()
    """Headers of which one must be there before the layout is proposed by itself."""
    header_row: int | None = Field(None, ge=1, le=20)
    """As the spreadsheet shows it; none means that it is looked for."""
    first_row: int | None = Field(None, ge=2)
    """Where data start; none means below the header."""
    number_rows: bool = False
    """A list of families that prints no id: file and row serve, for a KK number is secret."""
    units: dict[str, str] = {}
    """Unit of a column that is not in the unit of its schema, see `UNITS`."""
    code_list: str | None = None
    """Whose codes the columns of `coded` hold, such as "dtsen-2025"; see code_lists.py."""
    coded: dict[str, tuple[str, ...]] = {}
    """Columns of codes, by what they say of a house, and the spellings of their headers."""
    flag: tuple[Flag, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        if lost := sorted({*self.needed, *self.units} - {*self.columns}):
            raise ValueError(f"not under [columns]: {lost}")
        if odd := sorted({*self.units.values()} - {*UNITS}):
            raise ValueError(f"unknown units {odd}; there are {sorted(UNITS)}")
        if bool(self.coded) != bool(self.code_list):
            raise ValueError("[coded] and code_list need each other")
        if self.code_list and self.code_list not in code_lists():
            raise ValueError(f"unknown code_list; there are {sorted(code_lists())}")
        things = {*code_lists()[self.code_list].lists} if self.code_list else set()
        if lost := sorted(({*self.coded} - things) | ({*self.coded} & {*self.columns})):
            raise ValueError(f"[coded]: not in {self.code_list}, or under [columns] too: {lost}")
        if self.flag and self.role not in {"enrollments", "families"}:
            raise ValueError('[[flag]] needs role = "enrollments" or "families"')
        if any(bool(flag.period) != (self.role == "enrollments") for flag in self.flag):
            raise ValueError("[[flag]] period: needed of enrollments, and of nothing else")
        named = {flag.program for flag in self.flag} | ({self.program} if self.program else set())
        if missing := sorted(named - {*programs()}):
            raise ValueError(f"programs that are not in the catalogue: {missing}")
        return self

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """Spellings of every column that is read, those of codes among them."""
        return {**self.columns, **self.coded}

    def words(self, column: str) -> dict[str, str]:
        """Canonical value by folded word, for a column of words."""
        return {
            folded(word): value
            for value, words in self.values.get(column, {}).items()
            for word in words
        }


def folded(text: str) -> str:
    """A header or word without what people vary: case, blanks and punctuation."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def profiles() -> dict[str, Profile]:
    """All profiles by name; one of the user's own takes the place of ours of its name.

    Raises
    ------
    ConfigError
        ``E-PROFILE-FILE`` if a profile of the user's own cannot be read, or two have one name.
    """
    files = [file for folder in profile_folders() for file in sorted(folder.glob("*.toml"))]
    found: dict[str, Profile] = {}
    owners: dict[tuple[Path, str], Path] = {}
    for file in files:
        profile = _profile(file, file.stat().st_mtime_ns)
        if (other := owners.setdefault((file.parent, profile.name), file)) != file:
            raise _unusable(file, f"name: {profile.name} = {other.name}")
        found[profile.name] = profile
    return found


@lru_cache(maxsize=500)
def _profile(file: Path, _changed_at: int) -> Profile:
    try:
        profile = Profile.model_validate(tomllib.loads(file.read_text("utf-8-sig")))
        if file.parent != _OURS:
            _check_columns(file, profile)
        return profile
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(file, str(error)) from None
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or file.stem}: {e['msg']}" for e in error.errors()
        )
        raise _unusable(file, wrong) from None


def _check_columns(file: Path, profile: Profile) -> None:
    """Refuse columns that none of our layouts of the role has: together they have all."""
    ours = (_profile(f, f.stat().st_mtime_ns) for f in sorted(_OURS.glob("*.toml")))
    names = {column for one in ours if one.role == profile.role for column in one.columns}
    names |= {"period"} if profile.period else set()
    if unknown := sorted({*profile.headers} - names):
        there = ", ".join(sorted(names))
        raise _unusable(file, f"columns: {', '.join(unknown)}; {profile.role}: {there}")


def _unusable(file: Path, wrong: str) -> ConfigError:
    return ConfigError(
        Fault(
            "E-PROFILE-FILE",
            id=f"profil ini tidak dapat dipakai ({wrong}); perbaiki menurut docs/profiles.md",
            en=f"this profile cannot be used ({wrong}); mend it as docs/profiles.md says",
            file=f"{file.parent.name}/{file.name}",
        )
    )


def profile_named(name: str) -> Profile:
    """Profile `name`.

    Raises
    ------
    ConfigError
        If there is none, with the names that there are.
    """
    there = profiles()
    if name not in there:
        known = ", ".join(get_close_matches(name, there, n=3) or there)
        raise ConfigError(
            Fault(
                "E-PROFILE",
                id=f"profil {name} tidak ada; yang ada: {known}",
                en=f"there is no profile {name}; there are: {known}",
                column="source.profile",
            )
        )
    return there[name]
