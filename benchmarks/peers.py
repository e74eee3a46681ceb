"""The environment of the engines that ours is measured against, and how one of them is run.

    python -m benchmarks.peers

makes `.venv-peers` from benchmarks/peers.txt, once. A peer is a small script in benchmarks/peers/
that reads Parquet files, writes its answers into one, and prints a line of JSON: `seconds`, `cpu`,
`peak_mb` and what else it has to say (benchmarks/measured.py).
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / ".venv-peers"
SCRIPTS = ROOT / "benchmarks" / "peers"
PINS = ROOT / "benchmarks" / "peers.txt"


def are_there() -> bool:
    """Whether the environment stands as it is pinned."""
    kept = ENVIRONMENT / PINS.name
    return kept.exists() and kept.read_bytes() == PINS.read_bytes()


def make() -> None:
    """Make the environment where it is missing or pinned otherwise.

    Raises
    ------
    SystemExit
        If packages cannot be fetched.
    """
    if are_there():
        return
    print(f"making {ENVIRONMENT.name}, once ...", file=sys.stderr)
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    if subprocess.run(
        [_python(), "-m", "pip", "install", "-q", "-r", PINS], check=False
    ).returncode:
        raise SystemExit(
            f"{ENVIRONMENT.name}: the packages of {PINS.relative_to(ROOT)} could not be installed; "
            "is this machine online? Ask again with: python -m benchmarks.peers"
        )
    (ENVIRONMENT / PINS.name).write_bytes(PINS.read_bytes())


def run(script: str, *arguments: object, ours: bool = False) -> dict[str, Any]:
    """Run benchmarks/peers/`script`.py and read what it says; `ours` in this environment.

    Raises
    ------
    SystemExit
        If it fails, with what it wrote.
    """
    if not ours:
        make()
    python = sys.executable if ours else _python()
    child = subprocess.run(
        [python, SCRIPTS / f"{script}.py", *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if child.returncode:
        raise SystemExit(f"{script} failed ({child.returncode}):\n{child.stderr[-3000:]}")
    said: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return said


def versions(*distributions: str) -> dict[str, str]:
    """Versions that are pinned, under the distributions' names."""
    lines = PINS.read_text("utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    return {name: pinned[name] for name in distributions}


def _python() -> Path:
    folder = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    return ENVIRONMENT / folder


if __name__ == "__main__":
    make()
