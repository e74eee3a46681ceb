"""Profiles: how a layout's headers and words map to the canonical columns.

A profile is a TOML file in geodata/profiles; docs/profiles.md says how to add one.
"""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from geo_target.errors import ConfigError, DataRefusedError, Fault
from geo_target.resources import resource_dir

Role = Literal["families", "persons", "enrollments", "points", "population"]

#: Each group needs one of its alternatives; an alternative may be several columns.
_NEEDED: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {
    "families": (
        (("family_id",),),
        (("village_code",), ("district_name", "village_name")),
    ),
    "persons": ((("national_id",),), (("family_id",), ("family_card_number",))),
    "enrollments": ((("national_id",), ("family_card_number",), ("family_id",)),),
    "points": ((("family_id",),), (("lon",),), (("lat",),)),
    "population": (
        (("village_code",), ("district_name", "village_name")),
        (("population_persons",),),
    ),
}


class Title(BaseModel):
    """A name to show, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    en: str


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


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by name."""
    files = sorted((resource_dir("geodata") / "profiles").glob("*.toml"))
    found = (Profile.model_validate(tomllib.loads(f.read_text("utf-8"))) for f in files)
    return {profile.name: profile for profile in found}


def profile_named(name: str) -> Profile:
    """Profile `name`.

    Raises
    ------
    ConfigError
        If there is none, with the names that there are.
    """
    if name not in profiles():
        known = ", ".join(get_close_matches(name, profiles(), n=3) or profiles())
        raise ConfigError(
            Fault(
                "E-PROFILE",
                id=f"profil {name} tidak ada; yang ada: {known}",
                en=f"there is no profile {name}; there are: {known}",
                column="source.profile",
            )
        )
    return profiles()[name]


def match_headers(profile: Profile, headers: Sequence[str]) -> dict[str, int]:
    """Position of each canonical column that `headers` hold; the first spelling wins."""
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        positions.setdefault(folded(header), position)
    return {
        column: positions[folded(spelling)]
        for column, spellings in profile.columns.items()
        for spelling in reversed(spellings)  # a later key overwrites: the first one stays
        if folded(spelling) in positions
    }


def missing_columns(profile: Profile, found: dict[str, int]) -> list[str]:
    """Needed columns that are not among `found`, alternatives joined by 'atau'."""
    return [
        " atau ".join(
            "+".join(profile.columns.get(column, (column,))[0] for column in alternative)
            for alternative in group
        )
        for group in _NEEDED[profile.role]
        if not any(all(column in found for column in alternative) for alternative in group)
    ]


def check_headers(
    profile: Profile, headers: Sequence[str], *, file: str, sheet: str, row: int
) -> dict[str, int]:
    """Positions of the canonical columns, or a refusal that names what is missing.

    Raises
    ------
    DataRefusedError
        ``E-COLUMN`` if a needed column is missing, with the nearest headers that there
        are; ``E-DUPCOL`` if a column that is read occurs twice.
    """
    found = match_headers(profile, headers)
    faults = [
        Fault(
            "E-COLUMN",
            id=f"kolom yang diperlukan tidak ada: {missing}; yang ditemukan: "
            f"{_shown(headers)}; periksa baris judul atau pilih profil lain",
            en=f"a needed column is missing: {missing}; found: {_shown(headers)}; "
            "check the header row or choose another profile",
            file=file,
            sheet=sheet,
            row=row,
        )
        for missing in missing_columns(profile, found)
    ]
    spelled = [folded(header) for header in headers]
    faults += [
        Fault(
            "E-DUPCOL",
            id=f"kolom '{headers[position]}' muncul lebih dari sekali; hapus salah satunya",
            en=f"column '{headers[position]}' occurs more than once; delete one of them",
            file=file,
            sheet=sheet,
            row=row,
        )
        for position in sorted(set(found.values()))
        if spelled.count(spelled[position]) > 1
    ]
    if faults:
        raise DataRefusedError(*faults)
    return found


def detect_profile(headers_by_row: Sequence[Sequence[str]]) -> Profile | None:
    """The profile that fits one of the rows best: none of its needed columns missing.

    A list with an id of persons is no list of families, though each of its rows repeats the
    family's columns.
    """
    fitting = [
        (_fit(found, headers), profile, "person_id" in found)
        for profile in profiles().values()
        for headers in headers_by_row
        if not missing_columns(profile, found := match_headers(profile, headers))
    ]
    if any(of_persons and profile.role == "persons" for _, profile, of_persons in fitting):
        fitting = [entry for entry in fitting if entry[1].role != "families"]
    return max(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _fit(found: dict[str, int], headers: Sequence[str]) -> float:
    spelled = sum(bool(header.strip()) for header in headers)
    return len(set(found.values())) + len(found) / max(spelled, 1)


def _shown(headers: Sequence[str], most: int = 12) -> str:
    named = [header.strip() for header in headers if header.strip()]
    return ", ".join(named[:most]) + (" ..." if len(named) > most else "")
