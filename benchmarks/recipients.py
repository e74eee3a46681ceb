"""Recipients without a usable number: found by name, found right, in doubt, strangers joined.

    python -m benchmarks.recipients [--area 36.73] [--families 60000] [--seed 1] [--share 0.05]

Spoils the numbers of some recipients of the demo's lists, and of as many strangers, whom no
register has: half of them are unreadable, others have a wrong digit or two swapped ones.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from geo_target import pipeline
from geo_target.demo.columns import Text, draw, either, text
from geo_target.demo.mistakes import one_wrong_digit
from geo_target.demo.world import write_demo
from geo_target.publishing.archive import read_key
from geo_target.registry.recipients import link_recipients
from geo_target.settings import read_settings
from geo_target.stages import Stages
from geo_target.workbench import Workbench, query

#: What has happened to a number, and how often: nothing is left of it in half of the rows.
KINDS = ("unreadable", "one digit", "swapped")
_SHARES = (0.5, 0.35, 0.15)


def main() -> None:
    """Make the world, spoil its numbers, link its recipients, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--area", default="36.73")
    parser.add_argument("--families", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.05, help="of the recipients")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_demo(
            Path(folder), area=given.area, families=given.families, seed=given.seed, lists="csv"
        )
        tried = trial(Path(folder) / "geo-target.toml", share=given.share, seed=given.seed)
    for kind in (*KINDS, "all"):
        print(f"{kind:<12}", figures(tried if kind == "all" else tried[tried["kind"] == kind]))


def trial(config: Path, *, share: float, seed: int) -> pd.DataFrame:
    """What becomes of each spoiled recipient.

    Returns
    -------
    DataFrame
        ``enrollment``, ``kind``, ``truth`` (family; null of a stranger), ``found`` (family, or
        null), ``is_open`` (in doubt).
    """
    settings, stages = read_settings(config), Stages(None)
    with Workbench() as bench:
        lists = pipeline.read_lists(bench, settings, stages)
        registry, _ = pipeline.link(lists, settings, read_key(config.parent), stages)
        whole = pipeline.match(registry, lists, settings, stages).rows
        truth = query(
            """select enrollment, min(keys.family_id) as truth from whole
                left join keys on keys.kind = 'nik' and keys.value = whole.national_id
                where way in ('nik', 'unlinked') and national_id is not null
                    and stated_village_code is not null
                group by 1 having count(distinct keys.family_id) <= 1 order by 1""",
            whole=whole, keys=registry.keys,
        ).frame()  # fmt: skip
        spoiled = spoil(np.random.default_rng(seed), truth, whole.frame(), share=share)
        changed = query(
            """select whole.* exclude (way) replace (
                    if(kind is null, whole.national_id, spoiled.national_id) as national_id,
                    if(kind is null, family_card_number, null) as family_card_number)
                from whole left join spoiled using (enrollment)""",
            whole=whole, spoiled=bench.take(spoiled),
        )  # fmt: skip
        begun = time.perf_counter()
        by_name = link_recipients(changed, registry).by_name.frame()
        print(f"{len(whole)} recipients, {len(spoiled)} spoiled: "
              f"{time.perf_counter() - begun:.1f} s")  # fmt: skip
    joined = by_name[~by_name["is_doubtful"]].set_index("enrollment")["family_id"]
    in_doubt = by_name["enrollment"][by_name["is_doubtful"]]
    return spoiled.assign(
        found=spoiled["enrollment"].map(joined), is_open=spoiled["enrollment"].isin(in_doubt)
    )


def spoil(
    rng: np.random.Generator, truth: pd.DataFrame, rows: pd.DataFrame, *, share: float
) -> pd.DataFrame:
    """``enrollment``, ``kind``, ``truth``, ``national_id`` of the spoiled rows."""
    known = rng.permutation(truth[truth["truth"].notna()].index)
    strangers = rng.permutation(truth[truth["truth"].isna()].index)
    count = round(share * len(truth))
    chosen = truth.loc[np.r_[known[:count], strangers[:count]]].reset_index(drop=True)
    numbers = rows.set_index("enrollment")["national_id"]
    right = chosen["enrollment"].map(numbers).astype("str")
    kind = draw(rng, len(KINDS), len(chosen), _SHARES)
    written = either(kind == 1, one_wrong_digit(rng, right, share=1), _swapped(rng, right))
    return chosen.assign(
        kind=np.array(KINDS)[kind], national_id=written.where(kind > 0).astype("str")
    )


def _swapped(rng: np.random.Generator, numbers: Text) -> Text:
    """Two neighbours that differ have changed places."""
    written = []
    for number in numbers:
        places = [i for i in range(6, 15) if number[i] != number[i + 1]]
        i = int(rng.choice(places))
        written.append(number[:i] + number[i + 1] + number[i] + number[i + 2 :])
    return text(np.array(written, dtype=object))


def figures(tried: pd.DataFrame) -> str:
    """Shares of the rows of families in a register; of strangers, how many are joined."""
    known, strangers = tried[tried["truth"].notna()], tried[tried["truth"].isna()]
    found = tried["found"].notna()
    right = (known["found"] == known["truth"]).sum()
    return (
        f"rows {len(known):>5}  found {known['found'].notna().mean():.3f}  "
        f"right {right / max(1, len(known)):.3f}  doubtful {known['is_open'].mean():.3f}  "
        f"strangers {len(strangers):>5}  joined {int(strangers['found'].notna().sum())}  "
        f"doubtful {int(strangers['is_open'].sum())}  precision {right / max(1, found.sum()):.4f}"
    )


if __name__ == "__main__":
    main()
