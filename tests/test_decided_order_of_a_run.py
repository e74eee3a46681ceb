"""An official list and places that people have set, from their files to what audiences see."""

from gzip import decompress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo_target import pipeline
from geo_target.demo.decided import OFFICIAL_FILE, OVERRIDES_FILE
from geo_target.demo.world import write_demo
from geo_target.errors import ConfigError
from tests.demo.runs import Ran

WORLD: dict[str, Any] = {"area": "36.73.02", "families": 1_500, "lists": "csv"}
#: Words of the demo's decision.
REASON, BY = "banjir bulan ini (peragaan)", "Petugas Peragaan"


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> list[Ran]:
    """Two runs of one archive: other families live there in the second."""
    folder = tmp_path_factory.mktemp("decided")
    runs = []
    for seed in (1, 2):
        write_demo(folder, seed=seed, **WORLD)
        runs.append(Ran(folder, pipeline.run(folder / "geo-target.toml").report))
    return runs


def test_a_decision_survives_the_next_run(months: list[Ran]) -> None:
    (code,) = pd.read_csv(months[0].folder / OVERRIDES_FILE)["village_code"]
    orders = []
    for run in months:
        exact = run.exact("villages").set_index("village_code")
        row = exact.loc[code]
        assert row["is_locked"]
        assert row["final_rank"] == min(row["priority_rank"], 5)
        assert (row["override_reason"], row["override_by"]) == (REASON, BY)
        assert exact["is_locked"].sum() == 1
        assert run.report["priority"].index(code) == row["final_rank"] - 1
        shown = {each["village_code"]: each for each in run.shown("tables/villages.json")}
        told = shown[code]
        assert (told["is_locked"], told["override_reason"]) == (True, REASON)
        placed = sum(each["final_rank"] is not None for each in shown.values())
        assert told["final_rank"] == min(told["priority_rank"] or placed, 5)
        orders.append(exact["priority_rank"].to_dict())
    assert orders[0] != orders[1]  # the data changed, the decision did not


def test_class_one_is_the_headline(months: list[Ran]) -> None:
    for run in months:
        leading = run.shown("summary.json")["totals"]["leading_villages"]
        classes = [each["priority_class"] for each in run.shown("tables/villages.json")]
        assert leading in (None, classes.count("I"))
    exact = months[0].exact("villages")
    one = exact[exact["priority_class"] == "I"]["uncovered_families"]
    asked = 0.8 * exact["uncovered_families"].sum()
    assert one.sum() >= asked > one[one > one.min()].sum()  # equals are of one class


def test_the_decree_is_shown_with_the_reasons_of_difference(months: list[Ran]) -> None:
    named = pd.read_csv(months[0].folder / OFFICIAL_FILE)
    told = months[1].shown("tables/official_list.json")
    assert (told["sk_number"], told["date"]) == ("DEMO/001/2025", "2025-02-03")
    assert told["villages"] == len(named)
    on_it = {row["village_code"] for row in told["rows"] if row["on"] != "computed"}
    assert on_it == {*named["village_code"]}


def test_the_public_is_told_of_neither(months: list[Ran]) -> None:
    public = Path(months[0].report["snapshot"]) / "shown" / "public"
    told = b"".join(
        decompress(raw) if file.suffix == ".gz" else raw
        for file in sorted(public.rglob("*")) if file.is_file()
        for raw in [file.read_bytes()]
    )  # fmt: skip
    assert told
    for word in (REASON, BY, "DEMO/001", "is_locked", "final_rank", "override"):
        assert word.encode() not in told


def test_the_manifest_has_their_sums(months: list[Ran]) -> None:
    manifest = months[0].shown("../../manifest.json")
    assert {OFFICIAL_FILE, OVERRIDES_FILE} <= manifest["sources"].keys()
    settings = manifest["config"]["settings"]["priority"]
    assert (settings["official_list"], settings["overrides"]) == (OFFICIAL_FILE, OVERRIDES_FILE)


@pytest.mark.parametrize(
    ("was", "becomes", "row", "column"),
    [
        (REASON, "", 2, "reason"),
        (BY, "", 2, "by"),
        ("\n36.73.02.", "\n36.73.99.", 2, "village_code"),
        ("2025-10-14\n", "2025-10-14\n{again}\n", 3, "village_code"),
    ],
    ids=["no reason", "no name", "unknown village", "one village twice"],
)
def test_a_wrong_row_is_refused_before_a_list_is_read(
    tmp_path: Path, was: str, becomes: str, row: int, column: str
) -> None:
    write_demo(tmp_path, **WORLD | {"families": 200})
    for file in (tmp_path / "lists").iterdir():
        file.unlink()
    file = tmp_path / OVERRIDES_FILE
    text = file.read_text("utf-8")
    again = text.splitlines()[1]
    file.write_text(text.replace(was, becomes.replace("{again}", again)), "utf-8")
    with pytest.raises(ConfigError) as refused:
        pipeline.run(tmp_path / "geo-target.toml")
    (fault,) = refused.value.faults
    assert (fault.code, fault.file, fault.row, fault.column) == (
        "E-OVERRIDE", OVERRIDES_FILE, row, column,
    )  # fmt: skip
