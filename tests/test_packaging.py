"""The wheel is the whole product: templates, rules, places, and the command."""

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(built)


def test_the_wheel_holds_templates_rules_places_and_pages(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    for folder in ("templates", "geodata"):
        files = [p for p in (ROOT / folder).rglob("*") if p.is_file()]
        assert files
        assert {f"geo_target/{p.relative_to(ROOT).as_posix()}" for p in files} <= held
    own = [p for p in (ROOT / "geo_target").rglob("*")
           if p.suffix in {".py", ".js", ".css", ".svg", ".po"}]  # fmt: skip
    assert {p.relative_to(ROOT).as_posix() for p in own} <= held
    assert not [name for name in held if name.startswith("tests/")]


def test_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Demo and run with nothing of the checkout on the path."""
    venv.create(tmp_path / "env", with_pip=False, system_site_packages=False)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    site = tmp_path / "site"
    ZipFile(wheel).extractall(site)
    # The libraries of this environment, but the package of the wheel: no download needed.
    libraries = [p for p in sys.path if p.endswith("site-packages")]
    work = tmp_path / "work"
    work.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(site), *libraries]),
    }

    def command(*arguments: str) -> str:
        call = [
            str(scripts / "python"),
            "-c",
            "from geo_target.cli import main; main()",
            *arguments,
        ]
        done = subprocess.run(
            call, cwd=work, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    command("demo", "dunia", "--families", "900", "--lists", "csv")
    out = command("run", "dunia/geo-target.toml")
    assert str(site) not in out
    assert "Miskin ekstrem" in out
    where = subprocess.run(
        [str(scripts / "python"), "-c", "import geo_target; print(geo_target.__file__)"],
        cwd=work, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert str(site) in where
