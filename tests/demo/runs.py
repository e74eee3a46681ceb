"""Runs of whole worlds, held to what the world's maker knows."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo_target import pipeline
from geo_target.demo.world import write_demo
from tests.demo.worlds import twins_apart

#: Real boundaries of Kota Serang, as files of the folder of boundaries: clean, and as they came.
BPS = "villages_kota_serang_bps2020.geojson"
RAW = "villages_kota_serang_kemendagri_raw.geojson"


@dataclass(frozen=True)
class Ran:
    """A world and the report of its last run."""

    folder: Path
    report: dict[str, Any]

    def exact(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(Path(self.report["snapshot"]) / "exact" / f"{name}.parquet")

    def shown(self, name: str) -> Any:
        path = Path(self.report["snapshot"]) / "shown" / "meeting" / name
        return json.loads(path.read_text("utf-8"))

    def truth(self) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "truth" / "families.parquet").set_index("family_id")


def ran(folder: Path, **world: Any) -> Ran:
    write_demo(folder, **world)
    return Ran(folder, pipeline.run(folder / "geo-target.toml").report)


def awaiting(run: Ran, truth: pd.DataFrame) -> pd.DataFrame:
    """The truth as it can be told while pairs of families wait for a clerk.

    A family of DTSEN alone that no program reaches may be one of P3KE without keys.
    """
    pairs = run.exact("pairs").query("state == 'doubtful'")
    is_open = truth.index.isin({*pairs["family_id"], *pairs["other_family_id"]})
    is_missed = (truth["welfare_class"] == "unknown") & (truth["coverage_state"] == "uncovered")
    return truth.assign(
        coverage_state=truth["coverage_state"].mask(is_open & is_missed, "unmatched")
    )


def agrees_with_truth(run: Ran) -> None:
    """Every family is found as it is; one without keys in P3KE joins its DTSEN record or none."""
    truth = run.truth()
    apart = twins_apart(truth, run.exact("family_keys"))
    truth.loc[truth.loc[apart, "twin_of"], "coverage_state"] = "unmatched"
    truth = awaiting(run, truth.loc[[*truth.index[truth["twin_of"].isna()], *apart]])
    found = run.exact("families").set_index("family_id").reindex(truth.index)
    for column in ("stated_village_code", "welfare_class", "coverage_state"):
        assert (found[column] == truth[column]).all(), column
    assert len(run.exact("families")) == len(truth)
    assert (found["lon"].notna() == truth["has_point"]).all()
