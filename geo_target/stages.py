"""Stages of a run: how long each took, and the bar that a person watches."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter

#: Called with the Indonesian and English name of a stage and its number of steps; the
#: context gives what is called after each step.
Progress = Callable[[str, str, int], AbstractContextManager[Callable[[], None]]]


@dataclass
class Stages:
    """Seconds by stage, in order."""

    progress: Progress | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, key: str, id: str, en: str, steps: int = 1) -> Iterator[Callable[[], None]]:
        """Time a stage; gives what is called after each of its steps."""
        begun = perf_counter()
        if self.progress is None:
            yield lambda: None
        else:
            with self.progress(id, en, steps) as advance:
                yield advance
        self.seconds[key] = round(perf_counter() - begun, 3)
