"""What is in a backup: the list at its head, which names every file with its sha256."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from geo_target.operations.audit_chain import Head
from geo_target.operations.copying import CopiedTable, Copy

#: The first member of every backup.
CONTENTS = "backup.json"
#: Below it lies what the restored folder will hold; below DATABASE a file a table.
FOLDER = "folder/"
DATABASE = "database/"
#: Raised when an older program could not restore the backup.
FORMAT = 1

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TABLE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Sealed:
    """A file as it was backed up."""

    sha256: str
    size: int
    """In bytes."""


@dataclass(frozen=True)
class Contents:
    """The list at the head of a backup."""

    version: str
    """The program that made it."""
    made_at: str
    """UTC."""
    config: str
    """Name of the configuration file."""
    archive: str
    """Folder of the archive, below the folder of the configuration."""
    files: Mapping[str, Sealed]
    """By the name of the member."""
    database: Copy | None


class NoContentsError(Exception):
    """The list is none of ours; `member` where one name in it is to blame."""

    def __init__(self, *, member: str = "", newer: str = "") -> None:
        super().__init__(member or newer)
        self.member = member
        self.newer = newer


def written(contents: Contents) -> bytes:
    """The list as JSON."""
    told = {"format": FORMAT, **asdict(contents)}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def parsed(content: bytes) -> Contents:
    """Read a list, and hold every name in it to what a backup may contain.

    Raises
    ------
    NoContentsError
        If it is no list of a backup, a newer program made it, or a name in it would lead
        out of the folder.
    """
    try:
        told = json.loads(content)
        if int(told["format"]) > FORMAT:
            raise NoContentsError(newer=str(told.get("version", "?")))
        return _contents(told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoContentsError from error


def _contents(told: Mapping[str, Any]) -> Contents:
    files = {name: Sealed(**entry) for name, entry in told["files"].items()}
    for name, sealed in files.items():
        if not is_safe(name) or not _SHA256.fullmatch(sealed.sha256) or sealed.size < 0:
            raise NoContentsError(member=name)
    _refuse_twins(files)
    contents = Contents(
        version=str(told["version"]),
        made_at=str(told["made_at"]),
        config=str(told["config"]),
        archive=str(told["archive"]),
        files=files,
        database=_copy(told["database"]),
    )
    tables = contents.database.tables if contents.database else {}
    if {f"{DATABASE}{name}.jsonl" for name in tables} != {
        name for name in files if name.startswith(DATABASE)
    }:
        raise NoContentsError(member=DATABASE)
    for name in (contents.config, contents.archive):
        if not is_safe(FOLDER + name):
            raise NoContentsError(member=name)
    return contents


def is_safe(name: str) -> bool:
    """Whether a name leads to a file below FOLDER or DATABASE, on every system."""
    path = PurePosixPath(name)
    return (
        name.startswith((FOLDER, DATABASE))
        and name.isprintable()
        and path.as_posix() == name
        and ".." not in path.parts
        # A drive, a stream or a folder of Windows.
        and not set(name) & set('\\:*?"<>|')
        and not any(part.endswith((".", " ")) for part in path.parts)
    )


def _refuse_twins(files: Mapping[str, Sealed]) -> None:
    """No file may be another one's folder; nor differ from it by case alone."""
    folded = {name.casefold() for name in files}
    folders = {str(parent) for name in folded for parent in PurePosixPath(name).parents}
    if len(folded) != len(files) or folded & folders:
        raise NoContentsError(member=next(iter(sorted(folded & folders)), ""))


def _copy(told: Mapping[str, Any] | None) -> Copy | None:
    if told is None:
        return None
    tables = {
        name: CopiedTable(int(table["rows"]), tuple(map(str, table["columns"])))
        for name, table in told["tables"].items()
    }
    if not all(map(_TABLE.fullmatch, tables)):
        raise NoContentsError(member=DATABASE)
    head = Head(int(told["head"]["seq"]), str(told["head"]["hash"]))
    return Copy(str(told["version"]), tables, head)
