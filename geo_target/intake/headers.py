"""Headers of a list: where the columns of a profile are, which are missing, and whose they are."""

import re
from collections.abc import Sequence

from geo_target.errors import DataRefusedError, Fault
from geo_target.intake.profiles import Profile, folded, profiles

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

#: Of a row's cells so many must be headers that a layout knows for the others to be shown.
_FEWEST_KNOWN, _MOST_SHOWN = 2, 12
_LONG_NUMBER = re.compile(r"\d{6}")
#: Headers that a row of data holds too.
_WORDS_OF_ROWS = {"pkh", "bpnt", "sembako", "pbi"}


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
