"""Every number that the meeting and the public are shown, and what holds it back where it is small.

A number that nobody has put into one of these classes is a number that nobody has attacked: a new
column or file fails the test until somebody says what it counts.
"""

import gzip
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pyogrio

from geo_target.targeting.lenses import LENSES

#: What a number is, and what is asked of it before it is shown.
CLASSES = {
    "table": "extreme-poor families by place and state: suppression, release_gate",
    "coverage": "extreme-poor families by program, definition, group, reason: coverage_backstop",
    "located": "families with a point, and all families of the registers: disclosure._hidden",
    "rw": "extreme-poor families by RW: small_areas.publish_rw, told_of_rw in the gate",
    "clusters": "uncovered and unmatched families of clusters: small_areas, cluster_remainders",
    "books": "rows of lists and families of all registers: shown_books",
    "registers": "families and rows of registers and lists: shown_registers",
    "steps": "families that came and went: shown_registers, shown_waterfall, village_steps",
    "bounds": "families of the area beside the extreme poor, or about them: publish_number",
    "visits": "visited families of the area: shown_evidence, publish_number",
    "derived": "made of the shown counts of its audience alone",
    "population": "people and families of the census, not of our lists",
    "nobody": "no family: settings, shapes, facilities, days, how many places",
}

_COUNTS = ("covered_families", "uncovered_families", "unmatched_families", "extreme_poor_families")
_VILLAGES = (
    *((name, "table") for name in _COUNTS),
    *((name, "located") for name in ("families", "located_families", "located_uncovered_families")),
    *((name, "population") for name in ("population_persons", "population_families")),
    *((name, "derived") for name in (
        "matched_share", "exclusion_error*", "smoothed_*", "spatial_*", "uncovered_per_*",
        "hot_spot_p", "local_moran_p", "priority_*", "first_share", "rank_*", "final_rank",
        "contributions[]", "visit_days")),
    *((name, "nobody") for name in ("access_minutes", "area_km2")),
)  # fmt: skip
_CLUSTERS = (
    *((name, "clusters") for name in (
        "uncovered_families", "unmatched_families", "compared_families", "located_families",
        "uncovered_at_least", "expected_families", "p_value", "q_value", "readable_share",
        "located_share", "parts*families")),
    *((name, "nobody") for name in ("median_age_days", "radius_m", "parts*radius_m")),
)  # fmt: skip
_DISTRICTS = (("district_code", "nobody"), *((name, "table") for name in _COUNTS))

#: By audience and file: a pattern of the place of a number in it, and its class.
NUMBERS: dict[str, tuple[tuple[str, str], ...]] = {
    "meeting/summary.json": (
        *((f"totals.{name}", "table") for name in _COUNTS),
        *((f"districts*.{name}", "table") for name in _COUNTS),
        *((f"totals.{name}", "located") for name in (
            "located_families", "located_uncovered_families")),
        ("totals.families", "books"), ("totals.unlinked_enrollments", "registers"),
        ("totals.matched_share", "derived"), ("totals.exclusion_error", "derived"),
        ("totals.leading_villages", "derived"), ("totals.clusters_*", "derived"),
        ("totals.villages", "nobody"), ("totals.leading_share", "nobody"),
        ("clusters.sensitivity*.uncovered_families", "clusters"),
        *((f"clusters.{name}", "nobody") for name in (
            "distance_m", "false_discovery_rate", "smallest*", "split_load",
            "sensitivity*.clusters", "sensitivity*.distance_m", "sensitivity*.smallest")),
        *((f"balance.{name}", "books") for name in (
            "rows", "accepted", "quarantined", "duplicates", "blank", "set_aside", "families",
            "located", "unlocated", "outside", "in_villages", "unplaced")),
        *((f"sources*.{name}", "books") for name in (
            "rows", "accepted", "quarantined", "duplicates", "blank", "set_aside")),
        ("visits.disagreements", "visits"), ("priority.hot_spots.morans*", "derived"),
        ("priority.hot_spots.*", "nobody"), ("priority.whole", "table"), ("priority.*", "nobody"),
        ("smallest", "nobody"), ("welfare.*", "nobody"),
    ),
    "meeting/tables/villages.json": tuple((f"*.{name}", of) for name, of in _VILLAGES),
    "meeting/tables/clusters.json": tuple((f"*.{name}", of) for name, of in _CLUSTERS),
    "meeting/tables/unmatched_clusters.json": tuple(
        (f"*.{name}", of) for name, of in _CLUSTERS
    ),
    "meeting/tables/scattered.json": (
        *((f"*.{name}", "clusters") for name in ("clustered_families", "scattered_*")),
        ("*.clusters", "nobody"),
    ),
    "meeting/tables/rw.json": tuple(
        (f"**.{name}", "rw") for name in ("extreme_poor_families", "uncovered_families")
    ),
    "meeting/tables/coverage.json": (
        ("definitions*_families", "coverage"), ("definitions*.families", "table"),
        *((f"programs*.{name}_families", "coverage") for name in (
            "enrolled", "uncovered", "excluded", "other")),
        *((f"programs*.{name}_families", "bounds") for name in (
            "all_enrolled", "all_excluded", "eligible")),
        ("programs*.cost_rupiah", "derived"),
        *((f"programs*.{name}", "nobody") for name in (
            "strategy", "rule.quota", "unit_rupiah")),
        ("lenses*.unknown_families", "bounds"), ("lenses*families", "coverage"),
        ("reasons.families", "table"), ("reasons.districts.CODE[]", "coverage"),
        ("reasons.offices*.families", "coverage"), ("reasons.rows*.families", "coverage"),
        ("convergence.families", "table"), ("convergence.districts.CODE[]", "coverage"),
        ("convergence.programs.[0-9]", "coverage"),
        ("convergence.strategies*.families", "coverage"),
        ("evidence.families", "table"), ("evidence.*_families", "coverage"),
        ("evidence.stale_villages", "bounds"), ("evidence.villages", "nobody"),
        ("flags*families", "coverage"), ("flags*years*", "nobody"),
        ("double_aid", "bounds"),
        ("verified.visited_families", "visits"), ("verified.*_error.*", "visits"),
        *((f"villages.CODE.{name}", "coverage") for name in (
            "all *", "covered *", "enrolled *", "excluded *", "flagged *", "uncovered *",
            "stale", "verified", *LENSES)),
    ),
    "meeting/tables/registers.json": (
        *((f"{table}.{name}", "steps") for table in ("changes", "waterfall") for name in (
            "before", "after", "gains.*", "losses.*")),
        ("overlaps.families", "registers"), ("overlaps.combinations*.families", "registers"),
        ("matches*.list", "nobody"), ("matches*.ways.*", "registers"),
        *((f"matches*.{name}", "registers") for name in ("enrollments", "linked", "unlinked")),
    ),
    "meeting/tables/access.json": (
        *((f"villages.CODE.*.{name}_*", "located") for name in ("mean", "least", "most")),
        ("districts.*.mean_*", "derived"), ("districts.*.villages", "nobody"),
        ("faults*", "nobody"), ("other_kinds.*", "nobody"), ("travel.*", "nobody"),
        ("types*.facilities", "nobody"), ("types*.usable_facilities", "nobody"),
    ),
    "meeting/tables/official_list.json": (
        ("rows*.official_order", "nobody"), ("villages", "nobody"),
    ),
    "meeting/layers/clusters.json.gz": (
        ("*.uncovered_families", "clusters"), ("*.uncovered_at_least", "clusters"),
        ("*.rw_clusters", "nobody"),
    ),
    "meeting/layers/unmatched.json.gz": (("*.uncovered_families", "clusters"),),
    "meeting/takeaway/peta.gpkg": (
        *((f"kelurahan.{name}", of) for name, of in _VILLAGES),
        *((f"kecamatan.{name}", of) for name, of in _DISTRICTS),
        *((f"klaster.{name}", of) for name, of in _CLUSTERS),
        *((f"{layer}.{name}", "clusters") for layer in ("clusters*", "unmatched*") for name in (
            "uncovered_families", "uncovered_at_least", "rw_clusters")),
    ),
    "public/summary.json": (
        *((f"totals.{name}", "table") for name in _COUNTS),
        *((f"districts*.{name}", "table") for name in _COUNTS),
        ("totals.villages", "nobody"), ("smallest", "nobody"), ("welfare.*", "nobody"),
    ),
    "public/tables/villages.json": (),
}  # fmt: skip
#: Files that hold shapes and points of facilities, and no figure.
NO_NUMBERS = ("*/layers/districts*", "*/layers/villages*", "*/layers/neighbors*",
              "*/layers/outlines*", "meeting/layers/facilities-*", "*/map.*.js")  # fmt: skip
#: Words that the public is shown in place of counts.
BANDS = ("covered_families", "uncovered_families", "unmatched_families", "extreme_poor_families",
         "class")  # fmt: skip
_CODE = re.compile(r"^\d\d(\.\d\d){0,2}(\.\d{4})?$")


def unclassified(shown: Path) -> set[str]:
    """Numbers of the files below ``shown/`` of a snapshot that no class has, and unknown files."""
    found = set()
    for file in sorted(shown.rglob("*")):
        name = file.relative_to(shown).as_posix()
        if file.is_dir():
            continue
        known = NUMBERS.get(name, () if any(fnmatchcase(name, no) for no in NO_NUMBERS) else None)
        if known is None:
            found.add(name)
            continue
        patterns = [pattern for pattern, _ in known]
        found |= {
            f"{name} {place}" for place in places_of(file)
            if not any(fnmatchcase(place, pattern) for pattern in patterns)
        }  # fmt: skip
    return found


def places_of(file: Path) -> set[str]:
    """Where numbers stand in a file, a column or a key each; coordinates are none."""
    if file.suffix == ".js":
        return set()
    if file.suffix == ".gpkg":
        return {
            f"{layer}.{column}"
            for layer, _ in pyogrio.list_layers(file)
            for column, kind in _columns(file, str(layer))
            if kind.startswith(("int", "float"))
        }
    raw = file.read_bytes()
    content = json.loads(gzip.decompress(raw) if file.suffix == ".gz" else raw)
    if isinstance(content, dict) and "features" in content:
        content = [one["properties"] | {"label": None} for one in content["features"]]
    return {place.lstrip(".") for place in _places(content, "")}


def _columns(file: Path, layer: str) -> Iterator[tuple[str, str]]:
    found = pyogrio.read_info(file, layer=layer)
    return zip(found["fields"].tolist(), map(str, found["dtypes"]), strict=True)


def _places(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _places(one, f"{place}.{'CODE' if _CODE.match(key) else key}")
    elif isinstance(value, list):
        for one in value:
            yield from _places(one, f"{place}[]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place
