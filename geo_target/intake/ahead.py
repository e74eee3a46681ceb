"""Doing the next thing while the present one is worked on."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(things: Iterator[T]) -> Generator[T, None, None]:
    """`things` in their order, each made in another thread while the one before is used.

    What making one raises is raised when it is asked for. Closed early, it waits for the thread.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        making = maker.submit(_next, things)
        while made := making.result():
            making = maker.submit(_next, things)
            yield made[0]


def _next(things: Iterator[T]) -> tuple[T] | None:
    for thing in things:
        return (thing,)
    return None
