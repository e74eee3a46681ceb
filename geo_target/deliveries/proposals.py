"""What a delivered file most likely is: last month's answers, proposed for this month's file."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from geo_target.deliveries.file_days import MONTHS, day_in_name
from geo_target.deliveries.records import Answers, Delivered, State
from geo_target.errors import ConfigError
from geo_target.intake.profiles import folded, profile_named
from geo_target.settings import Settings, Source

#: How alike a name must be before it tells which list a file is.
_ALIKE = 85.0
#: "pkh" tells a list; "ke" and "v" do not.
_SHORTEST_WORD = 3
#: Nor do words that any list may have in its name.
_OF_ANY_LIST = {"daftar", "data", "list", "lists", "file", "rekap", "laporan", "penerima",
                "bantuan", "bansos", "program", "final", "fix", "baru", "revisi", "salinan",
                "copy", "bulan", "tahap", "triwulan", "tahun", "kota", "kab", "kabupaten",
                "kecamatan", "kec"}  # fmt: skip


def source_key(source: Source) -> str:
    """Key of a source: layout, program and sheet. `keyed_sources` parts equal ones."""
    return "|".join((source.profile, source.program or "", source.sheet or "")).rstrip("|")


def keyed_sources(settings: Settings) -> dict[str, Source]:
    """Sources by their key in this configuration; the second of a key has ``#2`` behind it."""
    keyed: dict[str, Source] = {}
    count: dict[str, int] = {}
    for source in settings.source:
        key = source_key(source)
        count[key] = count.get(key, 0) + 1
        keyed[key if count[key] == 1 else f"{key}#{count[key]}"] = source
    return keyed


def propose(
    name: str,
    report: Mapping[str, Any] | None,
    settings: Settings,
    today: date,
    *,
    taken: Collection[str | None] = (),
) -> Answers:
    """Propose answers on a file.

    Parameters
    ----------
    name
        Of the file.
    report
        By language; None before it is read.
    settings
        Of the last run: who hands in what, and how.
    taken
        Keys of sources that other files replace: of several alike another one is proposed.
    """
    read = (report or {}).get("en") or {}
    profile = read.get("profile")
    key, source = _replaced(name, read, settings, taken)
    as_of = min(day_in_name(name) or today, today)
    if source is None:
        return Answers(profile=profile, as_of=as_of)
    return Answers(
        profile=profile,
        as_of=min(max(as_of, source.as_of), today),
        program=source.program,
        sheet=source.sheet if _may_have(read, source.sheet) else None,
        code_system=source.code_system,
        replaces=key,
    )


def proposed_on(settings: Settings, files: Iterable[Delivered]) -> date:
    """Day of coverage to propose: the newest day of a list of enrollments, or the old one."""
    days = [
        file.answers.as_of
        for file in files
        if file.state is State.READ and _is_enrollments(profile_of(file))
    ]
    return max([settings.coverage.on, *days])


def profile_of(file: Delivered) -> str | None:
    """The layout that a file is read by: what was answered, else what its headers told."""
    return file.answers.profile or ((file.report or {}).get("en") or {}).get("profile")


def _is_enrollments(profile: str | None) -> bool:
    try:
        return profile is not None and profile_named(profile).role == "enrollments"
    except ConfigError:
        return False


def _replaced(
    name: str, read: Mapping[str, Any], settings: Settings, taken: Collection[str | None]
) -> tuple[str | None, Source | None]:
    """The source that the file takes the place of, with its key."""
    keyed = keyed_sources(settings)
    profile = read.get("profile")
    if profile is not None:
        fitting = {key: s for key, s in keyed.items() if s.profile == profile}
    else:  # nothing is known but the name
        fitting = {key: s for key, s in keyed.items() if _likeness(name, s) >= _ALIKE}
    if len(fitting) > 1:  # a guess among several would be a wrong map
        others = list(fitting.values())
        fitting = {key: s for key, s in fitting.items() if _tells(name, read, s, others)}
    if not fitting:
        return None, None
    best = max(fitting, key=lambda key: _rank(name, read, key, fitting[key], taken))
    return best, fitting[best]


def _may_have(read: Mapping[str, Any], sheet: str | None) -> bool:
    """Whether the file has that sheet, as far as its reading tells."""
    if read.get("profile") is None:  # not read, or refused before its sheet was known
        return "E-SHEET" not in read.get("reasons", {})
    return read.get("sheet") == sheet


def _tells(name: str, read: Mapping[str, Any], source: Source, layout: Collection[Source]) -> bool:
    """Whether anything says that the file is this list rather than another of its `layout`."""
    return (
        _names_program(name, source)
        or _has_own_word(name, source, layout)
        or _is_sheet_of(read, source)
        or _likeness(name, source) >= _ALIKE
    )


def _names_program(name: str, source: Source) -> bool:
    program = folded(source.program or "")
    return bool(program) and program in folded(name)


def _has_own_word(name: str, source: Source, layout: Collection[Source]) -> bool:
    """Whether the names share a word that no other list of the layout has in its name."""
    others = {word for other in layout if other is not source for word in _words(other.called)}
    return not _words(name).isdisjoint(_words(source.called) - others)


def _is_sheet_of(read: Mapping[str, Any], source: Source) -> bool:
    return bool(source.sheet) and source.sheet == read.get("sheet")


def _rank(
    name: str, read: Mapping[str, Any], key: str, source: Source, taken: Collection[str | None]
) -> tuple[bool, bool, bool, float]:
    return (
        _names_program(name, source),
        _is_sheet_of(read, source),
        key not in taken,
        _likeness(name, source),
    )


def _likeness(name: str, source: Source) -> float:
    """How alike the names are without what changes by month, 0 to 100."""
    return fuzz.ratio(_bare(name), _bare(source.called))


def _bare(name: str) -> str:
    return " ".join(_listed_words(name))


def _words(name: str) -> set[str]:
    return {w for w in _listed_words(name) if len(w) >= _SHORTEST_WORD} - _OF_ANY_LIST


def _listed_words(name: str) -> list[str]:
    words = re.findall(r"[a-z]+", (name.rpartition(".")[0] or name).casefold())
    return [word for word in words if word not in MONTHS]
