from pathlib import Path

import pandas as pd

from geo_target import pipeline
from geo_target.demo.world import write_demo
from tests.demo.worlds import truth_of, twins_apart


def test_a_run_holds_the_halves_of_a_family_together(tmp_path: Path) -> None:
    write_demo(tmp_path, families=900, lists="csv", split=0.3, unmatched=0.05)

    report = pipeline.run(tmp_path / "geo-target.toml").report

    exact = Path(report["snapshot"]) / "exact"
    truth, keys = truth_of(tmp_path), pd.read_parquet(exact / "family_keys.parquet")
    alone = [*truth.index[truth["twin_of"].isna()], *twins_apart(truth, keys)]
    found = pd.read_parquet(exact / "families.parquet").set_index("family_id")
    assert found["coverage_state"].to_dict() == truth.loc[alone, "coverage_state"].to_dict()
