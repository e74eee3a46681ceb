"""The made-up province of benchmarks/disclosure.py: what it counts, and that a month of it runs."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.disclosure import measure
from benchmarks.disclosure_world import (
    AREA,
    Families,
    Shares,
    make_families,
    next_month,
    settings_of,
    village_table,
    write_tables,
)

VILLAGES = 6


@pytest.fixture(scope="module")
def families() -> Families:
    return make_families(Shares(poor=40, covered=0.5, compared=0.9), 1, villages=VILLAGES)


def test_every_table_counts_the_same_families(families: Families, tmp_path: Path) -> None:
    settings = settings_of()
    write_tables(families, tmp_path, settings)
    table = village_table(families, AREA, [*families.rows["village_code"].unique()])
    read = {name: pd.read_parquet(tmp_path / f"{name}_villages.parquet")
            for name in ("definition", "program", "convergence", "reason", "evidence")}  # fmt: skip
    many = len(families.rows)
    assert table["extreme_poor_families"].sum() == many
    for name, sort in (("definition", "definition"), ("program", "program")):
        assert (read[name].groupby(sort)["families"].sum() == many).all()
    assert read["convergence"]["families"].sum() == read["evidence"]["families"].sum() == many
    own = read["definition"].query(f"definition == '{settings.coverage.name}'")
    for state in ("covered", "uncovered", "unmatched"):
        assert own[f"{state}_families"].sum() == table[f"{state}_families"].sum() > 0
    assert read["reason"]["families"].sum() == table["uncovered_families"].sum()


def test_a_month_later_a_few_families_have_other_programs(families: Families) -> None:
    changed = (next_month(families, 1, share=1.0).has != families.has).any(axis=1).sum()
    assert VILLAGES <= changed <= 3 * VILLAGES


def test_two_months_are_measured() -> None:
    first, later = measure(Shares(poor=40), villages=VILLAGES)
    assert (first[0], later[0]) == ("first", "next")
    assert first[5] > 0
    assert 0 < first[-1] < 1
