from pathlib import Path

import pandas as pd

from geo_target import pipeline
from geo_target.demo.world import write_demo
from tests.demo.worlds import truth_of


def test_a_run_holds_the_halves_of_a_family_together(tmp_path: Path) -> None:
    write_demo(tmp_path, families=900, lists="csv", split=0.3, unmatched=0.05)

    report = pipeline.run(tmp_path / "geo-target.toml").report

    found = pd.read_parquet(Path(report["snapshot"]) / "exact" / "families.parquet")
    states = found.set_index("family_id")["coverage_state"].to_dict()
    assert states == truth_of(tmp_path)["coverage_state"].to_dict()
