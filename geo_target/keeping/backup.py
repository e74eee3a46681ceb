"""A backup: one file with the settings, the key, every snapshot and the database.

A gzipped tar, for any system opens it without this program. At its head lies the list of
what it holds (see `contents`). It is made aside and renamed: it is whole or absent.
"""

import gzip
import hashlib
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from geo_target import __version__, platform
from geo_target.errors import Fault
from geo_target.keeping.contents import CONTENTS, DATABASE, FOLDER, Contents, Sealed, written
from geo_target.keeping.places import (
    archive_files,
    archive_place,
    key_file,
    list_places,
)
from geo_target.keeping.refusals import (
    in_database,
    moving,
    no_folder,
    target_taken,
    unsealed,
)
from geo_target.keeping.workplace import workplace
from geo_target.operations import audit_chain
from geo_target.operations.audit import Actor, AuditLog, Entry
from geo_target.operations.copying import Copy, copy_out, opened
from geo_target.operations.database import (
    SCHEMA_VERSION,
    Database,
    default_url,
    schema_version,
)
from geo_target.publishing.archive import Archive, sha256
from geo_target.settings import Settings, read_settings

#: Whoever sits at the machine: the log cannot know more.
_OPERATOR = Actor(name="command-line", role="admin")


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    file: Path
    sha256: str
    """Of the whole file."""
    contents: Contents
    runs: int
    warnings: tuple[Fault, ...]


def back_up(
    config: Path,
    file: Path,
    *,
    now: datetime,
    url: str | None = None,
    with_sources: bool = False,
) -> Backup:
    """Write everything that a configuration stands on into one new file, mode 0600.

    The archive's lock is held throughout: a snapshot never changes, but its pointers do,
    and a purge would take files away. The service goes on meanwhile: it never takes the
    lock, and the rows of the database are read in one state of it.

    Parameters
    ----------
    config
        geo-target.toml.
    file
        The backup, which must not exist.
    now
        UTC.
    url
        The operations database; by default the one beside `config`, where there is one.
    with_sources
        Keep the agencies' lists too: they may be kept for a shorter time than backups.

    Raises
    ------
    KeepingError
        If `file` exists, or a list is written to meanwhile.
    BusyError
        If a run is at work.
    DatabaseError
        If `url` is given and no database is there.
    """
    settings = read_settings(config)
    folder = config.resolve().parent
    _check_target(file)
    archive = Archive(settings.archive.folder)
    with workplace(file) as work, archive.held():
        copy, warnings = _copy_database(url, folder, work)
        paths = _members(settings, config, work, copy, with_sources=with_sources)
        contents = Contents(
            version=__version__,
            made_at=now.isoformat(timespec="seconds"),
            config=config.name,
            archive=archive_place(settings, folder).inside,
            files={name: Sealed(sha256(path), path.stat().st_size)
                   for name, path in paths.items()},
            database=copy,
        )  # fmt: skip
        warnings += _unsealed(archive, contents)
        if with_sources:
            warnings += [in_database(s.called) for s in settings.source if s.query is not None]
        aside = work / "backup"
        _pack(aside, contents, paths)
        _check_target(file)
        platform.replace(aside, file)
        platform.sync_folder(file.resolve().parent)
        return Backup(file, sha256(file), contents, len(archive.run_ids()), tuple(warnings))


def _check_target(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise target_taken(str(file))
    if not file.resolve().parent.is_dir():
        raise no_folder(str(file))


def _copy_database(url: str | None, folder: Path, work: Path) -> tuple[Copy | None, list[Fault]]:
    if url is None and not (folder / "operations.sqlite").is_file():
        return None, []
    (work / "database").mkdir()
    with opened(url or default_url(folder)) as database:
        _tell(database)
        copy = copy_out(database, work / "database")
        broken = audit_chain.verify(database).broken
    return copy, [broken] if broken else []


def _tell(database: Database) -> None:
    """Log the backup, so that it is in the backup; an older log may have other columns."""
    with database.reading() as connection:
        version = schema_version(connection)
    if version == SCHEMA_VERSION:
        AuditLog(database).append(Entry(actor=_OPERATOR, verb="backup", object_type="archive"))


def _members(
    settings: Settings, config: Path, work: Path, copy: Copy | None, *, with_sources: bool
) -> dict[str, Path]:
    """Every file by the name that it has in the backup."""
    folder = config.resolve().parent
    place = archive_place(settings, folder)
    paths = {FOLDER + path.name: path for path in (config, *key_file(folder))}
    for name, path in archive_files(Archive(settings.archive.folder)):
        paths[f"{FOLDER}{place.inside}/{name}"] = path
    for listed in list_places(settings, folder, with_sources=with_sources):
        # An old configuration may name a list that is no more.
        if listed.path.is_file():
            paths[FOLDER + listed.inside] = listed.path
    for table in copy.tables if copy else ():
        paths[f"{DATABASE}{table}.jsonl"] = work / "database" / f"{table}.jsonl"
    return paths


def _unsealed(archive: Archive, contents: Contents) -> list[Fault]:
    """Snapshots whose files are not what their manifests say."""
    return [
        unsealed(run_id)
        for run_id in archive.run_ids()
        if not _is_sealed(archive.folder / run_id, contents, f"{contents.archive}/{run_id}/")
    ]


def _is_sealed(snapshot: Path, contents: Contents, inside: str) -> bool:
    try:
        files = json.loads((snapshot / "manifest.json").read_bytes())["files"]
        sums = {name: str(entry["sha256"]) for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    found = {name: contents.files.get(FOLDER + inside + name) for name in sums}
    return all(one is not None and one.sha256 == sums[name] for name, one in found.items())


def _pack(aside: Path, contents: Contents, paths: Mapping[str, Path]) -> None:
    aside.touch(mode=0o600, exist_ok=False)
    head = written(contents)
    with (
        aside.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.addfile(_header(CONTENTS, len(head)), BytesIO(head))
        for name, path in paths.items():
            _add(tar, name, path, contents.files[name])
    platform.sync_file(aside)


def _add(tar: tarfile.TarFile, name: str, path: Path, sealed: Sealed) -> None:
    header = _header(name, sealed.size)
    header.mtime = int(path.stat().st_mtime)
    with path.open("rb") as file:
        read = _Summed(file)
        try:
            tar.addfile(header, read)
        except OSError as error:
            if error.errno is None:  # tarfile's own: the file ended too early
                raise moving(str(path)) from None
            raise
        if file.read(1) or read.sum.hexdigest() != sealed.sha256:
            raise moving(str(path))


class _Summed:
    """A file whose bytes are summed while they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self.sum.update(content)
        return content


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header
