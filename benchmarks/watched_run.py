"""`geo-target run CONFIG --json` in a process of its own, watched: what each stage takes.

Peak memory of a stage is the kernel's: its high-water mark of resident memory is set back as the
stage begins (`clear_refs` of proc(5)), so a short peak is seen too; not a number but on Linux. What
runs before, between and after the stages is counted as `rest`.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measured import peak_mb

REST = "rest"
#: Writing 5 sets the high-water mark back.
_CLEAR = Path("/proc/self/clear_refs")
#: Seconds between two looks at the disk.
_LOOK = 0.5


@dataclass(frozen=True)
class Spent:
    """What a stage or a run takes: wall seconds, CPU seconds of all threads, peak megabytes."""

    seconds: float
    cpu: float
    peak_mb: float


@dataclass(frozen=True)
class WatchedRun:
    """A run that ended well: its report, its stages in order with `rest`, and the whole of it.

    `disk_mb` is the most that its folder held meanwhile, lists and all.
    """

    report: dict[str, Any]
    stages: dict[str, Spent]
    whole: Spent
    disk_mb: float


def watch(config: Path) -> WatchedRun:
    """Run a configuration and watch it.

    Raises
    ------
    SystemExit
        If the run fails, with what it said.
    """
    begun, disk = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", __name__, str(config)]
        child = subprocess.Popen(command, stdout=out, stderr=said)
        while child.poll() is None:
            disk = max(disk, folder_mb(config.parent))
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_LOOK)
        seconds = time.perf_counter() - begun
        said.seek(0)
        out.seek(0)
        if child.returncode:
            raise SystemExit(said.read().decode()[-4000:])
        found = json.load(out)
    stages = {name: Spent(**spent) for name, spent in found["stages"].items()}
    cpu = sum(spent.cpu for spent in stages.values())
    peak = max(spent.peak_mb for spent in stages.values())
    return WatchedRun(found["report"], stages, Spent(seconds, cpu, peak), disk)


def folder_mb(folder: Path) -> float:
    """What the files of a folder hold; a file or folder that goes away meanwhile holds nothing."""
    total = 0
    for path, _, names in os.walk(folder):  # which passes over folders that are gone
        for name in names:
            with contextlib.suppress(OSError):
                total += os.stat(os.path.join(path, name)).st_size
    return total / 1e6


@dataclass
class Watch:
    """Sums of wall time and CPU time, and the highest memory, by what is running."""

    sums: dict[str, dict[str, float]] = field(default_factory=dict)
    seconds: float = field(default_factory=time.perf_counter)
    cpu: float = 0.0

    def end(self, name: str) -> None:
        """Count all since the last end as `name`."""
        seconds, cpu = time.perf_counter(), time.process_time()
        sums = self.sums.setdefault(name, {"seconds": 0.0, "cpu": 0.0, "peak_mb": 0.0})
        sums["seconds"] += seconds - self.seconds
        sums["cpu"] += cpu - self.cpu
        sums["peak_mb"] = max(sums["peak_mb"], peak_mb())
        self.seconds, self.cpu = seconds, cpu
        if _CLEAR.exists():
            _CLEAR.write_text("5", "ascii")


def main() -> None:
    """Run what the first argument names; one JSON object on stdout."""
    watch = Watch()
    from geo_target import cli  # noqa: PLC0415 (its imports are a part of the run)
    from geo_target.stages import Stages  # noqa: PLC0415

    timed = Stages.stage

    @contextlib.contextmanager
    def stage(stages: Stages, key: str, *words: Any, **options: Any) -> Iterator[Any]:
        watch.end(REST)
        with timed(stages, key, *words, **options) as step:
            yield step
        watch.end(key)

    Stages.stage = stage  # type: ignore[method-assign]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = cli.main(["run", sys.argv[1], "--json"], standalone_mode=False)
    if code:
        raise SystemExit(code)
    watch.end(REST)
    print(json.dumps({"report": json.loads(printed.getvalue()), "stages": watch.sums}))


if __name__ == "__main__":
    main()
