"""A whole small run: its books are held, and every count of families goes through the door."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geo_target import pipeline
from geo_target.errors import BalanceError, Fault
from geo_target.publishing import shown, snapshot
from geo_target.publishing.audiences import Audience
from tests.demo.worlds import district


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(district(), tmp_path, dirs_exist_ok=True)
    return tmp_path / "geo-target.toml"


@pytest.mark.parametrize(
    "name",
    [
        "balance_rows",
        "balance_registers",
        "balance_families",
        "balance_villages",
        "balance_assessment",
    ],
)
def test_books_that_do_not_balance_stop_the_run(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def broken(*_: Any, **__: Any) -> dict[str, int]:
        raise BalanceError(Fault("E-BALANCE", id=name, en=name))

    monkeypatch.setattr(snapshot, name, broken)
    with pytest.raises(BalanceError):
        pipeline.run(config)
    assert not (config.parent / "archive" / "CURRENT").exists()


def test_an_audience_of_large_counts_is_told_no_count_of_families(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "MEETING", Audience("meeting", smallest=10**6))
    folder = Path(pipeline.run(config).report["snapshot"]) / "shown" / "meeting"
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    names = {"families", "located", "unlocated", "outside", "in_villages", "unplaced"}
    counts = {name: summary["balance"][name] for name in names}
    counts |= {
        n: v for n, v in summary["totals"].items() if n.endswith(("families", "enrollments"))
    }
    assert {name: count for name, count in counts.items() if count} == {}
    assert counts["families"] is None
    assert counts["unlinked_enrollments"] is None
