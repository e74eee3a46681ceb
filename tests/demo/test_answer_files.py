"""Answers of a whole plan as files, read back as what returns are."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from geo_target.cli import main
from geo_target.demo.month import read_findings
from geo_target.demo.world import write_demo
from geo_target.fieldwork.outcomes import Outcome
from geo_target.fieldwork.returns import read_returns

NOW = datetime(2023, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    """A demo whose plan goes to every family once, and what is true of each by code."""
    folder = tmp_path_factory.mktemp("demo") / "dunia"
    write_demo(folder, families=1_000, lists="csv", before_visits=True)
    families = read_findings(folder).families
    families.insert(0, "code", [f"V{number}" for number in range(len(families))])
    plan = folder.parent / "rencana.csv"
    with plan.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["visit_code", "family_id", "village_code"])
        writer.writerows(families[["code", "family_id", "village_code"]].to_numpy().tolist())
    done = CliRunner().invoke(main, ["demo", str(folder), "--answer-visits", str(plan)])
    assert done.exit_code == 0, done.output
    return folder, families.set_index("code")


def read(folder: Path) -> dict[str, list[Outcome]]:
    files = [
        file for file in sorted((folder / "returns").iterdir())
        if file.stem not in {"kunjungan", "usulan"}
    ]  # fmt: skip
    found = {}
    for file in files:
        returns = read_returns(file, name=file.name, received_at=NOW)
        assert not returns.faults, file.name
        found[file.name] = list(returns.outcomes)
    return found


def test_every_shape_is_there_and_is_read_back_as_it_was_meant(
    answered: tuple[Path, pd.DataFrame],
) -> None:
    folder, truth = answered

    found = read(folder)

    villages = truth.village_code.nunique()
    sheets = [name for name in found if name.startswith("lembar-")]
    assert {*found} == {"odk.csv", "kobo.csv", "kobo.json", *sheets}
    assert len(sheets) == villages // 4
    told = {
        one.visit_code: one
        for part in found.values()
        for one in part
        if one.visit_code in truth.index
    }
    assert {code: one.outcome for code, one in told.items()} == truth.first_outcome.to_dict()
    programs = {
        code: " ".join(one.programs) or "none"
        for code, one in told.items() if one.programs is not None
    }  # fmt: skip
    met = truth[truth.returned_on.isna() & truth.programs.notna()]
    assert programs == met.programs.to_dict()
    corrected = {c: one.corrected["rt"] for c, one in told.items() if "rt" in one.corrected}
    assert corrected == met.rt.dropna().to_dict()


def test_what_is_new_and_what_is_nobodys_is_in_the_files(
    answered: tuple[Path, pd.DataFrame],
) -> None:
    folder, truth = answered

    outcomes = [one for part in read(folder).values() for one in part]

    count = Counter(one.outcome for one in outcomes)
    assert count["new_family"] == len(read_findings(folder).proposals)
    strays = [one for one in outcomes if one.visit_code and one.visit_code not in truth.index]
    assert len(strays) == 2


def test_answering_another_plan_takes_the_files_of_the_last_one_away(
    answered: tuple[Path, pd.DataFrame], tmp_path: Path
) -> None:
    folder, truth = answered
    first = truth.iloc[0]
    plan = tmp_path / "rencana.csv"
    plan.write_text(
        f"visit_code,family_id,village_code\nV0,{first.family_id},{first.village_code}\n", "utf-8"
    )

    done = CliRunner().invoke(main, ["demo", str(folder), "--answer-visits", str(plan)])

    assert done.exit_code == 0
    kept = {file.name for file in (folder / "returns").iterdir()}
    assert kept == {"odk.csv", "kunjungan.csv", "usulan.csv"}


def test_a_folder_without_a_month_of_visits_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["demo", str(tmp_path), "--answer-visits", "rencana.csv"])

    assert done.exit_code == 1
    assert "E-DEMO-MONTH" in done.stderr
    assert not any(tmp_path.iterdir())
