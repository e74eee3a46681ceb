"""What of the deliveries nobody needs any more: a purge deletes it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geo_target.deliveries.delivery import FOLDER
from geo_target.deliveries.private_files import delete_folder
from geo_target.deliveries.records import READ
from geo_target.deliveries.uploads import PARTIAL


@dataclass(frozen=True)
class OldDelivery:
    """A file or folder of the deliveries that is past its time."""

    path: Path
    days: int
    """Since its newest file was written."""


def old_deliveries(
    beside: Path, in_use: Collection[Path | None], *, days: int, now: datetime
) -> list[OldDelivery]:
    """Find what is older than `days`.

    That is: unfinished uploads, files that the configuration does not name, and what was
    read of those that it names.

    Parameters
    ----------
    beside
        Folder of the configuration.
    in_use
        Files of its sources, which are kept as sources are.
    now
        UTC.
    """
    found = [OldDelivery(path, _age(path, now)) for path in _unneeded(beside / FOLDER, in_use)]
    return [one for one in found if one.days > days]


def delete_delivery(old: OldDelivery) -> None:
    """Delete it; a folder is gone in one step.

    Raises
    ------
    PermissionError
        If another program holds it open.
    """
    if old.path.is_dir():
        delete_folder(old.path)
    else:
        old.path.unlink(missing_ok=True)


def _unneeded(home: Path, in_use: Collection[Path | None]) -> Iterator[Path]:
    yield from sorted(path for path in (home / PARTIAL).glob("*"))
    used = {path.parent for path in in_use if path is not None}
    for folder in sorted(path for path in home.glob("*") if path.name != PARTIAL):
        if folder.is_dir() and folder not in used:
            yield folder
        elif (folder / READ).is_dir():
            yield folder / READ


def _age(path: Path, now: datetime) -> int:
    """Whole days; a future day is none."""
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    newest = max((file.stat().st_mtime for file in files if file.is_file()), default=0.0)
    return max(0, (now - datetime.fromtimestamp(newest, UTC)).days)
