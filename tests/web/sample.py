"""A snapshot as the archive writes it, with plausible made-up figures; no person in it."""

import hashlib
import json
import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from geo_target.places.gazetteer import villages_of
from geo_target.publishing.drawing import compress
from geo_target.publishing.layers import (
    cluster_layer,
    district_layer,
    neighbor_layer,
    village_layer,
)
from geo_target.publishing.maps import map_script
from geo_target.publishing.results import Targets
from geo_target.publishing.shown_priorities import publish_official_list, publish_priorities
from geo_target.resources import resource_dir
from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.indicators import read_indicators
from geo_target.targeting.official_list import OfficialList, OfficialVillage
from geo_target.targeting.priority_classes import HELD, leading_villages
from tests.web.covered import coverage_of
from tests.web.reached import access_of, facility_points

AREA = "36.73"
RUN_ID = "000001-20251122T030000Z"
HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`alert(1)`",
    "</script><script>alert(1)</script>",
)
COUNTS = (
    "families", "extreme_poor_families", "covered_families", "uncovered_families",
    "unmatched_families", "located_families", "located_uncovered_families",
)  # fmt: skip
POPULATION = ("population_persons", "population_families")

Record = dict[str, Any]


@cache
def boundaries() -> gpd.GeoDataFrame:
    file = resource_dir("geodata") / "places" / AREA[:2] / "villages_schematic.parquet"
    return gpd.read_parquet(file).set_index("village_code")


def villages(*, hostile: bool = False) -> gpd.GeoDataFrame:
    """67 villages: one without uncovered families, two withheld, one without data, one tiny.

    In the order of visiting.
    """
    return _ordered(hostile=hostile)[0].copy()


@cache
def _ordered(*, hostile: bool) -> tuple[gpd.GeoDataFrame, Record]:
    return _in_order(_villages(hostile=hostile))


def _villages(*, hostile: bool) -> gpd.GeoDataFrame:
    rng = random.Random(7)
    names = villages_of(AREA)
    rows = []
    for code, place in names.iterrows():
        poor = rng.randint(60, 210)
        uncovered = round(poor * min(0.85, max(0.1, rng.gauss(0.43, 0.15))))
        unmatched = round(poor * rng.uniform(0, 0.06))
        located = round(poor * rng.choice([0.12, 0.25, 0.4, 0.92]))
        rows.append(
            {
                "village_code": code,
                "bps_village_code": place["bps_village_code"],
                "village_name": place["village_name"],
                "district_code": place["district_code"],
                "district_name": place["district_name"],
                "regency_code": place["regency_code"],
                "regency_name": place["regency_name"],
                "families": poor * 7,
                "population_persons": poor * 36,
                "population_families": poor * 9,
                "extreme_poor_families": poor,
                "covered_families": poor - uncovered - unmatched,
                "uncovered_families": uncovered,
                "unmatched_families": unmatched,
                "located_families": located,
                "located_uncovered_families": round(located * 0.4),
                "withheld": [],
            }
        )
    _make_special(rows)
    if hostile:
        for row, name in zip(rows, HOSTILE_NAMES, strict=False):
            row["village_name"] = name
    table = pd.DataFrame(rows).set_index("village_code")
    for column in (*COUNTS, *POPULATION):
        table[column] = table[column].astype("Int64")
    compared = table["covered_families"] + table["uncovered_families"]
    table["exclusion_error"] = (table["uncovered_families"] / compared).where(compared > 0)
    table["smoothed_exclusion_error"] = table["exclusion_error"] * 0.8 + 0.43 * 0.2
    table["matched_share"] = compared / table["extreme_poor_families"]
    return gpd.GeoDataFrame(table, geometry=boundaries().geometry.reindex(table.index))


def _in_order(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Record]:
    """Villages with all that puts them in order, and what the summary says of it."""
    contiguity, indicators = find_contiguity(table), read_indicators()
    targets = Targets(table, pd.DataFrame(), table, pd.Series(dtype="str"), pyproj.CRS(32748),
                      contiguity, indicators)  # fmt: skip
    return publish_priorities(table, targets, int(table["uncovered_families"].sum()))


def official_list(*, hostile: bool = False) -> OfficialList:
    """A decree that names every fourth village, the withheld ones too, by their codes."""
    ordered = villages(hostile=hostile)
    codes = sorted({*sorted(ordered.index)[::4], *ordered.index[ordered["withheld"].str.len() > 0]})
    reason = HOSTILE_NAMES[2] if hostile else "usul kecamatan"
    named = [OfficialVillage(code, place, reason if place == 1 else "")
             for place, code in enumerate(codes, start=1)]  # fmt: skip
    number, agency = HOSTILE_NAMES[:2] if hostile else ("050/12-Bappeda", "Bappeda Kota Serang")
    return OfficialList(number, date(2025, 2, 1), named, agency)


def _make_special(rows: list[Record]) -> None:
    rows[3].update(covered_families=rows[3]["extreme_poor_families"], uncovered_families=0,
                   unmatched_families=0)  # fmt: skip
    for row in (rows[9], rows[20]):
        row.update(uncovered_families=None, covered_families=None,
                   withheld=["uncovered_families", "covered_families", "matched_share",
                             "exclusion_error", "smoothed_exclusion_error"])  # fmt: skip
    rows[30].update(dict.fromkeys(COUNTS[1:], 0))
    rows[40].update(extreme_poor_families=14, covered_families=8, uncovered_families=6,
                    unmatched_families=0, located_families=5)  # fmt: skip


def clusters(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Clusters of points in some villages (whole 500 m cells), of RW in others."""
    rng = random.Random(11)
    rows: list[Record] = []
    metric = table.to_crs(32748)
    few = table["uncovered_families"].fillna(0) < 8
    special = set(table.index[few])
    for number, (code, village) in enumerate(metric.iterrows()):
        name = village["village_name"]
        if code in special:
            continue
        if number % 3 == 0:
            middle = village.geometry.representative_point()
            x, y = middle.x // 500 * 500, middle.y // 500 * 500
            cells = [shapely.box(x, y, x + 500, y + 500)]
            cells += [shapely.box(x + 500, y, x + 1000, y + 500)] * rng.randint(0, 1)
            shape, kind, size = shapely.union_all(cells), "points", 1
        else:
            shape, kind, size = None, "rw", rng.randint(0, 3)
        for part in range(size):
            families = rng.randint(8, 60)
            rows.append(
                {
                    "cluster_id": f"{kind}-{code}-{part}",
                    "kind": kind,
                    "name": f"{name} {'RW 00' + str(part + 1) if kind == 'rw' else ''}".strip(),
                    "uncovered_families": families,
                    "compared_families": round(families * 1.4),
                    "located_families": families if kind == "points" else 5,
                    "village_codes": [code],
                    "radius_m": 240.0 if kind == "points" else None,
                    "expected_families": families * 0.5,
                    "p_value": 0.0001,
                    "q_value": 0.004,
                    "readable_share": None if kind == "points" else 0.85,
                    "located_share": 1.0 if kind == "points" else None,
                    "median_age_days": 120,
                    "withheld": [],
                    "parts": [{"uncovered_families": families, "radius_m": None}],
                    "geometry": shape,
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=32748).to_crs(4326)


def unmatched(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One cluster of unmatched families, in the place of the first cluster of points."""
    found = clusters(table)
    first = found[found["kind"] == "points"].head(1)
    columns = ["kind", "name", "village_codes", "radius_m", "geometry"]
    return first[columns].assign(cluster_id="belum-padan-titik-1", unmatched_families=23)


def _scattered(table: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> list[Record]:
    """Families in no cluster, of the villages that show their uncovered."""
    own: dict[str, list[int]] = {}
    for code, count in zip(found["village_codes"].str[0], found["uncovered_families"], strict=True):
        own.setdefault(code, []).append(count)
    counts: list[int | None] = table["uncovered_families"].astype(object).tolist()
    uncovered = dict(zip(table.index.tolist(), counts, strict=True))
    return [
        {
            "village_code": code, "clusters": len(own.get(code, [])),
            "clustered_families": sum(own.get(code, [])),
            "scattered_families": int(count) - sum(own.get(code, [])),
            "scattered_located": None, "scattered_unlocated": None,
            "withheld": ["scattered_located", "scattered_unlocated"],
        }
        for code, count in uncovered.items()
        if isinstance(count, int) and count > sum(own.get(code, []))
    ]  # fmt: skip


def _summary(table: gpd.GeoDataFrame, found: gpd.GeoDataFrame, run_id: str) -> Record:
    total = {name: int(table[name].sum()) for name in COUNTS}
    compared = total["covered_families"] + total["uncovered_families"]
    return {
        "run_id": run_id,
        "as_of": "2025-10-01",
        "created_at": "2025-11-22T03:00:00Z",
        "area": {"code": AREA, "name": "Kota Serang"},
        "demo": True,
        "boundaries": {"schematic": True, "repaired": False, "file": None},
        "base": {
            "profile": "p3ke-family",
            "title": {"id": "P3KE keluarga", "en": "P3KE families"},
            "as_of": "2025-09-01",
        },
        "definition": {
            "programs": [
                {"code": "PKH", "short_name": "PKH", "name": "Program Keluarga Harapan"},
                {"code": "SEMBAKO", "short_name": "Sembako",
                 "name": "Program Sembako (Bantuan Pangan Non Tunai)"},
                {"code": "PBI_JK", "short_name": "PBI-JK",
                 "name": "Penerima Bantuan Iuran Jaminan Kesehatan (pusat)"},
            ],
            "on": "2025-10-01",
            "member_counts_for_family": True,
        },
        "welfare": {"rule": "listed", "id": "semua keluarga dalam daftar P3KE",
                    "en": "all families on the P3KE list"},
        "smallest": 5,
        "totals": {
            **total,
            "matched_share": compared / total["extreme_poor_families"],
            "exclusion_error": total["uncovered_families"] / compared,
            "villages": len(table),
            "leading_villages": leading_villages(
                table["uncovered_families"].to_numpy(dtype=float, na_value=float("nan")),
                total["uncovered_families"],
            ),
            "leading_share": HELD[0],
            "clusters_points": int((found["kind"] == "points").sum()),
            "clusters_rw": int((found["kind"] == "rw").sum()),
            "clusters_unmatched": 1,
            "unlinked_enrollments": 812,
        },
        "clusters": {
            "distance_m": 200.0, "smallest": 8, "smallest_rw": 5, "false_discovery_rate": 0.05,
            "smallest_unmatched_share": 0.25, "split_load": 40,
            "sensitivity": [
                {"distance_m": float(distance), "smallest": fewest, "clusters": 40 - fewest,
                 "uncovered_families": None if fewest == 12 else 900,
                 "is_rule": (distance, fewest) == (200, 8)}
                for distance in (100, 200, 300) for fewest in (5, 8, 12)
            ],
        },
        "balance": {
            "families": 60000, "located": 3520, "unlocated": 56480, "outside": 0,
            "in_villages": 60000, "unplaced": 0, "rows": 400100, "accepted": 400000,
            "quarantined": 20, "duplicates": 30, "blank": 50, "set_aside": 400,
        },
        "sources": [
            {"profile": "p3ke-family", "title": {"id": "P3KE keluarga", "en": "P3KE families"},
             "as_of": "2025-09-01", "rows": 8805, "accepted": 8799, "quarantined": 1,
             "duplicates": 2, "blank": 3, "set_aside": 0, "file": "a.xlsx"},
            {"profile": "siks-recipients",
             "title": {"id": "SIKS-NG penerima", "en": "SIKS-NG recipients"},
             "as_of": "2025-10-05", "rows": 9000, "accepted": 8990, "quarantined": 1,
             "duplicates": 4, "blank": 5, "set_aside": None, "file": "b.xlsx"},
        ],
    }  # fmt: skip


def _records(frame: gpd.GeoDataFrame) -> list[Record]:
    table = pd.DataFrame(frame.drop(columns="geometry").reset_index())
    return [
        {
            str(name): None if not isinstance(value, list) and pd.isna(value) else value
            for name, value in row.items()
        }
        for row in table.astype(object).to_dict("records")
    ]


def _rw(table: gpd.GeoDataFrame) -> dict[str, list[Record]]:
    rng = random.Random(3)
    return {
        code: [
            {"rw": f"{number:03}", "neighborhood": "Lingk. Sukajaya" if number == 1 else None,
             "extreme_poor_families": rng.randint(6, 40),
             "uncovered_families": None if number == 2 else rng.randint(5, 9) * (number != 3),
             "withheld": ["uncovered_families"] if number == 2 else []}
            for number in range(1, 6)
        ]
        for code in table.index.tolist()
    }  # fmt: skip


def _waterfall() -> Record:
    """From 8,799 to 3,784; 566 of the losses are of two causes that are not told."""
    gains = {"new": 10, "lost": 25, "re_matched": 0, "re_classified": 0, "re_placed": 0}
    losses = {"covered": 210, "visit_covered": 1204, "better_off": 640, "died": 118, "moved": 402,
              "duplicate": 95, "merged": 61, "gone": None, "re_matched": 1500,
              "re_classified": None, "re_placed": 0, "unmatched": 254}  # fmt: skip
    return {
        "previous": "000000-20251022T030000Z", "previous_as_of": "2025-09-01",
        "before": 8799, "after": 3784,
        "gains": {**gains, "all": 35}, "losses": {**losses, "all": 5050},
    }  # fmt: skip


def _registers(*, hostile: bool) -> Record:
    """Three registers, one of them of 3 families more than are told; one list; one change."""
    other = HOSTILE_NAMES[0] if hostile else "dtks"
    counts = {("dtsen",): 51_200, ("dtsen", "p3ke"): 8_500, (other,): 0, (other, "dtsen"): None,
              (other, "p3ke"): None, ("p3ke",): None, (other, "dtsen", "p3ke"): None}  # fmt: skip
    gains = {"new": 1040, "lost": None, "re_matched": 0, "re_classified": 0, "re_placed": None}
    losses = {"gone": 12, "covered": 35, "re_matched": 0, "re_classified": 0, "re_placed": 0}
    return {
        "changes": {
            "previous": "000000-20251022T030000Z", "previous_as_of": "2025-09-01",
            "same_question": True, "before": 2784, "after": 3784,
            "gains": {**gains, "all": 1047}, "losses": {**losses, "all": 47},
        },
        "waterfall": _waterfall(),
        "overlaps": {
            "registers": [other, "dtsen", "p3ke"], "families": 60_000,
            "combinations": [{"registers": list(names), "families": count}
                             for names, count in counts.items()],
        },
        "matches": [
            {"list": 2, "agency": HOSTILE_NAMES[1] if hostile else "Kementerian Sosial",
             "enrollments": 8990, "ways": {"nik": 8100, "kk": 40, "family_id": 0, "name": 50},
             "linked": 8190, "unlinked": 800},
        ],
    }  # fmt: skip


@cache
def _drawn(*, hostile: bool) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, dict[str, bytes]]:
    """Villages, clusters, and the files that are the same in every run: drawn once."""
    table = villages(hostile=hostile)
    found = clusters(table)
    around = boundaries()
    around = around[~around.index.isin(table.index)]
    layers = {
        "neighbors": neighbor_layer(around, table),
        "villages": village_layer(table),
        "districts": district_layer(table),
        "clusters": cluster_layer(found, table),
        "unmatched": cluster_layer(unmatched(table), table),
    }
    script = map_script(list(table.total_bounds), list(layers)).encode()
    totals = _summary(table, found, RUN_ID)["totals"]
    coverage = coverage_of(table, totals, hostile=HOSTILE_NAMES[0] if hostile else "")
    layers |= facility_points(table, hostile=HOSTILE_NAMES[0] if hostile else "")  # by no script
    return table, found, {
        "tables/villages.json": _json(_records(table)),
        "tables/clusters.json": _json(_records(found.set_index("cluster_id"))),
        "tables/unmatched_clusters.json": _json(
            _records(unmatched(table).set_index("cluster_id"))
        ),
        "tables/scattered.json": _json(_scattered(table, found)),
        "tables/rw.json": _json(_rw(table)),
        "tables/registers.json": _json(_registers(hostile=hostile)),
        "tables/coverage.json": _json(coverage),
        "tables/access.json": _json(access_of(table, hostile=HOSTILE_NAMES[0] if hostile else "")),
        "tables/official_list.json": _json(
            publish_official_list(table, official_list(hostile=hostile))
        ),
        f"map.{_sha(script)[:16]}.js": script,
        **{f"layers/{name}.json.gz": compress(layer) for name, layer in layers.items()},
    }  # fmt: skip


def write_snapshot(
    archive: Path, run_id: str = RUN_ID, *, hostile: bool = False, current: bool = True
) -> Path:
    """Write a whole snapshot and move CURRENT to it, as the archive's writer does."""
    table, found, drawn = _drawn(hostile=hostile)
    summary = {**_summary(table, found, run_id), "priority": _ordered(hostile=hostile)[1]}
    shown = {"summary.json": _json(summary), **drawn}
    folder = archive / run_id
    for name, body in shown.items():
        file = folder / "shown" / "meeting" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    (folder / "exact").mkdir()
    (folder / "exact" / "quarantine.csv").write_text("SECRET\n", encoding="utf-8")
    files = {f"shown/meeting/{name}": {"sha256": _sha(body)} for name, body in shown.items()}
    files["exact/quarantine.csv"] = {"sha256": _sha(b"SECRET\n")}
    manifest = {"run_id": run_id, "as_of": "2025-10-01", "files": files}
    (folder / "manifest.json").write_bytes(_json(manifest))
    if current:
        (archive / "CURRENT").write_text(run_id + "\n", encoding="utf-8")
    return folder


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8")


def _sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
