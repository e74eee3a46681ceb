"""Whether the names of a run may be shown at all: its papers, its files, how many in an hour."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.audit import Entry
from geo_target.operations.numbers import subject_id
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.papers import names_refusal
from geo_target.web import visitors
from geo_target.web.figures import Record
from geo_target.web.store import Served, Snapshot

_FILES = ("exact/families.parquet", "exact/identities.parquet")


class NamesRefusedError(Exception):
    """The names of this run are shown to nobody; the fault says why and what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class LookedUpTooOftenError(Exception):
    """Somebody has looked up as many persons, or whole NIK, as an hour allows.

    `asked` is how many one look would have shown: more than the limit never come at once.
    """

    def __init__(self, limit: int, *, asked: int = 1, are_numbers: bool = False) -> None:
        super().__init__(str(limit))
        self.limit = limit
        self.asked = asked
        self.are_numbers = are_numbers


def tell(
    verb: Verb, *, object_type: str, object_id: str, fields: Sequence[str],
    subjects: Iterable[str], persons: int, run_id: str, reason: str = "",
) -> None:  # fmt: skip
    """Write down who is about to be shown to this request's user; then only are they shown.

    Parameters
    ----------
    subjects
        Ids under which they are found again in the log, see `numbers.subject_id`.

    Raises
    ------
    LookedUpTooOftenError
        If the user has been shown as many persons as an hour allows.
    """
    doors = visitors.doors()
    entry = Entry(
        actor=visitors.actor(), verb=verb, object_type=object_type, object_id=object_id,
        fields=tuple(fields), subjects=tuple(sorted(set(subjects))), persons=persons,
        run_id=run_id, reason=reason,
    )  # fmt: skip
    hour_ago = doors.clock() - timedelta(hours=1)
    if not doors.audit.append_within(entry, most=doors.persons_per_hour, since=hour_ago):
        visitors.deny(object_id, object_type=object_type, verb=verb)
        raise LookedUpTooOftenError(doors.persons_per_hour, asked=persons)


def visible_village(served: Served, village_code: str, verb: Verb) -> Record:
    """A village of which this request's user may do `verb`.

    Raises
    ------
    NotFoundError
        The same for one that is not theirs as for one that is none; the refusal is logged.
    """
    village = served.snapshot.villages.get(village_code)
    if village is None or not visible(visitors.user(), verb).holds(str(village["district_code"])):
        visitors.deny(village_code, object_type="village", verb=verb)
        raise NO_PAGE
    return village


def subjects_of(family_id: str, national_id_key: str | None) -> list[str]:
    """Ids under which a family and its head are found again in the log."""
    subjects = [subject_id(family_id, visitors.doors().key)]
    return [*subjects, national_id_key] if national_id_key else subjects


def family_key(family_id: str) -> str:
    """What stands for a family in a form: its id may hold a number."""
    made = hmac.new(visitors.doors().key, f"reveal {family_id}".encode(), hashlib.sha256)
    return made.hexdigest()[:16]


def names_of(snapshot: Snapshot, *, more: Sequence[str] = ()) -> Path:
    """The folder exact/ of a run whose names may be shown today.

    Parameters
    ----------
    more
        Files that are to be whole too, as the manifest names them; those that it does not
        name are not there.

    Raises
    ------
    NamesRefusedError
        If a list's paper is missing or has run out, the persons of the run have been
        purged, or its files are not those that the run wrote.
    """
    refused = names_refusal(snapshot.manifest, date.today())  # the day of the papers' place
    if refused is not None:
        raise NamesRefusedError(refused)
    files = snapshot.manifest["files"]
    if any(name not in files for name in _FILES):
        raise NamesRefusedError(_PURGED)
    wanted = (*_FILES, *(name for name in more if name in files))
    try:
        whole = all(is_whole(snapshot.folder / name, files[name]["sha256"]) for name in wanted)
    except OSError:
        whole = False
    if not whole:
        raise NamesRefusedError(_BROKEN)
    return snapshot.folder / "exact"


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is the one that the run wrote."""
    found = path.stat()
    return _has_sum(path, sha256, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _has_sum(path: Path, sha256: str, _changed: int, _size: int) -> bool:
    """Read once for as long as nobody touches the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


NO_PAGE = NotFoundError(Fault("E-VILLAGE", id="tidak ada halaman ini", en="there is no such page"))
_PURGED = Fault(
    "E-NAMES-PURGED",
    id="nama-nama dari hasil ini sudah dihapus menurut masa simpan; jalankan geo-target run "
    "dengan daftar terbaru",
    en="the names of this run have been deleted, as retention asks; run geo-target run with "
    "the newest lists",
)
_BROKEN = Fault(
    "E-NAMES-BROKEN",
    id="berkas nama dari hasil ini rusak atau berubah; jalankan geo-target run sekali lagi",
    en="the files of names of this run are damaged or changed; run geo-target run again",
)
