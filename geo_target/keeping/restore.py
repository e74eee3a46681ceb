"""Restoring a backup into a new folder: everything that was in it, or nothing."""

from dataclasses import dataclass
from pathlib import Path

from geo_target import platform
from geo_target.errors import ConfigError, Fault
from geo_target.keeping.contents import Contents
from geo_target.keeping.places import (
    archive_place,
    list_places,
    profiles_place,
    secrets_elsewhere,
)
from geo_target.keeping.refusals import absent, folder_taken, no_folder, outside
from geo_target.keeping.unpacking import unpack
from geo_target.keeping.workplace import workplace
from geo_target.operations import audit_chain
from geo_target.operations.copying import copy_in
from geo_target.operations.database import default_url, open_database
from geo_target.settings import read_settings


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    folder: Path
    contents: Contents
    warnings: tuple[Fault, ...]


def restore(file: Path, folder: Path, *, url: str | None = None) -> Restored:
    """Restore a backup into a new or empty folder.

    Built aside and renamed. Rows go into the database in one transaction before that;
    whoever was stopped between the two can repeat the same command.

    Parameters
    ----------
    file
        From `backup.back_up`.
    folder
        New or empty; its parent exists.
    url
        An empty database; by default an SQLite file in `folder`.

    Raises
    ------
    KeepingError
        If the folder is taken, or the file is not, byte for byte, what was backed up.
    DatabaseError
        If the database is not empty.
    """
    folder = folder.resolve()
    mode = _check_folder(folder)
    with workplace(folder) as work:
        build, tables = work / "folder", work / "database"
        build.mkdir(mode=0o700)
        tables.mkdir()
        contents = unpack(file, build, tables)
        warnings = _restore_database(contents, tables, url or default_url(build))
        warnings += _outside(contents, build)
        build.chmod(mode)
        _sync(build)
        _put(build, folder)
    return Restored(folder, contents, tuple(warnings))


def _check_folder(folder: Path) -> int:
    """Mode of the folder to be: that of the empty one, or for its owner only."""
    if not folder.parent.is_dir():
        raise no_folder(str(folder))
    if not folder.exists():
        return 0o700
    if not folder.is_dir() or any(folder.iterdir()):
        raise folder_taken(str(folder))
    return folder.stat().st_mode & 0o777


def _restore_database(contents: Contents, tables: Path, url: str) -> list[Fault]:
    if contents.database is None:
        return []
    copy_in(url, tables, contents.database)
    database = open_database(url)
    try:
        # The rows are those of the backup: a broken chain was broken before.
        broken = audit_chain.verify(database).broken
        return [broken] if broken else []
    finally:
        database.close()


def _outside(contents: Contents, build: Path) -> list[Fault]:
    """Settings that still name the places of before, or what is not there."""
    try:
        settings = read_settings(build / contents.config)
    except ConfigError as error:
        return list(error.faults)
    places = list_places(settings, build, with_sources=True)
    faults = [outside(place.setting, place.inside) for place in places if place.is_outside]
    if archive_place(settings, build).is_outside:
        faults.append(outside("archive.folder", contents.archive))
    own = profiles_place(settings, build)
    if own.is_outside:
        faults.append(outside(own.setting, own.inside))
    # The agencies' lists come separately, as everybody knows.
    kept = list_places(settings, build, with_sources=False)
    return faults + [
        absent(place.setting, place.inside)
        for place in (*kept, *secrets_elsewhere(settings, build))
        if not (place.is_outside or place.path.is_file())
    ]


def _sync(build: Path) -> None:
    for path in build.rglob("*"):
        if path.is_dir():
            platform.sync_folder(path)
        else:
            platform.sync_file(path)
    platform.sync_folder(build)


def _put(build: Path, folder: Path) -> None:
    try:
        if folder.exists():
            folder.rmdir()
        platform.replace(build, folder)
    except OSError:
        # Filled meanwhile, or a mounted disk, which cannot be replaced.
        raise folder_taken(str(folder)) from None
    platform.sync_folder(folder.parent)
