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


def district(**arguments: Any) -> Path:
    """The same of one district, which a run is done with in half the time: fewer small counts."""
    return small(area="36.73.02", **arguments)


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


def twins_apart(truth: pd.DataFrame, family_keys: pd.DataFrame) -> list[str]:
    """Twins that a run counts as families of their own; every other joined the right family.

    Parameters
    ----------
    truth
        Truth of a world, by family.
    family_keys
        What a run of it knows: ``register``, ``register_family_id``, ``family_id``.
    """
    twins = truth["twin_of"].dropna()
    dtsen = family_keys[family_keys["register"] == "dtsen"].set_index("register_family_id")
    found = dtsen["family_id"].loc[twins.index.str.removeprefix("dtsen:")].to_numpy()
    assert ((found == twins.index) | (found == twins.to_numpy())).all()
    return [str(family) for family in twins.index[found == twins.index]]


def truth_of(folder: Path) -> pd.DataFrame:
    """The truth of a world, by family."""
    return pd.read_parquet(folder / "truth" / "families.parquet").set_index("family_id")
