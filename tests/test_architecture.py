"""Rules that no single test of a room can see."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "geo_target"


def own_files(*suffixes: str) -> list[Path]:
    """Files that are tracked or would be, so that nothing of a run is read."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split("\n")  # fmt: skip
    paths = [ROOT / name for name in listed if name]
    if not paths:
        pytest.skip("not a git checkout")
    return [p for p in paths if p.is_file() and (not suffixes or p.suffix in suffixes)]


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_only_the_settings_and_the_commands_read_the_environment() -> None:
    allowed = {PACKAGE / "settings.py", PACKAGE / "cli.py", PACKAGE / "__init__.py"}
    readers = [
        p for p in PACKAGE.rglob("*.py") if re.search(r"os\.(environ|getenv)", p.read_text())
    ]
    assert set(readers) <= allowed


def test_no_code_knows_banten() -> None:
    """A province's code, zone or place in the code would make it a tool for one province."""
    known = re.compile(r"""["']36\.|["']3[67]\d\d|327?48|\bBanten\b.*=|10[5-8]\.\d""")
    guilty = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if "demo" not in path.parts and path.name != "cli.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if known.search(line) and not line.lstrip().startswith(("#", "*"))
    ]
    assert guilty == []


def test_no_number_of_a_person_is_in_the_repository() -> None:
    """NIK and KK have 16 digits; synthetic ones are built from parts, and never written."""
    run = re.compile(rb"(?<![0-9.])[0-9]{16}(?![0-9])")
    text = [p for p in own_files() if p.suffix not in {".png", ".parquet", ".lock", ".ico"}]
    assert len(text) > 100
    assert [str(p.relative_to(ROOT)) for p in text if run.search(p.read_bytes())] == []


def test_pages_name_no_other_host() -> None:
    host = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org)")
    drawn = [
        p for p in own_files(".html", ".js", ".css")
        if p.is_relative_to(PACKAGE) or p.is_relative_to(ROOT / "templates")
    ]  # fmt: skip
    assert len(drawn) > 5
    assert [str(p) for p in drawn if host.search(p.read_text("utf-8"))] == []


def test_no_large_file_and_no_boundary_file_is_committed() -> None:
    large = [p for p in own_files() if p.stat().st_size > 1_500_000]
    layers = own_files(".gpkg", ".geojson", ".shp")
    assert large == []
    assert layers == []
