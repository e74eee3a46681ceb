"""Clusters: where uncovered families stand close together, and who is in none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template

from geo_target.errors import Fault, NotFoundError
from geo_target.operations.roles import Verb
from geo_target.operations.visibility import visible
from geo_target.web.access import Access, shows
from geo_target.web.cluster_words import (
    away,
    days_old,
    expected_words,
    false_share,
    found_by_chance,
    is_over_area,
)
from geo_target.web.figures import Figure, Record, State, count_of, share_of
from geo_target.web.locator import close_up_of
from geo_target.web.pages import page, store
from geo_target.web.places import DISTRICT, PROVINCE, REGENCY, VILLAGE, Crumb, trail
from geo_target.web.store import Served, Snapshot
from geo_target.web.visitors import user
from geo_target.web.wording import run_words

bp = Blueprint("clusters", __name__)


@dataclass(frozen=True)
class ClusterRow:
    """A cluster with its figures; `part` is of an RW its own row, where that is shown."""

    record: Record
    uncovered: Figure
    compared: Figure
    share: Figure
    located: Figure
    villages: list[Record]
    rw: Record | None


@bp.get("/klaster")
@shows(Access.AGGREGATES)
def index() -> Response:
    """All shown clusters, those of unmatched families, the scattered, and other rules."""
    return page("clusters", _make_list)


@bp.get("/klaster/<cluster_id>")
@shows(Access.AGGREGATES)
def show(cluster_id: str) -> Response:
    """One cluster: how many families stand where, and why it is one."""
    snapshot = store().current().snapshot
    record = next((c for c in snapshot.clusters if c["cluster_id"] == cluster_id), None)
    if record is None:
        raise NotFoundError(
            Fault("E-CLUSTER", id="tidak ada klaster ini", en="there is no such cluster")
        )
    districts = {
        str(snapshot.villages[code]["district_code"])
        for code in record["village_codes"]
        if code in snapshot.villages
    }
    may_name = bool(districts) and all(map(visible(user(), Verb.READ_NAMES).holds, districts))
    return page(
        "cluster",
        lambda served: _make_one(served, cluster_id, may_name=may_name),
        cluster_id,
        "names" if may_name else "",
    )


def scattered_sums(snapshot: Snapshot) -> dict[str, int] | None:
    """Families in clusters and in none, of the villages that tell both; None of older runs."""
    if snapshot.scattered is None:
        return None
    told = [row for row in snapshot.scattered.values() if row["scattered_families"] is not None]
    names = ("uncovered_families", "clustered_families", "scattered_families")
    sums = {name: sum(_counted(snapshot, row, name) for row in told) for name in names}
    return {**sums, "told": len(told), "villages": len(snapshot.scattered)}


def _counted(snapshot: Snapshot, row: Record, name: str) -> int:
    whole = row if name in row else snapshot.villages[str(row["village_code"])]
    return int(whole[name])


def _make_list(served: Served) -> str:
    snapshot = served.snapshot
    rows = [_row(snapshot, record) for record in snapshot.clusters]
    rule = snapshot.summary.get("clusters")
    return render_template(
        "cluster/index.html",
        **_words(served),
        rows=rows,
        told=sum(_least(row) is not None for row in rows),
        families=sum(_least(row) or 0 for row in rows),
        is_least=any(row.uncovered.value is None for row in rows),
        unmatched=[(one, _villages(snapshot, one)) for one in snapshot.unmatched],
        scattered=scattered_sums(snapshot),
        rule=rule,
        tried=_by_distance(rule["sensitivity"] if rule else ()),
    )


def _least(row: ClusterRow) -> int | None:
    """Its families, or at least how many; None where neither is shown."""
    found = row.uncovered.value
    found = row.record.get("uncovered_at_least") if found is None else found
    return None if found is None else int(found)


def _make_one(served: Served, cluster_id: str, *, may_name: bool) -> str:
    snapshot = served.snapshot
    record = next(c for c in snapshot.clusters if c["cluster_id"] == cluster_id)
    codes = [str(code) for code in record["village_codes"]]
    return render_template(
        "cluster/show.html",
        **_words(served),
        row=_row(snapshot, record),
        trail=_trail(snapshot, record),
        drawing=close_up_of(snapshot, codes, cluster_id),
        parts=record.get("parts") or [],
        scattered=snapshot.scattered or {},
        may_name=may_name,
    )


def _trail(snapshot: Snapshot, record: Record) -> tuple[Crumb, ...]:
    """The way to a cluster: as far as all of it lies in one place."""
    villages = _villages(snapshot, record)
    levels = ((VILLAGE, "village_code"), (DISTRICT, "district_code"), (REGENCY, "regency_code"))
    level = next(
        (level for level, code in levels if len({one[code] for one in villages}) == 1), PROVINCE
    )
    return trail(snapshot, villages[0] if villages else None, level, here=str(record["name"]))


def _words(served: Served) -> dict[str, Any]:
    snapshot = served.snapshot
    return {
        **run_words(served),
        "away": away,
        "days_old": days_old,
        "expected_words": expected_words,
        "false_share": false_share,
        "found_by_chance": found_by_chance,
        "is_over_area": is_over_area(snapshot.summary),
    }


def _row(snapshot: Snapshot, record: Record) -> ClusterRow:
    uncovered, compared = (
        count_of(record, f"{name}_families") for name in ("uncovered", "compared")
    )
    share = record.get("located_share")
    withheld = "located_share" in record.get("withheld", ())
    villages = _villages(snapshot, record)
    return ClusterRow(
        record=record,
        uncovered=uncovered,
        compared=compared,
        share=share_of(uncovered, compared),
        located=Figure(State.WITHHELD) if withheld
        else Figure(State.NO_DATA) if share is None
        else Figure(State.VALUE if share else State.ZERO, share),
        villages=villages,
        rw=_rw_of(snapshot, record, villages),
    )  # fmt: skip


def _villages(snapshot: Snapshot, record: Record) -> list[Record]:
    codes = (str(code) for code in record["village_codes"])
    return [snapshot.villages[code] for code in codes if code in snapshot.villages]


def _rw_of(snapshot: Snapshot, record: Record, villages: Iterable[Record]) -> Record | None:
    """The shown row of the RW that a cluster is."""
    if record["kind"] != "rw":
        return None
    for village in villages:
        for row in snapshot.rw.get(str(village["village_code"]), ()):
            place = f"RW {row['rw']}" if row["rw"] else row["neighborhood"]
            if record["name"] == f"{place}, {village['village_name']}":
                return row
    return None


def _by_distance(tried: Iterable[Record]) -> Mapping[float, list[Record]]:
    """Rows of the sensitivity table: by distance, then by the smallest count."""
    rows: dict[float, list[Record]] = {}
    for one in tried:
        rows.setdefault(one["distance_m"], []).append(one)
    return rows
