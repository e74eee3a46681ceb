"""Three months in a row: ids stay, a person's word is kept, and every change is explained."""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from geo_target.cli import main
from geo_target.publishing.archive import Archive
from geo_target.web.app import create_app
from tests.builders import kk, nik
from tests.web.test_pages import row_of

CONFIG = """
[area]
code = "36.73"
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2026-01-01
code_system = "kemendagri"
[[source]]
file = "dtsen.csv"
profile = "dtsen"
as_of = 2026-01-01
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2026-01-01
[coverage]
programs = ["PKH"]
on = 2026-01-15
"""
DECISIONS = """
[[source]]
file = "decisions.csv"
profile = "decisions"
as_of = 2026-02-01
"""
VILLAGE = "36.73.01.1002"

#: A month: families of the base (id, name, number of card and NIK), of DTSEN, and cards paid.
Month = tuple[Sequence[tuple[str, str, int]], Sequence[tuple[str, str, int]], Sequence[int]]
MONTHS: Mapping[str, Month] = {
    # D3 has P3's card and another name: are they one family?
    "january": (
        [("P1", "ANI", 1), ("P2", "BUDI", 2), ("P3", "CICI", 3), ("P4", "DEDI", 4)],
        [("D1", "ANI", 1), ("D3", "SITI", 3)], [1, 4],
    ),
    # It was settled. P2 is paid now, P1 no longer; P5 is new, P4 is not listed any more.
    "february": (
        [("P1", "ANI", 1), ("P2", "BUDI", 2), ("P3", "CICI", 3), ("P5", "EKA", 5)],
        [("D1", "ANI", 1), ("D3", "SITI", 3)], [2],
    ),
    # DTSEN calls the head of D3 otherwise. P5 is gone, P4 is there again, and unpaid.
    "march": (
        [("P1", "ANI", 1), ("P2", "BUDI", 2), ("P3", "CICI", 3), ("P4", "DEDI", 4)],
        [("D1", "ANI", 1), ("D3", "WATI", 3)], [2],
    ),
}  # fmt: skip


def write(folder: Path, month: str) -> Path:
    base, others, paid = MONTHS[month]
    head = "family_id;head_name;head_national_id;family_card_number;village_code"
    rows = [f"{i};{name};{nik(n)};{kk(n)};{VILLAGE}" for i, name, n in base]
    (folder / "families.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    head = "id_keluarga;nama_kepala_keluarga;nik;no_kk;kecamatan;kelurahan;desil_nasional"
    rows = [f"{i};{name};;{kk(n)};SERANG;CIPARE;1" for i, name, n in others]
    (folder / "dtsen.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")
    rows = [f"PKH;{kk(n)}" for n in paid]
    (folder / "recipients.csv").write_text("\n".join(["program;no kk", *rows]) + "\n", "utf-8")
    config = folder / "geo-target.toml"
    if not config.exists():
        config.write_text(CONFIG, "utf-8")
    return config


def run(config: Path) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["--lang", "en", "run", str(config), "--json"])
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


def exact(config: Path, name: str) -> pd.DataFrame:
    archive = Archive(config.parent / "archive")
    return pd.read_parquet(archive.folder / str(archive.current()) / "exact" / f"{name}.parquet")


def states(config: Path) -> dict[str, str]:
    return dict(exact(config, "families").set_index("family_id")["coverage_state"])


def decide(config: Path, verdict: str) -> None:
    """What `geo-target decisions export` writes of the only doubtful pair."""
    (pair,) = exact(config, "pairs").query("state == 'doubtful'").to_dict("records")
    columns = ("register", "register_family_id", "other_register", "other_register_family_id")
    line = ";".join([*(pair[c] for c in columns), verdict, pair["fingerprint"], "ani"])
    head = ";".join([*columns, "verdict", "fingerprint", "decided_by", "decided_on"])
    text = f"{head}\n{line};2026-02-01\n"
    (config.parent / "decisions.csv").write_text(text, "utf-8")
    config.write_text(CONFIG + DECISIONS, "utf-8")


def explained(report: Mapping[str, Any]) -> dict[str, int]:
    """Causes that say something, each with its sign; they sum to the headline."""
    changes = report["changes"]
    assert changes["after"] == report["families"]["uncovered"]
    assert changes["after"] - changes["before"] == (
        sum(changes["gains"].values()) - sum(changes["losses"].values())
    )
    return {f"+{cause}": n for cause, n in changes["gains"].items() if n} | {
        f"-{cause}": n for cause, n in changes["losses"].items() if n
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the run of January says."""
    return run(write(tmp_path_factory.mktemp("january"), "january"))


@pytest.fixture
def config(first: Mapping[str, Any], tmp_path: Path) -> Path:
    """A folder of its own in which January was run."""
    shutil.copytree(Path(first["snapshot"]).parents[1], tmp_path, dirs_exist_ok=True)
    return tmp_path / "geo-target.toml"


def test_three_months_in_a_row(first: Mapping[str, Any], config: Path, tmp_path: Path) -> None:
    assert states(config) == {
        "P1": "covered", "P2": "uncovered", "P3": "unmatched", "P4": "covered",
        "dtsen:D3": "unmatched",
    }  # fmt: skip
    assert first["pairs"]["doubtful"] == 1
    assert first["changes"] is None

    decide(config, "same")
    write(tmp_path, "february")
    second = run(config)
    # One family now, whose card was compared with the list.
    assert states(config) == {
        "P1": "uncovered", "P2": "covered", "P3": "uncovered", "P5": "uncovered",
    }  # fmt: skip
    assert {k: n for k, n in second["pairs"].items() if n} == {"settled_same": 1}
    assert explained(second) == {"+new": 1, "+lost": 1, "+re_matched": 1, "-covered": 1}
    assert second["records"]["families"] == {
        "new": 1, "changed": 0, "unchanged": 3, "reopened": 0, "closed": 1,
    }  # fmt: skip

    write(tmp_path, "march")
    third = run(config)
    # The same person's word, of a row that says something else: it is asked again.
    assert states(config) == {
        "P1": "uncovered", "P2": "covered", "P3": "unmatched", "P4": "uncovered",
        "dtsen:D3": "unmatched",
    }  # fmt: skip
    assert {k: n for k, n in third["pairs"].items() if n} == {"doubtful": 1, "reopened": 1}
    assert explained(third) == {"+new": 1, "-gone": 1, "-re_matched": 1}
    assert third["records"] == {
        "families": {"new": 0, "changed": 0, "unchanged": 3, "reopened": 1, "closed": 1},
        "dtsen": {"new": 0, "changed": 1, "unchanged": 1, "reopened": 0, "closed": 0},
    }

    seen = {
        row["register_family_id"]:
            (row["family_id"], row["is_listed"], row["first_seen"][:6] + row["last_seen"][:6])
        for row in exact(config, "family_keys").to_dict("records")
    }  # fmt: skip
    assert seen == {
        "P1": ("P1", True, "000001000003"), "P2": ("P2", True, "000001000003"),
        "P3": ("P3", True, "000001000003"), "P4": ("P4", True, "000001000003"),
        "P5": ("P5", False, "000002000002"), "D1": ("P1", True, "000001000003"),
        "D3": ("dtsen:D3", True, "000001000003"),
    }  # fmt: skip


def test_a_pair_that_is_parted_stays_parted(config: Path) -> None:
    decide(config, "different")
    report = run(config)
    # P3 is compared by its own card; D3 is a family of its own, and lists the same card.
    assert states(config)["P3"] == "uncovered"
    assert {k: n for k, n in report["pairs"].items() if n} == {"settled_different": 1}
    assert explained(report) == {"+re_matched": 1}


@pytest.mark.parametrize("spoiled", ["sama sekali", ""])
def test_a_verdict_that_nobody_understands_settles_nothing(config: Path, spoiled: str) -> None:
    decide(config, spoiled)
    report = run(config)
    assert report["pairs"]["doubtful"] == 1
    (entry,) = (e for e in report["intake"] if e["file"] == "decisions.csv")
    assert entry["accepted"] == 1
    assert entry["set_aside"] == ({"E-VERDICT": 1} if spoiled else {})


def test_a_month_in_which_nobody_decided_anything(config: Path) -> None:
    decide(config, "same")
    decisions = config.parent / "decisions.csv"
    decisions.write_text(decisions.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert run(config)["pairs"]["doubtful"] == 1


def test_a_verdict_on_other_data_is_asked_again_wherever_the_pair_is_now(config: Path) -> None:
    decide(config, "different")
    dtsen = config.parent / "dtsen.csv"
    # By its new name the row would join P3 by the card; by its lost card it would not be asked.
    for old, new in (("D3;SITI", "D3;CICI"), (kk(3), "")):
        dtsen.write_text(dtsen.read_text("utf-8").replace(old, new), "utf-8")
        report = run(config)
        assert {k: n for k, n in report["pairs"].items() if n} == {"doubtful": 1, "reopened": 1}
        assert states(config)["P3"] == "unmatched"


def test_two_real_months_stand_side_by_side(
    first: Mapping[str, Any], config: Path, tmp_path: Path
) -> None:
    """Of so few families nothing is told, and their differences are not either."""
    write(tmp_path, "february")
    run(config)
    client = create_app(tmp_path / "archive", doors=None).test_client()
    for view in ("dua", "selisih", "kecil"):
        reply = client.get(f"/banding?tampil={view}&bulan_kiri={first['run_id']}")
        assert reply.status_code == 200
        assert "hasil 000001" in reply.text
        assert "hasil 000002" in reply.text
        assert reply.text.count(f'data-code="{VILLAGE}"') == {"dua": 3, "selisih": 2}.get(view, 1)
        if view != "kecil":
            assert not re.search("naik|turun", row_of(reply.text, VILLAGE))
