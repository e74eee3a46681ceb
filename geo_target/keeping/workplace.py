"""Folders to work in, out of sight: what a killed command leaves there, the next one sweeps."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo_target import platform
from geo_target.publishing.archive import Archive

_LOCK = ".lock"
_WORK = ".work"


@contextmanager
def workplace(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, readable by its owner only, gone at the end.

    Raises
    ------
    BusyError
        If another process is making the same target.
    """
    folder = target.with_name(f".{target.name}{_WORK}")
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    with platform.exclusive(folder / _LOCK):
        try:
            _sweep(folder)
            yield folder
        finally:
            _sweep(folder)
            # While it is still held: nobody else can have begun to work here.
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def archive_work(archive: Archive) -> Iterator[Path]:
    """Give the folder of drafts, swept before and after; only while the archive is held."""
    folder = archive.folder / _WORK
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()
