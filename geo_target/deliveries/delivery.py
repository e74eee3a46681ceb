"""The files that agencies handed in: kept beside the configuration, and read one by one."""

import re
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, RLock

from geo_target.deliveries import records, refusals
from geo_target.deliveries.answering import (
    check_answers,
    first_answers,
    proposed_answers,
    said_of,
)
from geo_target.deliveries.private_files import delete_folder, make_folder, write_json
from geo_target.deliveries.reading import read_aside
from geo_target.deliveries.records import Answers as Answers  # noqa: PLC0414  # known from here
from geo_target.deliveries.records import Delivered as Delivered  # noqa: PLC0414
from geo_target.deliveries.records import State as State  # noqa: PLC0414
from geo_target.deliveries.run_record import is_running, read_record
from geo_target.deliveries.uploads import Upload, Uploads
from geo_target.errors import GeoTargetError
from geo_target.intake.child import REPORT
from geo_target.platform import Limits
from geo_target.settings import Settings, read_settings

#: Files that wait for a run.
MOST_FILES = 100
FOLDER = "deliveries"
_ID = re.compile(r"[0-9a-f]{12}")
_REMEMBERED = timedelta(days=1)


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Deliveries:
    """The folder ``deliveries`` beside a configuration; one object a service.

    Safe under threads; after a kill at any moment the next object finds every file whole.
    """

    def __init__(
        self,
        config: Path,
        *,
        clock: Callable[[], datetime] = _local_now,
        limits: Limits | None = None,
    ) -> None:
        self.config = config.resolve()
        self.folder = self.config.parent / FOLDER
        self.clock = clock
        self._limits = limits
        self._lock = RLock()
        self._reading = Lock()
        self._uploads = Uploads(self.folder)
        self._recover()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody answers, removes or hands in meanwhile: what is looked at stays."""
        with self._lock:
            yield

    def files(self) -> list[Delivered]:
        """Files that no run has used, oldest first."""
        found = (records.load(folder) for folder in self._folders())
        return sorted(
            (file for file in found if file is not None and file.run_id is None),
            key=lambda file: (file.at, file.id),
        )

    def file(self, id: str) -> Delivered:
        """A file, used or not.

        Raises
        ------
        NotFoundError
            If there is none of that id.
        """
        found = records.load(self.folder / id) if _ID.fullmatch(id) else None
        if found is None:
            raise refusals.no_delivery()
        return found

    def begin_upload(self, name: str, size: int, *, by: str) -> str:
        """Begin to upload a file of `size` bytes; gives the id of the upload.

        Raises
        ------
        DeliveryError
            ``E-UPLOAD-TYPE``, ``-SIZE``, ``-MANY`` or ``-DISK``.
        """
        with self._lock:
            now = self.clock()
            self._uploads.forget(before=now - _REMEMBERED)
            if len(self.files()) >= MOST_FILES:
                raise refusals.too_many()
            make_folder(self.folder)
            return self._uploads.begin(name, size, by=by, now=now)

    def append(self, upload: str, offset: int, piece: bytes, *, by: str) -> int | Delivered:
        """Add a piece of an upload.

        Returns
        -------
        int or Delivered
            Where the next piece begins; or the file, when it is complete. A file that is
            there already is given as it is.

        Raises
        ------
        NotFoundError
            If there is no such upload of this account.
        OffsetError
            If `offset` is not where the file ends.
        DeliveryError
            ``E-UPLOAD-SIZE``, if it is more than was said; ``E-UPLOAD-DISK``, if the disk is
            full, with which the upload ends.
        """
        with self._lock:
            begun = self._uploads.get(upload, by=by)
            if begun.became is not None:
                return self.file(begun.became)
            with self._uploads.with_room(begun):
                there = self._uploads.add(begun, offset, piece)
                if there < begun.size:
                    return there
                whole = self._uploads.finish(begun, self._describe)
            return self._wanted_again(self.file(whole))

    def answer(self, id: str, answers: Answers) -> Delivered:
        """Say what a file is; it is read again if that changes how.

        Confirmed is only what somebody has seen the report of: a file that is read again
        waits for another word.

        Raises
        ------
        NotFoundError
            If there is no such file.
        DeliveryError
            ``E-DELIVERY-ANSWER``, ``-USED`` or ``-BUSY``.
        """
        with self._lock:
            file = self._free(id)
            check_answers(file.name, answers, read_settings(self.config), self.clock().date())
            is_same = records.reading_of(file, answers) == records.reading_of(file, file.answers)
            is_seen = is_same and file.state is State.READ
            said = replace(file, answers=answers, said=said_of(file, answers), confirmed=is_seen)
            if not is_seen:
                said = records.waiting(said)
            records.save(self.folder / id, said)
            return self.file(id)

    def remove(self, id: str) -> None:
        """Delete a file that no run has used.

        Raises
        ------
        NotFoundError
            If there is no such file.
        DeliveryError
            ``E-DELIVERY-USED`` or ``-BUSY``.
        """
        with self._lock:
            delete_folder(self.folder / self._free(id).id)

    def is_waiting(self) -> bool:
        """Whether a file is to be read."""
        return any(file.state is State.WAITING for file in self.files())

    def read_waiting(self) -> None:
        """Read every waiting file, one after the other, each in a process of its own."""
        tried: set[tuple[str, Answers]] = set()
        with self._reading:
            while (file := self._next(tried)) is not None:
                tried.add((file.id, file.answers))
                self._read(file, tried)

    def _next(self, tried: Collection[tuple[str, Answers]]) -> Delivered | None:
        """The oldest file to be read; one that an error left half-read is among them."""
        with self._lock:
            for file in self.files():
                is_due = file.state in {State.WAITING, State.READING}
                if is_due and (file.id, file.answers) not in tried:
                    self._save(replace(file, state=State.READING))
                    return file
        return None

    def _read(self, file: Delivered, tried: Collection[tuple[str, Answers]]) -> None:
        settings = self._settings()
        report = read_aside(file, settings, self._limits)
        with self._lock:
            now = records.load(self.folder / file.id)
            if now is None:  # it was removed meanwhile
                shutil.rmtree(self.folder / file.id, ignore_errors=True)
                return
            if now.state is not State.READING:  # answered anew: it is read again
                return
            write_json(file.path.parent / records.READ / REPORT, report)
            state = State.REFUSED if report["en"]["refused"] else State.READ
            done = replace(now, state=state, report=report, confirmed=False)
            self._save(self._proposed(done, settings, tried))

    def _proposed(
        self,
        file: Delivered,
        settings: Settings | None,
        tried: Collection[tuple[str, Answers]],
    ) -> Delivered:
        """The file with answers that its report proposes; to be read by them, if it was not."""
        if settings is None:
            return file
        taken = [f.answers.replaces for f in self.files() if f.id != file.id]
        answers = proposed_answers(file, settings, self.clock().date(), taken)
        is_same = records.reading_of(file, answers) == records.reading_of(file, file.answers)
        if is_same:
            return replace(file, answers=answers)
        if (file.id, answers) in tried:  # it was read so before: how it was read stays
            return replace(file, answers=replace(file.answers, replaces=answers.replaces))
        return records.waiting(replace(file, answers=answers))

    def _describe(self, aside: Path, upload: Upload, total: str) -> None:
        today = self.clock().date()
        answers = first_answers(upload.name, self._settings(), today)
        file = Delivered(
            id=total[:12], name=upload.name, size=upload.size, sha256=total, by=upload.by,
            at=self.clock(), state=State.WAITING, answers=answers, confirmed=False, report=None,
            path=aside / upload.name, has_repair=False,
        )  # fmt: skip
        records.save(aside, file)

    def _wanted_again(self, file: Delivered) -> Delivered:
        """A list of an old run that the configuration uses no more may be used anew."""
        settings = self._settings()
        if file.run_id is None or settings is None:
            return file
        if any(source.file == file.path for source in settings.source):
            return file
        anew = replace(file, run_id=None, confirmed=False, said=(), at=self.clock())
        self._save(records.waiting(anew))  # first: after a kill nobody has confirmed it
        records.forget_use(file.path.parent)
        return self.file(file.id)

    def _free(self, id: str) -> Delivered:
        file = self.file(id)
        if file.run_id is not None:
            raise refusals.used(file.name, file.run_id)
        record = read_record(self.folder)
        if record is not None and id in record.files and is_running(self.folder, record):
            raise refusals.busy(file.name)
        return file

    def _settings(self) -> Settings | None:
        """The configuration; None if it cannot be used, which a run will say."""
        try:
            return read_settings(self.config)
        except GeoTargetError:
            return None

    def _save(self, file: Delivered) -> None:
        records.save(self.folder / file.id, file)

    def _folders(self) -> list[Path]:
        return [folder for folder in self.folder.glob("*") if _ID.fullmatch(folder.name)]

    def _recover(self) -> None:
        self._uploads.recover()
        for gone in self.folder.glob(".*.gone"):
            shutil.rmtree(gone, ignore_errors=True)
        for file in self.files():
            if file.state is State.READING:
                self._save(records.waiting(file))
