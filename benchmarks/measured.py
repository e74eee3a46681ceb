"""Seconds and memory of this process; with nothing but the standard library, for peers too."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Gives a dictionary that is filled at the end: `seconds`, `cpu` (of all threads), `peak_mb`.

    The peak is of the whole process, with what it imported.
    """
    found: dict[str, float] = {}
    begun, worked = time.perf_counter(), time.process_time()
    yield found
    found["seconds"] = time.perf_counter() - begun
    found["cpu"] = time.process_time() - worked
    found["peak_mb"] = peak_mb()


def peak_mb() -> float:
    """Most memory of this process since it began; what its parent held does not count."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
