"""The record of processing (catatan pemrosesan) of a configuration, as JSON and as text.

What it knows it takes from the configuration, the profiles and the table of roles, so that
the record says what the program does. What only the agency knows is left to be filled in.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from geo_target import __version__
from geo_target.errors import Language
from geo_target.intake.profiles import Profile, profile_named
from geo_target.operations.roles import ROLES, Verb
from geo_target.papers import PERSONLESS_ROLES, needs_paper, papers_of, state_of, states
from geo_target.processing_kinds import KEPT, PEOPLE, SPECIFIC
from geo_target.processing_words import WORDS
from geo_target.settings import Settings, Source

#: What says something of a person by itself; other verbs show counts, or accounts.
_BY_NAME = frozenset(
    {Verb.READ_NAMES, Verb.REVEAL_NATIONAL_ID, Verb.EXPORT_NAMES, Verb.READ_OWN_VISITS,
     Verb.CARRY_VISITS, Verb.ASSIGN_VISITS, Verb.READ_PSEUDONYMS, Verb.EXPORT_PSEUDONYMS,
     Verb.OWN_QUARANTINE, Verb.SETTLE_PAIRS}
)  # fmt: skip

#: Specific by what the list is: a family's members include children, and whoever is on a
#: list of recipients is poor, also where no column says the program.
_OF_ROLE = {
    "persons": frozenset({"members_of_families"}),
    "enrollments": frozenset({"program"}),
    "visits": frozenset({"eligibility"}),
}


def processing_record(
    settings: Settings, folder: Path, *, day: date, language: Language = "id"
) -> dict[str, Any]:
    """The record, ready for JSON.

    Parameters
    ----------
    settings
        From `read_settings`.
    folder
        The configuration's folder: files are named from there.
    day
        The user's own day, on which papers are valid or not.
    language
        Of the words; keys are English.

    Raises
    ------
    ConfigError
        If there is no profile of a source's name.
    """
    words = WORDS[language]
    limits = settings.retention
    copies = min(limits.sources_days, limits.exact_days)  # see keeping/retention.py
    days = {**limits.model_dump(), "copies_days": copies}
    sources = [_source(source, folder, day, language) for source in settings.source]
    return {
        "made_on": day.isoformat(),
        "version": __version__,
        "area": settings.area.code,
        "synthetic": settings.area.synthetic,
        "to_be_filled_in": list(words["open"]),
        "purpose": words["purpose"],
        "sources": sources,
        "who_may_see": _who(language),
        "retention": [rule.format(**days) for rule in words["retention"]],
        "security": [
            *words["security"],
            *([words["sealed"]] if settings.access.reveal_numbers else []),
        ],
        "transfers": words["transfers"],
        "leaves": list(words["leaves"]),
        "kept": dict(KEPT[language]),
        "papers": paper_states(settings, folder, day=day),
    }


def paper_states(settings: Settings, folder: Path, *, day: date) -> dict[str, str]:
    """State of each list's paper by file, as in the report of a run."""
    return states(papers_of(((_name(s, folder), s) for s in settings.source), day))


def record_text(record: Mapping[str, Any], language: Language = "id") -> str:
    """The record as lines of Markdown, to be printed or kept."""
    words = WORDS[language]
    lines = [
        f"# {words['title']}", "",
        f"{words['made']}: {record['made_on']}; geo-target {record['version']}; "
        f"{words['area']}: {record['area']}", "",
    ]  # fmt: skip
    if record["synthetic"]:
        lines += [words["synthetic"], ""]
    lines += [f"- {item}: ............" for item in record["to_be_filled_in"]]
    lines += ["", f"{words['purpose_head']}: {record['purpose']}"]
    for number, source in enumerate(record["sources"], start=1):
        lines += ["", f"## {number}. {source['title']} ({source['file']})", ""]
        lines += [f"- {label}: {text}" for label, text in _source_lines(source, words)]
    lines += ["", f"## {words['who']}", ""]
    lines += [f"- {entry['role']}: {entry['sees']}" for entry in record["who_may_see"]]
    lines += ["", f"## {words['kept_head']}", ""]
    lines += [f"- {table}: {what}" for table, what in record["kept"].items()]
    for part in ("retention", "security"):
        lines += ["", f"## {words[f'{part}_head']}", "", *(f"- {one}" for one in record[part])]
    lines += ["", f"## {words['transfers_head']}", "", record["transfers"], ""]
    return "\n".join([*lines, *(f"- {one}" for one in record["leaves"])])


def _source(source: Source, folder: Path, day: date, language: Language) -> dict[str, Any]:
    profile = profile_named(source.profile)
    title = profile.title.id if language == "id" else profile.title.en
    general, specific = kinds_of_data(profile)
    basis = source.basis.model_dump(mode="json") if source.basis else {}
    return {
        "file": _name(source, folder),
        "title": title,
        "profile": profile.name,
        "as_of": source.as_of.isoformat(),
        "needs_paper": needs_paper(source),
        "state": state_of(source.basis, day).value if needs_paper(source) else "not-needed",
        "agency": None, "kind": None, "number": None, "purpose": None, "valid_until": None,
        **basis,
        "people": PEOPLE[language].get(profile.role, WORDS[language]["unknown_people"]),
        "general_data": general,
        "specific_data": [
            {"column": column, "why": SPECIFIC[language][column]} for column in specific
        ],
    }  # fmt: skip


def kinds_of_data(profile: Profile) -> tuple[list[str], list[str]]:
    """Columns that a profile reads of persons: general ones, and specific ones (art. 4)."""
    if profile.role in PERSONLESS_ROLES:
        return [], []
    flags = {"flagged_programs"} if profile.flag and profile.role == "families" else set()
    columns = sorted({*profile.headers} | flags)
    specific = {column for column in columns if column in SPECIFIC["id"]}
    general = [column for column in columns if column not in specific]
    return general, sorted(specific | _OF_ROLE.get(profile.role, frozenset()))


def _who(language: Language) -> list[dict[str, str]]:
    seen = WORDS[language]["verbs"]
    return [
        {
            "role": f"{role.value} ({rule.id if language == 'id' else rule.en})",
            "sees": "; ".join(seen[verb.value] for verb in Verb if verb in rule.verbs & _BY_NAME)
            or WORDS[language]["no_person"],
        }
        for role, rule in ROLES.items()
    ]


def _source_lines(source: Mapping[str, Any], words: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    if not source["needs_paper"]:
        return [
            (words["people"], source["people"]),
            (words["state"], words["states"]["not-needed"]),
        ]
    paper = " ".join(source[key] or "-" for key in ("kind", "number"))
    specific = "; ".join(f"{one['column']} ({one['why']})" for one in source["specific_data"])
    return [
        (words["as_of"], source["as_of"]),
        (words["agency"], source["agency"] or "-"),
        (words["paper"], paper if source["number"] else "-"),
        (words["for"], source["purpose"] or "-"),
        (words["until"], source["valid_until"] or "-"),
        (words["state"], words["states"][source["state"]]),
        (words["people"], source["people"]),
        (words["general"], ", ".join(source["general_data"]) or "-"),
        (words["specific"], specific or "-"),
    ]


def _name(source: Source, folder: Path) -> str:
    file = source.file
    is_inside = file is not None and file.is_relative_to(folder)
    return file.relative_to(folder).as_posix() if file and is_inside else source.called
