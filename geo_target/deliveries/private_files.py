"""Files and folders for the service's own account alone, whole or absent."""

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

from geo_target import platform

#: What the system says when nothing more can be written.
FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

#: A new file, never one that somebody has put there, nor one that a link leads to.
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def make_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_json(file: Path, value: Any) -> None:
    """Write `value` in one step: a reader sees the old or the new one."""
    write_bytes(file, json.dumps(value, ensure_ascii=False, indent=1).encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write `content` in one step; nobody else can read it, and of a failure nothing stays."""
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)  # of a run that was ended, or planted: its mode would stay
    try:
        with os.fdopen(os.open(aside, _ANEW, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        platform.replace(aside, file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    platform.sync_folder(file.parent)


def read_json(file: Path) -> dict[str, Any] | None:
    """What `write_json` wrote; None if there is nothing, or it is none of ours."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def delete_folder(folder: Path) -> None:
    """Delete a folder: first its name goes, so that no half of it is ever seen."""
    aside = folder.with_name(f".{folder.name}.gone")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        platform.replace(folder, aside)
    except FileNotFoundError:
        return
    platform.sync_folder(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)
