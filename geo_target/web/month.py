"""The files of a month as their page shows them, and what keeps a run from starting."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geo_target.deliveries.delivery import Answers, Delivered, State
from geo_target.deliveries.proposals import keyed_sources, profile_of, proposed_on
from geo_target.deliveries.running import RunState, RunStatus
from geo_target.intake.codes import CODES
from geo_target.intake.profiles import Profile, profiles
from geo_target.programs import programs
from geo_target.settings import Settings, Source, read_settings
from geo_target.web.doors import DeliveryRoom
from geo_target.web.language import day, language, own

_TO_COME = frozenset({State.WAITING, State.READING})
_TOTAL_ROW = "E-TOTALROW"
#: Refusals whose way out is an answer on the page; their words name options of the command.
_TO_ANSWER = frozenset({"E-LAYOUT", "E-SHEET", "E-CODE-SYSTEM"})


@dataclass(frozen=True)
class Reason:
    """Why so many rows or cells are unusable."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Quality:
    """How many numbers of persons in a column are good, spoiled or missing."""

    column: str
    good: int
    spoiled: int
    missing: int


@dataclass(frozen=True)
class Card:
    """One file, and what its reading found in the language of this request."""

    id: str
    name: str
    size: int
    by: str
    at: datetime
    state: State
    answers: Answers
    confirmed: bool
    may_mend: bool
    """Whether there are rows to mend, and this visitor handed the file in."""
    report: Mapping[str, Any]
    """As `geo-target check --json`; empty before it is read."""
    reasons: Sequence[Reason]
    """Most first."""
    qualities: Sequence[Quality]
    is_to_answer: bool
    """Whether it was refused for want of an answer."""
    alike: int
    """Lists of last month of its layout, none of which it is said to replace."""


@dataclass(frozen=True)
class Kept:
    """A list of last month that no file takes the place of."""

    title: str
    file: str
    as_of: date
    age_days: int


@dataclass(frozen=True)
class Choices:
    """What the answers choose among: words by value."""

    profiles: Mapping[str, str]
    sources: Mapping[str, str]
    programs: Mapping[str, str]


@dataclass(frozen=True)
class Month:
    """All that the page shows."""

    cards: Sequence[Card]
    kept: Sequence[Kept]
    choices: Choices
    on: date
    """Day of coverage that is proposed."""
    today: date
    obstacles: Mapping[str, int]
    run: RunStatus
    messages: Sequence[str]
    """Of the run, in the language of this request."""
    version: str
    is_busy: bool

    @property
    def findings(self) -> list[str]:
        """What the guard found of which list, without its advice to whoever typed a command."""
        return [self._called(line.split("; ")[0]) for line in self.messages]

    def _called(self, line: str) -> str:
        """With the words for a layout in place of its name."""
        name, colon, found = line.partition(": ")
        profile, *program = name.split(" ", 1)
        title = self.choices.profiles.get(profile, profile)
        return ", ".join([title, *program]) + colon + found

    @property
    def is_running(self) -> bool:
        """Whether a run is at work."""
        return self.run.state is RunState.RUNNING


def month_of(room: DeliveryRoom, *, viewer: str, today: date) -> Month:
    """What stands in the room now, for the account `viewer`.

    Raises
    ------
    ConfigError
        If geo-target.toml cannot be read.
    """
    settings, layouts = read_settings(room.config), profiles()
    files, run = room.deliveries.files(), room.runner.status()
    return Month(
        cards=[_card(file, viewer, settings) for file in files],
        kept=_kept(settings, files, layouts, today),
        choices=_choices(settings, layouts),
        on=min(proposed_on(settings, files), today),
        today=today,
        obstacles=obstacles(files),
        run=run,
        messages=run.messages.get(language(), ()),
        version=version_of(files, run),
        is_busy=is_busy(files, run),
    )


def obstacles(files: Sequence[Delivered]) -> dict[str, int]:
    """What keeps a run from starting, and of how many files; none means that it may."""
    read = [file for file in files if file.state is State.READ]
    replaced = Counter(file.answers.replaces for file in read if file.answers.replaces)
    counts = {
        "none": int(not files),
        "unread": sum(file.state in _TO_COME for file in files),
        "refused": sum(file.state is State.REFUSED for file in files),
        "unconfirmed": sum(not file.confirmed for file in read),
        "twice": sum(count for count in replaced.values() if count > 1),
    }
    return {kind: count for kind, count in counts.items() if count}


def is_busy(files: Sequence[Delivered], run: RunStatus) -> bool:
    """Whether the page will change by itself: something is read or run."""
    return any(file.state in _TO_COME for file in files) or run.state is RunState.RUNNING


def version_of(files: Sequence[Delivered], run: RunStatus) -> str:
    """What is another one whenever the page is."""
    seen = [(file.id, file.state, file.confirmed, file.answers) for file in files]
    told = repr((seen, run.state, run.started, run.run_id, run.stage))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def persons_to_mend(file: Delivered) -> int:
    """Persons in the rows to mend, at most: one for each thing that is wrong."""
    reasons = _report_of(file, "en").get("reasons", {})
    return sum(count for code, count in reasons.items() if code != _TOTAL_ROW)


def _card(file: Delivered, viewer: str, settings: Settings) -> Card:
    report = _report_of(file, language())
    return Card(
        id=file.id, name=file.name, size=file.size, by=file.by, at=file.at, state=file.state,
        answers=file.answers, confirmed=file.confirmed,
        may_mend=file.has_repair and file.by == viewer,
        report=report, reasons=_reasons(report), qualities=_qualities(report),
        is_to_answer=not _TO_ANSWER.isdisjoint(report.get("reasons", {})),
        alike=0 if file.answers.replaces else _alike(file, settings),
    )  # fmt: skip


def _alike(file: Delivered, settings: Settings) -> int:
    profile = profile_of(file)
    return sum(source.profile == profile for source in settings.source)


def _report_of(file: Delivered, asked: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (file.report or {}).get(asked) or {}
    return found


def _reasons(report: Mapping[str, Any]) -> list[Reason]:
    counts: Counter[str] = Counter(report.get("reasons", {}))
    return [Reason(code, _words_of(code), count) for code, count in counts.most_common()]


def _words_of(code: str) -> str:
    known = CODES.get(code)
    return own({"id": known.id, "en": known.en}) if known else ""


def _qualities(report: Mapping[str, Any]) -> list[Quality]:
    headers = report.get("columns", {})
    return [
        Quality(
            column=headers.get(column, column),
            good=found["good"],
            spoiled=sum(found["spoiled"].values()),
            missing=found["missing"],
        )
        for column, found in report.get("hygiene", {}).items()
    ]


def _kept(
    settings: Settings, files: Sequence[Delivered], layouts: Mapping[str, Profile], today: date
) -> list[Kept]:
    replaced = {file.answers.replaces for file in files}
    return [
        Kept(
            title=_title_of(source, layouts),
            file=source.called,
            as_of=source.as_of,
            age_days=(today - source.as_of).days,
        )
        for key, source in keyed_sources(settings).items()
        if key not in replaced
    ]


def _choices(settings: Settings, layouts: Mapping[str, Profile]) -> Choices:
    titles = {name: _title(layout) for name, layout in layouts.items()}
    return Choices(
        profiles=dict(sorted(titles.items(), key=lambda named: named[1])),
        sources={
            key: f"{_title_of(source, layouts)} ({source.called}, {day(str(source.as_of))})"
            for key, source in keyed_sources(settings).items()
        },
        programs={code: program.short_name for code, program in programs().items()},
    )


def _title_of(source: Source, layouts: Mapping[str, Profile]) -> str:
    layout = layouts.get(source.profile)
    title = _title(layout) if layout else source.profile
    return f"{title}, {source.program}" if source.program else title


def _title(layout: Profile) -> str:
    words = own({"id": layout.title.id, "en": layout.title.en})
    return words[:1].upper() + words[1:]
