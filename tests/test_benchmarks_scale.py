"""Worlds of any size for whole runs, the runs watched, and provinces one after another."""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.nation import Partition, Room, rehearse, result_of
from benchmarks.results import markdown
from benchmarks.scale import Measured, worlds
from benchmarks.scale import result_of as scale_result
from benchmarks.scale_world import write_world
from benchmarks.watched_run import REST, Spent, Watch, WatchedRun, folder_mb

KASEMEN = "36.73.02"
FAMILIES = 2_000


def table(world: Path, name: str) -> pd.DataFrame:
    """A list of a world; all is text."""
    return pd.read_csv(world / "lists" / f"{name}.csv", sep=";", dtype=str)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("world"), families=FAMILIES, area=KASEMEN).parent


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Partition]:
    """One partition, made, run and cleared away."""
    folder = tmp_path_factory.mktemp("nation")
    (done,) = rehearse(Room(folder, 600), 1, FAMILIES, "parquet", "1GB", area=KASEMEN)
    return folder, done


def test_the_same_numbers_make_the_same_bytes(world: Path, tmp_path: Path) -> None:
    write_world(tmp_path, families=FAMILIES, area=KASEMEN)
    first, again = (
        {file.name: file.read_bytes() for file in (folder / "lists").iterdir()}
        for folder in (world, tmp_path)
    )
    assert len(first) == 9
    assert first == again


def test_another_partition_is_other_people(world: Path, tmp_path: Path) -> None:
    write_world(tmp_path, families=FAMILIES, area=KASEMEN, partition=1)
    for column in ("id_keluarga", "no_kk", "nik"):
        here, there = (set(table(one, "dtsen")[column].tolist()) for one in (world, tmp_path))
        assert not here & there


def test_partitions_end_where_no_number_is_left(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no NIK are left for partition 70"):
        write_world(tmp_path, families=3_300_000, partition=70)


def test_a_register_has_every_family_once_and_nobodys_number(world: Path) -> None:
    families, persons = table(world, "dtsen"), table(world, "dtsen-person")
    cards = families["no_kk"].tolist()
    assert len(set(cards)) == len(cards) == FAMILIES
    assert set(persons["no_kk"].tolist()) == set(cards)
    assert {card[4:6] for card in cards} == {"99"}
    numbers = [number.lstrip("'") for number in persons["nik"].tolist()]
    assert {number[4:6] for number in numbers} == {"98"}
    whole = [number for number in numbers if len(number) == 16]
    assert len(set(whole)) == len(whole)
    assert 3.4 < len(numbers) / FAMILIES < 3.8


def test_a_few_numbers_are_spoiled_in_each_way(world: Path) -> None:
    numbers = table(world, "dtsen-person")["nik"].tolist()
    spoiled = [n for n in numbers if len(n) != 16 or n[8:10] == "13"]
    assert 0.003 < len(spoiled) / len(numbers) < 0.012
    assert {len(number) for number in spoiled} == {15, 16, 17}


def test_recipients_are_of_the_register_but_for_one_in_a_hundred(world: Path) -> None:
    known = {number.lstrip("'") for number in table(world, "dtsen-person")["nik"].tolist()}
    given = table(world, "SEMBAKO")["NIK KTP"].tolist()
    assert 0.16 < len(given) / FAMILIES < 0.23
    strangers = [number for number in given if number.lstrip("'") not in known]
    assert 0 < len(strangers) / len(given) < 0.04


def test_a_whole_run_loses_nobody(rehearsed: tuple[Path, Partition]) -> None:
    _, done = rehearsed
    report = done.run.report
    found = report["families"]
    assert done.families == found["total"] == FAMILIES
    assert found["located"] + found["unlocated"] + found["outside"] == FAMILIES
    assert found["in_villages"] + found["unplaced"] == FAMILIES
    assert found["extreme_poor"] == sum(
        found[state] for state in ("covered", "uncovered", "unmatched")
    )
    # Points lie in the village where a family lives; three in a hundred state another.
    assert found["outside"] == 0
    rows = {one["profile"]: one["rows"] for one in report["intake"]}
    assert found["located"] == rows["points"] > 0.2 * FAMILIES
    assert 0.01 < found["points_disagreeing"] / found["located"] < 0.06
    for one in report["intake"]:
        counted = sum(one[name] for name in ("accepted", "quarantined", "duplicates", "blank"))
        assert counted == one["rows"]


def test_every_stage_of_the_run_is_watched(rehearsed: tuple[Path, Partition]) -> None:
    run = rehearsed[1].run
    assert [name for name in run.stages if name != REST] == list(run.report["seconds"])
    for name, seconds in run.report["seconds"].items():
        assert run.stages[name].seconds == pytest.approx(seconds, abs=0.5)
    assert run.whole.cpu == pytest.approx(sum(spent.cpu for spent in run.stages.values()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a stage")
def test_the_peak_of_a_stage_is_its_own(rehearsed: tuple[Path, Partition]) -> None:
    run = rehearsed[1].run
    assert all(50 < spent.peak_mb <= run.whole.peak_mb for spent in run.stages.values())
    watch = Watch()
    watch.end("before")
    held = b"x" * 200_000_000
    del held
    watch.end("large")
    watch.end("small")
    assert watch.sums["small"]["peak_mb"] < watch.sums["large"]["peak_mb"] - 150


def test_nothing_of_one_family_is_kept_of_a_partition(rehearsed: tuple[Path, Partition]) -> None:
    folder, done = rehearsed
    assert [one.name for one in folder.iterdir()] == ["kept-00"]
    kept = folder / "kept-00"
    assert (kept / "shown" / "meeting" / "summary.json").is_file()
    exact = {file.name for file in (kept / "exact").iterdir()}
    assert "villages.parquet" in exact
    assert all(name.endswith("villages.parquet") for name in exact)
    assert done.kept_mb > 0


def test_a_folder_that_goes_away_while_it_is_weighed_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work").mkdir()
    for name in ("work/spilled", "kept"):
        (tmp_path / name).write_bytes(bytes(3_000_000))
    assert folder_mb(tmp_path) == 6
    walk = os.walk

    def sweeping(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for found in walk(folder):
            shutil.rmtree(tmp_path / "work", ignore_errors=True)
            yield found

    monkeypatch.setattr(os, "walk", sweeping)
    assert folder_mb(tmp_path) == 3


def measured(size: float, cpu: float, *, disk_mb: float = 10) -> Measured:
    """A run that takes twice as long as it works."""
    spent = Spent(2 * cpu, cpu, 500)
    return Measured(size, "csv", 1, WatchedRun({}, {"intake": spent}, spent, disk_mb))


def test_cost_per_family_is_held_against_the_run_of_a_regency() -> None:
    printed = markdown(
        scale_result([measured(0.3, 3), measured(3.3, 66)], "4GB", "python -m benchmarks.scale")
    )
    assert "| 0.3 M | csv | 1 | 6 | 3 | 0.5 | 0.01 | 10 | 1 |" in printed
    assert "| 3.3 M | csv | 1 | 132 | 66 | 0.5 | 0.01 | 20 | 2 |" in printed


def test_a_size_may_be_of_one_format_alone() -> None:
    found = worlds(["0.3", "10:parquet"], ["csv", "parquet"])
    assert list(found) == [(0.3, "csv"), (0.3, "parquet"), (10.0, "parquet")]
    assert list(worlds(["3.3"], ["parquet"])) == [(3.3, "parquet")]


def test_there_is_nothing_to_hold_it_against_without_that_run() -> None:
    printed = markdown(scale_result([measured(3.3, 66)], "4GB", "python -m benchmarks.scale"))
    assert "| 3.3 M | csv | 1 | 132 | 66 | 0.5 | 0.01 | 20 |  |" in printed


def partition(number: int, *, seconds: float = 10, disk_mb: float = 100) -> Partition:
    run = WatchedRun({}, {}, Spent(seconds, 5, 500), disk_mb)
    return Partition(number, FAMILIES, 7_200, 1, run, 2)


@pytest.mark.parametrize(
    ("seconds", "free_mb", "ended"),
    [(20, 200, None), (8, 200, "the time was over"), (20, 149, "the disk would have been full")],
)
def test_a_rehearsal_ends_before_time_or_disk_do(
    tmp_path: Path, seconds: float, free_mb: float, ended: str | None
) -> None:
    room = Room(tmp_path, seconds, free_mb=lambda _: free_mb)
    assert room.is_enough([])
    assert room.is_enough([partition(0)]) == (ended is None)
    assert room.ended == (ended or "all partitions are done")


def test_a_rehearsal_adds_up_its_families() -> None:
    printed = markdown(
        result_of([partition(0), partition(1)], "A note.", "python -m benchmarks.nation")
    )
    assert "| 1 | 2,000 | 1 | 10 | 5 | 0.5 | 0.1 | 2 |" in printed
    assert "| 2 | 4,000 | 1 | 10 | 5 | 0.5 | 0.1 | 2 |" in printed


def test_the_configuration_says_that_it_is_made_up(world: Path) -> None:
    config = tomllib.loads((world / "geo-target.toml").read_text("utf-8"))
    assert config["area"] == {"code": KASEMEN, "synthetic": True}
    assert len(config["source"]) == 9
