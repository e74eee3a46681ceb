"""The commands as a shell sees them: what they print, where, and what they end with."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import duckdb
import pytest
from click.testing import CliRunner, Result

from geo_target import __version__
from geo_target.balance_sheet import balance_sheet
from geo_target.cli import list_notices, main
from geo_target.publishing.archive import Archive
from tests.builders import kk, nik
from tests.publishing.test_archive import NOW, opened

HEAVY = ("geopandas", "pandas", "duckdb", "pyarrow", "shapely", "folium", "flask", "numpy")

CONFIG = """
[area]
code = "36.73.02"
[registry]
base = "families"
[[source]]
file = "families.csv"
profile = "families"
as_of = 2025-09-01
code_system = "kemendagri"
[[source]]
file = "recipients.csv"
profile = "enrollments"
as_of = 2025-10-01
[coverage]
programs = ["PKH", "SEMBAKO"]
on = 2025-10-01
"""

# Twelve families of two villages and one row to set aside: by KK four are covered (1 to 4),
# one of them twice; 12 has no usable key. 5 is paid in a program that is not defined, 6 no more.
FAMILIES = "\n".join(
    ["family_id;family_card_number;village_code;lon;lat;decile",
     *(f"K{i};{kk(i) if i < 12 else ''};36.73.02.{1001 if i < 9 else 1007};;;{i % 3}"
       for i in range(1, 13)),
     "", "JUMLAH;;;;;", "K13;x"]
)  # fmt: skip
RECIPIENTS = "\n".join(
    ["program;no kk;nik;status",
     *(f"PKH;{kk(i)};{nik(i)};aktif" for i in range(1, 5)), f"SEMBAKO;{kk(4)};;", f"PIP;{kk(5)};;",
     f"PKH;{kk(6)};;nonaktif", f"PKH;{kk(99)};;aktif", f"RASKIN;{kk(7)};;aktif"]
)  # fmt: skip


def world(folder: Path, *, config: str = CONFIG, families: str = FAMILIES) -> Path:
    (folder / "families.csv").write_text(families + "\n", encoding="utf-8")
    (folder / "recipients.csv").write_text(RECIPIENTS + "\n", encoding="utf-8")
    path = folder / "geo-target.toml"
    path.write_text(config, encoding="utf-8")
    return path


def geo_target(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def one_object(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("}\n")
    assert result.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# ------------------------------------------------------------------------------ start and help


@pytest.mark.parametrize(
    "words", [["--help"], ["demo", "--help"], ["run", "-h"], ["check", "-h"], ["serve", "-h"],
              ["boundaries", "check", "-h"], ["--version"], ["run"]]
)  # fmt: skip
def test_help_is_fast_and_loads_no_heavy_library(words: list[str]) -> None:
    code = (
        "import sys\nfrom geo_target.cli import main\n"
        f"try:\n    main({words!r})\nfinally:\n"
        f"    print('loaded', [m for m in {HEAVY!r} if m in sys.modules])\n"
        "    import time\n    print(time.process_time())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    *_, loaded, seconds = done.stdout.splitlines()
    assert loaded == "loaded []", done.stderr
    assert float(seconds) < 3  # of its own: others may use the machine; 0.2 s on a quiet one
    assert done.returncode == (2 if words == ["run"] else 0)


def test_version() -> None:
    assert geo_target("--version").output == f"geo-target, version {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [["fly"], ["run"], ["run", "a", "b"], ["check"], ["check", "a", "--as-of", "yesterday"],
     ["--lang", "fr", "run", "a"], ["demo", "a", "--located", "2"], ["serve", "--port", "0"],
     ["demo", "a", "--families", "0"], ["demo", "a", "--lists", "pdf"], ["run", "a", "--fast"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2(words: list[str]) -> None:
    result = geo_target(*words)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert result.stdout == ""


def test_every_command_has_a_help() -> None:
    def described(command: click.Command) -> None:
        assert command.help, command.name
        for child in getattr(command, "commands", {}).values():
            described(child)

    described(main)


# ------------------------------------------------------------------------------------- a run


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the first run of a world says."""
    return one_object(geo_target("run", world(tmp_path_factory.mktemp("world")), "--json"))


@pytest.fixture
def config(first: dict[str, Any], tmp_path: Path) -> Path:
    """The configuration of that world in a folder of its own, with its archive."""
    shutil.copytree(Path(first["snapshot"]).parents[1], tmp_path, dirs_exist_ok=True)
    return tmp_path / "geo-target.toml"


def test_run_prints_one_json_object(first: dict[str, Any], config: Path) -> None:
    found = first
    assert set(found) >= {
        "run_id", "as_of", "definition", "intake", "families", "villages", "clusters", "priority",
        "seconds", "snapshot",
    }  # fmt: skip
    assert re.fullmatch(r"000001-\d{8}T\d{6}Z", found["run_id"])
    assert found["as_of"] == "2025-10-01"
    assert found["definition"]["programs"] == ["PKH", "SEMBAKO"]
    assert found["families"] == found["families"] | {
        "total": 12, "located": 0, "unlocated": 12, "outside": 0, "in_villages": 12, "unplaced": 0,
        "extreme_poor": 12, "covered": 4, "uncovered": 7, "unmatched": 1,
        "unlinked_enrollments": 1,
    }  # fmt: skip
    assert found["villages"] == len(found["priority"]) == 10
    assert set(found["priority"]) >= {"36.73.02.1001", "36.73.02.1007"}
    assert {"points", "rw"} <= set(found["clusters"])
    assert all(seconds >= 0 for seconds in found["seconds"].values())
    assert Path(found["snapshot"]).is_absolute()
    assert opened(Archive(config.parent / "archive"))["run_id"] == found["run_id"]
    for entry in found["intake"]:
        assert entry["rows"] == sum(
            entry[key] for key in ("accepted", "quarantined", "duplicates", "blank")
        )
    families, recipients = found["intake"]
    assert (families["file"], families["profile"], families["rows"]) == (
        "families.csv", "families", 15)  # fmt: skip
    assert (families["quarantined"], families["blank"]) == (2, 1)
    assert families["set_aside"] == {"E-DECILE": 4}
    assert recipients["set_aside"] == {"E-PROGRAM": 1}


def test_the_same_files_give_the_same_run_again(first: dict[str, Any], config: Path) -> None:
    second = one_object(geo_target("run", config, "--json"))
    assert second["run_id"].startswith("000002-")
    # The first run has none before it to be compared with.
    varying = {"run_id", "seconds", "snapshot", "changes", "waterfall", "records"}
    assert first["changes"] is None
    assert {name: of["new"] for name, of in first["records"].items()} == {
        name: of["unchanged"] for name, of in second["records"].items()
    }
    assert second["changes"]["before"] == second["changes"]["after"] == 7
    assert {k: v for k, v in first.items() if k not in varying} == {
        k: v for k, v in second.items() if k not in varying
    }
    exact = [
        json.loads((Path(run["snapshot"]) / "manifest.json").read_text("utf-8"))["files"]
        for run in (first, second)
    ]
    assert exact[1].pop("exact/changes.parquet")["rows"] == 0
    exact[1].pop("exact/waterfall.parquet")
    for of_run in exact:
        of_run.pop("exact/family_keys.parquet")  # says which run saw a row last
    assert {n: e for n, e in exact[0].items() if n.startswith("exact/")} == {
        n: e for n, e in exact[1].items() if n.startswith("exact/")
    }


@pytest.mark.parametrize(
    ("language", "sums"),
    [
        ("id", [r"Keluarga: (\d+) = (\d+) bertitik \+ (\d+) tanpa titik \+ (\d+) di luar wilayah",
                r"^ +(\d+) = (\d+) di 10 kelurahan/desa \+ (\d+) belum bertempat",
                r"(\d+) = (\d+) tersentuh \+ (\d+) belum tersentuh \+ (\d+) belum padan"]),
        ("en", [r"Families: (\d+) = (\d+) with a point \+ (\d+) without \+ (\d+) outside",
                r"^ +(\d+) = (\d+) in 10 villages \+ (\d+) unplaced",
                r"(\d+) = (\d+) covered \+ (\d+) uncovered \+ (\d+) unmatched"]),
    ],
)  # fmt: skip
def test_the_balance_sheet_adds_up(tmp_path: Path, language: str, sums: list[str]) -> None:
    result = geo_target("--lang", language, "run", world(tmp_path))
    assert result.exit_code == 0, result.output
    lists = re.findall(
        r"^\S+\.csv +\S+ +(\d+) = (\d+) \+ (\d+) \+ (\d+) \+ (\d+);", result.stdout, re.M
    )
    assert len(lists) == 2
    for numbers in [*lists, *(re.findall(line, result.stdout, re.M)[0] for line in sums)]:
        whole, *parts = map(int, numbers)
        assert whole == sum(parts)
    assert "E-DECILE 4" in result.stdout
    assert str((tmp_path / "archive").resolve()) in result.stdout


def test_a_run_says_what_is_odd_about_each_list(tmp_path: Path) -> None:
    """Two lists: in the first rows without a village of the area, in the second none."""
    outside = FAMILIES.replace("36.73.02.1007", "36.04.05.2001")
    result = geo_target("run", world(tmp_path, families=outside))
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.stderr.splitlines() if "[W-OUTSIDE]" in line]
    assert line.startswith("families.csv: 4 baris di luar wilayah 36.73.02: Kabupaten Serang 4;")
    told = geo_target("run", tmp_path / "geo-target.toml", "--json")
    assert "[W-OUTSIDE]" not in told.stderr
    assert list_notices(one_object(told), "id") == [line]


@pytest.mark.parametrize(
    ("notices", "indonesian", "english"),
    [({"id": ["satu", "dua"], "en": ["one", "two"]}, ["satu", "dua"], ["one", "two"]),
     (["satu"], ["satu"], ["satu"]), ([], [], [])],
)  # fmt: skip
def test_remarks_on_lists_are_said_list_by_list(
    notices: Any, indonesian: list[str], english: list[str]
) -> None:
    report = {"intake": [{"notices": notices}, {"notices": []}]}
    assert list_notices(report, "id") == indonesian
    assert list_notices(report, "en") == english


REPORT: dict[str, Any] = {
    "intake": [{"file": "a.csv", "profile": "families", "rows": 1_234_567, "accepted": 1_234_567,
                "quarantined": 0, "duplicates": 0, "blank": 0, "set_aside": {"E-MONEY": 3}}],
    "families": {"total": 60_000, "located": 3_000, "unlocated": 57_000, "outside": 0,
                 "in_villages": 60_000, "unplaced": 0, "extreme_poor": 8_799, "covered": 5_015,
                 "uncovered": 3_784, "unmatched": 0, "unlinked_enrollments": 12_345,
                 "points_refused": 4_321, "twice_listed": 0, "nobodys_numbers": 3_210},
    "pairs": {"doubtful": 6_543},
    "villages": 1_552, "clusters": {"points": 1_000, "rw": 2_000},
    "boundaries": {"repaired": True, "changed_villages": 1_111, "largest_change_share": 0.01234},
    "snapshot": "/archive/000001-20251001T080000Z",
}  # fmt: skip


def test_numbers_are_written_as_the_language_writes_them() -> None:
    indonesian, english = balance_sheet(REPORT, "id"), balance_sheet(REPORT, "en")
    for number in ("1,234,567", "60,000", "1,552", "1,000", "2,000", "12,345", "4,321", "1,111",
                   "3,210", "6,543"):  # fmt: skip
        assert number in english
        assert number.replace(",", ".") in indonesian
        assert number not in indonesian
    assert "1.23 %" in english
    assert "1,23 %" in indonesian


# ------------------------------------------------------------------------------- refused data


@pytest.mark.parametrize(
    ("change", "code", "indonesian", "english"),
    [
        (('"families.csv"', '"none.csv"'), "E-FILE", "berkas tidak ditemukan", "is missing"),
        (('profile = "families"', 'profile = "keluarga"'), "E-PROFILE", "tidak ada", "no profile"),
        (('["PKH", "SEMBAKO"]', '["PHK"]'), "E-PROGRAM-UNKNOWN", "PKH", "perhaps you mean: PKH"),
        (('["PKH", "SEMBAKO"]', '["BST"]'), "E-PROGRAM-HISTORIC", "sudah berakhir", "has ended"),
        (('base = "families"', 'base = "dtsen"'), "E-BASE", "registry.base", "registry.base"),
        (('"36.73.02"', '"36.99"'), "E-AREA", "tidak dikenal", "is unknown"),
        (("[coverage]", '[welfare]\nrule = "income"\nthreshold = "SERANG_EXTREME"\n'
          'basis = "per-family"\n[coverage]'), "E-RULE-EMPTY", "listed", "possible rules: listed"),
    ],
)  # fmt: skip
def test_refused_data_ends_with_1_in_the_language_that_is_asked_for(
    tmp_path: Path, change: tuple[str, str], code: str, indonesian: str, english: str
) -> None:
    assert change[0] in CONFIG
    config = world(tmp_path, config=CONFIG.replace(*change))
    for options, words in (([], indonesian), (["--lang", "en"], english)):
        result = geo_target(*options, "run", config, "--json")
        assert result.exit_code == 1
        assert result.stdout == ""
        assert f"[{code}]" in result.stderr
        assert words in result.stderr
        assert "Traceback" not in result.stderr
    assert Archive(tmp_path / "archive").current() is None


def test_a_missing_configuration(tmp_path: Path) -> None:
    result = geo_target("run", tmp_path / "none.toml")
    assert result.exit_code == 1
    assert "none.toml" in result.stderr
    assert "[E-CONFIG-FILE]" in result.stderr


def test_a_refused_run_leaves_the_last_snapshot_in_use(
    first: dict[str, Any], config: Path, tmp_path: Path
) -> None:
    world(tmp_path, families="merah;kuning\n1;2")
    result = geo_target("run", config)
    assert result.exit_code == 1
    assert "families.csv" in result.stderr
    assert opened(Archive(tmp_path / "archive"))["run_id"] == first["run_id"]


def test_the_lock_is_held(tmp_path: Path) -> None:
    config = world(tmp_path)
    with Archive(tmp_path / "archive").open_run(NOW):
        result = geo_target("run", config, "--json")
    assert result.exit_code == 75
    assert "[E-BUSY]" in result.stderr
    assert result.stdout == ""
    one_object(geo_target("run", config, "--json"))


# ---------------------------------------------------------------------------------- full disk


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_spill(*_: object, **__: object) -> None:
    words = os.strerror(errno.ENOSPC)
    raise duckdb.IOException(f'IO Error: Could not write file "x.tmp": {words}')


@pytest.mark.parametrize(
    ("place", "failure"),
    [("geo_target.platform.sync_file", full), ("pyarrow.parquet.write_table", full),
     ("geopandas.GeoDataFrame.to_parquet", full),
     ("geo_target.pipeline.find_coverage", full_spill)],
)  # fmt: skip
def test_a_full_disk_is_said_so(
    first: dict[str, Any], config: Path, monkeypatch: pytest.MonkeyPatch, place: str,
    failure: Callable[..., None],
) -> None:  # fmt: skip
    monkeypatch.setattr(place, failure)
    result = geo_target("run", config)
    assert result.exit_code == 1
    assert "cakram penuh" in result.stderr
    assert "[E-DISK-FULL]" in result.stderr
    assert opened(Archive(config.parent / "archive"))["run_id"] == first["run_id"]
    assert not (config.parent / "archive" / ".work").exists()


LIMITED = """
import resource, sys
from geo_target.cli import list_notices, main
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
main(["--lang", "en", "run", sys.argv[1]])
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_a_disk_that_takes_no_more_in_a_real_process(first: dict[str, Any], config: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(config)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "[E-DISK-FULL]" in done.stderr
    assert "Traceback" not in done.stderr
    assert opened(Archive(config.parent / "archive"))["run_id"] == first["run_id"]


def test_another_fault_of_the_system_is_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("geo_target.platform.sync_file", broken)
    result = geo_target("run", world(tmp_path))
    assert isinstance(result.exception, OSError)
