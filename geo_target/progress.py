"""What a person watches while a run works: a bar, or where no terminal is a line a stage."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from geo_target.errors import Language
from geo_target.stages import Progress, Told

_LABEL, _BAR = 24, 30


@contextmanager
def shown_progress(language: Language, out: TextIO) -> Iterator[Progress]:
    """Give what shows a run's progress on `out`; a bar that stops early keeps its line."""
    shown = ""

    def bar(told: Told) -> None:
        nonlocal shown
        filled = int(told.share * _BAR)
        line = f"{_label(told, language)} [{'#' * filled:-<{_BAR}}] {int(told.share * 100):3d}%"
        if line != shown:
            out.write(f"\r{line}")
            out.flush()
            shown = line

    def lines(told: Told) -> None:
        if told.seconds is not None:
            out.write(f"{_label(told, language)} {told.seconds:8.1f} s\n")
            out.flush()

    try:
        yield bar if out.isatty() else lines
    finally:
        if shown:
            out.write("\n")


def _label(told: Told, language: Language) -> str:
    return f"{told.id if language == 'id' else told.en:<{_LABEL}}"
