"""Papers: whether each list with persons was given for a purpose, on paper, until when.

Without a paper that is valid on the day of the run nobody is named: aggregates are made,
`exact/identities.parquet` stays empty. Light, for the web asks `names_refusal` each time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from geo_target.errors import Fault
from geo_target.intake.profiles import profile_named
from geo_target.settings import Basis, Source

#: Roles of profiles whose rows are places, not people. Every other one needs a paper, also
#: one that comes later and is not thought of here.
PERSONLESS_ROLES = frozenset({"population", "facilities"})
#: What this office itself has written of rows whose own lists need a paper.
_OWN_ROLES = frozenset({"decisions"})


class State(StrEnum):
    """What a paper is worth on a day; the last one is the worst."""

    VALID = "valid"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True)
class Paper:
    """The paper of one list with persons, as it stands on a day."""

    file: str
    """As in the manifest's `sources`."""
    basis: Basis | None
    state: State


def papers_of(sources: Iterable[tuple[str, Source]], day: date) -> list[Paper]:
    """The paper of each list that holds persons.

    Parameters
    ----------
    sources
        Each with the name to show of its file.
    day
        The user's own day; a paper is valid on its last day too.

    Raises
    ------
    ConfigError
        If there is no profile of a source's name.
    """
    return [
        Paper(file, source.basis, state_of(source.basis, day))
        for file, source in sources
        if needs_paper(source)
    ]


def needs_paper(source: Source) -> bool:
    """Whether a list holds persons whom somebody else has to have given for a purpose."""
    return profile_named(source.profile).role not in PERSONLESS_ROLES | _OWN_ROLES


def state_of(basis: Basis | None, day: date) -> State:
    """What a paper is worth on a day."""
    if basis is None:
        return State.MISSING
    return State.EXPIRED if basis.valid_until < day else State.VALID


def states(papers: Iterable[Paper]) -> dict[str, str]:
    """State by file; of two sheets of one file the worse."""
    worst: dict[str, State] = {}
    order = list(State)
    for paper in papers:
        known = worst.get(paper.file, State.VALID)
        worst[paper.file] = max(known, paper.state, key=order.index)
    return {file: state.value for file, state in worst.items()}


def are_all_valid(papers: Sequence[Paper]) -> bool:
    """Whether families may be named; not where there is no paper at all."""
    return bool(papers) and all(paper.state is State.VALID for paper in papers)


def manifest_entries(papers: Sequence[Paper]) -> dict[str, Any]:
    """`papers` and `names` of a snapshot's manifest, which `names_refusal` reads."""
    listed = [
        {
            "file": paper.file,
            "state": paper.state.value,
            **(paper.basis.model_dump(mode="json") if paper.basis else {}),
        }
        for paper in papers
    ]
    if are_all_valid(papers):
        until = min(paper["valid_until"] for paper in listed)
        return {"papers": listed, "names": {"allowed": True, "until": until}}
    missing = sorted(file for file, state in states(papers).items() if state != State.VALID)
    return {"papers": listed, "names": {"allowed": False, "missing": missing}}


def warnings(state_by_file: Mapping[str, str]) -> list[Fault]:
    """What is said of each list without a valid paper, see `states`."""
    words = {State.MISSING: _missing, State.EXPIRED: _expired}
    return [words[State(s)](file) for file, s in state_by_file.items() if s != State.VALID]


def names_refusal(manifest: Mapping[str, Any], today: date) -> Fault | None:
    """Why families of a snapshot may not be named today; None where they may.

    A by-name page asks this on every request: a paper runs out without a new run. What a
    manifest does not say clearly is refused.

    Parameters
    ----------
    manifest
        manifest.json of the snapshot that is shown.
    today
        The user's own day.

    Returns
    -------
    Fault
        ``E-PAPER-MISSING``, ``E-PAPER-EXPIRED``, or ``E-PAPER-UNKNOWN`` for a snapshot of
        an older version; its words are for the page.
    """
    try:
        return _refusal(manifest["names"], manifest["papers"], today)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Fault(
            "E-PAPER-UNKNOWN",
            id="nama tidak ditampilkan: hasil ini tidak mencatat dasar hukum daftarnya; isi "
            "[source.basis] tiap daftar, lalu jalankan geo-target run lagi",
            en="names are not shown: this snapshot does not say on what papers its lists were "
            "given; fill in [source.basis] of each list, then run geo-target run again",
        )


def _refusal(
    names: Mapping[str, Any], papers: Sequence[Mapping[str, Any]], today: date
) -> Fault | None:
    expired = [p for p in papers if p.get("valid_until") and _day(p["valid_until"]) < today]
    missing = [p["file"] for p in papers if p["state"] == State.MISSING]
    if missing:
        return _refused(
            "E-PAPER-MISSING",
            ", ".join(missing),
            "daftar ini belum punya dasar hukum",
            "this list has no paper",
        )
    if expired:
        which = ", ".join(f"{p['file']} ({p['agency']}, {p['number']})" for p in expired)
        return _refused(
            "E-PAPER-EXPIRED",
            which,
            "masa berlaku dasar hukum daftar ini sudah habis",
            "the paper of this list has run out",
        )
    if names["allowed"] is not True or _day(names["until"]) < today:
        # The clock went back, or somebody changed the manifest.
        raise ValueError("names are not allowed, and no paper says why")
    return None


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _refused(code: str, which: str, why_id: str, why_en: str) -> Fault:
    return Fault(
        code,
        id=f"nama tidak ditampilkan: {why_id}; minta surat kepada instansi pemberi daftar, tulis "
        "di [source.basis], lalu jalankan geo-target run lagi; angka gabungan tetap dapat dipakai",
        en=f"names are not shown: {why_en}; ask the agency that gave the list for one, write it "
        "into [source.basis], then run geo-target run again; aggregates can still be used",
        file=which,
    )


def _missing(file: str) -> Fault:
    return Fault(
        "W-PAPER-MISSING",
        id="daftar ini belum punya dasar hukum, maka nama siapa pun tidak ditulis ke hasil; isi "
        "[source.basis] (number, agency, kind, purpose, valid_until), lalu hitung lagi",
        en="this list has no paper, so nobody's name goes into a snapshot; fill in [source.basis] "
        "(number, agency, kind, purpose, valid_until), then run again",
        file=file,
    )


def _expired(file: str) -> Fault:
    return Fault(
        "W-PAPER-EXPIRED",
        id="masa berlaku dasar hukum daftar ini sudah habis, maka nama siapa pun tidak ditulis ke "
        "hasil; minta perpanjangan kepada instansinya, tulis di [source.basis], lalu hitung lagi",
        en="the paper of this list has run out, so nobody's name goes into a snapshot; ask its "
        "agency for a new one, write it into [source.basis], then run again",
        file=file,
    )
