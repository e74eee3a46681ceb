"""Profiles: how a layout's headers and words map to the canonical columns.

A profile is a TOML file in geodata/profiles, or one of the user's own beside the
configuration; docs/profiles.md says how to add one.
"""

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo_target.errors import ConfigError, DataRefusedError, Fault
from geo_target.intake.code_lists import code_lists
from geo_target.programs import programs
from geo_target.resources import profile_folders, resource_dir

Role = Literal[
    "families", "persons", "enrollments", "points", "population", "facilities", "neighborhoods",
    "decisions", "visits",
]  # fmt: skip

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
    "neighborhoods": (
        (("rt", "rw"), ("rt_rw",), ("address",)),
        (("village_code",), ("district_name", "village_name")),
    ),
    "decisions": (
        (("register", "register_family_id", "other_register", "other_register_family_id"),),
        (("verdict",),),
        (("fingerprint",),),
    ),
    "visits": ((("family_id",),), (("visited_on",),), (("result",),)),
    "facilities": (
        (("name",),),
        (("lon", "lat"), ("village_code",), ("district_name", "village_name")),
    ),
}
#: What a unit of a column is in the unit of its schema.
UNITS = {"rupiah": 1.0, "thousand_rupiah": 1e3, "million_rupiah": 1e6}


_OURS = resource_dir("geodata") / "profiles"

#: Of a row's cells so many must be headers that a layout knows for the others to be shown.
_FEWEST_KNOWN, _MOST_SHOWN = 2, 12
_LONG_NUMBER = re.compile(r"\d{6}")
#: Headers that a row of data holds too.
_WORDS_OF_ROWS = {"pkh", "bpnt", "sembako", "pbi"}


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


def match_headers(profile: Profile, headers: Sequence[str]) -> dict[str, int]:
    """Position of each canonical column that `headers` hold; the first spelling wins."""
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        positions.setdefault(folded(header), position)
    return {
        column: positions[folded(spelling)]
        for column, spellings in profile.headers.items()
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
        for group in _needed(profile)
        if not any(all(column in found for column in alternative) for alternative in group)
    ]


def _needed(profile: Profile) -> tuple[tuple[tuple[str, ...], ...], ...]:
    role = _NEEDED[profile.role]
    if profile.number_rows:
        role = ((("family_id",), ("family_card_number",), ("head_national_id",)), *role[1:])
    return (*role, *(((column,),) for column in profile.needed))


def flag_columns(profile: Profile, headers: Sequence[str]) -> dict[int, tuple[int, int | None]]:
    """Each flag of a program that `headers` hold, by its number among the profile's.

    It is told where it is, and where its days are.
    """
    positions: dict[str, int] = {}
    for position, header in enumerate(headers):
        positions.setdefault(folded(header), position)

    def where(spellings: Sequence[str]) -> int | None:
        return next((positions[f] for s in spellings if (f := folded(s)) in positions), None)

    found = [(where(flag.header), where(flag.period)) for flag in profile.flag]
    return {i: (at, days) for i, (at, days) in enumerate(found) if at is not None}


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
            f"{shown_headers(headers)}; periksa baris judul atau pilih profil lain",
            en=f"a needed column is missing: {missing}; found: {shown_headers(headers)}; "
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
            id=f"judul '{headers[position]}' ada lebih dari sekali, di kolom "
            f"{_letters(spelled, position)}; hapus salah satunya, atau beri judul lain",
            en=f"header '{headers[position]}' occurs more than once, in columns "
            f"{_letters(spelled, position)}; delete one of them, or name it otherwise",
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


def _letters(spelled: Sequence[str], position: int) -> str:
    """The columns with the header of `position`, as a spreadsheet names them."""
    return ", ".join(_letter(i) for i, header in enumerate(spelled) if header == spelled[position])


def _letter(position: int) -> str:
    before, last = divmod(position, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def detect_profile(headers_by_row: Sequence[Sequence[str]]) -> Profile | None:
    """The profile that fits one of the rows best: none of its needed columns missing.

    A list with an id of persons is no list of families, though each of its rows repeats the
    family's columns. Of two that fit alike, the canonical layout of a role is proposed: it says
    nothing of the list that its headers do not.
    """
    fitting = [
        (
            (bool(profile.signs) + _fit(found, headers), profile.name == profile.role),
            profile,
            "person_id" in found,
        )
        for profile in profiles().values()
        for headers in headers_by_row
        if not missing_columns(profile, found := match_headers(profile, headers))
        and _shows_signs(profile, headers)
    ]
    if any(of_persons and profile.role == "persons" for _, profile, of_persons in fitting):
        fitting = [entry for entry in fitting if entry[1].role != "families"]
    return max(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _shows_signs(profile: Profile, headers: Sequence[str]) -> bool:
    seen = {folded(header) for header in headers}
    return not profile.signs or any(folded(sign) in seen for sign in profile.signs)


def _fit(found: dict[str, int], headers: Sequence[str]) -> float:
    spelled = sum(bool(header.strip()) for header in headers)
    return len(set(found.values())) + len(found) / max(spelled, 1)


def shown_headers(headers: Sequence[str]) -> str:
    """What a message may say of a row's cells as headers.

    Cells that some layout knows are shown; the others only where several are known and none
    holds a long number: else the row may be a person's.
    """
    named = [header.strip() for header in headers if header.strip()]
    known = [header for header in named if folded(header) in _known_headers()]
    is_header = len(known) >= max(_FEWEST_KNOWN, len(named) / 4) and not any(
        _LONG_NUMBER.search(header) for header in named
    )
    told = named if is_header else known
    words = ", ".join(told[:_MOST_SHOWN]) + (" ..." if len(told) > _MOST_SHOWN else "")
    return words or "-"


def _known_headers() -> set[str]:
    spelled = {
        folded(spelling)
        for profile in profiles().values()
        for spellings in profile.columns.values()
        for spelling in spellings
    }
    return {header for header in spelled if header not in _WORDS_OF_ROWS}
