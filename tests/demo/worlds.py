"""Worlds that the tests of the demo share: each is written once a session."""

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pandas as pd

from geo_target.demo.world import write_demo

#: Enough for every shape of row, few enough for a fraction of a second.
FEW = 600


_WORLDS = TemporaryDirectory(prefix="geo-target-demo-")
atexit.register(_WORLDS.cleanup)


@cache
def small(**arguments: Any) -> Path:
    """A world of 600 families as CSV, made of `arguments`."""
    folder = Path(mkdtemp(dir=_WORLDS.name))
    write_demo(folder, **{"families": FEW, "lists": "csv", **arguments})
    return folder


@cache
def city(seed: int) -> Path:
    """Kota Serang at its default size, as Parquet."""
    folder = Path(mkdtemp(dir=_WORLDS.name))
    write_demo(folder, seed=seed, lists="parquet")
    return folder


def rows_of(folder: Path, name: str) -> pd.DataFrame:
    """A list of a world, every cell as text, blank rows and total rows left out."""
    file = next((folder / "lists").glob(f"{name}.*"))
    if file.suffix == ".parquet":
        table = pd.read_parquet(file)
    else:
        separator = ";" if name.startswith("dtsen") else ","
        table = pd.read_csv(file, sep=separator, dtype=str, keep_default_na=False)
    return table[(table != "").sum(axis=1) > 1].reset_index(drop=True)


def truth_of(folder: Path) -> pd.DataFrame:
    """The truth of a world, by family."""
    return pd.read_parquet(folder / "truth" / "families.parquet").set_index("family_id")
