"""Without a valid paper for each list with persons, nobody is named anywhere."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from gzip import decompress
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from geo_target import pipeline
from geo_target.cli import main
from geo_target.intake.profiles import profiles
from geo_target.papers import (
    State,
    manifest_entries,
    names_refusal,
    needs_paper,
    papers_of,
    state_of,
    states,
    warnings,
)
from geo_target.settings import Basis, Source
from tests.demo.worlds import district, rows_of

TODAY = date(2026, 3, 1)


def basis(until: date = date(2026, 12, 31), agency: str = "Dinsos") -> Basis:
    return Basis(number="1/2025", agency=agency, kind="PKS", purpose="uji", valid_until=until)


def source(profile: str, paper: Basis | None = None) -> Source:
    return Source(file=Path("x.csv"), profile=profile, as_of=date(2025, 9, 1), basis=paper)


def manifest(*lists: tuple[str, Source], day: date = TODAY) -> dict[str, Any]:
    written = json.dumps(manifest_entries(papers_of(lists, day)))
    return dict(json.loads(written))


def code(found: dict[str, Any], day: date = TODAY) -> str | None:
    fault = names_refusal(found, day)
    return fault.code if fault else None


# ------------------------------------------------------------------------- a list and its paper


@pytest.mark.parametrize(
    ("until", "state"),
    [(date(2026, 2, 28), "expired"), (TODAY, "valid"), (date(2026, 3, 2), "valid")],
)
def test_a_paper_is_valid_on_its_last_day(until: date, state: str) -> None:
    assert state_of(basis(until), TODAY) == state


def test_only_lists_of_places_and_our_own_word_need_no_paper() -> None:
    free = {name for name in profiles() if not needs_paper(source(name))}
    assert free == {"decisions", "facilities", "population"}


def test_the_worse_sheet_of_a_file_counts() -> None:
    old, new = source("dtsen", basis(date(2026, 1, 1))), source("dtsen-person", basis())
    for order in ([old, new], [new, old]):
        assert states(papers_of([("a.xlsx", one) for one in order], TODAY)) == {"a.xlsx": "expired"}
    assert states(papers_of([("a.xlsx", old), ("a.xlsx", source("dtsen"))], TODAY)) == {
        "a.xlsx": "missing"
    }


def test_each_list_without_a_valid_paper_is_named() -> None:
    said = warnings({"a": "valid", "b": "missing", "c": "expired"})
    assert [(f.file, f.code) for f in said] == [("b", "W-PAPER-MISSING"), ("c", "W-PAPER-EXPIRED")]
    assert {state.value for state in State} == {"valid", "expired", "missing"}
    for fault in said:
        assert "[source.basis]" in fault.id
        assert "[source.basis]" in fault.en


# --------------------------------------------------------------------- may names be shown today?

LISTS = [
    ("p3ke.csv", source("p3ke-family", basis(date(2027, 1, 31), "Kemenko PMK"))),
    ("pkh.csv", source("siks-recipients", basis(date(2026, 6, 30), "Kemensos"))),
    ("penduduk.csv", source("population")),
]


def test_names_until_the_first_paper_runs_out() -> None:
    found = manifest(*LISTS)
    assert found["names"] == {"allowed": True, "until": "2026-06-30"}
    assert [paper["file"] for paper in found["papers"]] == ["p3ke.csv", "pkh.csv"]
    assert names_refusal(found, date(2026, 6, 30)) is None
    refusal = names_refusal(found, date(2026, 7, 1))
    assert refusal is not None
    assert refusal.code == "E-PAPER-EXPIRED"
    for language in ("id", "en"):
        text = refusal.text(language)
        assert "pkh.csv (Kemensos, 1/2025)" in text
        assert "p3ke.csv" not in text
        assert "geo-target run" in text


def test_a_missing_paper_refuses_every_day() -> None:
    found = manifest(*LISTS, ("bpu.csv", source("bpjs-bpu")))
    assert found["names"] == {"allowed": False, "missing": ["bpu.csv"]}
    refusal = names_refusal(found, TODAY)
    assert refusal is not None
    assert (refusal.code, refusal.file) == ("E-PAPER-MISSING", "bpu.csv")


def test_a_paper_that_had_run_out_on_the_day_of_the_run() -> None:
    found = manifest(*LISTS, day=date(2026, 7, 1))
    assert found["names"] == {"allowed": False, "missing": ["pkh.csv"]}
    assert code(found, date(2026, 7, 1)) == "E-PAPER-EXPIRED"
    # No name was written: a clock that goes back brings none.
    assert code(found, date(2026, 6, 1)) == "E-PAPER-UNKNOWN"


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"names": {"allowed": True}, "papers": []},
        {"names": {"allowed": True, "until": "2026-13-01"}, "papers": []},
        {"names": {"allowed": "yes", "until": "2027-01-01"}, "papers": []},
        {"names": {"allowed": True, "until": "2027-01-01"}},
        {"names": {"allowed": True, "until": "2026-01-01"}, "papers": []},
        {"names": {"allowed": True, "until": "2027-01-01"}, "papers": [7]},
        manifest(LISTS[2]),
    ],
)
def test_what_a_manifest_does_not_say_is_refused(found: dict[str, Any]) -> None:
    assert code(found) == "E-PAPER-UNKNOWN"


def test_asking_loads_no_heavy_library() -> None:
    words = (
        "import sys, geo_target.papers\n" + "print([m for m in sys.argv[1:] if m in sys.modules])"
    )
    heavy = ("pandas", "geopandas", "duckdb", "pyarrow", "shapely", "numpy", "flask", "sqlalchemy")
    done = subprocess.run(
        [sys.executable, "-c", words, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


# ------------------------------------------------------------------------------------- a run

PKH = "lists/siks_pkh.csv"
NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)


def changed(folder: Path, *, until: str = "2045-12-31") -> Path:
    """A demo whose PKH list has another last day of its paper, or no paper."""
    for part in (district() / "lists").iterdir():
        (folder / "lists").mkdir(exist_ok=True)
        (folder / "lists" / part.name).hardlink_to(part)
    for decided in district().glob("*.csv"):  # the decree and the decisions
        (folder / decided.name).hardlink_to(decided)
    before, after = (district() / "geo-target.toml").read_text("utf-8").split(f'"{PKH}"')
    own, mark, rest = after.partition("[source.basis]")
    paper, others = rest.split("[[source]]", 1)
    paper = mark + paper.replace("2045-12-31", until) if until else ""
    config = folder / "geo-target.toml"
    text = f'{before}"{PKH}"{own}{paper}\n[[source]]{others}'
    config.write_text(text, encoding="utf-8")
    return config


def ran(config: Path) -> tuple[dict[str, Any], Path]:
    report = pipeline.run(config, now=lambda: NOW).report
    return report, Path(report["snapshot"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    return ran(changed(tmp_path_factory.mktemp("whole")))


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {key: report[key] for key in ("families", "villages", "clusters", "priority", "intake")}


def shown(snapshot: Path) -> dict[str, bytes]:
    """What the meeting gets, but for the time of the run and the sums of the configuration."""
    files = sorted((snapshot / "shown").rglob("*"))
    return {
        file.relative_to(snapshot).as_posix(): file.read_bytes()
        for file in files
        if file.is_file() and file.name != "summary.json"
    }


def all_text(snapshot: Path) -> str:
    """Every byte of a snapshot as text, tables and layers unpacked."""
    texts = []
    for file in sorted(snapshot.rglob("*")):
        if file.suffix == ".parquet":
            table = pd.read_parquet(file)
            if "geometry" in table:
                table = table.drop(columns="geometry")
            texts.append(table.to_csv())
        if file.is_file():
            raw = file.read_bytes()
            texts.append(
                (decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8", "replace")
            )
    return "\n".join(texts).upper()


def test_with_all_papers_families_are_named(whole: tuple[dict[str, Any], Path]) -> None:
    report, snapshot = whole
    assert set(report["papers"].values()) == {"valid"}
    assert len(report["papers"]) == 10
    identities = pd.read_parquet(snapshot / "exact" / "identities.parquet")
    poor = pd.read_parquet(snapshot / "exact" / "families.parquet").query(
        "welfare_class == 'extreme_poor'"
    )
    assert set(identities["family_id"]) == set(poor["family_id"])
    found = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    assert found["names"] == {"allowed": True, "until": "2045-12-31"}
    assert names_refusal(found, NOW.date()) is None


@pytest.mark.parametrize(
    ("until", "state", "refusal"),
    [("", "missing", "E-PAPER-MISSING"), ("2026-02-27", "expired", "E-PAPER-EXPIRED")],
)
def test_without_one_paper_nobody_is_named(
    tmp_path: Path, whole: tuple[dict[str, Any], Path], until: str, state: str, refusal: str
) -> None:
    report, snapshot = ran(changed(tmp_path, until=until))
    assert {f for f, s in report["papers"].items() if s != "valid"} == {PKH}
    assert report["papers"][PKH] == state
    assert figures(report) == figures(whole[0])
    # Who gave the list is known from its paper alone.
    before = {k: v for k, v in shown(whole[1]).items() if not k.endswith("registers.json")}
    assert {k: v for k, v in shown(snapshot).items() if k in before} == before

    found = json.loads((snapshot / "manifest.json").read_text("utf-8"))
    assert found["names"] == {"allowed": False, "missing": [PKH]}
    assert found["files"]["exact/identities.parquet"]["rows"] == 0
    assert code(found, NOW.date()) == refusal

    named = pd.read_parquet(whole[1] / "exact" / "identities.parquet")
    told = pd.concat([named[c] for c in ("name", "address", "national_id_key")]).dropna()
    long = told[told.str.len() > 8].str.upper().unique()
    assert len(long) > 500
    without, with_names = all_text(snapshot), all_text(whole[1])
    assert [words for words in long if words in without] == []
    assert [words for words in long if words not in with_names] == []
    people = rows_of(district(), "dtsen_anggota").iloc[::20]
    several = pd.concat([people["nama"], people["nik"], people["no_kk"]]).str.upper()
    assert [words for words in several if len(words) > 8 and words in without] == []


def test_a_run_says_it(tmp_path: Path) -> None:
    config = changed(tmp_path, until="2026-02-27")
    result = CliRunner().invoke(main, ["run", str(config), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["papers"][PKH] == "expired"
    assert f"{PKH}: masa berlaku" in result.stderr
    assert result.stderr.count("[W-PAPER-") == 1


def test_the_papers_of_a_demo_outlast_it() -> None:
    """A demo that is made today is still run, with names, in ten years."""
    config = (district() / "geo-target.toml").read_text("utf-8")
    days = {date.fromisoformat(part[:10]) for part in config.split("valid_until = ")[1:]}
    assert min(days) > date.today() + timedelta(days=3650)
    assert config.count('number = "DEMO/') == len(config.split("[source.basis]  ")) - 1 == 10
