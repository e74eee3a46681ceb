"""Run after run of a small area: what the next one remembers, and what it says of it."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from geo_target.cli import main
from geo_target.publishing.archive import Archive, sha256
from tests.builders import kk, nik

CONFIG = """
[area]
code = "36.73"
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
code_system = "kemendagri"
[[source]]
file = "p3ke.csv"
profile = "p3ke-family"
as_of = 2025-09-01
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2025-09-01
[coverage]
programs = ["PKH"]
on = 2025-10-01
"""
VILLAGE = "36.73.01.1002"
#: A family: its id, the NIK of its head, its card. PKH is carried by NIK and by card.
Family = tuple[str, int, int]


def write(
    folder: Path,
    base: list[Family],
    others: list[tuple[str, int]],
    cards: list[int],
    ids: list[str],
) -> Path:
    """Lists of a month: families of two registers, and who is paid, by card or by the base's id."""
    head = "family_id;head_national_id;family_card_number;village_code"
    rows = [f"{i};{nik(n)};{kk(k)};{VILLAGE}" for i, n, k in base]
    (folder / "families.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    head = "id keluarga p3ke;nik kepala keluarga;kecamatan;desa/kelurahan"
    rows = [f"{i};{nik(n)};SERANG;CIPARE" for i, n in others]
    (folder / "p3ke.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    rows = [f"PKH;{kk(k)};" for k in cards] + [f"PKH;;{i}" for i in ids]
    text = "\n".join(["program;no kk;family_id", *rows]) + "\n"
    (folder / "recipients.csv").write_text(text, "utf-8")
    config = folder / "geo-target.toml"
    config.write_text(CONFIG, "utf-8")
    return config


def run(config: Path, *options: str) -> Result:
    result = CliRunner().invoke(main, ["--lang", "en", "run", str(config), *options])
    assert result.exit_code == 0, result.output
    return result


def manifest(config: Path) -> dict[str, Any]:
    archive = Archive(config.parent / "archive")
    found: dict[str, Any] = json.loads(
        (archive.folder / str(archive.current()) / "manifest.json").read_text("utf-8")
    )
    return found


def exact(config: Path, name: str) -> pd.DataFrame:
    archive = Archive(config.parent / "archive")
    return pd.read_parquet(archive.folder / str(archive.current()) / "exact" / f"{name}.parquet")


def states(config: Path) -> dict[str, str]:
    return dict(exact(config, "families").set_index("family_id")["coverage_state"])


MONTHS: Mapping[str, tuple[list[Family], list[tuple[str, int]], list[int], list[str]]] = {
    # P2 and P3 are paid; D9 is of the other register alone
    "september": ([("P1", 1, 1), ("P2", 2, 2), ("P3", 3, 3), ("P4", 4, 4)],
                  [("D1", 1), ("D9", 9)], [2, 3], []),
    # the base lists D9's family as P9; P1 is paid by its id, P2 no longer; P4 gone, P5 new
    "october": ([("P1", 1, 1), ("P2", 2, 2), ("P3", 3, 3), ("P9", 9, 9), ("P5", 5, 5)],
                [("D1", 1), ("D9", 9)], [3], ["P1", "P9"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def september(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a folder in which September was run. Copy it before it is changed."""
    config = write(tmp_path_factory.mktemp("september"), *MONTHS["september"])
    run(config)
    return config


@pytest.fixture(scope="module")
def october(september: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The same of the month after it, and what the run said."""
    config = copied(september, tmp_path_factory.mktemp("october"))
    return config, run(write(config.parent, *MONTHS["october"])).stdout


def copied(config: Path, folder: Path) -> Path:
    shutil.copytree(config.parent, folder, dirs_exist_ok=True)
    return folder / config.name


def test_ids_and_changes_from_month_to_month(september: Path, october: tuple[Path, str]) -> None:
    first = manifest(september)
    assert (first["memory"], first["changes"]) == (None, None)
    assert "exact/changes.parquet" not in first["files"]
    assert set(states(september)) == {"P1", "P2", "P3", "P4", "p3ke:D9"}

    config, said = october
    # P9 keeps the id that it had before the base knew it, and is paid under its own.
    assert states(config) == {
        "P1": "covered", "P2": "uncovered", "P3": "covered", "P5": "uncovered",
        "p3ke:D9": "covered",
    }  # fmt: skip
    named = exact(config, "family_keys").set_index("register_family_id")["family_id"]
    assert named["P9"] == named["D9"] == "p3ke:D9"
    assert set(exact(config, "coverage")["family_id"]) == {"P1", "P3", "p3ke:D9"}
    now = manifest(config)
    assert now["changes"] == {
        "previous": first["run_id"], "same_question": True, "before": 2, "after": 2,
        "gains": {"new": 1, "lost": 1, "re_matched": 0, "re_classified": 0, "re_placed": 0},
        "losses": {"gone": 1, "covered": 1, "re_matched": 0, "re_classified": 0, "re_placed": 0},
    }  # fmt: skip
    assert dict(exact(config, "changes").set_index("family_id")["cause"]) == {
        "P1": "covered", "P2": "lost", "P4": "gone", "P5": "new",
    }  # fmt: skip
    assert (
        f"Uncovered since run {first['run_id']}: 2 + 1 newly listed + 1 no longer covered "
        "- 1 no longer listed - 1 now covered = 2\n"
    ) in said
    read = {name: first["files"][name]["sha256"]
            for name in ("exact/families.parquet", "exact/family_keys.parquet")}  # fmt: skip
    assert now["memory"] == {"run_id": first["run_id"], "files": read}


def test_the_same_lists_twice_change_nothing(october: tuple[Path, str], tmp_path: Path) -> None:
    config = copied(october[0], tmp_path)
    before = exact(config, "family_keys"), states(config)
    assert "= 2\n" in run(config).stdout
    again = exact(config, "family_keys")
    seen = before[0]["last_seen"].where(~again["is_listed"], str(manifest(config)["run_id"]))
    pd.testing.assert_frame_equal(again, before[0].assign(last_seen=seen))
    assert states(config) == before[1]
    changes = manifest(config)["changes"]
    assert sum([*changes["gains"].values(), *changes["losses"].values()]) == 0
    assert changes["before"] == changes["after"] == 2


def test_another_definition_is_said_with_the_changes(september: Path, tmp_path: Path) -> None:
    config = copied(september, tmp_path)
    config.write_text(CONFIG + "member_counts_for_family = false\n", "utf-8")
    assert "(definition, rule or area differ)\n" in run(config).stdout
    assert manifest(config)["changes"]["same_question"] is False


@pytest.mark.parametrize("broken", ["deleted", "changed", "unnamed"])
def test_what_is_deleted_or_changed_is_not_remembered(
    september: Path, tmp_path: Path, broken: str
) -> None:
    config = copied(september, tmp_path)
    archive = Archive(tmp_path / "archive")
    snapshot = archive.folder / str(archive.current())
    keys = snapshot / "exact" / "family_keys.parquet"
    if broken == "deleted":
        keys.unlink()
    elif broken == "changed":
        frame = pd.read_parquet(keys)
        frame.assign(family_id=frame["family_id"].iloc[::-1].to_numpy()).to_parquet(keys)
        known = json.loads((snapshot / "manifest.json").read_text("utf-8"))
        assert known["files"]["exact/family_keys.parquet"]["sha256"] != sha256(keys)
    else:
        known = json.loads((snapshot / "manifest.json").read_text("utf-8"))
        del known["files"]["exact/families.parquet"]
        (snapshot / "manifest.json").write_text(json.dumps(known), "utf-8")
    write(tmp_path, *MONTHS["october"])
    result = run(config)
    assert "[W-MEMORY]" in result.stderr
    assert "Uncovered since" not in result.stdout
    assert "P9" in states(config)  # ids as in a first run
    assert manifest(config)["memory"] is None


def test_overlaps_and_match_rates_of_a_run(tmp_path: Path) -> None:
    config = write(tmp_path, *MONTHS["october"])
    report = json.loads(run(config, "--json").stdout)
    counted = {"enrollments": 3, "nik_enrollments": 0, "kk_enrollments": 1,
               "family_id_enrollments": 2, "name_enrollments": 0,
               "unlinked_enrollments": 0}  # fmt: skip
    assert report["match_rates"] == [
        {"file": "recipients.csv", "profile": "enrollments", "agency": None, **counted}
    ]
    (rates,) = exact(config, "match_rates").to_dict("records")
    assert {name: rates[name] for name in counted} == counted
    assert (rates["list"], rates["file"]) == (3, "recipients.csv")
    assert pd.isna(rates["village_code"])  # the list says no place
    overlaps = exact(config, "overlaps")
    whole = overlaps[overlaps["village_code"].isna()].set_index("registers")["families"]
    assert dict(whole) == {"families": 3, "families+p3ke": 2}
    of_village = overlaps[overlaps["village_code"] == VILLAGE].set_index("registers")["families"]
    assert dict(of_village) == dict(whole)
