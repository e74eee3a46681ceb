"""Stages of a run: how long each took, and how far the run is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from types import MappingProxyType
from typing import Final

#: What each stage takes of a whole run, in thousandths: measured on lists of 300,000 families.
SHARES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "intake": 170, "places": 15, "facilities": 5, "registry": 55, "location": 20,
        "matching": 60, "coverage": 30, "memory": 5, "welfare": 5, "assessment": 65,
        "access": 20, "targeting": 60, "publishing": 490,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What is told of a run: the names of its stage, and how much of the run is done.

    `seconds` are those of the stage once it has ended. `share` never falls, and is 1 only at
    the end of the last stage.
    """

    id: str
    en: str
    share: float
    seconds: float | None = None


Progress = Callable[[Told], None]


@dataclass
class Stages:
    """Seconds by stage, in order."""

    progress: Progress | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    running: tuple[str, str] = ("", "")
    """The stage that began last, in Indonesian and in English."""
    _share: float = 0.0

    @contextmanager
    def stage(
        self, key: str, id: str, en: str, work: float = 1
    ) -> Iterator[Callable[[float], None]]:
        """Time a stage; gives what is called with each part of its `work` that is done."""
        begun, done = perf_counter(), 0.0
        before = sum(list(SHARES.values())[: [*SHARES, key].index(key)])
        self.running = id, en
        self._tell(before)

        def advance(part: float) -> None:
            nonlocal done
            done = min(done + part, work)
            self._tell(before + SHARES.get(key, 0) * done / work)

        yield advance
        self.seconds[key] = round(perf_counter() - begun, 3)
        self._tell(before + SHARES.get(key, 0), self.seconds[key])

    def _tell(self, thousandths: float, seconds: float | None = None) -> None:
        self._share = max(self._share, thousandths / 1000)
        if self.progress is not None:
            self.progress(Told(*self.running, self._share, seconds))
