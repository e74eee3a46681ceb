"""Where the files of a configuration lie, and where their copies lie in a backup."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo_target.errors import ConfigError
from geo_target.intake.profiles import profile_named
from geo_target.publishing.archive import CURRENT, KEY_FILE, PUBLIC, PUBLISHED, Archive
from geo_target.publishing.keys import EARLIER_FILE
from geo_target.settings import Settings, Source

#: What points at snapshots, beside them.
POINTERS = (CURRENT, PUBLIC, PUBLISHED)

#: Lists that this program wrote (`geo-target decisions export`): no agency can give them again.
_OURS = frozenset({"decisions", "visits", "proposals"})


@dataclass(frozen=True)
class Place:
    """A file or folder that a setting names."""

    setting: str
    path: Path
    inside: str
    """Its path below the folder of the configuration, there or after a restore."""
    is_outside: bool


def archive_place(settings: Settings, folder: Path) -> Place:
    """Where the archive lies."""
    return _place("archive.folder", settings.archive.folder, folder, "archive")


def profiles_place(settings: Settings, folder: Path) -> Place:
    """Where the layouts of lists lie that the user has added."""
    return _place("profiles.folder", settings.profiles.folder, folder, "profiles")


def list_places(settings: Settings, folder: Path, *, with_sources: bool) -> list[Place]:
    """Where the files lie that we read, and the agencies' lists where they are wanted.

    Lists of ours are always among them, for nobody else has what people decided and found.
    """
    named = {
        "boundaries": ("boundaries.file", settings.boundaries.file),
        "aliases": ("places.aliases", settings.places.aliases),
        "figures": ("figures.file", settings.figures.file),
        "barriers": ("clusters.barriers", settings.clusters.barriers),
        "roads": ("travel.roads", settings.travel.roads),
        "base": ("map.base", settings.map.base),
        **{name: (f"priority.{name}", file) for name, file in settings.priority.files.items()},
    }
    places = [
        _place(key, file, folder, f"sources/{name}-{file.name}")
        for name, (key, file) in named.items()
        if file is not None
    ]
    own = profiles_place(settings, folder)
    places += [
        Place(own.setting, file, f"{own.inside}/{file.name}", is_outside=False)
        for file in sorted(own.path.glob("*.toml"))
    ]
    for number, source in enumerate(settings.source):
        # others lie in a database
        if source.file is not None and (with_sources or is_ours(source)):
            spare = f"sources/{number}-{source.file.name}"
            places.append(_place(f"source.{number}.file", source.file, folder, spare))
    return places


def is_ours(source: Source) -> bool:
    """Whether this program wrote a list: what people decided, and what visits found."""
    if source.profile in _OURS:
        return True
    try:
        return profile_named(source.profile).role in _OURS
    except ConfigError:  # a profile that is no more, or of which nothing can be read
        return False


def secrets_elsewhere(settings: Settings, folder: Path) -> list[Place]:
    """Secrets of other systems, which no backup holds."""
    named = {
        "database.url_file": settings.database and settings.database.url_file,
        "oidc.client_secret_file": settings.oidc and settings.oidc.client_secret_file,
    }
    return [_place(key, file, folder, file.name) for key, file in named.items() if file]


def archive_files(archive: Archive) -> Iterator[tuple[str, Path]]:
    """Every file of the archive but work in progress, with its path in it."""
    for name in POINTERS:
        if (archive.folder / name).is_file():
            yield name, archive.folder / name
    for run_id in archive.run_ids():
        for path in sorted((archive.folder / run_id).rglob("*")):
            if path.is_file():
                yield path.relative_to(archive.folder).as_posix(), path


def key_file(folder: Path) -> list[Path]:
    """The key beside the configuration, once a run has made it, and those it had before."""
    return [path for path in (folder / KEY_FILE, folder / EARLIER_FILE) if path.is_file()]


def _place(setting: str, path: Path, folder: Path, spare: str) -> Place:
    inside = Path(os.path.relpath(os.path.normpath(path), folder)).as_posix()
    is_outside = inside == "." or inside.startswith("..") or Path(inside).is_absolute()
    return Place(setting, path, spare if is_outside else inside, is_outside)
