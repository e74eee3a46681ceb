"""Published figures on the command line, with and without a run."""

import csv
import json
from pathlib import Path

import pytest

from tests.publishing.test_figure_ledger import ROW
from tests.test_cli import CONFIG, geo_target, one_object
from tests.web.sample import RUN_ID, write_snapshot

UNCOVERED = "kota-serang-belum-tersentuh-2023-12"
PEOPLE = "kota-serang-miskin-ekstrem-2024"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "geo-target.toml"
    file.write_text(CONFIG.replace('"36.73.02"', '"36.73"'), encoding="utf-8")
    return file


def test_against_the_current_snapshot(config: Path) -> None:
    folder = write_snapshot(config.parent / "archive")
    summary = json.loads((folder / "shown/meeting/summary.json").read_bytes())
    found = one_object(geo_target("figures", config, "--json"))
    assert (found["area"], found["run_id"], found["demo"]) == ("36.73", RUN_ID, True)
    figures = {each["id"]: each for each in found["figures"]}
    uncovered, people = figures[UNCOVERED], figures[PEOPLE]
    own = summary["totals"]["uncovered_families"]
    assert (uncovered["figure"], uncovered["unit"], uncovered["date"]) == (
        3784, "family", "2023-12-18",
    )  # fmt: skip
    assert (uncovered["own"], uncovered["own_unit"]) == (own, "family")
    assert uncovered["own_date"] == summary["as_of"]
    assert uncovered["difference"] == own - 3784
    assert (people["status"], people["difference"]) == ("other_unit", None)


def test_as_a_table(config: Path) -> None:
    write_snapshot(config.parent / "archive")
    done = geo_target("figures", config)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert f"Hitungan kami: {RUN_ID}, keadaan pada 2025-10-01; satuan KK" in lines[0]
    assert lines[1] == "Data contoh, bukan data sebenarnya"
    assert lines[3] == "Kota Serang (36.73): Angka dari daftar dan program"
    (people,) = [line.split("\t") for line in lines if line.startswith("11.549")]
    assert (people[0], people[1], people[4]) == ("11.549\u00a0jiwa", "2024", "beda satuan")
    survey = lines.index("Kota Serang (36.73): Angka BPS (survei)")
    assert {line.split("\t")[3] for line in lines[survey + 2 :] if "\t" in line} == {
        "-", "hitungan kami",
    }  # fmt: skip


def test_without_a_snapshot(config: Path) -> None:
    found = one_object(geo_target("figures", config, "--json"))
    assert found["run_id"] is None
    assert {each["status"] for each in found["figures"]} == {"no_own_count"}
    done = geo_target("--lang", "en", "figures", config)
    assert done.stdout.startswith("There is no run yet")
    assert "3,784\u00a0families" in done.stdout


def test_of_another_area(config: Path) -> None:
    found = one_object(geo_target("figures", config, "--json", "--area", "36.02"))
    assert {each["area"] for each in found["figures"]} == {"36.02", "36", "ID"}
    assert geo_target("figures", config, "--area", "3602").exit_code == 2


def test_figures_of_ones_own(config: Path) -> None:
    with (config.parent / "angka.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROW))
        writer.writeheader()
        writer.writerows([ROW, {**ROW, "id": "lain", "unit": "orang"}])
    config.write_text(config.read_text("utf-8") + '[figures]\nfile = "angka.csv"\n', "utf-8")
    done = geo_target("figures", config)
    assert done.exit_code == 1
    assert "angka.csv: baris 3: kolom unit: " in done.stderr
    assert "E-FIGURE-ROW" in done.stderr
    text = (config.parent / "angka.csv").read_text("utf-8").replace("orang", "house")
    (config.parent / "angka.csv").write_text(text, "utf-8")
    found = one_object(geo_target("figures", config, "--json"))
    assert {"camat-2025", "lain"} <= {each["id"] for each in found["figures"]}
