"""What the families of a run and its places are called on the screen."""

from collections.abc import Iterable, Mapping
from typing import Any

from geo_target.web.figures import Record
from geo_target.web.language import own
from geo_target.web.store import Served

#: Short names of registers in a sentence: 'keluarga terdaftar P3KE'.
_REGISTERS = {"p3ke": "P3KE", "dtsen": "DTSEN", "dtks": "DTKS", "regsosek": "Regsosek"}


def register_name(summary: Record) -> str | None:
    """Short name of the register whose rows are the families, when it has one."""
    return _REGISTERS.get(str(summary["base"]["profile"]).split("-")[0])


def register_of_target(summary: Record) -> str | None:
    """Short name of the register of which every family is a target; None under another rule."""
    return register_name(summary) if summary["welfare"]["rule"] == "listed" else None


def register_word(register: str) -> str:
    """What a register is called; one that we do not know, as its layout names it."""
    return _REGISTERS.get(register, register)


def program_names(summary: Record) -> str:
    """Programs of the definition in one line."""
    return ", ".join(str(program["short_name"]) for program in summary["definition"]["programs"])


def village_kind(villages: Iterable[str]) -> str:
    """``kelurahan``, ``desa`` or both, as the fourth part of the codes says."""
    kinds = {code.rsplit(".", 1)[-1][:1] for code in villages}
    names: Mapping[frozenset[str], str] = {frozenset("1"): "kelurahan", frozenset("2"): "desa"}
    return names.get(frozenset(kinds), "kelurahan/desa")


def run_words(served: Served) -> dict[str, Any]:
    """What every page of a run is given of it: see templates/run_page.html and its basis."""
    snapshot = served.snapshot
    return {
        "snapshot": snapshot,
        "summary": snapshot.summary,
        "degraded": served.degraded,
        "register": register_name(snapshot.summary),
        "programs": program_names(snapshot.summary),
        "kind": village_kind(snapshot.villages),
    }


def called(kind: Record) -> str:
    """What a type of facility is called: known ones in this language, others as listed."""
    return own(kind["title"]) if kind["title"] else str(kind["type"])
