"""One delivered file, read by the limited process; of persons it leaves the rows to mend."""

from collections import Counter
from typing import Any

from geo_target.deliveries.private_files import FULL_DISK
from geo_target.deliveries.records import READ, Answers, Delivered
from geo_target.errors import Fault, GeoTargetError, Language
from geo_target.intake.child import ACCEPTED, FAULTS, Reporter, read_in_child
from geo_target.platform import Limits
from geo_target.settings import Settings

_LANGUAGES: tuple[Language, ...] = ("id", "en")
#: Keys of `FileReport.to_json` that a file has which ended its reader.
_UNKNOWN = ("profile", "header_row", "delimiter", "encoding", "sheet", "rows", "accepted",
            "quarantined", "duplicates", "blank")  # fmt: skip


def read_aside(
    file: Delivered, settings: Settings | None, limits: Limits | None
) -> dict[str, dict[str, Any]]:
    """Read a file as its answers say; gives its report by language, of a refused one too.

    ``read/repair.xlsx`` beside it holds the rows to mend, if there are any. Where the
    service has no disk, memory or process left the file is refused, too: it may be read again.
    """
    folder = file.path.parent / READ
    answers = file.answers
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = read_in_child(
            file.path,
            folder,
            as_of=answers.as_of,
            profile=answers.profile,
            sheet=answers.sheet,
            program=answers.program,
            repair="id",
            profiles=settings.profiles.folder if settings else None,
            places=_places(answers, settings),
            limits=limits,
        )
    except GeoTargetError as error:
        return {language: _refused(file, error, language) for language in _LANGUAGES}
    except OSError as error:
        told = GeoTargetError(_fault_of(file, error))
        return {language: _refused(file, told, language) for language in _LANGUAGES}
    finally:  # no second copy of persons stays
        for name in (ACCEPTED, FAULTS):
            (folder / name).unlink(missing_ok=True)
    return found.report


def _places(answers: Answers, settings: Settings | None) -> Reporter:
    """Whoever looks villages up, by name: the pages do not load what only the reader needs."""
    options = {"area": settings.area.code if settings else None, "code_system": answers.code_system}
    return Reporter("geo_target.places.list_report", "places_report", options)


def _fault_of(file: Delivered, error: OSError) -> Fault:
    """Why the service could not read; not what the system says, which names paths."""
    if error.errno in FULL_DISK:
        return Fault(
            "E-DISK-FULL",
            id="cakram server penuh; berkas tetap tersimpan; minta pengelola mengosongkan "
            "ruang, lalu Baca lagi",
            en="the server's disk is full; the file is kept; have its administrator free some "
            "space, then read again",
            file=file.name,
        )
    return Fault(
        "E-READER-DIED",
        id="layanan tidak dapat menjalankan pembaca berkas; berkas tetap tersimpan; tunggu "
        "sebentar, lalu Baca lagi",
        en="the service could not run its reader; the file is kept; wait a moment, then read again",
        file=file.name,
    )


def _refused(file: Delivered, error: GeoTargetError, language: Language) -> dict[str, Any]:
    """As `FileReport.to_json` has it, of a file that the reader did not survive."""
    return {
        "file": file.name,
        **dict.fromkeys(_UNKNOWN),
        "refused": True,
        "reasons": Counter(fault.code for fault in error.faults),
        "hygiene": {},
        "columns": {},
        "ignored": [],
        "places": [],
        "messages": [fault.text(language) for fault in error.faults],
    }
