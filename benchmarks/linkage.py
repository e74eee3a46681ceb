"""Linkage without a NIK: precision, recall, what goes to review, seconds and memory.

    python -m benchmarks.linkage [--rows 5000] [--against 300000] [--persons] [--threshold 1]
                                 [--harsh] [--curve]
    python -m benchmarks.linkage --rows 50000 --against 3300000 --area 36 --memory-limit 3GB

A made-up register of heads (with --persons: of all members) of the area against a hard list:
46.5 % of the names as they are, 68 % of the birth dates, 60 % without KK, 25 % without RT,
12 % of nobody in the register. With --harsh half as many mistakes again, and 80 % without KK.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from geo_target.demo.mistakes import (
    hard_list,
    missing,
    mistaken_dates,
    mistyped_names,
    people_for_linkage,
)
from geo_target.registry.linkage import JOINED, find_pairs, settle
from geo_target.workbench import Table, Workbench

PERSONS_PER_FAMILY = 3.6
COLUMNS = ("name", "birth_date", "sex", "family_card_number", "rt", "rw", "neighborhood",
           "village_code")  # fmt: skip


def main() -> None:
    """Print the figures of one trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--against", type=int, default=300_000, help="rows of the register")
    parser.add_argument("--area", default="36.73", help="whose villages they live in")
    parser.add_argument("--persons", action="store_true", help="all members, not only heads")
    parser.add_argument("--harsh", action="store_true", help="half as many mistakes again")
    parser.add_argument("--threshold", type=float, default=JOINED, help="bits")
    parser.add_argument("--curve", action="store_true", help="precision and recall by threshold")
    parser.add_argument("--memory-limit", default="3GB")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
          f"duckdb {version('duckdb')}, limit {given.memory_limit}")  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as spill,
        Workbench(spill=Path(spill), memory_limit=given.memory_limit) as bench,
    ):
        right, left, sent = _lists(bench, given)
        before = _peak_gb()
        begun, worked = time.perf_counter(), time.process_time()
        pairs = find_pairs(left, right)
        settled = settle(pairs, threshold=given.threshold)
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        print(f"{len(left)} rows x {len(right)}: {len(pairs)} pairs, {seconds:.0f} s "
              f"({worked:.0f} s of work), peak {_peak_gb():.1f} GB "
              f"(lists alone {before:.1f})")  # fmt: skip
        _report(sent, settled.frame())
        if given.curve:
            for threshold in (-2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 6.0):
                judged = _judged(sent, settle(pairs, threshold=threshold, margin=5.0).frame())
                print(f"{threshold:>5.0f}  {_figures(judged)}")


def _lists(bench: Workbench, given: argparse.Namespace) -> tuple[Table, Table, pd.DataFrame]:
    chance = np.random.default_rng(given.seed)
    per_family = PERSONS_PER_FAMILY if given.persons else 1
    people = people_for_linkage(
        chance, round(given.against / per_family), per_family=per_family, area=given.area
    )
    sent = hard_list(chance, people, rows=given.rows)
    if given.harsh:
        sent = _harsher(chance, sent)
    right = people.rename(columns={"person_id": "id"})[["id", *COLUMNS]]
    left = sent.rename(columns={"row_id": "id"})[["id", *COLUMNS]]
    return _taken(bench, right), _taken(bench, left), sent


def _harsher(chance: np.random.Generator, sent: pd.DataFrame) -> pd.DataFrame:
    """The list with 20 % of the names and 52 % of the dates right, 80 % without KK."""
    dates = sent["birth_date"].to_numpy().astype("datetime64[D]")
    # Shares of what is still right: names .575 of .465, dates .235 of .68, RT .167 of .75.
    wrong = mistaken_dates(chance, dates, missing=0.074, january=0.074, swapped=0.037,
                           year=0.028, day=0.022)  # fmt: skip
    return sent.assign(
        name=mistyped_names(chance, sent["name"], share=0.575),
        birth_date=wrong.astype("datetime64[s]"),
        family_card_number=missing(chance, sent["family_card_number"], share=0.5),
        rt=missing(chance, sent["rt"], share=0.167),
        neighborhood=missing(chance, sent["neighborhood"], share=0.214),
    )


def _taken(bench: Workbench, frame: pd.DataFrame) -> Table:
    taken = bench.take(frame)
    dated = bench.query("select * replace (birth_date::date as birth_date) from taken", taken=taken)
    bench.drop(taken)
    return dated


def _judged(sent: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """The rows of the list with whom they were joined to, if at all."""
    joined = settled[settled["state"] == "matched"].set_index("left_id")["right_id"]
    open_rows = set(settled.loc[settled["state"] == "doubtful", "left_id"])
    return sent.assign(
        joined=sent["row_id"].map(joined), is_open=sent["row_id"].isin(open_rows)
    ).assign(is_right=lambda rows: (rows["joined"] == rows["true_person_id"]).eq(other=True))


def _figures(judged: pd.DataFrame) -> str:
    auto = int(judged["joined"].notna().sum())
    right = int(judged["is_right"].sum())
    present = int(judged["true_person_id"].notna().sum())
    return (
        f"auto {auto / len(judged):.3f}  wrong {auto - right}  "
        f"precision {right / max(1, auto):.4f}  recall {right / max(1, present):.3f}  "
        f"review {judged['is_open'].mean():.3f}  "
        f"unmatched {(judged['joined'].isna() & ~judged['is_open']).mean():.3f}"
    )


def _report(sent: pd.DataFrame, settled: pd.DataFrame) -> None:
    judged = _judged(sent, settled)
    print(_figures(judged))
    many = judged["name"].str.strip().str.contains(" ")
    carried = pd.DataFrame({
        "words": many.map({True: "2+", False: "1"}),
        "date": judged["birth_date"].notna().map({True: "date", False: "-"}),
        "card": judged["family_card_number"].notna().map({True: "card", False: "-"}),
    })  # fmt: skip
    for kind, rows in judged.groupby([carried[c] for c in carried]):
        print(f"  {' '.join(map(str, kind)):<14}{len(rows):>7}  {_figures(rows)}")


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
