"""The targeting stage with geo_target, part by part: FAMILIES AREA.

What a run does between families and publishing, for the first run of an archive.
"""

import json
import sys
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq
import shapely

from benchmarks.watched_run import Watch
from geo_target.crs import metric_crs
from geo_target.pipeline import poor_families
from geo_target.places.barriers import read_barriers
from geo_target.places.boundaries import read_boundaries
from geo_target.settings import Clusters
from geo_target.targeting import priorities
from geo_target.targeting.cluster_details import detail_clusters
from geo_target.targeting.clusters import expect, find_clusters
from geo_target.targeting.contiguity import find_contiguity
from geo_target.targeting.indicators import read_indicators
from geo_target.targeting.villages import summarize_villages
from geo_target.workbench import Workbench, query

PARTS = {
    "village_rates": "rates and their intervals",
    "find_hot_spots": "hot spots",
    "rank_draws": "1,000 draws",
}
TODAY = date(2025, 10, 15)
OTHERS = "scores, ranks, classes"


def main(file: str, area: str) -> None:
    """Do the parts one after the other; one JSON object on stdout."""
    layer = read_boundaries(None, area=area, faults="repair").villages
    indicators = read_indicators()
    with Workbench() as bench:
        read = bench.take(pq.read_table(file))
        families = query("select * exclude (evidence_on) from read", read=read)
        profiles = query("select family_id, evidence_on from read", read=read)
        watch = Watch()
        villages = summarize_villages(families, layer)
        watch.end("counts by village")
        contiguity = find_contiguity(villages)
        watch.end("neighbors")

        def part(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
            def watched(*given: Any, **named: Any) -> Any:
                watch.end(OTHERS)
                found = function(*given, **named)
                watch.end(name)
                return found

            return watched

        watched = {key: part(name, getattr(priorities, key)) for key, name in PARTS.items()}
        with patch.multiple(priorities, **watched):
            villages = priorities.find_priorities(villages, contiguity, indicators).villages
        watch.end(OTHERS)
        crs = metric_crs(*shapely.box(*villages.total_bounds).centroid.coords[0])
        poor = poor_families(families, profiles)
        asked = expect(poor, Clusters(), crs)
        clusters, members = find_clusters(poor, villages, Clusters(), crs, asked=asked)
        watch.end("clusters")
        detail_clusters(
            clusters, members, poor, villages, Clusters(),
            crs=crs, before=None, on=TODAY, barriers=read_barriers(None, layer),
            asked=asked,
        )  # fmt: skip
        watch.end("parts and other rules")
    uncovered = int((poor["coverage_state"] == "uncovered").sum())
    found = {"villages": len(villages), "uncovered": uncovered, "clusters": len(clusters)}
    print(json.dumps({**found, "parts": watch.sums}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
