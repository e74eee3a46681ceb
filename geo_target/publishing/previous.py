"""The run before: what a run may read of it, each file held to the sum that its manifest has."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow.parquet as pq

from geo_target.errors import Fault
from geo_target.intake.lists import AgencyList
from geo_target.publishing.archive import Archive, sha256
from geo_target.publishing.sums import source_sums
from geo_target.registry.earlier_keys import under_todays_key
from geo_target.registry.memory import Memory
from geo_target.schemas import FAMILY_KEYS
from geo_target.settings import Settings
from geo_target.targeting.cluster_ids import LastClusters
from geo_target.workbench import Table, Workbench, query, widened

_FAMILIES, _FAMILY_KEYS = "exact/families.parquet", "exact/family_keys.parquet"
#: What of each file is needed: nothing else is read.
_COLUMNS: Mapping[str, Sequence[str]] = {
    _FAMILIES: ("family_id", "village_code", "welfare_class", "coverage_state", "cluster_id"),
    _FAMILY_KEYS: FAMILY_KEYS.names,
}
#: Columns of families that runs of older versions do not have.
_LATER = {"ended_by": "varchar", "is_state_by_visit": "boolean", "corrected_on": "date"}


#: Name of a source, its sum where it is a file, and its sheet.
_Part = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Previous:
    """The run that CURRENT names while another is made.

    Attributes
    ----------
    run_id
        Its id.
    manifest
        Its manifest.json.
    families
        ``family_id``, ``village_code``, ``welfare_class``, ``coverage_state``, ``cluster_id``,
        ``ended_by``, ``is_state_by_visit``, ``corrected_on`` (these null in older versions).
    memory
        What it knew of families.
    """

    run_id: str
    manifest: Mapping[str, Any]
    families: Table
    memory: Memory

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its settings, as JSON."""
        found: Mapping[str, Any] = self.manifest["config"]["settings"]
        return found

    @property
    def clusters(self) -> "LastClusters":
        """Its clusters of points, and the last number of each village's that any run had."""
        found = query(
            "select family_id, cluster_id from t where cluster_id is not null order by family_id",
            t=self.families,
        )
        members = found.frame().set_index("family_id")["cluster_id"].astype("str")
        return LastClusters(members, dict(self.manifest.get("cluster_numbers", {})))

    def under_todays_key(self, sums: Table | None) -> "Previous":
        """The same, known again where the archive has another key since; see `Review`."""
        if sums is None:
            return self
        rows = under_todays_key(self.memory.family_keys, sums)
        return replace(self, memory=replace(self.memory, family_keys=rows))

    def entry(self) -> dict[str, Any]:
        """What the manifest of this run says that it has read."""
        sums = {name: self.manifest["files"][name]["sha256"] for name in sorted(_COLUMNS)}
        return {"run_id": self.run_id, "files": sums}


def read_previous(
    archive: Archive, bench: Workbench, settings: Settings, lists: Sequence[AgencyList]
) -> tuple[Previous | None, Sequence[Fault]]:
    """The current run's families, and a notice where they are not there any more.

    Before the first run there is nothing to read, and nothing to say.

    Parameters
    ----------
    settings, lists
        Of the run that asks.
    """
    run_id = archive.current()
    if run_id is None:
        return None, ()
    snapshot = archive.folder / run_id
    try:
        manifest = json.loads((snapshot / "manifest.json").read_text("utf-8"))
        then = _parts_before(manifest)
        families, keys = (_read(snapshot, name, manifest, bench) for name in _COLUMNS)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, (_forgotten(run_id),)
    return Previous(run_id, manifest, families, _memory(keys, _parts(settings, lists), then)), ()


def _memory(family_keys: Table, now: Sequence[_Part], then: Sequence[_Part]) -> Memory:
    names = frozenset(name for name, _, _ in (*now, *then))
    unchanged = frozenset(
        name for name in names if _of(name, now) == _of(name, then) and _is_of_files(name, now)
    )
    return Memory(family_keys, names, unchanged, is_same=list(now) == list(then))


def _of(name: str, parts: Sequence[_Part]) -> list[_Part]:
    return [part for part in parts if part[0] == name]


def _is_of_files(name: str, parts: Sequence[_Part]) -> bool:
    """A database gives its rows in any order: none of them has a number that lasts."""
    return None not in {total for _, total, _ in _of(name, parts)}


def _parts(settings: Settings, lists: Sequence[AgencyList]) -> list[_Part]:
    sums = source_sums(settings.source, lists)
    return [
        (source.called, total if source.file else None, source.sheet)
        for source, total in zip(settings.source, sums, strict=True)
    ]


def _parts_before(manifest: Mapping[str, Any]) -> list[_Part]:
    sums = manifest["sources"]
    return [
        (PurePosixPath(entry["file"]).name, sums[entry["file"]], entry["sheet"])
        if entry["file"]
        else (entry["name"], None, None)
        for entry in manifest["config"]["settings"]["source"]
    ]


def _read(snapshot: Path, name: str, manifest: Mapping[str, Any], bench: Workbench) -> Table:
    path = snapshot / name
    if sha256(path) != manifest["files"][name]["sha256"]:
        raise ValueError(name)
    there = set(pq.read_schema(path).names)
    if name == _FAMILY_KEYS and not there.issuperset(_COLUMNS[name]):
        keys = bench.take(pq.read_table(path))
        return query(
            """select register, register_family_id, family_id,
                    cast(null as varchar) as matched_by, true as is_listed,
                    $1 as first_seen, $1 as last_seen, cast(null as varchar) as fingerprint,
                    cast(null as varchar) as number_key from keys""",
            [snapshot.name],
            keys=keys,
        )  # a snapshot of a version that closed no rows
    later = [c for c in _LATER if c in there] if name == _FAMILIES else []
    found = bench.take(pq.read_table(path, columns=[*_COLUMNS[name], *later]))
    return widened(found, found.types() | _LATER) if name == _FAMILIES else found


def _forgotten(run_id: str) -> Fault:
    return Fault(
        "W-MEMORY",
        id=f"tabel keluarga hasil {run_id} sudah dihapus atau rusak, sehingga ID keluarga "
        "diberikan dari awal dan perubahan sejak hasil itu tidak dihitung; bila rusak, pulihkan "
        "arsip dari cadangan lalu jalankan lagi",
        en=f"the tables of families of run {run_id} were deleted or are broken, so that ids of "
        "families are given anew and changes since that run are not counted; where they are "
        "broken, restore the archive from a backup and run again",
    )
