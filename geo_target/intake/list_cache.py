"""Lists as they were read, kept for the next run: an unchanged file is not read again.

What is kept is a copy of persons: for its owner only, and only as long as runs use it. It is
never needed: an entry that is torn, older or another's is passed over and made again, and
where nothing can be written nothing is kept. A refused list and a list of a database never
come here.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from geo_target import __version__
from geo_target.checksums import sha256
from geo_target.errors import Fault
from geo_target.intake.lists import AgencyList, IntakeReport
from geo_target.intake.profiles import Profile
from geo_target.programs import programs
from geo_target.resources import PACKAGE, resource_dir
from geo_target.workbench import Table, Workbench, filled, widened

#: Raised when older entries no longer say all that a list is.
_FORMAT = 1
#: What an entry says of itself; its time is that of the last use.
SAID = "list.json"
_TABLES = ("table", "faults", "origins")


@dataclass(frozen=True)
class Reading:
    """All that, beside this program, says what comes of a file.

    `sha256` is of its bytes; `also` says by what its places are found.
    """

    name: str
    sha256: str
    profile: Profile
    as_of: date
    program: str | None = None
    sheet: str | None = None
    also: Sequence[str | None] = ()

    def key(self) -> str:
        """Name of the entry: the same for what gives the same list, and for nothing else."""
        told = [self.name, self.sha256, self.profile.model_dump_json(), self.as_of.isoformat(),
                self.program, self.sheet, *self.also, _maker(), _words()]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True)
class KeptList:
    """An entry whose every byte is as it was written."""

    folder: Path
    reading: Reading
    said: Mapping[str, Any]

    def listed(self, bench: Workbench) -> AgencyList:
        """The list, as it was kept."""
        report = {**self.said["report"]}
        report["notices"] = [Fault(**notice) for notice in report["notices"]]
        tables = {
            name: _taken(bench, self.folder / f"{name}.parquet", types, self.said["filled"][name])
            for name, types in self.said["types"].items()
        }
        return AgencyList(
            self.reading.profile, self.reading.as_of, tables["table"], tables["faults"],
            IntakeReport(**report), tables.get("origins"), self.reading.sha256,
        )  # fmt: skip


class ListCache:
    """The kept lists of an archive. Only while the archive is held."""

    def __init__(self, folder: Path, aside: Path, *, is_on: bool = True) -> None:
        """Keep lists in `folder`; what is read lies in `aside`, on the same disk, until `renew`.

        One that is not on finds and keeps nothing, and empties the folder.
        """
        self._folder, self._aside, self._is_on = folder, aside, is_on
        self._used: set[str] = set()
        if not is_on:
            self._sweep()

    def find(self, reading: Reading) -> KeptList | None:
        """The entry of a list; None where there is none that is whole."""
        folder = self._folder / reading.key()
        try:
            said = _whole(folder) if self._is_on else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            said = None
        if said is None:
            return None
        self._used.add(folder.name)
        return KeptList(folder, reading, said)

    def keep(self, reading: Reading, listed: AgencyList) -> None:
        """Lay a list that was just read aside; what the disk refuses is not kept."""
        if not self._is_on:
            return
        entry = self._aside / reading.key()
        try:
            self._aside.mkdir(mode=0o700, exist_ok=True)
            entry.mkdir(mode=0o700, exist_ok=True)
            _write(entry, listed)
        except OSError:
            shutil.rmtree(entry, ignore_errors=True)

    def renew(self) -> None:
        """Keep what the run has read, and delete what it has not used.

        Only of a run that ended well: no list that was refused, held or taken back is kept.
        """
        read = sorted(self._aside.iterdir()) if self._aside.is_dir() else []
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for entry in read:
                place = self._folder / entry.name
                if place.is_dir():
                    shutil.rmtree(place)
                else:
                    place.unlink(missing_ok=True)
                entry.replace(place)
                self._used.add(entry.name)
        self._sweep()

    def _sweep(self) -> None:
        """Delete lists that were not used; files beside them hold no person."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.is_dir() and path.name not in self._used:
                shutil.rmtree(path, ignore_errors=True)


def _write(folder: Path, listed: AgencyList) -> None:
    types, filled = {}, {}
    for name in _TABLES:
        table: Table | None = getattr(listed, name)
        if table is not None:
            types[name] = table.types()
            filled[name] = _written(table, folder / f"{name}.parquet")
    sums = {name: sha256(folder / f"{name}.parquet") for name in types}
    said = {"types": types, "filled": filled, "sums": sums, "report": asdict(listed.report)}
    text = json.dumps(said, ensure_ascii=False)
    path = folder / SAID
    path.touch(mode=0o600)
    path.write_text(f"{_sum(text)}\n{text}", encoding="utf-8")


def _written(table: Table, path: Path) -> list[str]:
    """Write the columns that hold anything, in their order of rows; gives their names."""
    path.touch(mode=0o600)
    columns = filled(table)
    batches = table.batches(columns or table.columns[:1])
    # Ids and names repeat too rarely for a dictionary; the disk is no bottleneck.
    with pq.ParquetWriter(
        path, batches.schema, compression="lz4", use_dictionary=False, write_statistics=False
    ) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return columns


def _whole(folder: Path) -> dict[str, Any] | None:
    """What an entry says of itself, if its bytes are those that were written."""
    total, _, text = (folder / SAID).read_text("utf-8").partition("\n")
    if total != _sum(text):
        return None
    said: dict[str, Any] = json.loads(text)
    is_whole = all(sha256(folder / f"{name}.parquet") == s for name, s in said["sums"].items())
    (folder / SAID).touch()
    return said if is_whole else None


def _taken(bench: Workbench, path: Path, types: Mapping[str, str], names: Sequence[str]) -> Table:
    """A table as it was written; what nothing fills takes no memory."""
    with pq.ParquetFile(path) as file:
        schema = pa.schema([file.schema_arrow.field(name) for name in names or [*types][:1]])
        batches = file.iter_batches(columns=schema.names)
        return widened(bench.take(pa.RecordBatchReader.from_batches(schema, batches)), types)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _maker() -> list[str]:
    """What reads: this program as it is with its data, and the libraries that it reads with."""
    own = hashlib.sha256()
    geodata = (path for path in resource_dir("geodata").rglob("*") if path.is_file())
    for path in sorted([*PACKAGE.rglob("*.py"), *geodata]):
        own.update(path.read_bytes())
    libraries = [version(name) for name in ("duckdb", "pyarrow", "python-calamine")]
    return [str(_FORMAT), __version__, own.hexdigest(), *libraries]


def _words() -> list[str]:
    """The spellings of programs, of which the user may have their own."""
    return [f"{code}: {program.spellings}" for code, program in programs().items()]
