"""The lists of a configuration: opened ahead of their turn, or as an earlier run has read them."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from geo_target.checksums import sha256
from geo_target.intake import containers
from geo_target.intake.databases import database_grid, read_url
from geo_target.intake.list_cache import KeptList, ListCache, Reading
from geo_target.intake.lists import AgencyList, read_list
from geo_target.intake.profiles import profile_named
from geo_target.intake.readers import Body, Grid, read_grid
from geo_target.settings import Database, Source
from geo_target.workbench import Workbench

#: Workbooks take longest to open, and wait for their turn in memory.
_OPENED_AHEAD = 5

Opened = TypeVar("Opened")


def size_of(source: Source) -> int:
    """Bytes of a list; of one in a database nobody knows them before."""
    return source.file.stat().st_size if source.file and source.file.is_file() else 1


def read_sources(
    bench: Workbench,
    sources: Sequence[Source],
    database: Database | None = None,
    *,
    placed: Callable[[Source, AgencyList], AgencyList],
    also: Sequence[str | None] = (),
    cache: ListCache | None = None,
    read: Callable[[float], None],
) -> Iterator[tuple[Source, AgencyList]]:
    """Each source with its list, in the order of `opened_ahead`.

    Parameters
    ----------
    placed
        Finds the places of a list that was read, by what `also` says.
    cache
        Lists that an earlier run has read, and where those of this one are kept.
    read
        Told of each part of a list that is read, in bytes; of a whole source its `size_of`.

    Raises
    ------
    DataRefusedError
        See `lists.read_list`.
    """
    opening = partial(_kept_or_opened, cache=cache, also=also)
    with ThreadPoolExecutor(max_workers=1) as ahead:
        for source, opened in _each_ahead(sources, ahead, database, opening):
            seen = _Seen(read, size_of(source))
            if isinstance(opened, KeptList):
                listed = opened.listed(bench)
            else:
                grid = replace(opened, pieces=partial(seen.pieces, opened))
                listed = placed(source, _read(bench, source, grid))
                if cache and source.file is not None:
                    cache.keep(_reading(source, source.file, listed.sha256, also), listed)
            yield source, listed
            seen.end()


def opened_ahead(
    sources: Sequence[Source], ahead: Executor, database: Database | None = None
) -> Iterator[tuple[Source, Grid]]:
    """Each source with its open list: queries, text, then the workbooks, opened meanwhile.

    Whoever has a database that is away hears of it before all the files are read.
    """
    return _each_ahead(sources, ahead, database, _opened)


def _each_ahead(
    sources: Sequence[Source],
    ahead: Executor,
    database: Database | None,
    open_list: Callable[[Source, str], Opened],
) -> Iterator[tuple[Source, Opened]]:
    order = sorted(sources, key=_place_in_order)
    url = read_url(database.url_file) if database and order[0].query else ""
    opening: deque[Future[Opened]] = deque()
    try:
        for number, source in enumerate(order):
            for following in order[number + len(opening) : number + _OPENED_AHEAD]:
                opening.append(ahead.submit(open_list, following, url))
            yield source, opening.popleft().result()
    finally:
        for unwanted in opening:  # a list was refused: nobody waits for the rest
            unwanted.cancel()


def _place_in_order(source: Source) -> int:
    if source.file is None:
        return 0
    return 2 if source.file.suffix.lower().startswith(".xls") else 1


def _opened(source: Source, url: str) -> Grid:
    if source.file is not None:
        return read_grid(source.file, sheet=source.sheet)
    return database_grid(source.query or "", url=url, name=source.called)


def _kept_or_opened(
    source: Source, url: str, *, cache: ListCache | None, also: Sequence[str | None]
) -> KeptList | Grid:
    """A list as an earlier run has read it, else open, with the sum of its bytes."""
    if source.file is None or not source.file.is_file():
        return _opened(source, url)
    before = containers.stamp(source.file)
    total = sha256(source.file)
    kept = cache.find(_reading(source, source.file, total, also)) if cache else None
    opened = kept or replace(_opened(source, url), sha256=total)
    if containers.stamp(source.file) != before:
        raise containers.changing(source.file)
    return opened


def _read(bench: Workbench, source: Source, grid: Grid) -> AgencyList:
    return read_list(
        bench,
        source.file or Path(source.called),
        profile=profile_named(source.profile),
        as_of=source.as_of,
        program=source.program,
        grid=grid,
    )


def _reading(source: Source, file: Path, total: str, also: Sequence[str | None]) -> Reading:
    return Reading(
        file.name, total, profile_named(source.profile), source.as_of, source.program,
        source.sheet, [source.code_system, *also],
    )  # fmt: skip


class _Seen:
    """How much of a list was read, told as it is read."""

    def __init__(self, tell: Callable[[float], None], size: int) -> None:
        self._tell, self._left = tell, size

    def pieces(self, grid: Grid, header: int, width: int) -> Iterator[Body]:
        """The pieces of the open list; one that is read again tells no more."""
        for body in grid.pieces(header, width):
            yield body
            self._part(body.size)

    def end(self) -> None:
        """The list is read."""
        self._part(self._left)

    def _part(self, size: int) -> None:
        part = min(size, self._left)
        self._left -= part
        self._tell(part)
