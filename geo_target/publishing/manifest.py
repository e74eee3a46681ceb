"""What a snapshot says of itself: its sources, rules and settings, and no path of the machine."""

from datetime import datetime
from pathlib import Path
from typing import Any

from geo_target.publishing.archive import sha256
from geo_target.publishing.results import Results
from geo_target.publishing.sums import source_sums
from geo_target.resources import resource_dir
from geo_target.settings import Settings, Source


def manifest_of(
    results: Results, config: Path, now: datetime, balance: dict[str, int]
) -> dict[str, Any]:
    """What the manifest holds besides the sums of the snapshot's own files.

    Every file that the run has read is there with its sha256, rules that come with the program
    too: the same ones give the same run on any machine.
    """
    settings = results.settings
    folder = config.resolve().parent
    names = [called_in(source, folder) for source in settings.source]
    sums = source_sums(settings.source, results.lists)
    others = [
        file
        for file in (
            settings.boundaries.file,
            settings.places.aliases,
            *settings.priority.files.values(),
            settings.clusters.barriers,
            settings.travel.roads if results.facilities else None,  # else nobody has read it
        )
        if file
    ]
    geodata = resource_dir("geodata")
    rules = [p for p in sorted(geodata.rglob("*")) if p.suffix in {".toml", ".csv", ".parquet"}]
    return {
        "as_of": settings.coverage.on.isoformat(),
        "created_at": now.isoformat(timespec="seconds"),
        "config": {"file": config.name, "sha256": sha256(config),
                   "settings": relative_settings(settings, folder)},
        "sources": {
            **dict(zip(names, sums, strict=True)),
            **{_relative(path, folder): sha256(path) for path in others},
        },
        "rules": {
            **{path.relative_to(geodata).as_posix(): sha256(path) for path in rules},
            **_own_rules(settings.profiles.folder),
        },
        "balance": balance,
    }  # fmt: skip


def _own_rules(folder: Path) -> dict[str, str]:
    """Sums of the user's own profiles and programs."""
    files = [*folder.glob("*.toml"), *folder.glob("programs/*.toml")]
    return {f"own/{file.relative_to(folder).as_posix()}": sha256(file) for file in sorted(files)}


#: Files that settings name, by section.
_FILES = (
    ("boundaries", "file"), ("places", "aliases"), ("figures", "file"), ("travel", "roads"),
    ("clusters", "barriers"), ("map", "base"),
)  # fmt: skip


def relative_settings(settings: Settings, folder: Path) -> dict[str, Any]:
    """The settings as JSON; no path of the machine goes into a snapshot."""
    values = settings.model_dump(mode="json")
    values["archive"]["folder"] = _relative(settings.archive.folder, folder)
    values["profiles"]["folder"] = _relative(settings.profiles.folder, folder)
    for entry, source in zip(values["source"], settings.source, strict=True):
        key = "file" if source.file else "name"
        entry[key] = called_in(source, folder)
    for section, name in _FILES:
        file = getattr(getattr(settings, section), name)
        if file is not None:
            values[section][name] = _relative(file, folder)
    for name, file in settings.priority.files.items():
        values["priority"][name] = _relative(file, folder)
    if settings.database is not None:
        values["database"]["url_file"] = _relative(settings.database.url_file, folder)
    if settings.oidc is not None:
        secret = settings.oidc.client_secret_file
        values["oidc"]["client_secret_file"] = _relative(secret, folder)
    return values


def called_in(source: Source, folder: Path) -> str:
    """What the manifest calls a source: the path of its file, or the name of its query."""
    return _relative(source.file, folder) if source.file else source.called


def _relative(path: Path, folder: Path) -> str:
    """Path below the config's folder; of a file elsewhere its folder's name and its own."""
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return f"{path.parent.name}/{path.name}"
