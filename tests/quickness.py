"""How long a call takes, without what earlier tests of the process have left behind."""

import gc
import time
from collections.abc import Callable


def fastest(call: Callable[[], object], *, times: int = 3) -> float:
    """CPU seconds of the fastest of some calls; other processes and the collector do not count."""
    taken = []
    gc.disable()
    try:
        for _ in range(times):
            begun = time.process_time()
            call()
            taken.append(time.process_time() - begun)
    finally:
        gc.enable()
    return min(taken)
